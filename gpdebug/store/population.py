"""A population: the individuals of one generation as columns, and one of them as plain data."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.store.errors import StoreError
from gpdebug.store.task import Task
from vm.dialect import Dialect
from vm.evaluate import Programs
from vm.program import Program

_DTYPES = {
    "ids": np.int64,
    "parents": np.int64,
    "operator": np.uint8,
    "born": np.int32,
    "island": np.int16,
    "errors": np.int64,
    "error": np.int64,
    "steps": np.int64,
}


@dataclass(frozen=True, slots=True)
class Individual:
    """One program of a population and what is known about it; None is what its file does not tell.

    Attributes:
        row: its place in the population.
        id: its name within the run.
        code: its program, one byte an instruction.
        parents: ids, none for a program that was made from nothing.
        operator: the variation that made it.
        born: the generation it was made in.
        island: the island it lives on.
        errors: per training case.
        error: their sum; 0 is solved.
        steps: executed over all training cases.
    """

    row: int
    id: int
    code: bytes
    parents: tuple[int, ...] | None = None
    operator: str | None = None
    born: int | None = None
    island: int | None = None
    errors: tuple[int, ...] | None = None
    error: int | None = None
    steps: int | None = None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Population:
    """The individuals of one generation, or of a file of programs; a column that was not stored is None.

    Attributes:
        name: what to call it on screen.
        dialect: the language of all its programs.
        task: what they were evolved for.
        generation: when.
        programs: their code.
        ids: `int64[n]`.
        parents: `int64[n, 2]`, -1 for none.
        operators: names that `operator` counts from 0.
        operator: `uint8[n]`.
        born: `int32[n]`, generation of birth.
        island: `int16[n]`.
        errors: `int64[n, training cases]`.
        error: `int64[n]`, their sum.
        steps: `int64[n]`, executed over all training cases.

    Raises:
        StoreError: a column has the wrong type or length, or does not fit the task.
    """

    name: str
    dialect: Dialect
    programs: Programs
    ids: NDArray[np.int64]
    task: Task | None = None
    generation: int | None = None
    parents: NDArray[np.int64] | None = None
    operators: tuple[str, ...] = ()
    operator: NDArray[np.uint8] | None = None
    born: NDArray[np.int32] | None = None
    island: NDArray[np.int16] | None = None
    errors: NDArray[np.int64] | None = None
    error: NDArray[np.int64] | None = None
    steps: NDArray[np.int64] | None = None

    def __post_init__(self) -> None:
        for column in _DTYPES:
            self._require_shape(column)
        if self.errors is not None and self.task is not None and self.errors.shape[1] != len(self.task.training):
            raise StoreError(
                f"column errors: has {self.errors.shape[1]} cases, the task has {len(self.task.training)}",
                hint="store one error a training case, in the task's order",
            )
        if self.operator is not None and len(self.operator) and int(self.operator.max()) >= len(self.operators):
            raise StoreError(f"column operator: {int(self.operator.max())} has no name among {len(self.operators)}")

    def _require_shape(self, column: str) -> None:
        values: NDArray[np.generic] | None = getattr(self, column)
        if values is None:
            return
        if values.dtype != _DTYPES[column]:
            raise StoreError(f"column {column}: expected {np.dtype(_DTYPES[column])}, not {values.dtype}")
        wide = {"parents": 2, "errors": 2}.get(column, 1)
        if values.ndim != wide or (column == "parents" and values.shape[1] != 2):
            raise StoreError(f"column {column}: has the shape {values.shape}")
        if len(values) != len(self):
            raise StoreError(f"column {column}: has {len(values):,} rows, there are {len(self):,} programs")

    @property
    def by_rank(self) -> NDArray[np.int64]:
        """Their places from best to worst, by error, then length, then place; by place where no error is known."""
        if self.error is None:
            return np.arange(len(self))
        return np.lexsort((self.programs.lengths, self.error)).astype(np.int64)

    def __len__(self) -> int:
        return len(self.programs)

    def individual(self, row: int) -> Individual:
        """One row as plain data.

        Raises:
            IndexError: there is no such row.
        """
        row = range(len(self))[row]
        return Individual(
            row=row,
            id=int(self.ids[row]),
            code=self.programs[row],
            parents=None if self.parents is None else tuple(int(p) for p in self.parents[row] if p >= 0),
            operator=None if self.operator is None else self.operators[self.operator[row]],
            born=_item(self.born, row),
            island=_item(self.island, row),
            errors=None if self.errors is None else tuple(int(value) for value in self.errors[row]),
            error=_item(self.error, row),
            steps=_item(self.steps, row),
        )

    def program(self, row: int) -> Program:
        """The program of a row.

        Raises:
            ProgramError: its code is not of the dialect.
        """
        return Program(self.programs[row], self.dialect)


def _item(column: NDArray[np.signedinteger] | None, row: int) -> int | None:
    return None if column is None else int(column[row])
