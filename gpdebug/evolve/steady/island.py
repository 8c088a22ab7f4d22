"""An island whose generations are as many single births as it has individuals, or a multiple of that."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.ancestry import with_descendants
from gpdebug.evolve.births import BOTH
from gpdebug.evolve.crowd import Crowd
from gpdebug.evolve.island import USUAL_POPULATION, Island
from gpdebug.evolve.judging import CHANCES
from gpdebug.evolve.report import Solution
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.steady import births
from gpdebug.evolve.steady.arm import SteadyArm
from gpdebug.evolve.steady.behaviours import table_for
from gpdebug.evolve.steady.tokens import meanings_of
from gpdebug.store.task import Task
from vm.evaluate import Programs

FIRST_LOG, LOG = 1_024, 16_384
"""Individuals that enter the population before somebody has to write them down, the first time and from the third on;
most of so many have died out by then, and many a search never needs them."""
LOG_GROWTH = 4

FIRST_BIRTHS, MOST_BIRTHS = 1_200, 60_000
"""Births before islands wait for each other for the first time, and in the end: waiting and looking take a small part
of the time that they take."""

LONGEST_ROUND = 200
"""Generations before they do so, however few births that would be."""


class SteadyIsland(Island):
    """A population in which each child takes the place of somebody worse."""

    def __init__(self, task: Task, settings: SearchSettings, index: int, arm: SteadyArm) -> None:
        super().__init__(task, settings, index, arm)
        self._size = arm.population if settings.population == USUAL_POPULATION else settings.population
        self._meanings = meanings_of(task.dialect, self._judge.settings, self._language)
        self._table = table_for(self._size)
        self._log = Crowd.of_size(FIRST_LOG, 0, arm.width)
        self._scratch = births.scratch_for(self._meanings, self._judge.settings.limit, arm.width)
        self._steady = arm
        self.first_round = max(FIRST_BIRTHS // (arm.pace * self._size), 1)
        self.longest_round = max(MOST_BIRTHS // (arm.pace * self._size), LONGEST_ROUND)

    def advance(self, generations: int) -> None:
        """Some generations, fewer if the task is solved; the very first one is random."""
        now = self.counters
        until = now.generation + generations + (now.restarts >= 0)
        if now.restarts < 0:
            self._restart()
        while self.solution is None and now.generation + 1 < until:
            if self._is_stale():
                now.generation += 1
                self._restart()
            else:
                self._live(until)

    def _room(self, tokens: int) -> int:
        """Rows as wide as any program may be: children are written into them, however large the population."""
        return self._arm.width

    def _is_stale(self) -> bool:
        now = self.counters
        return now.evaluations - now.best_at > self._steady.patience_after(now.restarts, now.cap)

    def _live(self, until: int) -> None:
        """Births up to a generation, to the end of patience or to a solution."""
        now = self.counters
        progress = np.zeros(births.PROGRESS, np.int64)
        progress[births.GENERATION] = now.generation + 1
        reason = births.FULL
        while reason == births.FULL or (reason == births.FOUND and not self._has_solved(progress)):
            progress[[births.BIRTHS, births.EVALUATIONS]] = now.births, now.evaluations
            progress[[births.BEST, births.BEST_AT]] = now.best, now.best_at
            reason = self._advance(progress, until)
            now.births, now.evaluations = progress[[births.BIRTHS, births.EVALUATIONS]].tolist()
            now.best, now.best_at = progress[[births.BEST, births.BEST_AT]].tolist()
            if reason == births.FULL:
                self._record(progress)
                if len(self._log) < LOG:
                    self._log = Crowd.of_size(min(LOG_GROWTH * len(self._log), LOG), 0, self._arm.width)
        self._record(progress)
        now.generation = int(progress[births.GENERATION]) - (reason != births.FOUND)
        programs = self.programs()
        self._judge.measure(self.crowd, programs)
        self._report(programs[self.crowd.best()])

    def _advance(self, progress: NDArray[np.int64], until: int) -> int:
        """Calls the kernel."""
        judge, arm, log, crowd = self._judge, self._steady, self._log, self.crowd
        inputs, wanted = Programs.of(judge.inputs), judge.wanted
        cap = self.counters.cap
        knobs = np.array(
            [
                until, arm.tournament, arm.victims, arm.crossover, arm.trades, arm.parts, arm.one_more,
                *arm.token_bounds(cap), arm.caps(cap, 0)[1], arm.patience_after(self.counters.restarts, cap), CHANCES,
                arm.pace * len(crowd), arm.step_pressure,
                arm.repeats_after(self.counters.restarts), arm.drifts, judge.seen,
            ],
            np.int64,
        )  # fmt: skip
        return int(
            births.advance(
                _columns(crowd), _columns(log), self._table, progress, self._meanings, self._material,
                (inputs.code, inputs.offsets), (wanted.outputs, wanted.lengths, wanted.rows), arm.circular, judge.wrong,
                (*self._scratch, *births.results_for(wanted)), knobs, (self._tried, self._better),
                (self._settings.seed, self.index, self._settings.islands),
            )
        )  # fmt: skip

    def _record(self, progress: NDArray[np.int64]) -> None:
        """Writes down who entered the population, as far as somebody alive descends from them."""
        count = int(progress[births.LOGGED])
        ids, living = self._log.ids[:count], np.sort(self.crowd.ids)
        newborn = np.flatnonzero(with_descendants(ids, self._log.parents[:count], living, BOTH))
        self.births.add(self._log.take(newborn), self._language)
        self.births.prune(self.crowd.ids)
        progress[births.LOGGED] = 0

    def _has_solved(self, progress: NDArray[np.int64]) -> bool:
        """Tries who is right on the active cases on all others; if it fails there, more of them become active."""
        row, now = int(progress[births.SUSPECT]), self.counters
        code = self.crowd.take(np.array([row])).programs(self._language)[0]
        if self._judge.solves(code):
            self.solution = Solution(code, int(self.crowd.ids[row]))
            return True
        horizon = self._judge.horizon
        if self._judge.extend():
            self._measure_anew(self.crowd)
            now.best, now.best_at = int(self.crowd.totals.min()), now.evaluations
            progress[births.FRESH] = 1
            if now.best == 0 and self._judge.horizon > horizon:
                progress[births.SUSPECT] = self.crowd.best()
                return self._has_solved(progress)
        return False


def _columns(crowd: Crowd) -> tuple[NDArray[Any], ...]:
    return (
        crowd.genomes, crowd.sizes, crowd.ids, crowd.parents, crowd.operators, crowd.born, crowd.lengths, crowd.totals,
        crowd.behaviours, crowd.steps,
    )  # fmt: skip
