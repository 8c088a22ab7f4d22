"""Groups of lanes that stand at the same place: which one goes on, and where lanes come together again.

The lanes of a group are at the start of the same block with head0 at the same row of the memory and the same places in
their streams, so that one instruction does the same to all of them. How many steps they have left may differ: a group
has a number that none of its lanes has less of, and what a lane has more than that is its `EXTRA`. So may where head1
is: a lane's is `APART` from the group's by some cells, and copies are done lane by lane where that is not the same in
all of them.

Groups wait in a table. One at the lowest block goes on, since those at later blocks may be joined by it. Lanes that
come to one block with head0 at different cells, after `[>]` for instance, are brought together by turning the memory
of some of them, so that another cell is in each row: nothing that a program does depends on which cell it does it at,
unless heads stop at an edge.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from vm.jit import borrowed, kernel
from vm.lanes import (
    add_to_row,
    copy_row,
    copy_rows,
    first_lane,
    lane_of,
    lanes_at,
    lanes_in,
    least_of,
    put_lane,
    row_of,
    set_row,
)

GROUP = 8
AT_ROW, AT_HEAD0, AT_HEAD1, AT_INPUT, AT_WRITTEN, WITH_LEFT, WITH_LANES = range(7)
"""What a waiting group is: the hot row of its block, heads, bytes read and written, steps left, lanes."""

REGISTERS = 14
EXTRA, APART, TURN, KEPT_LEFT, KEPT_HEAD1, KEPT_TURN, SKIPPED = range(7)
"""What is known of each lane: steps left beyond its group's; how far its head1 is beyond its group's, around the
memory; how far its memory is turned; of the kept state its steps left, head1 and turn; passes of a loop to skip."""
ENDED, LEFT, ROW, HEAD0, HEAD1, INPUT, WRITTEN = range(7, REGISTERS)
"""Once it is in no group any more: its status, steps left and bytes written, or if that is `RUNNING` all that is needed
to run it on."""
FREE, TOGETHER, FIXED = range(3)
"""How groups whose heads are at other cells come together: head0 by turning memories, head1 as being apart; only if the
heads are as far from each other; not at all."""
NO_GROUP = 1 << 62
BYTES = 64
"""That `copy_rows` copies."""


@kernel(inline=True)
def give_extra(registers: Any, mask: int, more: int) -> None:
    """Gives every lane of a mask more steps than its group has."""
    add_to_row(registers, EXTRA, EXTRA, more, mask)


@kernel(inline=True)
def fits(groups: Any, index: int, h0: int, h1: int, at: int, written: int, bound: int, cells: int) -> bool:
    """Whether a group that waits at a block stands at the same place in it as another, or may be brought there."""
    if groups[uintp(index), AT_INPUT] != at or groups[uintp(index), AT_WRITTEN] != written:
        return False
    by0, by1 = h0 - groups[uintp(index), AT_HEAD0], h1 - groups[uintp(index), AT_HEAD1]
    if bound == TOGETHER:
        return by0 == by1 or abs(by0 - by1) == cells  # type: ignore[no-any-return]
    return bound == FREE or (by0 == 0 and by1 == 0)


@kernel(inline=True)
def joins(groups: Any, count: int, row: int, h0: int, h1: int, at: int, written: int, bound: int, cells: int) -> bool:
    """Whether a group that waits at the lowest block, where this one is, can take this one in."""
    index = count - 1
    while index >= 0 and groups[uintp(index), AT_ROW] == row:
        if fits(groups, index, h0, h1, at, written, bound, cells):
            return True
        index -= 1
    return False


@kernel(inline=True)
def move_around(registers: Any, which: int, by: int, cells: int, mask: int) -> None:
    """Adds a distance to those of the lanes of a mask, around the memory."""
    while mask != 0:
        lane = first_lane(mask)
        mask &= mask - 1
        moved = lane_of(registers, which, lane) + by
        put_lane(registers, which, lane, moved - cells if moved >= cells else moved)


@kernel()
def turn(memory: Any, past: Any, by: int, mask: int) -> None:
    """Turns the memory of the lanes of a mask: what is `by` cells further comes to each cell.

    What goes from one end to the other is kept in what `past` has beyond a memory meanwhile.
    """
    memory, past = borrowed(memory), borrowed(past)
    cells, part = len(memory) - 1, BYTES // lanes_in(memory)
    if 2 * by <= cells:
        for cell in range(by):
            copy_row(past, cells + 1 + cell, memory, cell, mask)
        cell = 0
        while cell + by + part <= cells:
            copy_rows(memory, cell, cell + by, mask)
            cell += part
        while cell + by < cells:
            copy_row(memory, cell, memory, cell + by, mask)
            cell += 1
        for kept in range(by):
            copy_row(memory, cell + kept, past, cells + 1 + kept, mask)
    else:
        by = cells - by
        for cell in range(by):
            copy_row(past, cells + 1 + cell, memory, cells - by + cell, mask)
        cell = cells
        while cell - by - part >= 0:
            cell -= part
            copy_rows(memory, cell, cell - by, mask)
        while cell - by > 0:
            cell -= 1
            copy_row(memory, cell, memory, cell - by, mask)
        for kept in range(by):
            copy_row(memory, kept, past, cells + 1 + kept, mask)


@kernel(inline=True)
def bring(groups: Any, index: int, registers: Any, memory: Any, past: Any, h0: int, h1: int, mask: int) -> None:
    """Makes the heads of lanes those of a group that waits: head0 by turning their memory, head1 as being apart."""
    cells = len(memory) - 1
    by = h0 - groups[index, AT_HEAD0]
    by += cells if by < 0 else 0
    if by != 0:
        turn(memory, past, by, mask)
        move_around(registers, TURN, by, cells, mask)
    apart = (h1 - by - groups[index, AT_HEAD1]) % cells
    apart += cells if apart < 0 else 0
    if apart != 0:
        move_around(registers, APART, apart, cells, mask)


@kernel(inline=True)
def gathered(registers: Any, h1: Any, cells: int, mask: int) -> tuple[Any, bool]:
    """Where a group's head1 is, that of all its lanes if it is the same in all; whether it is not."""
    more = lane_of(registers, APART, first_lane(mask))
    if mask & ~lanes_at(registers, APART, more) != 0:
        return h1, True
    if more != 0:
        set_row(registers, APART, 0, mask)
        h1 += more - (cells if h1 + more >= cells else 0)
    return h1, False


