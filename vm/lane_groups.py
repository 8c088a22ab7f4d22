"""Groups of lanes that stand at the same place: which one goes on, and where lanes come together again.

The lanes of a group are at the start of the same block with the same heads and the same places in their streams, so
that one instruction does the same to all of them. How many steps they have left may differ: a group has a number that
none of its lanes has less of, and what a lane has more than that is its `EXTRA`.

Groups wait in a table. The one at the lowest block goes on, since the others, at later blocks, may be joined by it.
"""

from __future__ import annotations

from typing import Any

from vm.jit import kernel
from vm.lanes import first_lane

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
    while mask != 0:
        registers[EXTRA, first_lane(mask)] += more
        mask &= mask - 1


@kernel()
def park(
    groups: Any, count: int, registers: Any, row: int, h0: int, h1: int, at: int, written: int, left: int, mask: int
) -> int:  # fmt: skip
    """Lets a group wait, as a part of one at the same place if there is one; returns how many groups wait."""
    for index in range(count):
        if (
            groups[index, AT_ROW] == row and groups[index, AT_HEAD0] == h0 and groups[index, AT_HEAD1] == h1
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
    groups[count, AT_ROW], groups[count, AT_HEAD0], groups[count, AT_HEAD1] = row, h0, h1
    groups[count, AT_INPUT], groups[count, AT_WRITTEN] = at, written
    groups[count, WITH_LEFT], groups[count, WITH_LANES] = left, mask
    return count + 1


@kernel(inline=True)
def lowest_group(groups: Any, count: int) -> int:
    """The waiting group at the lowest block."""
    lowest = 0
    for index in range(1, count):
        if groups[index, AT_ROW] < groups[lowest, AT_ROW]:
            lowest = index
    return lowest


@kernel(inline=True)
def lowest_row(groups: Any, count: int) -> int:
    """The lowest block's row that a group waits at, `NO_GROUP` if none waits."""
    return groups[lowest_group(groups, count), AT_ROW] if count else NO_GROUP


@kernel(inline=True)
def settle(registers: Any, mask: int, left: int) -> int:
    """Makes a group's steps left those of a lane that has least of them; returns them."""
    least = NO_GROUP
    lanes = mask
    while lanes != 0:
        least = min(least, registers[EXTRA, first_lane(lanes)])
        lanes &= lanes - 1
    if least:
        give_extra(registers, mask, -least)
    return left + least


@kernel(inline=True)
def leave(registers: Any, mask: int, status: int, row: int, h0: int, h1: int, at: int, written: int, left: int) -> None:
    """Takes lanes out of their group, where they are and with a status."""
    while mask != 0:
        lane = first_lane(mask)
        mask &= mask - 1
        registers[ENDED, lane] = status
        registers[LEFT, lane] = left + registers[EXTRA, lane]
        registers[ROW, lane], registers[HEAD0, lane], registers[HEAD1, lane] = row, h0, h1
        registers[INPUT, lane], registers[WRITTEN, lane] = at, written
