"""Measuring one trial after the other in this process, where everything is loaded before the first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from gpdebug.evolve.bench.results import Results
from gpdebug.evolve.bench.trial import Glance, Trial, measure
from gpdebug.evolve.budget import Budget
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.warmup import warm_up
from gpdebug.store.task import Task


class Session:
    """Trials of some tasks under the same conditions."""

    def __init__(
        self,
        results: Results,
        tasks: Mapping[str, Task],
        settings: Callable[[int], SearchSettings],
        budget: Budget,
    ) -> None:
        """Compiles and loads everything, so that no trial pays for it.

        Args:
            results: what was measured already, and under which conditions.
            tasks: by the name they were asked for.
            settings: of a seed.
            budget: of each search.
        """
        self._results = results
        self._tasks = tasks
        self._settings = settings
        self._budget = budget
        warm_up()

    def trials(
        self,
        name: str,
        seeds: Iterable[int],
        glanced: Callable[[str, int, Glance], None] = lambda *_: None,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> Iterator[Trial]:
        """Measures a task with those seeds that it was not measured with; ends early when interrupted.

        Args:
            name: of the task.
            seeds: to measure it with.
            glanced: called now and then with the task, the seed and how far its search is.
            interrupted: asked now and then.
        """
        for seed in seeds:
            if self._results.has(name, seed):
                continue
            trial = None if interrupted() else self._one(name, seed, glanced, interrupted)
            if trial is None:
                return
            yield trial

    def _one(
        self, name: str, seed: int, glanced: Callable[[str, int, Glance], None], interrupted: Callable[[], bool]
    ) -> Trial | None:
        return measure(
            name,
            self._tasks[name],
            self._settings(seed),
            self._budget,
            threads=self._results.conditions.threads,
            glanced=lambda glance: glanced(name, seed, glance),
            interrupted=interrupted,
        )
