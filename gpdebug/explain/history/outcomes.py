"""What programs do on cases: outputs and errors, in parts, so that it takes little memory and can be ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.errors import Interrupted
from gpdebug.store.task import Task
from vm.dialect import Dialect
from vm.evaluate import Programs, evaluate
from vm.program import Program
from vm.scoring import Scorer, case_errors
from vm.settings import Settings, Unmatched
from vm.state import Status

MOST_BYTES = 4_096
"""Bytes of an output that are kept."""
MOST_KEPT = 1 << 27
"""Bytes of all outputs that are kept; of more programs and cases fewer bytes of each."""
RUNS_AT_ONCE = 4_096
"""Runs between which can be asked whether to go on."""

Interrupt = Callable[[], bool]
"""Asked now and then in long calls; true ends them."""
Progress = Callable[[int, int], None]
"""Told now and then how many programs have been run, of how many."""


@dataclass(frozen=True, slots=True)
class Cases:
    """What programs are run on.

    Attributes:
        inputs: one a case.
        wanted: the outputs that are wanted; None: nobody said.
        training: how many of them, the first ones, count for the error of a program; the others are held out.
        scorer: how far an output is from the wanted one.
    """

    inputs: tuple[bytes, ...]
    wanted: tuple[bytes, ...] | None = None
    training: int = 0
    scorer: Scorer = Scorer.BYTES

    @classmethod
    def of_task(cls, task: Task, *, held_out: bool = True) -> Cases:
        """The training cases of a task, and behind them the held-out ones."""
        cases = (*task.training, *(task.held_out if held_out else ()))
        inputs, wanted = tuple(case.input for case in cases), tuple(case.output for case in cases)
        return cls(inputs, wanted, len(task.training), task.scorer)

    def __len__(self) -> int:
        return len(self.inputs)


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """What programs did.

    Attributes:
        outputs: `uint8[programs, cases, width]`, cut at `width`, zero beyond their length.
        lengths: `int32[programs, cases]`, whole lengths of the outputs.
        steps: `int64[programs, cases]`.
        status: `uint8[programs, cases]`, a `vm.state.Status`; `RUNNING` where a program cannot be run.
        errors: `int64[programs, cases]` by the scorer, -1 where a program cannot be run; None: nothing is wanted.
        can_run: `bool[programs]`: false where a bracket has no partner and the settings reject that, or a program that
            is its own memory is longer than that.
        training: how many cases, the first ones, count for the error.
    """

    outputs: NDArray[np.uint8]
    lengths: NDArray[np.int32]
    steps: NDArray[np.int64]
    status: NDArray[np.uint8]
    errors: NDArray[np.int64] | None
    can_run: NDArray[np.bool_]
    training: int

    def output(self, program: int, case: int) -> bytes:
        """An output, as far as it is kept."""
        return self.outputs[program, case, : self.lengths[program, case]].tobytes()

    def ended(self, program: int, case: int) -> Status:
        """How a run ended."""
        return Status(int(self.status[program, case]))

    def error(self, program: int) -> int | None:
        """The sum over the training cases; None if nothing is wanted or it cannot be run."""
        if self.errors is None or not self.can_run[program]:
            return None
        return int(self.errors[program, : self.training].sum())

    def held_out_error(self, program: int) -> int | None:
        """The sum over the held-out cases; None as for `error`, or if there are none."""
        if self.errors is None or not self.can_run[program] or self.errors.shape[1] == self.training:
            return None
        return int(self.errors[program, self.training :].sum())

    def solved(self, program: int) -> int | None:
        """How many training cases it is right on."""
        if self.errors is None or not self.can_run[program]:
            return None
        return int((self.errors[program, : self.training] == 0).sum())


def outcomes(
    codes: Sequence[bytes],
    cases: Cases,
    dialect: Dialect,
    settings: Settings | None = None,
    *,
    width: int = MOST_BYTES,
    threads: int = 1,
    interrupt: Interrupt | None = None,
    progress: Progress | None = None,
) -> Outcomes:
    """Runs programs on cases: exactly what the reference machine gives.

    Args:
        codes: the programs.
        cases: what they are run on.
        dialect: their language.
        settings: of the machine; None: the dialect's own.
        width: bytes of each output to keep, if it is no more than the wanted ones need, else fewer.
        threads: how many share the programs; the result does not depend on it.
        interrupt: asked now and then whether to stop.
        progress: told now and then how far it is.

    Raises:
        InputError: an input does not fit into the memory.
        Interrupted: the user ended it.
    """
    settings = dialect.settings if settings is None else settings
    can_run = np.array([_can_run(code, dialect, settings) for code in codes], np.bool_)
    width = _width(len(codes), cases, width)
    shape = (len(codes), len(cases))
    found = Outcomes(
        np.zeros((*shape, width), np.uint8),
        np.zeros(shape, np.int32),
        np.zeros(shape, np.int64),
        np.zeros(shape, np.uint8),
        None if cases.wanted is None else np.full(shape, -1, np.int64),
        can_run,
        cases.training,
    )
    rows = np.flatnonzero(can_run)
    at_once = max(1, RUNS_AT_ONCE // max(1, len(cases)))
    for start in range(0, len(rows), at_once):
        if interrupt is not None and interrupt():
            raise Interrupted("interrupted before all programs were run")
        if progress is not None:
            progress(start, len(rows))
        part = rows[start : start + at_once]
        programs = Programs.of([codes[row] for row in part.tolist()])
        run = evaluate(programs, cases.inputs, dialect, settings, width=width, threads=threads)
        found.outputs[part], found.lengths[part] = run.outputs, run.lengths
        found.steps[part], found.status[part] = run.steps, run.status
        if found.errors is not None and cases.wanted is not None:
            found.errors[part] = case_errors(cases.scorer, run, cases.wanted)
    return found


def _can_run(code: bytes, dialect: Dialect, settings: Settings) -> bool:
    if dialect.self_modifying and len(code) > settings.memory:
        return False
    return settings.unmatched is not Unmatched.REJECT or not Program(code, dialect).unmatched.size


def _width(count: int, cases: Cases, wished: int) -> int:
    """Bytes of each output: as many as the scorer needs, more if they are wished for and there is room."""
    needed = max(map(len, cases.wanted or ()), default=0) + 1
    room = MOST_KEPT // max(1, count * len(cases))
    return max(needed, min(wished, MOST_BYTES, room))
