"""How often each instruction ran and who wrote each cell last, up to the present step: needs compiled code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpdebug.debugger.moment import Interrupt
from vm.program import Program
from vm.settings import Settings

if TYPE_CHECKING:
    from vm.profile import Profile, Profiler

_SLICE = 500_000


class Counts:
    """Counts on from where it was; going back, it starts again from step 0."""

    def __init__(self, program: Program, data: bytes, settings: Settings) -> None:
        self._run = (program, data, settings)
        self._profiler: Profiler | None = None

    def at(self, step: int, interrupt: Interrupt) -> Profile | None:
        """The counts of a run up to a step; None if interrupted on the way."""
        from vm.profile import Profiler

        if self._profiler is None or self._profiler.steps > step:
            self._profiler = Profiler(*self._run)
        while not self._profiler.advance(step, _SLICE):
            if interrupt.is_set():
                return None
        return self._profiler.profile()
