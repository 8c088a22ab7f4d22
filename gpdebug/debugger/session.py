"""A debugging session: one program on one input, looked at from any step. The only thing a front end calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from gpdebug.debugger.bookmarks import MARK
from gpdebug.debugger.errors import BookmarkError, MoveError, SnapshotError
from gpdebug.debugger.history import History, Visit
from gpdebug.debugger.machines import machine_for
from gpdebug.debugger.moment import (
    Interrupt,
    MachineType,
    Moment,
    ProgressCallback,
    StopReason,
)
from gpdebug.debugger.snapshots import Snapshot
from gpdebug.debugger.strides import Strides
from gpdebug.debugger.timeline import Arrival, Control, Timeline
from gpdebug.debugger.travel import Landing
from gpdebug.store.dialects import find_dialect
from gpdebug.store.sources import guess_dialect, parse_source
from vm.dialect import Dialect
from vm.program import Program


class Session(Strides):
    """One run of one program, and where the user stands in it.

    Every method that moves returns the `Moment` it came to, which is `moment` from then on. It takes an
    `interrupt`, asked every few milliseconds, and `on_progress`, told now and then which step a long call has come
    to; an interrupted call stands at a definite step with the reason `INTERRUPTED`. Moving forwards past the end
    or backwards past step 0 is no error: the session stays there and the reason says so. Not for several threads
    at once; what it returns is.

    Backwards, each command mirrors the forward one: it goes to an earlier step, by the same rules for stops.
    """

    @classmethod
    def open(
        cls,
        source: str | Path | Program,
        data: bytes | str = b"",
        *,
        dialect: str | Dialect | None = None,
        wanted: bytes | str | None = None,
        **settings: Any,
    ) -> Self:
        """Opens a program, as notebooks and scripts want it: `Session.open("[>]<[.<}]", "abc", memory=64)`.

        Args:
            source: the text of a program, the path of a file that holds one, or a program.
            data: its input; of a text, a byte a character.
            dialect: the language, by name, as the path of a TOML file, or itself; None: as guessed from the symbols.
            wanted: the output that is wanted.
            settings: of the machine, as `gpdebug run` has them as options: `memory`, `limit`, `edge`, …

        Raises:
            StoreError: there is no such file or dialect.
            VMError: the program, its input or a setting is wrong.
        """
        language = find_dialect(dialect) if isinstance(dialect, str) else dialect
        if isinstance(source, Path):
            source = parse_source(source, language)
        program = source if isinstance(source, Program) else Program.parse(source, language or guess_dialect(source))
        chosen = program.dialect.settings.with_changes(settings)
        given, right = (value.encode("latin-1") if isinstance(value, str) else value for value in (data, wanted))
        given = given or b""
        return cls(program, given, chosen, wanted=right, machine=machine_for(program, given, chosen))

    def use(self, machine: MachineType) -> None:
        """Goes on with another kind of machine (compiled, once it is ready), at exactly the same moment."""
        self.machine_type = self.others.machine = machine
        self._timeline.use(machine)

    def continue_(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Runs until a stop fires or the run ends."""
        landing = self._traveller.forward(control=Control(interrupt, on_progress))
        return self._arrive(landing, StopReason.STEP)

    def reverse_continue(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Goes back to the last earlier step at which a stop fires, else to step 0."""
        landing = self._traveller.backward(self._moment.step, control=Control(interrupt, on_progress))
        return self._arrive(landing, StopReason.START_OF_HISTORY)

    def restart(self) -> Moment:
        """Goes to step 0. Stops, snapshots and what is known of the run stay."""
        self._timeline.go_to(0)
        return self._arrive(Landing(Arrival.TARGET, self._timeline.state()), StopReason.START)

    def seek(
        self,
        step: int,
        *,
        branch: int | str | None = None,
        interrupt: Interrupt | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> Moment:
        """Goes to a step, past any stop; to the end if the run is shorter.

        Args:
            step: which.
            branch: on which branch; None: on this one.
            interrupt: ends the call early.
            on_progress: is told which step it has come to.

        Raises:
            MoveError: the step is negative.
            BranchError: there is no such branch.
        """
        if step < 0:
            raise MoveError(f"there is no step {step:,}: a run starts at step 0")
        if branch is not None:
            self.branches.enter(branch, leaving=self._moment.step)
        arrival = self._timeline.go_to(step, Control(interrupt, on_progress))
        return self._arrive(Landing(arrival, self._timeline.state()), StopReason.SEEK)

    def switch(
        self,
        branch: int | str,
        *,
        interrupt: Interrupt | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> Moment:
        """Goes to a branch, to the step where the session last stood on it.

        Raises:
            BranchError: there is no such branch.
        """
        step = self.branches.limb(branch).stood
        return self.seek(step, branch=branch, interrupt=interrupt, on_progress=on_progress)

    def to_end(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Runs to the end of the run, past any stop."""
        end = self.settings.limit if self.total_steps is None else self.total_steps
        return self.seek(end, interrupt=interrupt, on_progress=on_progress)

    def back(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Goes to the moment visited before this one.

        Raises:
            MoveError: this is the first.
        """
        return self._revisit(self.history.back, "earlier", Control(interrupt, on_progress))

    def forward(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Goes to the moment visited after this one.

        Raises:
            MoveError: this is the latest.
        """
        return self._revisit(self.history.forward, "later", Control(interrupt, on_progress))

    def restore(self, snapshot: str | Snapshot) -> Moment:
        """Goes to the moment of a snapshot, on its branch.

        Raises:
            SnapshotError: there is none of this name, or it is of another program, input or machine.
            BranchError: its branch was deleted.
        """
        found = self.snapshots[snapshot] if isinstance(snapshot, str) else snapshot
        limb = self.branches.limb(found.branch)
        stretch = limb.timeline.checkpoints.at(found.step)
        found.require(stretch.program, stretch.data, self.settings)
        if found.branch:
            self._require_moment(limb.timeline, found)
        self.branches.enter(limb.number, leaving=self._moment.step)
        self._timeline.place(found.state)
        return self._arrive(Landing(Arrival.TARGET, self._timeline.state()), StopReason.RESTORED)

    def _require_moment(self, timeline: Timeline, snapshot: Snapshot) -> None:
        """Refuses a snapshot of a branch that is another one by now: it was loaded, or is of another session."""
        timeline.go_to(snapshot.step)
        is_moment = timeline.state() == snapshot.state
        self._timeline.go_to(self._moment.step)
        if not is_moment:
            raise SnapshotError(
                f"snapshot {snapshot.name} is no moment of branch {snapshot.branch}, which it was taken on: "
                "it can be compared, not restored"
            )

    def recall(
        self, name: str, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Goes to a bookmark, or to the `mark`, past any stop.

        Raises:
            BookmarkError: there is no bookmark of this name, or no mark is set.
        """
        place = self.bookmarks[name] if name != MARK else self.mark
        if place is None:
            raise BookmarkError("no mark is set: 'mark' sets it here")
        return self.seek(place.step, branch=place.branch, interrupt=interrupt, on_progress=on_progress)

    def settle(self) -> Moment:
        """Forgets how it came here: nothing counts as changed since, and there is no moment to go back to."""
        moment = self._moment
        self.history = History(Visit(moment.step, moment.branch))
        self._is_fresh = False
        self._moment = replace(moment, previous=None)
        return self._moment

    def _revisit(self, following: Callable[[], Visit | None], direction: str, control: Control) -> Moment:
        """Goes to the next of the visited moments whose branch still exists."""
        visit = following()
        while visit is not None and visit.branch not in self.branches:
            visit = following()
        if visit is None:
            raise MoveError(f"no {direction} moment was visited")
        self.branches.enter(visit.branch, leaving=self._moment.step)
        arrival = self._timeline.go_to(visit.step, control)
        return self._arrive(Landing(arrival, self._timeline.state()), StopReason.SEEK, walking=True)
