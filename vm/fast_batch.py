"""Fast batch evaluation of programs that are apart from their memory: every program of a range, case after case."""

from __future__ import annotations

from typing import Any

import numpy as np

from vm.batch_kernel import IN_AT, IS_STREAM, LONGEST_MOVE, MOST_TIMEOUTS, REJECTS, START_HEAD0, START_HEAD1
from vm.block_kernel import run_blocks
from vm.blocks import COLD, HOT, begin_program
from vm.condition_kernel import output_length
from vm.jit import borrowed, kernel
from vm.layout import LIMIT, OUT_IS_STREAM, OUT_LENGTH, OUT_LIMIT, OUT_START, RUNNING, STEP_LIMIT, UNMATCHED
from vm.loop_traces import ROOM
from vm.native_make import SINGLE, begin_code, prepare_code, words_of_state
from vm.native_run import begin_run
from vm.raw import ROW, address, fetch

FETCHED = 1_024
"""Bytes of a program that are brought from memory before it is run; `ROW` of them come at once."""


@kernel(
    "int64(uint8[::1],int64[::1],int64,int64,uint8[::1],int64[::1],int64[::1],int64[::1],int64[::1],int64,"
    "uint8[:,:,::1],int32[:,::1],int64[:,::1],uint8[:,::1],int64[:,::1],uint8[::1],uint8[:,::1],uint8[::1])",
    name="batch by blocks",
)
def batch_blocks(
    source: Any, offsets: Any, first: int, last: int, inputs: Any, input_offsets: Any,
    decoded: Any, settings: Any, start: Any, cells: int,
    outputs: Any, lengths: Any, steps: Any, status: Any, table: Any, shapes: Any, templates: Any, room: Any,
) -> int:  # fmt: skip
    """Runs programs `first` to `last`; returns the index of one that must be rejected, or -1.

    The arguments are those of `vm.batch_kernel`'s loops, then `meanings` and `bracket_shapes` of `vm.blocks`, then
    `templates` and `take_room` of `vm.native_code`.
    """
    longest = 0
    for program in range(first, last):
        longest = max(longest, offsets[program + 1] - offsets[program])
    found = np.empty((4, longest + 4), np.int64)
    compiled = (np.empty((longest + 1) * HOT, np.int64), np.empty((longest + 1) * COLD, np.int64))
    actions, rates = np.empty(longest + 1 + ROOM, np.int64), np.empty(2 * longest + 2, np.int64)
    places = np.empty(longest + 1, np.int64)
    memories, output = np.zeros((2, cells), np.uint8), np.empty(min(settings[OUT_LIMIT], outputs.shape[2]), np.uint8)
    code = (np.empty(words_of_state(longest), np.int64), templates, room)
    return _run_all(  # type: ignore[no-any-return]
        source, offsets, first, last, inputs, input_offsets, settings, start,
        outputs, lengths, steps, status, table, shapes, found, compiled, actions, rates, places, memories, output,
        code,
    )  # fmt: skip


@kernel(inline=True)
def fetch_program(source: Any, offsets: Any, program: int) -> None:
    """Has the beginning of a long program brought from memory while another one runs; there may be no such program.

    Of many long ones no cache holds all, and the processor does not guess where the next one is looked at.
    """
    if program < len(offsets) - 1 and offsets[program + 1] - offsets[program] >= FETCHED:
        begin = address(source) + offsets[program]
        for place in range(begin, begin + FETCHED, ROW):
            fetch(place)


@kernel(inline=True)
def put_input(memory: Any, inputs: Any, at: int, size: int, start: Any) -> None:
    """Puts the input (`at` to `size`) where a run finds it, into an empty memory, unless it is a stream."""
    if not start[IS_STREAM]:
        for index in range(size - at):
            memory[np.uintp(start[IN_AT] + index)] = inputs[np.uintp(at + index)]


