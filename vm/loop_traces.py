"""Loops with brackets inside: the way that a pass takes through its blocks, gone again as long as it is taken.

A loop with loops inside nearly always goes through the same blocks in each pass, for tens or hundreds of passes. Its
*trace* is what they do one after the other: their actions, and *guards* in place of their brackets, cells that must be
zero, or not, for the run to stay on the way (Bala, Duesterwald and Banerjia, "Dynamo: a transparent dynamic
optimization system", 2000, section 3). A guard that fails leads to the block that follows there.

A program has one trace at a time. Each of its operations is some words:

| word | |
| --- | --- |
| `SOURCE_AT`, `TARGET_AT` | distance from the head as it is at the start of a pass, modulo the memory |
| `SOURCE_HEAD`, `TARGET_HEAD` | all bits if that is head1, none if it is head0 |
| `EFFECT` | bits 0-7: the amount, or the primitive; 8-15: what of the source is kept; 63: special, as in `vm.blocks` |
| | bits 59, 60: a guard, the target must be zero then, or must not |
| `EXIT_ROW` … | when the guard fails: what follows, the steps and the moves of the heads since the start of the pass |

A cell that is tested just after it was written has its guard in that operation; otherwise the guard is one that adds
nothing. There is none for a cell that has just been tested.

Where head0 is at rest, many passes are made at once by `vm.loop_maps`, where only head0 moves, by `vm.loop_shifts`. A
trace that reads or writes waits with that until the input is used up and the output is full: then it is only counted.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from vm.blocks import (
    CHECKED,
    COLD,
    CONSTANT,
    COST,
    DISTANCE_MASK,
    FIRST,
    FROM_HEAD1,
    HOT,
    IF_NOT,
    IF_ZERO,
    LAPS,
    LAST,
    READS,
    SOURCE,
    SPECIAL,
    TARGET,
    TO_HEAD1,
    TRAITS,
    TRAVEL0,
    TRAVEL1,
    WRITES,
)
from vm.jit import borrowed, kernel
from vm.layout import EOF_HALT, EOF_ZERO, STASH, UNSTASH, WRITE
from vm.loop_maps import MOST_NOTED, NOTES, make_passes, note_action, note_guard
from vm.loop_shifts import WINDOW_SIZE, begin_window, keep_window, note_cell, repeat_passes
from vm.raw import WORD, address

MANY_LAPS = 4
"""A loop that has made so many passes goes on by its trace."""
WAIT = -60
"""Passes of a loop that has no trace of any use are counted from here."""
MOST_MISSES = 4
"""A trace that is left in its first pass so often, with no whole pass between, is forgotten."""
MOST_OPERATIONS = MOST_NOTED
MUST_BE_ZERO, MUST_NOT_BE_ZERO = 1 << 59, 1 << 60

HEADER, MISSES, OPERATIONS, PASS_COST, PASS_TRAVEL0, PASS_TRAVEL1, PASS_READS, PASS_WRITES = range(8)
"""Of a trace: the row that its passes begin with; how often it was left early; how many operations it has; what a whole
pass costs, how far it moves the heads, and what it reads and writes at most."""
PROGRAM = 8
"""Where its operations begin."""
WORDS = 9
"""Of an operation."""
SOURCE_AT, SOURCE_HEAD, TARGET_AT, TARGET_HEAD, EFFECT, EXIT_ROW, EXIT_COST, EXIT_TRAVEL0, EXIT_TRAVEL1 = range(WORDS)
NOTES_AT = PROGRAM + WORDS * MOST_OPERATIONS
"""Where scratch for `vm.loop_maps` begins."""
ROOM = NOTES_AT + NOTES
"""Words of a trace, with that scratch."""
SOON = 4
"""Passes that are made before many are at once."""
NO_HEADER = -3


@kernel(inline=True)
def _around(cell: int, cells: int) -> Any:
    return cell - cells if cell >= cells else cell


@kernel(inline=True)
def act_specially(
    op: int, to: Any, memory: Any, inputs: Any, at: int, size: int, eof: int, output: Any, spare: Any, written: int
) -> tuple[int, int, int]:  # fmt: skip
    """Does a special action at a cell; returns the place in the input, the spare register and how many bytes are
    written.
    """
    if op == WRITE:
        if written < len(output):
            output[uintp(written)] = memory[to]
        written += 1
    elif op == STASH:
        spare = np.int64(memory[to])
    elif op == UNSTASH:
        memory[to] = np.uint8(spare)
    elif at < size:
        memory[to] = inputs[uintp(at)]
        at += 1
    elif eof == EOF_ZERO:
        memory[to] = 0
    return at, spare, written


@kernel(inline=True)
def _perform(
    trace: Any, begins: int, memory: Any, inputs: Any, at: int, size: int, eof: int, output: Any, h0: int, h1: int,
    spare: Any, written: int,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Does the operation that begins at a word; returns the value of its target, unless it is special, the place in the
    input, the spare register and how many bytes are written.
    """
    cells, apart = len(memory), h0 ^ h1
    effect = trace[uintp(begins + EFFECT)]
    to = uintp(_around((h0 ^ apart & trace[uintp(begins + TARGET_HEAD)]) + trace[uintp(begins + TARGET_AT)], cells))
    value = 0
    if effect < 0:
        at, spare, written = act_specially(effect & 255, to, memory, inputs, at, size, eof, output, spare, written)
    else:
        of = _around((h0 ^ apart & trace[uintp(begins + SOURCE_HEAD)]) + trace[uintp(begins + SOURCE_AT)], cells)
        value = (np.int64(memory[uintp(of)]) & effect >> 8) + effect & 255
        memory[to] = np.uint8(value)
    return value, at, spare, written


