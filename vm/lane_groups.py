"""Groups of lanes that stand at the same place: which one goes on, and where lanes come together again.

The lanes of a group are at the start of the same block with the same heads and the same places in their streams, so
that one instruction does the same to all of them. How many steps they have left may differ: a group has a number that
none of its lanes has less of, and what a lane has more than that is its `EXTRA`.

Groups wait in a table. One at the lowest block goes on, since those at later blocks may be joined by it; of several at
one block, with heads at different cells, each goes on until it has left the block for a later one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from vm.jit import kernel
from vm.lanes import add_to_row, first_lane, lane_of, least_of, put_lane, row_of, set_row

GROUP = 8
AT_ROW, AT_HEAD0, AT_HEAD1, AT_INPUT, AT_WRITTEN, WITH_LEFT, WITH_LANES = range(7)
"""What a waiting group is: the hot row of its block, heads, bytes read and written, steps left, lanes."""

REGISTERS = 10
EXTRA, KEPT_LEFT, SKIPPED, ENDED, LEFT, ROW, HEAD0, HEAD1, INPUT, WRITTEN = range(REGISTERS)
"""What is known of each lane: steps left beyond its group's; of the kept state; passes of a loop that are skipped; and
once it is in no group any more its status, steps left and bytes written, or if that is `RUNNING` all that is needed to
run it on."""
NO_GROUP = 1 << 62


@kernel(inline=True)
def give_extra(registers: Any, mask: int, more: int) -> None:
    """Gives every lane of a mask more steps than its group has."""
    add_to_row(registers, EXTRA, EXTRA, more, mask)


@kernel(inline=True)
def joins(groups: Any, count: int, row: int, h0: int, h1: int, at: int, written: int) -> bool:
    """Whether a group that waits at the lowest block, where this one is, stands at the same place."""
    index = count - 1
    while index >= 0 and groups[uintp(index), AT_ROW] == row:
        if (
            groups[uintp(index), AT_HEAD0] == h0 and groups[uintp(index), AT_HEAD1] == h1
            and groups[uintp(index), AT_INPUT] == at and groups[uintp(index), AT_WRITTEN] == written
        ):  # fmt: skip
            return True
        index -= 1
    return False


@kernel()
def park(
    groups: Any, count: int, registers: Any, row: int, h0: int, h1: int, at: int, written: int, left: int, mask: int
) -> int:  # fmt: skip
    """Lets a group wait, as a part of one at the same place if there is one; returns how many groups wait.

    Args:
        groups: `int64[lanes + 2, GROUP]`, the groups that wait, the one at the lowest block last.
        count: how many they are.
        registers: rows of words, `[REGISTERS]`.
        row: see `AT_ROW`, like all that follow.
        h0: where head0 is.
        h1: where head1 is.
        at: bytes of the input that are read.
        written: bytes that are written.
        left: steps left.
        mask: the group's lanes.
    """
    place = count
    while place > 0 and groups[place - 1, AT_ROW] < row:
        place -= 1
    index = place - 1
    while index >= 0 and groups[index, AT_ROW] == row:
        if (
            groups[index, AT_HEAD0] == h0 and groups[index, AT_HEAD1] == h1
            and groups[index, AT_INPUT] == at and groups[index, AT_WRITTEN] == written
        ):  # fmt: skip
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
def shorten(registers: Any, mask: int, same: int, left: int) -> int:
    """Takes whole periods off what lanes `same` of a group have left; returns what the group has left."""
    lanes = same
    period = rest = total = -1
    while lanes != 0:
        lane = first_lane(lanes)
        lanes &= lanes - 1
        mine = left + lane_of(registers, EXTRA, lane)
        if mine != total or lane_of(registers, KEPT_LEFT, lane) - mine != period:
            total, period = mine, lane_of(registers, KEPT_LEFT, lane) - mine
            rest = total % period
        put_lane(registers, EXTRA, lane, rest - left)
    return settle(registers, mask, left)  # type: ignore[no-any-return]
