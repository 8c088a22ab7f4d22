"""Innermost loops in which nothing changes any more: a pass has been made, and all is as it was before it.

Such a loop never ends. What a pass can have changed is known from its instructions: where the heads are, and the cells
that it writes. Loops that read, write streams or use the spare register are not looked at.
"""

from __future__ import annotations

from typing import Any

from numpy import uintp

from vm.blocks import ACTION, KIND, MEANINGS, STEP0, STEP1, TO_HEAD1
from vm.jit import kernel
from vm.lanes import copy_row, equal_lanes
from vm.native_make import BEGIN, SOURCE, word_of
from vm.raw import WORD, byte, word

MOVES_ON = -1


@kernel(inline=True)
def find_written(state: int, block: int, cost: int, table: int, h0: Any, h1: Any, cells: int, places: Any) -> int:
    """Finds the cells that a pass of a loop writes, the same one perhaps more than once.

    Args:
        state: of code, its address.
        block: where the loop's block begins.
        cost: of a pass, steps.
        table: the address of `meanings`.
        h0: where head0 is when a pass begins.
        h1: where head1 is.
        cells: of the memory.
        places: `int64[…]`, written: as many cells as are found.

    Returns:
        How many are found, or `MOVES_ON` if head1 is elsewhere after a pass.
    """
    at = word_of(state, SOURCE) + word_of(state, BEGIN) + block
    cell0, cell1, many = h0, h1, 0
    for place in range(at, at + cost - 1):
        row = table + byte(place) * (MEANINGS * WORD)
        cell0 += word(row + STEP0 * WORD)
        cell0 -= cells if cell0 >= cells else 0
        cell1 += word(row + STEP1 * WORD)
        cell1 -= cells if cell1 >= cells else 0
        places[uintp(many)] = cell1 if word(row + ACTION * WORD) & TO_HEAD1 != 0 else cell0
        many += word(row + KIND * WORD) & 1
    return many if cell1 == h1 else MOVES_ON


@kernel(inline=True)
def keep_cells(memory: Any, places: Any, many: int, kept: Any) -> None:
    """Puts down what some cells hold: `uint8[many]`."""
    for index in range(many):
        kept[uintp(index)] = memory[uintp(places[uintp(index)])]


@kernel(inline=True)
def are_kept(memory: Any, places: Any, many: int, kept: Any) -> bool:
    """Whether these cells hold what was put down."""
    index = 0
    while index < many and kept[uintp(index)] == memory[uintp(places[uintp(index)])]:
        index += 1
    return index == many


@kernel(inline=True)
def keep_rows(memory: Any, places: Any, many: int, kept: Any) -> None:
    """Puts down what some cells hold in all lanes: rows, `[many]`."""
    for index in range(many):
        copy_row(kept, index, memory, places[uintp(index)], -1)


@kernel(inline=True)
def lanes_kept(memory: Any, places: Any, many: int, kept: Any, mask: int) -> int:
    """The lanes of a mask in which these cells hold what was put down."""
    index = 0
    while index < many and mask != 0:
        mask &= equal_lanes(kept, index, memory, places[uintp(index)])
        index += 1
    return mask
