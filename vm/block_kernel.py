"""The fast run loop: a program block by block, innermost loops in closed form, states that come back recognised."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from vm.blocks import (
    ACTION,
    BRACKETS,
    CHECKED,
    COLD,
    CONSTANT,
    COPIES,
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
    LAPS,
    LAST,
    LOW0,
    LOW1,
    NOWHERE,
    REACHED,
    READS,
    SETS,
    SOURCE,
    SPARES,
    STREAMS,
    TARGET,
    THE_END,
    TO_HEAD1,
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
from vm.jit import kernel
from vm.layout import (
    EDGE,
    EOF,
    EOF_HALT,
    EOF_ZERO,
    FINISHED,
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
from vm.loop_bulk import UNFIT
from vm.loop_forms import skip_passes
from vm.loop_maps import block_passes
from vm.loop_passes import moved, rolls, run_passes
from vm.loop_traces import HEADER, MANY_LAPS, NO_HEADER, NOTES_AT, ROOM, act_specially, follow
from vm.raw import WORD, address, unaligned_word
from vm.straight_kernel import run_straight

NO_ROW = -3


@kernel(inline=True)
def wrapped(cell: int, cells: int) -> Any:
    """A cell that is less than one round too far, as an index."""
    return uintp(cell - cells if cell >= cells else cell)


@kernel(inline=True)
def first_difference(memory: Any, past: Any) -> int:
    """The first cell that two memories differ in, or how many they have."""
    here, there = address(memory), address(past)
    cell = 0
    while cell + WORD <= len(memory) and unaligned_word(here + cell) == unaligned_word(there + cell):
        cell += WORD
    while cell < len(memory) and memory[uintp(cell)] == past[uintp(cell)]:
        cell += 1
    return cell


@kernel(inline=True)
def run_plainly(
    source: Any, index: int, stop: int, table: Any, memory: Any, inputs: Any, at: int, size: int, output: Any,
    settings: Any, h0: int, h1: int, spare: Any, written: int, left: int,
) -> tuple[int, int, int, int, int, int, int]:  # fmt: skip
    """Executes the instructions from `index` to `stop`, none of them a bracket, one by one.

    Returns the status, `RUNNING` at `stop`, then head0, head1, the place in the input, the spare register, how many
    bytes are written and how many steps are left.
    """
    status = RUNNING
    while True:
        reached, h0, h1 = run_straight(
            address(source) + index, address(source) + min(stop, index + left), address(table), address(memory),
            len(memory), settings[EDGE] != 0, h0, h1,
        )  # fmt: skip
        reached -= address(source)
        left -= reached - index
        index = reached
        if index == stop:
            break
        action = table[source[uintp(index)], ACTION]
        op = action & 255
        if left == 0:
            status = STEP_LIMIT
        elif action >= 0:
            status = OUT_OF_BOUNDS
        elif op == READ:
            if at < size:
                memory[uintp(h0)] = inputs[uintp(at)]
                at += 1
            elif settings[EOF] == EOF_ZERO:
                memory[uintp(h0)] = 0
            elif settings[EOF] == EOF_HALT:
                status = INPUT_EXHAUSTED
        elif op == WRITE:
            if written < settings[OUT_LIMIT]:
                if written < len(output):
                    output[uintp(written)] = memory[uintp(h0)]
                written += 1
            else:
                status = OUTPUT_LIMIT
        elif op == STASH:
            spare = np.int64(memory[uintp(h0)])
        elif op == UNSTASH:
            memory[uintp(h0)] = np.uint8(spare)
        else:
            status = HALTED
            left -= 1
        if status != RUNNING:
            break
        index += 1
        left -= 1
    return status, h0, h1, at, spare, written, left


@kernel(inline=True)
def act(
    first: int, last: int, actions: Any, memory: Any, inputs: Any, at: int, size: int, eof: int, output: Any,
    h0: int, h1: int, spare: Any, written: int,
) -> tuple[int, int, int]:  # fmt: skip
    """Does a block's actions; returns the place in the input, the spare register and how many bytes are written."""
    cells = len(memory)
    for index in range(first, last):
        action = actions[uintp(index)]
        to = wrapped((action >> TARGET & DISTANCE_MASK) + (h1 if action & TO_HEAD1 else h0), cells)
        if action < 0:
            at, spare, written = act_specially(action & 255, to, memory, inputs, at, size, eof, output, spare, written)
        else:
            of = wrapped((action >> SOURCE & DISTANCE_MASK) + (h1 if action & FROM_HEAD1 else h0), cells)
            value = 0 if action & CONSTANT else np.int64(memory[of])
            memory[to] = np.uint8(value + action)
    return at, spare, written


