"""What a block does to a group of lanes: its actions in all of them, or its instructions one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from vm.block_kernel import wrapped
from vm.blocks import (
    ACTION,
    AT_HEAD1,
    CHECKED,
    CONSTANT,
    DISTANCE_MASK,
    FROM_CELL,
    FROM_HEAD1,
    FROM_LAST,
    HIGH0,
    HIGH1,
    LOW0,
    LOW1,
    MEANINGS,
    OF_HEAD1,
    RAW0,
    RAW1,
    READS,
    SOURCE,
    STEP0,
    STEP1,
    TARGET,
    TO_HEAD1,
    WRITES,
)  # fmt: skip
from vm.jit import borrowed, kernel
from vm.lane_groups import (
    APART,
    EXTRA,
    SKIPPED,
    leave,
    settle,
)
from vm.lanes import (
    add_to_row,
    copy_row,
    first_lane,
    lane_of,
    lanes_in,
    lanes_less,
    next_row,
    put_row,
    row_of,
    set_row,
    spots,
)
from vm.layout import (
    EDGE,
    EOF,
    EOF_HALT,
    EOF_ZERO,
    HALT,
    HALTED,
    INPUT_EXHAUSTED,
    OUT_LIMIT,
    OUT_OF_BOUNDS,
    OUTPUT_LIMIT,
    READ,
    STASH,
    STEP_LIMIT,
    UNSTASH,
    WRITE,
)  # fmt: skip
from vm.raw import EQUAL, WORD, address, byte, equal_bytes, put_byte, word
from vm.straight_kernel import LONG


@kernel(inline=True)
def act_specially(
    op: int, to: int, memory: Any, cells: int, stream: Any, present: Any, at: int, eof: int, output: Any, written: int,
    mask: int,
) -> tuple[int, int]:  # fmt: skip
    """Does a special action at a cell; returns the place in the input and how many bytes are written."""
    if op == WRITE:
        copy_row(output, written, memory, to, mask)
        return at, written + 1
    if op == STASH:
        copy_row(memory, cells, memory, to, mask)
    elif op == UNSTASH:
        copy_row(memory, to, memory, cells, mask)
    else:
        some = mask & present[at]
        if some != 0:
            copy_row(memory, to, stream, at, some)
        if eof == EOF_ZERO and mask != some:
            set_row(memory, to, 0, mask & ~some)
        at = min(at + 1, len(present) - 1)
    return at, written


@kernel()
def act_apart(action: int, memory: Any, h0: int, h1: int, registers: Any, mask: int) -> None:
    """Does an action with head1 in lanes that do not all have that at the same cell."""
    memory, registers = borrowed(memory), borrowed(registers)
    cells, is_to = len(memory) - 1, action & TO_HEAD1 != 0
    of, to = action >> SOURCE & DISTANCE_MASK, action >> TARGET & DISTANCE_MASK
    near = address(memory) + np.int64(wrapped(h0 + (of if is_to else to), cells)) * lanes_in(memory)
    far = np.int64(wrapped(h1 + (to if is_to else of), cells))
    put_row(registers, SKIPPED, spots(registers, APART, far, cells), -1)
    while mask != 0:
        lane = first_lane(mask)
        mask &= mask - 1
        here, there = near + lane, address(memory) + lane_of(registers, SKIPPED, lane)
        if is_to:
            put_byte(there, byte(here) + action)
        else:
            put_byte(here, byte(there) + action)


@kernel(inline=True)
def act_on_rows(
    first: int, last: int, actions: Any, memory: Any, cells: int, stream: Any, present: Any, at: int, eof: int,
    output: Any, h0: int, h1: int, apart: bool, registers: Any, written: int, mask: int,
) -> tuple[int, int]:  # fmt: skip
    """Does a block's actions in the lanes of a mask; returns the place in the input and how many bytes are written."""
    for index in range(first, last):
        action = actions[uintp(index)]
        if apart and action > 0 and action & (FROM_HEAD1 | TO_HEAD1):
            act_apart(action, memory, h0, h1, registers, mask)
            continue
        to = np.int64(wrapped((action >> TARGET & DISTANCE_MASK) + (h1 if action & TO_HEAD1 else h0), cells))
        if action < 0:
            at, written = act_specially(
                action & 255, to, memory, cells, stream, present, at, eof, output, written, mask
            )  # fmt: skip
        elif action & CONSTANT:
            set_row(memory, to, action, mask)
        else:
            of = np.int64(wrapped((action >> SOURCE & DISTANCE_MASK) + (h1 if action & FROM_HEAD1 else h0), cells))
            add_to_row(memory, to, of, action, mask)
    return at, written


@kernel(inline=True)
def lanes_short_of(cost: int, registers: Any, mask: int, left: int) -> int:
    """The lanes of a group that have fewer than so many steps left."""
    return mask & lanes_less(row_of(registers, EXTRA), cost - left)  # type: ignore[no-any-return]


