"""The edges of a slice, and the leaves that they end in."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain import event_kernel
from gpdebug.explain.dataflow import Dataflow, LoopGroups
from gpdebug.explain.event_kernel import ADDRESS0, ADDRESS1, BEFORE, CODE, CONTROL, VALUE
from gpdebug.explain.loop_kernel import CELL, CLOSED, COUNTER, END_ROW, FIRST, FIRST_ROW, MOVES1, OPENED, WEIGHT
from gpdebug.explain.parts import Edge, Kind, Leaf, LeafKind
from gpdebug.explain.slice_kernel import LINEAR
from vm.dialect import Io, Primitive

_KINDS = {ADDRESS0: Kind.ADDRESS, ADDRESS1: Kind.ADDRESS, CONTROL: Kind.CONTROL, CODE: Kind.CODE, VALUE: Kind.VALUE}


class Edges:
    """Reads the edges of a slice from the dependences of a run."""

    def __init__(
        self,
        flow: Dataflow,
        groups: LoopGroups,
        kinds: Kind,
        marks: NDArray[np.uint8],
        weights: NDArray[np.uint8],
    ) -> None:
        """Takes what was marked.

        Args:
            flow: the dependences of the run.
            groups: the loops that are one node.
            kinds: of dependence that the slice has.
            marks: of steps, loops and rows: see `slice_kernel.sweep`.
            weights: of the same.
        """
        self._flow, self._groups, self._kinds = flow, groups, kinds
        self._marks, self._weights = marks, weights

    def of_step(self, step: int) -> Iterator[Edge]:
        """What a step of the slice depends on."""
        if self._kinds & Kind.VALUE:
            effect = self._effect(step)
            if self._flow.primitives[step] == Primitive.READ and self._flow.inputs[step] < len(self._flow.trace.data):
                byte = int(self._flow.inputs[step])
                leaf = Leaf(LeafKind.INPUT, byte, self._flow.trace.data[byte])
                yield Edge(step, leaf, Kind.VALUE, None, 1, effect)
            yield from self._edge(step, step, VALUE, None, 1, effect)
        if self._kinds & Kind.ADDRESS:
            yield from self._edge(step, step, ADDRESS0)
            yield from self._edge(step, step, ADDRESS1)
        if self._kinds & Kind.CONTROL:
            yield from self._edge(step, step, CONTROL)
        if self._kinds & Kind.CODE:
            yield from self._code(step, step)

    def of_loop(self, loop: int) -> Iterator[Edge]:
        """What a loop of the slice, one node, depends on."""
        columns = self._groups.loops[loop].tolist()
        opened = columns[OPENED]
        if self._kinds & Kind.VALUE:
            yield from self._sums(columns)
            if self._kinds & Kind.CONTROL:
                yield from self._edge(opened, opened, VALUE, columns[COUNTER])
        if self._kinds & Kind.ADDRESS:
            yield from self._edge(opened, opened, ADDRESS0)
            if columns[MOVES1] >= 0:
                yield from self._edge(opened, columns[MOVES1], ADDRESS1)
        if self._kinds & Kind.CONTROL:
            yield from self._edge(opened, opened, CONTROL)
        if self._kinds & Kind.CODE:
            for inside in range(opened, columns[CLOSED] + 1):
                yield from self._code(opened, inside)

    def rows(self, columns: list[int]) -> Iterator[tuple[int, int, int | None]]:
        """The rows of a loop that are in the slice, but its counter's: number, cell, effect on the criterion."""
        for row in range(columns[FIRST_ROW], columns[END_ROW]):
            cell, at = int(self._groups.rows[row, CELL]), 2 * len(self._flow) + row
            if self._marks[at] and cell != columns[COUNTER]:
                yield row, cell, self._effect(at)

    def _sums(self, columns: list[int]) -> Iterator[Edge]:
        opened = columns[OPENED]
        for row, cell, effect in self.rows(columns):
            weight = int(self._groups.rows[row, WEIGHT])
            through = None if effect is None else effect * weight % 256
            yield from self._edge(opened, int(self._groups.rows[row, FIRST]), VALUE, cell, 1, effect)
            yield from self._edge(opened, opened, VALUE, cell, weight, through)

    def _effect(self, at: int) -> int | None:
        return int(self._weights[at]) if self._marks[at] & LINEAR else None

    def _edge(
        self, target: int, step: int, source: int, cell: int | None = None, weight: int = 0, effect: int | None = None
    ) -> Iterator[Edge]:
        """The edge from a node to what one of its steps depends on, if there is such."""
        found = int(self._flow.sources[source, step])
        if found == event_kernel.NONE:
            return
        end = self._leaf(step, source) if found == BEFORE else self._node(found)
        yield Edge(target, end, _KINDS[source], cell, weight, effect)

    def _code(self, target: int, step: int) -> Iterator[Edge]:
        if not self._flow.trace.program.dialect.self_modifying:
            return
        here = int(self._flow.instructions[step])
        cells = [here]
        if self._flow.jumped[step]:
            there = self._flow.following(step) - 1
            cells += [cell for cell in range(min(here, there), max(here, there) + 1) if cell != here]
        for cell in cells:
            write = self._flow.last_write(cell, step)
            if write is None:
                yield Edge(target, self.cell_leaf(cell), Kind.CODE)
            elif self._node(write) != target:
                yield Edge(target, self._node(write), Kind.CODE)

    def _node(self, step: int) -> int:
        loop = int(self._groups.loop_of[step])
        return step if loop < 0 else int(self._groups.loops[loop, OPENED])

    def _leaf(self, step: int, source: int) -> Leaf:
        """What was there at the beginning that a step depends on."""
        flow = self._flow
        start, is_cut = flow.trace.start, flow.trace.first > 0
        match source:
            case event_kernel.ADDRESS0 | event_kernel.ADDRESS1:
                head = int(source == ADDRESS1)
                return Leaf(LeafKind.CUT_HEAD if is_cut else LeafKind.HEAD, head, start.head1 if head else start.head0)
            case event_kernel.CONTROL:
                return Leaf(LeafKind.CUT_TEST, 0, 0)
            case event_kernel.CODE:
                return self.cell_leaf(int(flow.instructions[step]))
        if flow.primitives[step] == Primitive.UNSTASH:
            return Leaf(LeafKind.CUT_SPARE if is_cut else LeafKind.SPARE, 0, start.spare)
        return self.cell_leaf(int(flow.read[step]))

    def cell_leaf(self, cell: int) -> Leaf:
        """What a cell held at the beginning."""
        trace = self._flow.trace
        value = int(trace.start.memory[cell])
        if trace.first > 0:
            return Leaf(LeafKind.CUT_CELL, cell, value, cell)
        dialect, byte = trace.program.dialect, cell - trace.settings.in_at
        if dialect.io is Io.REGIONS and 0 <= byte < len(trace.data) and value == trace.data[byte]:
            return Leaf(LeafKind.INPUT, byte, value, cell)
        if dialect.self_modifying and cell < len(trace.program) and value == trace.program.code[cell]:
            return Leaf(LeafKind.PROGRAM, cell, value, cell)
        return Leaf(LeafKind.CELL, cell, value, cell)
