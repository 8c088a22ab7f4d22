"""Innermost loops in closed form, for all lanes of a group: see `vm.loop_forms`."""

from __future__ import annotations

from typing import Any

from numpy import uintp

from vm.blocks import (
    ACTION,
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
    MEANINGS,
    SHIFT,
    STEP0,
    STEP1,
    TRAITS,
    TRAVEL1,
)
from vm.jit import borrowed, kernel
from vm.lane_groups import APART, EXTRA, NO_GROUP, SKIPPED, settle
from vm.lanes import (
    first_lane,
    grow_row,
    lane_of,
    lanes_with,
    least_of,
    less,
    most_of,
    pace_row,
    passes_of,
    put_lane,
    put_row,
    row_of,
    spread,
)
from vm.loop_forms import AT_DISTANCE, ENDLESS, ENOUGH, RATE, ROAMS, UNKNOWN, find_form, passes_left, split_rate
from vm.raw import WORD, byte, word


@kernel(inline=True)
def skip_lane_passes(
    row: int, blocks: Any, details: Any, actions: Any, rates: Any, memory: Any, counts: Any, registers: Any,
    h0: int, h1: Any, left: int, mask: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Skips passes of an innermost loop that lanes have just come back to the start of after a whole pass.

    Returns how many steps the group has left, where head1 is, and the lanes in which the loop has ended.
    """
    cold, cells = row * (COLD // HOT), len(memory) - 1
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
    cost = blocks[uintp(row + COST)]
    left, h1, ended, most = _pass_over(
        rates, 2 * blocks[uintp(row + FIRST)], details[uintp(cold + CELLS)], details[uintp(cold + SHIFT)],
        details[uintp(cold + INVERSE)], depth, cost, blocks[uintp(row + TRAVEL1)], memory, counts, registers, h0, h1,
        left, mask,
    )  # fmt: skip
    details[uintp(cold + CREDIT)] += min(most * cost, ENOUGH)
    return left, h1, ended


@kernel(inline=True)
def _pass_over(
    rates: Any, begins: int, many: int, shift: int, inverse: int, depth: int, cost: int, travel1: int, memory: Any,
    counts: Any, registers: Any, h0: int, h1: Any, left: int, mask: int,
) -> tuple[int, Any, int, int]:  # fmt: skip
    """Skips all passes of a loop but the last `depth`; what it changes are `many` rates.

    Returns how many steps the group has left, where head1 is, the lanes in which the loop has ended, and the most
    passes that were skipped.
    """
    cells = len(memory) - 1
    tested = row_of(memory, h0)
    ended = 0
    if left < 256 * cost or shift == 8 or lanes_with(tested, (1 << shift) - 1) & mask != 0:
        ended, fewest, most = count_singly(memory, registers, h0, shift, inverse, depth, cost, left, mask)
        fill_counts(counts, registers, mask)
        skipped = row_of(counts, 0)
    else:
        passes = passes_of(tested, shift, inverse)
        skipped = less(passes, depth)
        fewest, most = least_of(skipped, mask), most_of(skipped, mask)
        if fewest == most:
            most = fewest
            skipped = spread(memory, fewest)
        if depth == 0:
            ended = mask
    if most == 0:
        return left, h1, 0, most
    for index in range(begins, begins + many):
        rate = rates[uintp(index)]
        cell = h0 + (rate & DISTANCE_MASK)
        cell -= cells if cell >= cells else 0
        grow_row(memory, cell, skipped, rate >> RATE, mask)
    if most == fewest:
        moved = (h1 + fewest % cells * travel1) % cells if travel1 != 0 else h1
        return left - fewest * cost, moved, ended, most
    if travel1 != 0:
        put_row(counts, 0, skipped, mask)
        spread_out(registers, counts, most > 255, travel1, cells, mask)
    if most > 255:
        take_off(registers, cost, mask)
    else:
        pace_row(registers, EXTRA, skipped, cost, 0, mask)
    return settle(registers, mask, left), h1, ended, most


@kernel(inline=True)
def skip_sums(
    place: int, stop: int, table: int, sums: Any, memory: Any, counts: Any, registers: Any, h0: int, h1: Any, left: int,
    mask: int,
) -> tuple[int, Any, int]:  # fmt: skip
    """Skips all passes of an innermost loop that only adds, always to the same cells, and that lanes are at
    the start of.

    Args:
        place: the address of its first instruction.
        stop: that of its bracket.
        table: the address of `meanings`.
        sums: `int64[…]`, scratch for as many numbers as the loop has instructions.
        memory: rows of the lanes.
        counts: see `vm.lockstep.run_lanes`.
        registers: rows of words.
        h0: where head0 is.
        h1: where head1 is.
        left: steps that the group has left.
        mask: its lanes.

    Returns:
        What `skip_lane_passes` does.
    """
    cells, cost = len(memory) - 1, stop - place + 1
    at = travel1 = many = rate = 0
    last = -1
    while place < stop:
        row = table + byte(place) * (MEANINGS * WORD)
        at += word(row + STEP0 * WORD)
        at -= cells if at >= cells else 0
        travel1 += word(row + STEP1 * WORD)
        amount = word(row + ACTION * WORD) & 255
        rate += amount if at == 0 else 0
        if amount != 0:
            if at == last:
                sums[uintp(many - 1)] += amount << RATE
            else:
                sums[uintp(many)] = at | amount << RATE
                many += 1
                last = at
        place += 1
    shift, inverse = split_rate(rate)
    left, h1, ended, _ = _pass_over(
        sums, 0, many, shift, inverse, 0, cost, travel1 % cells, memory, counts, registers, h0, h1, left, mask
    )
    return left, h1, ended


@kernel()
def count_singly(
    memory: Any, registers: Any, h0: int, shift: int, inverse: int, depth: int, cost: int, left: int, mask: int
) -> tuple[int, int, int]:  # fmt: skip
    """Counts the passes that are skipped where lanes may come to the limit first, into `SKIPPED`.

    Returns the lanes in which the loop ends, and the fewest and the most passes.
    """
    ended, most, fewest = 0, 0, NO_GROUP
    lanes = mask
    while lanes != 0:
        lane = first_lane(lanes)
        lanes &= lanes - 1
        mine = left + lane_of(registers, EXTRA, lane)
        passes = passes_left(lane_of(memory, h0, lane), shift, inverse)
        if passes >= ENDLESS or passes * cost > mine:
            passes = mine // cost
        elif depth == 0:
            ended |= 1 << lane
        skipped = max(passes - depth, 0)
        put_lane(registers, SKIPPED, lane, skipped)
        most, fewest = max(most, skipped), min(fewest, skipped)
    return ended, fewest, most


@kernel(inline=True)
def fill_counts(counts: Any, registers: Any, mask: int) -> None:
    """Puts the lowest bytes of `SKIPPED` into a row."""
    while mask != 0:
        lane = first_lane(mask)
        mask &= mask - 1
        put_lane(counts, 0, lane, lane_of(registers, SKIPPED, lane))


@kernel(inline=True)
def take_off(registers: Any, cost: int, mask: int) -> None:
    """Takes the steps of skipped passes off what lanes have left beyond their group."""
    while mask != 0:
        lane = first_lane(mask)
        mask &= mask - 1
        less_left = lane_of(registers, EXTRA, lane) - lane_of(registers, SKIPPED, lane) * cost
        put_lane(registers, EXTRA, lane, less_left)


@kernel()
def spread_out(registers: Any, counts: Any, many: bool, travel: int, cells: int, mask: int) -> None:
    """Moves head1 of lanes by different passes of a loop: those in `SKIPPED` if they may be `many`, or in a row."""
    registers, counts = borrowed(registers), borrowed(counts)
    while mask != 0:
        lane = first_lane(mask)
        mask &= mask - 1
        passes = lane_of(registers, SKIPPED, lane) % cells if many else lane_of(counts, 0, lane)
        put_lane(registers, APART, lane, (lane_of(registers, APART, lane) + passes * travel) % cells)
