"""Fast batch evaluation of programs that are apart from their memory: every program of a range on every case.

Many cases run side by side, in packs of `LANES` (see `vm.lockstep`); a few, and lanes that are left over, run one after
the other. Results are taken in the order of the cases, so that a program that is given up (see `MOST_TIMEOUTS`) has
those that it would have had anyway; the first cases, which may decide that, are never run side by side.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vm.batch_kernel import IN_AT, IS_STREAM, MOST_TIMEOUTS, REJECTS, START_HEAD0, START_HEAD1
from vm.block_kernel import run_blocks
from vm.blocks import BRACKETS, COLD, HOT, PAIRED, begin_blocks, find_blocks
from vm.condition_kernel import output_length
from vm.jit import borrowed, kernel
from vm.lane_cases import begin_lanes, keep_lane_output, spread_inputs, take_lane
from vm.lane_groups import ENDED, GROUP, HEAD0, HEAD1, INPUT, LEFT, REGISTERS, ROW, WRITTEN
from vm.lanes import LANES, ROW_TYPE, aligned, lane_of
from vm.layout import LIMIT, OUT_IS_STREAM, OUT_LENGTH, OUT_LIMIT, OUT_START, RUNNING, STEP_LIMIT
from vm.lockstep import run_lanes

FEWEST_CASES = 4
"""Fewer do not run side by side."""
FEW = 3
"""Of a group of so many lanes, each is run on by itself."""
MOST_CELLS = 1 << 12
"""A larger memory does not stay in the cache with one of every lane."""
MOST_OUTPUT = 1 << 12
"""Bytes that lanes have room for; one that puts out more is run on by itself."""


@kernel()
def first_in_lanes(cases: int, cells: int, start: Any) -> int:
    """The first case that does not run by itself; the number of cases if all of them do."""
    first = start[MOST_TIMEOUTS] if start[MOST_TIMEOUTS] < cases else 0
    if cases - first < FEWEST_CASES or cells > MOST_CELLS:
        return cases
    return first


@kernel(
    "int64(uint8[::1],int64[::1],int64,int64,uint8[::1],int64[::1],int64[::1],int64[::1],int64[::1],int64,"
    "uint8[:,:,::1],int32[:,::1],int64[:,::1],uint8[:,::1],int64[:,::1],uint8[::1])",
    name="batch by blocks",
)
def batch_blocks(
    source: Any, offsets: Any, first: int, last: int, inputs: Any, input_offsets: Any,
    decoded: Any, settings: Any, start: Any, cells: int,
    outputs: Any, lengths: Any, steps: Any, status: Any, table: Any, shapes: Any,
) -> int:  # fmt: skip
    """Runs programs `first` to `last`; returns the index of one that must be rejected, or -1.

    The arguments are those of `vm.batch_kernel`'s loops, then `meanings` and `bracket_shapes` of `vm.blocks`.
    """
    longest = widest = 0
    for program in range(first, last):
        longest = max(longest, offsets[program + 1] - offsets[program])
    cases = len(input_offsets) - 1
    for case in range(cases):
        widest = max(widest, input_offsets[case + 1] - input_offsets[case])
    found = np.empty((4, longest + 4), np.int64)
    compiled = (np.empty((longest + 1) * HOT, np.int64), np.empty((longest + 1) * COLD, np.int64))
    actions, rates = np.empty(longest + 1, np.int64), np.empty(2 * longest + 2, np.int64)
    memories, output = np.empty((2, cells), np.uint8), np.empty(settings[OUT_LIMIT], np.uint8)
    lead = first_in_lanes(cases, cells, start)
    packs = (cases - lead + LANES - 1) // LANES
    room = 1 if packs else 0
    rows = (
        np.empty(room * cells + 2, ROW_TYPE), np.empty(room * cells + 2, ROW_TYPE), np.empty(2, ROW_TYPE),
        np.empty(min(settings[OUT_LIMIT], MOST_OUTPUT) + 1, ROW_TYPE), np.zeros((packs, widest + 1), ROW_TYPE),
    )  # fmt: skip
    present = np.zeros((packs, widest + 1), np.int64)
    spread_inputs(inputs, input_offsets, lead, rows[4], present)
    lanes = (np.empty((REGISTERS, LANES), np.int64), np.empty((LANES + 2, GROUP), np.int64))
    return _run_all(  # type: ignore[no-any-return]
        source, offsets, first, last, inputs, input_offsets, settings, start,
        outputs, lengths, steps, status, table, shapes, found, compiled, actions, rates, memories, output,
        lead, rows, present, lanes,
    )  # fmt: skip


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
    found: Any, compiled: Any, actions: Any, rates: Any, memories: Any, output: Any,
    lead: int, rows: Any, present: Any, lanes: Any,
) -> int:  # fmt: skip
    """`batch_blocks` with its scratch arrays, which it holds: here they are only borrowed."""
    source, inputs, settings = borrowed(source), borrowed(inputs), borrowed(settings)
    table, shapes, actions, rates = borrowed(table), borrowed(shapes), borrowed(actions), borrowed(rates)
    output, found, memories = borrowed(output), borrowed(found), borrowed(memories)
    edges, partners, pending, progress = found[0], found[1], found[2], found[3]
    memory, past = memories[0], memories[1]
    blocks, details = borrowed(compiled[0]), borrowed(compiled[1])
    lane_memory, lane_past, counts, lane_output = aligned(rows[0]), aligned(rows[1]), aligned(rows[2]), aligned(rows[3])
    streams, present, registers, groups = borrowed(rows[4]), borrowed(present), borrowed(lanes[0]), borrowed(lanes[1])
    cases = len(input_offsets) - 1
    for program in range(first, last):
        begin, end = offsets[program], offsets[program + 1]
        begin_blocks(edges, pending, blocks, progress)
        if start[REJECTS]:
            find_blocks(
                end - begin, False, source, begin, end, shapes, edges, partners, pending, blocks, progress
            )  # fmt: skip
            if progress[BRACKETS] > progress[PAIRED]:
                return program
        timeouts = 0
        for case in range(cases):
            lane, pack = (case - lead) % LANES, (case - lead) // LANES
            if case >= lead and lane == 0:
                begin_lanes(lane_memory, streams, pack, start)
                run_lanes(
                    source, begin, end, table, shapes, edges, partners, pending, progress, blocks, details,
                    actions, rates, lane_memory, lane_past, counts, streams[pack], present[pack], lane_output, settings,
                    start[START_HEAD0], start[START_HEAD1], min(LANES, cases - case), FEW, registers, groups,
                )  # fmt: skip
            if case >= lead and registers[ENDED, lane] != RUNNING:
                ended, made = registers[ENDED, lane], settings[LIMIT] - registers[LEFT, lane]
                written = registers[WRITTEN, lane]
                keep_lane_output(lane_memory, lane_output, settings, written, lane, outputs, lengths, program, case)
            else:
                at, size = input_offsets[case], input_offsets[case + 1]
                h0, h1, left = start[START_HEAD0], start[START_HEAD1], settings[LIMIT]
                row = spare = written = begun = 0
                if case >= lead:
                    take_lane(lane_memory, lane_output, registers, lane, memory, output)
                    h0, h1, left = registers[HEAD0, lane], registers[HEAD1, lane], registers[LEFT, lane]
                    row, written, begun = registers[ROW, lane], registers[WRITTEN, lane], registers[INPUT, lane]
                    spare = lane_of(lane_memory, len(memory), lane)
                else:
                    memory[:] = 0
                    if not start[IS_STREAM]:
                        for index in range(size - at):
                            memory[np.uintp(start[IN_AT] + index)] = inputs[np.uintp(at + index)]
                ended, made, written = run_blocks(
                    source, begin, end, table, shapes, edges, partners, pending, progress, blocks,
                    details, actions, rates, memory, past, inputs, min(at + begun, size), size, output, settings,
                    h0, h1, row, spare, written, left,
                )  # fmt: skip
                keep_output(memory, output, settings, written, outputs, lengths, program, case)
            steps[program, case], status[program, case] = made, ended
            timeouts += ended == STEP_LIMIT
            if timeouts >= start[MOST_TIMEOUTS]:
                break
    return -1
