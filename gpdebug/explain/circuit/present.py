"""A circuit as lines of text, and as plain data for JSON."""

from __future__ import annotations

from typing import Any

from gpdebug.explain.circuit.drawing import STROKES, to_text
from gpdebug.explain.circuit.labels import MARKS
from gpdebug.explain.circuit.layout import Layout
from gpdebug.explain.circuit.parts import Circuit, CircuitEdge, CircuitNode, EdgeKind, NodeKind
from gpdebug.explain.circuit.view import Place, View
from gpdebug.wording import counted

_MEANINGS = {
    NodeKind.CRITERION: "what is explained",
    NodeKind.LEAF: "was there at the start",
    NodeKind.CUT: "not followed further",
    NodeKind.STEP: "step, or equal steps",
    NodeKind.LOOP: "loop that is a map",
    NodeKind.ACTIVATION: "folded loop",
    NodeKind.SITE: "all instances of an instruction",
}
_UPRIGHT = 5


def to_lines(layout: Layout) -> list[str]:
    """What is explained, the drawing, what its marks and lines mean, and what it does not show."""
    circuit = layout.circuit
    return [circuit.explanation.title, "", *(f"  {line}".rstrip() for line in to_text(layout)), "", *notes(circuit)]


def notes(circuit: Circuit) -> list[str]:
    """What the marks and lines of a circuit mean, and how much of it is hidden."""
    kinds = {MARKS[node.kind] for node in circuit.nodes}
    marks = [f"{MARKS[kind]} {meaning}" for kind, meaning in _MEANINGS.items() if MARKS[kind] in kinds]
    drawn = {edge.kind for edge in circuit.edges}
    lines = [f"{STROKES[kind][_UPRIGHT]} {kind}" for kind in EdgeKind if kind in drawn]
    return [
        "  ".join(marks),
        "  ".join([*lines, "×n one more adds n"] if _has_weights(circuit) else lines),
        *hidden(circuit),
    ]


def hidden(circuit: Circuit) -> list[str]:
    """How much of a circuit is not shown; no line if all of it is."""
    told = []
    if circuit.hidden_nodes or circuit.hidden_edges:
        nodes = f"{len(circuit.nodes):,} of {counted(circuit.all_nodes, 'node')}"
        told.append(
            f"{nodes} and {len(circuit.edges):,} of {counted(circuit.all_edges, 'edge')}: those of most influence"
        )
    if circuit.untried:
        told.append(f"{counted(circuit.untried, 'earlier test')} not flipped: skips from there are not shown")
    return told


def _has_weights(circuit: Circuit) -> bool:
    return any(edge.kind is EdgeKind.VALUE and edge.weight not in (None, 1) for edge in circuit.edges)


def to_dict(layout: Layout) -> dict[str, Any]:
    """A circuit that is laid out as plain data: nodes with their places, edges, the view, and what is hidden."""
    circuit = layout.circuit
    return {
        "title": circuit.explanation.title,
        "kinds": circuit.explanation.slice.kinds.words,
        "view": view_dict(circuit.view),
        "hidden": {"nodes": circuit.hidden_nodes, "edges": circuit.hidden_edges, "tests": circuit.untried},
        "size": [layout.width, layout.height],
        "nodes": [
            _node_dict(node) | {"x": box.x, "y": box.y, "width": box.width}
            for node, box in zip(circuit.nodes, layout.boxes, strict=True)
        ],
        "edges": [_edge_dict(circuit, edge) for edge in circuit.edges],
    }


def view_dict(view: View) -> dict[str, Any]:
    """A view as plain data; steps are those of the run."""
    return {
        "keep_nodes": view.keep_nodes,
        "keep_edges": view.keep_edges,
        "whole": view.whole,
        "most": view.most,
        "by_site": view.by_site,
        "turned": [_place_list(place) for place in sorted(view.turned)],
        "opened": [[*_place_list(place), kind.words] for place, kind in sorted(view.opened)],
        "skips": view.skips,
    }


def _place_list(place: Place) -> list[str | int]:
    return [str(place.kind), place.first, place.last]


def _node_dict(node: CircuitNode) -> dict[str, Any]:
    return {
        "name": node.name, "kind": str(node.kind), "first_step": node.first, "last_step": node.last,
        "steps": node.steps, "times": node.times, "instruction": node.instruction,
        "last_instruction": node.last_instruction, "symbols": node.symbols, "short": node.short, "does": node.does,
        "effect": node.effect, "added": node.added, "influence": node.influence, "hidden": node.hidden,
    }  # fmt: skip


def _edge_dict(circuit: Circuit, edge: CircuitEdge) -> dict[str, Any]:
    return {
        "source": circuit.nodes[edge.source].name, "target": circuit.nodes[edge.target].name, "kind": str(edge.kind),
        "weight": edge.weight, "effect": edge.effect, "count": edge.count, "influence": edge.influence,
    }  # fmt: skip
