"""Loops with brackets inside: the way that a pass takes through its blocks, gone again and again as long as it is taken.

A loop with loops inside nearly always goes through the same blocks in each pass, for tens or hundreds of passes. Its
*trace* is what they do one after the other: their actions, and *guards* in place of their brackets, cells that must be
zero, or not, for the run to stay on the way (Bala, Duesterwald and Banerjia, "Dynamo: a transparent dynamic
optimization system", 2000, section 3). A guard that fails leads to the block that follows there.

A program has one trace at a time. An operation of it is an action of `vm.blocks`, its distances told from where the
heads are at the start of a pass, with two more bits:

| bits | |
| --- | --- |
| 59, 60 | a guard: the target must then be zero, must not be zero |

A cell that is tested just after it was written has its guard in that action; otherwise the guard is an action that
adds nothing. There is none for a cell that has just been tested.
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
    TARGET,
    TO_HEAD1,
    TRAITS,
    TRAVEL0,
    TRAVEL1,
    WRITES,
)
from vm.jit import borrowed, kernel
from vm.layout import EOF_HALT, EOF_ZERO, STASH, UNSTASH, WRITE

MANY_LAPS = 4
"""A loop that has made so many passes goes on by its trace."""
WAIT = -60
"""Passes of a loop that has no trace of any use are counted from here."""
MOST_MISSES = 4
"""A trace that is left in its first pass so often, with no whole pass between, is forgotten."""
MOST_OPERATIONS = 32
MUST_BE_ZERO, MUST_NOT_BE_ZERO = 1 << 59, 1 << 60

HEADER, MISSES, OPERATIONS, PASS_COST, PASS_TRAVEL0, PASS_TRAVEL1, PASS_READS, PASS_WRITES = range(8)
"""Of a trace: the row that its passes begin with; how often it was left early; how many operations it has; what a whole
pass costs, how far it moves the heads, and what it reads and writes at most."""
PROGRAM = 8
"""Where its operations begin."""
EXITS = PROGRAM + MOST_OPERATIONS
"""Where its exits begin, one an operation: the row that follows when the guard fails, and the steps and the moves of
the heads from the start of the pass."""
EXIT_ROW, EXIT_COST, EXIT_TRAVEL0, EXIT_TRAVEL1 = range(4)
EXIT = 4
ROOM = EXITS + EXIT * MOST_OPERATIONS
"""Words of a trace."""
NO_HEADER = -3


@kernel(inline=True)
def _around(cell: int, cells: int) -> Any:
    return cell - cells if cell >= cells else cell


@kernel(inline=True)
def _perform(
    operation: int, memory: Any, inputs: Any, at: int, size: int, eof: int, output: Any, h0: int, h1: int,
    spare: int, written: int,
) -> tuple[int, int, int, int]:  # fmt: skip
    """Does an operation; returns the value of its target, the place in the input, the spare register and how many
    bytes are written.
    """
    cells = len(memory)
    to = uintp(_around((operation >> TARGET & DISTANCE_MASK) + (h1 if operation & TO_HEAD1 else h0), cells))
    if operation < 0:
        op = operation & 255
        if op == WRITE:
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
        return 0, at, spare, written
    of = uintp(_around((operation >> SOURCE & DISTANCE_MASK) + (h1 if operation & FROM_HEAD1 else h0), cells))
    value = (0 if operation & CONSTANT else np.int64(memory[of])) + operation & 255
    memory[to] = np.uint8(value)
    return value, at, spare, written


@kernel(inline=True)
def _told_from_start(action: int, travel0: int, travel1: int, cells: int) -> int:
    """A block's action as an operation: the heads had moved since the start of the pass."""
    of, to = action >> SOURCE & DISTANCE_MASK, action >> TARGET & DISTANCE_MASK
    of = _around(of + (travel1 if action & FROM_HEAD1 else travel0), cells)
    to = _around(to + (travel1 if action & TO_HEAD1 else travel0), cells)
    return action & ~(DISTANCE_MASK << SOURCE | DISTANCE_MASK << TARGET) | of << SOURCE | to << TARGET