@kernel(inline=True)
def run_blocks(
    source: Any, begin: int, end: int, table: Any, shapes: Any, edges: Any, partners: Any, pending: Any,
    progress: Any, blocks: Any, details: Any, actions: Any, rates: Any, memory: Any, past: Any,
    inputs: Any, at: int, size: int, output: Any, settings: Any, h0: Any, h1: Any,
    row: Any, spare: Any, written: Any, left: Any,
) -> tuple[int, int, int]:  # fmt: skip
    """Runs a program from the start of a block to its end.

    A block is run plainly when it is first reached; also where the limit does not allow to run all of it or something
    in it is going to be a fault: there the run ends. When an innermost loop comes back to its start, all passes are
    skipped that its closed form makes needless.

    Endless loops of any other kind are recognised by a whole state that comes back (Brent, "An improved Monte Carlo
    factorization algorithm", 1980, section 7): a state is kept when twice as many steps are done as at the last one
    that was; once the same one is met again, whole periods of what is left would change nothing but how much is written
    beyond the room of `output`. The cell that made the last comparison fail is looked at first.

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
        actions: of all blocks; its last `ROOM` words are scratch for `vm.loop_traces`.
        rates: see `find_form`.
        memory: `uint8[memory]`, the input in place.
        past: `uint8[memory]`, scratch: the kept state's memory.
        inputs: `uint8[total]`, the input from `at` to `size`.
        at: see `inputs`.
        size: see `inputs`.
        output: what `write` appends to; what there is no room for is only counted.
        settings: see `vm.layout`.
        h0: where head0 is.
        h1: where head1 is.
        row: of the block to start with, which must be known to `find_blocks`.
        spare: the spare register.
        written: bytes that are written already.
        left: steps that the limit leaves.

    Returns:
        The status, the steps and the bytes written, those before the start included.
    """
    cells = len(memory)
    limit, eof, out_limit = settings[LIMIT], settings[EOF], settings[OUT_LIMIT]
    halting, strict = settings[EDGE] != 0, settings[UNMATCHED] != 0
    kept_row = NO_ROW
    kept_h0 = kept_h1 = kept_at = kept_spare = kept_written = kept_left = witness = 0
    wait = 64 + cells // 4
    keep_at = limit - wait if limit >= 2 * wait else -1
    trace = actions[len(actions) - ROOM :]
    trace[HEADER] = NO_HEADER
    notes = address(trace) + NOTES_AT * WORD
    while row >= 0:
        plainly = blocks[uintp(row + COST)] == UNREACHED
        if blocks[uintp(row + COST)] < 0:
            block = row // HOT
            if progress[BRACKETS] <= block or (not plainly and partners[block] == UNKNOWN):
                find_blocks(
                    block, not plainly, source, begin, end, shapes, edges, partners, pending, blocks, progress
                )  # fmt: skip
            if not plainly:
                compile_block(
                    row, source, begin, table, shapes, edges, partners, blocks, details, actions, progress[BRACKETS],
                    cells, halting, strict,
                )  # fmt: skip
        cost, traits = blocks[uintp(row + COST)], blocks[uintp(row + TRAITS)]
        first, last = blocks[uintp(row + FIRST)], blocks[uintp(row + LAST)]
        travel0, travel1 = blocks[uintp(row + TRAVEL0)], blocks[uintp(row + TRAVEL1)]
        again = blocks[uintp(row + IF_NOT)]
        while True:
            fits = cost <= left and not plainly
            if fits and traits & CHECKED:
                cold = row * (COLD // HOT)
                if halting:
                    fits = h0 + details[cold + LOW0] >= 0 and h0 + details[cold + HIGH0] < cells
                    fits = fits and h1 + details[cold + LOW1] >= 0 and h1 + details[cold + HIGH1] < cells
                fits = fits and written + details[cold + WRITES] <= out_limit
                fits = fits and (eof != EOF_HALT or at + details[cold + READS] <= size)
            if not fits:
                stop = begin + edges[uintp(row // HOT + 1)] - 1
                status, h0, h1, at, spare, written, left = run_plainly(
                    source, begin + edges[uintp(row // HOT)], stop, table, memory, inputs, at, size, output, settings,
                    h0, h1, spare, written, left,
                )  # fmt: skip
                block = row // HOT
                if status == RUNNING and left == 0 and block < progress[BRACKETS]:
                    status = STEP_LIMIT
                if status != RUNNING:
                    return status, limit - left, written
                blocks[uintp(row + COST)] = REACHED
                if block == progress[BRACKETS]:
                    row = THE_END
                    break
                left -= 1
                zero = memory[uintp(h0)] == 0
                if zero and partners[uintp(block)] == UNKNOWN and shapes[source[uintp(stop)]] == 1:
                    find_blocks(block, True, source, begin, end, shapes, edges, partners, pending, blocks, progress)
                if_zero, if_not = jumps(row, source[uintp(stop)], shapes, partners, progress[BRACKETS], strict)
                row = if_zero if zero else if_not
                break
            at, spare, written = act(
                first, last, actions, memory, inputs, at, size, eof, output, h0, h1, spare, written
            )  # fmt: skip
            h0 = np.int64(wrapped(h0 + travel0, cells))
            h1 = np.int64(wrapped(h1 + travel1, cells))
            left -= cost
            if memory[uintp(h0)] == 0:
                row = blocks[uintp(row + IF_ZERO)]
                break
            if again == row and not traits & FORMLESS:
                ended = False
                if traits & (COPIES | SETS) and travel0 == 0 and travel1 == 0 and not traits & (STREAMS | SPARES):
                    passes = block_passes(
                        first, last, address(actions), notes, address(memory), cells, h0, h1, 0, left // cost
                    )  # fmt: skip
                    if passes == UNFIT:
                        blocks[uintp(row + TRAITS)] |= FORMLESS
                    else:
                        left -= passes * cost
                else:
                    left, h0, h1, ended = skip_passes(row, blocks, details, actions, rates, memory, h0, h1, left)
                traits = blocks[uintp(row + TRAITS)]
                if ended:
                    row = blocks[uintp(row + IF_ZERO)]
                    break
                if not traits & FORMLESS:
                    continue
            if again > row or again < 0:
                row = again
                break
            if again == row and cost <= left and rolls(row, blocks):
                passes = run_passes(
                    first, last, address(actions), notes, address(memory), cells, h0, h1, travel0, travel1,
                    left // cost,
                )  # fmt: skip
                left -= passes * cost
                h0, h1 = moved(h0, passes, travel0, cells), moved(h1, passes, travel1, cells)
                if memory[uintp(h0)] == 0:
                    row = blocks[uintp(row + IF_ZERO)]
                    break
            elif not halting and blocks[uintp(again + COST)] >= 0:
                cold = again * (COLD // HOT)
                details[uintp(cold + LAPS)] += 1
                if details[uintp(cold + LAPS)] > MANY_LAPS:
                    follows, h0, h1, at, spare, written, left = follow(
                        trace, again, blocks, details, actions, memory, inputs, at, size, eof, output, out_limit,
                        h0, h1, spare, written, left, past, witness, kept_h0 if again == kept_row else -1, kept_h1,
                        kept_at, kept_written, keep_at,
                    )  # fmt: skip
                    if follows != again:
                        row = follows
                        break
            if (
                h0 == kept_h0 and again == kept_row and h1 == kept_h1 and at == kept_at
                and (written == kept_written or kept_written >= len(output)) and spare == kept_spare
                and memory[uintp(witness)] == past[uintp(witness)]
            ):  # fmt: skip
                difference = first_difference(memory, past)
                if difference == cells:
                    periods = left // (kept_left - left)
                    if written > kept_written:
                        periods = min(periods, (out_limit - written) // (written - kept_written))
                    left, written = left - periods * (kept_left - left), written + periods * (written - kept_written)
                    kept_row = NO_ROW
                    keep_at = -1
                else:
                    witness = difference
            elif left <= keep_at:
                keep_at = limit - 2 * (limit - left)
                for cell in range(cells):
                    past[uintp(cell)] = memory[uintp(cell)]
                kept_row, kept_h0, kept_h1, kept_left = again, h0, h1, left
                kept_at, kept_spare, kept_written = at, spare, written
            if again != row:
                row = again
                break
    if row == NOWHERE:
        return UNMATCHED_BRACKET, limit - left - 1, written
    return FINISHED, limit - left, written
