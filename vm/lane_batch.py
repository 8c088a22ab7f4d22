"""Fast batch evaluation with many cases side by side: every program of a range on every case.

Cases run in packs of 16 or of 64 lanes, as machine code as far as that goes (see `vm.native_lockstep`), then block by
block (see `vm.lockstep`); lanes that are left over run on one after the other.
Results are taken in the order of the cases, so that a program that is given up (see `MOST_TIMEOUTS`) has those that it
would have had anyway; the first cases, which may decide that, are never run side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vm.batch_kernel import MOST_TIMEOUTS, REJECTS, START_HEAD0, START_HEAD1
from vm.block_kernel import run_blocks
from vm.blocks import COLD, HOT, begin_program
from vm.fast_batch import keep_output, put_input
from vm.jit import borrowed, kernel
from vm.lane_cases import begin_lanes, find_lengths, gather_outputs, keep_lane_output, spread_inputs, take_lane
from vm.lane_groups import APART, ENDED, GROUP, HEAD0, HEAD1, INPUT, LEFT, REGISTERS, ROW, TURN, WRITTEN
from vm.lanes import aligned, lane_of, lanes_in, row_type
from vm.layout import LIMIT, OUT_LIMIT, RUNNING, STEP_LIMIT, UNMATCHED
from vm.lockstep import run_lanes
from vm.loop_traces import ROOM
from vm.native_lockstep import begin_lane_runs
from vm.native_make import ROWS, SINGLE, begin_code, prepare_code, words_of_state
from vm.native_rows import NARROW, WIDE
from vm.native_run import begin_run

FEWEST_CASES = 4
"""Fewer do not run side by side."""
NARROW_BYTES, WIDE_BYTES = row_type(NARROW), row_type(WIDE)
NARROW_WORDS, WIDE_WORDS = row_type(NARROW, np.int64), row_type(WIDE, np.int64)
FEW_NARROW, FEW_WIDE = 2, 3
"""Of a group of so many lanes, each is run on by itself."""
MOST_CELLS = 1 << 12
"""A larger memory does not stay in the cache with one of every lane."""
MOST_OUTPUT = 1 << 12
"""Bytes that lanes have room for; one that puts out more is run on by itself."""


def first_in_lanes(cases: int, cells: int, most_timeouts: int) -> int:
    """The first case that does not run by itself; the number of cases if all of them do."""
    first = most_timeouts if most_timeouts < cases else 0
    return cases if cases - first < FEWEST_CASES or cells > MOST_CELLS else first


def lanes_for(cases: int, lead: int) -> int:
    """Lanes of a pack of those cases that do not run by themselves."""
    return NARROW if cases - lead <= NARROW else WIDE


def order_of_cases(inputs: Sequence[bytes]) -> NDArray[np.int64]:
    """The order that cases run in: `int64[cases]`, if they are several packs those with alike inputs beside each other.

    They stay together longer.
    """
    order = list(range(len(inputs)))
    if len(inputs) > WIDE:
        order.sort(key=lambda case: (len(inputs[case]), inputs[case]))
    return np.array(order, np.int64)


@kernel(
    "int64(uint8[::1],int64[::1],int64,int64,uint8[::1],int64[::1],int64[::1],int64[::1],int64[::1],int64,"
    "uint8[:,:,::1],int32[:,::1],int64[:,::1],uint8[:,::1],int64[:,::1],uint8[::1],int64,int64,int64[::1],uint8[:,::1],"
    "uint8[:,::1],uint8[::1],uint8[::1])",
    name="batch by blocks, cases side by side",
)
def batch_lanes(
    source: Any, offsets: Any, first: int, last: int, inputs: Any, input_offsets: Any,
    decoded: Any, settings: Any, start: Any, cells: int,
    outputs: Any, lengths: Any, steps: Any, status: Any, table: Any, shapes: Any, lead: int,
    lanes: int, order: Any, templates: Any, row_templates: Any, room: Any, row_room: Any,
) -> int:  # fmt: skip
    """`vm.fast_batch.batch_blocks` with cases from `lead` on side by side; what case i does is put at `order[i]`.

    They are in packs of so many lanes, `NARROW` or `WIDE`; code for these has templates and room of its own.
    """
    code = (templates, row_templates, room, row_room)
    if lanes == NARROW:
        return _prepare(  # type: ignore[no-any-return]
            source, offsets, first, last, inputs, input_offsets, settings, start, cells, outputs, lengths, steps,
            status, table, shapes, lead, order, code, FEW_NARROW,
            np.empty(0, NARROW_BYTES), np.empty(0, NARROW_WORDS),
        )  # fmt: skip
    return _prepare(  # type: ignore[no-any-return]
        source, offsets, first, last, inputs, input_offsets, settings, start, cells, outputs, lengths, steps,
        status, table, shapes, lead, order, code, FEW_WIDE,
            np.empty(0, WIDE_BYTES), np.empty(0, WIDE_WORDS),
    )  # fmt: skip


@kernel()
def _prepare(
    source: Any, offsets: Any, first: int, last: int, inputs: Any, input_offsets: Any, settings: Any, start: Any,
    cells: int, outputs: Any, lengths: Any, steps: Any, status: Any, table: Any, shapes: Any, lead: int, order: Any,
    code: Any, few: int, byte_rows: Any, word_rows: Any,
) -> int:  # fmt: skip
    """`batch_lanes` with rows of the types that two arrays have."""
    longest = widest = 0
    for program in range(first, last):
        longest = max(longest, offsets[program + 1] - offsets[program])
    cases, lanes = len(input_offsets) - 1, lanes_in(byte_rows)
    for case in range(cases):
        widest = max(widest, input_offsets[case + 1] - input_offsets[case])
    found = np.empty((4, longest + 4), np.int64)
    compiled = (np.empty((longest + 1) * HOT, np.int64), np.empty((longest + 1) * COLD, np.int64))
    actions, rates = np.empty(longest + 1 + ROOM, np.int64), np.empty((2, 2 * longest + 2), np.int64)
    memories, output = np.empty((2, cells), np.uint8), np.empty(settings[OUT_LIMIT], np.uint8)
    packs = (cases - lead + lanes - 1) // lanes
    streams, present = np.zeros((packs, widest + 1), byte_rows.dtype), np.zeros((packs, widest + 1), np.int64)
    spread_inputs(inputs, input_offsets, lead, streams, present)
    rows = (
        np.empty(cells + 2, byte_rows.dtype), np.empty(cells + cells // 2 + 2, byte_rows.dtype),
        np.empty(2, byte_rows.dtype),
        np.empty(min(settings[OUT_LIMIT], MOST_OUTPUT) + 1, byte_rows.dtype),
    )  # fmt: skip
    registers = np.empty(REGISTERS + 1, word_rows.dtype)
    groups = np.empty((2, lanes + 2, GROUP), np.int64)
    made = (np.empty(lanes, np.int64), np.empty((lanes, (outputs.shape[2] + 7) // 8), np.int64))
    states = np.empty((2, words_of_state(longest)), np.int64)
    return _run_all(  # type: ignore[no-any-return]
        source, offsets, first, last, inputs, input_offsets, settings, start, outputs, lengths, steps, status, table,
        shapes, found, compiled, actions, rates, memories, output, states, code, lead, order, few, rows, streams,
        present, registers, groups, made,
    )  # fmt: skip


@kernel()
def _run_all(
    source: Any, offsets: Any, first: int, last: int, inputs: Any, input_offsets: Any, settings: Any, start: Any,
    outputs: Any, lengths: Any, steps: Any, status: Any, table: Any, shapes: Any,
    found: Any, compiled: Any, actions: Any, rates: Any, memories: Any, output: Any, states: Any,
    code: Any, lead: int, order: Any, few: int, rows: Any, streams: Any, present: Any, registers: Any, groups: Any,
    made: Any,
) -> int:  # fmt: skip
    """`_prepare` with its scratch arrays, which it holds: here they are only borrowed."""
    source, inputs, settings = borrowed(source), borrowed(inputs), borrowed(settings)
    table, shapes, actions, rates = borrowed(table), borrowed(shapes), borrowed(actions), borrowed(rates)
    output, found, memories = borrowed(output), borrowed(found), borrowed(memories)
    edges, partners, pending, progress = found[0], found[1], found[2], found[3]
    memory, past = memories[0], memories[1]
    blocks, details = borrowed(compiled[0]), borrowed(compiled[1])
    lane_memory, lane_past, counts, lane_output = aligned(rows[0]), aligned(rows[1]), aligned(rows[2]), aligned(rows[3])
    streams, present, registers = borrowed(streams), borrowed(present), aligned(registers)
    groups, made_lengths, made_texts = borrowed(groups), borrowed(made[0]), borrowed(made[1])
    parked, aside = groups[0], groups[1]
    order, states = borrowed(order), borrowed(states)
    state, row_state = states[0], states[1]
    rates, sums = rates[0], rates[1]
    templates, row_templates, room, row_room = code
    prepare_code(state, source, shapes, templates, room, memory, settings[UNMATCHED] != 0)
    prepare_code(row_state, source, shapes, row_templates, row_room, lane_memory, settings[UNMATCHED] != 0)
    cases, lanes = len(input_offsets) - 1, lanes_in(lane_memory)
    for program in range(first, last):
        begin, end = offsets[program], offsets[program + 1]
        rejects = start[REJECTS] != 0
        if begin_program(rejects, source, begin, end, shapes, edges, partners, pending, blocks, progress):
            return program
        begin_code(state, begin, end, SINGLE)
        begin_code(row_state, begin, end, ROWS)
        timeouts = 0
        for case in range(cases):
            lane, pack, place = (case - lead) % lanes, (case - lead) // lanes, order[case]
            if case >= lead and lane == 0:
                begin_lanes(lane_memory, streams, pack, start)
                waiting = begin_lane_runs(
                    row_state, source, begin, end, table, shapes, edges, partners, pending, progress, blocks,
                    details, actions, rates, sums, lane_memory, lane_past, counts, streams[pack], present[pack],
                    lane_output, settings,
                    start[START_HEAD0], start[START_HEAD1], min(lanes, cases - case), registers, parked, aside,
                )  # fmt: skip
                if waiting > 0:
                    run_lanes(
                        source, begin, end, table, shapes, edges, partners, pending, progress, blocks, details,
                        actions, rates, lane_memory, lane_past, counts, streams[pack], present[pack], lane_output,
                        settings, few, registers, parked, waiting,
                    )  # fmt: skip
                find_lengths(lane_memory, registers, settings, made_lengths)
                gather_outputs(lane_memory, lane_output, settings, made_lengths, outputs.shape[2], made_texts)
            if case >= lead and lane_of(registers, ENDED, lane) != RUNNING:
                ended, made = lane_of(registers, ENDED, lane), settings[LIMIT] - lane_of(registers, LEFT, lane)
                keep_lane_output(
                    lane_memory, registers, settings, made_texts, made_lengths[lane], lane, outputs, lengths, program,
                    place,
                )  # fmt: skip
            else:
                at, size = input_offsets[case], input_offsets[case + 1]
                h0, h1, left = start[START_HEAD0], start[START_HEAD1], settings[LIMIT]
                row = spare = written = begun = 0
                if case >= lead:
                    take_lane(lane_memory, lane_output, registers, lane, memory, output)
                    turned, apart = lane_of(registers, TURN, lane), lane_of(registers, APART, lane)
                    h0 = (lane_of(registers, HEAD0, lane) + turned) % len(memory)
                    h1 = (lane_of(registers, HEAD1, lane) + turned + apart) % len(memory)
                    left, row = lane_of(registers, LEFT, lane), lane_of(registers, ROW, lane)
                    written, begun = lane_of(registers, WRITTEN, lane), lane_of(registers, INPUT, lane)
                    spare = lane_of(lane_memory, len(memory), lane)
                else:
                    memory[:] = 0
                    put_input(memory, inputs, at, size, start)
                ended, made, written = run_alone(
                    state, source, begin, end, table, shapes, edges, partners, pending, progress, blocks,
                    details, actions, rates, sums, memory, past, inputs, min(at + begun, size), size, output, settings,
                    h0, h1, row, spare, written, left,
                )  # fmt: skip
                keep_output(memory, output, settings, written, outputs, lengths, program, place)
            steps[program, place], status[program, place] = made, ended
            timeouts += ended == STEP_LIMIT
            if timeouts >= start[MOST_TIMEOUTS]:
                break
    return -1


@kernel()
def run_alone(
    state: Any, source: Any, begin: int, end: int, table: Any, shapes: Any, edges: Any, partners: Any, pending: Any,
    progress: Any, blocks: Any, details: Any, actions: Any, rates: Any, places: Any, memory: Any, past: Any,
    inputs: Any, at: int, size: int, output: Any, settings: Any, h0: int, h1: int, row: int, spare: int, written: int,
    left: int,
) -> tuple[int, int, int]:  # fmt: skip
    """`vm.block_kernel.run_blocks`, compiled once for all widths; from the start of a program first `begin_run`."""
    source, table, shapes, edges = borrowed(source), borrowed(table), borrowed(shapes), borrowed(edges)
    partners, pending, progress, blocks = borrowed(partners), borrowed(pending), borrowed(progress), borrowed(blocks)
    details, actions, rates, memory = borrowed(details), borrowed(actions), borrowed(rates), borrowed(memory)
    past, inputs, output, settings = borrowed(past), borrowed(inputs), borrowed(output), borrowed(settings)
    places = borrowed(places)
    if row == 0:
        ended, row, at, h0, h1, spare, written, left = begin_run(
            state, source, begin, end, table, shapes, edges, partners, pending, progress, blocks, places, memory, past,
            inputs, at, size, output, settings, h0, h1,
        )  # fmt: skip
        if ended != RUNNING:
            return ended, settings[LIMIT] - left, written
    return run_blocks(  # type: ignore[no-any-return]
        source, begin, end, table, shapes, edges, partners, pending, progress, blocks, details, actions, rates,
        memory, past, inputs, at, size, output, settings, h0, h1, row, spare, written, left,
    )  # fmt: skip
