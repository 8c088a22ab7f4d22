"""What only compiled code is fast enough to know: how long the run is, what ran how often, who wrote which cell, and
in which pass of its loops it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from gpdebug.debugger.loops import LoopPass
from gpdebug.debugger.moment import Interrupt
from gpdebug.debugger.session import Session
from gpdebug.debugger.way_profile import WayProfiler
from vm.state import State

if TYPE_CHECKING:
    from vm.profile import Profile

_SLICE = 500_000
FAR = 1_000_000_000
"""Steps beyond which the end of a run is not looked for unasked."""

MOST_CELLS = 1 << 20
"""Cells up to which accesses are counted: more would cost more memory than they are worth."""

LOOPS = 3
"""Loops around pc whose passes are counted."""

_GLANCE = 0.003
_LOOK = 0.5
"""Seconds to count the passes of each: while the user waits, and in the background."""


class Surveyed(Message):
    """Something was counted.

    Attributes:
        counts: who counted.
        state: the moment that it is about.
        total: the length of the run, or None.
        profile: what ran and was accessed up to then, or None.
        loops: those around pc.
        is_all: whether no more can be said.
    """

    def __init__(
        self,
        counts: Counts,
        state: State,
        total: int | None,
        profile: Profile | None,
        loops: tuple[LoopPass, ...],
        *,
        is_all: bool,
    ) -> None:
        super().__init__()
        self.counts = counts
        self.state = state
        self.total = total
        self.profile = profile
        self.loops = loops
        self.is_all = is_all


class Counts:
    """Counts one session's run; going on, it counts on, going back, it begins again from step 0.

    A branch has no counts: they would be those of the run without its edits.

    Attributes:
        ready: whether compiled code is there; before, nothing is counted.
    """

    def __init__(self, session: Session, *, ready: bool) -> None:
        self.ready = ready
        self._session = session
        self._profiler: WayProfiler | None = None

    def survey(self, interrupt: Interrupt) -> Surveyed | None:
        """The length of the run, and the counts up to where the session stands; None if interrupted."""
        session = self._session
        total = session.total_steps
        if total is None and session.settings.limit <= FAR:
            total = session.find_end(interrupt=interrupt)
        loops = session.loops(most=LOOPS, seconds=_LOOK, interrupt=interrupt)
        profile = self._profile(interrupt)
        if interrupt.is_set():
            return None
        return Surveyed(self, session.moment.state, total, profile, loops, is_all=True)

    def quick(self, interrupt: Interrupt) -> Surveyed | None:
        """The same if it takes no time worth speaking of, to be shown in the same frame; else None."""
        session, step = self._session, self._session.moment.step
        if not self.ready or self._profiler is None:
            return None
        distance = step - self._profiler.steps
        if distance > _SLICE or (distance < 0 and step > _SLICE):
            return None
        loops = session.loops(most=LOOPS, seconds=_GLANCE, interrupt=interrupt)
        profile, total = self._profile(interrupt), session.total_steps
        is_all = total is not None and all(loop.number is not None and loop.is_last_known for loop in loops)
        return Surveyed(self, session.moment.state, total, profile, loops, is_all=is_all)

    def _profile(self, interrupt: Interrupt) -> Profile | None:
        session, way = self._session, self._session.way
        if session.settings.memory > MOST_CELLS:
            return None
        step = session.moment.step
        if self._profiler is None or self._profiler.steps > step or not self._profiler.leads_along(way):
            self._profiler = WayProfiler(way, session.settings)
        while not self._profiler.advance(way, step, _SLICE):
            if interrupt.is_set():
                return None
        return self._profiler.profile()
