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
    BRACKETS,
    CHECKED,
    COLD,
    COPIES,
    COST,
    DEPTH,
    FIRST,
    FORM,
    FORMLESS,
    HOT,
    IF_NOT,
    IF_ZERO,
    LAST,
    NOWHERE,
    REACHED,
    THE_END,
    TRAITS,
    TRAVEL0,
    TRAVEL1,
    UNKNOWN,
    UNREACHED,
    WRITES,
    compile_block,
    find_blocks,
    jumps,
)  # fmt: skip
from vm.jit import borrowed, kernel
from vm.lane_blocks import act_on_rows, doomed_lanes, run_rows_plainly, run_straight_rows
from vm.lane_groups import (
    AT_HEAD0,
    AT_HEAD1,
    AT_INPUT,
    AT_ROW,
    AT_WRITTEN,
    EXTRA,
    FIXED,
    FREE,
    KEPT_HEAD1,
    KEPT_LEFT,
    KEPT_TURN,
    NO_GROUP,
    TURN,
    WITH_LANES,
    WITH_LEFT,
    gathered,
    joins,
    keep_head1,
    lanes_with_head1,
    leave,
    park,
    settle,
    shorten,
)
from vm.lane_loops import skip_lane_passes
from vm.lanes import add_to_row, copy_row, count_lanes, equal_lanes, lanes_at
from vm.layout import (
    EDGE,
    EOF,
    EOF_HALT,
    FINISHED,
    OUT_LIMIT,
    RUNNING,
    UNMATCHED,
    UNMATCHED_BRACKET,
)  # fmt: skip
from vm.loop_forms import ENDLESS, ROAMS
from vm.raw import address

ALL = -1
PATIENCE = 16
"""Blocks that groups of few lanes run, in all, while there are others that they may come together with."""
MANY_KEPT = 16
"""After so many kept states groups with other heads are not brought together any more: how far memories are turned
depends on all lanes, and would for ever keep the state of a lane from coming back."""
NOT_FOUND = -4
"""Where a block leads whose bracket's partner has not been looked for: that may be at the end of a long program."""


