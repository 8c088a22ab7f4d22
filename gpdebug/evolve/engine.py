"""The engine: islands side by side, in rounds of a fixed number of generations, the same on any number of threads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from gpdebug.evolve.champion import Champion, Measured
from gpdebug.evolve.island import Island
from gpdebug.evolve.migration import migrate, next_round
from gpdebug.evolve.report import Report
from gpdebug.evolve.rows import row_of
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.steady.arm import steady_arm_of
from gpdebug.evolve.steady.island import SteadyIsland
from gpdebug.store.task import Task

Result = TypeVar("Result")

MIGRANTS = 5
"""Individuals that go from an island to the next one, unless another number is asked for."""
FEW = 5_000
"""Programs up to which islands take turns even if there are threads: they would wait for each other for longer."""


class Engine:
    """A search that can be advanced and looked at.

    Attributes:
        task: what is wanted.
        settings: with the task, all that the results depend on.
        islands: where the search happens.
        champion: the best program yet, None before the first round.
        rows: the history since it was last taken, one mapping a generation.
    """

    def __init__(self, task: Task, settings: SearchSettings, *, threads: int = 1) -> None:
        """Prepares a search.

        Raises:
            TaskError: the dialect has no loops or no output.
        """
        self.task = task
        self.settings = settings
        self.islands = [_island(task, settings, index) for index in range(settings.islands)]
        self.champion: Champion | None = None
        self.rows: list[dict[str, float]] = []
        self._measured = Measured(task)
        workers = min(threads, settings.islands)
        self._threads = ThreadPoolExecutor(workers) if workers > 1 else None

    @property
    def generation(self) -> int:
        """The generation the islands have reached (one that solves the task stops there)."""
        return max(island.counters.generation for island in self.islands)

    @property
    def evaluations(self) -> int:
        """Programs tried."""
        return sum(island.counters.evaluations for island in self.islands)

    @property
    def solved(self) -> bool:
        """Whether a program is right on every case; the search is over then."""
        return self.champion is not None and self.champion.is_solution

    def advance(self) -> None:
        """One round: all islands do some generations each, then what they found is compared."""
        every = self.settings.migration
        generations = next_round(self.generation, self._round(), every)
        self._each(self.islands, lambda island: island.advance(generations))
        self._note([report for island in self.islands for report in island.reports])
        for island in self.islands:
            island.reports = []
        self._shorten_solution()
        if every is not None and self.generation and self.generation % every == 0 and not self.solved:
            migrate(self.islands, self.settings.migrants or MIGRANTS)

    def crown(self, code: bytes) -> None:
        """Makes a program the champion, as it was before an interruption."""
        self.champion = self._measured.of([code])[code]

    def close(self) -> None:
        """Ends the threads."""
        if self._threads is not None:
            self._threads.shutdown()

    def _round(self) -> int:
        """Generations until islands wait for each other: few at first, for who finds something soon should be heard."""
        first = min(island.first_round for island in self.islands)
        return min(first + self.generation // 4, *(island.longest_round for island in self.islands))

    def _each(self, islands: Sequence[Island], do: Callable[[Island], Result]) -> list[Result]:
        """What each island gives, side by side if there are threads and it is worth it."""
        tried = max(self.evaluations, self.settings.islands * self.settings.population)
        return list((map if self._threads is None or tried <= FEW else self._threads.map)(do, islands))

    def _note(self, reports: Sequence[Report]) -> None:
        """Adds rows to the history and finds the champion."""
        champions = self._measured.of(report.best for report in reports)
        best = self.champion
        for generation in sorted({report.generation for report in reports}):
            here = [report for report in reports if report.generation == generation]
            found = [champions[report.best] for report in here]
            best = min([*found, best] if best else found, key=lambda champion: champion.rank)
            self.rows.append(row_of(generation, self._spent(generation), best, here))
        self.champion = best

    def _spent(self, generation: int) -> int:
        """Programs tried up to a generation of this round, also by islands that stopped before it."""
        spent = 0
        for island in self.islands:
            tried = [report.evaluations for report in island.reports if report.generation <= generation]
            spent += max(tried, default=island.counters.evaluations)
        return spent

    def _shorten_solution(self) -> None:
        """The best solution joins its island's population in a short form, which is the champion."""
        solvers = {island.solution.code: island for island in reversed(self.islands) if island.solution is not None}
        if solvers:
            solutions = self._measured.of(solvers).values()
            code = solvers[min(solutions, key=lambda champion: champion.rank).code].shorten()
            self.champion = self._measured.of([code])[code]
            self.rows[-1] |= {
                "evaluations": self.evaluations,
                "best": self.champion.error,
                "held_out": self.champion.held_out_error,
            }


def _island(task: Task, settings: SearchSettings, index: int) -> Island:
    """An island of the kind that is chosen or best at such a task."""
    arm = steady_arm_of(task, settings, index)
    return Island(task, settings, index) if arm is None else SteadyIsland(task, settings, index, arm)
