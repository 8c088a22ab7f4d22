"""Who does what: a hash table from behaviours to rows, with open addressing.

Deletion moves what follows back, so no marks remain (Knuth: The Art of Computer Programming, volume 3, 6.4,
algorithm R).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp
from numpy.typing import NDArray

from vm.jit import kernel

NOBODY = -1
ROOM = 4
"""Places of a table for each row, at least."""
_HALF = np.uint64(32)


def table_for(count: int) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """Keys and owners of a table for so many rows, empty."""
    places = 1 << (ROOM * count - 1).bit_length()
    return np.zeros(places, np.uint64), np.full(places, NOBODY, np.int32)


@kernel(inline=True)
def _home(behaviour: Any, mask: int) -> Any:
    return np.int64(behaviour ^ (behaviour >> _HALF)) & mask


@kernel(inline=True)
def _place(keys: Any, owners: Any, behaviour: Any) -> Any:
    """Where a behaviour is, or the free place where it would be."""
    mask = len(keys) - 1
    place = _home(behaviour, mask)
    while owners[uintp(place)] >= 0 and keys[uintp(place)] != behaviour:
        place = (place + 1) & mask
    return place


@kernel(inline=True)
def find(keys: Any, owners: Any, behaviour: Any) -> Any:
    """The row that has a behaviour, or -1."""
    return np.int64(owners[uintp(_place(keys, owners, behaviour))])


@kernel(inline=True)
def enter(keys: Any, owners: Any, behaviour: Any, row: int) -> None:
    """Gives a behaviour that nobody has to a row."""
    place = _place(keys, owners, behaviour)
    keys[uintp(place)], owners[uintp(place)] = behaviour, row


@kernel()
def forget(keys: Any, owners: Any, behaviour: Any, row: int) -> None:
    """Takes a behaviour from a row, if it is that one's."""
    mask = len(keys) - 1
    hole = _place(keys, owners, behaviour)
    if owners[hole] != row:
        return
    place = hole
    while True:
        owners[hole] = NOBODY
        while True:
            place = (place + 1) & mask
            if owners[place] < 0:
                return
            home = _home(keys[place], mask)
            if (place - home) & mask >= (place - hole) & mask:
                break
        keys[hole], owners[hole] = keys[place], owners[place]
        hole = place


@kernel()
def remember_all(keys: Any, owners: Any, behaviours: Any) -> None:
    """Makes a table anew; of rows with the same behaviour it knows the first."""
    owners[:] = NOBODY
    for row in range(len(behaviours)):
        if find(keys, owners, behaviours[row]) < 0:
            enter(keys, owners, behaviours[row], row)
