"""Cases in lanes: how their inputs get there, and how what a lane holds gets out again."""

from __future__ import annotations

from typing import Any

from numpy import uintp

from vm.batch_kernel import IN_AT, IS_STREAM
from vm.block_kernel import wrapped
from vm.jit import kernel
from vm.lane_groups import TURN, WRITTEN
from vm.lanes import copy_row, lane_of, lanes_in, put_lane, set_row
from vm.layout import OUT_IS_STREAM, OUT_LENGTH, OUT_START, OUT_TO_ZERO
from vm.lockstep import ALL


@kernel()
def spread_inputs(inputs: Any, input_offsets: Any, lead: int, streams: Any, present: Any) -> None:
    """Puts the inputs of cases from `lead` on into lanes.

    Args:
        inputs: `uint8[total]`.
        input_offsets: `int64[cases + 1]`.
        lead: the first case of the first pack.
        streams: rows, `[packs, longest + 1]`, written.
        present: `int64[packs, longest + 1]`, all zero before; written: the lanes whose input has such a byte.
    """
    lanes = lanes_in(streams[0])
    for case in range(lead, len(input_offsets) - 1):
        pack, lane = (case - lead) // lanes, (case - lead) % lanes
        for index in range(input_offsets[case + 1] - input_offsets[case]):
            present[pack, index] |= 1 << lane
            put_lane(streams[pack], index, lane, inputs[input_offsets[case] + index])


@kernel(inline=True)
def begin_lanes(memory: Any, streams: Any, pack: int, start: Any) -> None:
    """Makes the memory of every lane what it is when its case begins."""
    for cell in range(len(memory)):
        set_row(memory, cell, 0, ALL)
    if not start[IS_STREAM]:
        for index in range(streams.shape[1] - 1):
            copy_row(memory, start[IN_AT] + index, streams[pack], index, ALL)


@kernel(inline=True)
def take_lane(memory: Any, output: Any, registers: Any, lane: int, single: Any, single_output: Any) -> None:
    """Copies a lane's memory and what it has put out to where a run by itself has them."""
    cells = len(single)
    begin = cells - lane_of(registers, TURN, lane)
    for cell in range(begin, cells):
        single[uintp(cell - begin)] = lane_of(memory, cell, lane)
    for cell in range(begin):
        single[uintp(cell + cells - begin)] = lane_of(memory, cell, lane)
    for index in range(lane_of(registers, WRITTEN, lane)):
        single_output[uintp(index)] = lane_of(output, index, lane)


@kernel(inline=True)
def keep_lane_output(
    memory: Any, output: Any, registers: Any, settings: Any, written: int, lane: int, outputs: Any, lengths: Any,
    program: int, case: int,
) -> None:  # fmt: skip
    """`keep_output` of a lane."""
    streams = settings[OUT_LENGTH] == OUT_IS_STREAM
    cells = len(memory) - 1
    begin = wrapped(settings[OUT_START] + cells - lane_of(registers, TURN, lane), cells)
    length = written if streams else settings[OUT_LENGTH]
    if settings[OUT_LENGTH] == OUT_TO_ZERO:
        length = 0
        while settings[OUT_START] + length < cells and lane_of(memory, wrapped(begin + length, cells), lane) != 0:
            length += 1
    lengths[program, case] = length
    for index in range(min(length, outputs.shape[2])):
        outputs[program, case, index] = (
            lane_of(output, index, lane) if streams else lane_of(memory, wrapped(begin + index, cells), lane)
        )  # fmt: skip
