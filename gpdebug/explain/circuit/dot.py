"""A circuit in the language of Graphviz, for programs that lay graphs out themselves."""

from __future__ import annotations

from gpdebug.explain.circuit.labels import Detail, edge_label, node_pieces
from gpdebug.explain.circuit.parts import Circuit, EdgeKind, NodeKind
from gpdebug.explain.circuit.svg import edge_words

_SHAPES = {NodeKind.CRITERION: "doubleoctagon", NodeKind.LEAF: "ellipse", NodeKind.CUT: "octagon"}
_STYLES = {
    EdgeKind.VALUE: "style=solid",
    EdgeKind.CONTROL: "style=dotted",
    EdgeKind.ADDRESS: "style=dashed",
    EdgeKind.CODE: "style=bold",
    EdgeKind.SKIP: 'color="black:invis:black"',
}


def to_dot(circuit: Circuit) -> str:
    """The nodes and edges of a circuit, drawn from top to bottom."""
    lines = ["digraph circuit {", f"  label={_quoted(circuit.explanation.title)}; labelloc=t; rankdir=TB;"]
    lines.append('  node [fontname="monospace", shape=box]; edge [fontname="monospace"];')
    for number, node in enumerate(circuit.nodes):
        label = "".join(piece.text for piece in node_pieces(node, Detail.FULL))
        shape = _SHAPES.get(node.kind)
        extra = f", shape={shape}" if shape else ""
        lines.append(f"  n{number} [label={_quoted(label)}, tooltip={_quoted(node.does)}{extra}];")
    for edge in circuit.edges:
        told = f"{_STYLES[edge.kind]}, tooltip={_quoted(edge_words(circuit, edge))}"
        label = edge_label(edge)
        written = f", label={_quoted(label)}" if label else ""
        lines.append(f"  n{edge.source} -> n{edge.target} [{told}{written}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
