"""Which symbol of a program came from which symbol of its parents: the cheapest way to write it with theirs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

COSTS = (4, 3, 1, 3, 1, 0)
"""Of an alignment of two programs: see `align_kernel.SWAP` and what follows it."""
JUMPING_COSTS = (4, 3, 1, 4, 0, 4)
"""Of a child of two parents: leaving out a piece costs the same however long it is, as jumping over it would.

Of instructions of children made anew from parents of the sample runs, by known crossovers and mutations, 91 to 96 % are
paired with the very one that they were copied from; most others with an equal one of the other parent.
"""
LEAVING_OUT_COSTS = (1 << 14, 1 << 14, 0, 1, 0, 0)
"""Of a child that is its parent with pieces left out: as few of them as can be."""
MOVES_AT_ONCE = 1 << 25
"""Bytes of moves that are kept; of larger alignments every so many rows are kept, and the rest is computed twice."""


def pair(child: bytes, first: bytes, second: bytes | None = None) -> NDArray[np.int32]:
    """Aligns a program with one parent, or with two that it may jump between.

    Of ways that cost the same it takes, from the end on, the one with a pair rather than a piece that only one of
    them has, a piece that only the child has rather than one that only the parent has, and no jump where it can do
    without. What the child begins with as its first parent does, and what it ends with as all its parents do, is
    paired at once: no other way is cheaper.

    Args:
        child: the program.
        first: its first parent.
        second: its second parent; None: none. It may be the first one again.

    Returns:
        `int32[length of the child]`: the index of the paired symbol in `first + second`, or -1. Symbols that differ
        are paired, too.
    """
    if second is None:
        return _pair_one(child, first, COSTS)
    start, end = shared_ends(child, first)
    end = min(end, shared_ends(child[start:], second)[1])
    pairs, in_second = _pair(child[start : len(child) - end], first, second, JUMPING_COSTS, start, end)
    tail = len(first) + len(second) * in_second
    return np.concatenate([np.arange(start), pairs, np.arange(tail - end, tail)]).astype(np.int32)


def pair_what_is_left(child: bytes, parent: bytes) -> NDArray[np.int32] | None:
    """Pairs every symbol of a child that is its parent with pieces left out, as few of them as can be.

    Returns:
        `int32[length of the child]`: indices in the parent; None if the child has anything else.
    """
    rest = iter(parent)
    if not all(symbol in rest for symbol in child):
        return None
    return _pair_one(child, parent, LEAVING_OUT_COSTS)


def _pair_one(child: bytes, parent: bytes, costs: tuple[int, ...]) -> NDArray[np.int32]:
    start, end = shared_ends(child, parent)
    found, _ = _pair(child[start : len(child) - end], parent[start : len(parent) - end], None, costs, 0, 0)
    pairs = np.where(found >= 0, found + start, -1)
    return np.concatenate([np.arange(start), pairs, np.arange(len(parent) - end, len(parent))]).astype(np.int32)


def shared_ends(one: bytes, other: bytes) -> tuple[int, int]:
    """How many symbols two programs share at the beginning, and how many of the rest at the end."""
    short = min(len(one), len(other))
    first, second = np.frombuffer(one, np.uint8), np.frombuffer(other, np.uint8)
    start = _equal(first[:short], second[:short])
    return start, _equal(first[::-1][: short - start], second[::-1][: short - start])


def _equal(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    unlike = np.flatnonzero(one != other)
    return int(unlike[0]) if unlike.size else len(one)


def _pair(
    child: bytes, first: bytes, second: bytes | None, prices: tuple[int, ...], begin: int, left: int
) -> tuple[NDArray[np.int64], bool]:
    """Finds the cheapest way.

    Args:
        child: what is to be written.
        first: the first parent.
        second: the second parent, or None.
        prices: the costs, see `align_kernel.SWAP` and what follows it.
        begin: where the way begins in the first parent.
        left: how much of the parent in which it ends lies behind its end.

    Returns:
        `int64[length of the child]`: the index of the paired symbol in `first + second`, or -1; and whether the way
        ends in the second parent.
    """
    from gpdebug.explain.history.align_kernel import fill, trace

    length, edge = len(child), len(first) + 1
    parents = np.frombuffer(b"\0" + first + (b"" if second is None else b"\0" + second), np.uint8).copy()
    symbols, columns = np.frombuffer(child, np.uint8).copy(), len(parents)
    costs = np.array(prices, np.int64)
    part = max(1, MOVES_AT_ONCE // columns)
    moves = np.empty((min(part, length), columns), np.uint8)
    sources = np.zeros((len(moves), 2), np.int32)
    row = np.zeros((2, columns), np.int32)
    kept = []
    for start in range(0, length, part):
        kept.append(row.copy())
        fill(symbols, parents, begin, edge, costs, start, min(start + part, length), row, moves, sources)
    ends = edge - 1 - left, columns - 1 - left
    in_second = second is not None and bool(length) and bool(row[0, ends[1]] < row[0, ends[0]])
    place = np.array([length, ends[in_second], 0], np.int64)
    pairs = np.full(length, -1, np.int32)
    for number in range(len(kept) - 1, -1, -1):
        start = number * part
        if number < len(kept) - 1:
            fill(symbols, parents, begin, edge, costs, start, start + part, kept[number], moves, sources)
        trace(edge, start, place, moves, sources, pairs)
    behind = np.where(pairs > edge, pairs - 2, pairs - 1)
    return np.where(pairs < 0, -1, behind).astype(np.int64), in_second
