"""Where the population screen takes its data from: a run that grows, or one population."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from gpdebug.store.errors import StoreError
from gpdebug.store.history import History
from gpdebug.store.individuals import Individuals
from gpdebug.store.info import RunInfo, RunStatus
from gpdebug.store.population import Population
from gpdebug.store.run import GENERATIONS, HISTORY_FILE, RUN_FILE, RunFolder
from gpdebug.store.task import Task


@dataclass(frozen=True, slots=True)
class Growth:
    """Whether there may be more of a run than before.

    Attributes:
        stamp: differs whenever something was written.
        is_growing: whether someone evolves on.
        is_gone: whether its folder is not there any more.
        was_killed: whether it ended without a word.
        programs_per_s: how fast it goes, if it grows and that is known.
    """

    stamp: tuple[int, ...] = ()
    is_growing: bool = False
    is_gone: bool = False
    was_killed: bool = False
    programs_per_s: float | None = None

    @property
    def facts(self) -> tuple[str, ...]:
        """What a title says of it; nothing of a run that is over."""
        if self.is_gone:
            return ("its folder is gone",)
        if self.was_killed:
            return ("was killed",)
        if not self.is_growing:
            return ()
        rate = "" if self.programs_per_s is None else f" at {self.programs_per_s:,.0f}/s"
        return (f"▶ evolving{rate}",)


class Source(Protocol):
    """Generations that can be looked at. Everything but `name` and `task` may read files: call it in a worker."""

    @property
    def name(self) -> str:
        """What to call it."""

    @property
    def task(self) -> Task | None:
        """What its programs were evolved for."""

    @property
    def individuals(self) -> Individuals:
        """Its individuals by their ids."""

    @property
    def folder(self) -> RunFolder | None:
        """The run that it is; None for a population that is no run."""

    def generations(self) -> Sequence[int]:
        """The saved ones, ascending; empty for a population that has none."""

    def population(self, generation: int | None) -> Population:
        """One of them; None is the last."""

    def history(self) -> History | None:
        """How it went."""

    def growth(self) -> Growth:
        """Whether there may be more than before; cheap."""


class PopulationSource:
    """One population, from a file of programs."""

    def __init__(self, population: Population) -> None:
        self._population = population
        self.folder = None
        self.individuals = Individuals(population)

    @property
    def name(self) -> str:
        """The population's name."""
        return self._population.name

    @property
    def task(self) -> Task | None:
        """The population's task."""
        return self._population.task

    def generations(self) -> Sequence[int]:
        """None: it is not part of a run."""
        return ()

    def population(self, generation: int | None) -> Population:
        """The population itself."""
        return self._population

    def history(self) -> History | None:
        """None: it is not part of a run."""
        return None

    def growth(self) -> Growth:
        """It never grows."""
        return Growth()


class RunSource:
    """A run folder."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._stamp: tuple[int, ...] = ()
        self.individuals = Individuals(folder)

    @property
    def name(self) -> str:
        """The run's name."""
        return self.folder.name

    @property
    def task(self) -> Task | None:
        """The run's task."""
        return self.folder.info.task

    def generations(self) -> Sequence[int]:
        """The saved generations."""
        return self.folder.generations

    def population(self, generation: int | None) -> Population:
        """A saved generation.

        Raises:
            StoreError: its file is wrong, or none is saved.
        """
        if generation is None:
            saved = self.folder.generations
            if not saved:
                raise StoreError("no generation is saved yet", where=self.folder.path, hint="evolve on, then open it")
            generation = saved[-1]
        return self.folder.population(generation)

    def history(self) -> History | None:
        """The run's history.

        Raises:
            StoreError: its file is wrong.
        """
        return self.folder.history()

    def growth(self) -> Growth:
        """Whether the run has grown: by the times of its files; whether it will, by its lock.

        Raises:
            StoreError: `run.json` is wrong.
            OSError: a file cannot be looked at.
        """
        path = self.folder.path
        try:
            stamp = tuple(part for name in (RUN_FILE, GENERATIONS, HISTORY_FILE) for part in _stamp(path / name))
        except FileNotFoundError:
            return Growth(stamp=self._stamp, is_gone=True)
        if stamp != self._stamp:
            self.folder = RunFolder.open(path)
            self.individuals = Individuals(self.folder)
            self._stamp = stamp
        info, grows = self.folder.info, self.folder.is_growing
        was_killed = info.status is RunStatus.RUNNING and not grows
        rate = _rate(info) if grows else None
        return Growth(stamp, is_growing=grows, was_killed=was_killed, programs_per_s=rate)


def _rate(info: RunInfo) -> float | None:
    summary = info.summary
    if summary is None or not summary.evaluations or not summary.seconds:
        return None
    return summary.evaluations / summary.seconds


def _stamp(path: Path) -> tuple[int, int]:
    """When a file was written, and how long it is; a history may not be there yet."""
    try:
        found = path.stat()
    except FileNotFoundError:
        if path.name == HISTORY_FILE:
            return 0, 0
        raise
    return found.st_mtime_ns, found.st_size
