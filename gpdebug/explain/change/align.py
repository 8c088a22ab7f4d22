"""Which byte of one output is which of another, where one lacks some that the other has."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Pair = tuple[int | None, int | None]
"""Index in the one and in the other; None: it has no counterpart there."""

MOST = 250_000
"""Pairs of bytes that are weighed; where there are more, what begins and ends differently is paired by place."""

_SAME, _MOVED, _CHANGED, _LONE, _OTHER = 0, 1, 4, 6, 10
"""What it costs that two bytes are one: same value from the same step, same value, same step, neither; and a byte
that is in one output only."""


def align(
    before: bytes, before_steps: NDArray[np.int64] | None, after: bytes, after_steps: NDArray[np.int64] | None
) -> Iterator[Pair]:
    """Pairs the bytes of two outputs, in order, at the least cost.

    Bytes with the same value or from the same step rather belong together; a byte more or less shifts those behind it.

    Args:
        before: the one output.
        before_steps: `int64[before]`, the step that wrote each byte; None: bytes are places, which do not shift.
        after: the other output.
        after_steps: the same of it.
    """
    if before_steps is None or after_steps is None:
        yield from _by_place(0, len(before), 0, len(after))
        return
    ours = np.frombuffer(before, np.uint8).astype(np.int64), before_steps
    theirs = np.frombuffer(after, np.uint8).astype(np.int64), after_steps
    head = _common(ours, theirs, by_step=True)
    tail = _common(_reversed(ours, head), _reversed(theirs, head), by_step=False)
    ours_end, theirs_end = len(before) - tail, len(after) - tail
    yield from _by_place(0, head, 0, head)
    if (ours_end - head) * (theirs_end - head) > MOST:
        yield from _by_place(head, ours_end, head, theirs_end)
    else:
        middle = _weighed(_part(ours, head, ours_end), _part(theirs, head, theirs_end))
        yield from ((_plus(i, head), _plus(j, head)) for i, j in middle)
    yield from _by_place(ours_end, len(before), theirs_end, len(after))


_Bytes = tuple[NDArray[np.int64], NDArray[np.int64]]


def _part(stream: _Bytes, first: int, end: int) -> _Bytes:
    return stream[0][first:end], stream[1][first:end]


def _reversed(stream: _Bytes, first: int) -> _Bytes:
    return stream[0][first:][::-1], stream[1][first:][::-1]


def _common(ours: _Bytes, theirs: _Bytes, *, by_step: bool) -> int:
    """How many bytes two outputs have in common at their beginnings, perhaps by the same steps."""
    size = min(len(ours[0]), len(theirs[0]))
    differs = ours[0][:size] != theirs[0][:size]
    if by_step:
        differs |= ours[1][:size] != theirs[1][:size]
    return int(differs.argmax()) if differs.any() else size


def _by_place(first: int, end: int, other_first: int, other_end: int) -> Iterator[Pair]:
    size, other_size = end - first, other_end - other_first
    for index in range(max(size, other_size)):
        yield first + index if index < size else None, other_first + index if index < other_size else None


def _plus(index: int | None, offset: int) -> int | None:
    return None if index is None else index + offset


def _weighed(ours: _Bytes, theirs: _Bytes) -> list[Pair]:
    """The pairs of least cost (Needleman and Wunsch, 1970)."""
    rows, columns = len(ours[0]), len(theirs[0])
    same_value = ours[0][:, None] == theirs[0][None, :]
    same_step = ours[1][:, None] == theirs[1][None, :]
    costs = np.where(same_value, np.where(same_step, _SAME, _MOVED), np.where(same_step, _CHANGED, _OTHER)).tolist()
    table = [[_LONE * column for column in range(columns + 1)]]
    for row in range(rows):
        above, line = table[-1], [_LONE * (row + 1)]
        for column, cost in enumerate(costs[row]):
            line.append(min(above[column] + cost, above[column + 1] + _LONE, line[column] + _LONE))
        table.append(line)
    found: list[Pair] = []
    row, column = rows, columns
    while row or column:
        here = table[row][column]
        if row and column and here == table[row - 1][column - 1] + costs[row - 1][column - 1]:
            row, column = row - 1, column - 1
            found.append((row, column))
        elif row and here == table[row - 1][column] + _LONE:
            row -= 1
            found.append((row, None))
        else:
            column -= 1
            found.append((None, column))
    return found[::-1]