@kernel(inline=True)
def _put(trace: Any, begins: int, action: int, travel0: int, travel1: int, cells: int) -> None:
    """Writes an operation that does a block's action, before which the heads have moved since the start of the pass."""
    of, to = action >> SOURCE & DISTANCE_MASK, action >> TARGET & DISTANCE_MASK
    of1, to1 = action & FROM_HEAD1 != 0, action & TO_HEAD1 != 0
    trace[begins + SOURCE_AT], trace[begins + SOURCE_HEAD] = _around(of + (travel1 if of1 else travel0), cells), -of1
    trace[begins + TARGET_AT], trace[begins + TARGET_HEAD] = _around(to + (travel1 if to1 else travel0), cells), -to1
    trace[begins + EFFECT] = action & (SPECIAL | 255) | (0 if action & CONSTANT else 255 << 8)


@kernel(inline=True)
def _guard(trace: Any, count: int, own: int, tested: int, wanted: int) -> tuple[int, bool]:
    """Adds a guard of a cell, told from head0, to the last operation, if that writes the cell and is one of the `own`
    of the block, or as another. Returns how many operations there are, and whether the guard is a new one.
    """
    latest = PROGRAM + WORDS * (count - 1)
    ordinary = count > 0 and trace[latest + EFFECT] >= 0
    if ordinary and trace[latest + TARGET_HEAD] == 0 and trace[latest + TARGET_AT] == tested:
        if trace[latest + EFFECT] & wanted:
            return count, False
        if own > 0:
            trace[latest + EFFECT] |= wanted
            return count, True
    latest += WORDS
    trace[latest + SOURCE_AT], trace[latest + SOURCE_HEAD] = tested, 0
    trace[latest + TARGET_AT], trace[latest + TARGET_HEAD] = tested, 0
    trace[latest + EFFECT] = 255 << 8 | wanted
    return count + 1, True