@kernel()
def run_lanes(
    source: Any, begin: int, end: int, table: Any, shapes: Any, edges: Any, partners: Any, pending: Any,
    progress: Any, blocks: Any, details: Any, actions: Any, rates: Any, memory: Any, past: Any, counts: Any,
    stream: Any, present: Any, output: Any, settings: Any, few: int, registers: Any, groups: Any, waiting: int,
) -> None:  # fmt: skip
    """Runs groups of lanes until each lane has ended or has left its group.

    A loop of one block without a closed form goes on for up to a round of the memory with nothing looked at but whether
    it has ended in a lane.

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
        past: rows, `[cells + 1 + cells // 2]`, scratch: the kept state's memory, then what is being turned.
        counts: rows, `[1]`, scratch: passes skipped.
        stream: rows, `[longest + 1]`, the inputs.
        present: `int64[longest + 1]`, the lanes whose input has such a byte.
        output: rows, written; lanes that are to put out more than they have room for are given up.
        settings: see `vm.layout`.
        few: a group of so many lanes or fewer is given up, at once if no other waits.
        registers: rows of words, `[REGISTERS]`: see `vm.lane_groups`.
        groups: `int64[lanes + 2, GROUP]`: the groups that wait.
        waiting: how many they are.
    """
    source, table, shapes, edges = borrowed(source), borrowed(table), borrowed(shapes), borrowed(edges)
    partners, pending, progress, blocks = borrowed(partners), borrowed(pending), borrowed(progress), borrowed(blocks)
    details, actions, rates, settings = borrowed(details), borrowed(actions), borrowed(rates), borrowed(settings)
    memory, past, counts, output = borrowed(memory), borrowed(past), borrowed(counts), borrowed(output)
    stream, present = borrowed(stream), borrowed(present)
    registers, groups = borrowed(registers), borrowed(groups)
    cells = len(memory) - 1
    eof = settings[EOF]
    halting, strict = settings[EDGE] != 0, settings[UNMATCHED] != 0
    first_wait = 64 + cells // 4
    patience, lowest = PATIENCE, NO_GROUP
    row = at = written = left = mask = 0
    h0: Any = 0
    h1: Any = 0
    kept_row, kept_mask = NO_ROW, 0
    kept_h0 = kept_at = kept_written = witness = kept = 0
    bound = FIXED if halting else FREE
    careful = halting or eof == EOF_HALT
    wait = first_wait
    keep_at = left - wait
    while True:
        if row < 0:
            if row == NOWHERE:
                leave(registers, mask, UNMATCHED_BRACKET, 0, h0, h1, at, written, left + 1)
            else:
                leave(registers, mask, FINISHED, 0, h0, h1, at, written, left)
            mask = 0
        if (
            mask == 0 or row > lowest
            or (row == lowest and joins(groups, waiting, row, h0, h1, at, written, bound, cells))
        ):  # fmt: skip
            if mask != 0:
                waiting = park(groups, waiting, registers, memory, past, bound, row, h0, h1, at, written, left, mask)
            elif waiting == 0:
                break
            waiting -= 1
            row, h0, h1 = groups[waiting, AT_ROW], groups[waiting, AT_HEAD0], groups[waiting, AT_HEAD1]
            at, written = groups[waiting, AT_INPUT], groups[waiting, AT_WRITTEN]
            left, mask = groups[waiting, WITH_LEFT], groups[waiting, WITH_LANES]
            lowest = groups[waiting - 1, AT_ROW] if waiting else NO_GROUP
            if mask & ~kept_mask or kept_row == NO_ROW:
                wait = first_wait
                keep_at = left - wait
            if row < 0:
                continue
        if count_lanes(mask) <= few and (waiting == 0 or patience == 0):
            leave(registers, mask, RUNNING, row, h0, h1, at, written, left)
            mask = 0
            continue
        patience -= count_lanes(mask) <= few
        plainly = blocks[uintp(row + COST)] == UNREACHED
        if blocks[uintp(row + COST)] < 0:
            block = row // HOT
            if progress[BRACKETS] <= block:
                find_blocks(block, False, source, begin, end, shapes, edges, partners, pending, blocks, progress)
            plainly &= len(output) == settings[OUT_LIMIT] or written + edges[block + 1] - edges[block] <= len(output)
            if not plainly:
                compile_block(
                    row, source, begin, table, shapes, edges, partners, blocks, details, actions, progress[BRACKETS],
                    cells, halting, strict,
                )  # fmt: skip
                stop = begin + edges[block + 1] - 1
                if block < progress[BRACKETS] and partners[block] == UNKNOWN and shapes[source[stop]] == 1:
                    blocks[row + IF_ZERO] = NOT_FOUND
        cost, traits = blocks[uintp(row + COST)], blocks[uintp(row + TRAITS)]
        first, last = blocks[uintp(row + FIRST)], blocks[uintp(row + LAST)]
        travel0, travel1 = blocks[uintp(row + TRAVEL0)], blocks[uintp(row + TRAVEL1)]
        again = blocks[uintp(row + IF_NOT)]
        rounds = 0
        apart = False
        if plainly or traits & COPIES:
            h1, apart = gathered(registers, h1, cells, mask)
        while True:
            if plainly:
                block = row // HOT
                index, stop = begin + edges[block], begin + edges[block + 1] - 1
                reached, h0, h1 = run_straight_rows(
                    address(source) + index, address(source) + min(stop, index + left), address(table), memory, cells,
                    halting, h0, h1, apart, registers, mask,
                )  # fmt: skip
                reached -= address(source)
                left -= reached - index
                ends = block < progress[BRACKETS]
                if reached == stop and (left > 0 or not ends):
                    left -= ends
                else:
                    h0, h1, at, written, left, mask = run_rows_plainly(
                        source, reached, stop, ends, table, memory, cells, stream,
                        present, at, output, settings, h0, h1, apart, written, left, mask, registers,
                    )  # fmt: skip
                blocks[uintp(row + COST)] = REACHED
                if not ends:
                    row = THE_END
                if mask == 0 or row == THE_END:
                    break
                zero = lanes_at(memory, h0, 0) & mask
                if zero != 0 and partners[block] == UNKNOWN and shapes[source[stop]] == 1:
                    find_blocks(block, True, source, begin, end, shapes, edges, partners, pending, blocks, progress)
                if_zero, again = jumps(row, source[stop], shapes, partners, progress[BRACKETS], strict)
                traits = FORMLESS
            else:
                full = traits & CHECKED and written + details[uintp(row * (COLD // HOT) + WRITES)] > len(output)
                if full and len(output) < settings[OUT_LIMIT]:
                    leave(registers, mask, RUNNING, row, h0, h1, at, written, left)
                    mask = 0
                    break
                if cost > left or full or (careful and traits & CHECKED):
                    doomed = doomed_lanes(
                        row * (COLD // HOT), traits, cost, details, settings, cells, present, registers,
                        h0, h1, at, written, left, mask,
                    )  # fmt: skip
                    if doomed != 0:
                        block = row // HOT
                        run_rows_plainly(
                            source, begin + edges[block], begin + edges[block + 1] - 1, True, table, memory, cells,
                            stream, present, at, output, settings, h0, h1, apart, written, left, doomed, registers,
                        )  # fmt: skip
                        mask &= ~doomed
                        if mask == 0:
                            break
                    if cost > left:
                        left = settle(registers, mask, left)
                while True:
                    at, written = act_on_rows(
                        first, last, actions, memory, cells, stream, present, at, eof, output, h0, h1, apart, registers,
                        written, mask,
                    )  # fmt: skip
                    h0 = np.int64(wrapped(h0 + travel0, cells))
                    h1 = np.int64(wrapped(h1 + travel1, cells))
                    left -= cost
                    zero = lanes_at(memory, h0, 0) & mask
                    rounds -= 1
                    if zero != 0 or rounds < 0 or left < cost:
                        break
                if_zero = blocks[uintp(row + IF_ZERO)]
                if if_zero == NOT_FOUND and zero != 0:
                    find_blocks(
                        row // HOT, True, source, begin, end, shapes, edges, partners, pending, blocks, progress
                    )
                    bracket = source[uintp(begin + edges[uintp(row // HOT + 1)] - 1)]
                    if_zero, _ = jumps(row, bracket, shapes, partners, progress[BRACKETS], strict)
                    blocks[uintp(row + IF_ZERO)] = if_zero
            if zero == mask or if_zero == again:
                row = if_zero
                break
            if zero != 0:
                mask &= ~zero
                if if_zero > again and again >= 0:
                    waiting = park(
                        groups, waiting, registers, memory, past, bound, if_zero, h0, h1, at, written, left, zero
                    )
                    lowest = min(lowest, if_zero)
                else:
                    waiting = park(
                        groups, waiting, registers, memory, past, bound, again, h0, h1, at, written, left, mask
                    )
                    lowest = min(lowest, again)
                    mask = zero
                    row = if_zero
                    break
            need = 0
            if again == row and not traits & FORMLESS and not apart:
                left, h1, ended = skip_lane_passes(
                    row, blocks, details, actions, rates, memory, counts, registers, h0, h1, left, mask
                )  # fmt: skip
                traits = blocks[uintp(row + TRAITS)]
                if not traits & FORMLESS and details[uintp(row * (COLD // HOT) + FORM)] != ROAMS:
                    depth = details[uintp(row * (COLD // HOT) + DEPTH)]
                    need = depth * cost if depth < ENDLESS else 0
                if ended == mask:
                    row = if_zero
                    break
                if ended != 0:
                    waiting = park(
                        groups, waiting, registers, memory, past, bound, if_zero, h0, h1, at, written, left, ended
                    )
                    lowest = min(lowest, if_zero)
                    mask &= ~ended
            if again > row or again < 0:
                row = again
                break
            if (
                h0 == kept_h0 and again == kept_row and at == kept_at and written == kept_written
                and mask & ~kept_mask == 0
            ):  # fmt: skip
                same = mask & equal_lanes(memory, witness, past, witness)
                same &= equal_lanes(registers, TURN, registers, KEPT_TURN)
                same = lanes_with_head1(registers, KEPT_HEAD1, h1, cells, same)
                if same != 0:
                    cell = 0
                    while cell <= cells and same != 0:
                        witness = cell
                        same &= equal_lanes(memory, cell, past, cell)
                        cell += 1
                    if same != 0:
                        left = shorten(registers, mask, same, left, need)
                        if same == mask:
                            kept_row = NO_ROW
                            keep_at = -1
            elif left <= keep_at:
                wait *= 2
                keep_at = left - wait
                for cell in range(cells + 1):
                    copy_row(past, cell, memory, cell, ALL)
                add_to_row(registers, KEPT_LEFT, EXTRA, left, mask)
                copy_row(registers, KEPT_TURN, registers, TURN, mask)
                keep_head1(registers, KEPT_HEAD1, h1, cells, mask)
                kept_row, kept_h0, kept_at, kept_written, kept_mask = again, h0, at, written, mask
                kept += 1
                bound = FIXED if kept == MANY_KEPT else bound
            if (
                plainly or again != row or count_lanes(mask) <= few
                or (row == lowest and joins(groups, waiting, row, h0, h1, at, written, bound, cells))
            ):  # fmt: skip
                row = again
                break
            if not traits & CHECKED and (traits & FORMLESS or details[row * (COLD // HOT) + FORM] == ROAMS):
                rounds = cells - 1
    for block in range(progress[BRACKETS] + 1):
        if blocks[block * HOT + COST] >= 0 and blocks[block * HOT + IF_ZERO] == NOT_FOUND:
            blocks[block * HOT + COST] = REACHED
