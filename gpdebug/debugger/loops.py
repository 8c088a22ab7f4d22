"""Loops as loops: around which ones pc stands, in which pass of each, and how many passes each makes this time."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass, field
from time import perf_counter

from gpdebug.debugger.brackets import code_size, enclosing_loops
from gpdebug.debugger.moment import Interrupt
from gpdebug.debugger.stepping import entered_loop
from gpdebug.debugger.timeline import Arrival, Control, Timeline
from vm.state import State
from vm.stops import LAST_FIRED, LAST_HITS, Mode, Stop, StopSet

PATIENCE = 0.25
"""Seconds for which the beginning of a loop is looked for, or its end, unless the caller has more or less time."""

_FIRST_WINDOW = 1 << 12
_WIDER = 8
_CLOSE_MARKS = 1 << 16
"""Steps from which on counts on the way to a moment are kept, so that going back from it counts little again."""
_MOST_MARKS = 64
_MOST_VISITS = 64


@dataclass(frozen=True, slots=True)
class LoopPass:
    """A loop around a moment, and how far it has come.

    Attributes:
        open, close: its brackets.
        entered: the step about to execute its open; None if that was not found.
        number: which pass this is, from 1; 0 at the open, about to enter it; None if that was not found.
        passes: how many it makes this time; if that is not known, how many of them were seen.
        left: the first step after it; None while that is not known.
        is_last_known: whether `passes` is all of them: it was seen to be left, or the run to end in it.
    """

    open: int
    close: int
    entered: int | None = None
    number: int | None = None
    passes: int = 0
    left: int | None = None
    is_last_known: bool = False

    @property
    def words(self) -> str:
        """`pass 3 of 9`; `pass 3 of 9 or more` where the end was not seen."""
        if self.number is None:
            return "pass not known"
        more = "" if self.is_last_known else " or more"
        if self.number == 0:
            return f"{self.passes:,}{more} pass{'' if self.passes == 1 and not more else 'es'} ahead"
        return f"pass {self.number:,} of {self.passes:,}{more}"


@dataclass(slots=True)
class _Visit:
    """One time that a loop is gone through, as far as it is known.

    Attributes:
        open, close: its brackets.
        entered: the step about to execute its open.
        steps, passes: some moments in it, in order, and how many passes had begun by then, that moment's included.
        left: the first step after it, if the run was seen to leave it.
        ends: whether the run was seen to end in it, at the last of `steps`.
    """

    open: int
    close: int
    entered: int
    steps: list[int] = field(default_factory=list)
    passes: list[int] = field(default_factory=list)
    left: int | None = None
    ends: bool = False

    def covers(self, step: int) -> bool:
        """Whether a moment is known to belong to it."""
        return self.entered <= step < self.left if self.left is not None else self.entered <= step <= self.steps[-1]

    def note(self, step: int, passes: int) -> None:
        """Keeps a count; of very many, every other one is forgotten."""
        at = bisect_right(self.steps, step)
        if at and self.steps[at - 1] == step:
            return
        self.steps.insert(at, step)
        self.passes.insert(at, passes)
        if len(self.steps) > _MOST_MARKS:
            del self.steps[1:-1:2], self.passes[1:-1:2]


class Deadline:
    """An interrupt that also comes by itself, after some time."""

    def __init__(self, seconds: float, interrupt: Interrupt | None) -> None:
        """Begins.

        Args:
            seconds: when it comes.
            interrupt: what else it comes with.
        """
        self._until = perf_counter() + seconds
        self._interrupt = interrupt

    def is_set(self) -> bool:
        """Whether to stop."""
        return perf_counter() >= self._until or (self._interrupt is not None and self._interrupt.is_set())


class Loops:
    """Finds passes along a timeline, and remembers the loops it went through."""

    def __init__(self) -> None:
        self._visits: OrderedDict[tuple[Timeline, int, int], _Visit] = OrderedDict()

    def around(
        self,
        timeline: Timeline,
        state: State,
        *,
        most: int = 8,
        seconds: float = PATIENCE,
        interrupt: Interrupt | None = None,
    ) -> tuple[LoopPass, ...]:
        """The loops around a moment, the innermost first; before them the one that is about to be entered.

        The brackets are those of the code at that moment. The timeline is left at the moment.

        Args:
            timeline: the run.
            state: the moment.
            most: how many loops to tell of.
            seconds: how long to look for the beginning and the end of each; what is found later counts as not known.
            interrupt: asked now and then.
        """
        program = timeline.program
        loops = enclosing_loops(program, state, min(state.pc, code_size(program, state)))[:most]
        entered = entered_loop(program, state)
        found = [] if entered is None else [self._ahead(timeline, state, entered, Deadline(seconds, interrupt))]
        found += [self._inside(timeline, state, loop, Deadline(seconds, interrupt)) for loop in loops]
        timeline.go_to(state.steps)
        return tuple(found)

    def _ahead(self, timeline: Timeline, state: State, loop: tuple[int, int], deadline: Deadline) -> LoopPass:
        here = state.steps
        visit = self._known(timeline, loop, here)
        if visit is None:
            visit = self._keep(timeline, _Visit(*loop, here, [here], [0]))
        return self._told(timeline, visit, here, deadline)

    def _inside(self, timeline: Timeline, state: State, loop: tuple[int, int], deadline: Deadline) -> LoopPass:
        visit = self._known(timeline, loop, state.steps) or self._begun(timeline, loop, state.steps, deadline)
        return LoopPass(*loop) if visit is None else self._told(timeline, visit, state.steps, deadline)

    def _told(self, timeline: Timeline, visit: _Visit, step: int, deadline: Deadline) -> LoopPass:
        number = _number(timeline, visit, step, deadline)
        if visit.left is None and not visit.ends:
            _run_out(timeline, visit, deadline)
        seen = visit.left is not None or visit.ends
        return LoopPass(visit.open, visit.close, visit.entered, number, visit.passes[-1], visit.left, seen)

    def _known(self, timeline: Timeline, loop: tuple[int, int], step: int) -> _Visit | None:
        for key, visit in reversed(self._visits.items()):
            if key[0] is timeline and (visit.open, visit.close) == loop and visit.covers(step):
                self._visits.move_to_end(key)
                return visit
        return None

    def _keep(self, timeline: Timeline, visit: _Visit) -> _Visit:
        self._visits[timeline, visit.open, visit.entered] = visit
        if len(self._visits) > _MOST_VISITS:
            self._visits.popitem(last=False)
        return visit

    def _begun(self, timeline: Timeline, loop: tuple[int, int], step: int, deadline: Deadline) -> _Visit | None:
        """Looks for the step at which a loop around a moment was entered, in ever larger windows before it."""
        high, later, size = step, 0, _FIRST_WINDOW
        control = Control(deadline)
        while high > 0:
            low = max(0, high - size)
            # Of these, the first two tell whether the loop was entered or left last; the third counts its passes.
            stops = StopSet([Stop(loop[0]), *_exits(timeline, loop), _passes(loop)], mode=Mode.COUNT)
            if timeline.go_to(low, control) is Arrival.INTERRUPTED:
                return None
            starts = low == 0 and timeline.snapshot().pc == loop[0]
            if timeline.advance(stops, until=high, control=control) is Arrival.INTERRUPTED:
                return None
            entered, before = stops.last_step, int(stops.counts[LAST_HITS, len(stops.stops) - 1])
            if entered < 0 and starts:
                entered, before = 0, 0
            elif entered >= 0 and not stops.counts[LAST_FIRED, 0]:
                return None
            later += int(stops.hits[-1]) - (before if entered >= 0 else 0)
            if entered >= 0:
                return self._keep(timeline, _Visit(*loop, entered, [entered, step], [0, later]))
            high, size = low, size * _WIDER
        return None


def _passes(loop: tuple[int, int]) -> Stop:
    """Counts passes: each begins at the first instruction of the loop."""
    return Stop(loop[0] + 1, quiet=True)


def _exits(timeline: Timeline, loop: tuple[int, int]) -> list[Stop]:
    """Fires where the loop was left; past the last instruction the run ends by itself."""
    return [Stop(loop[1] + 1)] if loop[1] + 1 < code_size(timeline.program, timeline.snapshot()) else []


def _number(timeline: Timeline, visit: _Visit, step: int, deadline: Deadline) -> int | None:
    """Which pass a moment of a visit belongs to; None if there is no time to count."""
    at = bisect_right(visit.steps, step) - 1
    here, count = visit.steps[at], visit.passes[at]
    control = Control(deadline)
    if here < step and timeline.go_to(here, control) is Arrival.INTERRUPTED:
        return None
    while here < step:
        until = step if step - here < _CLOSE_MARKS else (here + step) // 2
        stops = StopSet([_passes((visit.open, visit.close))], mode=Mode.COUNT)
        if timeline.advance(stops, until=until, control=control) is Arrival.INTERRUPTED:
            return None
        here, count = until, count + int(stops.hits[0])
        visit.note(here, count)
    return count


def _run_out(timeline: Timeline, visit: _Visit, deadline: Deadline) -> None:
    """Runs on from the last known moment of a visit until it is left, or the run or the time ends."""
    control = Control(deadline)
    if timeline.go_to(visit.steps[-1], control) is Arrival.INTERRUPTED:
        return
    loop = (visit.open, visit.close)
    stops = StopSet([*_exits(timeline, loop), _passes(loop)])
    arrival = timeline.advance(stops, control=control)
    here, count = timeline.step, visit.passes[-1] + int(stops.hits[-1])
    if arrival is Arrival.STOP or (arrival is Arrival.END and _is_past(timeline, visit)):
        visit.left = here
        visit.note(here - 1, count)
    else:
        visit.ends = arrival is Arrival.END
        visit.note(here, count)


def _is_past(timeline: Timeline, visit: _Visit) -> bool:
    """Whether the run ended because nothing comes after the loop."""
    return timeline.snapshot().pc == visit.close + 1
