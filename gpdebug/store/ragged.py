"""Picking and joining programs that lie one after the other in one array."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vm.evaluate import Programs


def take(programs: Programs, rows: NDArray[np.integer]) -> Programs:
    """The programs at `rows`, in that order, copied."""
    starts = programs.offsets[rows].tolist()
    ends = programs.offsets[1:][rows].tolist()
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(programs.lengths[rows], out=offsets[1:])
    code = np.ascontiguousarray(programs.code).data
    parts = [code[start:end] for start, end in zip(starts, ends, strict=True)]
    return Programs(np.frombuffer(bytearray().join(parts), np.uint8), offsets)


def join(parts: Sequence[Programs]) -> Programs:
    """All programs of all parts, in order, copied."""
    lengths = np.concatenate([np.zeros(1, np.int64), *(part.lengths for part in parts)])
    codes = [part.code[part.offsets[0] : part.offsets[-1]] for part in parts]
    return Programs(np.concatenate([np.zeros(0, np.uint8), *codes]), np.cumsum(lengths, dtype=np.int64))
