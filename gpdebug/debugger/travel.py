"""Runs forwards and backwards to the moments where stops fire, the user's and those that stepping needs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gpdebug.debugger.hits import Count, HitBook
from gpdebug.debugger.moment import LogLine
from gpdebug.debugger.search import Firing, SearchInterruptedError, count_to, last_firing
from gpdebug.debugger.stops import Breakpoint, StopList, filled
from gpdebug.debugger.timeline import UNWATCHED, Arrival, Control, Timeline
from gpdebug.debugger.watch import Watch
from vm.state import State, output_of
from vm.stops import Stop

MAX_LINES = 10_000
"""Lines of logpoints that one run brings back; of more, the latest."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a run came to.

    Attributes:
        arrival: `STOP` if stops of the user fire there; else `TARGET` if it got where it was to go, `END` if
            nothing was left in its direction, `INTERRUPTED` if it was told to stop.
        state: the state there.
        fired: numbers of the user's stops that fire there, logpoints left out.
        logged: what logpoints wrote on the way, this step included.
    """

    arrival: Arrival
    state: State
    fired: tuple[int, ...] = ()
    logged: tuple[LogLine, ...] = ()


class Traveller:
    """Moves along a timeline under the user's stops.

    The rules, in both directions: a stop fires at a step if pc is at its instruction, its condition holds, and its
    hit rule allows the number of times that this happened since step 0. The step where a run starts is no arrival.
    Several stops that fire at one step are all reported. A temporary stop goes when a run stops at it. Logpoints
    write when they are passed forwards; backwards they are silent.
    """

    def __init__(self, timeline: Timeline, stops: StopList) -> None:
        """Sets out.

        Args:
            timeline: what to move along.
            stops: the user's; looked at afresh for each run.
        """
        self._timeline = timeline
        self._stops = stops
        self._book = HitBook()

    def forward(
        self, *, until: int | None = None, internal: Sequence[Stop] = (), control: Control = UNWATCHED
    ) -> Landing:
        """Runs until after the present step a stop fires, or to step `until`, or to the end."""
        if until == self._timeline.step + 1 and not internal:
            return self.to_step(until, control)
        watch = Watch(self._active(), internal)
        if not watch.set.stops:
            return Landing(self._timeline.advance(until=until, control=control), self._timeline.state())
        if not self._count_here(watch, control):
            return Landing(Arrival.INTERRUPTED, self._timeline.state())
        return self._watched(watch, until, control)

    def to_step(self, step: int, control: Control = UNWATCHED) -> Landing:
        """Goes to exactly this step, past any stop; those that fire there are reported, logpoints write."""
        arrival = self._timeline.go_to(step, control)
        state = self._timeline.state()
        watch = Watch([stop for stop in self._active() if stop.instruction == state.pc])
        if arrival is not Arrival.TARGET or not watch.stops:
            return Landing(arrival, state)
        try:
            self._count_before(watch, step, control)
        except SearchInterruptedError:
            self._timeline.go_to(step)
            return Landing(Arrival.INTERRUPTED, state)
        return self._arrived(watch, state, Arrival.TARGET, deque())

    def backward(
        self, start: int, *, floor: int = 0, internal: Sequence[Stop] = (), control: Control = UNWATCHED
    ) -> Landing:
        """Goes from step `start` to the last earlier step at which a stop fires, but not below step `floor`.

        If none does it lands at `floor`, with `END`. Interrupted, it lands at the earliest step down to which
        the search is complete.
        """
        watch = Watch([stop for stop in self._active() if stop.message is None], internal)
        high = start
        try:
            while watch.set.stops and high > floor:
                low = max(self._timeline.checkpoints.at_or_before(high - 1), floor)
                firing = self._search(watch, low, high, control)
                if firing is not None:
                    return self._arrived_at_firing(watch, firing)
                high = low
                control.report(high)
        except SearchInterruptedError:
            self._timeline.go_to(high)
            return Landing(Arrival.INTERRUPTED, self._timeline.state())
        self._timeline.go_to(floor)
        return Landing(Arrival.END, self._timeline.state())

    def hits(self, control: Control = UNWATCHED) -> dict[int, int] | None:
        """How often each active stop was hit up to now, this step included; None if interrupted."""
        watch = Watch(self._active(), counting=True)
        if not self._count_here(watch, control):
            return None
        return {stop.id: int(hits) for stop, hits in zip(watch.stops, watch.set.hits, strict=True)}

    def _active(self) -> list[Breakpoint]:
        return [stop for stop in self._stops if stop.is_active]

    def _watched(self, watch: Watch, until: int | None, control: Control) -> Landing:
        lines: deque[LogLine] = deque(maxlen=MAX_LINES)
        note = self._note(watch)
        while True:
            arrival = self._timeline.advance(watch.set, until=until, control=control, on_checkpoint=note)
            if arrival is Arrival.STOP and not watch.halts:
                self._write(watch, self._timeline.state(), lines)
                continue
            state = self._timeline.state()
            if arrival is Arrival.STOP:
                return self._arrived(watch, state, Arrival.TARGET, lines, counted=True)
            if arrival is Arrival.TARGET:
                return self._arrived(watch, state, Arrival.TARGET, lines)
            return Landing(arrival, state, (), tuple(lines))

    def _search(self, watch: Watch, low: int, high: int, control: Control) -> Firing | None:
        """The last firing from step `low` up to, not including, `high`."""
        self._count_before(watch, low, control)
        self._timeline.go_to(low)
        return last_firing(self._timeline, watch.set, high, control)

    def _arrived_at_firing(self, watch: Watch, firing: Firing) -> Landing:
        self._timeline.go_to(firing.step)
        watch.set.hits[:] = firing.hits
        watch.set.fired[:] = firing.fired
        return self._arrived(watch, self._timeline.state(), Arrival.TARGET, deque(), counted=True)

    def _arrived(
        self, watch: Watch, state: State, otherwise: Arrival, lines: deque[LogLine], *, counted: bool = False
    ) -> Landing:
        """A landing at a step whose stops count: `STOP` if any of the user's fires, else `otherwise`."""
        if not counted:
            watch.arrive(state, self._timeline.data, self._output(state))
        if watch.needs_hits:
            self._book.note(Count(state.steps, watch.hits(), arrived=True))
        self._write(watch, state, lines)
        fired = [stop for stop in watch.fired() if stop.message is None]
        for stop in fired:
            if stop.temporary:
                self._stops.remove(stop.id)
        arrival = Arrival.STOP if fired else otherwise
        return Landing(arrival, state, tuple(stop.id for stop in fired), tuple(lines))

    def _write(self, watch: Watch, state: State, lines: deque[LogLine]) -> None:
        """Has the logpoints that fired write their lines."""
        for stop in watch.fired():
            if stop.message is not None:
                hits = int(watch.set.hits[watch.stops.index(stop)])
                text = filled(stop.message, state, data=self._timeline.data, output=self._output(state), hits=hits)
                lines.append(LogLine(stop.id, state.steps, text))

    def _count_here(self, watch: Watch, control: Control) -> bool:
        """Gives a watch the hits up to the present step, its own included; False if interrupted."""
        here = self._timeline.step
        latest = self._book.best(here, watch.places)
        if not watch.needs_hits or (latest.step == here and latest.arrived):
            watch.begin(latest)
            return True
        try:
            self._count_before(watch, here, control)
        except SearchInterruptedError:
            self._timeline.go_to(here)
            return False
        state = self._timeline.state()
        watch.arrive(state, self._timeline.data, self._output(state))
        self._book.note(Count(here, watch.hits(), arrived=True))
        return True

    def _count_before(self, watch: Watch, step: int, control: Control) -> None:
        """Gives a watch the hits before a step, and leaves the timeline there; nothing to do if none count.

        Raises:
            SearchInterruptedError: the user asked to stop; the timeline stands anywhere.
        """
        if not watch.needs_hits:
            return
        count = self._book.at(step, watch.places) or self._book.best(step - 1, watch.places)
        watch.begin(count)
        if count.step == step:
            return
        self._timeline.go_to(count.step)
        note = self._note(watch)
        count_to(self._timeline, watch.set, step, skip_first=count.arrived, control=control, on_checkpoint=note)

    def _note(self, watch: Watch) -> Callable[[int], None] | None:
        """What keeps the hits at each checkpoint that a run passes, if any count."""
        if not watch.needs_hits:
            return None

        def note(step: int) -> None:
            self._book.note(Count(step, watch.hits(), arrived=False))
            if len(self._book) > 2 * len(self._timeline.checkpoints) + 64:
                self._book.prune(self._timeline.checkpoints)

        return note

    def _output(self, state: State) -> bytes:
        return output_of(state, self._timeline.program.dialect, self._timeline.settings)
