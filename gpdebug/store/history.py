"""The history of a run: one row a generation, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from gpdebug.store.errors import StoreError

COLUMNS: Mapping[str, type[np.int64] | type[np.float64]] = MappingProxyType(
    {
        "generation": np.int64,
        "evaluations": np.int64,
        "seconds": np.float64,
        "best": np.int64,
        "q1": np.float64,
        "median": np.float64,
        "q3": np.float64,
        "diversity": np.float64,
        "mean_length": np.float64,
        "mean_steps": np.float64,
        "programs_per_s": np.float64,
        "held_out": np.float64,
    }
)
REQUIRED = ("generation", "best")

Column = NDArray[np.int64] | NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """How a run went.

    Attributes:
        columns: arrays of one length: those of `COLUMNS`, and any further ones as `float64`. Always there are
            `generation` (ascending) and `best` (the smallest error); NaN in a float column means not measured.

    Raises:
        StoreError: a column is missing, or of another length or type.
    """

    columns: Mapping[str, Column]

    def __post_init__(self) -> None:
        for name in REQUIRED:
            if name not in self.columns:
                raise StoreError(f"column {name}: missing", hint=f"a history needs {' and '.join(REQUIRED)}")
        for name, values in self.columns.items():
            wanted = np.dtype(COLUMNS.get(name, np.float64))
            if values.dtype != wanted:
                raise StoreError(f"column {name}: expected {wanted}, not {values.dtype}")
            if values.shape != (len(self),):
                raise StoreError(f"column {name}: has the shape {values.shape}, there are {len(self):,} generations")
        if np.any(np.diff(self["generation"]) <= 0):
            raise StoreError("column generation: does not ascend", hint="store one row a generation, in order")

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, float]]) -> History:
        """Makes a history from one mapping a generation; what a row lacks is NaN, or 0 where it must be whole."""
        items = list(rows)
        names = dict.fromkeys(REQUIRED) | dict.fromkeys(name for row in items for name in row)
        columns: dict[str, Column] = {}
        for name in names:
            if COLUMNS.get(name) is np.int64:
                columns[name] = np.array([int(row.get(name, 0)) for row in items], np.int64)
            else:
                columns[name] = np.array([float(row.get(name, np.nan)) for row in items], np.float64)
        return cls(columns)

    def extended(self, rows: Sequence[Mapping[str, float]]) -> History:
        """With further rows, as `of` takes them; what is there already is copied, not read again."""
        if not rows:
            return self
        more = History.of(rows)
        if not len(self):
            return more
        names = dict.fromkeys([*self.columns, *more.columns])
        return History({name: np.concatenate([self._filled(name), more._filled(name)]) for name in names})

    def _filled(self, name: str) -> Column:
        if name in self:
            return self[name]
        return np.zeros(len(self), np.int64) if COLUMNS.get(name) is np.int64 else np.full(len(self), np.nan)

    def row(self, index: int) -> dict[str, float]:
        """A row as a mapping."""
        return {name: float(values[index]) for name, values in self.columns.items()}

    def __len__(self) -> int:
        return len(self.columns["generation"])

    def __contains__(self, name: str) -> bool:
        return name in self.columns

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]

    def until(self, generation: int) -> History:
        """Its rows up to and with a generation."""
        count = int(np.searchsorted(self["generation"], generation, side="right"))
        return History({name: values[:count] for name, values in self.columns.items()})
