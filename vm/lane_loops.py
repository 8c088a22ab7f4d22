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
)
from vm.jit import kernel
from vm.lane_groups import EXTRA, NO_GROUP
from vm.lanes import add_to_row, first_lane, grow_row, lane_of, lanes_at, put_lane
from vm.loop_forms import AT_DISTANCE, ENDLESS, ENOUGH, RATE, ROAMS, UNKNOWN, find_form, passes_left


@kernel(inline=True)
def skip_lane_passes(
    row: int, blocks: Any, details: Any, actions: Any, rates: Any, memory: Any, counts: Any, registers: Any,
    h0: int, h1: int, left: int, mask: int,
) -> tuple[int, int]:  # fmt: skip
    """Skips passes of an innermost loop that lanes have just come back to the start of after a whole pass.

    Returns how many steps the group has left, and the lanes in which the loop has ended.
    """
    cells = len(memory) - 1
    cold = row * (COLD // HOT)
    distance = h1 - h0 + (cells if h1 < h0 else 0)
    form = details[uintp(cold + FORM)]
    if form == UNKNOWN or (form == AT_DISTANCE and details[uintp(cold + DISTANCE)] != distance):
        find_form(row, blocks, details, actions, rates, distance, cells)
        if blocks[row + TRAITS] & FORMLESS:
            return left, 0
        form = details[uintp(cold + FORM)]
    depth = details[uintp(cold + DEPTH)]
    if form == ROAMS or depth == ENDLESS:
        return left, 0
    cost = blocks[uintp(row + COST)]
    shift, inverse = details[uintp(cold + SHIFT)], details[uintp(cold + INVERSE)]
    begins = 2 * blocks[uintp(row + FIRST)]
    ends_at = begins + details[uintp(cold + CELLS)]
    tested = lane_of(memory, h0, first_lane(mask))
    passes = passes_left(tested, shift, inverse)
    if passes < ENDLESS and passes * cost <= left and mask & ~lanes_at(memory, h0, tested) == 0:
        skipped = passes - depth
        if skipped <= 0:
            return left, 0
        for index in range(begins, ends_at):
            rate = rates[uintp(index)]
            cell = h0 + (rate & DISTANCE_MASK)
            cell -= cells if cell >= cells else 0
            add_to_row(memory, cell, cell, (rate >> RATE) * skipped, mask)
        details[uintp(cold + CREDIT)] += min(skipped * cost, ENOUGH)
        return left - skipped * cost, mask if depth == 0 else 0
    most = ended = 0
    least = NO_GROUP
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
            skipped = max(whole - depth, 0)
        else:
            skipped = max(passes - depth, 0)
            if depth == 0:
                ended |= 1 << lane
        put_lane(counts, 0, lane, skipped)
        most = max(most, skipped)
        mine -= skipped * cost
        registers[EXTRA, lane] = mine
        least = min(least, mine)
    lanes = mask
    while lanes != 0:
        registers[EXTRA, first_lane(lanes)] -= least
        lanes &= lanes - 1
    if most > 0:
        for index in range(begins, ends_at):
            rate = rates[uintp(index)]
            cell = h0 + (rate & DISTANCE_MASK)
            cell -= cells if cell >= cells else 0
            grow_row(memory, cell, counts, 0, rate >> RATE, mask)
        details[uintp(cold + CREDIT)] += min(most * cost, ENOUGH)
    return least, ended
