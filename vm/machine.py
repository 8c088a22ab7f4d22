"""The compiled machine: owns the buffers, wraps the kernels, returns plain results."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vm import kernels, layout
from vm.layout import NOTHING_COUNTED
from vm.program import Program
from vm.settings import MAX_LIMIT, Settings
from vm.state import Pause, State, Status, initial_state
from vm.stops import StopSet
from vm.watch_layout import AT_INSTRUCTION, KIND, NOTHING_WATCHED, WHERE, pack_stops


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
        self._armed: _Armed | None = None
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

    def run(self, stops: StopSet | None = None, budget: int | None = None) -> Pause:
        """Runs until the end, a stop, or `budget` steps, whichever comes first.

        Args:
            stops: where to pause: at moments that are arrived at, that after `budget` steps included.
            budget: the most instructions to execute; None: no bound but the step limit.
        """
        steps = MAX_LIMIT if budget is None else min(budget, MAX_LIMIT)
        buffers = (self._decoded, self._memory, self._data, self._output, self._registers, self._settings)
        if stops is None or not stops.stops:
            return Pause(self._run(self._code, *buffers, steps, NOTHING_COUNTED, NOTHING_WATCHED))
        if self._armed is None or self._armed.stops is not stops:
            self._armed = _Armed(self, stops, self._code)
        armed = self._armed
        return Pause(armed.run(armed.code, *buffers, steps, NOTHING_COUNTED, armed.watched))

    def trace(self, records: NDArray[np.int64]) -> int:
        """Executes instructions and writes down the moment before each; returns how many it executed.

        Two runs whose memories are equal at first have been in the same states all the time if, and only if, their
        records are equal: a step writes no cell but under its heads, and does not move them then.

        Args:
            records: `int64[steps, 3]`, written: as many steps as there are rows, unless the run ends. Of each moment
                pc and the cells under head0 and head1 (from bits 32 and 40); head0, head1 and the spare register
                (from bits 24 and 48); how much input is read and output is written (from bit 32).
        """
        before = self.steps
        run = kernels.trace_living if self.program.dialect.self_modifying else kernels.trace_plain
        buffers = (self._decoded, self._memory, self._data, self._output, self._registers, self._settings)
        run(self._code, *buffers, len(records), (NOTHING_COUNTED[0], records), NOTHING_WATCHED)
        return self.steps - before


PC_BITS = 0xFFFFFFFF
"""Of the first number of a record, those of pc."""


class _Armed:
    """Stops as the kernels take them, with the code that is armed for them and the loop that looks at them."""

    def __init__(self, machine: Machine, stops: StopSet, code: NDArray[np.int64]) -> None:
        self.stops = stops
        dialect = machine.program.dialect
        packed = pack_stops(stops, dialect, machine.settings)
        self.watched = (packed.rows, packed.codes, stops.counts, stops.steps, packed.stack, packed.mask, packed.traps)
        places = packed.rows[packed.rows[:, KIND] == AT_INSTRUCTION, WHERE]
        self.code = code.copy()
        self.code[places[(places >= 0) & (places < len(code) - 1)]] |= layout.ARMED
        if stops.is_watching:
            self.run = kernels.watch_living if dialect.self_modifying else kernels.watch_plain
        else:
            self.run = kernels.stop_living if dialect.self_modifying else kernels.stop_plain
