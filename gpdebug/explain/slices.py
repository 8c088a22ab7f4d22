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
from gpdebug.explain.edges import Edges
from gpdebug.explain.event_kernel import BEFORE
from gpdebug.explain.loop_kernel import CLOSED, COUNTER, OPENED, PASSES, STEP, SUM
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
        groups: the loops that are one node.
        marks: `uint8`, of steps, loops and rows: see `slice_kernel.sweep`.
        weights: `uint8`, of the same.
    """

    flow: Dataflow
    criterion: Criterion
    root: Root
    kinds: Kind
    groups: LoopGroups
    marks: NDArray[np.uint8]
    weights: NDArray[np.uint8]

    @cached_property
    def steps(self) -> NDArray[np.intp]:
        """The steps in it, in order, but for those in its loops."""
        return np.flatnonzero((self.marks[: len(self.flow)] != 0) & (self.groups.loop_of < 0))

    @cached_property
    def loops(self) -> tuple[Loop, ...]:
        """The loops in it that are one node each, in order."""
        return tuple(self._loop(self.groups.loops[loop].tolist()) for loop in self._loop_numbers)

    @cached_property
    def leaves(self) -> dict[Leaf, int | None]:
        """Where it ends, and what one more there adds to the criterion, modulo 256; None: not by values alone."""
        if self.root.step is None:
            return {self._edges.cell_leaf(self.root.cell): 1}
        found: dict[Leaf, int | None] = {}
        sources = self.flow.sources[:, self.steps]
        near = (sources == BEFORE).any(axis=0) | (self.flow.primitives[self.steps] == Primitive.READ)
        if self.kinds & Kind.CODE:
            near |= self.flow.jumped[self.steps]
        for edge in self._edges_of(self.steps[near]):
            if isinstance(edge.source, Leaf):
                before = found.get(edge.source)
                found[edge.source] = before if edge.effect is None else ((before or 0) + edge.effect) % 256
        return found

    def __len__(self) -> int:
        return len(self.steps) + len(self.loops)

    def edges(self) -> Iterator[Edge]:
        """All dependences in it."""
        return self._edges_of(self.steps)

    def _edges_of(self, steps: NDArray[np.intp]) -> Iterator[Edge]:
        """What some steps depend on, and all loops."""
        for step in steps.tolist():
            yield from self._edges.of_step(step)
        for loop in self._loop_numbers:
            yield from self._edges.of_loop(loop)

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
        leaves = sum(leaf.value * (effect or 0) for leaf, effect in self.leaves.items())
        return (leaves + int(self.contributions.sum())) % 256

    @cached_property
    def _edges(self) -> Edges:
        return Edges(self.flow, self.groups, self.kinds, self.marks, self.weights)

    @cached_property
    def _loop_numbers(self) -> list[int]:
        count = len(self.flow)
        numbers: list[int] = np.flatnonzero(self.marks[count : count + len(self.groups.loops)]).tolist()
        return numbers

    def _loop(self, columns: list[int]) -> Loop:
        rows = list(self._edges.rows(columns))
        sums = {cell: int(self.groups.rows[row, SUM]) for row, cell, _ in rows}
        effects = {cell: effect for _, cell, effect in rows}
        return Loop(
            columns[OPENED], columns[CLOSED], columns[PASSES], columns[COUNTER], columns[STEP], sums, effects
        )  # fmt: skip


def slice_of(
    flow: Dataflow, criterion: Criterion, kinds: Kind = Kind.VALUE, *, groups: LoopGroups | None = None
) -> Slice:
    """Everything that a criterion depends on.

    Args:
        flow: the dependences of a run.
        criterion: what is asked.
        kinds: of dependence to follow.
        groups: loops that are one node (`loop_groups`); None: every step stays apart.

    Raises:
        CriterionError: there is no such thing in this run.
    """
    root = find_root(flow, criterion)
    count = len(flow)
    groups = no_groups(flow) if groups is None else groups
    if root.step is not None and not _is_over(groups, root, flow.trace.first):
        groups = groups.without(root.step)
    marks = np.zeros(2 * count + len(groups.rows), np.uint8)
    weights = np.zeros_like(marks)
    if root.step is not None:
        slice_kernel.sweep(
            root.step, int(kinds), flow.trace.records, flow.trace.end.pc, flow.jumped, flow.sources,
            flow.writes if flow.trace.program.dialect.self_modifying else np.empty(0, np.int64),
            groups.loops, groups.rows, groups.loop_of, groups.row_of, marks, weights,
        )  # fmt: skip
    return Slice(flow, criterion, root, kinds, groups, marks, weights)


def _is_over(groups: LoopGroups, root: Root, first: int) -> bool:
    """Whether the loop that the criterion's step is in is over when it has its value."""
    loop = -1 if root.step is None else int(groups.loop_of[root.step])
    return loop < 0 or (not root.stands_alone and int(groups.loops[loop, CLOSED]) < root.moment - first)
