"""Says of each node of a graph what it is, in data and in words."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain import words
from gpdebug.explain.answer import Explanation
from gpdebug.explain.circuit.graph import FOLDED, Graph
from gpdebug.explain.circuit.parts import CircuitNode, NodeKind
from gpdebug.explain.circuit.short import short_criterion, short_leaf, short_loop, short_site, short_step
from gpdebug.explain.circuit.view import Place, PlaceKind
from gpdebug.wording import symbol_words


class NodeMaker:
    """Makes nodes one by one, so that only those that are shown are made."""

    def __init__(self, explanation: Explanation, graph: Graph, hidden: NDArray[np.int64]) -> None:
        """Takes the graph of an explanation.

        Args:
            explanation: what is shown.
            graph: its graph.
            hidden: of each node, how many sources are not shown.
        """
        self._explanation, self._graph, self._hidden = explanation, graph, hidden
        self._part, self._flow = explanation.slice, explanation.slice.flow
        self._by_node = np.argsort(graph.node_of, kind="stable")
        self._begins = np.searchsorted(graph.node_of[self._by_node], np.arange(len(graph.node_of) + 1))

    def node(self, number: int) -> CircuitNode:
        """The node of a number."""
        ran = number - self._graph.leaves
        is_criterion = number == self._graph.count - 1
        if ran < 0:
            return self._leaf(number)
        if is_criterion and not self._part.root.stands_alone:
            return self._criterion(number)
        lines = self._graph.lines[self._by_node[self._begins[ran] : self._begins[ran + 1]]]
        if len(lines) > 1:
            return self._site(number, lines)
        first, last, loop = lines[0].tolist()
        if loop == FOLDED:
            return self._activation(number, first, last)
        return self._line(number, first, last, loop, is_criterion)

    def _leaf(self, number: int) -> CircuitNode:
        leaf, effect = self._part.leaf(number)
        kind, first = NodeKind.CUT if leaf.kind.is_cut else NodeKind.LEAF, self._flow.trace.first
        return CircuitNode(
            f"{leaf.kind} {leaf.index}", kind, None, first, first, 0, 1, None, None, "", short_leaf(leaf),
            words.leaf_words(leaf), effect, leaf.value * (effect or 0) % 256, self._influence(number), 0, leaf,
        )  # fmt: skip

    def _criterion(self, number: int) -> CircuitNode:
        moment = self._part.root.moment
        return CircuitNode(
            "criterion", NodeKind.CRITERION, None, moment, moment, 0, 1, None, None, "", short_criterion(self._part),
            self._explanation.title, 1, 0, self._influence(number), int(self._hidden[number]),
        )  # fmt: skip

    def _line(self, number: int, first: int, last: int, loop: int, is_criterion: bool) -> CircuitNode:
        told = self._explanation.line_node(first, last, loop)
        kind = NodeKind.LOOP if loop >= 0 else NodeKind.STEP if first == last else NodeKind.RUN
        short = short_loop(self._part.loop(loop)) if loop >= 0 else short_step(self._flow, first, last)
        place = Place(PlaceKind.STEPS, told.first, told.last)
        name = str(place)
        if is_criterion:
            kind, name, short = NodeKind.CRITERION, "criterion", short_criterion(self._part)
        return CircuitNode(
            name, kind, place, told.first, told.last, last - first + 1, 1, told.instruction, told.last_instruction,
            told.symbols, short, told.does, told.effect, told.added, self._influence(number),
            int(self._hidden[number]), None, told.loop,
        )  # fmt: skip

    def _activation(self, number: int, first: int, last: int) -> CircuitNode:
        flow, start = self._flow, self._flow.trace.first
        low, high = int(flow.instructions[first]), int(flow.instructions[last])
        place = Place(PlaceKind.ACTIVATION, start + first, start + last)
        passes = int((flow.instructions[first : last + 1] == high).sum())
        counted = "1 pass" if passes == 1 else f"{passes:,} passes"
        added = int(self._part.contributions[first : last + 1].sum()) % 256
        symbols = symbol_words(self._code(low, high, first, last))
        return CircuitNode(
            str(place), NodeKind.ACTIVATION, place, start + first, start + last, last - first + 1, 1, low, high,
            symbols, counted, f"loop, folded: {counted}, {last - first + 1:,} steps", None, added,
            self._influence(number), int(self._hidden[number]),
        )  # fmt: skip

    def _site(self, number: int, lines: NDArray[np.int64]) -> CircuitNode:
        flow, start, part = self._flow, self._flow.trace.first, self._part
        first, last = lines[0, :2].tolist()
        told = self._explanation.line_node(first, last, int(lines[0, 2]))
        effects = {self._explanation.line_node(*line).effect for line in lines[:_LOOKED_AT].tolist()}
        sums = np.concatenate([[0], np.cumsum(part.contributions)])
        added = int((sums[lines[:, 1] + 1] - sums[lines[:, 0]]).sum()) % 256
        place = Place(PlaceKind.SITE, told.instruction, told.last_instruction)
        short = short_site(flow, lines[:, 0], lines[:, 1], is_loop=lines[0, 2] >= 0)
        return CircuitNode(
            str(place), NodeKind.SITE, place, start + first, start + int(lines[-1, 1]),
            int((lines[:, 1] - lines[:, 0] + 1).sum()), len(lines), told.instruction, told.last_instruction,
            told.symbols, short, f"{len(lines):,} times, first: {told.does}",
            effects.pop() if len(effects) == 1 and len(lines) <= _LOOKED_AT else None, added, self._influence(number),
            int(self._hidden[number]),
        )  # fmt: skip

    def _code(self, low: int, high: int, first: int, last: int) -> list[int]:
        """The bytes of some instructions, as they are at a step."""
        flow = self._flow
        if not flow.trace.program.dialect.self_modifying:
            return [int(symbol) for symbol in flow.trace.program.code[low : high + 1]]
        inside = flow.instructions[first : last + 1]
        symbols = flow.symbols[first : last + 1]
        ran, at = np.unique(inside, return_index=True)
        chosen = (ran >= low) & (ran <= high)
        return [int(symbol) for symbol in symbols[at[chosen]]]

    def _influence(self, number: int) -> float:
        return float(self._graph.influence[number])


_LOOKED_AT = 1000
