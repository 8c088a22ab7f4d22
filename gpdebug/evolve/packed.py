"""A part of a lineage in little memory: its code is compressed as soon as there is much of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.ancestry import picked
from gpdebug.evolve.variation import Operator
from gpdebug.store.lineage import Lineage
from vm.evaluate import Programs

OPERATORS = tuple(str(operator) for operator in Operator)
COLUMNS = ("ids", "parents", "operator", "born", "error", "lengths")
"""What a part has of each birth, beside the code."""
MUCH = 1 << 20
"""Bytes of code from which on it is compressed: to a tenth, where programs descend from each other."""
LEVEL = 1
"""Of zstd: 0.8 GB/s, and hardly anything is smaller at higher ones."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Packed:
    """Births, in the order of their ids.

    Attributes:
        ids, parents, operator, born, error: columns of a `Lineage`.
        lengths: `int32[n]`, instructions of each program.
        code: of all programs, one after the other, as it is or compressed.
    """

    ids: NDArray[np.int64]
    parents: NDArray[np.int64]
    operator: NDArray[np.uint8]
    born: NDArray[np.int32]
    error: NDArray[np.int64]
    lengths: NDArray[np.int32]
    code: NDArray[np.uint8] | bytes

    @classmethod
    def of(cls, lineage: Lineage) -> Self:
        """Packs births; small ones share the memory of what they are made of."""
        programs = lineage.programs
        code = programs.code[programs.offsets[0] : programs.offsets[-1]]
        return cls(
            ids=lineage.ids,
            parents=lineage.parents,
            operator=lineage.operator,
            born=lineage.born,
            error=lineage.error,
            lengths=programs.lengths.astype(np.int32),
            code=_compressed(code) if len(code) >= MUCH else code,
        )

    def __len__(self) -> int:
        return len(self.ids)

    def lineage(self) -> Lineage:
        """The births as they are."""
        offsets = np.zeros(len(self) + 1, np.int64)
        np.cumsum(self.lengths, out=offsets[1:])
        code = _expanded(self.code, int(offsets[-1])) if isinstance(self.code, bytes) else self.code
        return Lineage(
            ids=self.ids,
            parents=self.parents,
            operators=OPERATORS,
            operator=self.operator,
            born=self.born,
            error=self.error,
            programs=Programs(code, offsets),
        )

    def take(self, stay: NDArray[np.bool_]) -> Packed:
        """Only those births that are marked: `bool[n]`."""
        if stay.all():
            return self
        rows = np.flatnonzero(stay)
        some = self.lineage()
        return Packed.of(
            Lineage(
                ids=some.ids[rows],
                parents=some.parents[rows],
                operators=OPERATORS,
                operator=some.operator[rows],
                born=some.born[rows],
                error=some.error[rows],
                programs=picked(some.programs, rows),
            )
        )

    def columns(self) -> dict[str, NDArray[Any]]:
        """All of it as arrays, the code compressed."""
        code = self.code if isinstance(self.code, bytes) else _compressed(self.code)
        return {name: getattr(self, name) for name in COLUMNS} | {"code": np.frombuffer(code, np.uint8)}

    @classmethod
    def restored(cls, columns: dict[str, NDArray[Any]]) -> Packed:
        """What `columns` were taken of."""
        as_they_are: dict[str, Any] = {name: columns[name] for name in COLUMNS}
        return Packed.of(cls(**as_they_are, code=columns["code"].tobytes()).lineage())


def _compressed(code: NDArray[np.uint8]) -> bytes:
    import pyarrow as pa

    compressed: bytes = pa.Codec("zstd", compression_level=LEVEL).compress(np.ascontiguousarray(code), asbytes=True)
    return compressed


def _expanded(code: bytes, size: int) -> NDArray[np.uint8]:
    import pyarrow as pa

    whole = pa.Codec("zstd").decompress(code, decompressed_size=size) if size else b""
    return np.frombuffer(whole, np.uint8).copy()