@kernel(inline=True)
def _put_guard(trace: Any, count: int, own: int, tested: int, wanted: int) -> int:
    """Adds a guard of a cell, told from head0, to the last operation, if that writes the cell and is one of the `own`
    of the block, or as another. Returns how many operations there are.
    """
    last = trace[PROGRAM + count - 1] if own > 0 else -1
    if last >= 0 and _is_of(last, tested):
        trace[PROGRAM + count - 1] = last | wanted
        return count
    trace[PROGRAM + count] = tested << SOURCE | tested << TARGET | wanted
    return count + 1


@kernel(inline=True)
def _is_of(operation: int, cell: int) -> bool:
    """Whether an operation writes a cell that is told from head0."""
    return operation & TO_HEAD1 == 0 and operation >> TARGET & DISTANCE_MASK == cell


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
            operation = _told_from_start(actions[index], travel0, travel1, cells)
            _, at, spare, written = _perform(
                operation, memory, inputs, at, size, eof, output, h0, h1, spare, written
            )  # fmt: skip
            trace[PROGRAM + count] = operation
            count += 1
        cost += blocks[row + COST]
        travel0 = _around(travel0 + blocks[row + TRAVEL0], cells)
        travel1 = _around(travel1 + blocks[row + TRAVEL1], cells)
        if_zero, if_not = blocks[row + IF_ZERO], blocks[row + IF_NOT]
        zero = memory[uintp(_around(h0 + travel0, cells))] == 0
        wanted = MUST_BE_ZERO if zero else MUST_NOT_BE_ZERO
        latest = trace[PROGRAM + count - 1] if count > 0 else 0
        if if_zero != if_not and not (latest & wanted and _is_of(latest, travel0)):
            count = _put_guard(trace, count, last - first, travel0, wanted)
            leaves = EXITS + EXIT * (count - 1)
            trace[leaves + EXIT_ROW], trace[leaves + EXIT_COST] = if_not if zero else if_zero, cost
            trace[leaves + EXIT_TRAVEL0], trace[leaves + EXIT_TRAVEL1] = travel0, travel1
        row = if_zero if zero else if_not
        if row == header:
            trace[HEADER], trace[MISSES], trace[OPERATIONS], trace[PASS_COST] = header, 0, count, cost
            trace[PASS_TRAVEL0], trace[PASS_TRAVEL1] = travel0, travel1
            trace[PASS_READS], trace[PASS_WRITES] = reads, writes
            details[header * (COLD // HOT) + LAPS] = MANY_LAPS
            break
    return row, _around(h0 + travel0, cells), _around(h1 + travel1, cells), at, spare, written, left - cost


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
        return _record(
            trace, header, blocks, details, actions, memory, inputs, at, size, eof, output, out_limit, h0, h1, spare,
            written, left,
        )  # fmt: skip
    cells = len(memory)
    count, cost, travel0, travel1 = trace[OPERATIONS], trace[PASS_COST], trace[PASS_TRAVEL0], trace[PASS_TRAVEL1]
    writes, reads = trace[PASS_WRITES], trace[PASS_READS] if eof == EOF_HALT else 0
    early = trace[MISSES]
    while cost <= left and written + writes <= out_limit and (reads == 0 or at + reads <= size):
        for index in range(count):
            operation = trace[uintp(PROGRAM + index)]
            value, at, spare, written = _perform(
                operation, memory, inputs, at, size, eof, output, h0, h1, spare, written
            )  # fmt: skip
            if operation & (MUST_BE_ZERO if value != 0 else MUST_NOT_BE_ZERO):
                leaves = EXITS + EXIT * index
                trace[MISSES] = early + 1
                if early >= MOST_MISSES:
                    trace[HEADER] = NO_HEADER
                    details[header * (COLD // HOT) + LAPS] = WAIT
                h0 = _around(h0 + trace[uintp(leaves + EXIT_TRAVEL0)], cells)
                h1 = _around(h1 + trace[uintp(leaves + EXIT_TRAVEL1)], cells)
                left -= trace[uintp(leaves + EXIT_COST)]
                return trace[uintp(leaves + EXIT_ROW)], h0, h1, at, spare, written, left
        h0, h1 = _around(h0 + travel0, cells), _around(h1 + travel1, cells)
        left -= cost
        early = 0
        if left <= keep_at or (
            h0 == kept_h0 and h1 == kept_h1 and at == kept_at and written == kept_written
            and memory[uintp(witness)] == past[uintp(witness)]
        ):  # fmt: skip
            break
    return header, h0, h1, at, spare, written, left
