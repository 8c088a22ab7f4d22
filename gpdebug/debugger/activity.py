"""How much happens along a run, and where it writes its output: counted once, piece by piece, as a line can show it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.debugger.places import Event, OnEvent, machine_place
from gpdebug.debugger.timeline import Arrival, Control, Timeline
from vm.stops import Cells, Mode, Stop, StopSet
from vm.touch import Access

STRETCHES = 512
"""The most stretches that are told apart."""


@dataclass(frozen=True, slots=True)
class Activity:
    """What happened in stretches of equal length from step 0 on.

    Attributes:
        length: steps of a stretch, a power of two.
        reached: the moment up to which was counted; the last stretch may be cut off there.
        changes: how many steps of each stretch gave a cell another value.
        outputs: how many wrote a byte of the output.
    """

    length: int = 1
    reached: int = 0
    changes: tuple[int, ...] = ()
    outputs: tuple[int, ...] = ()


class ActivitySurvey:
    """Counts along a branch. The stretches double in length whenever the run turns out to be longer."""

    def __init__(self, timeline: Timeline) -> None:
        """Begins at step 0.

        Args:
            timeline: the branch; it is moved.
        """
        self._timeline = timeline
        self._length, self._reached = 1, 0
        self._counts: NDArray[np.int64] = np.zeros((2, STRETCHES), np.int64)
        memory = timeline.settings.memory
        dialect, settings = timeline.program.dialect, timeline.settings
        output = machine_place(OnEvent(Event.OUTPUT), dialect, settings, 0)
        stops = [Stop(Cells(0, memory, access=Access.CHANGE))]
        self._set = StopSet(stops if output is None else [*stops, Stop(output)], mode=Mode.COUNT)

    def is_of(self, timeline: Timeline) -> bool:
        """Whether it is about this branch, as it is now."""
        return timeline is self._timeline

    def look(self, control: Control) -> bool:
        """Counts on to the end of the run, or, where that is not known, to the farthest step that was seen.

        Leaves the timeline anywhere.

        Returns:
            Whether it came there; if not, it was interrupted, and goes on from there the next time.
        """
        line = self._timeline
        until = line.farthest
        while until > self._length * STRETCHES:
            self._halve()
        if self._reached < until:
            line.go_to(self._reached)
        while self._reached < until:
            stretch = self._reached // self._length
            before = self._set.hits.copy()
            arrival = line.advance(self._set, until=min(until, (stretch + 1) * self._length), control=control)
            self._reached = line.step
            hits = self._set.hits - before
            self._counts[: len(hits), stretch] += hits
            if arrival is Arrival.INTERRUPTED:
                return False
        return True

    def found(self) -> Activity:
        """What was counted as yet."""
        stretches = -(-self._reached // self._length)
        changes, outputs = self._counts[:, :stretches].tolist()
        return Activity(self._length, self._reached, tuple(changes), tuple(outputs))

    def _halve(self) -> None:
        """Joins each two stretches."""
        joined = self._counts.reshape(2, -1, 2).sum(axis=2)
        self._counts = np.concatenate([joined, np.zeros_like(joined)], axis=1)
        self._length *= 2
