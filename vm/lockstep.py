"""Runs of one program on many inputs side by side: every action is done for all lanes of a group at once.

It is the run loop of `vm.block_kernel` with a row of lanes for each cell. The lanes of a group (see `vm.lane_groups`)
go through a block together; where a bracket's cell is zero in some of them and not in others the group parts. Lanes
whose group has become too small leave it to be run on by themselves.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from vm.block_kernel import NO_ROW, wrapped
from vm.blocks import (
    ACTION,
    BRACKETS,
    CHECKED,
    COLD,
    CONSTANT,
    COST,
    DISTANCE_MASK,
    FIRST,
    FORMLESS,
    FROM_HEAD1,
    HIGH0,
    HIGH1,
    HOT,
    IF_NOT,
    IF_ZERO,
    LAST,
    LOW0,
    LOW1,
    NOWHERE,
    RAW0,
    RAW1,
    READS,
    SOURCE,
    STEP0,
    STEP1,
    TARGET,
    TO_HEAD1,
    TRAITS,
    TRAVEL0,
    TRAVEL1,
    WRITES,
    compile_block,
    find_blocks,
)  # fmt: skip
from vm.jit import kernel
from vm.lane_groups import (
    AT_HEAD0,
    AT_HEAD1,
    AT_INPUT,
    AT_ROW,
    AT_WRITTEN,
    EXTRA,
    GROUP,
    KEPT_LEFT,
    NO_GROUP,
    WITH_LANES,
    WITH_LEFT,
    give_extra,
    leave,
    lowest_group,
    lowest_row,
    park,
    settle,
)
from vm.lane_loops import skip_lane_passes
from vm.lanes import LANES, add_to_row, copy_row, count_lanes, equal_lanes, first_lane, lanes_at, set_row
from vm.layout import (
    EDGE,
    EOF,
    EOF_HALT,
    EOF_ZERO,
    FINISHED,
    HALT,
    HALTED,
    INPUT_EXHAUSTED,
    LIMIT,
    OUT_LIMIT,
    OUT_OF_BOUNDS,
    OUTPUT_LIMIT,
    READ,
    RUNNING,
    STASH,
    STEP_LIMIT,
    UNMATCHED,
    UNMATCHED_BRACKET,
    UNSTASH,
    WRITE,
)  # fmt: skip

ALL = -1


@kernel()
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


@kernel(inline=True)
def shorten(registers: Any, mask: int, same: int, left: int) -> int:
    """Takes whole periods off what lanes `same` of a group have left; returns what the group has left."""
    least = NO_GROUP
    lanes = mask
    period = rest = total = -1
    while lanes != 0:
        lane = first_lane(lanes)
        lanes &= lanes - 1
        mine = left + registers[EXTRA, lane]
        if same >> lane & 1:
            if mine != total or registers[KEPT_LEFT, lane] - mine != period:
                total, period = mine, registers[KEPT_LEFT, lane] - mine
                rest = total % period
            mine = rest
        registers[EXTRA, lane] = mine
        least = min(least, mine)
    give_extra(registers, mask, -least)
    return least


@kernel()
def run_lanes(
    source: Any, begin: int, end: int, table: Any, shapes: Any, edges: Any, partners: Any, pending: Any,
    progress: Any, blocks: Any, details: Any, actions: Any, rates: Any, memory: Any, past: Any, counts: Any,
    stream: Any, present: Any, output: Any, settings: Any, h0: Any, h1: Any, runs: int, few: int,
    registers: Any, groups: Any,
) -> None:  # fmt: skip
    """Runs lanes from the program's start until each has ended or has left its group.

    Endless loops are recognised as in `vm.block_kernel.run_blocks`, lane by lane: a state is kept of all lanes of a
    group, and what a lane has left is shortened when the same state of it comes back.

    Args:
        source: see `vm.blocks`, like all up to `actions`.
        begin: where the program begins in it.
        end: where it ends.
        table: `meanings`.
        shapes: `bracket_shapes`.
        edges: of blocks.
        partners: of brackets.
        pending: of brackets, too.
        progress: of `find_blocks`.
        blocks: hot rows.
        details: cold rows.
        actions: of all blocks.
        rates: see `vm.loop_forms.find_form`.
        memory: rows, `[cells + 1]`: the cells, inputs in place, then the spare register.
        past: rows, `[cells + 1]`, scratch: the kept state's memory.
        counts: rows, `[1]`, scratch: passes skipped.
        stream: rows, `[longest + 1]`, the inputs.
        present: `int64[longest + 1]`, the lanes whose input has such a byte.
        output: rows, written; lanes that are to put out more than they have room for are given up.
        settings: see `vm.layout`.
        h0: where head0 is.
        h1: where head1 is.
        runs: how many lanes are used, the lowest ones.
        few: a group of so many lanes or fewer is given up.
        registers: `int64[REGISTERS, LANES]`, written: see `vm.lane_groups`.
        groups: `int64[LANES + 2, GROUP]`, scratch: the groups that wait.
    """
    cells = len(memory) - 1
    eof = settings[EOF]
    halting, strict = settings[EDGE] != 0, settings[UNMATCHED] != 0
    first_wait = 64 + cells // 4
    registers[EXTRA, :] = 0
    waiting = 0
    lowest = NO_GROUP
    row, at, written, left = 0, 0, 0, settings[LIMIT]
    mask = ALL if runs == LANES else (1 << runs) - 1
    kept_row, kept_mask = NO_ROW, 0
    kept_h0 = kept_h1 = kept_at = kept_written = witness = 0
    wait = first_wait
    keep_at = left - wait
    while True:
        if row < 0:
            if row == NOWHERE:
                leave(registers, mask, UNMATCHED_BRACKET, 0, h0, h1, at, written, left + 1)
            else:
                leave(registers, mask, FINISHED, 0, h0, h1, at, written, left)
            mask = 0
        if mask == 0 or row >= lowest:
            if mask != 0:
                waiting = park(groups, waiting, registers, row, h0, h1, at, written, left, mask)
            elif waiting == 0:
                break
            index = lowest_group(groups, waiting)
            row, h0, h1 = groups[index, AT_ROW], groups[index, AT_HEAD0], groups[index, AT_HEAD1]
            at, written = groups[index, AT_INPUT], groups[index, AT_WRITTEN]
            left, mask = groups[index, WITH_LEFT], groups[index, WITH_LANES]
            waiting -= 1
            for column in range(GROUP):
                groups[index, column] = groups[waiting, column]
            lowest = lowest_row(groups, waiting)
            if mask & ~kept_mask or kept_row == NO_ROW:
                wait = first_wait
                keep_at = left - wait
            if row < 0:
                continue
        if count_lanes(mask) <= few:
            leave(registers, mask, RUNNING, row, h0, h1, at, written, left)
            mask = 0
            continue
        if blocks[uintp(row + COST)] < 0:
            block = row // HOT
            if progress[BRACKETS] <= block:
                find_blocks(block, False, source, begin, end, shapes, edges, partners, pending, blocks, progress)
            if block < progress[BRACKETS] and partners[block] < 0:
                find_blocks(block, True, source, begin, end, shapes, edges, partners, pending, blocks, progress)
            compile_block(
                row, source, begin, table, shapes, edges, partners, blocks, details, actions, progress[BRACKETS],
                cells, halting, strict,
            )  # fmt: skip
        cost, traits = blocks[uintp(row + COST)], blocks[uintp(row + TRAITS)]
        first, last = blocks[uintp(row + FIRST)], blocks[uintp(row + LAST)]
        travel0, travel1 = blocks[uintp(row + TRAVEL0)], blocks[uintp(row + TRAVEL1)]
        again = blocks[uintp(row + IF_NOT)]
        while True:
            if (
                traits & CHECKED and len(output) < settings[OUT_LIMIT]
                and written + details[row * (COLD // HOT) + WRITES] > len(output)
            ):  # fmt: skip
                leave(registers, mask, RUNNING, row, h0, h1, at, written, left)
                mask = 0
                break
            if cost > left or traits & CHECKED:
                doomed = doomed_lanes(
                    row * (COLD // HOT), traits, cost, details, settings, cells, present, registers,
                    h0, h1, at, written, left, mask,
                )  # fmt: skip
                if doomed != 0:
                    stop = begin + edges[uintp(row // HOT + 1)] - 1
                    end_plainly(
                        source, begin + edges[uintp(row // HOT)], stop, table, memory, cells, stream, present, at,
                        output, settings, h0, h1, written, left, doomed, registers,
                    )  # fmt: skip
                    mask &= ~doomed
                    if mask == 0:
                        break
                if cost > left:
                    left = settle(registers, mask, left)
            at, written = act_on_rows(
                first, last, actions, memory, cells, stream, present, at, eof, output, h0, h1, written, mask
            )  # fmt: skip
            h0 = np.int64(wrapped(h0 + travel0, cells))
            h1 = np.int64(wrapped(h1 + travel1, cells))
            left -= cost
            zero = lanes_at(memory, h0, 0) & mask
            if_zero = blocks[uintp(row + IF_ZERO)]
            if zero == mask or if_zero == again:
                row = if_zero
                break
            if zero != 0:
                mask &= ~zero
                if if_zero > again and again >= 0:
                    waiting = park(groups, waiting, registers, if_zero, h0, h1, at, written, left, zero)
                    lowest = min(lowest, if_zero)
                else:
                    waiting = park(groups, waiting, registers, again, h0, h1, at, written, left, mask)
                    lowest = min(lowest, again)
                    mask = zero
                    row = if_zero
                    break
            if again == row and not traits & FORMLESS:
                left, h1, ended = skip_lane_passes(
                    row, blocks, details, actions, rates, memory, counts, registers, h0, h1, left, mask
                )  # fmt: skip
                traits = blocks[uintp(row + TRAITS)]
                if ended == mask:
                    row = if_zero
                    break
                if ended != 0:
                    waiting = park(groups, waiting, registers, if_zero, h0, h1, at, written, left, ended)
                    lowest = min(lowest, if_zero)
                    mask &= ~ended
            if again > row or again < 0:
                row = again
                break
            if (
                h0 == kept_h0 and again == kept_row and h1 == kept_h1 and at == kept_at
                and written == kept_written and mask & ~kept_mask == 0
            ):  # fmt: skip
                same = mask & equal_lanes(memory, witness, past, witness)
                if same != 0:
                    cell = 0
                    while cell <= cells and same != 0:
                        witness = cell
                        same &= equal_lanes(memory, cell, past, cell)
                        cell += 1
                    if same != 0:
                        left = shorten(registers, mask, same, left)
                        if same == mask:
                            kept_row = NO_ROW
                            keep_at = -1
            elif left <= keep_at:
                wait *= 2
                keep_at = left - wait
                for cell in range(cells + 1):
                    copy_row(past, cell, memory, cell, ALL)
                lanes = mask
                while lanes != 0:
                    lane = first_lane(lanes)
                    registers[KEPT_LEFT, lane] = left + registers[EXTRA, lane]
                    lanes &= lanes - 1
                kept_row, kept_h0, kept_h1, kept_at, kept_written, kept_mask = again, h0, h1, at, written, mask
            if again != row or row >= lowest or count_lanes(mask) <= few:
                row = again
                break
