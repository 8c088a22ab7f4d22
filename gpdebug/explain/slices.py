"""Slices: everything in a run that a criterion depends on, by the kinds of dependence that are asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain import slice_kernel
from gpdebug.explain.criteria import Criterion, Root, find_root
from gpdebug.explain.dataflow import Dataflow, LoopGroups, no_groups
from gpdebug.explain.edges import NO_EFFECT, EdgeReader, EdgeTable
from gpdebug.explain.leaves import INPUT, UNSEEN_CODE, leaf_of, leaf_values
from gpdebug.explain.loop_kernel import CELL, CLOSED, COUNTER, END_ROW, FIRST_ROW, OPENED, PASSES, STEP, SUM
from gpdebug.explain.parts import Edge, Kind, Leaf, Loop
from gpdebug.explain.slice_kernel import LINEAR
from vm.dialect import Primitive


@dataclass(frozen=True, eq=False)
class Slice:
    """What a criterion depends on. Steps are counted from the trace's first; a loop has the number of its first.

    Attributes:
        flow: the dependences of the run.
        criterion: what was asked.
        root: where it lies.
        kinds: of dependence that are followed.
        more: `uint8[steps]`, kinds that are followed besides at each step.
        groups: the loops that are one node.
        marks: `uint8`, of steps, loops and rows: see `slice_kernel.sweep`.
        weights: `uint8`, of the same.
    """

    flow: Dataflow
    criterion: Criterion
    root: Root
    kinds: Kind
    more: NDArray[np.uint8]
    groups: LoopGroups
    marks: NDArray[np.uint8]
    weights: NDArray[np.uint8]

    @cached_property
    def steps(self) -> NDArray[np.intp]:
        """The steps in it, in order, but for those in its loops."""
        return np.flatnonzero((self.marks[: len(self.flow)] != 0) & (self.groups.loop_of < 0))

    @cached_property
    def loop_numbers(self) -> NDArray[np.intp]:
        """`int64[loops]`: the loops in it that are one node each, in order."""
        count = len(self.flow)
        return np.flatnonzero(self.marks[count : count + len(self.groups.loops)])

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """The loops in it that are one node each, in order."""
        return tuple(self.loop(number) for number in range(len(self.loop_numbers)))

    @cached_property
    def leaf_codes(self) -> NDArray[np.int64]:
        """`int64[leaves]`: where it ends, see `gpdebug.explain.leaves`."""
        return self._ends.leaves

    @cached_property
    def leaf_effects(self) -> NDArray[np.int64]:
        """`int64[leaves]`: what one more there adds to the criterion, modulo 256, or -1: not by values alone."""
        table = self._ends
        by_value = table.effect >= 0
        number, count = -1 - table.source[by_value], len(table.leaves)
        sums = np.bincount(number, table.effect[by_value], minlength=count).astype(np.int64) % 256
        return np.where(np.bincount(number, minlength=count) > 0, sums, NO_EFFECT)

    @property
    def cuts(self) -> NDArray[np.bool_]:
        """`bool[leaves]`: which of its leaves have a past that is not looked at."""
        what = self.leaf_codes >> 32
        cuts: NDArray[np.bool_] = what != INPUT if self.flow.trace.first else what == UNSEEN_CODE
        return cuts

    def leaf(self, number: int) -> tuple[Leaf, int | None]:
        """One of its leaves, and its effect, None if not by values alone."""
        effect = int(self.leaf_effects[number])
        return leaf_of(self.flow, int(self.leaf_codes[number])), None if effect == NO_EFFECT else effect

    @cached_property
    def leaves(self) -> dict[Leaf, int | None]:
        """Where it ends, and what one more there adds to the criterion, modulo 256; None: not by values alone."""
        return dict(self.leaf(number) for number in range(len(self.leaf_codes)))

    def __len__(self) -> int:
        return len(self.steps) + len(self.loop_numbers)

    @cached_property
    def table(self) -> EdgeTable:
        """All dependences in it, and that of the criterion, if it is no step."""
        return self._read(only_leaves=False)

    def edges(self) -> Iterator[Edge]:
        """All dependences in it."""
        table = self.table
        columns = (table.target, table.source, table.kind, table.cell, table.weight, table.effect)
        leaves = list(self.leaves)
        for target, source, kind, cell, weight, effect in zip(*(column.tolist() for column in columns), strict=True):
            if target == len(self.flow):
                return
            yield Edge(
                target, source if source >= 0 else leaves[-1 - source], Kind(kind), cell if cell >= 0 else None,
                weight, effect if effect >= 0 else None,
            )  # fmt: skip

    @cached_property
    def _ends(self) -> EdgeTable:
        """Those of its dependences that go to leaves."""
        return self._read(only_leaves=True)

    def _read(self, only_leaves: bool) -> EdgeTable:
        return EdgeReader(
            self.flow, self.groups, self.root, self.kinds, self.more, self.marks, self.weights, only_leaves
        ).read()  # fmt: skip

    def effect(self, step: int) -> int | None:
        """What one more in the result of a step adds to the criterion, modulo 256; None: not by values alone."""
        return int(self.weights[step]) if self.marks[step] & LINEAR else None

    @cached_property
    def contributions(self) -> NDArray[np.int64]:
        """`int64[steps]`: what each `add` and `set` adds to the criterion by values alone, modulo 256; else 0."""
        marks, weights = self.marks[: len(self.flow)], self.weights[: len(self.flow)].astype(np.int64)
        adds = np.isin(self.flow.primitives, (Primitive.ADD, Primitive.SET)) & (marks & LINEAR != 0)
        return np.where(adds, self.flow.arguments * weights % 256, 0)

    @cached_property
    def total(self) -> int:
        """Leaves times their effects, and all contributions, modulo 256: the value, if values are followed."""
        values = leaf_values(self.flow, self.leaf_codes)
        return int((values * np.maximum(self.leaf_effects, 0)).sum() + self.contributions.sum()) % 256

    def loop(self, number: int) -> Loop:
        """One of its loops."""
        columns, count = self.groups.loops[self.loop_numbers[number]].tolist(), len(self.flow)
        sums: dict[int, int] = {}
        effects: dict[int, int | None] = {}
        for row in range(columns[FIRST_ROW], columns[END_ROW]):
            cell, at = int(self.groups.rows[row, CELL]), 2 * count + row
            if self.marks[at] and cell != columns[COUNTER]:
                sums[cell] = int(self.groups.rows[row, SUM])
                effects[cell] = int(self.weights[at]) if self.marks[at] & LINEAR else None
        return Loop(
            columns[OPENED], columns[CLOSED], columns[PASSES], columns[COUNTER], columns[STEP], sums, effects
        )  # fmt: skip


def slice_of(
    flow: Dataflow, criterion: Criterion, kinds: Kind = Kind.VALUE, *, groups: LoopGroups | None = None,
    more: NDArray[np.uint8] | None = None, besides: NDArray[np.int64] | None = None,
) -> Slice:  # fmt: skip
    """Everything that a criterion depends on.

    Args:
        flow: the dependences of a run.
        criterion: what is asked.
        kinds: of dependence to follow.
        groups: loops that are one node (`loop_groups`); None: every step stays apart.
        more: `uint8[steps]`, kinds to follow besides at each step, if it is in the slice; None: none.
        besides: `int64[n]`, steps that the criterion depends on besides, and all that they depend on; None: none.

    Raises:
        CriterionError: there is no such thing in this run.
    """
    root = find_root(flow, criterion)
    count = len(flow)
    groups = no_groups(flow) if groups is None else groups
    if root.step is not None and not _is_over(groups, root, flow.trace.first):
        groups = groups.without(root.step)
    more = np.zeros(count, np.uint8) if more is None else more
    marks = np.zeros(2 * count + len(groups.rows), np.uint8)
    weights = np.zeros_like(marks)
    begins = _mark(root, besides, groups, marks, weights)
    if begins is not None:
        slice_kernel.sweep(
            begins, int(kinds), more, flow.trace.records, flow.trace.end.pc, flow.jumped, flow.sources,
            flow.writes if flow.trace.program.dialect.self_modifying else np.empty(0, np.int64),
            groups.loops, groups.rows, groups.loop_of, groups.row_of, marks, weights,
        )  # fmt: skip
    return Slice(flow, criterion, root, kinds, more, groups, marks, weights)


def _is_over(groups: LoopGroups, root: Root, first: int) -> bool:
    """Whether the loop that the criterion's step is in is over when it has its value."""
    loop = -1 if root.step is None else int(groups.loop_of[root.step])
    return loop < 0 or (not root.stands_alone and int(groups.loops[loop, CLOSED]) < root.moment - first)


def _mark(
    root: Root,
    besides: NDArray[np.int64] | None,
    groups: LoopGroups,
    marks: NDArray[np.uint8],
    weights: NDArray[np.uint8],
) -> int | None:
    """Marks what a slice begins with; returns the last of these steps."""
    count = len(groups.loop_of)
    steps = np.empty(0, np.int64) if besides is None else besides
    loops = groups.loop_of[steps]
    marks[np.where(loops < 0, steps, count + loops)] = slice_kernel.REACHED
    if root.step is None:
        return int(steps.max()) if len(steps) else None
    loop, at = int(groups.loop_of[root.step]), root.step
    if loop >= 0:
        marks[count + loop] = slice_kernel.REACHED
        at = 2 * count + int(groups.row_of[root.step])
    marks[at], weights[at] = slice_kernel.REACHED | LINEAR, 1
    return max(root.step, int(steps.max(initial=0)))
