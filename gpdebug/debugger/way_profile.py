"""Counts along a branch: what ran how often and who wrote which cell, from step 0 on, over all forks on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gpdebug.debugger.edits import Situation, apply
from gpdebug.debugger.trail import Stretch, Trail
from vm.settings import Settings
from vm.state import initial_state

if TYPE_CHECKING:
    from vm.profile import Profile


class WayProfiler:
    """Counts the way to a branch once, in slices. It is compiled code that counts: it is loaded at first use."""

    def __init__(self, way: Trail, settings: Settings) -> None:
        """Begins at step 0.

        Args:
            way: the stretches of the branch.
            settings: of the machine.
        """
        self._settings = settings
        first = way.stretches[0]
        self._stretch = first
        self._before: Profile | None = None
        self._count(first, Situation(first.program, first.data, settings, initial_state(
            first.program, first.data, settings
        )))  # fmt: skip

    @property
    def steps(self) -> int:
        """How far it has counted."""
        return self._profiler.steps

    def leads_along(self, way: Trail) -> bool:
        """Whether what it has counted lies on the way to a branch."""
        if self._stretch not in way.stretches:
            return False
        following = way.following(self._stretch)
        return following is None or self.steps <= following.start

    def advance(self, way: Trail, to_step: int, at_most: int) -> bool:
        """Counts along a way up to `to_step`, but at most so many steps in this call; whether it got there."""
        following = way.following(self._stretch)
        if following is None or to_step <= following.start:
            return self._profiler.advance(to_step, at_most)
        if self._profiler.advance(following.start, at_most):
            stretch = self._stretch
            before = Situation(stretch.program, stretch.data, self._settings, self._profiler.snapshot())
            self._before = self.profile()
            self._count(following, apply(following.edits, before))
        return False

    def profile(self) -> Profile:
        """The counts so far."""
        profile = self._profiler.profile()
        return profile if self._before is None else self._before.then(profile)

    def _count(self, stretch: Stretch, start: Situation) -> None:
        from vm.profile import Profiler

        self._stretch = stretch
        self._profiler = Profiler(start.program, start.data, self._settings, start=start.state)
