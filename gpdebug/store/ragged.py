"""Picking and joining programs that lie one after the other in one array."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vm.evaluate import Programs


def take(programs: Programs, rows: NDArray[np.integer]) -> Programs:
    """The programs at `rows`, in that order, copied."""
    lengths = programs.lengths[rows]
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    shifts = programs.offsets[:-1][rows] - offsets[:-1]
    places = np.arange(offsets[-1], dtype=np.int64) + np.repeat(shifts, lengths)
    return Programs(programs.code[places], offsets)


def join(parts: Sequence[Programs]) -> Programs:
    """All programs of all parts, in order, copied."""
    lengths = np.concatenate([np.zeros(1, np.int64), *(part.lengths for part in parts)])
    codes = [part.code[part.offsets[0] : part.offsets[-1]] for part in parts]
    return Programs(np.concatenate([np.zeros(0, np.uint8), *codes]), np.cumsum(lengths, dtype=np.int64))
