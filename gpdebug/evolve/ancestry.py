"""Who of many has descendants that live, and the programs of those that are kept: the loops of pruning."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vm.evaluate import Programs
from vm.jit import kernel


@kernel()
def with_descendants(ids: NDArray[np.int64], parents: NDArray[np.int64], living: NDArray[np.int64], lines: int) -> Any:
    """Marks everyone who lives or of whom somebody does descend: `bool[n]`.

    Args:
        ids: `int64[n]`, ascending; parents have smaller ones than their children.
        parents: `int64[n, 2]`, ids, also such that are not among `ids`.
        living: `int64[m]`, ids, ascending.
        lines: 2 to follow both parents, 1 for first parents only.
    """
    marked = np.zeros(len(ids), np.bool_)
    alive = len(living) - 1
    for row in range(len(ids) - 1, -1, -1):
        while alive >= 0 and living[alive] > ids[row]:
            alive -= 1
        if alive >= 0 and living[alive] == ids[row]:
            marked[row] = True
        for which in range(lines if marked[row] else 0):
            parent = parents[row, which]
            if parent >= ids[0]:
                place = np.searchsorted(ids, parent)
                if place < len(ids) and ids[place] == parent:
                    marked[place] = True
    return marked


def picked(programs: Programs, rows: NDArray[np.integer]) -> Programs:
    """The programs at `rows`, in that order, copied: `store.ragged.take`, compiled."""
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(programs.lengths[rows], out=offsets[1:])
    code = np.empty(offsets[-1], np.uint8)
    _copy(programs.code, programs.offsets, rows.astype(np.int64, copy=False), code, offsets)
    return Programs(code, offsets)


@kernel()
def _copy(
    code: NDArray[np.uint8], offsets: NDArray[np.int64], rows: NDArray[np.int64], into: NDArray[np.uint8],
    places: NDArray[np.int64],
) -> None:  # fmt: skip
    for index in range(len(rows)):
        at = offsets[rows[index]] - places[index]
        for place in range(places[index], places[index + 1]):
            into[place] = code[at + place]
