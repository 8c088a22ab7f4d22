"""What a front end is told at each stop: one immutable picture of the run at one step, and why it stands there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from gpdebug.debugger.firings import Firing
from vm.program import Program
from vm.settings import Settings
from vm.state import Pause, State, Status
from vm.stops import StopSet


class StopReason(StrEnum):
    """Why the session stands where it stands."""

    START = "start"
    """Nothing has run yet: the session is new, or was restarted."""
    STEP = "step"
    """What was asked for is done: so many steps, the loop's exit, the cursor."""
    STOP = "stop"
    """One or more of the user's stops fired: see `Moment.fired`."""
    END = "end"
    """The program finished or halted."""
    FAULT = "fault"
    """The instruction at pc cannot be executed: see the status of the state."""
    STEP_LIMIT = "step limit"
    """The run has used up its steps."""
    INTERRUPTED = "interrupted"
    """The user asked to pause."""
    START_OF_HISTORY = "start of history"
    """Going backwards, nothing earlier was found: this is step 0."""
    SEEK = "seek"
    """The user went to this step."""
    RESTORED = "restored"
    """A snapshot was restored."""
    EDITED = "edited"
    """The user changed this moment."""


END_REASONS = {
    Status.FINISHED: StopReason.END,
    Status.HALTED: StopReason.END,
    Status.STEP_LIMIT: StopReason.STEP_LIMIT,
    Status.OUT_OF_BOUNDS: StopReason.FAULT,
    Status.UNMATCHED_BRACKET: StopReason.FAULT,
    Status.INPUT_EXHAUSTED: StopReason.FAULT,
    Status.OUTPUT_LIMIT: StopReason.FAULT,
}


@dataclass(frozen=True, slots=True)
class LogLine:
    """What a logpoint wrote.

    Attributes:
        stop: number of the logpoint.
        step: when.
        text: its message with the values filled in.
    """

    stop: int
    step: int
    text: str


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Moment:
    """The run at one step, complete and immutable; safe to hand to another thread.

    A run of T steps has the T + 1 moments 0 to T. The last one carries the status with which the run ended; if
    that is a fault, pc points at the instruction that could not be executed.

    Attributes:
        state: registers, memory, status.
        output: the output as of now, whether written or held by the output region.
        program, data: what is run at this step, and its input: on a branch, the user may have edited them.
        reason: why the session stands here.
        firings: the user's stops that fire at this step, in the order in which they were set, with what they saw.
        previous: the state of the stop before this one, to show what changed; None at first.
        total_steps: T, once the end of the run has been seen; None before.
        seen_steps: the farthest step seen so far.
        logged: what logpoints wrote on the way here.
        branch: number of the branch that the session stands on.
    """

    state: State
    output: bytes
    program: Program
    data: bytes
    reason: StopReason
    firings: tuple[Firing, ...] = ()
    previous: State | None = None
    total_steps: int | None = None
    seen_steps: int = 0
    logged: tuple[LogLine, ...] = ()
    branch: int = 0

    def __repr__(self) -> str:
        of = "" if self.total_steps is None else f" of {self.total_steps:,}"
        fired = "".join(f" {number}" for number in self.fired)
        return f"<Moment step {self.step:,}{of}, pc {self.state.pc:,}, {self.state.status}: {self.reason}{fired}>"

    @property
    def step(self) -> int:
        """Instructions executed so far."""
        return self.state.steps

    @property
    def fired(self) -> tuple[int, ...]:
        """Numbers of the user's stops that fire at this step."""
        return tuple(firing.stop.id for firing in self.firings)

    @property
    def at_end(self) -> bool:
        """Whether nothing is left to execute."""
        return self.state.status is not Status.RUNNING


class Interrupt(Protocol):
    """How a front end asks a long call to stop: a `threading.Event` does."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...


ProgressCallback = Callable[[int], None]
"""Called now and then (every 20 ms at most) with the step that a long call has come to."""


class MachineLike(Protocol):
    """What the debugger needs of a machine; `vm.reference.ReferenceMachine` and `vm.machine.Machine` have it."""

    @property
    def steps(self) -> int:
        """Instructions executed so far."""
        ...

    @property
    def status(self) -> Status:
        """Running, or why the run ended."""
        ...

    def run(self, stops: StopSet | None = None, budget: int | None = None) -> Pause:
        """Advances until the end, a stop, or `budget` steps."""
        ...

    def settle(self) -> Status:
        """Ends the run if nothing is left to execute."""
        ...

    def snapshot(self) -> State:
        """The present moment."""
        ...

    def restore(self, state: State) -> None:
        """Goes to another moment."""
        ...


class MachineType(Protocol):
    """What makes a machine: the class of one."""

    def __call__(self, program: Program, data: bytes = b"", settings: Settings | None = None) -> MachineLike:
        """Loads a program and its input."""
        ...
