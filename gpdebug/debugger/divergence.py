"""Where two runs first differ, from the first step on: both run in lockstep, a stretch at a time, and are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.debugger.edits import Situation, apply
from gpdebug.debugger.search import SearchInterruptedError
from gpdebug.debugger.timeline import Control, Timeline
from vm.state import State

STRETCH = 1 << 14
"""Steps that are compared at once."""


@dataclass(frozen=True, slots=True)
class Divergence:
    """Where two runs first differ.

    Attributes:
        state: the first step at which anything of their states differs; None: nothing ever does.
        path: the first step at which they are about to execute different instructions, or one of them has ended;
            None: they take the same way.
    """

    state: int | None
    path: int | None


def first_difference(one: Timeline, other: Timeline, control: Control) -> Divergence:
    """Compares two runs of machines with the same settings; it leaves both timelines somewhere.

    Raises:
        SearchInterruptedError: the user asked to stop.
    """
    found = _compared(one, other, control)
    for step in _forks(one, other):
        if found.state is not None and found.state <= step:
            break
        if _state_at(one, step) != _state_at(other, step):
            return Divergence(step, found.path)
    return found


def _forks(one: Timeline, other: Timeline) -> list[int]:
    """The steps at which an edit changed one run and not the other: it may be of a cell that no head is on."""
    trails = one.checkpoints.stretches, other.checkpoints.stretches
    return sorted(
        {stretch.start for stretch in (*trails[0], *trails[1]) if (stretch in trails[0]) != (stretch in trails[1])}
    )


def _state_at(timeline: Timeline, step: int) -> State:
    timeline.go_to(step)
    return timeline.state()


def _compared(one: Timeline, other: Timeline, control: Control) -> Divergence:
    """The difference that the records show."""
    from vm.machine import PC_BITS

    state: int | None = None
    step = 0
    first, second = _Records(one), _Records(other)
    if first.start != second.start:
        state = 0
    while True:
        control.report(step)
        if control.wants_stop():
            raise SearchInterruptedError
        mine, theirs = first.take(), second.take()
        shared = min(len(mine), len(theirs))
        if not shared or not np.array_equal(mine, theirs):
            unequal = mine[:shared] != theirs[:shared]
            if state is None and unequal.any():
                state = step + int(np.argmax(unequal.any(axis=1)))
            paths = (mine[:shared, 0] & PC_BITS) != (theirs[:shared, 0] & PC_BITS)
            if paths.any():
                return Divergence(state, step + int(np.argmax(paths)))
            if len(mine) != len(theirs):
                return Divergence(step + shared if state is None else state, step + shared)
        if not shared:
            return _ended(first.end, second.end, step, state)
        step += shared


def _ended(one: State, other: State, step: int, state: int | None) -> Divergence:
    """The difference of runs that ended at the same step, if they were alike up to there, or else from `state` on."""
    path = step if (one.pc, one.status) != (other.pc, other.status) else None
    return Divergence(step if state is None and one != other else state, path)


class _Records:
    """The records of a run, of all its stretches one after the other: see `vm.machine.Machine.trace`.

    What is taken is good until the next is.

    Attributes:
        start, end: the first state, and, once no records are left, the last one.
    """

    def __init__(self, timeline: Timeline) -> None:
        self._left = np.empty((0, 3), np.int64)
        self._is_over = False
        first = timeline.checkpoints.stretches[0]
        self.start: State = first.checkpoints.load(first.start)
        self.end = self.start
        self._parts = self._run(timeline)

    def take(self) -> NDArray[np.int64]:
        """The next `STRETCH` records, fewer only at the end."""
        while len(self._left) < STRETCH and not self._is_over:
            part = next(self._parts, None)
            if part is None:
                self._is_over = True
            else:
                whole = len(part) == STRETCH and not len(self._left)
                self._left = part if whole else np.concatenate([self._left, part])
        taken, self._left = self._left[:STRETCH], self._left[STRETCH:]
        return taken

    def _run(self, timeline: Timeline) -> Iterator[NDArray[np.int64]]:
        from vm.machine import Machine

        trail, state, buffer = timeline.checkpoints, self.start, np.empty((STRETCH, 3), np.int64)
        for stretch in trail.stretches:
            following = trail.following(stretch)
            machine = Machine(stretch.program, stretch.data, timeline.settings)
            machine.restore(state)
            while following is None or machine.steps < following.start:
                room = STRETCH if following is None else min(STRETCH, following.start - machine.steps)
                records = buffer[:room]
                made = machine.trace(records)
                if made:
                    yield records[:made]
                if made < room:
                    break
            if following is not None:
                before = Situation(stretch.program, stretch.data, timeline.settings, machine.snapshot())
                state = apply(following.edits, before).state
        machine.settle()
        self.end = machine.snapshot()
