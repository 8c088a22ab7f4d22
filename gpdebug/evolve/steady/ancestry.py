"""Who of many has descendants that live."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from vm.jit import kernel


@kernel()
def with_descendants(ids: NDArray[np.int64], parents: NDArray[np.int64], living: NDArray[np.int64]) -> Any:
    """Marks everyone who lives or of whom somebody does descend: `bool[n]`.

    Args:
        ids: `int64[n]`, ascending; parents have smaller ones than their children.
        parents: `int64[n, 2]`, ids, also such that are not among `ids`.
        living: `int64[m]`, ids, ascending.
    """
    marked = np.zeros(len(ids), np.bool_)
    for row in range(len(ids) - 1, -1, -1):
        place = np.searchsorted(living, ids[row])
        if place < len(living) and living[place] == ids[row]:
            marked[row] = True
        for which in range(2 if marked[row] else 0):
            place = np.searchsorted(ids, parents[row, which])
            if place < len(ids) and ids[place] == parents[row, which]:
                marked[place] = True
    return marked
