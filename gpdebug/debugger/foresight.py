"""Where stops would stop a run, all along it: found once, piece by piece, thinned out to what a line can show."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpdebug.debugger.armed_stops import ArmedStops
from gpdebug.debugger.timeline import Arrival, Control, Timeline
from vm.state import output_of

MOST = 2048
"""Steps that are kept."""
_ROOM = 1 << 16
"""Steps that the machine notes before they are thinned out."""


class Thinned:
    """Steps in their order; of more than there is room for, the first of each stretch of equal length.

    Attributes:
        steps: `int64[at most MOST]`.
        count: how many there were.
    """

    def __init__(self, most: int = MOST) -> None:
        self.steps: NDArray[np.int64] = np.zeros(0, np.int64)
        self.count = 0
        self._most, self._stretch = most, 1

    def add(self, steps: NDArray[np.int64]) -> None:
        """Takes later steps."""
        self.count += len(steps)
        kept = np.concatenate([self.steps, steps])
        while True:
            _, first = np.unique(kept // self._stretch, return_index=True)
            kept = kept[first]
            if len(kept) <= self._most:
                break
            self._stretch *= 2
        self.steps = kept


class Foresight:
    """The moments of a branch at which the stops of the user would stop a run that comes to them.

    Attributes:
        found: those up to where it has looked.
    """

    def __init__(self, timeline: Timeline, armed: ArmedStops) -> None:
        """Begins at step 0.

        Args:
            timeline: the branch; it is moved.
            armed: the stops; used for nothing else.
        """
        self._timeline = timeline
        self._armed = armed
        self._reached = self._ended = -1
        self._before_last = armed.set.fires.copy()
        self.found = Thinned()
        armed.collect(_ROOM)

    def is_of(self, timeline: Timeline) -> bool:
        """Whether it is about this branch, as it is now."""
        return timeline is self._timeline

    def look(self, control: Control) -> bool:
        """Looks on to the end of the run, or, where that is not known, to the farthest step that was seen.

        Leaves the timeline anywhere.

        Returns:
            Whether it came there; if not, it was interrupted, and goes on from there the next time.
        """
        line, armed = self._timeline, self._armed
        if not (armed.stops or armed.endings):
            return True
        until = line.farthest
        if self._reached < 0:
            self._begin()
        elif self._reached < until:
            line.go_to(self._reached)
        while self._reached < until:
            is_last = self._reached == until - 1
            if is_last:
                self._before_last = armed.set.fires.copy()
            bound = until if is_last else until - 1
            arrival = line.advance(armed.set if armed.stops else None, until=bound, control=control)
            self._reached = line.step
            self.found.add(armed.set.collected())
            if arrival is Arrival.INTERRUPTED:
                return False
        self._end(until)
        return True

    def _begin(self) -> None:
        """Looks at step 0, to which no step leads."""
        line = self._timeline
        line.go_to(0)
        state = line.snapshot()
        output = output_of(state, line.program.dialect, line.settings)
        self._armed.begin(None)
        self._armed.arrive_at_start(state, limit=line.settings.limit, data=line.data, output=output)
        self.found.add(self._armed.set.collected())
        self._reached = 0

    def _end(self, step: int) -> None:
        """Adds the end of the run, if it is there and a stop waits for that."""
        line, armed = self._timeline, self._armed
        if line.total != step or self._ended == step:
            return
        self._ended = step
        line.go_to(step)
        state = line.state()
        last = [stop for stop, more in zip(armed.stops, armed.set.fires > self._before_last, strict=False) if more]
        ended = armed.ended(state, line.data, output_of(state, line.program.dialect, line.settings), last)
        if any(stop.message is None for stop in ended) and step not in self.found.steps[-1:]:
            self.found.add(np.array([step], np.int64))