@kernel(inline=True)
def run_straight_rows(
    place: int, stop: int, table: int, memory: Any, cells: int, halting: bool, h0: Any, h1: Any, apart: bool,
    registers: Any, mask: int,
) -> tuple[int, int, int]:  # fmt: skip
    """`vm.straight_kernel.run_straight` in the lanes of a mask; instead of nothing, the spare register is loaded."""
    value = row_of(memory, h0)
    looked = place if stop - place >= LONG else stop
    times = 1
    while place < stop:
        if place >= looked:
            times = equal_bytes(place, stop)
            looked = place + max(times, EQUAL) if stop - place >= LONG else stop
            times = max(times, 1)
        row = table + byte(place) * (MEANINGS * WORD)
        action = word(row + ACTION * WORD)
        if action < 0:
            break
        if halting:
            next0, next1 = h0 + word(row + RAW0 * WORD) * times, h1 + word(row + RAW1 * WORD) * times
            if uintp(next0) >= uintp(cells) or uintp(next1) >= uintp(cells):
                if times == 1:
                    break
                times = 1
                continue
            h0, h1 = next0, next1
        else:
            next0, next1 = h0 + word(row + STEP0 * WORD) * times, h1 + word(row + STEP1 * WORD) * times
            if times > 1:
                next0, next1 = next0 % cells, next1 % cells
            h0 = np.int64(min(uintp(next0), uintp(next0 - cells)))
            h1 = np.int64(min(uintp(next1), uintp(next1 - cells)))
        if apart and action & (FROM_HEAD1 | TO_HEAD1):
            act_apart(action, memory, h0, h1, registers, mask)
            value = row_of(memory, h0)
            place += times
            times = 1
            continue
        other = h0 ^ h1
        of, to = h0 ^ (other & word(row + OF_HEAD1 * WORD)), h0 ^ (other & word(row + AT_HEAD1 * WORD))
        from_cell, from_last = word(row + FROM_CELL * WORD), word(row + FROM_LAST * WORD)
        loaded = row_of(memory, cells + (of - cells & from_cell))
        value = next_row(value, from_last, loaded, from_cell, action + (action & from_last) * (times - 1))
        put_row(memory, to, value, mask)
        place += times
        times = 1
    return place, h0, h1


@kernel()
def run_rows_plainly(
    source: Any, index: int, stop: int, ends: bool, table: Any, memory: Any, cells: int, stream: Any, present: Any,
    at: int, output: Any, settings: Any, h0: Any, h1: Any, apart: bool, written: int, left: int, mask: int,
    registers: Any,
) -> tuple[int, int, int, int, int, int]:  # fmt: skip
    """Executes a block's instructions one by one; lanes that come to their end leave their group.

    Returns head0, head1, the place in the input, how many bytes are written, the steps left, and the lanes that come to
    the end of the block, which may be a bracket at `stop` that costs a step (`ends`).
    """
    eof = settings[EOF]
    while mask != 0:
        left = settle(registers, mask, left)
        reached, h0, h1 = run_straight_rows(
            address(source) + index, address(source) + min(stop, index + left), address(table), memory, cells,
            settings[EDGE] != 0, h0, h1, apart, registers, mask,
        )  # fmt: skip
        reached -= address(source)
        left -= reached - index
        index = reached
        if index == stop:
            if ends:
                short = lanes_short_of(1, registers, mask, left)
                leave(registers, short, STEP_LIMIT, 0, h0, h1, at, written, left)
                mask &= ~short
                left = settle(registers, mask, left) - 1
            break
        action = table[uintp(source[uintp(index)]), ACTION]
        op = action & 255
        if left == 0:
            status, ending = STEP_LIMIT, lanes_short_of(1, registers, mask, 0)
        elif action >= 0:
            status, ending = OUT_OF_BOUNDS, mask
        elif op == WRITE and written == settings[OUT_LIMIT]:
            status, ending = OUTPUT_LIMIT, mask
        elif op == HALT:
            status, ending = HALTED, mask
            left -= 1
        else:
            status, ending = INPUT_EXHAUSTED, mask & ~present[at] if op == READ and eof == EOF_HALT else 0
        if ending != 0:
            leave(registers, ending, status, 0, h0, h1, at, written, left)
            mask &= ~ending
        if status == INPUT_EXHAUSTED and mask != 0:
            at, written = act_specially(op, h0, memory, cells, stream, present, at, eof, output, written, mask)
            index += 1
            left -= 1
    return h0, h1, at, written, left, mask


@kernel(inline=True)
def doomed_lanes(
    cold: int, traits: int, cost: int, details: Any, settings: Any, cells: int, present: Any, registers: Any,
    h0: int, h1: int, at: int, written: int, left: int, mask: int,
) -> int:  # fmt: skip
    """The lanes of a group that the limit, or a fault, lets not run a whole block."""
    if traits & CHECKED:
        fits = True
        if settings[EDGE]:
            fits = h0 + details[cold + LOW0] >= 0 and h0 + details[cold + HIGH0] < cells
            fits = fits and h1 + details[cold + LOW1] >= 0 and h1 + details[cold + HIGH1] < cells
        if not fits or written + details[cold + WRITES] > settings[OUT_LIMIT]:
            return mask
    doomed = 0
    if traits & CHECKED and settings[EOF] == EOF_HALT and details[cold + READS] > 0:
        last = at + details[cold + READS] - 1
        doomed = mask & ~present[last] if last < len(present) else mask
    return doomed | (lanes_short_of(cost, registers, mask, left) if cost > left else 0)
