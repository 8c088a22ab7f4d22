"""Re-running stored programs and comparing with what is stored: nothing is explained that does not hold.

What the file tells of a program, its errors and steps, must be what this machine computes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.store.population import Population
from gpdebug.store.ragged import take
from gpdebug.store.task import Task
from vm.errors import VMError
from vm.evaluate import Programs
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.scoring import case_error
from vm.state import output_of

SAMPLE = 32
MOST_STEPS = 1 << 30


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A stored value that is not what running the program gives.

    Attributes:
        row, id: the individual.
        case: index of the training case; None for a value over all of them.
        what: `error` or `steps`.
        stored: what the file says.
        computed: what this machine gives.
    """

    row: int
    id: int
    case: int | None
    what: str
    stored: int
    computed: int

    def __str__(self) -> str:
        where = "" if self.case is None else f" on case {self.case}"
        return f"#{self.id} (row {self.row}): {self.what}{where} is stored as {self.stored:,}, but is {self.computed:,}"


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of re-running a sample.

    Attributes:
        programs: how many were run; 0 if nothing is stored that could be compared.
        mismatches: what differs.
        problem: why the sample could not be run; empty if it could.
    """

    programs: int
    mismatches: tuple[Mismatch, ...] = ()
    problem: str = ""

    @property
    def ok(self) -> bool:
        """Nothing differs."""
        return not self.mismatches and not self.problem


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What programs do on the training cases.

    Attributes:
        errors: `int64[programs, cases]`.
        steps: `int64[programs]`, over all cases.
    """

    errors: NDArray[np.int64]
    steps: NDArray[np.int64]


def verify(population: Population, *, sample: int = SAMPLE, compiled: bool = True) -> Verification:
    """Re-runs a sample of a population on the training cases.

    Args:
        population: with its task and what it stores of errors and steps.
        sample: how many programs: the half with the smallest errors, the others spread evenly over the rows;
            fewer, if all of them could need more than `MOST_STEPS`.
        compiled: use the compiled machine, which loads numba on first use; else the slow reference.
    """
    task = population.task
    stored = (population.errors, population.error, population.steps)
    if (
        task is None
        or not task.training
        or all(column is None for column in stored)
        or not len(population)
        or sample < 1
    ):
        return Verification(0)
    rows = sample_rows(population, _affordable(population, task, sample))
    programs = take(population.programs, rows)
    try:
        outcome = run_compiled(programs, task) if compiled else run_reference(programs, task)
    except VMError as error:
        return Verification(len(rows), problem=f"the sample cannot be run: {error}")
    return Verification(len(rows), tuple(_mismatches(population, rows, outcome)))


def sample_rows(population: Population, sample: int) -> NDArray[np.intp]:
    """The rows to re-run, ascending and each once."""
    count = len(population)
    if count <= sample:
        return np.arange(count, dtype=np.intp)
    spread = np.linspace(0, count - 1, sample).round().astype(np.intp)
    if population.error is None:
        return spread
    half = (sample + 1) // 2
    best = np.argpartition(population.error, half)[:half]
    others = np.setdiff1d(spread, best)
    picked = np.linspace(0, len(others) - 1, min(sample - half, len(others))).round().astype(np.intp)
    return np.union1d(best, others[picked])


def _affordable(population: Population, task: Task, sample: int) -> int:
    """How many programs can be run, going by what is stored of their steps, else by the step limit."""
    most = task.dialect.settings.limit * len(task.training)
    if population.steps is not None:
        most = min(most, max(1, int(population.steps.max())))
    return max(1, min(sample, MOST_STEPS // max(1, most)))


def run_compiled(programs: Programs, task: Task) -> Outcome:
    """Runs programs on the training cases in compiled code.

    Raises:
        VMError: a program cannot be loaded.
    """
    from vm.evaluate import evaluate
    from vm.scoring import case_errors

    wanted = [case.output for case in task.training]
    width = max(map(len, wanted), default=0)
    evaluation = evaluate(programs, [case.input for case in task.training], task.dialect, width=width)
    return Outcome(case_errors(task.scorer, evaluation, wanted), evaluation.steps.sum(axis=1))


def run_reference(programs: Programs, task: Task) -> Outcome:
    """The same by the reference machine, without compiled code.

    Raises:
        VMError: a program cannot be loaded.
    """
    errors = np.zeros((len(programs), len(task.training)), np.int64)
    steps = np.zeros(len(programs), np.int64)
    for row in range(len(programs)):
        program = Program(programs[row], task.dialect)
        for index, case in enumerate(task.training):
            machine = ReferenceMachine(program, case.input)
            machine.run()
            output = output_of(machine.snapshot(), task.dialect, machine.settings)
            errors[row, index] = case_error(task.scorer, output, case.output, machine.status)
            steps[row] += machine.steps
    return Outcome(errors, steps)


def _mismatches(population: Population, rows: NDArray[np.intp], outcome: Outcome) -> list[Mismatch]:
    found: list[Mismatch] = []

    def compare(what: str, row: int, case: int | None, stored: np.int64, computed: np.int64) -> None:
        if stored != computed:
            found.append(Mismatch(row, int(population.ids[row]), case, what, int(stored), int(computed)))

    for at, row in enumerate(rows.tolist()):
        if population.errors is not None:
            for case in np.flatnonzero(population.errors[row] != outcome.errors[at]).tolist():
                compare("error", row, case, population.errors[row, case], outcome.errors[at, case])
        if population.error is not None:
            compare("error", row, None, population.error[row], outcome.errors[at].sum())
        if population.steps is not None:
            compare("steps", row, None, population.steps[row], outcome.steps[at])
    return found
