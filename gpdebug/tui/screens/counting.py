"""What the debug screen has counted in the background: what ran, who accessed which cell, hits, stops to come, and
how much happens along the run.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from gpdebug.debugger.activity import Activity
from gpdebug.debugger.loops import LoopPass
from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.tui.counts import LastAccesses, Surveyed
from gpdebug.tui.foreseen import Foreseen, Foresight, StopHits, foresee
from gpdebug.tui.run_activity import ActivityCounted, RunActivity, count_activity
from gpdebug.tui.screens.changing import ChangingScreen
from gpdebug.tui.screens.keeping import Edited
from vm.state import State

if TYPE_CHECKING:
    from vm.profile import Profile


class CountingScreen(ChangingScreen):
    """Asks for counts when nothing else runs; only compiled code is fast enough for them."""

    def __init__(self) -> None:
        super().__init__()
        self.forget_counts()

    def forget_counts(self) -> None:
        """Begins anew, for another session."""
        self.profile: Profile | None = None
        self.loops: tuple[LoopPass, ...] = ()
        self.accesses: LastAccesses | None = None
        self._surveyed_state: State | None = None
        self._surveyed_all = False
        self._foresight: Foresight | None = None
        self._run_activity: RunActivity | None = None

    @property
    def is_surveyed(self) -> bool:
        """Whether loops and accesses are those of the moment that is shown."""
        return self._surveyed_state is self.moment.state

    @property
    def hits(self) -> StopHits:
        """What is known of the hits of stops."""
        found = self._foresight
        return StopHits() if found is None or found.session is not self.session else found.hits_at(self.moment)

    @property
    def stop_steps(self) -> tuple[int, ...]:
        """The steps at which stops would stop a run, as far as they are known."""
        found = self._foresight
        return found.steps if found is not None and found.is_of(self.session) else ()

    @property
    def activity(self) -> Activity:
        """How much happens along the run, as far as it is counted."""
        found = self._run_activity
        return found.activity if found is not None and found.is_of(self.session) else Activity()

    def survey(self) -> None:
        """Has counted what is not known yet about the moment that is shown."""
        counts, cell = self.counts, self.memory.cursor
        asked = counts.covers_memory or (self.accesses is not None and self.accesses.cell == cell)
        if not counts.ready or self.player.playing:
            return
        if self.is_surveyed and self._surveyed_all and asked:
            self._foresee()
            return

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message | None:
            return counts.survey(cell, interrupt)

        self.bridge.ask("count", call, background=True)

    def _foresee(self) -> None:
        """Has found what stops did and would do, if there are any; then what happens along the run."""
        session, found = self.session, self._foresight
        if not len(session.stops) or (found is not None and found.answers(session, self.moment)):
            self._count_activity()
            return

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            return foresee(session, interrupt)

        self.bridge.ask("foresee", call, background=True)

    def _count_activity(self) -> None:
        """Has counted what happens along the run."""
        session, found = self.session, self._run_activity
        if found is not None and found.answers(session, self.moment):
            return

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            return count_activity(session, interrupt)

        self.bridge.ask("count activity", call, background=True)

    def learn(self, survey: Surveyed) -> None:
        """Takes note of what was counted."""
        self.profile, self.loops, self._surveyed_state = survey.profile, survey.loops, survey.state
        self._surveyed_all, self.accesses = survey.is_all, survey.accesses

    @on(Surveyed)
    def _surveyed(self, event: Surveyed) -> None:
        if event.counts is not self.counts:
            return
        self.learn(event)
        if self.moment.total_steps is None and event.state is self.moment.state:
            self.moment = replace(self.moment, total_steps=event.total)
        self.show_kept()
        self.show_status()
        self._foresee()

    @on(Foreseen)
    def _foreseen(self, event: Foreseen) -> None:
        found, before = event.foresight, self._foresight
        if found.session is not self.session:
            return
        if found.hits is None and before is not None:
            found = replace(found, hits=before.hits, state=before.state)
        self._foresight = found
        self.views.show_foreseen(self.hits, self.stop_steps)
        if found.is_all:
            self._count_activity()

    @on(ActivityCounted)
    def _activity_counted(self, event: ActivityCounted) -> None:
        if event.run.session is self.session:
            self._run_activity = event.run
            self.views.show_activity(self.activity)

    @on(Edited)
    def _stops_edited(self) -> None:
        self.survey()
