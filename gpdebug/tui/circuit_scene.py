"""A circuit that is laid out, as a screen draws it and moves about in it: lines of text, and where each node stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gpdebug.explain.answer import Explanation
    from gpdebug.explain.circuit.drawing import Span
    from gpdebug.explain.circuit.layout import Layout, NodeBox
    from gpdebug.explain.circuit.parts import Circuit, CircuitNode
    from gpdebug.explain.circuit.view import View

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
        folds: a view that says what is folded and where more is followed; None: nothing other than usual.
    """

    level: int = USUAL_LEVEL
    detail: int = len(DETAILS) - 1
    folds: View | None = None

    def pruned(self, by: int) -> Lens:
        """More of it, or less."""
        return replace(self, level=max(0, min(self.level + by, len(LEVELS) - 1)))

    def zoomed(self, by: int) -> Lens:
        """With more written at each node, or less."""
        return replace(self, detail=max(0, min(self.detail + by, len(DETAILS) - 1)))

    @property
    def view(self) -> View:
        """As circuits take it."""
        from gpdebug.explain.circuit.view import View

        view = View() if self.level == USUAL_LEVEL else View().pruned(*LEVELS[self.level])
        folds = self.folds
        if folds is None:
            return view
        return replace(view, by_site=folds.by_site, turned=folds.turned, opened=folds.opened, skips=folds.skips)


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


def folded(circuit: Circuit, number: int) -> View:
    """The circuit's view with a node apart if it is several steps, else as one with the loop around it.

    Raises:
        ViewError: it is one step, with no loop around it.
    """
    from gpdebug.explain.circuit.folding import fold, unfold
    from gpdebug.explain.errors import ViewError

    try:
        return unfold(circuit, number)
    except ViewError:
        return fold(circuit, number)


def folded_site(circuit: Circuit, number: int) -> View:
    """The circuit's view with all instances of a node's instruction as one, or each by itself again.

    Raises:
        ViewError: it has no instruction.
    """
    from gpdebug.explain.circuit.folding import fold_site, unfold
    from gpdebug.explain.circuit.parts import NodeKind

    is_site = circuit.nodes[number].kind is NodeKind.SITE
    return unfold(circuit, number) if is_site else fold_site(circuit, number)


def with_control(circuit: Circuit, number: int) -> View:
    """The circuit's view with control followed at a node, too, or no longer.

    Raises:
        ViewError: it is no step.
    """
    from gpdebug.explain.errors import ViewError

    node = circuit.nodes[number]
    if node.place is None:
        raise ViewError(f"{node.short}: it is no step, so nothing let it run")
    return circuit.view.open(node.place)


def change_at(circuit: Circuit, number: int) -> str:
    """A change of a node to begin with when one asks what if: one more in a leaf, a test flipped, a step blanked."""
    from gpdebug.explain.parts import LeafKind
    from vm.dialect import Primitive

    node, flow = circuit.nodes[number], circuit.explanation.slice.flow
    if node.leaf is not None:
        forms = {LeafKind.INPUT: "input[{}]+=1", LeafKind.CELL: "mem[{}]+=1", LeafKind.HEAD: "h{}+=1"}
        form = forms.get(node.leaf.kind, "").format(node.leaf.index)
        return f"{form} @{node.first}" if form else ""
    if node.instruction is None:
        return ""
    primitive = flow.primitive(node.first - flow.trace.first)
    if node.loop is not None:
        return f"blank pair {node.instruction}" if primitive is Primitive.OPEN else ""
    if node.instruction != node.last_instruction:
        return ""
    if node.times > 1:
        return f"blank {node.instruction}"
    return f"{'flip' if primitive in (Primitive.OPEN, Primitive.CLOSE) else 'blank'} @{node.first}"


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

    layout = lay_out(circuit_of(found, lens.view), max(20, min(width, MOST_COLUMNS)), Detail(DETAILS[lens.detail]))
    return CircuitScene(layout, draw(layout))
