"""Makes a circuit from an explanation: its lines as nodes, the less influential ones hidden and counted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain import words
from gpdebug.explain.answer import Explanation, Node
from gpdebug.explain.circuit.graph import NO_EFFECT, VARIOUS, Graph, graph_of
from gpdebug.explain.circuit.influence import influence_of, prune
from gpdebug.explain.circuit.parts import Circuit, CircuitEdge, CircuitNode, EdgeKind, NodeKind, View
from gpdebug.explain.circuit.short import short_criterion, short_leaf, short_loop, short_step
from gpdebug.explain.parts import Kind, Leaf


def circuit_of(explanation: Explanation, view: View | None = None) -> Circuit:
    """The circuit of an explanation.

    Args:
        explanation: what is shown.
        view: how much of it; None: as usual, see `View`.
    """
    view = View() if view is None else view
    graph = graph_of(explanation)
    nodes, edges = influence_of(graph)
    shown, lines = prune(graph, nodes, edges, view)
    numbers = np.cumsum(shown) - 1
    maker = _Maker(explanation, graph, nodes, _hidden(graph, lines))
    return Circuit(
        explanation,
        view,
        tuple(maker.node(number) for number in np.flatnonzero(shown).tolist()),
        tuple(_edge(graph, number, numbers, float(edges[number])) for number in np.flatnonzero(lines).tolist()),
        graph.count,
        len(graph.source),
    )


def _hidden(graph: Graph, lines: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Of each node, on how many others it depends by edges that are not shown only."""
    pairs = graph.target * graph.count + graph.source
    away = np.setdiff1d(pairs[~lines], pairs[lines])
    return np.bincount(away // graph.count, minlength=graph.count)


def _edge(graph: Graph, number: int, numbers: NDArray[np.intp], influence: float) -> CircuitEdge:
    kind, weight, effect = Kind(int(graph.kind[number])), int(graph.weight[number]), int(graph.effect[number])
    return CircuitEdge(
        int(numbers[graph.source[number]]),
        int(numbers[graph.target[number]]),
        EdgeKind.of(kind),
        weight if kind is Kind.VALUE and weight != VARIOUS else None,
        None if effect == NO_EFFECT else effect,
        int(graph.number[number]),
        influence,
    )


class _Maker:
    """Says what a node of a graph is."""

    def __init__(
        self, explanation: Explanation, graph: Graph, influence: NDArray[np.float64], hidden: NDArray[np.int64]
    ) -> None:  # fmt: skip
        self._explanation, self._graph, self._influence, self._hidden = explanation, graph, influence, hidden

    def node(self, number: int) -> CircuitNode:
        """The node of a number."""
        graph = self._graph
        leaves = len(graph.leaves)
        if number < leaves:
            return self._leaf(number, *graph.leaves[number])
        if number < leaves + len(graph.lines):
            return self._line(number, *graph.lines[number - leaves].tolist())
        found = self._explanation.slice
        moment = found.root.moment
        return CircuitNode(
            "criterion", NodeKind.CRITERION, moment, moment, 0, None, None, "", short_criterion(found),
            self._explanation.title, 1, 0, 1.0, int(self._hidden[number]),
        )  # fmt: skip

    def _leaf(self, number: int, leaf: Leaf, effect: int | None) -> CircuitNode:
        kind, first = NodeKind.CUT if leaf.kind.is_cut else NodeKind.LEAF, self._explanation.slice.flow.trace.first
        return CircuitNode(
            f"{leaf.kind} {leaf.index}", kind, first, first, 0, None, None, "",
            short_leaf(leaf), words.leaf_words(leaf), effect, leaf.value * (effect or 0) % 256,
            float(self._influence[number]), 0, leaf,
        )  # fmt: skip

    def _line(self, number: int, first: int, last: int, loop: int) -> CircuitNode:
        explanation, flow = self._explanation, self._explanation.slice.flow
        told: Node = explanation.line_node(first, last, loop)
        kind = NodeKind.LOOP if loop >= 0 else NodeKind.STEP if first == last else NodeKind.RUN
        short = short_loop(explanation.slice.loops[loop]) if loop >= 0 else short_step(flow, first, last)
        name = f"step {told.first}" if first == last else f"steps {told.first}-{told.last}"
        if number == self._graph.count - 1:
            kind, name, short = NodeKind.CRITERION, "criterion", short_criterion(explanation.slice)
        return CircuitNode(
            name, kind, told.first, told.last, last - first + 1, told.instruction, told.last_instruction, told.symbols,
            short, told.does, told.effect, told.added, float(self._influence[number]), int(self._hidden[number]), None,
            told.loop,
        )  # fmt: skip
