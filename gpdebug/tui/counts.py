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


MOST_CELLS = 1 << 20
"""Cells up to which writes are counted: more would cost more memory than they are worth."""


class Surveyed(Message):
    """Something was counted."""

    def __init__(self, counts: Counts, total: int | None, profile: Profile | None) -> None:
        super().__init__()
        self.counts = counts
        self.total = total
        self.profile = profile


class Counts:
    """Counts one session's run; going on, it counts on, going back, it begins again from step 0.

    Attributes:
        ready: whether compiled code is there; before, nothing is counted.
    """

    def __init__(self, session: Session, *, ready: bool) -> None:
        self.ready = ready
        self._session = session
        self._profiler: Profiler | None = None

    def survey(self, step: int, interrupt: Interrupt) -> Surveyed | None:
        """The length of the run and the counts up to a step; None if interrupted."""
        session = self._session
        total = session.total_steps
        if total is None and session.settings.limit <= FAR:
            total = session.find_end(interrupt=interrupt)
        return None if interrupt.is_set() else Surveyed(self, total, self._profile(step, interrupt))

    def quick(self, step: int, interrupt: Interrupt) -> Surveyed | None:
        """The counts up to a step if they take no time worth speaking of, to be shown in the same frame; else None."""
        if not self.ready or self._profiler is None:
            return None
        distance = step - self._profiler.steps
        if distance > _SLICE or (distance < 0 and step > _SLICE):
            return None
        return Surveyed(self, self._session.total_steps, self._profile(step, interrupt))

    def _profile(self, step: int, interrupt: Interrupt) -> Profile | None:
        if self._session.settings.memory > MOST_CELLS:
            return None
        if self._profiler is None or self._profiler.steps > step:
            from vm.profile import Profiler

            self._profiler = Profiler(self._session.program, self._session.data, self._session.settings)
        while not self._profiler.advance(step, _SLICE):
            if interrupt.is_set():
                return None
        return self._profiler.profile()
