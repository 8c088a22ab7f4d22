"""Individuals that behave alike: found by a hash table, in the order in which they come."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.random import mix
from vm.jit import kernel

_EMPTY = np.uint64(0)
_IN_ITS_PLACE = np.uint64(0x9E3779B97F4A7C15)


class Groups(NamedTuple):
    """Who behaves like whom.

    Attributes:
        firsts: `int32[groups]`, the first row of each group.
        members: `int32[n]`, rows sorted by group.
        starts: `int32[groups + 1]`, where each group's members start.
    """

    firsts: NDArray[np.int32]
    members: NDArray[np.int32]
    starts: NDArray[np.int32]


def table_for(count: int) -> NDArray[np.uint64]:
    """An empty hash table for so many behaviours: a power of two, at most half full."""
    return np.zeros(1 << (2 * max(count, 1)).bit_length(), np.uint64)


@kernel()
def _slot(table: NDArray[np.uint64], behaviour: Any) -> Any:
    """Where a behaviour is in the table, or would be: linear probing."""
    mask = np.uint64(len(table) - 1)
    slot = mix(behaviour) & mask
    while table[slot] != _EMPTY and table[slot] != behaviour:
        slot = (slot + np.uint64(1)) & mask
    return slot


@kernel()
def enter_new(behaviours: NDArray[np.uint64], table: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Enters behaviours into a table; returns the rows, ascending, of those that were not in it before."""
    rows = np.empty(len(behaviours), np.int64)
    count = 0
    for row in range(len(behaviours)):
        behaviour = behaviours[row] if behaviours[row] != _EMPTY else _IN_ITS_PLACE
        slot = _slot(table, behaviour)
        if table[slot] == _EMPTY:
            table[slot] = behaviour
            rows[count] = row
            count += 1
    return rows[:count]


def groups_of(behaviours: NDArray[np.uint64]) -> Groups:
    """Sorts individuals by their behaviour.

    Args:
        behaviours: `uint64[n]`.
    """
    return Groups(*_groups(behaviours, table_for(len(behaviours))))


@kernel()
def _groups(behaviours: NDArray[np.uint64], table: NDArray[np.uint64]) -> Any:
    numbers = np.empty(len(table), np.int32)
    group = np.empty(len(behaviours), np.int32)
    firsts = np.empty(len(behaviours), np.int32)
    count = 0
    for row in range(len(behaviours)):
        behaviour = behaviours[row] if behaviours[row] != _EMPTY else _IN_ITS_PLACE
        slot = _slot(table, behaviour)
        if table[slot] == _EMPTY:
            table[slot] = behaviour
            numbers[slot] = count
            firsts[count] = row
            count += 1
        group[row] = numbers[slot]
    starts = np.zeros(count + 1, np.int32)
    for row in range(len(group)):
        starts[group[row] + 1] += 1
    for place in range(count):
        starts[place + 1] += starts[place]
    members = np.empty(len(behaviours), np.int32)
    place_of = starts[:-1].copy()
    for row in range(len(group)):
        members[place_of[group[row]]] = row
        place_of[group[row]] += 1
    return firsts[:count].copy(), members, starts
