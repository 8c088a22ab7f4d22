"""What is scanned: a program, the cases it is judged by, and what it does on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.blank import blank_symbol
from gpdebug.explain.errors import ChangeError, ExplainError
from gpdebug.store.task import Case, Task
from vm.dialect import Dialect, Io
from vm.mutant_runs import MutantMachine, Original, run_original
from vm.mutants import Mutants
from vm.program import Program
from vm.scoring import Scorer, case_error
from vm.settings import Settings
from vm.state import Status


class ScanError(ExplainError):
    """What is asked of a scan cannot be done."""


class ScanInterrupted(ExplainError):
    """A scan was given up because its caller asked for that."""


@dataclass(frozen=True, eq=False)
class Subject:
    """A program on some cases, and what it does there: what every mutant is compared with.

    The error of a run is what `vm.scoring.case_error` says: how far its output is from the wanted one, 1 more if it
    did not end by itself. In a dialect whose tape is its program (`bff`), the tape at the end is the output.

    Attributes:
        program: the program, as it was given.
        original: it and the cases as they are run, with its outputs, errors and status.
        own: no outputs were given: what is wanted is what the program puts out itself, so its errors are those of runs
            that do not end by themselves.
    """

    program: Program
    original: Original
    own: bool

    @classmethod
    def of_cases(
        cls, program: Program, cases: Sequence[Case], scorer: Scorer = Scorer.BYTES, settings: Settings | None = None
    ) -> Subject:
        """A program that is judged by cases.

        Args:
            program: the program.
            cases: inputs and the outputs that are wanted for them.
            scorer: how far an output is from the wanted one.
            settings: of the machine; None: the dialect's own.

        Raises:
            ScanError: there is no case.
            VMError: the program or an input cannot be loaded.
        """
        wanted = [case.output for case in cases]
        return _subject(program, [case.input for case in cases], wanted, scorer, settings)

    @classmethod
    def of_task(
        cls, program: Program, task: Task, settings: Settings | None = None, *, held_out: bool = False
    ) -> Subject:
        """A program that is judged by the training cases of a task, and the held-out ones if asked for."""
        cases = (*task.training, *task.held_out) if held_out else task.training
        return cls.of_cases(program, cases, task.scorer, settings)

    @classmethod
    def of_inputs(
        cls,
        program: Program,
        inputs: Sequence[bytes],
        scorer: Scorer = Scorer.BYTES,
        settings: Settings | None = None,
    ) -> Subject:
        """A program of which nothing is known but its inputs: it is to go on putting out what it puts out."""
        return _subject(program, inputs, None, scorer, settings)

    @property
    def dialect(self) -> Dialect:
        """The language of the program."""
        return self.program.dialect

    @property
    def cases(self) -> int:
        """How many there are."""
        return len(self.original.inputs)

    @property
    def error(self) -> int:
        """Of the program, on all cases together."""
        return int(self.original.errors.sum())

    @cached_property
    def nothing(self) -> int:
        """The error of a program that puts out nothing and ends, on all cases together: see `Effect.LETHAL`."""
        scorer = self.original.scorer
        return sum(case_error(scorer, b"", wanted, Status.FINISHED) for wanted in self.original.wanted)

    @cached_property
    def machine(self) -> MutantMachine:
        """What runs its mutants."""
        return MutantMachine(self.original)

    @property
    def executions(self) -> NDArray[np.int64]:
        """How often each instruction was executed on each case: `int64[program_length, cases]`.

        An instruction that could not be executed, where a run ended in a fault, counts, too.
        """
        return self.machine.executions

    def part(self, cases: Sequence[int]) -> Subject:
        """The same program on some of the cases, counted from 0."""
        original = self.original
        inputs, wanted = [original.inputs[case] for case in cases], [original.wanted[case] for case in cases]
        ran = run_original(
            Program(original.code, original.dialect), inputs, wanted, original.scorer, original.settings
        )  # fmt: skip
        return Subject(self.program, ran, self.own)

    def mutant(self, mutants: Mutants, index: int) -> Program:
        """One of some mutants as a program that machines take."""
        return Program(mutants.part(index, index + 1).written(self.original.code)[0], self.original.dialect)


def _subject(
    program: Program,
    inputs: Sequence[bytes],
    wanted: Sequence[bytes] | None,
    scorer: Scorer,
    settings: Settings | None,
) -> Subject:
    if not inputs:
        raise ScanError("there is no case to run the program on: give an input, or cases")
    settings = program.dialect.settings if settings is None else settings
    dialect = _with_blanks(program.dialect)
    if dialect.io is Io.TAPE and not any(inputs):
        dialect = replace(dialect, io=Io.REGIONS)
        settings = replace(settings, in_at=0, out_at=0, out_len=settings.memory)
    run = Program(program.code.tobytes(), dialect)
    return Subject(program, run_original(run, inputs, wanted, scorer, settings), wanted is None)


def _with_blanks(dialect: Dialect) -> Dialect:
    try:
        return blank_symbol(dialect)[0]
    except ChangeError:
        return dialect
