"""The beginning of a run as machine code; `vm.block_kernel` goes on with what is left (see `vm.native_kernel`)."""

from __future__ import annotations

from typing import Any

from vm.block_kernel import run_plainly
from vm.blocks import NOWHERE, THE_END
from vm.jit import kernel
from vm.layout import FINISHED, LIMIT, OUT_LIMIT, RUNNING, STEP_LIMIT, UNMATCHED_BRACKET
from vm.native_code import HEAD0, HEAD1, INPUT, INPUT_END, LEFT, OUTPUT, OUTPUT_END, SPARE
from vm.native_kernel import FEW_STEPS, MOST_STEPS, cost_of, is_made, run_single
from vm.native_loops import SUMS, is_loop, kind_of_loop, row_at
from vm.native_make import CODE, SINGLE, put_word_of, word_of
from vm.raw import address


@kernel(inline=True)
def _is_simple(state: int, block: int, table: int, cells: int) -> bool:
    """Whether a run has stopped in an innermost loop that only adds, always to the same cells."""
    cost = cost_of(state, block, SINGLE)
    return is_loop(state, block, cost) and kind_of_loop(state, block, cost, table, cells) == SUMS  # type: ignore[no-any-return]


@kernel(inline=True)
def begin_run(
    state: Any, source: Any, begin: int, end: int, table: Any, shapes: Any, edges: Any, partners: Any, pending: Any,
    progress: Any, blocks: Any, memory: Any, inputs: Any, at: Any, size: int, output: Any, settings: Any, h0: Any,
    h1: Any,
) -> tuple[int, Any, Any, Any, Any, Any, Any, Any]:  # fmt: skip
    """Runs a program from its beginning as code, as far as that can be done and is worth it.

    The parameters are those of `vm.block_kernel.run_blocks`, which goes on with what is returned if the run is not
    over: the status, the row, the place in the input, where the heads are, the spare register, the bytes that are
    written and the steps that are left.
    """
    here, limit = address(state), settings[LIMIT]
    steps, most = min(limit, FEW_STEPS), min(limit, MOST_STEPS)
    if word_of(here, CODE) == 0 or most > settings[OUT_LIMIT]:
        return RUNNING, 0, at, h0, h1, 0, 0, limit
    put_word_of(here, LEFT, steps)
    put_word_of(here, HEAD0, h0)
    put_word_of(here, HEAD1, h1)
    put_word_of(here, INPUT, address(inputs) + at)
    put_word_of(here, INPUT_END, address(inputs) + size)
    put_word_of(here, OUTPUT, address(output))
    put_word_of(here, OUTPUT_END, address(output) + len(output))
    put_word_of(here, SPARE, 0)
    place = run_single(here, 0, -1)
    if most > steps and is_made(here, place) and not _is_simple(here, place, address(table), len(memory)):
        put_word_of(here, LEFT, word_of(here, LEFT) + most - steps)
        steps = most
        place = run_single(here, place, -1)
    left = limit - steps + word_of(here, LEFT)
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
