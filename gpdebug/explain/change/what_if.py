"""What if: changes of a run, made on its path (their direct effect) and as a free run (their total effect)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from gpdebug.explain.change.changes import Change, TakeSegment, is_of_program
from gpdebug.explain.change.free import free_run, is_beginning
from gpdebug.explain.change.frozen import frozen_run
from gpdebug.explain.change.outcome import Difference, Outcome
from gpdebug.explain.change.run import Interrupt, Run
from gpdebug.explain.errors import ChangeError
from gpdebug.store.task import Case, Task
from vm.scoring import Scorer, case_error


@dataclass(frozen=True, slots=True, eq=False)
class Judge:
    """What a program is judged by.

    Attributes:
        cases: inputs, and the outputs that are wanted.
        scorer: how far an output is from the wanted one.
        case: which of them the run is that is looked at, from 0; None: none of them.
    """

    cases: Sequence[Case]
    scorer: Scorer = Scorer.BYTES
    case: int | None = None

    @classmethod
    def of_task(cls, task: Task | None, data: bytes) -> Judge | None:
        """A task's cases; the run is that on its input. None: there are no cases.

        Args:
            task: what the program is for, if that is known.
            data: the input of the run.
        """
        cases = () if task is None else (*task.training, *task.held_out)
        if task is None or not cases:
            return None
        numbers = [number for number, case in enumerate(cases) if case.input == data]
        return cls(cases, task.scorer, numbers[0] if numbers else None)

    def error(self, case: int, outcome: Outcome) -> int:
        """The error of what a run came to on a case."""
        return case_error(self.scorer, outcome.output, self.cases[case].output, outcome.status)


@dataclass(frozen=True, slots=True)
class CaseErrors:
    """The error on a case, as it was and with the changes.

    Attributes:
        case: which, from 0.
        before: as it was.
        direct: if the run keeps to its path; None: not known, or on another case than the run's.
        after: as the run goes then.
    """

    case: int
    before: int
    direct: int | None
    after: int


@dataclass(frozen=True, eq=False)
class WhatIf:
    """What comes of changes of a run.

    Attributes:
        run: as it was.
        changes: what is changed.
        direct: what differs if it keeps to its path; None: there is no path to keep to, since instructions move.
        total: what differs as it goes by itself. What is not in `direct` as well goes through control and addresses.
        errors: on the run's case; on every case, if the changes are of the program; none without cases.
    """

    run: Run
    changes: tuple[Change, ...]
    direct: Difference | None
    total: Difference
    errors: tuple[CaseErrors, ...] = ()

    @property
    def before(self) -> Outcome:
        """As it was."""
        return self.total.before

    @cached_property
    def cases_changed(self) -> int:
        """On how many cases the error is another one."""
        return sum(errors.before != errors.after for errors in self.errors)


def what_if(
    run: Run, changes: Sequence[Change], *, judge: Judge | None = None, interrupt: Interrupt | None = None
) -> WhatIf:  # fmt: skip
    """Says what comes of changes of a run.

    Args:
        run: as it was.
        changes: what is changed in it, together.
        judge: the cases by which its program is judged.
        interrupt: ends the call early.

    Raises:
        ChangeError: a change cannot be made.
        Interrupted: the user ended it.
    """
    if not changes:
        raise ChangeError("nothing is changed")
    before = free_run(run, interrupt=interrupt)
    total = Difference(before, free_run(run, changes, interrupt=interrupt))
    moves = any(isinstance(change, TakeSegment) and not change.keeps_places for change in changes)
    direct = None if moves else Difference(before, frozen_run(run, changes, interrupt=interrupt))
    errors = () if judge is None else tuple(_errors(run, changes, direct, total, judge, interrupt))
    return WhatIf(run, tuple(changes), direct, total, errors)


def _errors(
    run: Run,
    changes: Sequence[Change],
    direct: Difference | None,
    total: Difference,
    judge: Judge,
    interrupt: Interrupt | None,
) -> list[CaseErrors]:
    found = []
    everywhere = is_beginning(run) and all(is_of_program(change) for change in changes)
    for case, each in enumerate(judge.cases):
        if case == judge.case:
            on_path = None if direct is None else judge.error(case, direct.after)
            before, after = judge.error(case, total.before), judge.error(case, total.after)
            found.append(CaseErrors(case, before, on_path, after))
        elif everywhere:
            other = Run.of(run.program, each.input, run.settings)
            as_it_was, changed = free_run(other, interrupt=interrupt), free_run(other, changes, interrupt=interrupt)
            found.append(CaseErrors(case, judge.error(case, as_it_was), None, judge.error(case, changed)))
    return found
