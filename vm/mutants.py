"""Mutants of a program: told as edits of its code, many of them as a few arrays, written out only when they run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Self

import numpy as np
from numpy.typing import NDArray

from vm.evaluate import Programs


class Edit(IntEnum):
    """What is done at a place of a program's code."""

    PUT = 0
    """A symbol takes the place of the one that is there."""
    INSERT = 1
    """A symbol comes before the one that is there; at the end of the program, behind the last one."""
    DELETE = 2
    """The symbol that is there goes; those behind it move up."""


@dataclass(frozen=True, slots=True, eq=False)
class Mutants:
    """Many mutants of one program. Mutant i is made by the edits `offsets[i]` to `offsets[i + 1] - 1`, told in
    places of the original, in ascending order.

    Attributes:
        offsets: `int64[mutants + 1]`.
        places: `int64[edits]`: which instruction of the original.
        kinds: `uint8[edits]`: an `Edit`.
        symbols: `uint8[edits]`: the byte that is put or inserted.
    """

    offsets: NDArray[np.int64]
    places: NDArray[np.int64]
    kinds: NDArray[np.uint8]
    symbols: NDArray[np.uint8]

    @classmethod
    def single(cls, places: NDArray[np.int64], kinds: NDArray[np.uint8], symbols: NDArray[np.uint8]) -> Self:
        """Mutants of one edit each."""
        return cls(np.arange(len(places) + 1, dtype=np.int64), places, kinds, symbols)

    @classmethod
    def of(cls, edits: Iterable[Sequence[tuple[Edit, int, int]]]) -> Self:
        """Packs mutants, each some edits: what, where, and the byte (0 where something goes)."""
        items = [sorted(mutant, key=lambda edit: edit[1]) for mutant in edits]
        offsets = np.zeros(len(items) + 1, np.int64)
        np.cumsum([len(item) for item in items], out=offsets[1:])
        flat = [edit for item in items for edit in item]
        kinds = np.array([edit[0] for edit in flat], np.uint8)
        return cls(
            offsets, np.array([edit[1] for edit in flat], np.int64), kinds, np.array([e[2] for e in flat], np.uint8)
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def part(self, first: int, last: int) -> Mutants:
        """Mutants `first` to `last - 1`."""
        begin, end = int(self.offsets[first]), int(self.offsets[last])
        return Mutants(
            self.offsets[first : last + 1] - begin,
            self.places[begin:end],
            self.kinds[begin:end],
            self.symbols[begin:end],
        )

    def written(self, original: bytes) -> Programs:
        """The code of every mutant of a program."""
        from vm.mutant_kernel import write_mutants

        kept = (self.kinds == Edit.INSERT).astype(np.int64) - (self.kinds == Edit.DELETE)
        grown = np.concatenate([np.zeros(1, np.int64), np.cumsum(kept)])[self.offsets]
        offsets = np.arange(len(self) + 1) * len(original) + grown
        code = np.empty(int(offsets[-1]), np.uint8)
        source = np.frombuffer(original, np.uint8).copy()
        write_mutants(source, self.offsets, self.places, self.kinds, self.symbols, offsets, code)
        return Programs(code, offsets)
