"""What only compiled code is fast enough to know: how long the run is, what ran how often, who wrote which cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from gpdebug.debugger.moment import Interrupt
from gpdebug.debugger.session import Session

if TYPE_CHECKING:
    from vm.profile import Profile, Profiler

_SLICE = 500_000
FAR = 1_000_000_000
"""Steps beyond which the end of a run is not looked for unasked."""


class Surveyed(Message):
    """Something was counted."""

    def __init__(self, counts: Counts, total: int | None, profile: Profile | None) -> None:
        super().__init__()
        self.counts = counts
        self.total = total
        self.profile = profile


class Counts:
    """Counts one session's run; going on, it counts on, going back, it begins again from step 0."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._profiler: Profiler | None = None

    def survey(self, step: int, interrupt: Interrupt) -> Surveyed | None:
        """The length of the run and the counts up to a step; None if interrupted."""
        session = self._session
        total = session.total_steps
        if total is None and session.settings.limit <= FAR:
            total = session.find_end(interrupt=interrupt)
        if interrupt.is_set():
            return None
        return Surveyed(self, total, self._profile(step, interrupt))

    def _profile(self, step: int, interrupt: Interrupt) -> Profile | None:
        from vm.profile import Profiler

        if self._profiler is None or self._profiler.steps > step:
            self._profiler = Profiler(self._session.program, self._session.data, self._session.settings)
        while not self._profiler.advance(step, _SLICE):
            if interrupt.is_set():
                return None
        return self._profiler.profile()
