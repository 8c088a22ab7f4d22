"""Where the population screen takes its data from: a run that grows, or one population."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from gpdebug.store.errors import StoreError
from gpdebug.store.history import History
from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Population
from gpdebug.store.run import RunFolder
from gpdebug.store.task import Task


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

    def generations(self) -> Sequence[int]:
        """The saved ones, ascending; empty for a population that has none."""

    def population(self, generation: int | None) -> Population:
        """One of them; None is the last."""

    def history(self) -> History | None:
        """How it went."""


class PopulationSource:
    """One population, from a file of programs."""

    def __init__(self, population: Population) -> None:
        self._population = population
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


class RunSource:
    """A run folder."""

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self.individuals = Individuals(folder)

    @property
    def name(self) -> str:
        """The run's name."""
        return self._folder.name

    @property
    def task(self) -> Task | None:
        """The run's task."""
        return self._folder.info.task

    def generations(self) -> Sequence[int]:
        """The saved generations."""
        return self._folder.generations

    def population(self, generation: int | None) -> Population:
        """A saved generation.

        Raises:
            StoreError: its file is wrong, or none is saved.
        """
        if generation is None:
            saved = self._folder.generations
            if not saved:
                raise StoreError("no generation is saved yet", where=self._folder.path, hint="evolve on, then open it")
            generation = saved[-1]
        return self._folder.population(generation)

    def history(self) -> History | None:
        """The run's history.

        Raises:
            StoreError: its file is wrong.
        """
        return self._folder.history()
