"""An island: one population that evolves on its own, a generation at a time, the same on every machine."""

from __future__ import annotations

from dataclasses import fields
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.arms import ArmSettings, arm_for, arm_of
from gpdebug.evolve.births import Births
from gpdebug.evolve.choices import keyed, pick
from gpdebug.evolve.counters import Counters
from gpdebug.evolve.crowd import Crowd
from gpdebug.evolve.genome import language_of, tokens_of
from gpdebug.evolve.grouping import Groups, enter_new, groups_of, table_for
from gpdebug.evolve.judging import Judge
from gpdebug.evolve.options import Selection, Ties
from gpdebug.evolve.repeats import repeat_all
from gpdebug.evolve.report import Report, Solution, no_births, report_of
from gpdebug.evolve.selection import Standings, epsilons, lexicase, standings_of, tournament
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.shorten import TRIES, IsRight, shortened, solves
from gpdebug.evolve.variation import Operator, breed, populate
from gpdebug.store.lineage import Lineage
from gpdebug.store.task import Task
from vm.dialect import Io
from vm.evaluate import Programs

SUSPECTS = 4
"""Most programs of a generation that are right on the active cases and are tried on the whole pool."""
CONSTANT_POPULATION = 600
"""Individuals where the task is one constant, unless more than the usual ones are asked for: more were slower."""
USUAL_POPULATION = 1_000
LARGE = 50_000
"""Individuals from which on rows have only as many tokens as are needed now, and the room for the next generation is
given back while the island is saved."""
CHALLENGES = 5
"""While nobody is better than the best was, the best one is asked so often what it cannot do, before a restart."""
AT_ONCE = 8_192
"""Programs whose outputs on the active cases are in memory at once."""


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
        first_round: generations after which they do so at the beginning.
    """

    longest_round = 10
    first_round = 1

    def __init__(self, task: Task, settings: SearchSettings, index: int, arm: ArmSettings | None = None) -> None:
        self.index = index
        self._arm = arm = arm or arm_of(settings, arm_for(task, settings, index))
        self._task = task
        self._settings = settings
        is_small = len(task.training) == 1 and settings.population <= USUAL_POPULATION
        self._size = min(settings.population, CONSTANT_POPULATION) if is_small else settings.population
        self._language = language_of(task.dialect)
        self._material = self._arm.material(task, self._language, settings.seed)
        self._judge = Judge(
            task, circular=arm.circular, limit=arm.step_limit, one_by_one=arm.one_by_one, in_sequence=arm.repeats > 1
        )
        self.crowd = Crowd.of_size(0, 0, self._arm.width)
        self._spare = self.crowd
        self._groups: Groups | None = None
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
            is_first = self.counters.restarts < 0
            self.counters.generation += not is_first
            if is_first or self._is_stale():
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
        child = self._shorter(row, partial(solves, self._task))
        code = child.programs(self._language)[0]
        if len(code) < len(self.solution.code) and self._judge.solves(code):
            self.births.add(child, self._language)
            child.set_width(self.crowd.genomes.shape[1])
            self.crowd = Crowd.joined([self.crowd, child])
            return code
        return self.solution.code

    def emigrants(self, count: int) -> tuple[Crowd, Lineage]:
        """Copies of the best individuals, and where they come from."""
        crowd = self.crowd.take(self.crowd.ranked(min(count, len(self.crowd) // 2), self._ties()))
        return crowd, self.births.ancestors_of(crowd.ids)

    def welcome(self, crowd: Crowd, lineage: Lineage) -> None:
        """Takes in individuals of another island in place of the worst, as their children; see `migration`.

        Those that are too long here, or that behave like somebody here, do not arrive.
        """
        here, arm, now = self.crowd, self._arm, self.counters
        most_tokens, most_instructions = arm.caps(now.cap, now.cap)
        fitting = crowd.take(np.flatnonzero((crowd.sizes <= most_tokens) & (crowd.lengths <= most_instructions)))
        arrivals = self._blank(len(fitting))
        arrivals.sizes[:], arrivals.operators[:] = fitting.sizes, Operator.MIGRATION
        width = min(arm.width, fitting.genomes.shape[1])
        arrivals.genomes[:, :width] = fitting.genomes[:, :width]
        arrivals.parents[:, 0] = fitting.ids
        now.births = max(now.births, int(crowd.ids.max()) // self._settings.islands + 1)
        self._bear(arrivals)
        table = table_for(len(here) + len(arrivals))
        enter_new(here.behaviours, table)
        arrivals = arrivals.take(enter_new(arrivals.behaviours, table))
        if (width := int(arrivals.sizes.max(initial=0))) > here.genomes.shape[1]:
            here.set_width(width)
        arrivals.set_width(here.genomes.shape[1])
        worst = np.lexsort((here.ids, here.totals))[len(here) - len(arrivals) :]
        for name, column in here.columns().items():
            column[worst] = getattr(arrivals, name)
        self.births.adopt(lineage)
        self.births.add(arrivals, self._language)
        self._groups = None

    def state(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """Everything that `restore` needs to make another island go on exactly like this one."""
        arrays: dict[str, NDArray[Any]] = {f"crowd.{name}": column for name, column in self.crowd.columns().items()}
        arrays["crowd.genomes"] = tokens_of(self.crowd.genomes, self.crowd.sizes)
        meta = {f.name: getattr(self.counters, f.name) for f in fields(Counters)}
        return arrays, {"counters": meta, "active": self._judge.active, "horizon": self._judge.horizon}

    def restore(self, arrays: dict[str, NDArray[Any]], meta: dict[str, Any], births: Births) -> None:
        """Takes over what another island was."""
        tokens = arrays["crowd.genomes"][:, : self._arm.width]
        crowd = Crowd.of_size(len(arrays["crowd.sizes"]), 0, self._room(tokens.shape[1]))
        for name in crowd.columns():
            if name != "genomes" and f"crowd.{name}" in arrays:
                setattr(crowd, name, arrays[f"crowd.{name}"].copy())
        crowd.genomes[:, : tokens.shape[1]] = tokens
        self._settle(crowd)
        self.counters = Counters(**meta["counters"])
        self._judge.resume(list(meta["active"]), int(meta["horizon"]))
        self.births = births

    def release(self) -> None:
        """Gives back the room of a large population's next generation, which is asked for again when it is needed."""
        if self._size >= LARGE:
            self._spare, self._groups = Crowd.of_size(0, 0, self._arm.width), None

    def _next(self) -> None:
        """One generation: the best ones stay, all others are children, made in place of the generation before last."""
        old, arm, begun = self.crowd, self._arm, self.counters.evaluations
        caps = self._caps()
        stay = old.ranked(max(self._size * arm.elites // 100, 1), self._ties())
        if arm.down_sampling:
            self._sample()
        new = self._buffer(max(caps[0], int(old.sizes[stay].max())))
        new.put(0, old, stay)
        if arm.down_sampling:
            self._measure(new.part(0, len(stay)))
        table = table_for(self._size)
        enter_new(new.behaviours[: len(stay)], table)
        filled, standings = len(stay), self._standings()
        for attempt in range(arm.retries + 1):
            children = new.part(filled, self._size)
            mothers = self._breed(children, attempt, caps, standings)
            is_last = attempt == arm.retries
            rows = np.arange(len(children)) if is_last else enter_new(children.behaviours, table)
            self._count(children, rows, old.totals[mothers])
            children.keep(rows)
            filled += len(rows)
            if filled == self._size:
                break
        self._settle(new)
        self.births.add(new.part(len(stay), self._size), self._language)
        self._look(begun)

    def _count(self, children: Crowd, rows: NDArray[np.integer], before: NDArray[np.int64]) -> None:
        """Notes how operators fare: what they made, and what of it entered and is better than its first parent."""
        self._tried += np.bincount(children.operators, minlength=len(Operator))
        better = rows[children.totals[rows] < before[rows]]
        self._better += np.bincount(children.operators[better], minlength=len(Operator))

    def _caps(self) -> tuple[int, int]:
        """Most tokens and most instructions of a child.

        Where they follow the best individual of a task by streams, it is shortened when it comes near to them: else
        they follow tokens that do nothing, until half of each program is idle. In regions, `cats` was found less often.
        """
        crowd, arm, now = self.crowd, self._arm, self.counters
        best = crowd.best()
        if not arm.token_caps and self._task.dialect.io is not Io.STREAMS:
            now.cap = int(crowd.sizes[best])
        elif not arm.token_caps and crowd.sizes[best] > now.cap + arm.growth // 2:
            self._slim(best)
            now.cap = int(crowd.sizes[crowd.best()])
        return arm.caps(now.cap, now.cap)

    def _slim(self, row: int) -> None:
        """Puts a shorter form of an individual, if one is as good at everything, in the place of the worst.

        Each round of it tries no more programs than a generation does.
        """
        crowd = self.crowd
        is_as_good = partial(self._are_as_good, crowd.objectives[row].copy())
        child = self._shorter(row, is_as_good, min(self._size, TRIES))
        if child.lengths[0] < crowd.lengths[row]:
            child.set_width(crowd.genomes.shape[1])
            worst = int(np.lexsort((crowd.ids, crowd.totals))[-1])
            crowd.put(worst, child, np.zeros(1, int))
            self.births.add(child, self._language)
            self._groups = None

    def _shorter(self, row: int, is_right: IsRight, most_tries: int = TRIES) -> Crowd:
        """A shorter form of an individual as its child, or the same if there is none."""
        size, child = int(self.crowd.sizes[row]), self._blank(1)
        child.genomes[0, :size] = self.crowd.genomes[row, :size]
        child.genomes[0], child.sizes[0] = shortened(
            child.genomes[0], size, self._language, self._key(), is_right, most_tries
        )
        child.parents[0, 0], child.operators[0] = self.crowd.ids[row], Operator.SHORTENED
        self._bear(child)
        return child

    def _are_as_good(self, objectives: NDArray[np.int16], programs: Programs) -> NDArray[np.bool_]:
        """Which programs are nowhere worse than somebody was on the active cases."""
        tries = Crowd.of_size(len(programs), self._judge.objectives, 1)
        self._judge.measure(tries, programs)
        self.counters.evaluations += len(programs)
        return np.asarray((tries.objectives <= objectives).all(axis=1))

    def _key(self) -> tuple[int, int, int]:
        return self._settings.seed, self.index, self.counters.generation

    def _blank(self, count: int) -> Crowd:
        """Individuals to be filled in."""
        return Crowd.of_size(count, self._judge.objectives, self._arm.width)

    def _room(self, tokens: int) -> int:
        """Tokens that rows of the population get where `tokens` are needed."""
        return tokens if self._size >= LARGE else self._arm.width

    def _buffer(self, tokens: int) -> Crowd:
        """Room for a generation: where the one before last was, if that fits."""
        spare, objectives, width = self._spare, self._judge.objectives, self._room(tokens)
        if len(spare) != self._size:
            return Crowd.of_size(self._size, objectives, width)
        if spare.genomes.shape[1] != width:
            spare.genomes = np.zeros((self._size, width), np.uint16)
        if spare.objectives.shape[1] != objectives:
            spare.objectives = np.zeros((self._size, objectives), np.int16)
        return spare

    def _settle(self, crowd: Crowd) -> None:
        """Makes a crowd the population; the room of the one before is free."""
        self.crowd, self._spare = crowd, self.crowd
        self._groups = None

    def _ties(self) -> NDArray[np.int64]:
        """What is better if smaller, of two with the same error."""
        if self._arm.ties is Ties.NEITHER:
            return np.zeros(len(self.crowd), np.int64)
        return self.crowd.lengths if self._arm.ties is Ties.SHORTER else self.crowd.steps

    def _is_stale(self) -> bool:
        """Whether too many programs were tried without a better best one."""
        return self.counters.evaluations - self.counters.best_at > self._arm.patience_with(self.counters.cap)

    def _is_stuck(self, begun: int) -> bool:
        """Whether one of `CHALLENGES` parts of its patience ended in the generation begun at so many evaluations."""
        now, part = self.counters, max(self._arm.patience_with(self.counters.cap) // CHALLENGES, 1)
        return (begun - now.best_at) // part < (now.evaluations - now.best_at) // part

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
        repeats = self._arm.repeats_after(now.restarts)
        self._judge.choose(self._arm.active, random)
        if self._arm.down_sampling:
            self._sample()
        caps = self._arm.first_caps(now.cap)
        crowd = self._buffer(caps[0])
        crowd.parents[:], crowd.operators[:] = -1, Operator.RANDOM
        populate(crowd.genomes, crowd.sizes, self._material, caps, self._key(), self._arm.width)
        if repeats > 1:
            repeat_all(crowd.genomes, crowd.sizes, repeats, self._language)
        self._bear(crowd)
        self.births = Births()
        self.births.add(crowd, self._language)
        self._settle(crowd)
        now.best, now.best_at = int(crowd.totals.min()), now.evaluations
        self._look(now.evaluations)

    def _bear(self, crowd: Crowd) -> None:
        """Gives newborns ids, which no other island gives, and their errors."""
        crowd.born[:] = self.counters.generation
        crowd.ids[:] = (self.counters.births + np.arange(len(crowd))) * self._settings.islands + self.index
        self.counters.births += len(crowd)
        self._measure(crowd)

    def _measure(self, crowd: Crowd) -> None:
        for first in range(0, len(crowd), AT_ONCE):
            part = crowd.part(first, min(first + AT_ONCE, len(crowd)))
            self._judge.measure(part, part.programs(self._language))
        self.counters.evaluations += len(crowd)

    def _measure_anew(self, crowd: Crowd) -> None:
        """Measures the population on the cases that are active now."""
        crowd.objectives = np.zeros((len(crowd), self._judge.objectives), np.int16)
        self._measure(crowd)
        self._groups = None

    def _breed(
        self, children: Crowd, attempt: int, caps: tuple[int, int], standings: Standings | None
    ) -> NDArray[np.int32]:
        """Fills a crowd with children; returns the rows of their first parents."""
        old = self.crowd
        individuals = attempt * self._size + np.arange(len(children))
        rows = np.empty((len(children), 2), np.int32)
        self._select(individuals, rows, standings)
        breed(
            (old.genomes, old.sizes), (children.genomes, children.sizes), rows, children.operators,
            self._material, caps, self._key(), individuals, self._arm.width, (self._arm.trades, self._arm.parts),
        )  # fmt: skip
        children.parents[:] = np.where(rows >= 0, old.ids[rows], -1)
        self._bear(children)
        return rows[:, 0]

    def _select(self, individuals: NDArray[np.int64], rows: NDArray[np.int32], standings: Standings | None) -> None:
        crowd, arm, key = self.crowd, self._arm, self._key()
        pressure = crowd.steps, arm.step_pressure
        if standings is None:
            tournament(crowd.totals, self._ties(), arm.tournament, pressure, arm.crossover, key, individuals, rows)
        else:
            lexicase(standings, pressure, arm.crossover, key, individuals, rows)

    def _standings(self) -> Standings | None:
        """What parents are chosen by where that is not the total error."""
        objectives, selection = self.crowd.objectives, self._arm.selection
        if selection is Selection.TOURNAMENT:
            return None
        is_exact = selection is Selection.LEXICASE
        slack = np.zeros(objectives.shape[1], np.int64) if is_exact else epsilons(objectives)
        standings: Standings = standings_of(objectives, self._alike(), slack)
        return standings

    def _alike(self) -> Groups:
        """The population by behaviour."""
        if self._groups is None:
            self._groups = groups_of(self.crowd.behaviours)
        return self._groups

    def _look(self, begun: int) -> None:
        """Tries those that are right on the active cases on the whole pool, and notes how the generation is.

        If nobody is better for long, the best one is asked what it cannot do: few cases are easier learned by heart
        than understood, and who did that leaves no room for others. The generation began at so many evaluations.
        """
        crowd, now, best = self.crowd, self.counters, self._program(self.crowd.best())
        self._report(best)
        right = np.flatnonzero(crowd.totals == 0)
        for row in right[np.argsort(crowd.lengths[right], kind="stable")][:SUSPECTS].tolist():
            code = self._program(row)
            if self._judge.solves(code):
                self.solution = Solution(code, int(crowd.ids[row]))
                return
        if not self._arm.down_sampling and self._judge.extend():
            self._measure_anew(crowd)
            now.best, now.best_at = int(crowd.totals.min()), now.evaluations
        elif crowd.totals.min() < now.best:
            now.best, now.best_at = int(crowd.totals.min()), now.evaluations
        elif not self._arm.down_sampling and self._is_stuck(begun) and self._judge.challenge(best):
            self._measure_anew(crowd)
            now.best = int(crowd.totals.min())

    def _program(self, row: int) -> bytes:
        return self.crowd.part(row, row + 1).programs(self._language)[0]

    def _report(self, best: bytes) -> None:
        self._groups = groups_of(self.crowd.behaviours)
        cases, births = (len(self._judge.active), len(self._task.training)), (self._tried, self._better)
        self.reports.append(report_of(self.crowd, self._groups, self.counters, best, cases, births))
        self._tried, self._better = no_births(), no_births()
