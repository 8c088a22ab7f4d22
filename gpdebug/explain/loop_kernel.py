"""Finds the activations of loops that are maps: `cell k += passes * m_k`, the counter becomes 0.

Checked pass by pass on what was recorded: straight code that moves and adds, heads where they were after each pass,
the same sums in each pass, an odd one at the counter, so that the counter alone decides how many passes there are.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gpdebug.explain.event_kernel import EVENTS, NOBODY
from vm.jit import kernel
from vm.layout import ADD, CLOSE, MOVE0, MOVE1, NOP, OPEN

OPENED, CLOSED, PASSES, COUNTER, STEP, FIRST_ROW, END_ROW, MOVES1 = range(8)
"""Columns of a loop: its first and last step, passes, the counter's cell, what a pass adds to it, its rows, and its
first move of head1 or -1."""
CELL, SUM, FIRST, LAST, WEIGHT = range(5)
"""Columns of a row, one a cell that the loop writes: what a pass adds to it (modulo 256), first and last write, what
one more in the counter adds to it."""
MOST_CELLS = 64


@kernel()
def _note(rows: Any, first_row: int, end_row: int, sums: Any, cell: int, operand: int, t: int, passes: int) -> int:
    """Adds to a cell's sum of this pass; returns the new end of the rows, or -1: not as in the first pass."""
    for row in range(first_row, end_row):
        if rows[row, CELL] == cell:
            sums[row - first_row] += operand
            rows[row, LAST] = t
            return end_row
    if passes > 0 or end_row - first_row >= MOST_CELLS:
        return -1
    rows[end_row, CELL], rows[end_row, SUM], rows[end_row, FIRST], rows[end_row, LAST] = cell, 0, t, t
    sums[end_row - first_row] = operand
    return end_row + 1


@kernel()
def _end_pass(rows: Any, first_row: int, end_row: int, sums: Any, passes: int) -> bool:
    """Compares the sums of a pass with those of the first, and clears them; whether they are the same."""
    same = True
    for row in range(first_row, end_row):
        total = sums[row - first_row] & 255
        if passes == 0:
            rows[row, SUM] = total
        elif rows[row, SUM] != total:
            same = False
        sums[row - first_row] = 0
    return same


@kernel()
def _keep(rows: Any, first_row: int, end_row: int, counter: int, low: int, high: int, living: int) -> int:
    """What a pass adds to the counter, or 0: this loop is no map."""
    step = 0
    for row in range(first_row, end_row):
        if rows[row, CELL] == counter:
            step = rows[row, SUM]
        if living and low <= rows[row, CELL] <= high:
            return 0
    return step if step & 1 else 0


@kernel()
def _weigh(rows: Any, first_row: int, end_row: int, step: int) -> None:
    """Says what one more in the counter adds to each cell: the loop makes `-counter / step` passes, modulo 256."""
    inverse = step
    for _ in range(3):
        inverse = inverse * (2 - step * inverse) & 255
    for row in range(first_row, end_row):
        rows[row, WEIGHT] = -rows[row, SUM] * inverse & 255


@kernel(f"int64(int64[:,::1],{EVENTS},int64,int64[:,::1],int64[:,::1],int32[::1],int32[::1])", name="loops")
def find_loops(
    records: Any, events: Any, living: int, loops: Any, rows: Any, loop_of: Any, row_of: Any
) -> int:  # fmt: skip
    """Finds all of them in a trace.

    Args:
        records: `int64[steps, 3]`.
        events: see `event_kernel.follow`.
        living: the program is the memory.
        loops: `int64[steps // 3 + 1, 8]`, written.
        rows: `int64[steps + MOST_CELLS, 5]`, written.
        loop_of: `int32[steps]`, written: the loop that a step is in, or -1.
        row_of: `int32[steps]`, written: the row whose last write it is, or -1.

    Returns:
        How many there are.
    """
    ops, arguments, _, _, old, _, jumped, heads0, heads1 = events
    sums = np.zeros(MOST_CELLS + 1, np.int64)
    count, first_row, end_row = 0, 0, 0
    opened, passes, moves1 = NOBODY, 0, NOBODY
    for t in range(len(ops)):
        loop_of[t], row_of[t] = NOBODY, NOBODY
        op = ops[t]
        if op == OPEN:
            opened = NOBODY if jumped[t] or old[t] == 0 else t
            passes, moves1, end_row = 0, NOBODY, first_row
            continue
        if opened < 0 or op in (NOP, MOVE0):
            continue
        if op == MOVE1:
            moves1 = t if moves1 < 0 else moves1
        elif op == ADD:
            end_row = _note(rows, first_row, end_row, sums, heads0[t], arguments[t], t, passes)
            if end_row < 0:
                opened = NOBODY
        elif op == CLOSE:
            back = heads0[t] == heads0[opened] and heads1[t] == heads1[opened]
            if not back or not _end_pass(rows, first_row, end_row, sums, passes):
                opened = NOBODY
                continue
            passes += 1
            if old[t] != 0:
                begin = records[opened, 0] & 0xFFFFFFFF
                if not jumped[t] or t + 1 >= len(ops) or records[t + 1, 0] & 0xFFFFFFFF != begin + 1:
                    opened = NOBODY
                continue
            low, high = records[opened, 0] & 0xFFFFFFFF, records[t, 0] & 0xFFFFFFFF
            step = _keep(rows, first_row, end_row, heads0[t], low, high, living)
            if step:
                loops[count, OPENED], loops[count, CLOSED], loops[count, PASSES] = opened, t, passes
                loops[count, COUNTER], loops[count, STEP], loops[count, MOVES1] = heads0[t], step, moves1
                loops[count, FIRST_ROW], loops[count, END_ROW] = first_row, end_row
                for inside in range(opened, t + 1):
                    loop_of[inside] = count
                _weigh(rows, first_row, end_row, step)
                for row in range(first_row, end_row):
                    row_of[rows[row, LAST]] = row
                first_row = end_row
                count += 1
            opened = NOBODY
        else:
            opened = NOBODY
    return count
