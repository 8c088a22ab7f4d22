"""The judge of an island: few active cases for everyone, the whole pool for who is right on those."""

from __future__ import annotations

from random import Random

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.alignment import OBJECTIVES, align, places_of
from gpdebug.evolve.choices import sample
from gpdebug.evolve.crowd import Crowd
from gpdebug.evolve.objectives import EXTRA, Wanted, judge
from gpdebug.store.ragged import part
from gpdebug.store.task import Case, Task
from vm.evaluate import Programs, evaluate
from vm.scoring import case_errors
from vm.settings import MAX_OUTPUT
from vm.state import Status

MOST_ACTIVE = 20
NEW_ACTIVE = 2
AT_ONCE = 4_096
"""Programs whose outputs on the whole pool are in memory at once."""
HORIZON = 16
"""Bytes of each output that count at first where objectives are chosen one by one."""
FARTHER = 8
"""So many more count as soon as somebody is right on those."""
WRONG = 32
"""Error of each number that is wrong, of those in sequence, once somebody is right on the first in all cases: else what
adds a constant to that one, which is not far from the second, leaves no room for what begins to compute it."""
CHANCES = 2
"""After so many timeouts a program fails the cases left unseen."""


class Judge:
    """Measures programs on the active cases of a task.

    Attributes:
        active: indexes of training cases, the one that is active for longest first.
        wanted: their outputs, laid out in the order in which they are run.
        inputs: their inputs, in that order.
        settings: of the machine that runs on them.
        horizon: bytes of each output that count; what is not there to be right on cannot be chosen for by chance.
        seen: the same, but all bytes where no output goes on beyond them.
        wrong: the error of every byte that is wrong, or 0: how far it is from the right one.
    """

    def __init__(
        self, task: Task, *, circular: bool, limit: int, one_by_one: bool = False, in_sequence: bool = False
    ) -> None:
        """Prepares to measure.

        Args:
            task: what is wanted.
            circular: errors of bytes are counted modulo 256.
            limit: most steps of a run on an active case; the whole pool is run at the task's own limit.
            one_by_one: objectives are chosen one by one (lexicase): then outputs count up to a horizon that goes on as
                soon as somebody is right up to there, and have the objectives of `alignment`, too.
            in_sequence: outputs are numbers, each of which counts as soon as somebody is right on all before it in
                every training case.
        """
        self._task = task
        self._circular = circular
        self._one_by_one = one_by_one
        self._in_sequence = in_sequence
        settings = task.dialect.settings
        self.settings = settings.with_changes({"limit": min(settings.limit, limit)})
        self._look_near()
        self.activate([0])

    def choose(self, count: int, random: Random) -> None:
        """Draws active cases; the horizon is near again."""
        self._look_near()
        self.activate(sample(random, count, len(self._task.training)))

    def activate(self, cases: list[int]) -> None:
        """Makes these training cases the active ones.

        Those with the longest outputs are run first: they tell soonest that a program is worse than another one.
        """
        self._failing: list[int] = []
        self._has_suspect = False
        self.active = cases
        chosen = sorted((self._task.training[index] for index in cases), key=lambda case: -len(case.output))
        self._outputs = [case.output for case in chosen]
        self.wanted = Wanted.of([output[: self.horizon] for output in self._outputs])
        self._lengths = np.array([len(output) for output in self._outputs])
        self._beyond = self._lengths > self.horizon
        self.wrong = WRONG if self._in_sequence and self.horizon > 1 else 0
        self.seen = self.horizon if self._beyond.any() else MAX_OUTPUT
        self._places = places_of(self._outputs)
        self.inputs = [case.input for case in chosen]

    @property
    def objectives(self) -> int:
        """How many objectives everyone has: those of `wanted`, and maybe those of `alignment` for each case."""
        return self.wanted.count + OBJECTIVES * len(self.active) * self._one_by_one

    def measure(self, crowd: Crowd, programs: Programs) -> None:
        """Runs a crowd's programs on the active cases and fills its columns."""
        wanted = self.wanted
        outcome = evaluate(
            programs, self.inputs, self._task.dialect, self.settings, width=int(self._lengths.max()) + EXTRA,
            most_timeouts=CHANCES,
        )  # fmt: skip
        lengths, status = outcome.lengths.copy(), outcome.status.copy()
        lengths[:, self._beyond] = np.minimum(lengths[:, self._beyond], self.horizon)
        if not self._in_sequence:
            status[:, self._beyond] = Status.FINISHED
        judge(
            (outcome.outputs, lengths, status), (wanted.outputs, wanted.lengths, wanted.rows),
            self._circular, self.wrong, crowd.objectives, crowd.totals, crowd.behaviours,
        )  # fmt: skip
        if self._one_by_one:
            align(
                outcome.outputs, outcome.lengths, self._lengths, self._places, crowd.objectives[:, wanted.count :],
                crowd.behaviours,
            )  # fmt: skip
        crowd.steps[:] = outcome.steps.sum(axis=1)
        crowd.errors[:] = case_errors(self._task.scorer, outcome, self._outputs).sum(axis=1)

    def solves(self, code: bytes) -> bool:
        """Whether a program is right on the whole pool and on the held-out cases, at the task's step limit.

        Cases of the pool that it fails are remembered for `extend`. The held-out cases only say yes or no.
        """
        self._has_suspect = True
        program = Programs.of([code])
        is_beginning = self._in_sequence and bool(self._beyond.any())
        failed = self._wrong_begun(program) if is_beginning else self._wrong(program)
        self._failing += [case for case in failed if case not in self._failing + self.active][:NEW_ACTIVE]
        return not is_beginning and not failed and not errors_on(self._task, program, self._task.held_out)[0].any()

    def extend(self) -> bool:
        """Looks farther, since somebody was right up to the horizon, or makes up to two cases active that were failed.

        The cases that were active for longest make room.
        """
        if self._has_suspect and self._beyond.any() and not (self._in_sequence and self._failing):
            self.horizon += 1 if self._in_sequence else FARTHER
            self.activate(self.active)
            return True
        if not self._failing:
            return False
        self.activate((self.active + self._failing[:NEW_ACTIVE])[-MOST_ACTIVE:])
        return True

    def challenge(self, code: bytes) -> bool:
        """Makes up to two cases active at which a program fails, from all over the pool, if there are any others.

        The cases that were active for longest make room, as they do in `extend`. Cases that change with what the best
        can do are an idea of Hillis: Co-evolving parasites improve simulated evolution, Physica D 42, 1990.
        """
        errors = errors_on(self._task, Programs.of([code]), self._task.training)[0][0]
        failed = [case for case in np.flatnonzero(errors).tolist() if case not in self.active]
        new = failed[:: max(len(failed) // NEW_ACTIVE, 1)][:NEW_ACTIVE]
        if new:
            self.activate((self.active + new)[-MOST_ACTIVE:])
        return bool(new)

    def resume(self, active: list[int], horizon: int) -> None:
        """Goes on with what another judge looked at."""
        self.horizon = horizon
        self.activate(active)

    def _look_near(self) -> None:
        self.horizon = 1 if self._in_sequence else HORIZON if self._one_by_one else MAX_OUTPUT

    def _wrong(self, program: Programs) -> list[int]:
        """Training cases that a program fails."""
        return np.flatnonzero(errors_on(self._task, program, self._task.training)[0][0]).tolist()

    def _wrong_begun(self, program: Programs) -> list[int]:
        """Training cases on whose first bytes, up to the horizon, a program is wrong."""
        cases = self._task.training
        run = evaluate(program, [case.input for case in cases], self._task.dialect, width=self.horizon)
        wanted = [case.output[: self.horizon] for case in cases]
        return [
            index for index, output in enumerate(wanted) if run.outputs[0, index, : len(output)].tobytes() != output
        ]


def errors_on(
    task: Task, programs: Programs, cases: tuple[Case, ...], threads: int = 1
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Errors `int64[programs, cases]` by the task's scorer, and steps alike, at the task's step limit."""
    width = max((len(case.output) for case in cases), default=0) + 1
    inputs, outputs = [case.input for case in cases], [case.output for case in cases]
    errors = np.zeros((len(programs), len(cases)), np.int64)
    steps = np.zeros_like(errors)
    for first in range(0, len(programs) if cases else 0, AT_ONCE):
        rows = np.arange(first, min(first + AT_ONCE, len(programs)))
        some = part(programs, first, first + AT_ONCE)
        run = evaluate(some, inputs, task.dialect, width=width, threads=threads)
        errors[rows], steps[rows] = case_errors(task.scorer, run, outputs), run.steps
    return errors, steps
