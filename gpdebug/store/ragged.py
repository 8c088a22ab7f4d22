"""Picking and joining programs that lie one after the other in one array."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from vm.evaluate import Programs

TAKEN_AT_ONCE = 1 << 20
"""Bytes of code whose places are in memory at once: eight bytes each."""


def take(programs: Programs, rows: NDArray[np.integer]) -> Programs:
    """The programs at `rows`, in that order, copied."""
    lengths = programs.lengths[rows]
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(lengths, out=offsets[1:])
    shifts = programs.offsets[:-1][rows] - offsets[:-1]
    code = np.empty(offsets[-1], np.uint8)
    first = 0
    while first < len(rows):
        last = max(int(np.searchsorted(offsets, offsets[first] + TAKEN_AT_ONCE, "right")) - 1, first + 1)
        places = np.arange(offsets[first], offsets[last], dtype=np.int64)
        places += np.repeat(shifts[first:last], lengths[first:last])
        code[offsets[first] : offsets[last]] = programs.code[places]
        first = last
    return Programs(code, offsets)


def part(programs: Programs, first: int, last: int) -> Programs:
    """Programs `first` to `last` - 1, as far as there are so many, not copied."""
    return Programs(programs.code, programs.offsets[first : last + 1])


def join(parts: Sequence[Programs]) -> Programs:
    """All programs of all parts, in order, copied unless one part is all there is."""
    if len(parts) == 1 and parts[0].offsets[0] == 0 and parts[0].offsets[-1] == len(parts[0].code):
        return parts[0]
    lengths = np.concatenate([np.zeros(1, np.int64), *(part.lengths for part in parts)])
    codes = [part.code[part.offsets[0] : part.offsets[-1]] for part in parts]
    return Programs(np.concatenate([np.zeros(0, np.uint8), *codes]), np.cumsum(lengths, dtype=np.int64))
