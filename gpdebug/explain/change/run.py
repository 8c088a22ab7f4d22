"""A run that is changed: a program on an input from a moment on, and how it goes on from there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.errors import ChangeError, Interrupted
from gpdebug.explain.trace import Trace
from vm.machine import Machine
from vm.program import Program
from vm.settings import Settings
from vm.state import Pause, State, Status, initial_state, output_of
from vm.stops import StopSet

Interrupt = Callable[[], bool]
"""Asked now and then in long calls; true ends them."""

_SLICE = 10_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """A run from a moment on.

    Attributes:
        program: what is run.
        data: its input.
        settings: of the machine.
        start: the moment; what lies before it is not known.
    """

    program: Program
    data: bytes
    settings: Settings
    start: State

    @classmethod
    def of(cls, program: Program, data: bytes = b"", settings: Settings | None = None) -> Run:
        """A run from its first moment on.

        Raises:
            VMError: the program or its input cannot be loaded.
        """
        settings = program.dialect.settings if settings is None else settings
        return cls(program, data, settings, initial_state(program, data, settings))

    @classmethod
    def of_trace(cls, trace: Trace) -> Run:
        """The run that a trace is of, from where it begins."""
        return cls(trace.program, trace.data, trace.settings, trace.start)

    @property
    def code(self) -> NDArray[np.uint8]:
        """`uint8[instructions]`: the code as it is at its start."""
        return self.start.memory if self.program.dialect.self_modifying else self.program.code

    def machine(self) -> Machine:
        """A machine that stands at its start."""
        machine = Machine(self.program, self.data, self.settings)
        machine.restore(self.start)
        return machine

    def at(self, step: int, interrupt: Interrupt | None = None) -> Run:
        """The same run, from a later moment on: that at which the instruction of this step is the next.

        Raises:
            ChangeError: it has no such moment.
            Interrupted: the user ended it.
        """
        if step < self.start.steps:
            raise ChangeError(f"step {step:,} lies before step {self.start.steps:,}, where this run begins")
        machine = self.machine()
        drive(machine, to_step=step, interrupt=interrupt)
        if machine.steps < step:
            raise ChangeError(f"there is no step {step:,}: the run ends at step {machine.steps:,}")
        return replace(self, start=machine.snapshot())

    def end(self, interrupt: Interrupt | None = None) -> State:
        """Its last moment.

        Raises:
            Interrupted: the user ended it.
        """
        machine = self.machine()
        drive(machine, interrupt=interrupt)
        return machine.snapshot()

    def output(self, state: State) -> bytes:
        """The output as of one of its moments."""
        return output_of(state, self.program.dialect, self.settings)

    def going_on(self, state: State) -> Run:
        """The run that goes on from another moment; what ended this one is forgotten, unless it was told to halt."""
        status = state.status if state.status is Status.HALTED else Status.RUNNING
        return replace(self, start=replace(state, status=status))


def drive(
    machine: Machine, *, stops: StopSet | None = None, to_step: int | None = None, interrupt: Interrupt | None = None
) -> Pause:  # fmt: skip
    """Runs a machine in slices: to the end, a stop or a step.

    Raises:
        Interrupted: the user ended it.
    """
    while True:
        budget = _SLICE if to_step is None else min(_SLICE, to_step - machine.steps)
        if budget <= 0:
            return Pause.BUDGET
        pause = machine.run(stops, budget)
        if pause is not Pause.BUDGET:
            return pause
        ask(interrupt)


def ask(interrupt: Interrupt | None) -> None:
    """Goes on, unless the user wants to end it.

    Raises:
        Interrupted: the user does.
    """
    if interrupt is not None and interrupt():
        raise Interrupted("interrupted before the answer was there")
