"""A run: an engine that is driven within a budget and leaves a folder from which it can be resumed at any time."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from gpdebug.evolve.budget import Budget
from gpdebug.evolve.champion import Champion
from gpdebug.evolve.control import Control
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.errors import ResumeError
from gpdebug.evolve.pace import Pace
from gpdebug.evolve.record import Snapshot, restore, save, state_of, store
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.tasks import require_solvable
from gpdebug.store.errors import StoreError
from gpdebug.store.history import History
from gpdebug.store.info import RunInfo, RunStatus
from gpdebug.store.lock import WriterLock
from gpdebug.store.run import RunFolder
from gpdebug.store.task import Task

MOST_WAITING = 100_000
"""Individuals of milestones that are kept until there is time to store them."""


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
        saved: the last generation that is saved; None before the first.
        row: of the history, the last one.
        is_paused: whether it waits to be told to go on; everything is saved then.
    """

    generation: int
    evaluations: int
    seconds: float
    session_seconds: float
    programs_per_s: float
    champion: Champion | None
    solved: bool
    budget_used: float | None
    saved: int | None = None
    row: Mapping[str, float] = field(default_factory=dict)
    is_paused: bool = False


class Run:
    """One session of a run.

    Attributes:
        folder: where it is kept.
        engine: the search.
    """

    def __init__(self, folder: RunFolder, engine: Engine, threads: int, history: History, lock: WriterLock) -> None:
        self.folder = folder
        self.engine = engine
        self._threads = threads
        self._history = history
        self._unsaved_rows: list[dict[str, float]] = []
        self._row = history.row(-1) if len(history) else {}
        self._lock = lock
        self._earlier = self._row.get("seconds", 0.0)
        self._saved = int(self._row.get("generation", -1))
        self._saved_at = time.perf_counter()
        self._is_saved = False
        self._pace = Pace()
        self._reached = self._saved
        self._waiting: list[Snapshot] = []
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
        lock = WriterLock(folder.path)
        try:
            engine = Engine(task, settings, threads=threads)
            folder.save_checkpoint(*state_of(engine))
        except BaseException as error:
            lock.release()
            raise _unsaved(error, folder, -1) if isinstance(error, StoreError) else error from None
        return cls(folder, engine, threads, History.of(()), lock)

    @classmethod
    def resume(cls, path: str | Path, *, threads: int = 1) -> Run:
        """Opens a run where it was last saved; one that was killed before that begins again, with the same result.

        Raises:
            StoreError: there is no run, its files are wrong, it cannot be written, or another process is at work on it.
            ResumeError: it is solved, has no task, or was not made by this program.
        """
        _resumable(path)
        lock = WriterLock(Path(path))
        try:
            folder = _resumable(path)
            assert folder.info.task is not None
            settings = SearchSettings.from_dict(folder.info.settings)
            engine = Engine(folder.info.task, settings, threads=threads)
            history = History.of(())
            if folder.has_checkpoint:
                checkpoint = folder.load_checkpoint()
                restore(engine, checkpoint.arrays, checkpoint.meta)
                if engine.champion is not None:
                    history = folder.history().until(engine.generation)
            folder.remove_leftovers()
        except BaseException:
            lock.release()
            raise
        return cls(folder, engine, threads, history, lock)

    @property
    def evaluations(self) -> int:
        """Programs tried in all."""
        return self.engine.evaluations

    def go(
        self,
        budget: Budget,
        *,
        save_every: float | None = None,
        progressed: Callable[[Progress], None] = lambda _: None,
        interrupted: Callable[[], bool] = lambda: False,
        control: Control | None = None,
    ) -> RunStatus:
        """Evolves until the task is solved, the budget is spent or someone interrupts; saves it all.

        When it is saved in between depends on the time, what is computed does not.

        Args:
            budget: when to stop, looked at after each round.
            save_every: seconds between two saves, 0 for one after each round; None: at the generations 0, 1, 2, 4, 8, …
                as far as that takes little of the time (a generation where there is no time for all), and at least once
                a minute.
            progressed: called after each round, when the run was saved because it was asked to, and when it pauses.
            interrupted: asked after each round, and while it pauses.
            control: what else is asked of it; the time of a pause is not counted.

        Raises:
            StoreError: something cannot be written; what was saved before remains, and the error says how to go on.
        """
        try:
            return self._go(budget, save_every, progressed, interrupted, control or Control())
        except StoreError as error:
            with suppress(StoreError):
                self.folder.set_status(RunStatus.INTERRUPTED)
            raise _unsaved(error, self.folder, self._saved) from None
        finally:
            self.engine.close()
            self._lock.release()

    def _go(
        self,
        budget: Budget,
        save_every: float | None,
        progressed: Callable[[Progress], None],
        interrupted: Callable[[], bool],
        control: Control,
    ) -> RunStatus:
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
            is_asked = control.takes_save()
            if is_asked or self._is_due(save_every):
                self._save()
            elif save_every is None:
                self._store_milestones()
            if is_asked:
                started += self._pause(control, budget, progressed, interrupted)
                if control.is_paused:
                    status = RunStatus.INTERRUPTED
                    break
        self._waiting = [snapshot for snapshot in self._waiting if snapshot.generation < self.engine.generation]
        self._store_milestones()
        self._save()
        self.folder.set_status(status)
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
            saved=self._saved if self._saved >= 0 else None,
            row=self._row,
        )

    def _pause(
        self,
        control: Control,
        budget: Budget,
        progressed: Callable[[Progress], None],
        interrupted: Callable[[], bool],
    ) -> float:
        """Tells that it is saved, and waits until it is not paused any more or interrupted; the seconds that took."""
        begun = time.perf_counter()
        progressed(replace(self.progress(budget), is_paused=control.is_paused))
        while control.is_paused and not interrupted():
            control.wait(interrupted)
            if control.takes_save():
                progressed(replace(self.progress(budget), is_paused=control.is_paused))
        return time.perf_counter() - begun

    def _advance(self, started: float) -> None:
        before, evaluations = self._session, self.engine.evaluations
        begun = time.perf_counter()
        self._is_saved = False
        self.engine.advance()
        now = time.perf_counter()
        self._session = now - started
        self._rate = (self.engine.evaluations - evaluations) / max(now - begun, 1e-9)
        rows, self.engine.rows = self.engine.rows, []
        for index, row in enumerate(rows):
            row["seconds"] = self._earlier + before + (self._session - before) * (index + 1) / len(rows)
            row["programs_per_s"] = self._rate
        self._unsaved_rows += rows
        self._row = rows[-1] if rows else self._row

    def _save(self) -> None:
        """Saves everything that is not saved, the checkpoint last: what it needs is there then."""
        engine = self.engine
        if engine.champion is None or self._is_saved:
            return
        begun = time.perf_counter()
        save(engine, self.folder, self._threads)
        self._history, self._unsaved_rows = self._history.extended(self._unsaved_rows), []
        self.folder.save_history(self._history)
        self.folder.save_checkpoint(*state_of(engine))
        self._saved, self._saved_at = engine.generation, time.perf_counter()
        self._pace.saved(self._saved_at - begun)
        self._is_saved = True

    def _is_due(self, save_every: float | None) -> bool:
        """Whether to save now; a milestone that cannot be saved in time is kept to be stored later."""
        unsaved = time.perf_counter() - self._saved_at
        if save_every is not None:
            return unsaved >= save_every
        if self._pace.must_save(unsaved):
            return True
        if not _has_milestone(self._reached, self.engine.generation):
            return False
        self._reached = self.engine.generation
        if not self._waiting and self._pace.may_save(self._session):
            return True
        waiting = sum(len(snapshot.ids) for snapshot in self._waiting)
        if waiting + sum(len(island.crowd) for island in self.engine.islands) <= MOST_WAITING:
            self._waiting.append(Snapshot.of(self.engine))
        return False

    def _store_milestones(self) -> None:
        """Stores milestones that wait, the first one first, as far as there is time."""
        while self._waiting and self._pace.may_store(self._session):
            begun = time.perf_counter()
            store(self._waiting.pop(0), self.engine, self.folder, self._threads)
            self._pace.stored(time.perf_counter() - begun)


