"""Where everything of a circuit stands: nodes, a row each, in layers, the criterion at the bottom, and lines between.

All places are columns and rows of characters, from the top left; a picture with other units scales them. The same
circuit is always laid out in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from gpdebug.explain.circuit import labels
from gpdebug.explain.circuit.labels import Detail, Piece
from gpdebug.explain.circuit.layers import Layers, Net, layered
from gpdebug.explain.circuit.ordering import Order, orders
from gpdebug.explain.circuit.parts import Circuit
from gpdebug.explain.circuit.placing import place
from gpdebug.explain.circuit.ports import Ports, ports_of
from gpdebug.explain.circuit.routing import Turn, Wire, route

WIDTH = 80
"""Columns that nodes beside each other take at most; lines may need more."""
_TOO_WIDE = 10


@dataclass(frozen=True, slots=True)
class NodeBox:
    """Where a node stands: on one row.

    Attributes:
        node: its number in the circuit.
        x: its first column.
        y: its row.
        width: its columns.
        pieces: what is written there.
    """

    node: int
    x: int
    y: int
    width: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Strand:
    """The line of a net: one for all edges of a kind that leave a node; it ends at the node of each.

    Attributes:
        net: its kind and edges.
        parts: `(x, y, x, y)`: straight parts, down or across; the first begins at the row of the upper node, and the
            line ends on the rows of the lower ones.
    """

    net: Net
    parts: tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class EdgeLabel:
    """What is written beside the end of an edge.

    Attributes:
        edge: its number in the circuit.
        x: the first column.
        y: the row.
        text: what is written.
    """

    edge: int
    x: int
    y: int
    text: str


@dataclass(frozen=True, eq=False)
class Layout:
    """A circuit with places.

    Attributes:
        circuit: what is laid out.
        width: columns.
        height: rows.
        boxes: of the nodes, by their numbers.
        strands: the lines.
        labels: beside the lines.
    """

    circuit: Circuit
    width: int
    height: int
    boxes: tuple[NodeBox, ...]
    strands: tuple[Strand, ...]
    labels: tuple[EdgeLabel, ...]

    @cached_property
    def rows(self) -> dict[int, list[NodeBox]]:
        """The nodes of each row that has any, from left to right."""
        found: dict[int, list[NodeBox]] = {}
        for box in sorted(self.boxes, key=lambda one: (one.y, one.x)):
            found.setdefault(box.y, []).append(box)
        return found

    def node_at(self, x: int, y: int) -> int | None:
        """The node at a column and row, or None."""
        return next((box.node for box in self.rows.get(y, ()) if box.x <= x < box.x + box.width), None)


def lay_out(circuit: Circuit, width: int = WIDTH, detail: Detail = Detail.FULL) -> Layout:
    """Gives every node and every edge of a circuit its place.

    Args:
        circuit: what is laid out.
        width: columns that nodes beside each other take at most; with more of them the picture grows in height.
        detail: how much is written at each node.
    """
    texts = [tuple(labels.node_pieces(node, detail)) for node in circuit.nodes]
    widths = [sum(len(piece.text) for piece in pieces) for pieces in texts]
    weights = [labels.edge_label(edge) for edge in circuit.edges]
    found = layered(widths, circuit.edges, width)
    rows, ports, columns = min(
        _placed(found, widths, weights), key=lambda placed: _cost(found, placed[1], placed[2], width)
    )
    grid = _Grid(found, rows, ports, columns, weights)
    boxes = tuple(
        NodeBox(node, columns[node], grid.row_of[node], ports.widths[node], texts[node]) for node in range(len(texts))
    )
    beside = tuple(
        EdgeLabel(edge, columns[node] + port + 1, grid.row_of[node] - 1, weights[edge])
        for (node, edge), port in sorted(ports.above.items())
        if edge is not None and weights[edge]
    )
    strands = tuple(Strand(net, tuple(parts)) for net, parts in zip(found.nets, grid.parts, strict=True))
    return Layout(circuit, 1 + grid.last_column, grid.height, boxes, strands, beside)


def _placed(found: Layers, widths: list[int], weights: list[str]) -> Iterator[tuple[Order, Ports, list[int]]]:
    """Orders, and the columns that they lead to."""
    for rows in orders(found):
        ports = ports_of(found, rows, widths, weights)
        yield rows, ports, place(rows, found.gaps, ports)


def _cost(found: Layers, ports: Ports, columns: list[int], width: int) -> int:
    """How far lines lead across, and how many columns there are more than fit: each counts as much as a long line."""
    ends: dict[tuple[int, int], list[int]] = {}
    for number, gap in enumerate(found.gaps):
        for segment in gap:
            places = ends.setdefault((number, segment.net), [])
            places.append(columns[segment.upper] + ports.begin(segment))
            places.append(columns[segment.lower] + ports.end(segment))
    needed = max((column + wide for column, wide in zip(columns, ports.widths, strict=True)), default=0)
    return sum(max(places) - min(places) for places in ends.values()) + _TOO_WIDE * max(0, needed - width)


class _Grid:
    """Rows of the layers, and the lines between them."""

    def __init__(
        self, found: Layers, rows: list[list[int]], ports: Ports, columns: list[int], weights: list[str]
    ) -> None:  # fmt: skip
        self._found, self._ports, self._columns = found, ports, columns
        self.row_of = [0] * len(columns)
        self.parts: list[list[tuple[int, int, int, int]]] = [[] for _ in found.nets]
        self.last_column = max((columns[v] + ports.widths[v] - 1 for row in rows for v in row), default=0)
        y = 0
        for number, row in enumerate(rows):
            for vertex in row:
                self.row_of[vertex] = y
            if number < len(found.gaps):
                y = self._gap(number, y, weights)
        self.height = y + 1

    def _gap(self, number: int, y: int, weights: list[str]) -> int:
        """Draws the lines below a layer; returns the row of the next one."""
        gap = self._found.gaps[number]
        bottoms: dict[int, list[int]] = {}
        tops: dict[int, int] = {}
        turned = False
        for segment in gap:
            net = self._found.nets[segment.net]
            tops[segment.net] = self._columns[segment.upper] + self._ports.begin(segment)
            bottoms.setdefault(segment.net, []).append(self._columns[segment.lower] + self._ports.end(segment))
            turned |= net.turned and segment.upper == net.upper
        turns, tracks = route(Wire(net, tops[net], tuple(sorted(ends))) for net, ends in bottoms.items())
        labelled = any(segment.edge is not None and weights[segment.edge] for segment in gap)
        first = y + 1 + turned
        after = first + tracks + (labelled or not (tracks or turned))
        for turn in turns:
            self._draw(turn, y, first, after)
        return after

    def _draw(self, turn: Turn, upper: int, first: int, lower: int) -> None:
        wire, parts = turn.wire, self.parts[turn.wire.net]
        if turn.row is None:
            parts.append((wire.top, upper, wire.top, lower))
            return
        y = first + turn.row
        parts.append((wire.top, upper if turn.begin < 0 else first + turn.begin, wire.top, y))
        parts.append((wire.first, y, wire.last, y))
        self.last_column = max(self.last_column, wire.last)
        if turn.ends_at is None:
            parts += [(column, y, column, lower) for column in wire.bottoms]
