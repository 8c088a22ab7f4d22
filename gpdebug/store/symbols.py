"""Whether code is of its dialect, for many programs at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpdebug.store.errors import StoreError
from vm.dialect import Dialect, Other, Primitive
from vm.evaluate import Programs


def require_symbols(programs: Programs, dialect: Dialect) -> None:
    """Checks that every byte of every program is a symbol, where the dialect demands that of code.

    Raises:
        StoreError: names the row of the first that is not, and the place in its program.
    """
    if dialect.other is Other.NOP:
        return
    symbols = "".join(dialect.symbols).encode("latin-1")
    if not programs.code.tobytes().translate(None, symbols):
        return
    known = np.isin(np.arange(256), np.frombuffer(symbols, np.uint8))
    at = int(np.flatnonzero(~known[programs.code])[0])
    row = int(np.searchsorted(programs.offsets, at, side="right")) - 1
    place = at - int(programs.offsets[row])
    raise StoreError(
        f"column program: row {row}, line 1, column {place + 1}: {chr(programs.code[at])!r} is no symbol of"
        f" {dialect.name} (its symbols are {' '.join(dialect.symbols)})",
        hint="store symbols only, or name the dialect it is written in",
    )


def unmatched_rows(programs: Programs, dialect: Dialect) -> NDArray[np.intp]:
    """Rows of the programs that have a bracket without a partner.

    A program is matched if the depth of nesting never falls below its start, and is back there at its end.
    """
    primitives = dialect.table[0]
    change = (primitives == Primitive.OPEN).astype(np.int64) - (primitives == Primitive.CLOSE)
    depth = np.concatenate([np.zeros(1, np.int64), np.cumsum(change[programs.code])])
    starts, ends = programs.offsets[:-1], programs.offsets[1:]
    filled = np.flatnonzero(ends > starts)
    if not filled.size:
        return np.zeros(0, np.intp)
    first = int(starts[filled[0]])
    lowest = np.minimum.reduceat(depth[first + 1 : int(ends[filled[-1]]) + 1], starts[filled] - first)
    matched = (lowest >= depth[starts[filled]]) & (depth[ends[filled]] == depth[starts[filled]])
    unmatched: NDArray[np.intp] = filled[~matched]
    return unmatched
