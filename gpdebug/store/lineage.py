"""The lineage of a run: every ancestor of every survivor, with its program."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.store.errors import StoreError
from gpdebug.store.ragged import part, take
from vm.evaluate import Programs


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Lineage:
    """Births, in the order of their ids; a parent has a smaller id than its child.

    Attributes:
        ids: `int64[n]`, strictly ascending.
        parents: `int64[n, 2]`, ids, -1 for none. The first is the one whose program was changed.
        operators: names that `operator` counts from 0.
        operator: `uint8[n]`, the variation that made it.
        born: `int32[n]`, generation of birth.
        error: `int64[n]`, its error at birth, -1 if unknown.
        programs: their code.

    Raises:
        StoreError: columns differ in length, or ids do not ascend.
    """

    ids: NDArray[np.int64]
    parents: NDArray[np.int64]
    operators: tuple[str, ...]
    operator: NDArray[np.uint8]
    born: NDArray[np.int32]
    error: NDArray[np.int64]
    programs: Programs

    def __post_init__(self) -> None:
        count = len(self.programs)
        shapes = {"ids": (count,), "parents": (count, 2), "operator": (count,), "born": (count,), "error": (count,)}
        for column, shape in shapes.items():
            values = getattr(self, column)
            if values.shape != shape:
                raise StoreError(f"column {column}: has the shape {values.shape}, expected {shape}")
        if np.any(np.diff(self.ids) <= 0):
            raise StoreError("column id: does not ascend", hint="store each individual once, in the order of ids")

    @classmethod
    def empty(cls, operators: tuple[str, ...] = ()) -> Lineage:
        """A lineage without anyone."""
        return cls(
            ids=np.zeros(0, np.int64),
            parents=np.zeros((0, 2), np.int64),
            operators=operators,
            operator=np.zeros(0, np.uint8),
            born=np.zeros(0, np.int32),
            error=np.zeros(0, np.int64),
            programs=Programs.of(()),
        )

    def __len__(self) -> int:
        return len(self.ids)

    def rows_of(self, ids: NDArray[np.int64]) -> NDArray[np.intp]:
        """Rows of ids, -1 for an id that is not there."""
        return _rows_of(self.ids, ids)

    def ancestors(self, ids: NDArray[np.int64]) -> NDArray[np.intp]:
        """Rows of these individuals and everyone they descend from, ascending."""
        return ancestors(self.ids, self.parents, ids)

    def on_first_lines(self, ids: NDArray[np.int64]) -> NDArray[np.intp]:
        """Rows of these individuals and of everyone on their lines of first parents, ascending."""
        return ancestors(self.ids, self.parents[:, :1], ids)

    def descent(self, id: int) -> NDArray[np.intp]:
        """Rows of the line of first parents, from the oldest known to the individual itself."""
        line: list[int] = []
        row = int(self.rows_of(np.array([id], np.int64))[0])
        while row >= 0:
            line.append(row)
            parent = self.parents[row, 0]
            row = -1 if parent >= self.ids[row] else int(self.rows_of(np.array([parent], np.int64))[0])
        return np.array(line[::-1], np.intp)

    def take(self, rows: NDArray[np.intp]) -> Lineage:
        """Only some rows, ascending."""
        return self._of(rows, take(self.programs, rows))

    def part(self, first: int, last: int) -> Lineage:
        """Rows `first` to `last` - 1, as far as there are so many, not copied."""
        return self._of(slice(first, last), part(self.programs, first, last))

    def _of(self, rows: NDArray[np.intp] | slice, programs: Programs) -> Lineage:
        return Lineage(
            ids=self.ids[rows],
            parents=self.parents[rows],
            operators=self.operators,
            operator=self.operator[rows],
            born=self.born[rows],
            error=self.error[rows],
            programs=programs,
        )

    def pruned(self, survivors: NDArray[np.int64]) -> Lineage:
        """Without those that no survivor descends from."""
        return self.take(self.ancestors(survivors))


def _rows_of(known: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.intp]:
    """Where ids are among ascending ones, -1 for one that is not there."""
    if not len(known):
        return np.full(len(ids), -1, np.intp)
    rows = np.minimum(np.searchsorted(known, ids), len(known) - 1)
    return np.where(known[rows] == ids, rows, -1)


def ancestors(known: NDArray[np.int64], parents: NDArray[np.int64], ids: NDArray[np.int64]) -> NDArray[np.intp]:
    """Rows of some individuals and of everyone they descend from, ascending.

    Args:
        known: `int64[n]`, the ids of all, ascending.
        parents: `int64[n, 2]`, theirs.
        ids: of the individuals.
    """
    found = np.zeros(len(known), np.bool_)
    front = _rows_of(known, ids)
    while True:
        front = np.unique(front[front >= 0])
        front = front[~found[front]]
        if not front.size:
            return np.flatnonzero(found)
        found[front] = True
        front = _rows_of(known, parents[front].ravel())