@kernel(inline=True)
def keep_head1(registers: Any, which: int, h1: int, cells: int, mask: int) -> None:
    """Puts down where head1 is in each lane of a mask."""
    while mask != 0:
        lane = first_lane(mask)
        mask &= mask - 1
        put_lane(registers, which, lane, (h1 + lane_of(registers, APART, lane)) % cells)


@kernel(inline=True)
def lanes_with_head1(registers: Any, which: int, h1: int, cells: int, mask: int) -> int:
    """The lanes of a mask in which head1 is where it was put down."""
    found = mask
    while mask != 0:
        lane = first_lane(mask)
        mask &= mask - 1
        if (h1 + lane_of(registers, APART, lane)) % cells != lane_of(registers, which, lane):
            found ^= 1 << lane
    return found


@kernel()
def park(
    groups: Any, count: int, registers: Any, memory: Any, past: Any, bound: int, row: int, h0: int, h1: int, at: int,
    written: int, left: int, mask: int,
) -> int:  # fmt: skip
    """Lets a group wait, as a part of one at the same place if there is one; returns how many groups wait.

    Args:
        groups: `int64[lanes + 2, GROUP]`, the groups that wait, the one at the lowest block last.
        count: how many they are.
        registers: rows of words, `[REGISTERS]`.
        memory: rows, the lanes' cells.
        past: see `turn`.
        bound: which lanes with heads elsewhere a group takes in: `FREE` ….
        row: see `AT_ROW`, like all that follow.
        h0: where head0 is.
        h1: where head1 is.
        at: bytes of the input that are read.
        written: bytes that are written.
        left: steps left.
        mask: the group's lanes.
    """
    bound = bound if row >= 0 else FIXED
    cells = len(memory) - 1
    place = count
    while place > 0 and groups[place - 1, AT_ROW] < row:
        place -= 1
    index = place - 1
    while index >= 0 and groups[index, AT_ROW] == row:
        if fits(groups, index, h0, h1, at, written, bound, cells):
            bring(groups, index, registers, memory, past, h0, h1, mask)
            least = min(left, groups[index, WITH_LEFT])
            if left != least:
                give_extra(registers, mask, left - least)
            if groups[index, WITH_LEFT] != least:
                give_extra(registers, groups[index, WITH_LANES], groups[index, WITH_LEFT] - least)
            groups[index, WITH_LEFT] = least
            groups[index, WITH_LANES] |= mask
            return count
        index -= 1
    for index in range(count, place, -1):
        for column in range(GROUP):
            groups[index, column] = groups[index - 1, column]
    groups[place, AT_ROW], groups[place, AT_HEAD0], groups[place, AT_HEAD1] = row, h0, h1
    groups[place, AT_INPUT], groups[place, AT_WRITTEN] = at, written
    groups[place, WITH_LEFT], groups[place, WITH_LANES] = left, mask
    return count + 1


@kernel(inline=True)
def settle(registers: Any, mask: int, left: int) -> int:
    """Makes a group's steps left those of a lane that has least of them; returns them."""
    least = least_of(row_of(registers, EXTRA), mask)
    if least != 0:
        give_extra(registers, mask, -least)
    return left + least  # type: ignore[no-any-return]


@kernel(inline=True)
def leave(registers: Any, mask: int, status: int, row: int, h0: int, h1: int, at: int, written: int, left: int) -> None:
    """Takes lanes out of their group, where they are and with a status."""
    set_row(registers, ENDED, status, mask)
    add_to_row(registers, LEFT, EXTRA, left, mask)
    set_row(registers, ROW, row, mask)
    set_row(registers, HEAD0, np.int64(h0), mask)
    set_row(registers, HEAD1, np.int64(h1), mask)
    set_row(registers, INPUT, at, mask)
    set_row(registers, WRITTEN, written, mask)


@kernel(inline=True)
def shorten(registers: Any, mask: int, same: int, left: int, need: int) -> int:
    """Takes whole periods off what lanes `same` of a group have left; returns what the group has left.

    So many steps as there is `need` of are not taken, of lanes that have them: in those, the last passes of a loop make
    right what was not kept right while others were skipped.
    """
    lanes = same
    period = rest = total = -1
    while lanes != 0:
        lane = first_lane(lanes)
        lanes &= lanes - 1
        mine = left + lane_of(registers, EXTRA, lane)
        if mine != total or lane_of(registers, KEPT_LEFT, lane) - mine != period:
            total, period = mine, lane_of(registers, KEPT_LEFT, lane) - mine
            rest = need + (total - need) % period if total >= need else total
        put_lane(registers, EXTRA, lane, rest - left)
    return settle(registers, mask, left)  # type: ignore[no-any-return]
