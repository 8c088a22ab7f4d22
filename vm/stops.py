"""Stops inside a run: where they are, their conditions and hit rules, as the machines need them.

A machine *arrives* at a moment when it has made the step before it. It is then that stops are looked at, with the
state of that moment. A moment where a run is begun, or gone on with, is no arrival.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from vm.conditions import Condition
from vm.state import State, Status
from vm.touch import Access, Touch


class HitKind(IntEnum):
    """How the number of hits decides whether a stop fires."""

    ALWAYS = 0
    EQUAL = 1
    AT_LEAST = 2
    EVERY = 3


@dataclass(frozen=True, slots=True)
class HitRule:
    """Fires always, on hit `== count`, from hit `>= count` on, or on every `% count`-th hit."""

    kind: HitKind = HitKind.ALWAYS
    count: int = 1

    def __post_init__(self) -> None:
        if self.count < 1:
            raise ValueError(f"a hit count must be at least 1, not {self.count}")

    def allows(self, hits: int) -> bool:
        """Whether the `hits`-th hit, from 1, fires."""
        match self.kind:
            case HitKind.EQUAL:
                return hits == self.count
            case HitKind.AT_LEAST:
                return hits >= self.count
            case HitKind.EVERY:
                return hits % self.count == 0
            case _:
                return True

    def __str__(self) -> str:
        sign = {HitKind.EQUAL: "==", HitKind.AT_LEAST: ">=", HitKind.EVERY: "%"}.get(self.kind)
        return f"{sign} {self.count}" if sign else ""


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells that are watched: `size` of them from `low` on, which wrap around at the end of the memory.

    Attributes:
        low: the first cell, or its distance from a head.
        size: how many; at least 1, at most the whole memory.
        head: 0 or 1: `low` counts from where this head is when the access happens; None: from cell 0.
        access: which accesses count; a change is a write of another value.
    """

    low: int
    size: int = 1
    head: int | None = None
    access: Access = Access.CHANGE

    def cover(self, cell: int | None, state: State) -> bool:
        """Whether a cell is one of them."""
        if cell is None:
            return False
        base = 0 if self.head is None else state.head1 if self.head else state.head0
        return (cell - base - self.low) % len(state.memory) < self.size

    def touched(self, touch: Touch, state: State) -> bool:
        """Whether a step that ended in `state` accessed them. No access moves a head, so the heads are as then."""
        if self.access & Access.READ and self.cover(touch.read, state):
            return True
        if not self.cover(touch.written, state):
            return False
        changed = state.memory[touch.written] != touch.old
        return bool(self.access & Access.WRITE or (self.access & Access.CHANGE and changed))


@dataclass(frozen=True, slots=True)
class Stream:
    """A byte is appended to the output stream, or taken from the input stream."""

    access: Access


@dataclass(frozen=True, slots=True)
class Change:
    """The value of an expression is another one than at the moment before. `hits` is 0 in it."""

    expression: Condition


Place = int | Cells | Stream | Change
"""Where a stop is: at an instruction about to be executed, or at what a step has just done."""


@dataclass(frozen=True, slots=True)
class Stop:
    """Is hit when a moment is at its place and its condition holds there; fires if its hit rule then allows it.

    Attributes:
        place: an instruction's index, or what a step must have done.
        condition: must be non-zero at the moment.
        rule: which of the hits fire.
        after: index of the stop in the set that arms this one: it is not hit before the step after the first at
            which that one fired. None: armed from the start.
        quiet: it is counted, and arms others, but the machine neither comes back for it nor notes the step.
    """

    place: Place
    condition: Condition | None = None
    rule: HitRule = HitRule()
    after: int | None = None
    quiet: bool = False


class Mode(IntEnum):
    """What a machine does when stops fire."""

    PAUSE = 0
    """It comes back."""
    COUNT = 1
    """It runs on."""
    COLLECT = 2
    """It notes the step and runs on, until there is no more room for steps."""


HITS, FIRES, FIRED, VALUES, LAST_HITS, LAST_FIRES, LAST_FIRED = range(7)
MODE, LAST_STEP, COLLECTED = range(3)


