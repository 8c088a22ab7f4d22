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
    COUNTS,
    DOES,
    END,
    HALF,
    IS_MOVE,
    LINEAR,
    LOOP,
    MOVES,
    NOTHING,
    ROLE,
    SUMS,
    WIDTH,
    effect_of,
    lower,
    number_of,
    upper,
    what_of,
)  # fmt: skip
from vm.jit import kernel
from vm.layout import (
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
from vm.raw import bytes_at, halves_at, shorts_at, words_at
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
        head0 += lower(ops[uintp(row + MOVES)])
        head1 += upper(ops[uintp(row + MOVES)])
        if head0 < 0 or head0 >= cells or head1 < 0 or head1 >= cells:
            return False
    return True


@kernel(inline=True)
def skip_passes(
    ops: Any, opens: int, passes: int, memory: Any, head0: int, head1: int, cells: int, halting: bool, dirt: Any,
    dirty: int,
) -> tuple[Any, Any]:  # fmt: skip
    """Does passes of a linear loop at once; returns where head1 is then, and how much of `dirt` is used."""
    closes = lower(ops[uintp(opens + LOOP)]) - WIDTH
    cell, travel = head0, 0
    for row in range(opens + WIDTH, closes + WIDTH, WIDTH):
        cell += lower(ops[uintp(row + MOVES)])
        travel += upper(ops[uintp(row + MOVES)])
        if not halting:
            cell -= cells if cell >= cells else 0
            travel -= cells if travel >= cells else 0
        memory[uintp(cell)] = np.uint8(np.int64(memory[uintp(cell)]) + lower(ops[uintp(row + SUMS)]) * passes)
        dirt[uintp(dirty)] = cell
        dirty += 1
    if travel != 0:
        head1 = (head1 + travel * passes) % cells
    return head1, dirty


@kernel()
def run_tail(
    genome_at: int, token: int, effects_at: int, memory_at: int, cells: int, inputs_at: int, at: int, size: int,
    output_at: int, width: int, settings_at: int, halting: bool, head0: int, head1: int, spare: Any, written: int,
    left: int, dirt_at: int, dirty: int,
) -> tuple[Any, Any, Any, Any]:  # fmt: skip
    """Does the last `left` steps, one token after the other, of a run that ends within an operation.

    Returns the status, the bytes written, how much of `dirt` is used, and the steps that are left after a fault.
    """
    genome, effects, settings = shorts_at(genome_at), words_at(effects_at), words_at(settings_at)
    memory, inputs, output, dirt = bytes_at(memory_at), bytes_at(inputs_at), bytes_at(output_at), halves_at(dirt_at)
    while left > 0:
        symbol, count = np.int64(genome[token]) >> 8, np.int64(genome[token]) & 255
        steps: Any = min(count, left)
        done = symbol << 8 | steps
        role = effect_of(effects, done, ROLE)
        what = what_of(role)
        if role & IS_MOVE:
            by = effect_of(effects, symbol << 8 | 1, MOVES)
            for step in range(steps):
                head0 += lower(by)
                head1 += upper(by)
                if halting and (head0 < 0 or head0 >= cells or head1 < 0 or head1 >= cells):
                    return OUT_OF_BOUNDS, written, dirty, left - step
                head0 -= cells if head0 >= cells else 0
                head1 -= cells if head1 >= cells else 0
        elif what == NOTHING:
            memory[head0] = np.uint8(np.int64(memory[head0]) + effect_of(effects, done, SUMS))
        elif what == SET:
            memory[head0] = np.uint8(number_of(role))
        elif what == COPY01:
            memory[head1] = memory[head0]
            dirt[dirty] = head1
            dirty += 1
        elif what == COPY10:
            memory[head0] = memory[head1]
        elif what == READ:
            before = at
            at, status = read_tokens(memory, head0, inputs, at, size, steps, settings[EOF])
            if status != RUNNING:
                return status, written, dirty, left - (at - before)
        elif what == WRITE:
            for step in range(steps):
                if written == settings[OUT_LIMIT]:
                    return OUTPUT_LIMIT, written, dirty, left - step
                if written < width:
                    output[written] = memory[head0]
                written += 1
        elif what == STASH:
            spare = memory[head0]
        elif what == UNSTASH:
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


@kernel()
def run_tokens(
    genome_at: int, ops_at: int, effects_at: int, memory_at: int, cells: int, inputs_at: int, at: int, size: int,
    output_at: int, width: int, settings_at: int, halting: bool, head0: int, head1: int, wanted_at: int, right: int,
    circular: bool, bound: int, dirt_at: int,
) -> tuple[Any, Any, Any, Any, Any, Any]:  # fmt: skip
    """Runs a genome on one case, up to its end or to where its output is surely worse than a bound.

    Args:
        genome_at: the address of `uint16[...]`, its tokens.
        ops_at: the address of what `compile_tokens` wrote.
        effects_at: the address of the effects of `Meanings`.
        memory_at: the address of `uint8[cells]`, the input in place, all others zero.
        cells: see `Meanings`, like `halting`.
        inputs_at: the address of `uint8[total]`, the input from `at` to `size`.
        at: see `inputs_at`.
        size: see `inputs_at`.
        output_at: the address of `uint8[width]`, what is written to it.
        width: see `output_at`.
        settings_at: the address of the settings of `Meanings`.
        halting: see `cells`.
        head0: where head0 starts.
        head1: where head1 starts.
        wanted_at: the address of `uint8[right]`, the output that is wanted.
        right: see `wanted_at`.
        circular: how errors of bytes are counted.
        bound: the largest error of bytes written that is of interest; -1: none is of any.
        dirt_at: the address of `int32[2 * limit + 2]`, filled with the cells that may not be zero any more.

    Returns:
        The status (`ABANDONED` beyond the bound), the bytes written, how many cells `dirt` names, the steps that are
        left, and where the heads are, unless the limit was reached.
    """
    ops, settings, wanted = words_at(ops_at), words_at(settings_at), bytes_at(wanted_at)
    memory, inputs, output, dirt = bytes_at(memory_at), bytes_at(inputs_at), bytes_at(output_at), halves_at(dirt_at)
    eof, out_limit = settings[EOF], settings[OUT_LIMIT]
    left = settings[LIMIT]
    row = written = error = dirty = 0
    spare = np.uint8(0)
    while True:
        sums, moves, does = ops[uintp(row + SUMS)], ops[uintp(row + MOVES)], ops[uintp(row + DOES)]
        cost = sums >> HALF
        if cost > left:
            status, written, dirty, left = run_tail(
                genome_at, does >> HALF, effects_at, memory_at, cells, inputs_at, at, size, output_at, width,
                settings_at, halting, head0, head1, spare, written, left, dirt_at, dirty,
            )  # fmt: skip
            return status, written, dirty, left, head0, head1
        left -= cost
        head0 += lower(moves)
        head1 += upper(moves)
        if halting:
            if head0 < 0 or head0 >= cells or head1 < 0 or head1 >= cells:
                status, written, dirty, left = run_tail(
                    genome_at, does >> HALF, effects_at, memory_at, cells, inputs_at, at, size, output_at, width,
                    settings_at, halting, head0 - lower(moves), head1 - upper(moves), spare, written, left + cost,
                    dirt_at, dirty,
                )  # fmt: skip
                return status, written, dirty, left, head0, head1
        else:
            head0 -= cells if head0 >= cells else 0
            head1 -= cells if head1 >= cells else 0
        value = np.uint8(np.int64(memory[uintp(head0)]) + sums)
        memory[uintp(head0)] = value
        dirt[uintp(dirty)] = head0
        dirty += 1
        what = what_of(does)
        other = memory[uintp(head1)]
        target = head1 if what == COPY01 else head0
        memory[uintp(target)] = other if what == COPY10 else value
        dirt[uintp(dirty)] = target
        dirty += what == COPY01
        here = row
        row += WIDTH
        if (what == NOTHING) | (what == COPY01) | (what == COPY10):
            continue
        if what == WRITE:
            for write in range(number_of(does)):
                if written == out_limit:
                    left += number_of(does) - write
                    return OUTPUT_LIMIT, written, dirty, left, head0, head1
                if written < width:
                    output[uintp(written)] = value
                if written < right:
                    off: Any = abs(np.int64(value) - np.int64(wanted[uintp(written)]))
                    error += 256 - off if circular and off > 128 else off
                elif written < right + EXTRA:
                    error += PENALTY
                written += 1
            if error > bound and bound >= 0:
                return ABANDONED, written, dirty, left, head0, head1
        elif what == CLOSE:
            if value != 0:
                row = lower(ops[uintp(here + LOOP)])
        elif what == OPEN:
            if value == 0:
                row = lower(ops[uintp(here + LOOP)])
        elif what == LINEAR:
            after = lower(ops[uintp(here + LOOP)])
            if value == 0:
                row = after
            elif not halting or stays_inside(ops, here, after - WIDTH, head0, head1, cells):
                cost = ops[uintp(after - WIDTH + LOOP)] >> HALF
                passes = passes_to_zero(np.int64(value), ops[uintp(here + LOOP)] >> HALF)
                ends = passes < NEVER and passes * cost <= left
                if not ends:
                    passes = left // cost
                head1, dirty = skip_passes(ops, here, passes, memory, head0, head1, cells, halting, dirt, dirty)
                left -= passes * cost
                row = after if ends else row
        elif what == END:
            return FINISHED, written, dirty, left, head0, head1
        elif what == READ:
            reads, before = number_of(does), at
            at, status = read_tokens(memory, head0, inputs, at, size, reads, eof)
            if status != RUNNING:
                return status, written, dirty, left + reads - (at - before), head0, head1
        elif what == SET:
            memory[uintp(head0)] = np.uint8(number_of(does))
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
