"""Puts the nodes of a circuit into layers, so that every edge leads down, and says where each passes other layers.

The layered method of Sugiyama, Tagawa and Toda (1981): layers, order in them (`ordering`), places (`placing`) and
routes (`routing`). All edges of a kind that leave a node are one *net*: they share a line as far as they go together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gpdebug.explain.circuit.parts import CircuitEdge, EdgeKind

BETWEEN = 2
"""Columns that are free between two nodes of a layer."""


@dataclass(frozen=True, slots=True)
class Net:
    """The edges of one kind that leave a node downwards, or one edge that leads up.

    Attributes:
        upper: the vertex that it begins at.
        kind: of the edges.
        turned: it leads up: what it begins at is the target.
        edges: their numbers.
        lowers: the node at the lower end of each.
    """

    upper: int
    kind: EdgeKind
    turned: bool
    edges: tuple[int, ...]
    lowers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a net from one layer to the next. Vertices are the nodes, then the places where nets pass layers.

    Attributes:
        upper: a vertex.
        lower: a vertex of the next layer.
        net: its number.
        edge: the edge that ends there, if it does.
    """

    upper: int
    lower: int
    net: int
    edge: int | None


@dataclass(frozen=True, slots=True)
class Layers:
    """Which vertices each layer has, and what connects them.

    Attributes:
        layers: the vertices of each, the highest first.
        gaps: the segments below each layer.
        nets: all of them.
    """

    layers: list[list[int]]
    gaps: list[list[Segment]]
    nets: list[Net]


def layered(widths: Sequence[int], edges: Sequence[CircuitEdge], widest: int) -> Layers:
    """Puts nodes into layers.

    Args:
        widths: columns of each node; nodes are numbered in the order in which they ran.
        edges: between them; one that does not lead to a later node leads up, one from a node to itself is left out.
        widest: columns that a layer has at most, unless one node alone is wider.
    """
    depth = _depths(widths, edges, widest)
    lowest = max(depth, default=0)
    row = [lowest - of_node for of_node in depth]
    nets = _nets(edges, len(widths))
    layers: list[list[int]] = [[] for _ in range(lowest + 1)]
    for node, layer in enumerate(row):
        layers[layer].append(node)
    gaps: list[list[Segment]] = [[] for _ in range(lowest)]
    vertices = len(widths)
    for number, net in enumerate(nets):
        ends = sorted(zip(net.lowers, net.edges, strict=True), key=lambda end: row[end[0]])
        above, layer = net.upper, row[net.upper]
        for lower, edge in ends:
            while layer < row[lower] - 1:
                layer += 1
                gaps[layer - 1].append(Segment(above, vertices, number, None))
                layers[layer].append(vertices)
                above, vertices = vertices, vertices + 1
            gaps[layer].append(Segment(above, lower, number, edge))
    return Layers(layers, gaps, nets)


def _depths(widths: Sequence[int], edges: Sequence[CircuitEdge], widest: int) -> list[int]:
    """How far above the lowest layer each node is: right above the highest node that needs it, where there is room.

    The last node is the lowest one; a node that only others above it need is right below those that it needs.
    """
    below: list[list[int]] = [[] for _ in widths]
    above: list[list[int]] = [[] for _ in widths]
    for edge in edges:
        if edge.source != edge.target:
            upper, lower = min(edge.source, edge.target), max(edge.source, edge.target)
            below[upper].append(lower)
            above[lower].append(upper)
    depth, taken = [1] * len(widths), [0] * (len(widths) + 2)
    depth[-1] = 0
    for node in reversed(range(len(widths) - 1)):
        if not below[node] and above[node]:
            continue
        at = 1 + max((depth[lower] for lower in below[node]), default=0)
        while taken[at] and taken[at] + BETWEEN + widths[node] > widest:
            at += 1
        depth[node] = at
        taken[at] += widths[node] + (BETWEEN if taken[at] else 0)
    for node in range(len(widths) - 1):
        if not below[node] and above[node]:
            depth[node] = min(depth[upper] for upper in above[node]) - 1
    return depth


def _nets(edges: Sequence[CircuitEdge], nodes: int) -> list[Net]:
    together: dict[tuple[int, EdgeKind, int], list[int]] = {}
    for number, edge in enumerate(edges):
        if edge.source < edge.target:
            together.setdefault((edge.source, edge.kind, -1), []).append(number)
        elif edge.source > edge.target:
            together.setdefault((edge.target, edge.kind, edge.source), []).append(number)
    return [
        Net(upper, kind, lower >= 0, tuple(numbers),
            tuple(edges[number].source if lower >= 0 else edges[number].target for number in numbers))
        for (upper, kind, lower), numbers in together.items()
    ]  # fmt: skip
