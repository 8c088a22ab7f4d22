"""Runs forwards and backwards to the moments where stops fire, the user's and those that stepping needs."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from gpdebug.debugger.armed_stops import ArmedStops
from gpdebug.debugger.firings import Firing
from gpdebug.debugger.foresight import Foresight
from gpdebug.debugger.hits import Count, HitBook
from gpdebug.debugger.moment import LogLine
from gpdebug.debugger.places import machine_place
from gpdebug.debugger.search import SearchInterruptedError, count_to
from gpdebug.debugger.sights import firings_at
from gpdebug.debugger.stop_list import StopList
from gpdebug.debugger.stops import UserStop, filled
from gpdebug.debugger.timeline import UNWATCHED, Arrival, Control, Timeline
from vm.state import State, Status, output_of
from vm.stops import Place, Stop, StopSet

Keep = Callable[[UserStop, State], str]
"""Takes a snapshot for a stop that wants one; returns what there is to say about it."""

MAX_LINES = 10_000
"""Lines of logpoints that one run brings back; of more, the latest."""


@dataclass(frozen=True, slots=True)
class Landing:
    """Where a run came to.

    Attributes:
        arrival: `STOP` if stops of the user fire there; else `TARGET` if it got where it was to go, `END` if
            nothing was left in its direction, `INTERRUPTED` if it was told to stop.
        state: the state there.
        firings: the user's stops that fire there, logpoints left out, with what they saw.
        logged: what logpoints wrote on the way, this step included.
    """

    arrival: Arrival
    state: State
    firings: tuple[Firing, ...] = ()
    logged: tuple[LogLine, ...] = ()


class Traveller:
    """Moves along a timeline under the user's stops.

    The rules, in both directions: a stop is looked at when a moment is reached by a step. It is hit if pc is about
    to execute its instruction, or if the step did what it watches; if it is armed; and if its condition holds. It
    fires if its hit rule allows the number of times that this happened since step 0. The step where a run starts is
    no arrival. Several stops that fire at one step are all reported. A temporary stop goes when a run stops at it.
    Logpoints write, and snapshots are taken, when they are passed forwards; backwards they are silent.
    """

    def __init__(self, timeline: Timeline, stops: StopList, keep: Keep) -> None:
        """Sets out.

        Args:
            timeline: what to move along.
            stops: the user's; looked at afresh for each run.
            keep: takes the snapshots that stops want.
        """
        self._timeline = timeline
        self._stops = stops
        self._keep = keep
        self._book = HitBook()

    def forward(
        self, *, until: int | None = None, internal: Sequence[Stop] = (), control: Control = UNWATCHED
    ) -> Landing:
        """Runs until after the present step a stop fires, or to step `until`, or to the end."""
        here = self._timeline.step
        if until == here + 1:
            return self.to_step(until, control)
        armed = self._armed(internal=internal)
        if not self._count_here(armed, control):
            return Landing(Arrival.INTERRUPTED, self._timeline.state())
        lines: deque[LogLine] = deque(maxlen=MAX_LINES)
        note = self._note(armed)
        stops = armed.set if armed.set.stops else None
        while True:
            arrival = self._timeline.advance(stops, until=until, control=control, on_checkpoint=note)
            if arrival is not Arrival.STOP or armed.halts:
                return self._landed(armed, arrival, here, lines)
            self._act(armed, armed.fired(), self._timeline.state(), lines)

    def to_step(self, step: int, control: Control = UNWATCHED) -> Landing:
        """Goes to exactly this step, past any stop; those that fire there are reported, and act if it is ahead."""
        here = self._timeline.step
        armed = self._armed()
        if step == 0 or not (armed.stops or armed.endings):
            arrival = self._timeline.go_to(step, control)
            if arrival is not Arrival.TARGET or not armed.stops:
                return Landing(arrival, self._timeline.state())
            self._arrive_at_start(armed)
            return self._landed(armed, Arrival.STOP, here, deque())
        try:
            arrival = self._timeline.go_to(step - 1, control)
            if arrival is Arrival.TARGET and armed.counted:
                armed = self._armed(self._hit_by(armed, step))
                self._count(armed, step - 1, control)
        except SearchInterruptedError:
            arrival = Arrival.INTERRUPTED
        if arrival is Arrival.TARGET:
            arrival = self._timeline.advance(armed.set if armed.set.stops else None, until=step)
        elif arrival is Arrival.INTERRUPTED:
            self._timeline.go_to(here)
        return self._landed(armed, arrival, here, deque())

    def backward(
        self, start: int, *, floor: int = 0, internal: Sequence[Stop] = (), control: Control = UNWATCHED
    ) -> Landing:
        """Goes from step `start` to the last earlier step at which a stop fires, but not below step `floor`.

        If none does it lands at `floor`, with `END`. Interrupted, it lands at the earliest step down to which
        the search is complete.
        """
        armed = self._armed(internal=internal, halting_only=True)
        high = start
        try:
            while armed.set.stops and high > floor:
                low = self._search(armed, floor, high - 1, control)
                found = armed.set.last_step
                if found >= low:
                    self._timeline.go_to(found)
                    armed.set.to_last()
                    return self._landed(armed, Arrival.STOP, start, deque())
                high = low
                control.report(high)
        except SearchInterruptedError:
            self._timeline.go_to(high)
            return Landing(Arrival.INTERRUPTED, self._timeline.state())
        self._timeline.go_to(floor)
        return Landing(Arrival.END, self._timeline.state())

    def hits(self, control: Control = UNWATCHED) -> dict[int, int] | None:
        """How often each active stop was hit up to now, this step included; None if interrupted."""
        armed = self._armed(counting=True)
        if not self._count_here(armed, control):
            return None
        return {stop.id: int(hits) for stop, hits in zip(armed.stops, armed.set.hits, strict=True)}

    def foresight(self) -> Foresight:
        """What finds where the stops, as they are now, would stop a run."""
        return Foresight(self._timeline, self._armed(halting_only=True))

    def _armed(
        self,
        stops: Iterable[UserStop] | None = None,
        internal: Sequence[Stop] = (),
        *,
        counting: bool = False,
        halting_only: bool = False,
    ) -> ArmedStops:
        wanted = tuple(self._stops if stops is None else stops)
        return ArmedStops(wanted, self._place_of, internal, counting=counting, halting_only=halting_only)

    def _place_of(self, stop: UserStop) -> Place | None:
        line = self._timeline
        return machine_place(stop.where, line.program.dialect, line.settings, len(line.data))

    def _hit_by(self, armed: ArmedStops, step: int) -> list[UserStop]:
        """The stops that the next step leads to, hit or not, and all that arm them; the timeline stays."""
        here = self._timeline.snapshot()
        places = StopSet([Stop(stop.place) for stop in armed.set.stops])
        self._timeline.advance(places, until=step)
        ends = self._timeline.state().status is not Status.RUNNING
        self._timeline.place(here)
        wanted = {stop.id for stop, at in zip(armed.stops, places.fired, strict=True) if at}
        wanted |= {stop.id for stop in armed.endings if ends}
        for stop in (*armed.stops, *armed.endings):
            if stop.id in wanted:
                wanted |= _armers(stop, self._stops)
        return [stop for stop in self._stops if stop.id in wanted]

    def _search(self, armed: ArmedStops, floor: int, last: int, control: Control) -> int:
        """Looks for the last firing from a step, which it returns, up to step `last`: `armed.set.last_step`.

        It goes back by one checkpoint, or by more if the hits have not been counted up to there yet.
        """
        armed.set.forget_last()
        if last == 0:
            self._arrive_at_start(armed)
            return 0
        base = max(self._timeline.checkpoints.at_or_before(last - 1), floor - 1, 0)
        count = self._book.best(base, armed.counted) if armed.counted else Count(base, {})
        if count is None:
            self._arrive_at_start(armed)
            base = -1
        else:
            base = count.step
            self._timeline.go_to(base)
            armed.begin(count)
        count_to(self._timeline, armed, last, control, self._note(armed))
        return max(base + 1, floor)

    def _count_here(self, armed: ArmedStops, control: Control) -> bool:
        """Gives stops the hits up to the present step, its own included; False if interrupted."""
        here = self._timeline.step
        try:
            self._count(armed, here, control)
        except SearchInterruptedError:
            self._timeline.go_to(here)
            return False
        return True

    def _count(self, armed: ArmedStops, step: int, control: Control) -> None:
        """Gives stops the hits up to a step, its own included, and leaves the timeline there.

        Raises:
            SearchInterruptedError: the user asked to stop; the timeline stands anywhere.
        """
        if not armed.counted:
            armed.begin(None)
            self._timeline.go_to(step)
            return
        count = self._book.best(step, armed.counted)
        if count is None:
            self._arrive_at_start(armed)
        else:
            self._timeline.go_to(count.step)
            armed.begin(count)
        if self._timeline.step < step:
            count_to(self._timeline, armed, step, control, self._note(armed))
        self._book.stand(armed.count(step))

    def _arrive_at_start(self, armed: ArmedStops) -> None:
        """Goes to step 0, with the hits of its own stops counted."""
        line = self._timeline
        line.go_to(0)
        armed.begin(None)
        state = line.snapshot()
        armed.arrive_at_start(state, limit=line.settings.limit, data=line.data, output=self._output(state))

    def _landed(self, armed: ArmedStops, arrival: Arrival, before: int, lines: deque[LogLine]) -> Landing:
        """The landing where the timeline stands: `STOP` if any of the user's stops fires there.

        Args:
            armed: with the hits up to there.
            arrival: `STOP` if stops fired there, the user's or internal ones.
            before: where the movement began; forwards, what fires also acts.
            lines: what logpoints wrote on the way.
        """
        state = self._timeline.state()
        if armed.counted:
            self._book.stand(armed.count(state.steps))
        fired = armed.fired() if arrival is Arrival.STOP else []
        if state.steps > before:
            if state.status is not Status.RUNNING:
                fired += armed.ended(state, self._timeline.data, self._output(state), fired)
            self._act(armed, fired, state, lines)
        halting = [stop for stop in fired if stop.message is None]
        firings = firings_at(halting, self._timeline)
        for stop in halting:
            if stop.temporary:
                self._stops.remove(stop.id)
        if arrival is Arrival.STOP:
            arrival = Arrival.TARGET
        return Landing(Arrival.STOP if halting else arrival, state, firings, tuple(lines))

    def _act(self, armed: ArmedStops, fired: Sequence[UserStop], state: State, lines: deque[LogLine]) -> None:
        """Has the stops that fired take their snapshots and write their lines."""
        for stop in fired:
            if stop.snapshot:
                lines.append(LogLine(stop.id, state.steps, self._keep(stop, state)))
            if stop.message is not None and stop.message.parts:
                hits = int(armed.set.hits[armed.stops.index(stop)]) if stop in armed.stops else 1
                text = filled(stop.message, state, data=self._timeline.data, output=self._output(state), hits=hits)
                lines.append(LogLine(stop.id, state.steps, text))

    def _note(self, armed: ArmedStops) -> Callable[[int], None] | None:
        """What keeps the hits at each checkpoint that a run passes, if any count."""
        if not armed.counted:
            return None

        def note(step: int) -> None:
            self._book.note(armed.count(step))
            if len(self._book) > 2 * len(self._timeline.checkpoints) + 64:
                self._book.prune(self._timeline.checkpoints)

        return note

    def _output(self, state: State) -> bytes:
        return output_of(state, self._timeline.program.dialect, self._timeline.settings)


def _armers(stop: UserStop, stops: StopList) -> set[int]:
    """The stops that arm one, directly or in turn."""
    found: set[int] = set()
    while stop.after is not None:
        found.add(stop.after)
        stop = stops[stop.after]
    return found
