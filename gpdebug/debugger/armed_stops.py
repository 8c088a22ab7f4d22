"""The stops of one run, the user's and the internal ones, as the machine counts and reports them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from gpdebug.debugger.hits import Count, Counted
from gpdebug.debugger.places import OnEvent
from gpdebug.debugger.stops import UserStop
from vm.state import State
from vm.stops import HitKind, Mode, Place, Stop, StopSet

PlaceOf = Callable[[UserStop], Place | None]
"""The place of a stop as the machine knows it; None: the machine has nothing to do with it."""


class ArmedStops:
    """A stop set that remembers whose its stops are.

    Attributes:
        stops: the user's stops that the machine looks for; the internal ones come after them in the set.
        endings: the user's stops at an end of the run, for which no machine looks.
        set: what the machine is given.
        counted: what depends on how often something happened before: hits, and firings that arm others.
    """

    def __init__(
        self,
        stops: Sequence[UserStop],
        place_of: PlaceOf,
        internal: Sequence[Stop] = (),
        *,
        counting: bool = False,
        halting_only: bool = False,
    ) -> None:
        """Puts the stops together.

        Args:
            stops: the user's; those that cannot fire, or wait for one that cannot, are left out.
            place_of: where each of them is for the machine.
            internal: what a stepping command waits for.
            counting: count the hits of every stop, not only where firing depends on it.
            halting_only: logpoints are only counted, for those they arm.
        """
        by_id = {stop.id: stop for stop in stops if stop.is_active}
        self._places = {stop.id: place for stop in by_id.values() if (place := place_of(stop)) is not None}
        usable = [stop for stop in by_id.values() if self._can_be_armed(stop, by_id)]
        self.endings = tuple(stop for stop in usable if isinstance(stop.where, OnEvent) and stop.where.event.is_status)
        self.stops = tuple(stop for stop in usable if stop.id in self._places)
        index = {stop.id: at for at, stop in enumerate(self.stops)}
        machine = [
            Stop(
                self._places[stop.id], stop.condition, stop.rule,
                None if stop.after is None else index[stop.after],
                halting_only and stop.message is not None,
            )
            for stop in self.stops
        ]  # fmt: skip
        self.set = StopSet([*machine, *internal])
        self._by_id = by_id
        arming = {stop.after for stop in usable if stop.after is not None}
        self._hits = [(at, self._hits_of(stop)) for at, stop in enumerate(self.stops) if counting or stop.needs_hits]
        self._fires = [(at, self._fires_of(stop)) for at, stop in enumerate(self.stops) if stop.id in arming]
        self.counted = frozenset(counted for _, counted in (*self._hits, *self._fires))

    def begin(self, count: Count | None) -> None:
        """Goes on from a count; what nothing depends on starts at 0."""
        self.set.hits[:] = 0
        self.set.fires[:] = 0
        if count is not None:
            for at, counted in self._hits:
                self.set.hits[at] = count.numbers[counted]
            for at, counted in self._fires:
                self.set.fires[at] = count.numbers[counted]

    def count(self, step: int) -> Count:
        """What is counted up to a step where the set now is."""
        hits = {counted: int(self.set.hits[at]) for at, counted in self._hits}
        return Count(step, hits | {counted: int(self.set.fires[at]) for at, counted in self._fires})

    def arrive_at_start(self, state: State, *, limit: int, data: bytes, output: bytes) -> None:
        """Counts and fires the stops of step 0, to which no step leads."""
        self.set.begin(state, data=data, output=output)
        self.set.arrive(state, None, limit=limit, data=data, output=output)

    def fired(self) -> list[UserStop]:
        """The user's stops that fired at the last arrival."""
        return [stop for stop, fired in zip(self.stops, self.set.fired, strict=False) if fired]

    def ended(self, state: State, data: bytes, output: bytes, with_it: Sequence[UserStop]) -> list[UserStop]:
        """The user's stops that fire because the run ends as it does in `state`, at the step where others do."""
        begun = {stop.id for stop, fires in zip(self.stops, self.set.fires, strict=False) if fires > (stop in with_it)}
        fired = []
        for stop in self.endings:
            assert isinstance(stop.where, OnEvent)
            armed = stop.after is None or stop.after in begun
            holds = stop.condition is None or stop.condition.value(state, data=data, output=output, hits=1)
            if stop.where.event.is_case(state.status) and armed and holds and stop.rule.allows(1):
                fired.append(stop)
        return fired

    @property
    def halts(self) -> bool:
        """Whether the last arrival ends a run: all that fires does, but logpoints."""
        return any(stop.message is None for stop in self.fired()) or bool(self.set.fired[len(self.stops) :].any())

    def run_on(self, running: bool) -> None:
        """Has the machine run past all stops and only count, or not."""
        self.set.mode = Mode.COUNT if running else Mode.PAUSE

    def collect(self, room: int) -> None:
        """Has the machine note the steps at which some fire, and come back only when it has noted so many."""
        self.set.steps = np.zeros(room, np.int64)
        self.set.mode = Mode.COLLECT

    def _can_be_armed(self, stop: UserStop, active: Mapping[int, UserStop]) -> bool:
        """Whether all that arm a stop can fire while the run goes on: an end of it arms nothing."""
        while stop.after is not None:
            if stop.after not in self._places:
                return False
            stop = active[stop.after]
        return True

    def _hits_of(self, stop: UserStop) -> Counted:
        condition = "" if stop.condition is None else stop.condition.text
        after = None if stop.after is None else self._fires_of(self._by_id[stop.after])
        return Counted(self._places[stop.id], condition, "", after)

    def _fires_of(self, stop: UserStop) -> Counted:
        rule = str(stop.rule) if stop.rule.kind is not HitKind.ALWAYS else "always"
        return replace(self._hits_of(stop), rule=rule)
