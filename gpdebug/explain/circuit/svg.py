"""A circuit as a picture: SVG, at the places of its layout, with what each node and edge is in its title."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from gpdebug.explain.circuit.layout import EdgeLabel, Layout, NodeBox, Strand
from gpdebug.explain.circuit.parts import Circuit, CircuitEdge, EdgeKind
from gpdebug.wording import signed, signed_byte

COLUMN, ROW = 8, 20
"""Units of a column and of a row."""
_MARGIN = 12
_STYLE = """
.circuit { font: 13px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; background: #fff; }
.circuit text { fill: #1b1f24; white-space: pre; }
.circuit .mark { font-weight: bold; } .circuit .steps, .circuit .hidden { fill: #667080; }
.circuit .added, .circuit .weight { fill: #8a4b00; } .circuit .node rect { fill: #f1f3f6; }
.circuit .criterion rect { fill: #fde9c8; } .circuit .leaf rect { fill: #e2f0e4; } .circuit .cut rect { fill: #f9dfe0; }
.circuit path { fill: none; stroke: #3f6fb5; stroke-width: 1.6; stroke-linejoin: round; }
.circuit path.control { stroke: #a05a00; stroke-dasharray: 1.6 3.2; }
.circuit path.address { stroke: #6a7483; stroke-dasharray: 6 4; }
.circuit path.code { stroke: #1b1f24; stroke-width: 3; }
.circuit path.skip { stroke: #b02a37; stroke-width: 4.5; } .circuit path.between { stroke: #fff; stroke-width: 1.8; }
.circuit path.arrow { fill: #3f6fb5; stroke: none; }
"""


def to_svg(layout: Layout) -> str:
    """The picture as one file that needs nothing else."""
    width, height = layout.width * COLUMN + 2 * _MARGIN, layout.height * ROW + 2 * _MARGIN
    title = layout.circuit.explanation.title
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="circuit" role="img" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">',
        f"<title>{_text(title)}</title>",
        f"<style>{_STYLE}</style>",
        f'<g transform="translate({_MARGIN} {_MARGIN})">',
        *(line for strand in layout.strands for line in _strand(layout.circuit, strand)),
        *(_label(label) for label in layout.labels),
        *(_node(layout.circuit, box) for box in layout.boxes),
        "</g>",
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def edge_words(circuit: Circuit, edge: CircuitEdge) -> str:
    """What an edge is, in words."""
    source, target = circuit.nodes[edge.source], circuit.nodes[edge.target]
    told = [f"{edge.kind}: {source.short} to {target.short}"]
    if edge.weight is not None:
        told.append(f"one more there adds {signed(edge.weight)}")
    if edge.effect is not None:
        told.append(f"{signed(signed_byte(edge.effect))} to the criterion")
    if edge.count > 1:
        told.append(f"{edge.count:,} dependences")
    return ", ".join(told)


def _strand(circuit: Circuit, strand: Strand) -> Iterator[str]:
    kind = strand.net.kind
    path = " ".join(f"M{_across(a)} {_down(b)}L{_across(c)} {_down(d)}" for a, b, c, d in strand.parts)
    title = "\n".join(edge_words(circuit, circuit.edges[edge]) for edge in strand.net.edges)
    yield f'<path class="edge {kind}" d="{path}"><title>{_text(title)}</title></path>'
    if kind is EdgeKind.SKIP:
        yield f'<path class="between" d="{path}"/>'
    if strand.net.turned:
        x, y = _across(strand.parts[0][0]), _down(strand.parts[0][1]) + ROW / 2
        yield f'<path class="arrow" d="M{x} {y}l-4 8h8z"/>'


def _label(label: EdgeLabel) -> str:
    return f'<text class="weight" x="{label.x * COLUMN}" y="{_down(label.y) + 4.5}">{_text(label.text)}</text>'


def _node(circuit: Circuit, box: NodeBox) -> str:
    node = circuit.nodes[box.node]
    length = sum(len(piece.text) for piece in box.pieces) * COLUMN
    pieces = "".join(f'<tspan class="{piece.role}">{_text(piece.text)}</tspan>' for piece in box.pieces)
    x, y = box.x * COLUMN, _down(box.y)
    kind, size = node.kind.name.lower(), f'textLength="{length}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<g class="node {kind}" data-name={quoteattr(node.name)}><title>{_text(node.does)}</title>'
        f'<rect x="{x - 3}" y="{y - ROW / 2 + 1}" width="{box.width * COLUMN + 6}" height="{ROW - 2}" rx="3"/>'
        f'<text xml:space="preserve" x="{x}" y="{y + 4.5}" {size}>{pieces}</text></g>'
    )


def _text(text: str) -> str:
    return escape(text)


def _across(x: int) -> float:
    return x * COLUMN + COLUMN / 2


def _down(y: int) -> float:
    return y * ROW + ROW / 2
