"""The edges of a slice as arrays, and the leaves that they end in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain import code_kernel, event_kernel
from gpdebug.explain.criteria import Root
from gpdebug.explain.dataflow import Dataflow, LoopGroups
from gpdebug.explain.event_kernel import ADDRESS0, ADDRESS1, BEFORE, CONTROL, VALUE
from gpdebug.explain.leaves import HEAD, INPUT, SPARE, TEST, UNSEEN_CODE, leaf_codes
from gpdebug.explain.loop_kernel import CELL, CLOSED, COUNTER, END_ROW, FIRST, FIRST_ROW, MOVES1, OPENED, WEIGHT
from gpdebug.explain.parts import Kind
from gpdebug.explain.slice_kernel import LINEAR
from vm.dialect import Primitive

Ints = NDArray[np.int64]
Ints32 = NDArray[np.int32]

MOST_CODE = 1_000_000
"""Code dependences that are listed, of a longer list those of the latest steps; the others are cuts."""
NOWHERE, NO_EFFECT = -1, -1


@dataclass(frozen=True, slots=True, eq=False)
class EdgeTable:
    """Edges, ordered by their targets. Steps are counted in the trace; a loop that is one node is its first one.

    Attributes:
        target: `int32[edges]`, the step that depends; of a criterion that is no step the number of all steps.
        source: `int32[edges]`, on which; or, less than 0, -1 minus the number of a leaf.
        kind: `int32[edges]`, a `Kind`.
        cell: `int32[edges]`, of a loop which cell's value depends, else -1.
        weight: `int32[edges]`, 0 to 255, see `Edge`.
        effect: `int32[edges]`, modulo 256, or -1: not by values alone.
        target_row: `int32[edges]`, the row of a loop whose value depends, or -1.
        source_row: `int32[edges]`, the row of a loop that it depends on, or -1.
        leaves: `int64[leaves]`, codes, see `gpdebug.explain.leaves`; in the order of the first step that needs each.
    """

    target: Ints32
    source: Ints32
    kind: Ints32
    cell: Ints32
    weight: Ints32
    effect: Ints32
    target_row: Ints32
    source_row: Ints32
    leaves: Ints

    def __len__(self) -> int:
        return len(self.target)


@dataclass(frozen=True, slots=True, eq=False)
class _Family:
    """Some edges of one kind: which steps depend on what; less than `LEAF` stand codes of leaves."""

    target: Ints
    source: Ints
    kind: Kind
    cell: Ints | int = NOWHERE
    weight: Ints | int = 0
    effect: Ints | int = NO_EFFECT
    row: Ints | int = NOWHERE

    def where(self, chosen: NDArray[np.bool_]) -> _Family:
        """Some of them."""
        columns = (self.cell, self.weight, self.effect, self.row)
        cell, weight, effect, row = (one if isinstance(one, int) else one[chosen] for one in columns)
        return _Family(self.target[chosen], self.source[chosen], self.kind, cell, weight, effect, row)


LEAF = -2
"""The code of a leaf stands as `LEAF` minus it."""


@dataclass(frozen=True, slots=True, eq=False)
class EdgeReader:
    """Reads the edges of a slice from the dependences of a run.

    Attributes:
        flow: the dependences of the run.
        groups: the loops that are one node.
        root: where the criterion lies.
        kinds: of dependence that the slice has.
        more: `uint8[steps]`, kinds that are followed besides at each step.
        marks: of steps, loops and rows: see `slice_kernel.sweep`.
        weights: of the same.
        only_leaves: read no edges but those that end in leaves.
    """

    flow: Dataflow
    groups: LoopGroups
    root: Root
    kinds: Kind
    more: NDArray[np.uint8]
    marks: NDArray[np.uint8]
    weights: NDArray[np.uint8]
    only_leaves: bool = False
    _loops: Ints = field(init=False, repr=False)

    def __post_init__(self) -> None:
        count = len(self.flow)
        marked = np.flatnonzero(self.marks[count : count + len(self.groups.loops)])
        object.__setattr__(self, "_loops", self.groups.loops[marked])

    def read(self) -> EdgeTable:
        """All of them."""
        count = len(self.flow)
        steps = np.flatnonzero((self.marks[:count] != 0) & (self.groups.loop_of < 0))
        return self._table([*self._of_steps(steps), *self._of_loops(), *self._of_code(steps), *self._of_criterion()])

    def _follows(self, steps: Ints, kind: Kind) -> NDArray[np.bool_]:
        """At which of some steps a kind is followed."""
        if self.kinds & kind:
            return np.ones(len(steps), np.bool_)
        followed: NDArray[np.bool_] = self.more[steps] & kind != 0
        return followed

    def _of_steps(self, steps: Ints) -> Iterator[_Family]:
        effect = self._effects(steps)
        yield from self._inputs(steps, effect)
        if self.kinds & Kind.VALUE:
            yield from self._family(steps, steps, VALUE, Kind.VALUE, weight=1, effect=effect)
        for row in (ADDRESS0, ADDRESS1):
            followed = steps[self._follows(steps, Kind.ADDRESS)]
            yield from self._family(followed, followed, row, Kind.ADDRESS)
        followed = steps[self._follows(steps, Kind.CONTROL)]
        yield from self._family(followed, followed, CONTROL, Kind.CONTROL)

    def _inputs(self, steps: Ints, effect: Ints) -> Iterator[_Family]:
        if not self.kinds & Kind.VALUE:
            return
        flow = self.flow
        reads = flow.primitives[steps] == Primitive.READ
        reads[reads] = flow.inputs[steps[reads]] < len(flow.trace.data)
        found = leaf_codes(INPUT, flow.inputs[steps[reads]])
        yield _Family(steps[reads], LEAF - found, Kind.VALUE, weight=1, effect=effect[reads])

    def _of_loops(self) -> Iterator[_Family]:
        loops = self._loops
        opened = loops[:, OPENED]
        if self.kinds & Kind.VALUE:
            yield from self._sums()
            counted = self._follows(opened, Kind.CONTROL)
            cell = loops[counted, COUNTER]
            yield from self._family(opened[counted], opened[counted], VALUE, Kind.VALUE, cell=cell)
        moves, follows = loops[:, MOVES1], self._follows(opened, Kind.ADDRESS)
        yield from self._family(opened[follows], opened[follows], ADDRESS0, Kind.ADDRESS)
        both = (moves >= 0) & follows
        yield from self._family(opened[both], moves[both], ADDRESS1, Kind.ADDRESS)
        followed = opened[self._follows(opened, Kind.CONTROL)]
        yield from self._family(followed, followed, CONTROL, Kind.CONTROL)

    def _sums(self) -> Iterator[_Family]:
        """Of each cell that a loop gives a sum: on what it was, and on the counter."""
        loops, rows = self._loops, self.groups.rows
        sizes = loops[:, END_ROW] - loops[:, FIRST_ROW]
        of = np.repeat(np.arange(len(loops)), sizes)
        row = np.arange(len(of)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + loops[of, FIRST_ROW]
        chosen = (self.marks[2 * len(self.flow) + row] != 0) & (rows[row, CELL] != loops[of, COUNTER])
        of, row = of[chosen], row[chosen]
        opened, cell, weight = loops[of, OPENED], rows[row, CELL], rows[row, WEIGHT]
        effect = self._effects(2 * len(self.flow) + row)
        through = np.where(effect < 0, NO_EFFECT, effect * weight % 256)
        yield from self._family(opened, rows[row, FIRST], VALUE, Kind.VALUE, cell, 1, effect, row)
        yield from self._family(opened, opened, VALUE, Kind.VALUE, cell, weight, through, row)

    def _effects(self, at: Ints) -> Ints:
        return np.where(self.marks[at] & LINEAR, self.weights[at].astype(np.int64), NO_EFFECT)

    def _family(
        self, target: Ints, step: Ints, row: int, kind: Kind, cell: Ints | int = NOWHERE, weight: Ints | int = 0,
        effect: Ints | int = NO_EFFECT, to: Ints | int = NOWHERE,
    ) -> Iterator[_Family]:  # fmt: skip
        """What some nodes depend on by a row of the sources of one of their steps."""
        source = self.flow.sources[row, step].astype(np.int64)
        found = _Family(target, source, kind, cell, weight, effect, to)
        chosen = source == BEFORE if self.only_leaves else source != event_kernel.NONE
        found, step = found.where(chosen), step[chosen]
        before = found.source == BEFORE
        found.source[before] = LEAF - self._codes(step[before], row)
        yield found

    def _codes(self, step: Ints, row: int) -> Ints:
        """What was there at the beginning that steps depend on."""
        if row in (ADDRESS0, ADDRESS1):
            return leaf_codes(HEAD, np.full(len(step), int(row == ADDRESS1)))
        if row == CONTROL:
            return leaf_codes(TEST, np.zeros(len(step), np.int64))
        cells = self.flow.read[step].astype(np.int64)
        spare = self.flow.primitives[step] == Primitive.UNSTASH
        return np.where(spare, leaf_codes(SPARE, np.zeros_like(cells)), cells)

    def _of_code(self, steps: Ints) -> Iterator[_Family]:
        if not self.flow.trace.program.dialect.self_modifying:
            return
        followed = steps[self._follows(steps, Kind.CODE)]
        loops = self._loops[self._follows(self._loops[:, OPENED], Kind.CODE)]
        inside = [np.arange(loop[OPENED], loop[CLOSED] + 1) for loop in loops]
        followed = np.sort(np.concatenate([followed, *inside]))
        if not len(followed):
            return
        trace, owner = self.flow.trace, self._nodes(followed)
        begins = np.zeros(len(followed) + 1, np.int64)
        cells, sources = np.empty(MOST_CODE, np.int32), np.empty(MOST_CODE, np.int32)
        done = code_kernel.code_sources(
            followed, trace.records, trace.end.pc, self.flow.jumped, self.flow.writes, begins, cells, sources
        )
        sizes, count = np.diff(begins[: done + 1]), int(begins[done])
        target = np.repeat(owner[::-1][:done], sizes)
        source, cell = sources[:count].astype(np.int64), cells[:count].astype(np.int64)
        chosen = source == BEFORE if self.only_leaves else self._nodes(source) != target
        source = np.where(source == BEFORE, LEAF - cell, source)
        yield _Family(target[chosen], source[chosen], Kind.CODE)
        rest = owner[: len(followed) - done]
        yield _Family(rest, LEAF - leaf_codes(UNSEEN_CODE, np.zeros(len(rest), np.int64)), Kind.CODE)

    def _of_criterion(self) -> Iterator[_Family]:
        root = self.root
        if not root.stands_alone and not (self.only_leaves and root.step is not None):
            source = LEAF - root.cell if root.step is None else root.step
            yield _Family(np.array([len(self.flow)]), np.array([source]), Kind.VALUE, weight=1, effect=1)

    def _nodes(self, steps: Ints) -> Ints:
        """The first step of the node that each step belongs to; what is no step stays as it is."""
        if not len(self.groups.loops):
            return steps
        loop = np.where(steps >= 0, self.groups.loop_of[np.maximum(steps, 0)], NOWHERE)
        return np.where(loop >= 0, self.groups.loops[loop, OPENED], steps)

    def _table(self, families: list[_Family]) -> EdgeTable:
        sizes = [len(family.target) for family in families]
        target = _column([family.target for family in families], sizes)
        order = np.argsort(target, kind="stable")
        source = _column([family.source for family in families], sizes)[order]
        kind = _column([int(family.kind) for family in families], sizes)[order]
        cell = _column([family.cell for family in families], sizes)[order]
        weight = _column([family.weight for family in families], sizes)[order]
        effect = _column([family.effect for family in families], sizes)[order]
        row = _column([family.row for family in families], sizes)[order]
        ends = np.flatnonzero(source <= LEAF)
        codes, first, numbers = np.unique(LEAF - source[ends], return_index=True, return_inverse=True)
        by_first = np.argsort(first)
        rank = np.empty(len(codes), np.int64)
        rank[by_first] = np.arange(len(codes))
        is_step = source >= 0
        written = np.where(is_step, self.groups.row_of[np.maximum(source, 0)], NOWHERE) if len(self.flow) else source
        written = written.astype(np.int64, copy=False)
        source = self._nodes(source)
        source[ends] = -1 - rank[numbers.reshape(-1)]
        columns = (target[order], source, kind, cell, weight, effect, row, written)
        short: list[Ints32] = [column.astype(np.int32) for column in columns]
        return EdgeTable(
            short[0], short[1], short[2], short[3], short[4], short[5], short[6], short[7], codes[by_first]
        )  # fmt: skip


def _column(parts: list[Ints] | list[int] | list[Ints | int], sizes: list[int]) -> Ints:
    """Values of all families one after the other; a number stands for as many as there are edges."""
    full = [np.full(size, part) if isinstance(part, int) else part for part, size in zip(parts, sizes, strict=True)]
    return np.concatenate([np.empty(0, np.int64), *full]).astype(np.int64, copy=False)
