"""What happened to each cell between two moments of a run: also to those that hold again what they held before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gpdebug.debugger.diff import Side
from gpdebug.debugger.errors import MoveError, SnapshotError
from gpdebug.debugger.timeline import Control

if TYPE_CHECKING:
    from gpdebug.debugger.comparing import Comparing
    from gpdebug.debugger.edits import Situation

MOST_CELLS = 1 << 20
"""Cells up to which changes are counted: more would take more memory than the counts are worth."""

_SLICE = 500_000


@dataclass(frozen=True, slots=True, eq=False)
class Rewritten:
    """Counts between two moments.

    Attributes:
        mask: `bool[cells]`: whose value was another one at some moment in between, or is now.
        changes: `int64[cells]`: how many writes, and edits, changed the value.
        writes: `int64[cells]`: how often it was written.
        last: `int64[cells]`: the step of its last write; -1: it was not written.
    """

    mask: NDArray[np.bool_]
    changes: NDArray[np.int64]
    writes: NDArray[np.int64]
    last: NDArray[np.int64]


def rewritten_between(session: Comparing, before: Side, after: Side, control: Control) -> Rewritten:
    """Counts what happened between two moments of the way on which a session stands; the session stays there.

    Args:
        session: which run.
        before: one of the moments.
        after: the other one, earlier or later.
        control: how the call is watched.

    Raises:
        SnapshotError: one is not of this run, or the memory is too large.
        MoveError: interrupted.
    """
    cells = session.settings.memory
    if cells > MOST_CELLS:
        raise SnapshotError(f"changes are counted in memories up to {MOST_CELLS:,} cells, this one has {cells:,}")
    low, high = sorted((before.state.steps, after.state.steps))
    for side in (before, after):
        if _at(session, side.state.steps, control).state != side.state:
            raise SnapshotError(f"{side.name} is no moment of this run: what changed on the way is not known")
    counts = _Counts(cells)
    for start, end in session.stretches(low, high):
        counts.take(_at(session, start, control), end, control)
    return counts.result()


class _Counts:
    """Counts over several stretches of a way, and the edits between them."""

    def __init__(self, cells: int) -> None:
        self._changes = np.zeros(cells, np.int64)
        self._writes = np.zeros(cells, np.int64)
        self._last = np.full(cells, -1, np.int64)
        self._reached: NDArray[np.uint8] | None = None

    def take(self, start: Situation, end: int, control: Control) -> None:
        """Counts from a moment up to a step before the next edit."""
        from vm.profile import Profiler

        if self._reached is not None:
            self._changes += start.state.memory != self._reached
        profiler = Profiler(start.program, start.data, start.settings, start=start.state)
        while not profiler.advance(end, _SLICE):
            control.report(profiler.steps)
            if control.wants_stop():
                raise MoveError(f"interrupted at step {profiler.steps:,}, before all changes were counted")
        profile = profiler.profile()
        self._changes += profile.changes
        self._writes += profile.writes
        self._last = np.maximum(self._last, profile.write_step)
        self._reached = profiler.snapshot().memory

    def result(self) -> Rewritten:
        """The counts."""
        return Rewritten(self._changes > 0, self._changes, self._writes, self._last)


def _at(session: Comparing, step: int, control: Control) -> Situation:
    found = session.situation_at(step, interrupt=control.interrupt, on_progress=control.on_progress)
    if found is None:
        raise MoveError(f"interrupted before step {step:,} was reached")
    return found
