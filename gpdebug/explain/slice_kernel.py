"""What a step depends on, all the way back: one pass from the end to the beginning of a trace, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpdebug.explain.event_kernel import ADDRESS0, ADDRESS1, CODE, CONTROL, VALUE
from gpdebug.explain.loop_kernel import CELL, CLOSED, COUNTER, END_ROW, FIRST, FIRST_ROW, MOVES1, OPENED, WEIGHT
from vm.jit import kernel

BY_VALUE, BY_ADDRESS, BY_CONTROL, BY_CODE = 1, 2, 4, 8
REACHED, LINEAR = 1, 2
"""Marks: the criterion depends on it; it does by a path of values alone, which has a weight."""


@kernel()
def last_write(writes: Any, cell: int, before: int) -> int:
    """The last write of a cell before a step, or -1. `writes` is sorted: cell (from bit 32) and step."""
    at = np.searchsorted(writes, cell << 32 | before) - 1
    return writes[at] & 0xFFFFFFFF if at >= 0 and writes[at] >> 32 == cell else -1


@kernel()
def _reach(source: int, mark: int, weight: int, loop_of: Any, row_of: Any, marks: Any, weights: Any) -> None:
    """Marks the step that a dependence goes to: itself, or the row of the loop that it belongs to.

    Marks and weights are those of the steps, then of the loops, then of the rows.
    """
    if source < 0:
        return
    at = source
    loop = loop_of[source]
    if loop >= 0:
        marks[len(loop_of) + loop] |= REACHED
        if row_of[source] < 0:
            return
        at = 2 * len(loop_of) + row_of[source]
    marks[at] |= mark
    weights[at] += np.uint8(weight)


@kernel()
def _loop_sources(
    loop: int, kinds: int, sources: Any, loops: Any, rows: Any, loop_of: Any, row_of: Any, marks: Any, weights: Any
) -> None:
    """Marks what a loop that is reached depends on."""
    count, opened = len(loop_of), loops[loop, OPENED]
    first_row, end_row = loops[loop, FIRST_ROW], loops[loop, END_ROW]
    if kinds & BY_VALUE:
        for row in range(first_row, end_row):
            mark, weight = marks[2 * count + row], np.int64(weights[2 * count + row])
            if mark and rows[row, CELL] != loops[loop, COUNTER]:
                _reach(sources[VALUE, rows[row, FIRST]], mark, weight, loop_of, row_of, marks, weights)
                _reach(sources[VALUE, opened], mark, rows[row, WEIGHT] * weight, loop_of, row_of, marks, weights)
        if kinds & BY_CONTROL:
            _reach(sources[VALUE, opened], REACHED, 0, loop_of, row_of, marks, weights)
    if kinds & BY_CONTROL:
        _reach(sources[CONTROL, opened], REACHED, 0, loop_of, row_of, marks, weights)
    if kinds & BY_ADDRESS:
        _reach(sources[ADDRESS0, opened], REACHED, 0, loop_of, row_of, marks, weights)
        if loops[loop, MOVES1] >= 0:
            _reach(sources[ADDRESS1, loops[loop, MOVES1]], REACHED, 0, loop_of, row_of, marks, weights)
    if kinds & BY_CODE:
        for inside in range(opened, loops[loop, CLOSED] + 1):
            _reach(sources[CODE, inside], REACHED, 0, loop_of, row_of, marks, weights)


@kernel()
def _scanned(
    t: int, jumped: Any, records: Any, last_pc: int, writes: Any, loop_of: Any, row_of: Any, marks: Any, weights: Any
) -> None:
    """Marks the last writes of the bytes that a jump looked through for its partner."""
    if not jumped[t]:
        return
    here = records[t, 0] & 0xFFFFFFFF
    there = (records[t + 1, 0] & 0xFFFFFFFF if t + 1 < len(loop_of) else last_pc) - 1
    for cell in range(min(here, there), max(here, there) + 1):
        _reach(last_write(writes, cell, t), REACHED, 0, loop_of, row_of, marks, weights)


@kernel(
    "int64(int64,int64,uint8[::1],int64[:,::1],int64,boolean[::1],int32[:,::1],int64[::1],int64[:,::1],int64[:,::1],int32[::1],"
    "int32[::1],uint8[::1],uint8[::1])",
    name="slices",
)
def sweep(
    begins: int, kinds: int, more: Any, records: Any, last_pc: int, jumped: Any, sources: Any, writes: Any,
    loops: Any, rows: Any, loop_of: Any, row_of: Any, marks: Any, weights: Any,
) -> int:  # fmt: skip
    """Marks everything that marked steps depend on; returns how many steps that are in no loop group are among it.

    Args:
        begins: the last of the steps that are marked.
        kinds: of dependences to follow.
        more: `uint8[steps]`, kinds to follow besides at each step.
        records: `int64[steps, 3]`.
        last_pc: pc after the last step.
        jumped: `bool[steps]`.
        sources: `int32[SOURCES, steps]`, see `event_kernel`.
        writes: `int64[writes]`, sorted, see `last_write`; none if the program is not the memory.
        loops: `int64[loops, 8]`, see `loop_kernel`.
        rows: `int64[rows, 5]`.
        loop_of: `int32[steps]`.
        row_of: `int32[steps]`.
        marks: `uint8[2 * steps + rows]`, changed: of steps, loops and rows; at first of those that the criterion is.
        weights: of the same, changed: what one more there adds to the criterion along values alone.
    """
    count, reached, t = len(loop_of), 0, begins
    while t >= 0:
        loop = loop_of[t]
        if loop >= 0:
            opened = loops[loop, OPENED]
            here = kinds | more[opened]
            if marks[count + loop]:
                _loop_sources(loop, here, sources, loops, rows, loop_of, row_of, marks, weights)
                if here & BY_CODE and len(writes) > 0:
                    for inside in range(opened, t + 1):
                        _scanned(inside, jumped, records, last_pc, writes, loop_of, row_of, marks, weights)
            t = opened - 1
            continue
        if marks[t]:
            reached += 1
            here = kinds | more[t]
            if here & BY_VALUE:
                weight = np.int64(weights[t])
                _reach(sources[VALUE, t], marks[t], weight, loop_of, row_of, marks, weights)
            if here & BY_ADDRESS:
                _reach(sources[ADDRESS0, t], REACHED, 0, loop_of, row_of, marks, weights)
                _reach(sources[ADDRESS1, t], REACHED, 0, loop_of, row_of, marks, weights)
            if here & BY_CONTROL:
                _reach(sources[CONTROL, t], REACHED, 0, loop_of, row_of, marks, weights)
            if here & BY_CODE:
                _reach(sources[CODE, t], REACHED, 0, loop_of, row_of, marks, weights)
                if len(writes) > 0:
                    _scanned(t, jumped, records, last_pc, writes, loop_of, row_of, marks, weights)
        t -= 1
    return reached
