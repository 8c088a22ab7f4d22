"""Where two memories differ: an index over the changed cells and their runs, made in milliseconds for 16 MiB."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

_BLOCK = 1 << 14
"""Cells that are counted together: few enough to search one at once, so many that counting them all is quick."""


class Places:
    """The places at which a mask is true, counted by blocks; none of them is listed before it is asked for."""

    def __init__(self, mask: NDArray[np.bool_]) -> None:
        """Counts.

        Args:
            mask: `bool[cells]`.
        """
        self._mask = mask
        counts = (int(np.count_nonzero(self._inside(at))) for at in range(0, len(mask), _BLOCK))
        self._before = np.array([0, *accumulate(counts)], np.int64)

    def _inside(self, at: int) -> NDArray[np.bool_]:
        """Which cells of the block that begins at a cell are places."""
        return self._mask[at : at + _BLOCK]

    def __len__(self) -> int:
        return int(self._before[-1])

    def __getitem__(self, index: int) -> int:
        """The place with so many before it.

        Raises:
            IndexError: there are not so many.
        """
        index = range(len(self))[index]
        block = int(np.searchsorted(self._before, index, "right")) - 1
        inside = np.flatnonzero(self._inside(block * _BLOCK))
        return block * _BLOCK + int(inside[index - int(self._before[block])])

    def before(self, cell: int) -> int:
        """How many places lie before a cell."""
        cell = min(max(cell, 0), len(self._mask))
        block, offset = divmod(cell, _BLOCK)
        inside = int(np.count_nonzero(self._inside(block * _BLOCK)[:offset])) if offset else 0
        return int(self._before[block]) + inside

    def following(self, cell: int) -> int | None:
        """The first place at or after a cell."""
        index = self.before(cell)
        return self[index] if index < len(self) else None

    def preceding(self, cell: int) -> int | None:
        """The last place before a cell."""
        index = self.before(cell)
        return self[index - 1] if index else None

    def blocks(self) -> Iterator[NDArray[np.int64]]:
        """All places in order, some thousand at a time."""
        for block in np.flatnonzero(np.diff(self._before)).tolist():
            yield np.flatnonzero(self._inside(block * _BLOCK)) + block * _BLOCK


class _Starts(Places):
    """The first place of each run of neighbouring ones; a block is looked at when it is needed, nothing is copied."""

    def _inside(self, at: int) -> NDArray[np.bool_]:
        block = self._mask[at : at + _BLOCK]
        starts = np.empty_like(block)
        starts[:1] = block[:1] & (at == 0 or not self._mask[at - 1])
        np.greater(block[1:], block[:-1], out=starts[1:])
        return starts


class _Lasts(Places):
    """The last place of each run of neighbouring ones."""

    def _inside(self, at: int) -> NDArray[np.bool_]:
        block, end = self._mask[at : at + _BLOCK], at + _BLOCK
        lasts = np.empty_like(block)
        lasts[-1:] = block[-1:] & (end >= len(self._mask) or not self._mask[end])
        np.greater(block[:-1], block[1:], out=lasts[:-1])
        return lasts


class Changed:
    """The cells that two memories hold different bytes in; of memories of two sizes, those that both have.

    Attributes:
        mask: `bool[cells]`, true where they differ.
    """

    def __init__(self, before: NDArray[np.uint8], after: NDArray[np.uint8]) -> None:
        """Compares.

        Args:
            before: `uint8[cells]`.
            after: `uint8[cells]`.
        """
        size = min(len(before), len(after))
        self.mask: NDArray[np.bool_] = before[:size] != after[:size]

    @cached_property
    def cells(self) -> Places:
        """The cells."""
        return Places(self.mask)

    @cached_property
    def starts(self) -> Places:
        """The first cell of each run of neighbouring changed cells."""
        return _Starts(self.mask)

    @cached_property
    def lasts(self) -> Places:
        """The last cell of each run."""
        return _Lasts(self.mask)

    def bounds(self) -> Iterator[tuple[int, int]]:
        """First cell and the one after the last of each run, in order."""
        starts = (cell for block in self.starts.blocks() for cell in block.tolist())
        lasts = (cell for block in self.lasts.blocks() for cell in block.tolist())
        for start, last in zip(starts, lasts, strict=True):
            yield start, last + 1
