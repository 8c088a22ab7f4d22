"""A debugging session: one program on one input, looked at from any step. The only thing a front end calls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self

from gpdebug.debugger import stepping
from gpdebug.debugger.bookmarks import MARK
from gpdebug.debugger.editing import Editing
from gpdebug.debugger.errors import BookmarkError, MoveError, SnapshotError
from gpdebug.debugger.history import Visit
from gpdebug.debugger.machines import machine_for
from gpdebug.debugger.moment import (
    END_REASONS,
    Interrupt,
    MachineType,
    Moment,
    ProgressCallback,
    StopReason,
)
from gpdebug.debugger.snapshots import Snapshot
from gpdebug.debugger.timeline import Arrival, Control, Timeline
from gpdebug.debugger.travel import Landing
from gpdebug.store.dialects import find_dialect
from gpdebug.store.sources import guess_dialect, parse_source
from vm.dialect import Dialect
from vm.program import Program
from vm.state import Status
from vm.stops import Stop


class Session(Editing):
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

    def step(
        self, count: int = 1, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Executes `count` instructions; stops on the way end it early."""
        control = Control(interrupt, on_progress)
        landing = self._traveller.forward(until=self._moment.step + _positive(count), control=control)
        return self._arrive(landing, StopReason.STEP, walking=True)

    def step_back(
        self, count: int = 1, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Takes `count` instructions back; stops on the way end it early."""
        here, control = self._moment.step, Control(interrupt, on_progress)
        if _positive(count) == 1 and here > 0:
            return self._arrive(self._traveller.to_step(here - 1, control), StopReason.STEP, walking=True)
        landing = self._traveller.backward(here, floor=max(0, here - count), control=control)
        reason = StopReason.START_OF_HISTORY if count > here else StopReason.STEP
        return self._arrive(landing, reason, walking=True)

    def step_over(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Executes one instruction, or, from an `open` that is entered, the whole loop: to just after its `close`.

        The partner is that of the code as it is now. At a `close` it is one instruction, to the loop's next pass or
        out of it; `step_out` leaves the loop.
        """
        control = Control(interrupt, on_progress)
        loop = stepping.entered_loop(self.program, self._moment.state)
        if loop is None:
            landing = self._traveller.forward(until=self._moment.step + 1, control=control)
            return self._arrive(landing, StopReason.STEP, walking=True)
        return self._run_to([loop[1] + 1], control)

    def step_over_back(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Takes one instruction back, or, just after the `close` by which a loop was left, the whole loop: to its
        `open`, about to enter it. So it undoes `step_over`.
        """
        here, control = self._moment.step, Control(interrupt, on_progress)
        if here == 0:
            return self._arrive(self._traveller.backward(0), StopReason.START_OF_HISTORY)
        self._timeline.go_to(here - 1)
        loop = stepping.left_loop(self._timeline.program, self._timeline.state())
        if loop is not None:
            internal = stepping.stops_at(self.program, self._moment.state, [loop[0]])
            landing = self._traveller.backward(here, internal=internal, control=control)
            if landing.arrival is not Arrival.END:
                return self._arrive(landing, StopReason.STEP)
        return self._arrive(self._traveller.to_step(here - 1, control), StopReason.STEP, walking=True)

    def step_group(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Executes the equal instructions that follow each other from here (`+++++`) as one; else `step_over`."""
        count = stepping.group_ahead(self.program, self._moment.state)
        if count == 1:
            return self.step_over(interrupt=interrupt, on_progress=on_progress)
        return self.step(count, interrupt=interrupt, on_progress=on_progress)

    def step_group_back(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Takes back the equal instructions that led here one after the other; else `step_over_back`."""
        here = self._moment.step
        if here > 0:
            self._timeline.go_to(here - 1)
            count = min(here, stepping.group_behind(self._timeline.program, self._timeline.state()))
            if count > 1:
                return self.step_back(count, interrupt=interrupt, on_progress=on_progress)
        return self.step_over_back(interrupt=interrupt, on_progress=on_progress)

    def step_out(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Runs to just after the `close` of the innermost loop around pc, as the code is now.

        Raises:
            MoveError: no loop is around pc.
        """
        return self._run_to(
            [stepping.loop_around(self.program, self._moment.state)[1] + 1], Control(interrupt, on_progress)
        )

    def step_out_back(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Goes back to the `open` of the innermost loop around pc, about to enter it for the last time before now.

        Raises:
            MoveError: no loop is around pc.
        """
        return self._run_back_to(
            [stepping.loop_around(self.program, self._moment.state)[0]], Control(interrupt, on_progress)
        )

    def step_pass(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Runs to where the next pass of the innermost loop around pc begins, or out of the loop after the last.

        In no loop, at an `open` that is entered, it is the first pass of that loop.

        Raises:
            MoveError: there is no such loop.
        """
        return self._run_to(
            stepping.pass_ahead(self.program, self._moment.state), Control(interrupt, on_progress)
        )  # fmt: skip

    def step_pass_back(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Goes back to where a pass of the innermost loop around pc begins, the present one or the one before; from
        the beginning of the first to the loop's `open`.

        In no loop, just after the `close` by which one was left, it is the last pass of that loop.

        Raises:
            MoveError: there is no such loop.
        """
        here, before = self._moment.step, None
        if here > 0:
            self._timeline.go_to(here - 1)
            before = self._timeline.state()
            self._timeline.go_to(here)
        return self._run_back_to(
            stepping.pass_behind(self.program, self._moment.state, before), Control(interrupt, on_progress)
        )

    def step_output(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Runs to just after the next output byte: one that is written, or, where output is a region, changed.

        Raises:
            MoveError: programs of this dialect have no output.
        """
        internal = stepping.output_stops(self.program, self.settings)
        return self._forward(internal, Control(interrupt, on_progress))

    def step_output_back(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Goes back to the last earlier step just after an output byte.

        Raises:
            MoveError: programs of this dialect have no output.
        """
        internal = stepping.output_stops(self.program, self.settings)
        return self._backward(internal, Control(interrupt, on_progress))

    def run_to(
        self, instruction: int, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Runs until pc is at an instruction, after this step: the cursor.

        Raises:
            MoveError: there is no such instruction.
        """
        stepping.check(self.program, self._moment.state, instruction)
        return self._run_to([instruction], Control(interrupt, on_progress))

    def run_to_back(
        self, instruction: int, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Goes back to the last earlier step at which pc was at an instruction.

        Raises:
            MoveError: there is no such instruction.
        """
        stepping.check(self.program, self._moment.state, instruction)
        return self._run_back_to([instruction], Control(interrupt, on_progress))

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

    def _run_to(self, instructions: Sequence[int], control: Control) -> Moment:
        return self._forward(stepping.stops_at(self.program, self._moment.state, instructions), control)

    def _run_back_to(self, instructions: Sequence[int], control: Control) -> Moment:
        return self._backward(stepping.stops_at(self.program, self._moment.state, instructions), control)

    def _forward(self, internal: Sequence[Stop], control: Control) -> Moment:
        return self._arrive(self._traveller.forward(internal=internal, control=control), StopReason.STEP)

    def _backward(self, internal: Sequence[Stop], control: Control) -> Moment:
        landing = self._traveller.backward(self._moment.step, internal=internal, control=control)
        found = landing.arrival is not Arrival.END
        return self._arrive(landing, StopReason.STEP if found else StopReason.START_OF_HISTORY)

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

    def _arrive(self, landing: Landing, reason: StopReason, *, walking: bool = False) -> Moment:
        """Stands where a movement came to; `reason` is why if nothing came between."""
        state = landing.state
        if landing.arrival is Arrival.STOP:
            reason = StopReason.STOP
        elif landing.arrival is Arrival.INTERRUPTED:
            reason = StopReason.INTERRUPTED
        if state.status is not Status.RUNNING and reason not in _ANYWHERE:
            reason = END_REASONS[state.status]
        here = Visit(state.steps, self.branches.current.number)
        (self.history.walk if walking else self.history.jump)(here)
        self._is_fresh = False
        moved = here != Visit(self._moment.step, self._moment.branch)
        previous = self._moment.state if moved else self._moment.previous
        self._moment = self._look(state, reason, landing.fired, previous, landing.logged)
        return self._moment


_ANYWHERE = (StopReason.START, StopReason.START_OF_HISTORY, StopReason.RESTORED, StopReason.INTERRUPTED)
"""Reasons that say more than that the run is over."""


def _positive(count: int) -> int:
    if count < 1:
        raise MoveError(f"a count of steps is at least 1, not {count}")
    return count
