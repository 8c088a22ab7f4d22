"""The individuals of a run by their ids, wherever they are stored: last generation, lineage, earlier generations."""

from __future__ import annotations

import numpy as np

from gpdebug.store.errors import StoreError
from gpdebug.store.lineage import Lineage
from gpdebug.store.population import Individual, Population
from gpdebug.store.run import LINEAGE_FILE, RunFolder
from gpdebug.store.task import Task
from vm.dialect import Dialect
from vm.program import Program


class Individuals:
    """Finds individuals; files are read when they are needed, and once."""

    def __init__(self, source: RunFolder | Population) -> None:
        """Begins; nothing is read yet.

        Args:
            source: a run, or one population of which nothing else is known.
        """
        self._run = source if isinstance(source, RunFolder) else None
        self._populations: dict[int | None, Population] = {}
        if isinstance(source, Population):
            self._populations[None] = source
        self._lineage: Lineage | None = None
        self._lineage_read: object = None
        self.name = source.name
        self.dialect: Dialect = source.info.dialect if isinstance(source, RunFolder) else source.dialect
        self.task: Task | None = source.info.task if isinstance(source, RunFolder) else source.task

    def program(self, individual: Individual) -> Program:
        """The program of one of them.

        Raises:
            ProgramError: its code is not of the dialect.
        """
        return Program(individual.code, self.dialect)

    def best(self) -> Individual:
        """The first by rank in the last generation: see `Population.by_rank`.

        Raises:
            StoreError: there is none.
        """
        population = self._population(self._generations()[0])
        if not len(population):
            raise StoreError("has no individuals", where=self.name)
        return population.individual(int(population.by_rank[0]))

    def find(self, id: int) -> Individual:
        """The individual of an id.

        Raises:
            StoreError: none of this id is stored, or a file is wrong.
        """
        found = self.get(id)
        if found is None:
            raise StoreError(
                f"no individual #{id} is stored", where=self.name, hint="only survivors, their ancestors and the "
                "individuals of saved generations are",
            )  # fmt: skip
        return found

    def get(self, id: int) -> Individual | None:
        """The individual of an id, None if it is not stored.

        Raises:
            StoreError: a file is wrong.
        """
        newest, *older = self._generations()
        found = self._in_population(newest, id) or self._in_lineage(id)
        for generation in older:
            found = found or self._in_population(generation, id)
        return found

    def parents(self, individual: Individual) -> tuple[Individual, ...]:
        """Its parents, the one whose program was changed first.

        Raises:
            StoreError: it has none, they are not known or not stored.
        """
        if individual.parents is None:
            raise StoreError(f"the parents of #{individual.id} are not stored", where=self.name)
        if not individual.parents:
            raise StoreError(f"#{individual.id} was made from nothing: it has no parents", where=self.name)
        return tuple(self.find(parent) for parent in individual.parents)

    def _generations(self) -> list[int | None]:
        """What populations there are, the newest first."""
        if self._run is None:
            return [None]
        saved = self._run.generations
        if not saved:
            raise StoreError("no generation is saved yet", where=self._run.path, hint="evolve on, then look")
        return list(saved[::-1])

    def _population(self, generation: int | None) -> Population:
        if generation not in self._populations and self._run is not None and generation is not None:
            self._populations[generation] = self._run.population(generation)
        return self._populations[generation]

    def _in_population(self, generation: int | None, id: int) -> Individual | None:
        population = self._population(generation)
        rows = np.flatnonzero(population.ids == id)
        return population.individual(int(rows[0])) if rows.size else None

    @property
    def has_lineage(self) -> bool:
        """Whether ancestors are stored."""
        return self._run is not None and (self._run.path / LINEAGE_FILE).exists()

    def _newest_lineage(self, run: RunFolder) -> Lineage:
        """The lineage, read again where a run that goes on has written another one."""
        stamp = run.lineage_stamp
        if self._lineage is None or stamp != self._lineage_read:
            self._lineage, self._lineage_read = run.lineage(), stamp
        return self._lineage

    def _in_lineage(self, id: int) -> Individual | None:
        if self._run is None:
            return None
        lineage = self._newest_lineage(self._run)
        row = int(lineage.rows_of(np.array([id], np.int64))[0])
        if row < 0:
            return None
        error = int(lineage.error[row])
        return Individual(
            row=row,
            id=id,
            code=lineage.programs[row],
            parents=tuple(int(parent) for parent in lineage.parents[row] if parent >= 0),
            operator=lineage.operators[lineage.operator[row]] if lineage.operators else None,
            born=int(lineage.born[row]),
            error=None if error < 0 else error,
        )
