"""Runs a genome by its operations (see `tokens`): a token costs the same whatever its count.

An innermost loop of moves and additions that comes back to where it began is run in closed form: `passes` at once are a
multiplication (see `vm.loop_forms`, whose simplest case this is). Results are exactly those of `vm.evaluate`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from gpdebug.evolve.objectives import EXTRA, PENALTY
from gpdebug.evolve.steady.tokens import (
    ADDS,
    AMOUNT,
    BY0,
    BY1,
    COST,
    COUNTS,
    END,
    LINEAR,
    NOTHING,
    PRIMITIVE,
    TARGET,
    TOKEN,
    WHAT,
    WIDTH,
)  # fmt: skip
from vm.jit import kernel
from vm.layout import (
    ADD,
    CLOSE,
    COPY01,
    COPY10,
    EOF,
    EOF_HALT,
    EOF_ZERO,
    FINISHED,
    HALT,
    HALTED,
    INPUT_EXHAUSTED,
    LIMIT,
    MOVE0,
    MOVE1,
    OPEN,
    OUT_LIMIT,
    OUT_OF_BOUNDS,
    OUTPUT_LIMIT,
    READ,
    RUNNING,
    SET,
    STASH,
    STEP_LIMIT,
    UNSTASH,
    WRITE,
)
from vm.settings import MAX_LIMIT

ABANDONED = -1
"""A status that `run_tokens` has besides those of a machine."""
NEVER = MAX_LIMIT


@kernel()
def passes_to_zero(value: int, rate: int) -> Any:
    """After how many passes a cell that is `value`, not zero, is zero if it changes by `rate` in each, or `NEVER`."""
    if rate == 255:
        return value
    if rate == 0:
        return NEVER
    values = COUNTS
    while rate & 1 == 0:
        if value & 1:
            return NEVER
        rate >>= 1
        value >>= 1
        values >>= 1
    inverse = rate
    for _ in range(2):
        inverse = inverse * (2 - rate * inverse) & 255
    return (values - value) * inverse & (values - 1)


@kernel(inline=True)
def stays_inside(ops: Any, opens: int, closes: int, head0: int, head1: int, cells: int) -> bool:
    """Whether no head passes an edge in a pass of a linear loop."""
    for row in range(opens + WIDTH, closes + WIDTH, WIDTH):
        head0 += ops[uintp(row + BY0)]
        head1 += ops[uintp(row + BY1)]
        if head0 < 0 or head0 >= cells or head1 < 0 or head1 >= cells:
            return False
    return True


@kernel(inline=True)
def skip_passes(
    ops: Any, opens: int, passes: int, memory: Any, head0: int, head1: int, cells: int, halting: bool, dirt: Any,
    dirty: int,
) -> tuple[Any, Any]:  # fmt: skip
    """Does passes of a linear loop at once; returns where head1 is then, and how much of `dirt` is used."""
    closes = ops[uintp(opens + TARGET)] - WIDTH
    cell, travel = head0, 0
    for row in range(opens + WIDTH, closes + WIDTH, WIDTH):
        cell += ops[uintp(row + BY0)]
        travel += ops[uintp(row + BY1)]
        if not halting:
            cell -= cells if cell >= cells else 0
            travel -= cells if travel >= cells else 0
        memory[uintp(cell)] = np.uint8(np.int64(memory[uintp(cell)]) + ops[uintp(row + ADDS)] * passes)
        dirt[uintp(dirty)] = cell
        dirty += 1
    if travel != 0:
        head1 = (head1 + travel * passes) % cells
    return head1, dirty


@kernel()
def run_tail(
    genome: Any, token: int, roles: Any, amounts: Any, memory: Any, inputs: Any, at: int, size: int, output: Any,
    settings: Any, halting: bool, head0: int, head1: int, spare: Any, written: int, left: int, dirt: Any, dirty: int,
) -> tuple[Any, Any, Any, Any]:  # fmt: skip
    """Does the last `left` steps, one token after the other, of a run that ends within an operation.

    Returns the status, the bytes written, how much of `dirt` is used, and the steps that are left after a fault.
    """
    cells = len(memory)
    while left > 0:
        symbol, count = np.int64(genome[token]) >> 8, np.int64(genome[token]) & 255
        primitive = roles[symbol, PRIMITIVE]
        steps: Any = min(count, left)
        if (primitive == MOVE0) | (primitive == MOVE1):
            one = np.int64(amounts[symbol, 1])
            head: Any = head0 if primitive == MOVE0 else head1
            for step in range(steps):
                head += one
                if halting and (head < 0 or head >= cells):
                    return OUT_OF_BOUNDS, written, dirty, left - step
                head -= cells if head >= cells else 0
            head0 = head if primitive == MOVE0 else head0
            head1 = head if primitive == MOVE1 else head1
        elif primitive == ADD:
            memory[head0] = np.uint8(np.int64(memory[head0]) + np.int64(amounts[symbol, steps]))
        elif primitive == SET:
            memory[head0] = np.uint8(amounts[symbol, 1])
        elif primitive == COPY01:
            memory[head1] = memory[head0]
            dirt[dirty] = head1
            dirty += 1
        elif primitive == COPY10:
            memory[head0] = memory[head1]
        elif primitive == READ:
            before = at
            at, status = read_tokens(memory, head0, inputs, at, size, steps, settings[EOF])
            if status != RUNNING:
                return status, written, dirty, left - (at - before)
        elif primitive == WRITE:
            for step in range(steps):
                if written == settings[OUT_LIMIT]:
                    return OUTPUT_LIMIT, written, dirty, left - step
                if written < len(output):
                    output[written] = memory[head0]
                written += 1
        elif primitive == STASH:
            spare = memory[head0]
        elif primitive == UNSTASH:
            memory[head0] = spare
        dirt[dirty] = head0
        dirty += 1
        left -= steps
        token += 1
    return STEP_LIMIT, written, dirty, left


@kernel(inline=True)
def read_tokens(memory: Any, head0: int, inputs: Any, at: int, size: int, count: int, eof: int) -> tuple[Any, Any]:
    """Reads `count` bytes into one cell, of which the last one stays; returns the place in the input and the status."""
    if at + count <= size:
        memory[uintp(head0)] = inputs[uintp(at + count - 1)]
        return at + count, RUNNING
    if eof == EOF_ZERO:
        memory[uintp(head0)] = 0
    elif at < size:
        memory[uintp(head0)] = inputs[uintp(size - 1)]
    return size, INPUT_EXHAUSTED if eof == EOF_HALT else RUNNING


@kernel(inline=True)
def run_tokens(
    genome: Any, ops: Any, roles: Any, amounts: Any, memory: Any, inputs: Any, at: int, size: int, output: Any,
    settings: Any, halting: bool, head0: int, head1: int, wanted: Any, case: int, right: int, circular: bool,
    bound: int, dirt: Any,
) -> tuple[Any, Any, Any, Any, Any, Any]:  # fmt: skip
    """Runs a genome on one case, up to its end or to where its output is surely worse than a bound.

    Args:
        genome: `uint16[...]`, its tokens.
        ops: of `compile_tokens`.
        roles: see `Meanings`, like `amounts`, `settings` and `halting`.
        amounts: see `Meanings`.
        memory: `uint8[cells]`, the input in place, all others zero.
        inputs: `uint8[total]`, the input from `at` to `size`.
        at: see `inputs`.
        size: see `inputs`.
        output: `uint8[width]`, what is written to it.
        settings: see `vm.layout`.
        halting: see `Meanings`.
        head0: where head0 starts.
        head1: where head1 starts.
        wanted: `uint8[cases, ...]`, the outputs that are wanted.
        case: the one this is.
        right: its wanted bytes.
        circular: how errors of bytes are counted.
        bound: the largest error of bytes written that is of interest; -1: none is of any.
        dirt: `int32[2 * limit + 2]`, filled with the cells that may not be zero any more.

    Returns:
        The status (`ABANDONED` beyond the bound), the bytes written, how many cells `dirt` names, the steps that are
        left, and where the heads are, unless the limit was reached.
    """
    cells, eof, out_limit = len(memory), settings[EOF], settings[OUT_LIMIT]
    left = settings[LIMIT]
    row = written = error = dirty = 0
    spare = np.uint8(0)
    while True:
        cost = ops[uintp(row + COST)]
        if cost > left:
            status, written, dirty, left = run_tail(
                genome, ops[uintp(row + TOKEN)], roles, amounts, memory, inputs, at, size, output, settings,
                halting, head0, head1, spare, written, left, dirt, dirty,
            )  # fmt: skip
            return status, written, dirty, left, head0, head1
        left -= cost
        head0 += ops[uintp(row + BY0)]
        head1 += ops[uintp(row + BY1)]
        if halting:
            if head0 < 0 or head0 >= cells or head1 < 0 or head1 >= cells:
                status, written, dirty, left = run_tail(
                    genome, ops[uintp(row + TOKEN)], roles, amounts, memory, inputs, at, size, output, settings,
                    halting, head0 - ops[uintp(row + BY0)], head1 - ops[uintp(row + BY1)], spare, written, left + cost,
                    dirt, dirty,
                )  # fmt: skip
                return status, written, dirty, left, head0, head1
        else:
            head0 -= cells if head0 >= cells else 0
            head1 -= cells if head1 >= cells else 0
        value = np.uint8(np.int64(memory[uintp(head0)]) + ops[uintp(row + ADDS)])
        memory[uintp(head0)] = value
        dirt[uintp(dirty)] = head0
        dirty += 1
        what = ops[uintp(row + WHAT)]
        row += WIDTH
        if what == NOTHING:
            continue
        if what == WRITE:
            for write in range(ops[uintp(row - WIDTH + AMOUNT)]):
                if written == out_limit:
                    left += ops[uintp(row - WIDTH + AMOUNT)] - write
                    return OUTPUT_LIMIT, written, dirty, left, head0, head1
                if written < len(output):
                    output[uintp(written)] = value
                if written < right:
                    off: Any = abs(np.int64(value) - np.int64(wanted[uintp(case), uintp(written)]))
                    error += 256 - off if circular and off > 128 else off
                elif written < right + EXTRA:
                    error += PENALTY
                written += 1
            if error > bound and bound >= 0:
                return ABANDONED, written, dirty, left, head0, head1
        elif what == CLOSE:
            if value != 0:
                row = ops[uintp(row - WIDTH + TARGET)]
        elif what == OPEN:
            if value == 0:
                row = ops[uintp(row - WIDTH + TARGET)]
        elif what == LINEAR:
            opens = row - WIDTH
            after = ops[uintp(opens + TARGET)]
            if value == 0:
                row = after
            elif not halting or stays_inside(ops, opens, after - WIDTH, head0, head1, cells):
                cost = ops[uintp(after - WIDTH + AMOUNT)]
                passes = passes_to_zero(np.int64(value), ops[uintp(opens + AMOUNT)])
                ends = passes < NEVER and passes * cost <= left
                if not ends:
                    passes = left // cost
                head1, dirty = skip_passes(ops, opens, passes, memory, head0, head1, cells, halting, dirt, dirty)
                left -= passes * cost
                row = after if ends else row
        elif what == END:
            return FINISHED, written, dirty, left, head0, head1
        elif what == COPY01:
            memory[uintp(head1)] = value
            dirt[uintp(dirty)] = head1
            dirty += 1
        elif what == COPY10:
            memory[uintp(head0)] = memory[uintp(head1)]
        elif what == READ:
            reads, before = ops[uintp(row - WIDTH + AMOUNT)], at
            at, status = read_tokens(memory, head0, inputs, at, size, reads, eof)
            if status != RUNNING:
                return status, written, dirty, left + reads - (at - before), head0, head1
        elif what == SET:
            memory[uintp(head0)] = np.uint8(ops[uintp(row - WIDTH + AMOUNT)])
        elif what == STASH:
            spare = value
        elif what == UNSTASH:
            memory[uintp(head0)] = spare
        elif what == HALT:
            return HALTED, written, dirty, left, head0, head1


@kernel(inline=True)
def clean(memory: Any, dirt: Any, dirty: int) -> None:
    """Makes all cells zero again."""
    if dirty < len(memory) // 8:
        for index in range(dirty):
            memory[uintp(dirt[uintp(index)])] = 0
    else:
        memory[:] = 0
