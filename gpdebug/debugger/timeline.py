"""The timeline: any moment of a run or a branch, by exact replay from the nearest checkpoint, however long it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import Enum, auto
from time import perf_counter

from gpdebug.debugger.ahead import fault_ahead
from gpdebug.debugger.checkpoints import Checkpoints, Room
from gpdebug.debugger.drive import Drive
from gpdebug.debugger.edits import Edit, Situation, any_changes, apply
from gpdebug.debugger.errors import NothingChangesError
from gpdebug.debugger.moment import Interrupt, MachineType, ProgressCallback
from gpdebug.debugger.trail import Stretch, Trail
from vm.program import Program
from vm.settings import Settings
from vm.state import Pause, State, Status
from vm.stops import StopSet

REPORT_SECONDS = 0.02
"""How often a long call reports its progress at most."""
STRETCH_SECONDS = 0.001
"""How long it is to take at least from one checkpoint to the next."""
DEAREST = 1 / 6
"""The share of that which making the checkpoint may take."""


class Arrival(Enum):
    """Why an advance came back."""

    TARGET = auto()
    STOP = auto()
    END = auto()
    INTERRUPTED = auto()


@dataclass(slots=True)
class Control:
    """How a long call is watched from outside: an interrupt to ask, a callback to tell."""

    interrupt: Interrupt | None = None
    on_progress: ProgressCallback | None = None
    reported: float = 0.0

    def wants_stop(self) -> bool:
        """Whether the user asked to stop."""
        return self.interrupt is not None and self.interrupt.is_set()

    def report(self, step: int) -> None:
        """Tells where the call has come to, if it has not just done so."""
        if self.on_progress is None:
            return
        now = perf_counter()
        if now - self.reported >= REPORT_SECONDS:
            self.reported = now
            self.on_progress(step)


UNWATCHED = Control()


class Timeline:
    """One run of one program, T steps long, as a function from step to state; or a branch of one.

    A branch shares its past with the run that it was forked from, up to the step of the fork; there edits are made,
    and from there on it has its own run. Moving along it crosses forks unnoticed, in both directions; step numbers
    go on. Its moment at the step of the fork is the edited one. Stops are looked at there as on the run it was
    forked from: an edit is no arrival.

    All branches of a session share one machine, which always stands at some step of one of them, and one budget
    for checkpoints. Moving the machine forwards over new ground leaves some behind, moving it anywhere else restores
    one and replays. A timeline is to be gone to (`go_to`) after another one was used.

    Attributes:
        settings: of the machine.
        checkpoints: what it keeps, its past's included.
    """

    def __init__(
        self, machine_type: MachineType, program: Program, data: bytes, settings: Settings, checkpoint_bytes: int
    ) -> None:
        """Loads a program and its input, at step 0.

        Args:
            machine_type: what runs it.
            program: what is run.
            data: its input.
            settings: of the machine.
            checkpoint_bytes: the budget for the checkpoints of this run and all its branches.

        Raises:
            VMError: the program or its input cannot be loaded.
        """
        self.settings = settings
        self._room = Room(checkpoint_bytes)
        stretch = Stretch(program, data, 0, (), Checkpoints(self._room), seen=0)
        self.checkpoints = Trail((stretch,))
        self._drive = Drive(machine_type, stretch, settings)
        self._drive.keep(stretch.checkpoints.add)

    @property
    def step(self) -> int:
        """Where the machine stands."""
        return self._drive.machine.steps

    @property
    def stretch(self) -> Stretch:
        """Which stretch of the way that step belongs to."""
        return self._drive.stretch

    @property
    def program(self) -> Program:
        """What is run at that step."""
        return self._drive.stretch.program

    @property
    def data(self) -> bytes:
        """The input as of that step."""
        return self._drive.stretch.data

    @property
    def total(self) -> int | None:
        """T, once the end was seen; None before."""
        return self.checkpoints.last.total

    @property
    def seen(self) -> int:
        """The farthest step reached so far."""
        return self.checkpoints.last.seen

    @property
    def farthest(self) -> int:
        """The end of the run or, where that is not known, the farthest step reached so far."""
        return self.seen if self.total is None else self.total

    def use(self, machine_type: MachineType) -> None:
        """Goes on with another kind of machine, at exactly the same moment."""
        self._drive.use(machine_type)

    def fork(self, edits: Sequence[Edit]) -> Timeline:
        """A branch from the step where this stands. The machine stays where it is.

        Raises:
            EditError: the edits cannot be made.
            NothingChangesError: they change nothing.
        """
        return self._branch(self.checkpoints.up_to(self._drive.stretch), self._edited(edits), tuple(edits))

    def amended(self, edits: Sequence[Edit]) -> Timeline:
        """This branch with more edits made at its fork, where it stands; it takes this one's place.

        Raises:
            EditError: the edits cannot be made.
            NothingChangesError: they change nothing.
        """
        after, own = self._edited(edits), self.checkpoints.last
        self.close()
        return self._branch(self.checkpoints.stretches[:-1], after, (*own.edits, *edits))

    def close(self) -> None:
        """Gives up what only this branch keeps; it is not to be used any more."""
        self.checkpoints.last.checkpoints.clear()

    def _edited(self, edits: Sequence[Edit]) -> Situation:
        before = Situation(self.program, self.data, self.settings, self.snapshot())
        after = apply(edits, before)
        if after.is_like(apply((), before)) and not any_changes(edits, before):
            raise NothingChangesError(f"nothing changes: {', '.join(map(str, edits))} already")
        return after

    def _branch(self, past: tuple[Stretch, ...], start: Situation, edits: tuple[Edit, ...]) -> Timeline:
        step = start.state.steps
        own = Stretch(start.program, start.data, step, edits, Checkpoints(self._room), seen=step)
        own.checkpoints.add(start.state)
        branch = copy(self)
        branch.checkpoints = Trail((*past, own))
        return branch

    def state(self) -> State:
        """The state at this step. The last one of the run carries the status that ends it, a fault included."""
        self._drive.machine.settle()
        state = self._drive.machine.snapshot()
        if state.status is Status.RUNNING:
            fault = fault_ahead(state, self.program, self.settings, self.data)
            if fault is not None:
                state = replace(state, status=fault)
        if state.status is not Status.RUNNING:
            self._drive.stretch.total = state.steps
        return state

    def snapshot(self) -> State:
        """The state of the machine as it is, its end not foreseen."""
        return self._drive.machine.snapshot()

    def place(self, state: State) -> None:
        """Puts the machine at a state that is known to be one of this run."""
        stretch = self.checkpoints.at(state.steps)
        self._drive.stand(stretch, state)
        stretch.seen = max(stretch.seen, state.steps)

    def go_to(self, step: int, control: Control = UNWATCHED) -> Arrival:
        """Goes to a step by the shortest way; `END` if the run is shorter."""
        stretch, base = self.checkpoints.nearest(step)
        is_here = self._drive.stretch is self.checkpoints.at(self.step)
        if not is_here or step < self.step or base > self.step:
            self._drive.stand(stretch, stretch.checkpoints.load(base))
            self._cross()
            self._leave_near_checkpoints(step, control)
        return self.advance(until=step, control=control)

    def advance(
        self,
        stops: StopSet | None = None,
        *,
        until: int | None = None,
        control: Control = UNWATCHED,
        on_checkpoint: Callable[[int], None] | None = None,
    ) -> Arrival:
        """Goes forward to `until`, a stop, the end of the run or an interrupt, in slices.

        Args:
            stops: where to stop: at moments that are arrived at, `until` included.
            until: the step to halt at.
            control: how the call is watched.
            on_checkpoint: called at each checkpoint on the way, when its step's stops are counted.
        """
        while True:
            if until is not None and self.step >= until:
                return Arrival.TARGET
            if control.wants_stop():
                return Arrival.INTERRUPTED
            pause = self._slice(stops, until, on_checkpoint is not None)
            crossed = self._cross()
            control.report(self.step)
            if pause is Pause.ENDED and not crossed:
                self._drive.stretch.total = self.step
                return Arrival.END
            if pause is Pause.STOP:
                return Arrival.STOP
            if on_checkpoint is not None and self.step in self.checkpoints:
                on_checkpoint(self.step)

    def _slice(self, stops: StopSet | None, until: int | None, halt_at_checkpoints: bool) -> Pause:
        before, started = self.step, perf_counter()
        stretch = self._drive.stretch
        due = stretch.checkpoints.next_due(before)
        bounds = [before + self._drive.pace.steps, due, until]
        fork = self.checkpoints.following(stretch)
        bounds.append(None if fork is None else fork.start)
        bounds.append(self.checkpoints.after(before) if halt_at_checkpoints else None)
        budget = min(bound for bound in bounds if bound is not None) - before
        pause = self._drive.machine.run(stops, budget)
        self._drive.pace.learn(self.step - before, perf_counter() - started)
        stretch.seen = max(stretch.seen, self.step)
        if pause is Pause.BUDGET and self.step == due:
            self._leave_checkpoint()
        return pause

    def _cross(self) -> bool:
        """Where the run forks, makes the edits and goes over to the branch; whether it did."""
        crossed = False
        while (fork := self.checkpoints.following(self._drive.stretch)) is not None and fork.start == self.step:
            before = Situation(self.program, self.data, self.settings, self.snapshot())
            self._drive.stand(fork, apply(fork.edits, before).state)
            crossed = True
        return crossed

    def _leave_checkpoint(self) -> None:
        """Keeps a regular checkpoint. Dear ones come less often."""
        drive, checkpoints = self._drive, self._drive.stretch.checkpoints
        drive.keep(checkpoints.add)
        stretch = max(STRETCH_SECONDS, drive.checkpoint_seconds / DEAREST)
        if checkpoints.interval < stretch * drive.pace.speed:
            checkpoints.interval *= 2

    def _leave_near_checkpoints(self, step: int, control: Control) -> None:
        """Replays most of the way to `step`, leaving checkpoints at ever shorter distances before it, so that
        going back from there step by step does not replay the whole stretch again.
        """
        worth_it = max(64, int(self._drive.checkpoint_seconds * self._drive.pace.speed * 4))
        while step - self.step > worth_it and step <= self.seen:
            if self.advance(until=(self.step + step) // 2, control=control) is not Arrival.TARGET:
                return
            self._drive.stretch.checkpoints.add_near(self.snapshot())