class StopSet:
    """The stops of a run and how often each was hit on the way: place, armed, condition, then count.

    Attributes:
        stops: in the order in which they are reported.
        mode: what happens when some fire.
        counts: `int64[7, stops + 1]`, kept by the machine that runs: for each stop its hits, how often it fired,
            whether it did at the last arrival that was looked at, the value of its expression, and hits, firings
            and whether it fired as they were when last some stop fired. In the last column, the mode, the step
            where last some stop fired, or -1, and how many steps are collected.
        steps: `int64[room]`, collected.
        is_watching: whether a stop is at anything but an instruction.
    """

    def __init__(self, stops: Sequence[Stop], *, mode: Mode = Mode.PAUSE, room: int = 0) -> None:
        self.stops = tuple(stops)
        self.is_watching = any(not isinstance(stop.place, int) for stop in self.stops)
        self._instructions = frozenset(stop.place for stop in self.stops if isinstance(stop.place, int))
        self._quiet = np.array([stop.quiet for stop in self.stops], np.bool_)
        self.counts = np.zeros((7, len(self.stops) + 1), np.int64)
        self.steps = np.zeros(room, np.int64)
        self.counts[LAST_STEP, -1] = -1
        self.mode = mode

    @property
    def mode(self) -> Mode:
        """What happens when some fire."""
        return Mode(int(self.counts[MODE, -1]))

    @mode.setter
    def mode(self, mode: Mode) -> None:
        self.counts[MODE, -1] = mode

    @property
    def hits(self) -> NDArray[np.int64]:
        """`int64[stops]`: how often each was hit; part of the position in a run. A view: it can be written."""
        return self.counts[HITS, :-1]

    @property
    def fires(self) -> NDArray[np.int64]:
        """`int64[stops]`: how often each fired; part of the position in a run. A view: it can be written."""
        return self.counts[FIRES, :-1]

    @property
    def fired(self) -> NDArray[np.int64]:
        """`int64[stops]`: 1 for those that fired at the last arrival that was looked at."""
        return self.counts[FIRED, :-1]

    @property
    def last_step(self) -> int:
        """The last step at which some stop fired, -1 if none has."""
        return int(self.counts[LAST_STEP, -1])

    def forget_last(self) -> None:
        """Makes it that no stop has fired yet, as far as `last_step` tells."""
        self.counts[LAST_STEP, -1] = -1

    def to_last(self) -> None:
        """Makes hits, firings and who fired those of the last step at which some stop fired."""
        self.counts[HITS : FIRED + 1, :-1] = self.counts[LAST_HITS:, :-1]

    def collected(self) -> NDArray[np.int64]:
        """The collected steps, taken out."""
        count = int(self.counts[COLLECTED, -1])
        self.counts[COLLECTED, -1] = 0
        return self.steps[:count].copy()

    def concerns(self, pc: int) -> bool:
        """Whether a moment with this pc has to be looked at."""
        return self.is_watching or pc in self._instructions

    def begin(self, state: State, *, data: bytes, output: bytes) -> None:
        """Notes the values of expressions where a run begins or goes on."""
        for index, stop in enumerate(self.stops):
            if isinstance(stop.place, Change):
                value = stop.place.expression.value(state, data=data, output=output, hits=0)
                self.counts[VALUES, index] = value

    def arrive(self, state: State, touch: Touch | None, *, limit: int, data: bytes, output: bytes) -> bool:
        """Counts the hits of a moment that was just reached; whether the machine is to pause there.

        Args:
            state: the moment; that of an instruction that faults may tell so or not.
            touch: what the step to it did; None at step 0.
            limit: the step limit; an instruction that it forbids is not about to be executed.
            data: the whole input.
            output: the output as of the moment (`vm.state.output_of`).
        """
        runs_on = (state.status is Status.RUNNING or state.status.is_fault) and state.steps < limit
        self.fired[:] = 0
        for index, stop in enumerate(self.stops):
            if isinstance(stop.place, Change):
                value = stop.place.expression.value(state, data=data, output=output, hits=0)
                if value == self.counts[VALUES, index]:
                    continue
                self.counts[VALUES, index] = value
            elif not _is_at(stop.place, state, touch, runs_on):
                continue
            if stop.after is not None and not self.fires[stop.after]:
                continue
            hits = int(self.hits[index]) + 1
            if stop.condition and not stop.condition.value(state, data=data, output=output, hits=hits):
                continue
            self.hits[index] = hits
            self.fired[index] = stop.rule.allows(hits)
        self.counts[FIRES, :-1] += self.fired
        return self._fire(state.steps) if (self.fired > self._quiet).any() else False

    def _fire(self, step: int) -> bool:
        self.counts[LAST_HITS:, :-1] = self.counts[HITS : FIRED + 1, :-1]
        self.counts[LAST_STEP, -1] = step
        if self.mode is not Mode.COLLECT:
            return self.mode is Mode.PAUSE
        self.steps[self.counts[COLLECTED, -1]] = step
        self.counts[COLLECTED, -1] += 1
        return bool(self.counts[COLLECTED, -1] == len(self.steps))


def _is_at(place: int | Cells | Stream, state: State, touch: Touch | None, runs_on: bool) -> bool:
    if isinstance(place, int):
        return runs_on and place == state.pc
    if touch is None:
        return False
    return place.touched(touch, state) if isinstance(place, Cells) else bool(place.access & touch.stream)
