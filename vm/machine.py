"""The compiled machine: owns the buffers, wraps the kernels, returns plain results."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vm import kernels, layout
from vm.conditions import MAX_DEPTH
from vm.program import Program
from vm.settings import MAX_LIMIT, Settings
from vm.state import Pause, State, Status, initial_state
from vm.stops import StopSet

_NO_EXECUTIONS = np.empty(0, np.int64)
_NO_WRITES = np.empty((0, 3), np.int64)


class Machine:
    """A program being run, as fast as the machine can: the interface of `vm.reference.ReferenceMachine`."""

    def __init__(self, program: Program, data: bytes = b"", settings: Settings | None = None) -> None:
        """Loads a program and its input.

        Raises:
            InputError: the input does not fit.
            ProgramError: a bracket has no partner and the settings reject that.
        """
        self.program = program
        self.settings = program.dialect.settings if settings is None else settings
        self.data = data
        self._data = np.frombuffer(data, np.uint8).copy()
        self._code = layout.pack_code(program, self.settings)
        self._decoded = layout.decode_words(program.dialect, self.settings)
        self._settings = layout.pack_settings(program.dialect, self.settings)
        self._output = np.empty(self.settings.out_limit, np.uint8)
        self._memory = np.empty(self.settings.memory, np.uint8)
        self._run = kernels.run_living if program.dialect.self_modifying else kernels.run_plain
        self._armed = _Armed(self._code, None)
        self.restore(initial_state(program, data, self.settings))

    def restore(self, state: State) -> None:
        """Makes the machine exactly what it was at `state`, a moment of a run of this program."""
        self._registers = layout.pack_registers(state)
        self._memory[:] = state.memory
        self._output[: len(state.output)] = np.frombuffer(state.output, np.uint8)

    def snapshot(self) -> State:
        """The present moment, complete."""
        return layout.unpack(self._registers, self._memory, self._output)

    @property
    def pc(self) -> int:
        """Index of the next instruction."""
        return int(self._registers[layout.PC])

    @property
    def steps(self) -> int:
        """Instructions executed so far."""
        return int(self._registers[layout.STEPS])

    @property
    def status(self) -> Status:
        """Whether the run goes on, or why it ended."""
        return Status(int(self._registers[layout.STATUS]))

    def step(self, count: int = 1) -> int:
        """Executes up to `count` instructions; returns how many it did."""
        before = self.steps
        self.run(budget=count)
        return self.steps - before

    def settle(self) -> Status:
        """Ends the run if nothing is left to execute (past the last instruction, or at the limit)."""
        if self.status is Status.RUNNING:
            if self.pc >= len(self._code) - 1:
                self._registers[layout.STATUS] = Status.FINISHED
            elif self.steps >= self.settings.limit:
                self._registers[layout.STATUS] = Status.STEP_LIMIT
        return self.status

    def run(self, stops: StopSet | None = None, budget: int | None = None, *, skip_first: bool = True) -> Pause:
        """Runs until the end, a stop, or `budget` steps, whichever comes first.

        Args:
            stops: where to pause, before the instruction is executed; None: nowhere.
            budget: the most instructions to execute; None: no bound but the step limit.
            skip_first: do not stop where the call starts. A run that goes on after `Pause.BUDGET` passes False.
        """
        steps = MAX_LIMIT if budget is None else min(budget, MAX_LIMIT)
        buffers = (self._decoded, self._memory, self._data, self._output, self._registers, self._settings)
        profile = (_NO_EXECUTIONS, _NO_WRITES)
        if stops is None or not stops.stops:
            return Pause(self._run(self._code, *buffers, steps, True, *profile))
        if self._armed.stops is not stops:
            self._armed = _Armed(self._code, stops)
        armed = self._armed
        armed.fired[-1] = stops.pausing
        pause = kernels.run_until(
            armed.code, *buffers, steps, skip_first, *profile,
            self.program.dialect.self_modifying, armed.rows, armed.conditions, stops.hits, armed.fired, armed.stack,
        )  # fmt: skip
        stops.fired[:] = armed.fired[:-1]
        return Pause(pause)


class _Armed:
    """Stops as the kernels take them, with the code that is armed for them."""

    def __init__(self, code: NDArray[np.int64], stops: StopSet | None) -> None:
        self.stops = stops
        self.code = code
        if stops is not None:
            self.rows, self.conditions = layout.pack_stops(stops)
            self.fired = np.zeros(len(stops.stops) + 1, np.uint8)
            self.stack = np.empty(MAX_DEPTH, np.int64)
            self.code = code.copy()
            places = self.rows[:, 0]
            self.code[places[(places >= 0) & (places < len(code) - 1)]] |= layout.ARMED
