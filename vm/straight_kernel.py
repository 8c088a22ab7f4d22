"""Straight code that is met for the first time, without a jump that depends on it.

Each such jump would be predicted wrongly, which costs more than several instructions. So every instruction does the
same: heads move, perhaps by nothing; a value, that of head0's cell or read from a cell, has an amount added and is
stored, if only where it came from. The value of head0's cell is carried along: to load what was stored just before
takes longer than all the rest. It is loaded only after a move, otherwise a zero that nobody writes is.

Evolved programs have long runs of one symbol. What an instruction does several times it does at once: moves and amounts
are multiplied, and to set or to copy a cell again changes nothing.
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
    NOTHING,
    OF_HEAD1,
    RAW0,
    RAW1,
    STEP0,
    STEP1,
)
from vm.jit import kernel
from vm.raw import EQUAL, WORD, byte, equal_bytes, put_byte, word

LONG = 2 * EQUAL
"""Only code of so many instructions is looked at for runs of one symbol."""


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
    if halting:
        return _run(place, stop, table, memory, cells, True, False, h0, h1)  # type: ignore[no-any-return]
    if cells & (cells - 1) == 0:
        return _run(place, stop, table, memory, cells, False, True, h0, h1)  # type: ignore[no-any-return]
    return _run(place, stop, table, memory, cells, False, False, h0, h1)  # type: ignore[no-any-return]


@kernel(inline=True)
def _run(
    place: int, stop: int, table: int, memory: int, cells: int, halting: bool, even: bool, h0: Any, h1: Any
) -> tuple[int, int, int]:
    """`run_straight`, compiled for each kind of memory by itself; `even`: it has a power of two of cells."""
    value = byte(memory + h0)
    went = True
    while went and stop - place >= LONG:
        times = equal_bytes(place, stop)
        if times > 0:
            whole, h0, h1, value = _go(table, place, times, memory, cells, halting, even, h0, h1, value)
            if whole:
                place += times
                continue
        until = place + EQUAL
        while went and place < until:
            went, h0, h1, value = _go(table, place, 1, memory, cells, halting, even, h0, h1, value)
            place += went
    while went and place < stop:
        went, h0, h1, value = _go(table, place, 1, memory, cells, halting, even, h0, h1, value)
        place += went
    return place, h0, h1


@kernel(inline=True)
def _go(
    table: int, place: int, times: int, memory: int, cells: int, halting: bool, even: bool, h0: Any, h1: Any,
    value: Any,
) -> tuple[bool, Any, Any, Any]:  # fmt: skip
    """Executes an instruction so many times: whether that was done, where the heads are, the value of head0's cell."""
    row = table + byte(place) * (MEANINGS * WORD)
    action = word(row + ACTION * WORD)
    if action < 0:
        return False, h0, h1, value
    if halting:
        next0, next1 = h0 + word(row + RAW0 * WORD) * times, h1 + word(row + RAW1 * WORD) * times
        if uintp(next0) >= uintp(cells) or uintp(next1) >= uintp(cells):
            return False, h0, h1, value
    else:
        next0, next1 = h0 + word(row + STEP0 * WORD) * times, h1 + word(row + STEP1 * WORD) * times
        if even:
            next0, next1 = next0 & (cells - 1), next1 & (cells - 1)
        elif times > 1:
            next0, next1 = next0 % cells, next1 % cells
        else:
            next0 = int64(min(uintp(next0), uintp(next0 - cells)))
            next1 = int64(min(uintp(next1), uintp(next1 - cells)))
    apart = next0 ^ next1
    of, to = next0 ^ (apart & word(row + OF_HEAD1 * WORD)), next0 ^ (apart & word(row + AT_HEAD1 * WORD))
    from_cell, from_last = word(row + FROM_CELL * WORD), word(row + FROM_LAST * WORD)
    nothing = row + NOTHING * WORD
    loaded = byte(nothing + (memory + of - nothing & from_cell))
    value = (value & from_last) + (loaded + action + (action & from_last) * (times - 1))
    put_byte(memory + to, value)
    return True, next0, next1, value
