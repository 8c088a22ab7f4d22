"""A stretch of a run, written down: the moment before each of its steps."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.errors import Interrupted
from vm.machine import Machine
from vm.program import Program
from vm.settings import Settings
from vm.state import Pause, State

WINDOW = 1_000_000
"""Steps that are looked at, of a longer run the last ones."""
_PARTS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A stretch of a run.

    Attributes:
        program: what was run; of a self-modifying dialect, as it was at step 0.
        data: its input.
        settings: of the machine.
        start: the moment where the stretch begins.
        end: the moment where it ends.
        records: `int64[steps, 3]`, see `vm.machine.Machine.trace`.
    """

    program: Program
    data: bytes
    settings: Settings
    start: State
    end: State
    records: NDArray[np.int64]

    @property
    def first(self) -> int:
        """The step at which it begins: what lies before is not known here."""
        return self.start.steps

    def __len__(self) -> int:
        return len(self.records)


def trace_run(
    program: Program,
    data: bytes = b"",
    settings: Settings | None = None,
    *,
    to_step: int | None = None,
    output_byte: int | None = None,
    start: State | None = None,
    window: int = WINDOW,
    interrupt: Callable[[], bool] | None = None,
) -> Trace:
    """Runs a program and writes down its last steps.

    Args:
        program: what is run.
        data: its input.
        settings: of the machine; None: those of the dialect.
        to_step: how far; None: to the end.
        output_byte: the run is followed no further than needed for this byte of its output stream to be written.
        start: a later moment of the run to begin at; None: its first.
        window: the most steps to write down; those before them are run, and forgotten.
        interrupt: asked now and then whether to give up.

    Raises:
        Interrupted: it said so.
        VMError: the program or its input cannot be loaded.
    """
    settings = program.dialect.settings if settings is None else settings
    machine = Machine(program, data, settings)
    if start is not None:
        machine.restore(start)
    part = max(1, window // _PARTS)
    begins: deque[State] = deque([machine.snapshot()])
    while True:
        budget = part if to_step is None else min(part, to_step - machine.steps)
        if budget <= 0 or machine.run(budget=budget) is Pause.ENDED:
            break
        if interrupt is not None and interrupt():
            raise Interrupted("interrupted before the answer was there")
        begins.append(machine.snapshot())
        while len(begins) > 1 and machine.steps - begins[1].steps >= window:
            begins.popleft()
        if output_byte is not None and len(begins[-1].output) > output_byte:
            break
    start = next(state for state in begins if machine.steps - state.steps <= window)
    return _written_down(machine, start, machine.steps)


def _written_down(machine: Machine, start: State, to_step: int) -> Trace:
    records = np.empty((max(0, to_step - start.steps), 3), np.int64)
    machine.restore(start)
    machine.trace(records)
    return Trace(machine.program, machine.data, machine.settings, start, machine.snapshot(), records)
