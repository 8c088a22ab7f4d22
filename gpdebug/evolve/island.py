"""An island: one population that evolves on its own, a generation at a time, the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.arms import ArmSettings, arm_of
from gpdebug.evolve.births import Births
from gpdebug.evolve.choices import keyed, pick
from gpdebug.evolve.crowd import Crowd
from gpdebug.evolve.genome import language_of
from gpdebug.evolve.idioms import random_loops
from gpdebug.evolve.judging import Judge
from gpdebug.evolve.options import Selection, Ties
from gpdebug.evolve.selection import epsilons, lexicase, tournament
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.shorten import shortened
from gpdebug.evolve.variation import Operator, breed, populate
from gpdebug.store.task import Task
from vm.evaluate import Programs

SUSPECTS = 4
"""Most programs of a generation that are right on the active cases and are tried on the whole pool."""
CONSTANT_POPULATION = 600
"""Individuals where the task is one constant, unless more than the usual ones are asked for: more were slower."""
USUAL_POPULATION = 1_000


@dataclass(slots=True)
class Counters:
    """Where an island stands, apart from who lives on it.

    Attributes:
        generation: how many have passed.
        evaluations: programs tried.
        births: individuals made.
        restarts: how often it began again.
        cap: the tokens a program may have, if the arm draws that.
        best: the smallest total error since the restart.
        best_at: evaluations when that was reached.
    """

    generation: int = 0
    evaluations: int = 0
    births: int = 0
    restarts: int = -1
    cap: int = 0
    best: int = 0
    best_at: int = 0


@dataclass(frozen=True, slots=True)
class Solution:
    """A program that is right on every case, and who it is."""

    code: bytes
    id: int


def no_births() -> NDArray[np.int64]:
    """Counts of births by operator, all 0."""
    return np.zeros(len(Operator), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What a generation of an island was like.

    Attributes:
        generation: its number.
        evaluations: programs tried up to now.
        best: the program that selection likes best.
        errors: `float64[n]`, by the task's scorer, on the active cases and as if all others were like them.
        mean_length: of the programs.
        diversity: part of the individuals that behave like no other.
        mean_steps: executed a run on an active case; NaN if not counted.
        tried: `int64[operators]`, children that each `variation.Operator` made.
        better: `int64[operators]`, those of them that entered the population and have a smaller error than their first
            parent, as selection sees it.
    """

    generation: int
    evaluations: int
    best: bytes
    errors: NDArray[np.float64]
    mean_length: float
    diversity: float
    mean_steps: float = np.nan
    tried: NDArray[np.int64] = field(default_factory=no_births)
    better: NDArray[np.int64] = field(default_factory=no_births)


