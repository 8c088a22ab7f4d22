"""The stops of one run, the user's and the internal ones, as the machine counts and reports them."""

from __future__ import annotations

from collections.abc import Sequence

from gpdebug.debugger.hits import Count, Place, place_of
from gpdebug.debugger.stops import Breakpoint, compiled
from vm.state import State, Status
from vm.stops import Stop, StopSet


class Watch:
    """A stop set that remembers whose its stops are.

    Attributes:
        stops: the user's stops; the internal ones come after them in the set.
        set: what the machine is given.
        needs_hits: whether some stop depends on the number of its earlier hits.
        places: what those count.
    """

    def __init__(self, stops: Sequence[Breakpoint], internal: Sequence[Stop] = (), *, counting: bool = False) -> None:
        """Puts the stops together.

        Args:
            stops: the user's.
            internal: what a stepping command waits for.
            counting: count the hits of every stop, not only where firing depends on it.
        """
        self.stops = tuple(stops)
        self.set = StopSet([*(compiled(stop) for stop in stops), *internal])
        counted = [stop for stop in stops if counting or stop.needs_hits]
        self.needs_hits = bool(counted)
        self.places: frozenset[Place] = frozenset(place_of(stop) for stop in counted)

    def begin(self, count: Count) -> None:
        """Goes on from a count; places that nothing depends on start at 0."""
        for index, stop in enumerate(self.stops):
            self.set.hits[index] = count.hits.get(place_of(stop), 0)

    def hits(self) -> dict[Place, int]:
        """The hits so far of the places that count."""
        pairs = ((place_of(stop), int(hits)) for stop, hits in zip(self.stops, self.set.hits, strict=False))
        return {place: hits for place, hits in pairs if place in self.places}

    def arrive(self, state: State, data: bytes, output: bytes) -> None:
        """Counts and fires the stops of one moment, as the machine does on its way."""
        self.set.fired[:] = 0
        if state.status is Status.RUNNING or state.status.is_fault:
            self.set.arrive(state, data=data, output=output)

    def fired(self) -> list[Breakpoint]:
        """The user's stops that fired at the last arrival."""
        return [stop for stop, fired in zip(self.stops, self.set.fired, strict=False) if fired]

    @property
    def halts(self) -> bool:
        """Whether the last arrival ends a run: all that fires does, but logpoints."""
        return any(stop.message is None for stop in self.fired()) or bool(self.set.fired[len(self.stops) :].any())