@kernel(inline=True)
def empty_memory(memory: Any, start: Any, size: int, steps: int) -> None:
    """Makes a memory empty again after a run of so many steps on an input of `size` bytes.

    A head gets no farther than each step takes it, and most runs are short: a memory of thousands of cells is left as
    it is but for where the heads may have been.
    """
    reach = steps * start[LONGEST_MOVE]
    if 4 * reach >= len(memory):
        memory[:] = 0
        return
    empty_around(memory, start[START_HEAD0], reach)
    empty_around(memory, start[START_HEAD1], reach)
    if not start[IS_STREAM]:
        memory[start[IN_AT] : start[IN_AT] + size] = 0


@kernel(inline=True)
def empty_around(memory: Any, head: int, reach: int) -> None:
    """Empties the cells that are no farther from a head's, around the edges of the memory."""
    begin, end = head - reach, head + reach + 1
    if begin < 0:
        memory[begin:] = 0
    if end > len(memory):
        memory[: end - len(memory)] = 0
    memory[max(begin, 0) : end] = 0


@kernel(inline=True)
def keep_output(
    memory: Any, output: Any, settings: Any, written: int, outputs: Any, lengths: Any, program: int, case: int
) -> None:  # fmt: skip
    """Copies what a run has put out, as much as there is room for, and tells the length of all of it."""
    length = output_length(memory, settings, written)
    kept = min(length, outputs.shape[2])
    if settings[OUT_LENGTH] == OUT_IS_STREAM:
        for index in range(kept):
            outputs[program, case, index] = output[index]
    else:
        for index in range(kept):
            outputs[program, case, index] = memory[settings[OUT_START] + index]
    lengths[program, case] = length


@kernel()
def _run_all(
    source: Any, offsets: Any, first: int, last: int, inputs: Any, input_offsets: Any,
    settings: Any, start: Any,
    outputs: Any, lengths: Any, steps: Any, status: Any, table: Any, shapes: Any,
    found: Any, compiled: Any, actions: Any, rates: Any, places: Any, memories: Any, output: Any, code: Any,
) -> int:  # fmt: skip
    """`batch_blocks` with its scratch arrays, which it holds: here they are only borrowed."""
    source, inputs, settings = borrowed(source), borrowed(inputs), borrowed(settings)
    table, shapes, actions, rates = borrowed(table), borrowed(shapes), borrowed(actions), borrowed(rates)
    output, found, memories, places = borrowed(output), borrowed(found), borrowed(memories), borrowed(places)
    edges, partners, pending, progress = found[0], found[1], found[2], found[3]
    memory, past = memories[0], memories[1]
    blocks, details = borrowed(compiled[0]), borrowed(compiled[1])
    state = borrowed(code[0])
    prepare_code(state, source, shapes, code[1], code[2], memory, settings[UNMATCHED] != 0)
    cases = len(input_offsets) - 1
    for program in range(first, last):
        begin, end = offsets[program], offsets[program + 1]
        fetch_program(source, offsets, program + 1)
        rejects = start[REJECTS] != 0
        if begin_program(rejects, source, begin, end, shapes, edges, partners, pending, blocks, progress):
            return program
        begin_code(state, begin, end, SINGLE)
        timeouts = 0
        for case in range(cases):
            at, size = input_offsets[case], input_offsets[case + 1]
            put_input(memory, inputs, at, size, start)
            ended, row, at, h0, h1, spare, written, left = begin_run(
                state, source, begin, end, table, shapes, edges, partners, pending, progress, blocks, places, memory,
                past, inputs, at, size, output, settings, start[START_HEAD0], start[START_HEAD1],
            )  # fmt: skip
            made = settings[LIMIT] - left
            if ended == RUNNING:
                ended, made, written = run_blocks(
                    source, begin, end, table, shapes, edges, partners, pending, progress, blocks,
                    details, actions, rates, memory, past, inputs, at, size, output, settings,
                    h0, h1, row, spare, written, left,
                )  # fmt: skip
            keep_output(memory, output, settings, written, outputs, lengths, program, case)
            empty_memory(memory, start, size - input_offsets[case], made)
            steps[program, case], status[program, case] = made, ended
            timeouts += ended == STEP_LIMIT
            if timeouts >= start[MOST_TIMEOUTS]:
                break
    return -1
