"""The timeline: any moment of a run, by exact replay from the nearest checkpoint, whatever the run's length."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, auto
from time import perf_counter

from gpdebug.debugger.ahead import fault_ahead
from gpdebug.debugger.checkpoints import Checkpoints
from gpdebug.debugger.moment import Interrupt, MachineType, ProgressCallback
from vm.program import Program
from vm.settings import Settings
from vm.state import Pause, State, Status
from vm.stops import StopSet

SLICE_SECONDS = 0.005
"""How long a slice of a long call is to take: an interrupt is seen at its end."""
REPORT_SECONDS = 0.02
"""How often a long call reports its progress at most."""
STRETCH_SECONDS = 0.001
"""How long it is to take at least from one checkpoint to the next."""
DEAREST = 1 / 6
"""The share of that which making the checkpoint may take."""
_TELLING = 1024
"""Steps from which on a slice tells how fast the machine is."""


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


class _Pace:
    """How many steps a slice takes, and how fast the machine is: learnt while it runs."""

    def __init__(self) -> None:
        self.steps = 256
        self.speed = 1e5

    def learn(self, steps: int, seconds: float) -> None:
        """Takes a slice into account; halves or doubles the next one when it was far from its time."""
        if steps >= min(self.steps, _TELLING):
            self.speed = steps / max(seconds, 1e-9)
        if seconds > SLICE_SECONDS * 2 and self.steps > 1:
            self.steps //= 2
        elif seconds < SLICE_SECONDS / 2 and steps >= self.steps:
            self.steps *= 2


class Timeline:
    """One run of one program, T steps long, as a function from step to state.

    It owns the machine, which always stands at some step of the run; moving it forwards over new ground leaves
    checkpoints behind, moving it anywhere else restores one and replays.

    Attributes:
        total: T, once the end was seen; None before.
        seen: the farthest step reached so far.
        checkpoints: what it keeps.
    """

    def __init__(
        self, machine_type: MachineType, program: Program, data: bytes, settings: Settings, checkpoint_bytes: int
    ) -> None:
        """Loads a program and its input, at step 0.

        Raises:
            VMError: the program or its input cannot be loaded.
        """
        self.program, self.data, self.settings = program, data, settings
        self._machine = machine_type(program, data, settings)
        self._pace = _Pace()
        self.total: int | None = None
        self.seen = 0
        self.checkpoints = Checkpoints(checkpoint_bytes)
        started = perf_counter()
        self.checkpoints.add(self._machine.snapshot())
        self._checkpoint_seconds = perf_counter() - started

    @property
    def step(self) -> int:
        """Where the machine stands."""
        return self._machine.steps

    def use(self, machine_type: MachineType) -> None:
        """Goes on with another kind of machine, at exactly the same moment."""
        machine = machine_type(self.program, self.data, self.settings)
        machine.restore(self._machine.snapshot())
        self._machine = machine
        self._pace = _Pace()

    def state(self) -> State:
        """The state at this step. The last one of the run carries the status that ends it, a fault included."""
        self._machine.settle()
        state = self._machine.snapshot()
        if state.status is Status.RUNNING:
            fault = fault_ahead(state, self.program, self.settings, self.data)
            if fault is not None:
                state = replace(state, status=fault)
        if state.status is not Status.RUNNING:
            self.total = state.steps
        return state

    def snapshot(self) -> State:
        """The state of the machine as it is, its end not foreseen."""
        return self._machine.snapshot()

    def place(self, state: State) -> None:
        """Puts the machine at a state that is known to be one of this run."""
        self._machine.restore(state)
        self.seen = max(self.seen, state.steps)

    def go_to(self, step: int, control: Control = UNWATCHED) -> Arrival:
        """Goes to a step by the shortest way; `END` if the run is shorter."""
        base = self.checkpoints.at_or_before(step)
        if step < self.step or base > self.step:
            self._machine.restore(self.checkpoints.load(base))
            self._leave_near_checkpoints(step, control)
        return self.advance(until=step, control=control)

    def advance(
        self,
        stops: StopSet | None = None,
        *,
        until: int | None = None,
        skip_first: bool = True,
        control: Control = UNWATCHED,
        on_checkpoint: Callable[[int], None] | None = None,
    ) -> Arrival:
        """Goes forward to `until`, a stop, the end of the run or an interrupt, in slices.

        Args:
            stops: where to stop, before the instruction there is executed.
            until: the step to halt at.
            skip_first: do not stop where the call starts.
            control: how the call is watched.
            on_checkpoint: called at each checkpoint on the way, before its step's stops are counted.
        """
        while True:
            if until is not None and self.step >= until:
                return Arrival.TARGET
            if control.wants_stop():
                return Arrival.INTERRUPTED
            before = self.step
            pause = self._slice(stops, until, skip_first, on_checkpoint is not None)
            skip_first = skip_first and self.step == before
            control.report(self.step)
            if pause is Pause.ENDED:
                self.total = self.step
                return Arrival.END
            if pause is Pause.STOP:
                return Arrival.STOP
            if on_checkpoint is not None and self.step in self.checkpoints:
                on_checkpoint(self.step)

    def _slice(self, stops: StopSet | None, until: int | None, skip_first: bool, halt_at_checkpoints: bool) -> Pause:
        before, started = self.step, perf_counter()
        due = self.checkpoints.next_due(before)
        budget = min(self._pace.steps, due - before)
        if until is not None:
            budget = min(budget, until - before)
        if halt_at_checkpoints:
            following = self.checkpoints.after(before)
            budget = budget if following is None else min(budget, following - before)
        pause = self._machine.run(stops, budget, skip_first=skip_first)
        seconds = perf_counter() - started
        self._pace.learn(self.step - before, seconds)
        self.seen = max(self.seen, self.step)
        if pause is Pause.BUDGET and self.step == due:
            self._leave_checkpoint()
        return pause

    def _leave_checkpoint(self) -> None:
        """Keeps a regular checkpoint. Dear ones come less often; one slow measurement changes little."""
        started = perf_counter()
        self.checkpoints.add(self._machine.snapshot())
        self._checkpoint_seconds = min(perf_counter() - started, 2 * self._checkpoint_seconds)
        stretch = max(STRETCH_SECONDS, self._checkpoint_seconds / DEAREST)
        if self.checkpoints.interval < stretch * self._pace.speed:
            self.checkpoints.interval *= 2

    def _leave_near_checkpoints(self, step: int, control: Control) -> None:
        """Replays most of the way to `step`, leaving checkpoints at ever shorter distances before it, so that
        going back from there step by step does not replay the whole stretch again.
        """
        worth_it = max(64, int(self._checkpoint_seconds * self._pace.speed * 4))
        while step - self.step > worth_it and step <= self.seen:
            if self.advance(until=(self.step + step) // 2, control=control) is not Arrival.TARGET:
                return
            self.checkpoints.add_near(self._machine.snapshot())
