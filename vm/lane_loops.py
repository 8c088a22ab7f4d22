"""Innermost loops in closed form, for all lanes of a group: see `vm.loop_forms`."""

from __future__ import annotations

from typing import Any

from numpy import uintp

from vm.blocks import (
    CELLS,
    COLD,
    COST,
    CREDIT,
    DEPTH,
    DISTANCE,
    DISTANCE_MASK,
    FIRST,
    FORM,
    FORMLESS,
    HOT,
    INVERSE,
    SHIFT,
    TRAITS,
    TRAVEL1,
)
from vm.jit import kernel
from vm.lane_groups import EXTRA, NO_GROUP, SKIPPED
from vm.lanes import add_to_row, first_lane, grow_row, lane_of, lanes_at, put_lane
from vm.loop_forms import AT_DISTANCE, ENDLESS, ENOUGH, RATE, ROAMS, UNKNOWN, find_form, passes_left


@kernel(inline=True)
def skip_lane_passes(
    row: int, blocks: Any, details: Any, actions: Any, rates: Any, memory: Any, counts: Any, registers: Any,
    h0: int, h1: Any, left: int, mask: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Skips passes of an innermost loop that lanes have just come back to the start of after a whole pass.

    Returns how many steps the group has left, where head1 is, and the lanes in which the loop has ended. Head1 is to
    stay the same in all lanes of the group: where it moves, passes are skipped only if they are as many in all of them.
    """
    cells = len(memory) - 1
    cold = row * (COLD // HOT)
    distance = h1 - h0 + (cells if h1 < h0 else 0)
    form = details[uintp(cold + FORM)]
    if form == UNKNOWN or (form == AT_DISTANCE and details[uintp(cold + DISTANCE)] != distance):
        find_form(row, blocks, details, actions, rates, distance, cells)
        if blocks[row + TRAITS] & FORMLESS:
            return left, h1, 0
        form = details[uintp(cold + FORM)]
    depth = details[uintp(cold + DEPTH)]
    if form == ROAMS or depth == ENDLESS:
        return left, h1, 0
    cost, travel1 = blocks[uintp(row + COST)], blocks[uintp(row + TRAVEL1)]
    shift, inverse = details[uintp(cold + SHIFT)], details[uintp(cold + INVERSE)]
    begins = 2 * blocks[uintp(row + FIRST)]
    ends_at = begins + details[uintp(cold + CELLS)]
    tested = lane_of(memory, h0, first_lane(mask))
    passes = passes_left(tested, shift, inverse)
    if passes < ENDLESS and passes * cost <= left and mask & ~lanes_at(memory, h0, tested) == 0:
        skipped = passes - depth
        if skipped <= 0:
            return left, h1, 0
        for index in range(begins, ends_at):
            rate = rates[uintp(index)]
            cell = h0 + (rate & DISTANCE_MASK)
            cell -= cells if cell >= cells else 0
            add_to_row(memory, cell, cell, (rate >> RATE) * skipped, mask)
        details[uintp(cold + CREDIT)] += min(skipped * cost, ENOUGH)
        h1 = (h1 + skipped % cells * travel1) % cells
        return left - skipped * cost, h1, mask if depth == 0 else 0
    most, ended = 0, 0
    fewest = least = NO_GROUP
    total = whole = -1
    lanes = mask
    while lanes != 0:
        lane = first_lane(lanes)
        lanes &= lanes - 1
        mine = left + registers[EXTRA, lane]
        passes = passes_left(lane_of(memory, h0, lane), shift, inverse)
        if passes >= ENDLESS or passes * cost > mine:
            if mine != total:
                total, whole = mine, mine // cost
            passes = whole
        elif depth == 0:
            ended |= 1 << lane
        skipped = max(passes - depth, 0)
        registers[SKIPPED, lane] = skipped
        most, fewest = max(most, skipped), min(fewest, skipped)
        least = min(least, mine - skipped * cost)
    if most == 0 or (travel1 != 0 and most != fewest):
        return left, h1, 0
    lanes = mask
    while lanes != 0:
        lane = first_lane(lanes)
        lanes &= lanes - 1
        put_lane(counts, 0, lane, registers[SKIPPED, lane])
        registers[EXTRA, lane] += left - registers[SKIPPED, lane] * cost - least
    for index in range(begins, ends_at):
        rate = rates[uintp(index)]
        cell = h0 + (rate & DISTANCE_MASK)
        cell -= cells if cell >= cells else 0
        grow_row(memory, cell, counts, 0, rate >> RATE, mask)
    details[uintp(cold + CREDIT)] += min(most * cost, ENOUGH)
    return least, (h1 + most % cells * travel1) % cells if travel1 != 0 else h1, ended
