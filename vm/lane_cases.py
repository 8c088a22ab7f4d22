"""Cases in lanes: how their inputs get there, and how what a lane holds gets out again."""

from __future__ import annotations

from typing import Any

from numpy import uintp

from vm.batch_kernel import IN_AT, IS_STREAM
from vm.block_kernel import wrapped
from vm.jit import borrowed, kernel
from vm.lane_groups import TURN, WRITTEN
from vm.lanes import copy_row, first_lane, lane_of, lanes_at, lanes_in, put_lane, set_row
from vm.layout import OUT_IS_STREAM, OUT_LENGTH, OUT_START, OUT_TO_ZERO
from vm.lockstep import ALL
from vm.raw import WORD, address, byte, put_byte, put_unaligned_word, word


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


@kernel()
def find_lengths(memory: Any, registers: Any, settings: Any, lengths: Any) -> None:
    """How many bytes lanes have put out, those in which the run is over: `int64[lanes]`, written.

    Where the output ends at a zero it is looked for in all lanes at once but those whose memory is turned.
    """
    memory, registers, settings, lengths = borrowed(memory), borrowed(registers), borrowed(settings), borrowed(lengths)
    lanes, cells, start = lanes_in(memory), len(memory) - 1, settings[OUT_START]
    if settings[OUT_LENGTH] != OUT_TO_ZERO:
        for lane in range(lanes):
            streams = settings[OUT_LENGTH] == OUT_IS_STREAM
            lengths[uintp(lane)] = lane_of(registers, WRITTEN, lane) if streams else settings[OUT_LENGTH]
        return
    mask = ALL if lanes == 64 else (1 << lanes) - 1
    straight = lanes_at(registers, TURN, 0) & mask
    turned, cell = mask & ~straight, start
    while straight != 0:
        over = straight & lanes_at(memory, cell, 0) if cell < cells else straight
        straight &= ~over
        while over != 0:
            lengths[uintp(first_lane(over))] = cell - start
            over &= over - 1
        cell += 1
    while turned != 0:
        lane = first_lane(turned)
        turned &= turned - 1
        begin, length = wrapped(start + cells - lane_of(registers, TURN, lane), cells), 0
        while start + length < cells and lane_of(memory, wrapped(begin + length, cells), lane) != 0:
            length += 1
        lengths[uintp(lane)] = length


@kernel(inline=True)
def _swap(one: int, other: int, shift: int, kept: int) -> tuple[int, int]:
    """Swaps parts of two words: of the one those that are `shift` bits above those of the other, which are `kept`."""
    change = (one >> shift ^ other) & kept
    return one ^ change << shift, other ^ change


@kernel()
def gather_outputs(memory: Any, output: Any, settings: Any, lengths: Any, width: int, texts: Any) -> None:
    """Turns rows of lanes into texts: the output of each lane whose memory is not turned, eight bytes a word.

    Eight rows of eight lanes at once, which is a matrix of 64 bytes that is transposed.

    Args:
        memory: rows, the lanes' cells.
        output: rows, what they have put out.
        settings: see `vm.layout`.
        lengths: `int64[lanes]`, of the outputs.
        width: how many bytes of an output are kept at most.
        texts: `int64[lanes, (width + 7) // 8]`, written as far as some output goes.
    """
    memory, output, settings = borrowed(memory), borrowed(output), borrowed(settings)
    lengths, texts = borrowed(lengths), borrowed(texts)
    lanes, longest = lanes_in(memory), 0
    for lane in range(lanes):
        longest = max(longest, lengths[uintp(lane)])
    rows, first, last = address(output), 0, len(output) - 1
    if settings[OUT_LENGTH] != OUT_IS_STREAM:
        rows, first, last = address(memory), settings[OUT_START], len(memory) - 2
    for index in range((min(longest, width) + 7) // 8):
        cell = first + 8 * index
        for group in range(0, lanes, 8):
            at = rows + group
            a, b = word(at + min(cell, last) * lanes), word(at + min(cell + 1, last) * lanes)
            c, d = word(at + min(cell + 2, last) * lanes), word(at + min(cell + 3, last) * lanes)
            e, f = word(at + min(cell + 4, last) * lanes), word(at + min(cell + 5, last) * lanes)
            g, h = word(at + min(cell + 6, last) * lanes), word(at + min(cell + 7, last) * lanes)
            (a, e), (b, f) = _swap(a, e, 32, 0xFFFFFFFF), _swap(b, f, 32, 0xFFFFFFFF)
            (c, g), (d, h) = _swap(c, g, 32, 0xFFFFFFFF), _swap(d, h, 32, 0xFFFFFFFF)
            (a, c), (b, d) = _swap(a, c, 16, 0xFFFF0000FFFF), _swap(b, d, 16, 0xFFFF0000FFFF)
            (e, g), (f, h) = _swap(e, g, 16, 0xFFFF0000FFFF), _swap(f, h, 16, 0xFFFF0000FFFF)
            (a, b), (c, d) = _swap(a, b, 8, 0xFF00FF00FF00FF), _swap(c, d, 8, 0xFF00FF00FF00FF)
            (e, f), (g, h) = _swap(e, f, 8, 0xFF00FF00FF00FF), _swap(g, h, 8, 0xFF00FF00FF00FF)
            texts[uintp(group), uintp(index)], texts[uintp(group + 1), uintp(index)] = a, b
            texts[uintp(group + 2), uintp(index)], texts[uintp(group + 3), uintp(index)] = c, d
            texts[uintp(group + 4), uintp(index)], texts[uintp(group + 5), uintp(index)] = e, f
            texts[uintp(group + 6), uintp(index)], texts[uintp(group + 7), uintp(index)] = g, h


@kernel(inline=True)
def keep_lane_output(
    memory: Any, registers: Any, settings: Any, texts: Any, length: int, lane: int, outputs: Any, lengths: Any,
    program: int, case: int,
) -> None:  # fmt: skip
    """`keep_output` of a lane; `texts` is what `gather_outputs` has written."""
    lengths[program, case] = length
    turned = lane_of(registers, TURN, lane)
    to, kept = address(outputs) + (program * outputs.shape[1] + case) * outputs.shape[2], min(length, outputs.shape[2])
    if turned != 0 and settings[OUT_LENGTH] != OUT_IS_STREAM:
        cells = len(memory) - 1
        for index in range(kept):
            put_byte(to + index, lane_of(memory, (settings[OUT_START] + index + cells - turned) % cells, lane))
        return
    text, index = address(texts) + lane * texts.shape[1] * WORD, 0
    while index + WORD <= kept:
        put_unaligned_word(to + index, word(text + index))
        index += WORD
    while index < kept:
        put_byte(to + index, byte(text + index))
        index += 1
