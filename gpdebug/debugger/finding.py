"""Where in a run something happens: the last and the next time, the n-th, all times; what was found is remembered."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.debugger.search import SearchInterruptedError
from gpdebug.debugger.timeline import UNWATCHED, Arrival, Control, Timeline
from vm.state import output_of
from vm.stops import HitKind, HitRule, Mode, Stop, StopSet

_START, _END = -1, 1 << 62


@dataclass(frozen=True, slots=True)
class _Gap:
    """Steps between which, they themselves left out, there is nothing to find; at one that `is` so, there is.

    Attributes:
        low, high: the steps; `_START` and `_END` are those before the first and after the last one.
        low_is, high_is: whether there is something to find, or no step at all.
    """

    low: int
    high: int
    low_is: bool
    high_is: bool

    def joined(self, other: _Gap) -> _Gap | None:
        """Both as one, if they overlap."""
        first, second = sorted((self, other), key=lambda gap: gap.low)
        if second.low >= first.high:
            return None
        high = max(first.high, second.high)
        low_is = first.low_is or (second.low == first.low and second.low_is)
        return _Gap(first.low, high, low_is, any(gap.high_is for gap in (first, second) if gap.high == high))


class Finder:
    """Searches one timeline, and answers from what it has seen where that is enough.

    A place and its condition are given as a `Stop`; its rule is not looked at. The calls leave the timeline somewhere.
    They raise `SearchInterruptedError` if the user asked to stop.
    """

    def __init__(self, timeline: Timeline) -> None:
        """Knows nothing yet."""
        self._timeline = timeline
        self._gaps: dict[Stop, list[_Gap]] = {}
        self._counts: dict[Stop, list[tuple[int, int]]] = {}
        self._firsts: dict[tuple[Stop, int], int | None] = {}

    def next(self, stop: Stop, here: int, control: Control = UNWATCHED) -> int | None:
        """The first step after `here`, or None."""
        for gap in self._gaps.get(stop, ()):
            if gap.high_is and gap.low <= here < gap.high:
                return gap.high if gap.high != _END else None
        self._timeline.go_to(here, control)
        arrival = self._timeline.advance(StopSet([stop]), control=control)
        self._require_done(arrival)
        found = self._timeline.step if arrival is Arrival.STOP else None
        self._learn(stop, _Gap(here, _END if found is None else found, low_is=False, high_is=True))
        return found

    def last(self, stop: Stop, here: int, control: Control = UNWATCHED) -> int | None:
        """The last step before `here`, or None."""
        for gap in self._gaps.get(stop, ()):
            if gap.low_is and gap.low < here <= gap.high:
                return gap.low if gap.low != _START else None
        stops, high = StopSet([stop], mode=Mode.COUNT), here - 1
        found: int | None = None
        while high > 0 and found is None:
            low = self._timeline.checkpoints.at_or_before(high - 1)
            self._timeline.go_to(low, control)
            stops.forget_last()
            self._require_done(self._timeline.advance(stops, until=high, control=control))
            found = stops.last_step if stops.last_step > low else None
            high = low
            control.report(high)
        if found is None and here > 0 and self._is_at_start(stop):
            found = 0
        self._learn(stop, _Gap(_START if found is None else found, here, low_is=True, high_is=False))
        return found

    def nth(self, stop: Stop, number: int, control: Control = UNWATCHED) -> int | None:
        """The step of the `number`-th time since step 0, step 0 included, or None if there are fewer."""
        key = stop, number
        if key not in self._firsts:
            self._firsts[key] = self._find_nth(stop, number, control)
        return self._firsts[key]

    def count(self, stop: Stop, control: Control = UNWATCHED) -> int:
        """How often in the whole run."""
        self.nth(stop, 1 << 62, control)
        return self._counts[stop][-1][1]

    def steps(self, stop: Stop, low: int, most: int, control: Control = UNWATCHED) -> NDArray[np.int64]:
        """The steps from `low` on, `int64[at most `most`]`."""
        stops = StopSet([stop], mode=Mode.COLLECT, room=max(most, 1))
        first = [0] if low == 0 and self._is_at_start(stop) else []
        if len(first) < most:
            self._timeline.go_to(max(low - 1, 0), control)
            self._require_done(self._timeline.advance(stops, control=control))
        return np.concatenate([np.array(first, np.int64), stops.collected()])[:most]

    def _find_nth(self, stop: Stop, number: int, control: Control) -> int | None:
        counts = self._counts.setdefault(stop, [])
        if not counts:
            counts.append((0, int(self._is_at_start(stop))))
        if counts[0][1] >= number:
            return 0
        known = bisect_right(counts, number - 1, key=lambda count: count[1]) - 1
        step, hits = counts[known]
        stops = StopSet([Stop(stop.place, stop.condition, HitRule(HitKind.EQUAL, number))])
        stops.hits[0] = hits
        self._timeline.go_to(step, control)

        def note(at: int) -> None:
            if at > counts[-1][0]:
                counts.append((at, int(stops.hits[0])))

        arrival = self._timeline.advance(stops, control=control, on_checkpoint=note)
        note(self._timeline.step)
        self._require_done(arrival)
        return self._timeline.step if arrival is Arrival.STOP else None

    def _is_at_start(self, stop: Stop) -> bool:
        """Whether step 0, to which no step leads, is one."""
        line = self._timeline
        line.go_to(0)
        state, stops = line.snapshot(), StopSet([Stop(stop.place, stop.condition)])
        output = output_of(state, line.program.dialect, line.settings)
        stops.begin(state, data=line.data, output=output)
        return stops.arrive(state, None, limit=line.settings.limit, data=line.data, output=output)

    def _learn(self, stop: Stop, gap: _Gap) -> None:
        """Remembers a gap, joined with those that it overlaps."""
        apart = []
        for other in self._gaps.get(stop, ()):
            joined = gap.joined(other)
            if joined is None:
                apart.append(other)
            else:
                gap = joined
        self._gaps[stop] = [*apart, gap]

    @staticmethod
    def _require_done(arrival: Arrival) -> None:
        if arrival is Arrival.INTERRUPTED:
            raise SearchInterruptedError
