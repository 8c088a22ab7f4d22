"""A crowd: the individuals of an island as columns that kernels fill and that are picked and joined by rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.genome import MAX_TOKENS, Language, written
from vm.evaluate import Programs

MOVED_AT_ONCE = 65_536
"""Rows that are copied on the way when a crowd is packed."""


@dataclass(slots=True, eq=False)
class Crowd:
    """Individuals.

    Attributes:
        genomes: `uint16[n, width]`.
        sizes: `int32[n]`, tokens.
        ids: `int64[n]`.
        parents: `int64[n, 2]`, ids, -1 for none.
        operators: `uint8[n]`, of `variation.Operator`.
        born: `int32[n]`, generation of birth.
        lengths: `int64[n]`, instructions.
        totals: `int64[n]`, error over the active cases as selection sees it.
        behaviours: `uint64[n]`, hash of what they did.
        objectives: `int16[n, objectives]`.
        errors: `int64[n]`, error over the active cases as the task's scorer sees it.
        steps: `int64[n]`, over the active cases.
    """

    genomes: NDArray[np.uint16]
    sizes: NDArray[np.int32]
    ids: NDArray[np.int64]
    parents: NDArray[np.int64]
    operators: NDArray[np.uint8]
    born: NDArray[np.int32]
    lengths: NDArray[np.int64]
    totals: NDArray[np.int64]
    behaviours: NDArray[np.uint64]
    objectives: NDArray[np.int16]
    errors: NDArray[np.int64]
    steps: NDArray[np.int64]

    @classmethod
    def of_size(cls, count: int, objectives: int, width: int = MAX_TOKENS) -> Self:
        """Blank individuals with room for `width` tokens each."""
        return cls(
            genomes=np.zeros((count, width), np.uint16),
            sizes=np.zeros(count, np.int32),
            ids=np.full(count, -1, np.int64),
            parents=np.full((count, 2), -1, np.int64),
            operators=np.zeros(count, np.uint8),
            born=np.zeros(count, np.int32),
            lengths=np.zeros(count, np.int64),
            totals=np.zeros(count, np.int64),
            behaviours=np.zeros(count, np.uint64),
            objectives=np.zeros((count, objectives), np.int16),
            errors=np.zeros(count, np.int64),
            steps=np.zeros(count, np.int64),
        )

    @classmethod
    def joined(cls, crowds: Sequence[Crowd]) -> Self:
        """All individuals of all crowds, in order."""
        return cls(*(np.concatenate([getattr(crowd, f.name) for crowd in crowds]) for f in fields(cls)))

    def take(self, rows: NDArray[np.integer]) -> Crowd:
        """Some individuals, in the order of `rows`, copied."""
        return Crowd(*(getattr(self, f.name)[rows] for f in fields(self)))

    def part(self, first: int, last: int) -> Crowd:
        """Individuals `first` to `last` - 1, not copied: what changes there changes here."""
        return Crowd(*(getattr(self, f.name)[first:last] for f in fields(self)))

    def put(self, at: int, crowd: Crowd, rows: NDArray[np.integer]) -> None:
        """Copies individuals of another crowd over those from `at` on; their objectives only if they have as many.

        Their genomes have to fit into the rows here.
        """
        for name, column in self.columns().items():
            source = getattr(crowd, name)
            if column.shape[1:] == source.shape[1:]:
                np.take(source, rows, axis=0, out=column[at : at + len(rows)], mode="clip")
            elif name == "genomes":
                width = min(column.shape[1], source.shape[1])
                column[at : at + len(rows), :width] = source[rows, :width]

    def keep(self, rows: NDArray[np.integer]) -> None:
        """Moves some individuals, `rows` ascending, to the front, in place; the rest is left as it may be."""
        if len(rows) and rows[-1] == len(rows) - 1:
            return
        for column in self.columns().values():
            for first in range(0, len(rows), MOVED_AT_ONCE):
                some = rows[first : first + MOVED_AT_ONCE]
                column[first : first + len(some)] = column[some]

    def set_width(self, width: int) -> None:
        """Gives each genome, none of which is longer, room for `width` tokens."""
        kept = min(width, self.genomes.shape[1])
        genomes = np.zeros((len(self), width), np.uint16)
        genomes[:, :kept] = self.genomes[:, :kept]
        self.genomes = genomes

    def __len__(self) -> int:
        return len(self.sizes)

    def columns(self) -> dict[str, NDArray[Any]]:
        """All columns by name, as a checkpoint holds them; `Crowd(**columns)` is the same crowd."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def programs(self, language: Language) -> Programs:
        """The genomes written out; fills `lengths`."""
        programs = written(self.genomes, self.sizes, language)
        self.lengths[:] = programs.lengths
        return programs

    def ranked(self, count: int, ties: NDArray[np.int64]) -> NDArray[np.intp]:
        """Rows of the smallest errors, best first; of equals those with the smaller `ties`, then the older."""
        worst = np.partition(self.totals, count - 1)[count - 1]
        rows = np.flatnonzero(self.totals <= worst)
        return rows[np.lexsort((self.ids[rows], ties[rows], self.totals[rows]))[:count]]

    def best(self) -> int:
        """The row with the smallest error; among equals the shortest, then the oldest."""
        return int(self.ranked(1, self.lengths)[0])
