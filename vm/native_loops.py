"""Where code stops in a loop: what is known of the loop there, and how its passes are skipped in lanes."""

from __future__ import annotations

from typing import Any

from vm.blocks import (
    BRACKETS,
    COPIES,
    COST,
    FORMLESS,
    HOT,
    KIND,
    MEANINGS,
    REACHED,
    SETS,
    SPARES,
    STEP0,
    STREAMS,
    TRAITS,
    compile_block,
    count_brackets,
    find_blocks,
)  # fmt: skip
from vm.jit import borrowed, kernel
from vm.lane_groups import EXTRA, KEPT_LEFT, shorten
from vm.lane_loops import skip_lane_passes, skip_sums
from vm.lanes import add_to_row
from vm.layout import UNMATCHED
from vm.native_make import BEGIN, PARTNER, SOURCE, link, shape_of, word_of
from vm.raw import WORD, address, byte, word
from vm.still_loops import MOVES_ON, find_written, keep_rows, lanes_kept

SUMS, COPYING, OTHER = range(3)
"""Kinds of innermost loops: head0 is at rest and cells have amounts added; or are copied and set, too; all others."""
SKIPPED, WANTS_PASS, NO_FORM = range(3)
"""What came of skipping passes: that has been done, if only as far as it is possible; a whole pass has to be made
first; there is no closed form for that."""


@kernel(inline=True)
def is_loop(state: int, block: int, cost: int) -> bool:
    """Whether a block of so many steps that there is code for is an innermost loop."""
    bracket = block + cost - 1
    return block > 0 and word(link(state, bracket, PARTNER)) == block - 1 and shape_of(state, bracket) == 3


@kernel(inline=True)
def kind_of_loop(state: int, block: int, cost: int, table: int, cells: int) -> int:
    """`SUMS` …, of a block of so many steps that is an innermost loop."""
    at = word_of(state, SOURCE) + word_of(state, BEGIN) + block
    travel = kinds = 0
    for place in range(at, at + cost - 1):
        row = table + byte(place) * (MEANINGS * WORD)
        travel += word(row + STEP0 * WORD)
        kinds |= word(row + KIND * WORD)
    if travel % cells != 0 or kinds & (STREAMS | SPARES) != 0:
        return OTHER
    return COPYING if kinds & (COPIES | SETS) != 0 else SUMS


@kernel(inline=True)
def row_at(
    place: int, source: Any, begin: int, end: int, shapes: Any, edges: Any, partners: Any, pending: Any, progress: Any,
    blocks: Any,
) -> Any:  # fmt: skip
    """The hot row of the block that begins at a place of a program and that has been run."""
    block = count_brackets(
        address(source), begin, begin + place, len(source), address(shapes), address(shapes) + len(shapes)
    )
    if progress[BRACKETS] <= block:
        find_blocks(block, False, source, begin, end, shapes, edges, partners, pending, blocks, progress)
    row = block * HOT
    if blocks[row + COST] < 0:
        blocks[row + COST] = REACHED
    return row


@kernel()
def skip_loop(
    place: int, cost: int, whole: bool, kept: bool, state: int, source: Any, begin: int, end: int, table: Any,
    shapes: Any, edges: Any, partners: Any, pending: Any, progress: Any, blocks: Any, details: Any, actions: Any,
    rates: Any, sums: Any, memory: Any, past: Any, counts: Any, settings: Any, registers: Any, h0: Any, h1: Any,
    left: int, mask: int,
) -> tuple[int, Any, int, int]:  # fmt: skip
    """Skips passes of an innermost loop that a group is at the start of.

    The parameters are those of `vm.lockstep.run_lanes`, but for where the loop's block begins and what a pass costs,
    whether the group has just come back after a `whole` one, and whether that is the one that it was told to make, so
    that what was before it is `kept`, the `state` of code, `sums`, which is scratch and as long as `rates`, and the
    group's heads, steps and lanes.

    Returns:
        How many steps the group has left, where head1 is, the lanes in which the loop has ended, and `SKIPPED` ….
    """
    source, table, shapes, edges = borrowed(source), borrowed(table), borrowed(shapes), borrowed(edges)
    partners, pending, progress, blocks = borrowed(partners), borrowed(pending), borrowed(progress), borrowed(blocks)
    details, actions, rates, settings = borrowed(details), borrowed(actions), borrowed(rates), borrowed(settings)
    memory, counts, sums, registers = borrowed(memory), borrowed(counts), borrowed(sums), borrowed(registers)
    past = borrowed(past)
    cells = len(memory) - 1
    kind = kind_of_loop(state, place, cost, address(table), cells)
    if kind == OTHER:
        return left, h1, 0, NO_FORM
    if kind == SUMS:
        first = address(source) + begin + place
        left, h1, ended = skip_sums(
            first, first + cost - 1, address(table), sums, memory, counts, registers, h0, h1, left, mask
        )
        return left, h1, ended, SKIPPED
    many = find_written(state, place, cost, address(table), h0, h1, cells, sums) if cost <= cells else MOVES_ON
    still = lanes_kept(memory, sums, many, past, mask) if kept and many != MOVES_ON else 0
    if still != 0:
        add_to_row(registers, KEPT_LEFT, EXTRA, left + cost, still)
        return shorten(registers, mask, still, left, 0), h1, 0, SKIPPED
    if whole:
        before = left
        left, h1, ended = _skip_by_form(
            place, source, begin, end, table, shapes, edges, partners, pending, progress, blocks, details, actions,
            rates, memory, counts, settings, registers, h0, h1, left, mask,
        )  # fmt: skip
        if left != before or ended != 0:
            return left, h1, ended, SKIPPED
    if kept:
        return left, h1, 0, NO_FORM
    keep_rows(memory, sums, many, past)
    return left, h1, 0, WANTS_PASS


@kernel(inline=True)
def _skip_by_form(
    place: int, source: Any, begin: int, end: int, table: Any, shapes: Any, edges: Any, partners: Any, pending: Any,
    progress: Any, blocks: Any, details: Any, actions: Any, rates: Any, memory: Any, counts: Any, settings: Any,
    registers: Any, h0: Any, h1: Any, left: int, mask: int,
) -> tuple[int, Any, int]:  # fmt: skip
    """Skips passes of a loop that has made a whole one, if it has a closed form: see `vm.lane_loops`."""
    row = row_at(place, source, begin, end, shapes, edges, partners, pending, progress, blocks)
    if blocks[row + COST] < 0:
        compile_block(
            row, source, begin, table, shapes, edges, partners, blocks, details, actions, progress[BRACKETS],
            len(memory) - 1, False, settings[UNMATCHED] != 0,
        )  # fmt: skip
    if blocks[row + TRAITS] & FORMLESS:
        return left, h1, 0
    return skip_lane_passes(  # type: ignore[no-any-return]
        row, blocks, details, actions, rates, memory, counts, registers, h0, h1, left, mask
    )