def _resumable(path: str | Path) -> RunFolder:
    """A run that can be gone on with, as far as `run.json` and the names of its files tell."""
    folder = RunFolder.open(path)
    if folder.info.task is None:
        raise ResumeError(f"{path}: nothing to resume from: the run has no task")
    if folder.info.status is RunStatus.SOLVED:
        raise ResumeError(f"{path}: is solved already; look at it with: gpdebug open {path}")
    if not folder.has_checkpoint and folder.generations:
        raise ResumeError(f"{path}: nothing to resume from: the run has no checkpoint; start a new run")
    return folder


def _unsaved(error: StoreError, folder: RunFolder, saved: int) -> StoreError:
    """What is told when something could not be written, and generation `saved` (-1: none) is the last that was."""
    remains = f"what was saved up to generation {saved:,} remains" if saved >= 0 else "nothing of it was saved yet"
    return StoreError(
        error.what,
        where=error.where,
        hint=f"{remains}: make room there, or make it writable, and go on with: gpdebug evolve --resume {folder.path}",
    )


def _has_milestone(last: float, generation: int) -> bool:
    """Whether one of 0, 1, 2, 4, 8, … lies after `last`, up to `generation`."""
    milestone = 0
    while milestone <= last:
        milestone = max(1, 2 * milestone)
    return milestone <= generation
