"""The beginning of a run as machine code; `vm.block_kernel` goes on with what is left (see `vm.native_kernel`)."""

from __future__ import annotations

from typing import Any

from vm.block_kernel import run_plainly
from vm.blocks import NOWHERE, THE_END
from vm.jit import kernel
from vm.layout import FINISHED, LIMIT, OUT_LIMIT, RUNNING, STEP_LIMIT, UNMATCHED_BRACKET
from vm.native_code import HEAD0, HEAD1, INPUT, INPUT_END, LEFT, OUTPUT, OUTPUT_END, SPARE
from vm.native_kernel import FEW_STEPS, MORE, MOST_STEPS, cost_of, is_made, run_single
from vm.native_loops import OTHER, SUMS, is_loop, kind_of_loop, row_at
from vm.native_make import CODE, SINGLE, put_word_of, word_of
from vm.raw import address
from vm.still_loops import MOVES_ON, are_kept, find_written, keep_cells


@kernel(inline=True)
def _run_for(state: int, place: int, steps: int) -> tuple[int, int]:
    """Runs a program on from a block for so many steps at most; returns where it is then, and the steps made."""
    put_word_of(state, LEFT, steps)
    place = run_single(state, place, -1)
    return place, steps - word_of(state, LEFT)


@kernel(inline=True)
def _is_still(
    state: int, block: int, cost: int, table: int, memory: Any, places: Any, kept: Any
) -> tuple[bool, int, int]:  # fmt: skip
    """Makes a pass of an innermost loop; returns whether that has changed nothing, where the run is then, and steps.

    The parameters are those of `vm.still_loops.find_written` and `keep_cells`.
    """
    h0, h1 = word_of(state, HEAD0), word_of(state, HEAD1)
    many = find_written(state, block, cost, table, h0, h1, len(memory), places)
    if many == MOVES_ON or many > len(kept):
        return False, block, 0
    keep_cells(memory, places, many, kept)
    place, made = _run_for(state, block, cost)
    return place == block and are_kept(memory, places, many, kept), place, made


@kernel(inline=True)
def begin_run(
    state: Any, source: Any, begin: int, end: int, table: Any, shapes: Any, edges: Any, partners: Any, pending: Any,
    progress: Any, blocks: Any, places: Any, memory: Any, past: Any, inputs: Any, at: Any, size: int, output: Any,
    settings: Any, h0: Any, h1: Any,
) -> tuple[int, Any, Any, Any, Any, Any, Any, Any]:  # fmt: skip
    """Runs a program from its beginning as code, as far as that can be done and is worth it.

    The parameters are those of `vm.block_kernel.run_blocks`, and `places`, scratch for a number of each instruction.
    That goes on with what is returned if the run is not over: the status, the row, the place in the input, where the
    heads are, the spare register, the bytes that are written and the steps that are left.
    """
    here, limit, cells = address(state), settings[LIMIT], len(memory)
    most = min(limit, MOST_STEPS)
    if word_of(here, CODE) == 0 or most > settings[OUT_LIMIT]:
        return RUNNING, 0, at, h0, h1, 0, 0, limit
    put_word_of(here, HEAD0, h0)
    put_word_of(here, HEAD1, h1)
    put_word_of(here, INPUT, address(inputs) + at)
    put_word_of(here, INPUT_END, address(inputs) + size)
    put_word_of(here, OUTPUT, address(output))
    put_word_of(here, OUTPUT_END, address(output) + len(output))
    put_word_of(here, SPARE, 0)
    place = done = 0
    steps = min(most, FEW_STEPS)
    while True:
        place, made = _run_for(here, place, steps - done)
        done += made
        if steps == most or not is_made(here, place):
            break
        cost = cost_of(here, place, SINGLE)
        if done + cost <= most and is_loop(here, place, cost):
            loop, kind = place, kind_of_loop(here, place, cost, address(table), cells)
            if kind != OTHER:
                still, place, made = _is_still(here, loop, cost, address(table), memory, places, past)
                done += made
                if still:
                    done = limit - (limit - done) % cost
                if still or not is_made(here, place) or (kind == SUMS and place == loop):
                    break
        steps = min(most, steps * MORE)
    left = limit - done
    at, written = word_of(here, INPUT) - address(inputs), word_of(here, OUTPUT) - address(output)
    h0, h1, spare = word_of(here, HEAD0), word_of(here, HEAD1), word_of(here, SPARE)
    status, row = RUNNING, place
    if place == THE_END:
        status = FINISHED
    elif place == NOWHERE:
        status = UNMATCHED_BRACKET
        left += 1
    elif is_made(here, place) and left < cost_of(here, place, SINGLE):
        _, _, _, _, _, written, left = run_plainly(
            source, begin + place, begin + place + left, table, memory, inputs, at, size, output, settings, h0, h1,
            spare, written, left,
        )  # fmt: skip
        status = STEP_LIMIT
    else:
        row = row_at(place, source, begin, end, shapes, edges, partners, pending, progress, blocks)
    return status, row, at, h0, h1, spare, written, left
