"""What only compiled code is fast enough to know: how long the run is, what ran how often, who wrote which cell, and
in which pass of its loops it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from gpdebug.debugger.errors import MoveError
from gpdebug.debugger.loops import LoopPass
from gpdebug.debugger.moment import Interrupt
from gpdebug.debugger.queries import Question
from gpdebug.debugger.session import Session
from gpdebug.debugger.way_profile import WayProfiler
from vm.state import State
from vm.touch import Access

if TYPE_CHECKING:
    from vm.profile import Profile

_SLICE = 500_000
FAR = 1_000_000_000
"""Steps beyond which the end of a run is not looked for unasked."""

MOST_CELLS = 1 << 20
"""Cells up to which accesses are counted: more would cost more memory than they are worth."""

LOOPS = 3
"""Loops around pc whose passes are counted."""

_GLANCE = 0.002
_LOOK = 0.5
"""Seconds to count the passes of each: while the user waits, and in the background."""


@dataclass(frozen=True, slots=True)
class LastAccesses:
    """What is known of one cell where accesses are not counted; steps are those about to access it.

    Attributes:
        cell: which.
        write_step, write_at: when and by which instruction it was written last; None: never.
        read_step: when it was read last; None: never.
    """

    cell: int
    write_step: int | None
    write_at: int | None
    read_step: int | None


class Surveyed(Message):
    """Something was counted.

    Attributes:
        counts: who counted.
        state: the moment that it is about.
        total: the length of the run, or None.
        profile: what ran and was accessed up to then, or None.
        loops: those around pc.
        accesses: the last ones of the cell that was asked about, where there is no profile.
        is_all: whether no more can be said.
    """

    def __init__(
        self,
        counts: Counts,
        state: State,
        total: int | None,
        profile: Profile | None,
        loops: tuple[LoopPass, ...],
        accesses: LastAccesses | None = None,
        *,
        is_all: bool,
    ) -> None:
        super().__init__()
        self.counts = counts
        self.state = state
        self.total = total
        self.profile = profile
        self.loops = loops
        self.accesses = accesses
        self.is_all = is_all


class Counts:
    """Counts one session's run; going on, it counts on, going back, it begins again from step 0.

    Attributes:
        ready: whether compiled code is there; before, nothing is counted.
    """

    def __init__(self, session: Session, *, ready: bool) -> None:
        self.ready = ready
        self._session = session
        self._profiler: WayProfiler | None = None

    @property
    def covers_memory(self) -> bool:
        """Whether accesses of all cells are counted; else one can be asked about."""
        return self._session.settings.memory <= MOST_CELLS

    def survey(self, cell: int, interrupt: Interrupt) -> Surveyed | None:
        """The length of the run, and the counts up to where the session stands; None if interrupted.

        Args:
            cell: which one to ask about where not all are counted.
            interrupt: asked now and then.
        """
        session = self._session
        total = session.total_steps
        if total is None and session.settings.limit <= FAR:
            total = session.find_end(interrupt=interrupt)
        loops = session.loops(most=LOOPS, seconds=_LOOK, interrupt=interrupt)
        profile = self._profile(interrupt)
        accesses = None if self.covers_memory else self._last_accesses(cell, interrupt)
        if interrupt.is_set():
            return None
        return Surveyed(self, session.moment.state, total, profile, loops, accesses, is_all=True)

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
        if not self.covers_memory:
            return None
        step = session.moment.step
        if self._profiler is None or self._profiler.steps > step or not self._profiler.leads_along(way):
            self._profiler = WayProfiler(way, session.settings)
        while not self._profiler.advance(way, step, _SLICE):
            if interrupt.is_set():
                return None
        return self._profiler.profile()

    def _last_accesses(self, cell: int, interrupt: Interrupt) -> LastAccesses | None:
        session = self._session
        try:
            written, read = (self._last(cell, access, interrupt) for access in (Access.WRITE, Access.READ))
            before = None if written is None else session.state_at(written, interrupt=interrupt)
        except MoveError:
            return None
        return LastAccesses(cell, written, None if before is None else before.pc, read)

    def _last(self, cell: int, access: Access, interrupt: Interrupt) -> int | None:
        """The step about to access a cell for the last time up to now."""
        after = self._session.moment.step + 1
        found = self._session.find.last(Question.cells(cell, access=access), before=after, interrupt=interrupt)
        return None if found is None else found - 1
