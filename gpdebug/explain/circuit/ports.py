"""Where lines begin at the lower side of a node and end at its upper side, and what is written beside their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gpdebug.explain.circuit.layers import Layers, Segment


@dataclass(frozen=True, slots=True)
class Ports:
    """Columns counted from that of the vertex.

    Attributes:
        below: of a vertex and a net, where its line begins.
        above: of a vertex and an edge, or None where a net passes, where its line ends.
        widths: columns of each vertex, its lines and what is written beside them included.
    """

    below: dict[tuple[int, int], int]
    above: dict[tuple[int, int | None], int]
    widths: list[int]

    def begin(self, segment: Segment) -> int:
        """Where a segment begins, counted from its upper vertex."""
        return self.below.get((segment.upper, segment.net), 0)

    def end(self, segment: Segment) -> int:
        """Where a segment ends, counted from its lower vertex."""
        return self.above.get((segment.lower, segment.edge), 0)


def ports_of(found: Layers, layers: list[list[int]], widths: Sequence[int], labels: Sequence[str]) -> Ports:
    """Gives every line a place of its own at its nodes, so that lines at a node do not cross there.

    Args:
        found: the graph in its layers.
        layers: the order in each.
        widths: columns of each node.
        labels: what is written beside the end of each edge.
    """
    at = {vertex: place for layer in layers for place, vertex in enumerate(layer)}
    wide = list(widths) + [1] * (len(at) - len(widths))
    below: dict[tuple[int, int], int] = {}
    above: dict[tuple[int, int | None], int] = {}
    for gap in found.gaps:
        leaving: dict[int, dict[int, list[int]]] = {}
        arriving: dict[int, list[Segment]] = {}
        for segment in gap:
            leaving.setdefault(segment.upper, {}).setdefault(segment.net, []).append(at[segment.lower])
            if segment.edge is not None:
                arriving.setdefault(segment.lower, []).append(segment)
        for vertex, nets in leaving.items():
            ordered = sorted(nets, key=lambda net: (sum(nets[net]) / len(nets[net]), net))
            for place, net in enumerate(ordered):
                below[vertex, net] = 2 * place
            wide[vertex] = max(wide[vertex], 2 * len(ordered) - 1)
        for vertex, segments in arriving.items():
            column = 0
            for segment in sorted(segments, key=lambda one: (at[one.upper], one.net)):
                assert segment.edge is not None
                above[vertex, segment.edge] = column
                column += 2 + len(labels[segment.edge])
            wide[vertex] = max(wide[vertex], column - 1)
    return Ports(below, above, wide)
