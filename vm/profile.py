"""What a run did up to a step: executions of each instruction, last write and accesses of each cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vm import kernels, layout
from vm.program import Program
from vm.settings import Settings
from vm.state import State, initial_state
from vm.watch_layout import NOTHING_WATCHED


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Counts of a run from step 0, or a later one, to `steps`.

    Attributes:
        steps: how far it counted.
        executions: `int64[instructions]`: how often each instruction was executed.
        write_step: `int64[memory]`: the step (state before it) of each cell's last write; -1: never written.
        write_at: `int64[memory]`: the instruction that made it.
        writes: `int64[memory]`: how often each cell was written, with whatever value.
        reads: `int64[memory]`: how often each cell was read, by brackets too.
        changes: `int64[memory]`: how many of its writes changed its value.
    """

    steps: int
    executions: NDArray[np.int64]
    write_step: NDArray[np.int64]
    write_at: NDArray[np.int64]
    writes: NDArray[np.int64]
    reads: NDArray[np.int64]
    changes: NDArray[np.int64]

    def then(self, later: Profile) -> Profile:
        """The counts of both, of a run that went on where this one ended, perhaps as another program as long."""
        written = later.write_step >= 0
        return Profile(
            later.steps,
            self.executions + later.executions,
            np.where(written, later.write_step, self.write_step),
            np.where(written, later.write_at, self.write_at),
            self.writes + later.writes,
            self.reads + later.reads,
            self.changes + later.changes,
        )


class Profiler:
    """Counts a run once, in slices, from its first step or a later one on."""

    def __init__(
        self, program: Program, data: bytes = b"", settings: Settings | None = None, *, start: State | None = None
    ) -> None:
        """Loads a program and its input.

        Args:
            program: what is run.
            data: its input.
            settings: of the machine; None: those of the dialect.
            start: the moment of the run to count from; None: its first.

        Raises:
            InputError: the input does not fit.
            ProgramError: a bracket has no partner and the settings reject that.
        """
        settings = program.dialect.settings if settings is None else settings
        state = initial_state(program, data, settings) if start is None else start
        self._run = kernels.profile_living if program.dialect.self_modifying else kernels.profile_plain
        self._registers = layout.pack_registers(state)
        self._executions = np.zeros(settings.memory if program.dialect.self_modifying else len(program), np.int64)
        self._cells = np.tile(np.array([-1, -1, 0, 0, 0], np.int64), (settings.memory, 1))
        self._memory = state.memory.copy()
        self._output = np.empty(settings.out_limit, np.uint8)
        self._output[: len(state.output)] = np.frombuffer(state.output, np.uint8)
        self._buffers = (
            layout.pack_code(program, settings),
            layout.decode_words(program.dialect, settings),
            self._memory,
            np.frombuffer(data, np.uint8).copy(),
            self._output,
            self._registers,
            layout.pack_settings(program.dialect, settings),
        )

    @property
    def steps(self) -> int:
        """How far it has counted."""
        return int(self._registers[layout.STEPS])

    def advance(self, to_step: int, at_most: int) -> bool:
        """Counts up to `to_step`, but at most so many steps in this call; whether it got there (or to the end)."""
        budget = min(to_step - self.steps, at_most)
        if budget > 0:
            self._run(*self._buffers, budget, (self._executions, self._cells), NOTHING_WATCHED)
        return self.steps >= to_step or self._registers[layout.STATUS] != layout.RUNNING

    def snapshot(self) -> State:
        """The moment that it has counted up to."""
        return layout.unpack(self._registers, self._memory, self._output)

    def profile(self) -> Profile:
        """The counts so far."""
        columns = np.ascontiguousarray(self._cells.T)
        return Profile(self.steps, self._executions.copy(), *columns)
