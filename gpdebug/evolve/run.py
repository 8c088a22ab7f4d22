"""A run: an engine that is driven within a budget and leaves a folder from which it can be resumed at any time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gpdebug.evolve.budget import Budget
from gpdebug.evolve.champion import Champion
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.errors import ResumeError
from gpdebug.evolve.record import lineage_of, population_of, restore, state_of, with_errors
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.tasks import require_solvable
from gpdebug.store.history import History
from gpdebug.store.info import RunInfo, RunStatus
from gpdebug.store.run import RunFolder
from gpdebug.store.task import Task

LONGEST_UNSAVED = 60.0
"""Seconds after which a run is saved although it has reached no milestone: what a kill can cost."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        generation: the last one.
        evaluations: programs tried in all.
        seconds: spent in all, earlier sessions included.
        session_seconds: spent in this session.
        programs_per_s: in the last round.
        champion: the best program; None before the first generation.
        solved: whether it is right on every case.
        budget_used: of this session, 0 to 1; None without a bound.
    """

    generation: int
    evaluations: int
    seconds: float
    session_seconds: float
    programs_per_s: float
    champion: Champion | None
    solved: bool
    budget_used: float | None


class Run:
    """One session of a run.

    Attributes:
        folder: where it is kept.
        engine: the search.
    """

    def __init__(self, folder: RunFolder, engine: Engine, threads: int, rows: list[dict[str, float]]) -> None:
        self.folder = folder
        self.engine = engine
        self._threads = threads
        self._rows = rows
        self._earlier = rows[-1]["seconds"] if rows else 0.0
        self._saved = rows[-1]["generation"] if rows else -1
        self._saved_at = time.perf_counter()
        self._rate = 0.0
        self._session = 0.0

    @classmethod
    def begin(
        cls, path: str | Path, task: Task, settings: SearchSettings, *, command: Sequence[str], threads: int = 1
    ) -> Run:
        """Makes the folder of a new run.

        Raises:
            TaskError: nothing could solve the task.
            StoreError: there is something already at `path`, or it cannot be written.
        """
        require_solvable(task)
        info = RunInfo.of_task(task, settings=settings.to_dict(), seed=settings.seed, command=command)
        folder = RunFolder.create(path, info)
        return cls(folder, Engine(task, settings, threads=threads), threads, [])

    @classmethod
    def resume(cls, path: str | Path, *, threads: int = 1) -> Run:
        """Opens a run where it was last saved.

        Raises:
            StoreError: there is no run, or its files are wrong.
            ResumeError: it is solved, has no task, or was not made by this program.
        """
        folder = RunFolder.open(path)
        info = folder.info
        if info.task is None or not folder.has_checkpoint:
            raise ResumeError(
                f"{path}: nothing to resume from: the run has no {'task' if not info.task else 'checkpoint'}"
            )
        if info.status is RunStatus.SOLVED:
            raise ResumeError(f"{path}: is solved already; look at it with: gpdebug open {path}")
        settings = SearchSettings.from_dict(info.settings)
        checkpoint = folder.load_checkpoint()
        engine = Engine(info.task, settings, threads=threads)
        restore(engine, checkpoint.arrays, checkpoint.meta)
        folder.remove_leftovers()
        history = folder.history().until(engine.generation)
        rows = [{name: float(column[i]) for name, column in history.columns.items()} for i in range(len(history))]
        return cls(folder, engine, threads, rows)

    @property
    def evaluations(self) -> int:
        """Programs tried in all."""
        return self.engine.evaluations

    def go(
        self,
        budget: Budget,
        *,
        progressed: Callable[[Progress], None] = lambda _: None,
        interrupted: Callable[[], bool] = lambda: False,
    ) -> RunStatus:
        """Evolves until the task is solved, the budget is spent or someone interrupts; saves it all.

        Args:
            budget: when to stop, looked at after each round.
            progressed: called after each round.
            interrupted: asked after each round.

        Raises:
            StoreError: something cannot be written; what was saved before remains.
        """
        started = time.perf_counter()
        self.folder.set_status(RunStatus.RUNNING)
        status = RunStatus.FINISHED
        while not budget.is_spent(self._session, self.evaluations):
            self._advance(started)
            progressed(self.progress(budget))
            if self.engine.solved:
                status = RunStatus.SOLVED
                break
            if interrupted():
                status = RunStatus.INTERRUPTED
                break
            if self._is_due():
                self._save(final=False)
        self._save(final=True)
        self.folder.set_status(status)
        self.engine.close()
        return status

    def progress(self, budget: Budget) -> Progress:
        """How far the run is now."""
        engine = self.engine
        return Progress(
            generation=engine.generation,
            evaluations=engine.evaluations,
            seconds=self._earlier + self._session,
            session_seconds=self._session,
            programs_per_s=self._rate,
            champion=engine.champion,
            solved=engine.solved,
            budget_used=budget.used(self._session, engine.evaluations),
        )

    def _advance(self, started: float) -> None:
        before, evaluations = self._session, self.engine.evaluations
        begun = time.perf_counter()
        self.engine.advance()
        now = time.perf_counter()
        self._session = now - started
        self._rate = (self.engine.evaluations - evaluations) / max(now - begun, 1e-9)
        rows, self.engine.rows = self.engine.rows, []
        for index, row in enumerate(rows):
            row["seconds"] = self._earlier + before + (self._session - before) * (index + 1) / len(rows)
            row["programs_per_s"] = self._rate
        self._rows += rows

    def _save(self, *, final: bool) -> None:
        """Saves everything, the checkpoint last: what it needs is there then."""
        engine = self.engine
        if engine.champion is None:
            return
        lineage = lineage_of(engine)
        self.folder.save_generation(population_of(engine, self.folder.name, self._threads))
        self.folder.save_history(History.of(self._rows))
        self.folder.save_lineage(with_errors(engine, lineage, self._threads) if final else lineage)
        self.folder.save_checkpoint(*state_of(engine))
        self._saved, self._saved_at = engine.generation, time.perf_counter()

    def _is_due(self) -> bool:
        """Whether to save: at milestones, and when the last time is long ago."""
        unsaved = time.perf_counter() - self._saved_at
        return _has_milestone(self._saved, self.engine.generation) or unsaved >= LONGEST_UNSAVED


def _has_milestone(last: float, generation: int) -> bool:
    """Whether one of 0, 1, 2, 4, 8, … lies after `last`, up to `generation`."""
    milestone = 0
    while milestone <= last:
        milestone = max(1, 2 * milestone)
    return milestone <= generation
