"""Innermost loops in closed form: how many passes a loop makes, and what the memory is near the end of them.

A loop whose heads are *at rest* (back where they were after each pass) maps its cells to cells: after a pass, every
cell is one of them as it was before the pass plus an amount, or a constant. A cell that depends on itself changes by
the same amount, its *rate*, in every pass: `k` passes at once are one multiplication. Every other cell depends on
such cells, or on constants, of at most `depth` passes ago. So all passes but the last `depth` can be skipped: advance
the cells that depend on themselves, then run the rest, which makes all others right.

The loop ends when its tested cell is zero. The tested cell, if it depends on itself or on a cell that does, changes by
that cell's rate `r` in every pass after the first, so that from the value v it takes the smallest k > 0 with
v + k·r ≡ 0 (mod 256): with r = 2^s · odd there is none unless 2^s divides v, and then
k ≡ −(v / 2^s) / odd (mod 256 / 2^s).

Head1 may move, too, if nothing is done at it. A loop that moves heads but writes nothing stops at the first zero that
head0 meets, at the latest after one round of the memory; if there is none the state is back where it was, and whole
rounds of what is left change nothing.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from vm.blocks import (
    CELLS,
    CHECKED,
    COLD,
    CONSTANT,
    COPIES,
    COST,
    CREDIT,
    DEPTH,
    DISTANCE,
    DISTANCE_MASK,
    FIRST,
    FORM,
    FORMLESS,
    FROM_HEAD1,
    HOT,
    INVERSE,
    LAST,
    SETS,
    SHIFT,
    SOURCE,
    SPARES,
    STREAMS,
    TARGET,
    TO_HEAD1,
    TRAITS,
    TRAVEL0,
    TRAVEL1,
)
from vm.jit import borrowed, kernel
from vm.lanes import first_lane as first_bit

UNKNOWN, SUMS, AT_DISTANCE, ROAMS = range(4)
"""Forms of a loop: not looked at yet; cells that only change by amounts; one that holds for the present distance
between the heads, since that decides which cells of one head are cells of the other; heads move, nothing is written."""

ENDLESS = 1 << 62
RATE = 32
LONGEST_MAPPED = 32
"""Most actions of a loop with copies that a form is looked for in: the search takes time in their square."""
CONSTANT_ROOT = -1
ENOUGH = 10_000
"""Steps that one skip counts for at most in a loop's credit, which looking for its form at another distance takes
from: a loop in which that costs more than it saves is left without."""


@kernel(inline=True)
def split_rate(rate: int) -> tuple[int, int]:
    """A rate as 2^shift times an odd number: the shift, 8 if it is zero, and the inverse of that number modulo 256."""
    rate &= 255
    shift = first_bit(rate | 256)
    odd = rate >> shift
    inverse = odd
    for _ in range(2):
        inverse = inverse * (2 - odd * inverse) & 255
    return shift, inverse


@kernel()
def note_rate(details: Any, cold: int, rate: int) -> None:
    """Prepares counting the passes of a loop whose tested cell changes by `rate`."""
    details[cold + SHIFT], details[cold + INVERSE] = split_rate(rate)


@kernel(inline=True)
def passes_left(value: int, shift: int, inverse: int) -> int:
    """After how many passes a cell that is `value`, not zero, is zero; `shift` and `inverse` are of its rate."""
    if value & ((1 << shift) - 1):
        return ENDLESS
    return ((256 - value) >> shift) * inverse & ((256 >> shift) - 1)


@kernel(inline=True)
def _note_sums(row: int, blocks: Any, details: Any, actions: Any, rates: Any) -> None:
    """The form of a loop whose cells only change by amounts; the parameters are those of `find_form`."""
    first, last, cold = blocks[uintp(row + FIRST)], blocks[uintp(row + LAST)], row * (COLD // HOT)
    rate = 0
    for index in range(first, last):
        cell, amount = actions[uintp(index)] >> TARGET & DISTANCE_MASK, actions[uintp(index)] & 255
        rates[uintp(first + index)] = cell | amount << RATE
        rate += amount if cell == 0 else 0
    details[uintp(cold + FORM)] = SUMS
    details[uintp(cold + DEPTH)] = 0
    details[uintp(cold + CELLS)] = last - first
    details[uintp(cold + SHIFT)], details[uintp(cold + INVERSE)] = split_rate(rate)


@kernel()
def find_form(row: int, blocks: Any, details: Any, actions: Any, rates: Any, distance: int, cells: int) -> None:
    """Finds the closed form of an innermost loop, for the present distance between the heads if that matters.

    Args:
        row: its only block.
        blocks: see `vm.blocks`, like `details` and `actions`.
        details: `FORM` … `CELLS` are written.
        actions: of the program.
        rates: `int64[2 * program_length]`, written from twice the block's first action on: cells that depend on
            themselves, told from head0, and their rates above bit `RATE`.
        distance: from head0 to head1.
        cells: of the memory.
    """
    blocks, details, actions, rates = borrowed(blocks), borrowed(details), borrowed(actions), borrowed(rates)
    cold = row * (COLD // HOT)
    traits, first, last = blocks[row + TRAITS], blocks[row + FIRST], blocks[row + LAST]
    moves = blocks[row + TRAVEL0] != 0 or (blocks[row + TRAVEL1] != 0 and traits & (COPIES | SETS | CHECKED))
    if moves and first == last and not traits & CHECKED:
        details[cold + FORM] = ROAMS
    elif moves or traits & (STREAMS | SPARES) or (traits & (COPIES | SETS) and last - first > LONGEST_MAPPED):
        blocks[row + TRAITS] |= FORMLESS
    elif traits & (COPIES | SETS):
        details[cold + FORM] = AT_DISTANCE
        details[cold + CREDIT] -= 8 + (last - first) ** 2
        if details[cold + CREDIT] < 0:
            blocks[row + TRAITS] |= FORMLESS
        details[cold + DISTANCE] = distance
        details[cold + DEPTH] = ENDLESS
        _map_cells(row, blocks, details, actions, rates, distance, cells)
    else:
        _note_sums(row, blocks, details, actions, rates)


@kernel()
def _find_cell(cell: int, known: Any, count: int) -> int:
    """Where a cell is among the known ones; it is added as their last if it is not."""
    known[count] = cell
    index = 0
    while known[index] != cell:
        index += 1
    return index


@kernel()
def _map_cells(row: int, blocks: Any, details: Any, actions: Any, rates: Any, distance: int, cells: int) -> None:
    """The form of a loop with copies, if each cell's dependence ends at one that depends on itself or a constant."""
    blocks, details, actions, rates = borrowed(blocks), borrowed(details), borrowed(actions), borrowed(rates)
    cold = row * (COLD // HOT)
    known = np.empty(2 * LONGEST_MAPPED + 2, np.int64)
    roots = np.empty(2 * LONGEST_MAPPED + 2, np.int64)
    amounts = np.zeros(2 * LONGEST_MAPPED + 2, np.int64)
    for index in range(len(roots)):
        roots[index] = index
    known[0] = 0
    count = 1
    for index in range(blocks[row + FIRST], blocks[row + LAST]):
        action = actions[index]
        root, amount = CONSTANT_ROOT, action & 255
        if not action & CONSTANT:
            cell = (action >> SOURCE & DISTANCE_MASK) + (distance if action & FROM_HEAD1 else 0)
            source = _find_cell(cell % cells, known, count)
            count = max(count, source + 1)
            root, amount = roots[source], amount + amounts[source]
        cell = (action >> TARGET & DISTANCE_MASK) + (distance if action & TO_HEAD1 else 0)
        target = _find_cell(cell % cells, known, count)
        count = max(count, target + 1)
        roots[target], amounts[target] = root, amount
    deepest = 0
    written = 2 * blocks[row + FIRST]
    for index in range(count):
        depth, cell = 0, index
        while depth <= count and cell != CONSTANT_ROOT and roots[cell] != cell:
            depth += 1
            cell = roots[cell]
        if depth > count or (index == 0 and depth > 1):
            return
        deepest = max(deepest, depth)
        rate = 0 if cell == CONSTANT_ROOT else amounts[cell]
        if index == 0:
            note_rate(details, cold, rate)
        if depth == 0 and rate & 255:
            rates[written] = known[index] | (rate & 255) << RATE
            written += 1
    details[cold + DEPTH] = deepest
    details[cold + CELLS] = written - 2 * blocks[row + FIRST]


@kernel()
def _roam(memory: Any, h0: int, move: int, most: int) -> int:
    """How many passes a loop makes that moves head0 by `move` and writes nothing: at most `most`, or one round."""
    cells = len(memory)
    if move == 0:
        return most
    passes = 0
    most = min(most, cells)
    while passes < most and memory[uintp(h0)] != 0:
        h0 += move
        h0 -= cells if h0 >= cells else 0
        passes += 1
    return passes


@kernel(inline=True)
def skip_passes(
    row: int, blocks: Any, details: Any, actions: Any, rates: Any, memory: Any, h0: int, h1: int, left: int
) -> tuple[int, int, int, bool]:
    """Skips passes of an innermost loop that has just come back to its start after a whole pass.

    Loops that copy or set are not skipped here: those at rest are made by `vm.loop_maps`.

    Returns how many steps are left, where the heads are, and whether the loop has ended; if not, it is to be run on.

    Args:
        row: its only block.
        blocks: see `find_form`, like `details`, `actions` and `rates`.
        details: cold rows.
        actions: of the program.
        rates: of the cells of loops.
        memory: `uint8[memory]`.
        h0: where head0 is.
        h1: where head1 is.
        left: steps up to the limit.
    """
    cells = len(memory)
    cold = row * (COLD // HOT)
    travel0, travel1 = blocks[uintp(row + TRAVEL0)], blocks[uintp(row + TRAVEL1)]
    form = details[uintp(cold + FORM)]
    if form == UNKNOWN:
        if travel0 == 0 and not blocks[uintp(row + TRAITS)] & (COPIES | SETS | STREAMS | SPARES | CHECKED):
            _note_sums(row, blocks, details, actions, rates)
        else:
            find_form(row, blocks, details, actions, rates, 0, cells)
            if blocks[uintp(row + TRAITS)] & FORMLESS:
                return left, h0, h1, False
        form = details[uintp(cold + FORM)]
    cost = blocks[uintp(row + COST)]
    if form == ROAMS:
        passes = _roam(memory, h0, travel0, left // cost)
        h0, h1 = (h0 + passes % cells * travel0) % cells, (h1 + passes % cells * travel1) % cells
        left -= passes * cost
        if passes == cells:
            left %= cells * cost
        return left, h0, h1, memory[h0] == 0
    tested = np.int64(memory[uintp(h0)])
    passes = passes_left(tested, details[uintp(cold + SHIFT)], details[uintp(cold + INVERSE)])
    ends = passes < ENDLESS and passes * cost <= left
    if not ends:
        passes = left // cost
    begins = 2 * blocks[uintp(row + FIRST)]
    for index in range(begins, begins + details[uintp(cold + CELLS)]):
        rate = rates[uintp(index)]
        cell = h0 + (rate & DISTANCE_MASK)
        cell -= cells if cell >= cells else 0
        memory[uintp(cell)] = np.uint8(np.int64(memory[uintp(cell)]) + (rate >> RATE) * (passes & 255))
    if travel1 != 0:
        h1 = (h1 + passes % cells * travel1) % cells
    return left - passes * cost, h0, h1, ends