@kernel()
def _record(
    trace: Any, header: int, blocks: Any, details: Any, actions: Any, memory: Any, inputs: Any, at: int, size: int,
    eof: int, output: Any, out_limit: int, h0: int, h1: int, spare: int, written: int, left: int,
) -> tuple[int, int, int, int, int, int, int]:  # fmt: skip
    """Makes a pass block by block, and its trace; the parameters and what is returned are those of `follow`.

    There is none if a pass is too long, comes to a block that is not compiled, or to the end of the program, or may not
    do all of a block.
    """
    trace, blocks, details, actions = borrowed(trace), borrowed(blocks), borrowed(details), borrowed(actions)
    memory, inputs, output = borrowed(memory), borrowed(inputs), borrowed(output)
    cells = len(memory)
    if trace[HEADER] != NO_HEADER:
        details[trace[HEADER] * (COLD // HOT) + LAPS] = WAIT
    row, count, cost, travel0, travel1, reads, writes = header, 0, 0, 0, 0, 0, 0
    trace[HEADER] = NO_HEADER
    details[header * (COLD // HOT) + LAPS] = WAIT
    while row >= 0 and blocks[row + COST] >= 0 and cost + blocks[row + COST] <= left:
        first, last = blocks[row + FIRST], blocks[row + LAST]
        if count + last - first >= MOST_OPERATIONS:
            break
        if blocks[row + TRAITS] & CHECKED:
            cold = row * (COLD // HOT)
            if written + details[cold + WRITES] > out_limit:
                break
            if eof == EOF_HALT and at + details[cold + READS] > size:
                break
            reads += details[cold + READS]
            writes += details[cold + WRITES]
        for index in range(first, last):
            begins = PROGRAM + WORDS * count
            _put(trace, begins, actions[index], travel0, travel1, cells)
            _, at, spare, written = _perform(
                trace, begins, memory, inputs, at, size, eof, output, h0, h1, spare, written
            )  # fmt: skip
            count += 1
        cost += blocks[row + COST]
        travel0 = _around(travel0 + blocks[row + TRAVEL0], cells)
        travel1 = _around(travel1 + blocks[row + TRAVEL1], cells)
        if_zero, if_not = blocks[row + IF_ZERO], blocks[row + IF_NOT]
        zero = memory[uintp(_around(h0 + travel0, cells))] == 0
        if if_zero != if_not:
            count, new = _guard(trace, count, last - first, travel0, MUST_BE_ZERO if zero else MUST_NOT_BE_ZERO)
            if new:
                begins = PROGRAM + WORDS * (count - 1)
                trace[begins + EXIT_ROW], trace[begins + EXIT_COST] = if_not if zero else if_zero, cost
                trace[begins + EXIT_TRAVEL0], trace[begins + EXIT_TRAVEL1] = travel0, travel1
        row = if_zero if zero else if_not
        if row == header:
            trace[HEADER], trace[MISSES], trace[OPERATIONS], trace[PASS_COST] = header, 0, count, cost
            trace[PASS_TRAVEL0], trace[PASS_TRAVEL1] = travel0, travel1
            trace[PASS_READS], trace[PASS_WRITES] = reads, writes
            details[header * (COLD // HOT) + LAPS] = MANY_LAPS
            break
    return row, _around(h0 + travel0, cells), _around(h1 + travel1, cells), at, spare, written, left - cost


@kernel()
def _trace_passes(trace: Any, memory: int, cells: int, eof: int, h0: int, h1: int, most: int) -> int:
    """Makes passes of a trace, up to the one in which a guard fails; returns how many.

    Head0 is at rest, the input is used up and the output full if anything is read or written.

    Args:
        trace: see `follow`, like `eof`, `h0` and `h1`.
        memory: its address.
        cells: of the memory.
        eof: see `trace`.
        h0: see `trace`.
        h1: see `trace`.
        most: passes that the limits allow.
    """
    notes, travel1, apart = address(trace) + NOTES_AT * WORD, trace[PASS_TRAVEL1], h0 ^ h1
    known = sweeps = guards = 0
    for begins in range(PROGRAM, PROGRAM + WORDS * trace[OPERATIONS], WORDS):
        effect = trace[begins + EFFECT]
        to = _around((h0 ^ apart & trace[begins + TARGET_HEAD]) + trace[begins + TARGET_AT], cells)
        of = _around((h0 ^ apart & trace[begins + SOURCE_HEAD]) + trace[begins + SOURCE_AT], cells)
        constant, amount, op = effect >> 8 & 255 == 0, effect & 255, effect & 255
        if effect < 0:
            if op in (STASH, UNSTASH):
                return 0
            if op == WRITE or eof != EOF_ZERO:
                continue
            constant, amount = True, 0
        if travel1 != 0 and trace[begins + SOURCE_HEAD] != 0 and not constant:
            return 0
        known, sweeps = note_action(
            notes, known, sweeps, constant, of, amount, travel1 != 0 and trace[begins + TARGET_HEAD] != 0, to
        )  # fmt: skip
        if effect >= 0 and effect & (MUST_BE_ZERO | MUST_NOT_BE_ZERO):
            known = note_guard(notes, known, guards, to, effect & MUST_BE_ZERO != 0)
            guards += 1
    return make_passes(notes, known, guards, sweeps, memory, cells, travel1, most) if known > 0 else 0


@kernel()
def _keep_windows(trace: Any, windows: int, memory: int, cells: int, h0: int, h1: int) -> bool:
    """Keeps the cells that a pass of a trace uses, for `vm.loop_shifts`; whether that can be done. Head1 is at rest."""
    begin_window(windows, h0, trace[PASS_TRAVEL0], cells)
    begin_window(windows + WINDOW_SIZE, h1, 0, cells)
    for begins in range(PROGRAM, PROGRAM + WORDS * trace[OPERATIONS], WORDS):
        effect = trace[begins + EFFECT]
        if effect < 0 and effect & 255 in (STASH, UNSTASH):
            return False
        note_cell(windows - trace[begins + TARGET_HEAD] * WINDOW_SIZE, trace[begins + TARGET_AT], cells)
        if effect >= 0 and effect >> 8 & 255 != 0:
            note_cell(windows - trace[begins + SOURCE_HEAD] * WINDOW_SIZE, trace[begins + SOURCE_AT], cells)
    return keep_window(windows, memory, cells) and keep_window(windows + WINDOW_SIZE, memory, cells)  # type: ignore[no-any-return]


@kernel()
def follow(
    trace: Any, header: int, blocks: Any, details: Any, actions: Any, memory: Any, inputs: Any, at: int, size: int,
    eof: int, output: Any, out_limit: int, h0: int, h1: int, spare: int, written: int, left: int,
    past: Any, witness: int, kept_h0: int, kept_h1: int, kept_at: int, kept_written: int, keep_at: int,
) -> tuple[int, int, int, int, int, int, int]:  # fmt: skip
    """Makes passes of a loop by its trace; records it first if it has none.

    It ends when a guard fails, the limit, the output or the input may not allow another pass, or after a pass that the
    caller is to compare with the state that it keeps, or to keep.

    Args:
        trace: `int64[ROOM]`.
        header: the row of the block that the loop begins with, which is the next to be run.
        blocks: see `vm.blocks`, like `details` and `actions`.
        details: cold rows.
        actions: of the program.
        memory: `uint8[memory]`.
        inputs: the input, from `at` to `size`.
        at: see `inputs`.
        size: see `inputs`.
        eof: what reading at the end of the input does.
        output: what `write` appends to.
        out_limit: bytes that may be written.
        h0: where head0 is.
        h1: where head1 is.
        spare: the spare register.
        written: bytes that are written already.
        left: steps up to the limit.
        past: the kept state's memory.
        witness: a cell of it that is compared.
        kept_h0: where head0 was in it; -1: it is not at this block.
        kept_h1: where head1 was in it.
        kept_at: how much of the input was read in it.
        kept_written: how many bytes were written in it.
        keep_at: a state is to be kept when no more steps than these are left.

    Returns:
        The row to go on with, where the heads are, the place in the input, the spare register, how many bytes are
        written and how many steps are left.
    """
    trace, blocks, details, actions = borrowed(trace), borrowed(blocks), borrowed(details), borrowed(actions)
    memory, inputs, output = borrowed(memory), borrowed(inputs), borrowed(output)
    past = borrowed(past)
    if trace[HEADER] != header:
        return _record(  # type: ignore[no-any-return]
            trace, header, blocks, details, actions, memory, inputs, at, size, eof, output, out_limit, h0, h1, spare,
            written, left,
        )  # fmt: skip
    cells = len(memory)
    count, cost, travel0, travel1 = trace[OPERATIONS], trace[PASS_COST], trace[PASS_TRAVEL0], trace[PASS_TRAVEL1]
    writes, reads = trace[PASS_WRITES], trace[PASS_READS] if eof == EOF_HALT else 0
    early = trace[MISSES]
    made, soon, kept = 0, SOON if travel0 == 0 or travel1 == 0 else left, False
    windows = address(trace) + NOTES_AT * WORD
    while cost <= left and written + writes <= out_limit and (reads == 0 or at + reads <= size):
        for begins in range(PROGRAM, PROGRAM + WORDS * count, WORDS):
            value, at, spare, written = _perform(
                trace, begins, memory, inputs, at, size, eof, output, h0, h1, spare, written
            )  # fmt: skip
            effect = trace[uintp(begins + EFFECT)]
            if effect & (MUST_BE_ZERO if value != 0 else MUST_NOT_BE_ZERO):
                trace[MISSES] = early + 1
                if early >= MOST_MISSES:
                    trace[HEADER] = NO_HEADER
                    details[header * (COLD // HOT) + LAPS] = WAIT
                h0 = _around(h0 + trace[uintp(begins + EXIT_TRAVEL0)], cells)
                h1 = _around(h1 + trace[uintp(begins + EXIT_TRAVEL1)], cells)
                left -= trace[uintp(begins + EXIT_COST)]
                return trace[uintp(begins + EXIT_ROW)], h0, h1, at, spare, written, left
        h0, h1 = _around(h0 + travel0, cells), _around(h1 + travel1, cells)
        left -= cost
        early = 0
        made += 1
        if made == soon and written >= (len(output) if writes else 0) and at >= (size if trace[PASS_READS] else 0):
            passes = 0
            most = left // cost if writes == 0 else min(left // cost, (out_limit - written) // writes)
            if travel0 == 0:
                passes = _trace_passes(trace, address(memory), cells, eof, h0, h1, most)
            elif kept:
                passes = repeat_passes(windows, address(memory), cells, most)
            kept = travel0 != 0 and not kept and _keep_windows(trace, windows, address(memory), cells, h0, h1)
            if passes > 0:
                h0 = (h0 + passes % cells * travel0) % cells if travel0 != 0 else h0
                h1 = (h1 + passes % cells * travel1) % cells if travel1 != 0 else h1
                left -= passes * cost
                written += passes * writes
                made = 0
            soon = made + 1 if kept else max(2 * made, SOON)
        if left <= keep_at or (
            h0 == kept_h0 and h1 == kept_h1 and at == kept_at
            and (written == kept_written or kept_written >= len(output))
            and memory[uintp(witness)] == past[uintp(witness)]
        ):  # fmt: skip
            break
    return header, h0, h1, at, spare, written, left