class Island:
    """A population and what it needs to go on.

    Attributes:
        index: its number.
        crowd: the individuals.
        counters: how far it is.
        births: who they descend from.
        solution: a program that is right on every case, once there is one.
        reports: one a generation since they were last taken.
        longest_round: generations after which islands wait for each other, at most.
    """

    longest_round = 10

    def __init__(self, task: Task, settings: SearchSettings, index: int, arm: ArmSettings | None = None) -> None:
        self.index = index
        self._arm = arm or arm_of(settings, index)
        self._task = task
        self._settings = settings
        is_small = len(task.training) == 1 and settings.population <= USUAL_POPULATION
        self._size = min(settings.population, CONSTANT_POPULATION) if is_small else settings.population
        self._language = language_of(task.dialect)
        idioms = random_loops(task.dialect, self._language, settings.seed)
        self._material = self._arm.material(task, self._language, idioms)
        self._judge = Judge(task, circular=self._arm.circular, limit=self._arm.step_limit)
        self.crowd = Crowd.of_size(0, 0)
        self.counters = Counters()
        self.births = Births()
        self.solution: Solution | None = None
        self.reports: list[Report] = []
        self._tried, self._better = no_births(), no_births()

    def advance(self, generations: int) -> None:
        """Some generations, fewer if the task is solved; the very first one is random."""
        for _ in range(generations):
            if self.solution is not None:
                return
            now = self.counters
            if now.restarts < 0:
                self._restart()
            else:
                now.generation += 1
                if self._is_stale():
                    self._restart()
                else:
                    self._next()
            self.births.prune(self.crowd.ids)

    def programs(self) -> Programs:
        """The programs of all individuals."""
        return self.crowd.programs(self._language)

    def shorten(self) -> bytes:
        """Adds a shorter form of the solution, if there is one, to the population as its child; returns it."""
        if self.solution is None:
            raise ValueError("there is no solution that could be made shorter")
        row = int(np.flatnonzero(self.crowd.ids == self.solution.id)[0])
        size = int(self.crowd.sizes[row])
        key = (self._settings.seed, self.index)
        genome, short = shortened(self.crowd.genomes[row], size, self._task, self._language, key)
        child = self._blank(1)
        child.genomes[0], child.sizes[0] = genome, short
        child.parents[0, 0] = self.solution.id
        child.operators[0] = Operator.SHORTENED
        self._bear(child)
        code = child.programs(self._language)[0]
        if len(code) < len(self.solution.code) and self._judge.solves(code):
            self.births.add(child, Programs.of([code]))
            self.crowd = Crowd.joined([self.crowd, child])
            return code
        return self.solution.code

    def state(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Everything that `restore` needs to make another island go on exactly like this one."""
        arrays: dict[str, NDArray[Any]] = {f"crowd.{name}": column for name, column in self.crowd.columns().items()}
        meta = {f.name: getattr(self.counters, f.name) for f in fields(Counters)}
        return arrays, {"counters": meta, "active": self._judge.active}

    def restore(self, arrays: dict[str, NDArray[Any]], meta: dict[str, Any], births: Births) -> None:
        """Takes over what another island was."""
        crowd = Crowd.of_size(len(arrays["crowd.sizes"]), 0)
        for name in crowd.columns():
            if f"crowd.{name}" in arrays:
                setattr(crowd, name, arrays[f"crowd.{name}"].copy())
        crowd.genomes = np.ascontiguousarray(crowd.genomes[:, : self._arm.width])
        self.crowd = crowd
        self.counters = Counters(**meta["counters"])
        self._judge.activate(list(meta["active"]))
        self.births = births

    def _next(self) -> None:
        """One generation: the best ones stay, all others are children."""
        old, arm = self.crowd, self._arm
        best = np.lexsort((old.ids, self._ties(), old.totals))[: max(self._size * arm.elites // 100, 1)]
        parts = [old.take(best)]
        if arm.down_sampling:
            self._sample()
            self._measure_anew(parts[0])
        seen = parts[0].behaviours
        missing = self._size - len(best)
        for attempt in range(arm.retries + 1):
            children = self._children(missing, attempt)
            rows = np.arange(missing) if attempt == arm.retries else _new_behaviours(children.behaviours, seen)
            parts.append(children.take(rows))
            self._tried += np.bincount(children.operators, minlength=len(Operator))
            seen = np.concatenate([seen, parts[-1].behaviours])
            missing -= len(rows)
            if missing == 0:
                break
        newborn = Crowd.joined(parts[1:])
        self._better += np.bincount(newborn.operators[_are_better(newborn, old)], minlength=len(Operator))
        self.births.add(newborn, newborn.programs(self._language))
        self.crowd = Crowd.joined([parts[0], newborn])
        self._look()

    def _key(self) -> tuple[int, int, int]:
        return self._settings.seed, self.index, self.counters.generation

    def _blank(self, count: int) -> Crowd:
        """Individuals to be filled in."""
        return Crowd.of_size(count, self._judge.wanted.count, self._arm.width)

    def _ties(self) -> NDArray[np.int64]:
        """What is better if smaller, of two with the same error."""
        if self._arm.ties is Ties.NEITHER:
            return np.zeros(len(self.crowd), np.int64)
        return self.crowd.lengths if self._arm.ties is Ties.SHORTER else self.crowd.steps

    def _is_stale(self) -> bool:
        """Whether too many programs were tried without a better best one."""
        return self.counters.evaluations - self.counters.best_at > self._arm.patience_with(self.counters.cap)

    def _sample(self) -> None:
        """Draws the cases of a generation.

        Hernandez, Lalejini, Dolson, Ofria: Random subsampling improves performance in lexicase selection, GECCO 2019.
        """
        count = max(len(self._task.training) * self._arm.down_sampling // 100, 1)
        self._judge.choose(count, keyed(*self._key()))

    def _restart(self) -> None:
        """Begins again with random individuals, other active cases and another cap."""
        now = self.counters
        now.restarts += 1
        random = keyed(self._settings.seed, self.index, now.restarts)
        now.cap = pick(random, self._arm.token_caps) if self._arm.token_caps else 0
        self._judge.choose(self._arm.active, random)
        if self._arm.down_sampling:
            self._sample()
        crowd = self._blank(self._size)
        populate(crowd.genomes, crowd.sizes, self._material, self._arm.first_caps(now.cap), self._key())
        self._bear(crowd)
        self.births = Births()
        self.births.add(crowd, crowd.programs(self._language))
        self.crowd = crowd
        now.best, now.best_at = int(crowd.totals.min()), now.evaluations
        self._look()

    def _bear(self, crowd: Crowd) -> None:
        """Gives newborns ids, which no other island gives, and their errors."""
        crowd.born[:] = self.counters.generation
        crowd.ids[:] = (self.counters.births + np.arange(len(crowd))) * self._settings.islands + self.index
        self.counters.births += len(crowd)
        self._measure(crowd)

    def _measure(self, crowd: Crowd) -> None:
        self._judge.measure(crowd, crowd.programs(self._language))
        self.counters.evaluations += len(crowd)

    def _measure_anew(self, crowd: Crowd) -> None:
        """Measures everyone of a crowd on the cases that are active now."""
        crowd.objectives = np.zeros((len(crowd), self._judge.wanted.count), np.int16)
        self._measure(crowd)

    def _children(self, count: int, attempt: int) -> Crowd:
        old = self.crowd
        individuals = attempt * self._size + np.arange(count)
        rows = np.empty((count, 2), np.int32)
        self._select(individuals, rows)
        children = self._blank(count)
        caps = self._arm.caps(self.counters.cap, int(old.sizes[old.best()]))
        breed(
            (old.genomes, old.sizes), (children.genomes, children.sizes), rows, children.operators,
            self._material, caps, self._key(), individuals,
        )  # fmt: skip
        children.parents = np.where(rows >= 0, old.ids[rows], -1)
        self._bear(children)
        return children

    def _select(self, individuals: NDArray[np.int64], rows: NDArray[np.int32]) -> None:
        crowd, arm, key = self.crowd, self._arm, self._key()
        if arm.selection is Selection.TOURNAMENT:
            tournament(crowd.totals, self._ties(), arm.tournament, arm.crossover, key, individuals, rows)
            return
        _, first, group = np.unique(crowd.behaviours, return_index=True, return_inverse=True)
        members = np.argsort(group, kind="stable").astype(np.int32)
        starts = np.searchsorted(group[members], np.arange(len(first) + 1)).astype(np.int32)
        objectives = np.ascontiguousarray(crowd.objectives[first].T)
        is_exact = arm.selection is Selection.LEXICASE
        slack = np.zeros(len(objectives), np.int64) if is_exact else epsilons(objectives, starts)
        lexicase(objectives, members, starts, slack, arm.crossover, key, individuals, rows)

    def _look(self) -> None:
        """Tries those that are right on the active cases on the whole pool, and notes how the generation is."""
        crowd, now = self.crowd, self.counters
        programs = self.programs()
        self._report(programs[crowd.best()])
        right = np.flatnonzero(crowd.totals == 0)
        for row in right[np.argsort(crowd.lengths[right], kind="stable")][:SUSPECTS].tolist():
            if self._judge.solves(programs[row]):
                self.solution = Solution(programs[row], int(crowd.ids[row]))
                return
        if not self._arm.down_sampling and self._judge.extend():
            self._measure_anew(crowd)
            now.best, now.best_at = int(crowd.totals.min()), now.evaluations
        elif crowd.totals.min() < now.best:
            now.best, now.best_at = int(crowd.totals.min()), now.evaluations

    def _report(self, best: bytes) -> None:
        crowd = self.crowd
        scale = len(self._task.training) / len(self._judge.active)
        self.reports.append(
            Report(
                generation=self.counters.generation,
                evaluations=self.counters.evaluations,
                best=best,
                errors=(crowd.errors * scale).astype(np.float64),
                mean_length=float(crowd.lengths.mean()),
                diversity=len(np.unique(crowd.behaviours)) / len(crowd),
                tried=self._tried,
                better=self._better,
            )
        )
        self._tried, self._better = no_births(), no_births()


def _are_better(children: Crowd, parents: Crowd) -> NDArray[np.bool_]:
    """Which children have a smaller error than their first parent: `bool[children]`."""
    order = np.argsort(parents.ids)
    rows = order[np.searchsorted(parents.ids, children.parents[:, 0], sorter=order)]
    better: NDArray[np.bool_] = children.totals < parents.totals[rows]
    return better


def _new_behaviours(behaviours: NDArray[np.uint64], seen: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Rows, ascending, of the first of each behaviour that was not seen before."""
    unique, first = np.unique(behaviours, return_index=True)
    return np.sort(first[~np.isin(unique, seen)])
