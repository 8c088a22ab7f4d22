"""A circuit that is laid out, as a screen draws it and moves about in it: lines of text, and where each node stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gpdebug.explain.answer import Explanation
    from gpdebug.explain.circuit.drawing import Span
    from gpdebug.explain.circuit.layout import Layout, NodeBox
    from gpdebug.explain.circuit.parts import Circuit, CircuitNode

LEVELS = ((0.5, 0.9), (0.65, 0.95), (0.8, 0.98), (0.9, 0.99), (0.97, 0.998), (1.0, 1.0))
"""The shares of influence, of nodes and of edges, that can be chosen to be kept."""
USUAL_LEVEL = 2
DETAILS = ("marks", "code", "full")
"""How much is written at each node, from little to much."""
MOST_COLUMNS = 400
_DOWN = 4
"""A row further counts as so many columns aside, when the nearest node in a direction is looked for."""


@dataclass(frozen=True, slots=True)
class Lens:
    """How a circuit is looked at.

    Attributes:
        level: number of the shares of influence to keep.
        detail: number of how much is written at each node.
    """

    level: int = USUAL_LEVEL
    detail: int = len(DETAILS) - 1

    def pruned(self, by: int) -> Lens:
        """More of it, or less."""
        return Lens(max(0, min(self.level + by, len(LEVELS) - 1)), self.detail)

    def zoomed(self, by: int) -> Lens:
        """With more written at each node, or less."""
        return Lens(self.level, max(0, min(self.detail + by, len(DETAILS) - 1)))


@dataclass(frozen=True, eq=False)
class CircuitScene:
    """A circuit with places.

    Attributes:
        layout: where everything stands.
        lines: what is drawn, row by row.
    """

    layout: Layout
    lines: tuple[tuple[Span, ...], ...]

    @property
    def circuit(self) -> Circuit:
        """What is drawn."""
        return self.layout.circuit

    def node(self, number: int) -> CircuitNode:
        """A node by its number."""
        return self.circuit.nodes[number]

    def box(self, number: int) -> NodeBox:
        """Where a node stands."""
        return self.layout.boxes[number]

    @cached_property
    def beside(self) -> dict[int, frozenset[int]]:
        """The nodes that an edge leads to or from, of each node."""
        found: dict[int, set[int]] = {}
        for edge in self.circuit.edges:
            found.setdefault(edge.source, set()).add(edge.target)
            found.setdefault(edge.target, set()).add(edge.source)
        return {node: frozenset(others) for node, others in found.items()}

    def towards(self, number: int, dx: int, dy: int) -> int:
        """The nearest node to the left or right on the same row, or above or below; the same one if there is none."""
        here = self.box(number)
        middle = here.x + here.width // 2

        def distance(other: NodeBox) -> tuple[int, int]:
            aside = abs(other.x + other.width // 2 - middle)
            return (abs(other.y - here.y) * _DOWN + aside if dy else aside), other.x

        boxes = [box for box in self.layout.boxes if box.node != number]
        if dy:
            boxes = [box for box in boxes if (box.y - here.y) * dy > 0]
        else:
            boxes = [box for box in boxes if box.y == here.y and (box.x - here.x) * dx > 0]
        return min(boxes, key=distance).node if boxes else number


def draw_circuit(found: Explanation, lens: Lens, width: int) -> CircuitScene:
    """Draws an explanation as a circuit.

    Args:
        found: the explanation.
        lens: how it is looked at.
        width: columns that nodes beside each other take at most.
    """
    from gpdebug.explain.circuit.build import circuit_of
    from gpdebug.explain.circuit.drawing import draw
    from gpdebug.explain.circuit.labels import Detail
    from gpdebug.explain.circuit.layout import lay_out
    from gpdebug.explain.circuit.view import View

    view = View() if lens.level == USUAL_LEVEL else View().pruned(*LEVELS[lens.level])
    layout = lay_out(circuit_of(found, view), max(20, min(width, MOST_COLUMNS)), Detail(DETAILS[lens.detail]))
    return CircuitScene(layout, draw(layout))
