"""The line of descent as a story: the births that mattered, and what lay between them."""

from __future__ import annotations

from dataclasses import dataclass

from gpdebug.explain.errors import ExplainError, Interrupted
from gpdebug.explain.history.alignment import Alignment, align_birth
from gpdebug.explain.history.ancestry import line_of, require_ancestors
from gpdebug.explain.history.effects import Effects, TooDifferentError, effects
from gpdebug.explain.history.outcomes import Cases, Interrupt, Outcomes, outcomes
from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Individual
from vm.dialect import Dialect


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A birth on the line of descent.

    Attributes:
        individual: who was born, or, first of the line, is the oldest that is known.
        alignment: its first parent's program and its own; None: it is the first of the line.
        error: its own, over the training cases; None: it is not known.
        error_before: its first parent's.
        solved: training cases that it is right on; None: it is not known.
        gained: training cases that it is right on and its first parent was not, from 0.
        lost: those that its first parent was right on and it is not.
        is_best: whether its error is smaller than that of all before it on the line.
    """

    individual: Individual
    alignment: Alignment | None
    error: int | None
    error_before: int | None
    solved: int | None
    gained: tuple[int, ...]
    lost: tuple[int, ...]
    is_best: bool


@dataclass(frozen=True, slots=True)
class Between:
    """Births one after the other that did not matter.

    Attributes:
        births: how many.
        better: how many had a smaller error than their first parent.
        worse: how many a greater one.
        unchanged: of how many the program was the same.
        highest: the greatest error among them; None: it is not known.
    """

    births: int
    better: int
    worse: int
    unchanged: int
    highest: int | None


@dataclass(frozen=True, eq=False)
class Story:
    """The line of first parents of an individual.

    A birth *matters* if its error is smaller than that of everyone before it on the line, or if it is the first or the
    last one. Where no errors are known, each birth that changed the program matters.

    Attributes:
        individual: whose story it is.
        steps: every birth on the line, the oldest first.
    """

    individual: Individual
    steps: tuple[Step, ...]

    def matters(self, step: int) -> bool:
        """Whether a birth mattered."""
        one = self.steps[step]
        if step in (0, len(self.steps) - 1) or one.is_best:
            return True
        return one.error is None and one.alignment is not None and bool(one.alignment.hunks)

    def chapters(self) -> tuple[int | Between, ...]:
        """The births that mattered, as numbers of steps, and what lay between them."""
        told: list[int | Between] = []
        between: list[Step] = []
        for number, step in enumerate(self.steps):
            if not self.matters(number):
                between.append(step)
                continue
            if between:
                told.append(_between(between))
                between = []
            told.append(number)
        return tuple(told)


def story(individuals: Individuals, individual: Individual, *, interrupt: Interrupt | None = None) -> Story:
    """Follows the line of first parents, and runs everyone on it on all training cases.

    Where there is no task the stored errors are taken.

    Args:
        individuals: of its run.
        individual: whose story is told.
        interrupt: asked now and then whether to stop.

    Raises:
        NoAncestorsError: its parents are not known or not stored.
        StoreError: a file is wrong.
        Interrupted: the user ended it.
    """
    require_ancestors(individuals, individual)
    line = line_of(individuals, individual)
    codes = list(dict.fromkeys(one.code for one in line))
    row = {code: place for place, code in enumerate(codes)}
    task, runs = individuals.task, None
    if task is not None and task.training:
        cases = Cases.of_task(task, held_out=False)
        runs = outcomes(codes, cases, individuals.dialect, width=1, interrupt=interrupt)
    steps: list[Step] = []
    best: int | None = None
    for number, one in enumerate(line):
        if interrupt is not None and interrupt():
            raise Interrupted("interrupted before the line of descent was followed to its end")
        parent = line[number - 1] if number else None
        error = one.error if runs is None else runs.error(row[one.code])
        gained, lost = _cases(runs, None if parent is None else row[parent.code], row[one.code])
        steps.append(
            Step(
                one,
                None if parent is None else align_birth(parent.code, one.code, individuals.dialect),
                error,
                steps[-1].error if steps else None,
                None if runs is None else runs.solved(row[one.code]),
                gained,
                lost,
                error is not None and (best is None or error < best),
            )
        )
        best = error if best is None or (error is not None and error < best) else best
    return Story(individual, tuple(steps))


def effects_of(step: Step, individuals: Individuals, *, interrupt: Interrupt | None = None) -> Effects | None:
    """What each edit of a birth did on the training cases; None for the first of the line and without a task.

    Raises:
        TooDifferentError: parent and child differ in too many places.
        Interrupted: the user ended it.
    """
    task = individuals.task
    if step.alignment is None or task is None or not task.training:
        return None
    dialect: Dialect = individuals.dialect
    return effects(step.alignment, Cases.of_task(task, held_out=False), dialect, interrupt=interrupt)


def effects_of_births(
    told: Story, individuals: Individuals, *, interrupt: Interrupt | None = None
) -> dict[int, Effects | ExplainError | None]:
    """What the edits of the births that mattered did, by step; the error where they are too many to be told apart.

    Raises:
        Interrupted: the user ended it.
    """
    found: dict[int, Effects | ExplainError | None] = {}
    for number, step in enumerate(told.steps):
        if told.matters(number):
            try:
                found[number] = effects_of(step, individuals, interrupt=interrupt)
            except TooDifferentError as error:
                found[number] = error
    return found


def _cases(runs: Outcomes | None, before: int | None, now: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Training cases that a program is right on and another is not, and the other way round."""
    if runs is None or runs.errors is None or before is None:
        return (), ()
    old, new = runs.errors[before] == 0, runs.errors[now] == 0
    return tuple((new & ~old).nonzero()[0].tolist()), tuple((old & ~new).nonzero()[0].tolist())


def _between(steps: list[Step]) -> Between:
    changes = [
        step.error - step.error_before for step in steps if step.error is not None and step.error_before is not None
    ]
    return Between(
        births=len(steps),
        better=sum(change < 0 for change in changes),
        worse=sum(change > 0 for change in changes),
        unchanged=sum(step.alignment is not None and not step.alignment.hunks for step in steps),
        highest=max((step.error for step in steps if step.error is not None), default=None),
    )
