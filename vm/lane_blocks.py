"""What a block does to a group of lanes: its actions in all of them, or its instructions up to where lanes end."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from vm.block_kernel import wrapped
from vm.blocks import (
    ACTION,
    CHECKED,
    CONSTANT,
    DISTANCE_MASK,
    FROM_HEAD1,
    HIGH0,
    HIGH1,
    LOW0,
    LOW1,
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
from vm.jit import kernel
from vm.lane_groups import (
    EXTRA,
    leave,
    settle,
)
from vm.lanes import add_to_row, copy_row, first_lane, set_row
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


@kernel(inline=True)
def act_on_rows(
    first: int, last: int, actions: Any, memory: Any, cells: int, stream: Any, present: Any, at: int, eof: int,
    output: Any, h0: int, h1: int, written: int, mask: int,
) -> tuple[int, int]:  # fmt: skip
    """Does a block's actions in the lanes of a mask; returns the place in the input and how many bytes are written."""
    for index in range(first, last):
        action = actions[uintp(index)]
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


@kernel()
def end_plainly(
    source: Any, index: int, stop: int, table: Any, memory: Any, cells: int, stream: Any, present: Any, at: int,
    output: Any, settings: Any, h0: Any, h1: Any, written: int, left: int, mask: int, registers: Any,
) -> None:  # fmt: skip
    """Executes a block's instructions one by one in lanes that come to their end before its bracket is behind them.

    Every instruction is a write followed by a move, as in `vm.block_kernel.run_straight`.
    """
    eof = settings[EOF]
    while mask != 0:
        left = settle(registers, mask, left)
        until = min(stop, index + left)
        status = STEP_LIMIT
        while index < until and status == STEP_LIMIT:
            byte = uintp(source[uintp(index)])
            action = table[byte, ACTION]
            op = action & 255
            next0, next1 = h0 + table[byte, RAW0], h1 + table[byte, RAW1]
            if settings[EDGE] and (uintp(next0) >= uintp(cells) or uintp(next1) >= uintp(cells)):
                status = OUT_OF_BOUNDS
            elif action >= 0:
                of, to = h1 if action & FROM_HEAD1 else h0, h1 if action & TO_HEAD1 else h0
                if action & CONSTANT:
                    set_row(memory, to, action, mask)
                else:
                    add_to_row(memory, to, of, action, mask)
            elif op == WRITE and written == settings[OUT_LIMIT]:
                status = OUTPUT_LIMIT
            elif op == HALT:
                status = HALTED
                left -= 1
            else:
                if op == READ and eof == EOF_HALT and mask & ~present[at] != 0:
                    leave(registers, mask & ~present[at], INPUT_EXHAUSTED, 0, h0, h1, at, written, left)
                    mask &= present[at]
                at, written = act_specially(
                    op, h0, memory, cells, stream, present, at, eof, output, written, mask
                )  # fmt: skip
            if status == STEP_LIMIT:
                h0 = np.int64(wrapped(h0 + table[byte, STEP0], cells))
                h1 = np.int64(wrapped(h1 + table[byte, STEP1], cells))
                index += 1
                left -= 1
        done = mask if status != STEP_LIMIT else lanes_short_of(1, registers, mask, left)
        leave(registers, done, status, 0, h0, h1, at, written, left)
        mask &= ~done


@kernel(inline=True)
def lanes_short_of(cost: int, registers: Any, mask: int, left: int) -> int:
    """The lanes of a group that have fewer than so many steps left."""
    short = 0
    while mask != 0:
        lane = first_lane(mask)
        mask &= mask - 1
        short |= (1 if left + registers[EXTRA, lane] < cost else 0) << lane
    return short


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
