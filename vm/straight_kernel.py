"""Straight code that is met for the first time, without a jump that depends on it.

Each such jump would be predicted wrongly, which costs more than several instructions. So every instruction does the
same: heads move, perhaps by nothing; a value, that of head0's cell or read from a cell, has an amount added and is
stored, if only where it came from. The value of head0's cell is carried along: to load what was stored just before
takes longer than all the rest. It is loaded only after a move, otherwise something that nobody writes is.
"""

from __future__ import annotations

from typing import Any

from numpy import int64, uintp

from vm.blocks import (
    ACTION,
    AT_HEAD1,
    FROM_CELL,
    FROM_LAST,
    MEANINGS,
    OF_HEAD1,
    RAW0,
    RAW1,
    STEP0,
    STEP1,
)
from vm.jit import kernel
from vm.raw import WORD, byte, put_byte, word


@kernel()
def run_straight(
    place: int, stop: int, table: int, memory: int, cells: int, halting: bool, h0: Any, h1: Any
) -> tuple[int, int, int]:
    """Executes instructions up to `stop`, one that is special, or a move that is a fault.

    Args:
        place: address of the first instruction.
        stop: behind the last.
        table: address of `vm.blocks.meanings`.
        memory: its address.
        cells: of the memory.
        halting: a head that passes an edge is a fault.
        h0: where head0 is.
        h1: where head1 is.

    Returns:
        The address that it came to, and where the heads are.
    """
    value = byte(memory + h0)
    even = cells & (cells - 1) == 0
    while place < stop:
        row = table + byte(place) * (MEANINGS * WORD)
        action = word(row + ACTION * WORD)
        if action < 0:
            break
        if halting:
            next0, next1 = h0 + word(row + RAW0 * WORD), h1 + word(row + RAW1 * WORD)
            if uintp(next0) >= uintp(cells) or uintp(next1) >= uintp(cells):
                break
            h0, h1 = next0, next1
        else:
            next0, next1 = h0 + word(row + STEP0 * WORD), h1 + word(row + STEP1 * WORD)
            if even:
                h0, h1 = next0 & (cells - 1), next1 & (cells - 1)
            else:
                h0 = int64(min(uintp(next0), uintp(next0 - cells)))
                h1 = int64(min(uintp(next1), uintp(next1 - cells)))
        apart = h0 ^ h1
        of, to = h0 ^ (apart & word(row + OF_HEAD1 * WORD)), h0 ^ (apart & word(row + AT_HEAD1 * WORD))
        from_cell = word(row + FROM_CELL * WORD)
        loaded = byte(row + (memory + of - row & from_cell)) & from_cell
        value = (value & word(row + FROM_LAST * WORD)) + (loaded + action)
        put_byte(memory + to, value)
        place += 1
    return place, h0, h1
