"""An explanation as it is read: the nodes of a slice in the order in which they ran, in words, and what they add."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain import words
from gpdebug.explain.criteria import Criterion, JumpAt, OutputByte
from gpdebug.explain.dataflow import LoopGroups, dataflow, loop_groups
from gpdebug.explain.leaves import leaf_values
from gpdebug.explain.loop_kernel import CLOSED, OPENED
from gpdebug.explain.parts import Kind, Loop
from gpdebug.explain.replay import replay
from gpdebug.explain.slice_kernel import LINEAR
from gpdebug.explain.slices import Slice, slice_of
from gpdebug.explain.trace import WINDOW, trace_run
from gpdebug.wording import signed_byte, symbol_words, value_words
from vm.dialect import Io, Primitive
from vm.program import Program
from vm.settings import Settings
from vm.state import State

_ADDING = (Primitive.ADD, Primitive.SET)
_FOLDED = (Primitive.ADD, Primitive.MOVE0, Primitive.MOVE1)


@dataclass(frozen=True, slots=True)
class Node:
    """A step, some equal steps one after the other, or a loop.

    Attributes:
        first: the step of the run that it begins with.
        last: its last one.
        instruction: the first step's.
        last_instruction: the last step's.
        symbols: the instructions, as they are written.
        does: what it did, in words.
        effect: what one more in its result adds to the criterion, modulo 256; None: not by values alone.
        amount: what it adds to its cell, or sets it to; of other steps 0.
        added: the part of the criterion's value that this makes up, modulo 256.
        loop: what it is if it is a loop, in steps of the trace.
    """

    first: int
    last: int
    instruction: int
    last_instruction: int
    symbols: str
    does: str
    effect: int | None
    amount: int
    added: int
    loop: Loop | None = None


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why something is what it is.

    Attributes:
        slice: all that it depends on.
        title: what is explained, in words.
    """

    slice: Slice
    title: str

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """Every step and every loop of the slice, in the order in which they ran."""
        found = [self._step_node(step, step) for step in self.slice.steps.tolist()]
        found += [self._loop_node(loop) for loop in self.slice.loops]
        return tuple(sorted(found, key=lambda node: node.first))

    @cached_property
    def lines(self) -> NDArray[np.int64]:
        """`int64[lines, 3]`: first and last step, counted in the trace, and number of the loop or -1, of each line.

        A line is a loop, a step, or equal steps one after the other that do the same for the criterion.
        """
        flow, steps = self.slice.flow, self.slice.steps
        same = np.isin(flow.primitives[steps], _FOLDED)
        for column in (flow.symbols, self.slice.weights, self.slice.marks):
            same[1:] &= column[steps[1:]] == column[steps[:-1]]
        same[1:] &= (np.diff(steps) == 1) & (np.diff(flow.instructions[steps]) == 1)
        starts = np.flatnonzero(~same | (np.arange(len(steps)) == 0))
        ends = np.append(starts[1:], len(steps)) - 1 if len(steps) else starts
        runs = np.stack([steps[starts], steps[ends], np.full(len(starts), -1)], axis=1)
        numbers = self.slice.loop_numbers
        ends = self.slice.groups.loops[numbers][:, [OPENED, CLOSED]]
        table = np.concatenate([runs, np.column_stack([ends, np.arange(len(numbers))])])
        return table[np.argsort(table[:, 0])]

    def folded(self, begin: int = 0) -> tuple[Node, ...]:
        """The nodes of the lines, from one of the lines on."""
        return tuple(self.line_node(*line) for line in self.lines[begin:].tolist())

    def line_node(self, first: int, last: int, loop: int) -> Node:
        """The node of a line: see `lines`."""
        return self._step_node(first, last) if loop < 0 else self._loop_node(self.slice.loop(loop))

    @cached_property
    def line_effects(self) -> NDArray[np.int64]:
        """`int64[lines]`: the effect of each line's node, -1 where there is none."""
        firsts, loops = self.lines[:, 0], self.lines[:, 2]
        marks, weights = self.slice.marks[firsts], self.slice.weights[firsts]
        effects = np.where(marks & LINEAR != 0, weights.astype(np.int64), -1)
        for line in np.flatnonzero(loops >= 0).tolist():
            effect = _loop_effect(self.slice.loop(int(loops[line])))
            effects[line] = -1 if effect is None else effect
        return effects

    @cached_property
    def line_added(self) -> NDArray[np.int64]:
        """`int64[lines]`: the part of the value that each line's node makes up, modulo 256; of loops 0."""
        sums = np.concatenate([[0], np.cumsum(self.slice.contributions)])
        added = (sums[self.lines[:, 1] + 1] - sums[self.lines[:, 0]]) % 256
        return np.where(self.lines[:, 2] < 0, added, 0)

    @cached_property
    def terms(self) -> list[int]:
        """What leaves and lines add to the criterion, where it is not 0: as the smaller way round a byte."""
        values = leaf_values(self.slice.flow, self.slice.leaf_codes)
        leaves = values * np.maximum(self.slice.leaf_effects, 0) % 256
        return [signed_byte(term) for term in [*leaves.tolist(), *self.line_added.tolist()] if term]

    @cached_property
    def steps(self) -> int:
        """How many steps of the run it stands for, those in its loops included."""
        loops = self.slice.groups.loops[self.slice.loop_numbers]
        return len(self.slice.steps) + int((loops[:, CLOSED] - loops[:, OPENED] + 1).sum())

    @cached_property
    def of_steps(self) -> int:
        """How many steps there are up to what is explained, as far as they were looked at."""
        root = self.slice.root
        return root.moment - self.slice.flow.trace.first + root.stands_alone

    @cached_property
    def replayed(self) -> int | None:
        """What a frozen replay makes: the value, or the explanation is wrong. None: it follows no values."""
        return replay(self.slice) if self.slice.kinds & Kind.VALUE else None

    @cached_property
    def is_confirmed(self) -> bool:
        """Whether sum and replay make the value; where no values are followed there is nothing to check."""
        value = self.slice.root.value
        return not self.slice.kinds & Kind.VALUE or (self.replayed == value and self.slice.total == value)

    def _step_node(self, first: int, last: int) -> Node:
        flow, found = self.slice.flow, self.slice
        return Node(
            flow.trace.first + first,
            flow.trace.first + last,
            int(flow.instructions[first]),
            int(flow.instructions[last]),
            symbol_words(flow.symbols[first : last + 1].tolist()),
            words.step_words(flow, first, last),
            found.effect(first),
            flow.argument(first) * (last - first + 1) if flow.primitive(first) in _ADDING else 0,
            int(found.contributions[first : last + 1].sum()) % 256,
        )

    def _loop_node(self, loop: Loop) -> Node:
        flow = self.slice.flow
        first, last = int(flow.instructions[loop.opened]), int(flow.instructions[loop.closed])
        one_pass = flow.symbols[loop.opened : loop.opened + last - first + 1]
        symbols = symbol_words(one_pass.tolist())
        return Node(
            flow.trace.first + loop.opened,
            flow.trace.first + loop.closed,
            first,
            last,
            symbols,
            words.loop_words(loop),
            _loop_effect(loop),
            0,
            0,
            loop,
        )


def explain(
    program: Program,
    data: bytes,
    settings: Settings,
    criterion: Criterion,
    kinds: Kind = Kind.VALUE,
    *,
    grouped: bool = True,
    start: State | None = None,
    to_step: int | None = None,
    window: int = WINDOW,
    interrupt: Callable[[], bool] | None = None,
) -> Explanation:
    """Explains something about a run.

    Args:
        program: what is run.
        data: its input.
        settings: of the machine.
        criterion: what is asked.
        kinds: of dependence to follow.
        grouped: loops that are maps are one node each.
        start: a later moment of the run to begin at; None: its first.
        to_step: the moment that is meant by the end; None: the end of the run.
        window: the most steps to look at.
        interrupt: asked now and then whether to give up.

    Raises:
        Interrupted: it said so.
        CriterionError: there is no such thing in this run.
        VMError: the program or its input cannot be loaded.
    """
    output_byte = None
    if isinstance(criterion, JumpAt):
        to_step = criterion.step + 1
    elif not isinstance(criterion, OutputByte):
        to_step = to_step if criterion.step is None else criterion.step
    elif program.dialect.io is Io.STREAMS:
        output_byte = criterion.index
    trace = trace_run(
        program, data, settings, to_step=to_step, output_byte=output_byte, start=start, window=window,
        interrupt=interrupt,
    )  # fmt: skip
    flow = dataflow(trace)
    groups: LoopGroups | None = loop_groups(flow) if grouped else None
    found = slice_of(flow, criterion, kinds, groups=groups)
    return Explanation(found, _title(found))


def _loop_effect(loop: Loop) -> int | None:
    """What one more in a cell of the loop adds to the criterion, if it is the same for all of them."""
    effects = set(loop.effects.values())
    return effects.pop() if len(effects) == 1 else None


def _title(found: Slice) -> str:
    root, flow, criterion = found.root, found.flow, found.criterion
    value = value_words(root.value)
    by = _by(found)
    match criterion:
        case OutputByte():
            where = f" (cell {root.cell:,} at the end)" if flow.trace.program.dialect.io is Io.REGIONS else ""
            return f"output byte {criterion.index:,}{where} is {value}{by}"
        case JumpAt():
            at = int(flow.instructions[criterion.step - flow.trace.first])
            does = words.step_words(flow, criterion.step - flow.trace.first, criterion.step - flow.trace.first)
            return f"at step {criterion.step:,} instruction {at:,} finds that {does}"
    return f"cell {root.cell:,} at step {root.moment:,} is {value}{by}"


def _by(found: Slice) -> str:
    """Which step gave it its value."""
    root, flow = found.root, found.flow
    if root.step is None:
        return ", never written" if not flow.trace.first else f", not written since step {flow.trace.first:,}"
    symbol = symbol_words([int(flow.symbols[root.step])])
    instruction = f"{int(flow.instructions[root.step]):,} {symbol}"
    return f", written at step {flow.trace.first + root.step:,} by instruction {instruction}"
