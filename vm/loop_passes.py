"""Innermost loops without a closed form: pass after pass, with nothing between the actions but the test.

A loop whose heads move writes other cells in every pass. Each of its actions, though, goes on from the cell it was at
by the same distance: cells, distances and amounts of up to `MOST` actions stay in registers. Loops are run for a round
of the memory at most, less the pass that was made before: then the heads are where they were, and a state that has
come back is seen. Most passes of a long loop are made at once: by `vm.loop_maps` where head0 is at rest, otherwise by
`vm.loop_bulk`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import uintp

from vm.blocks import (
    CHECKED,
    CONSTANT,
    DISTANCE_MASK,
    FIRST,
    FROM_HEAD1,
    LAST,
    SOURCE,
    SPARES,
    STREAMS,
    TARGET,
    TO_HEAD1,
    TRAITS,
)
from vm.jit import kernel
from vm.loop_bulk import UNFIT, passes_at_once
from vm.loop_maps import block_passes
from vm.raw import WORD, byte, put_byte, word

MOST = 4
"""Actions of a loop that is run here."""
FEW = 6
"""Passes that are made one by one before others are at once."""
WORTH_IT = 16
"""With no more passes than these before the limit they are all made one by one."""


@kernel(inline=True)
def onward(cell: int, distance: int, cells: int) -> int:
    """The cell at a distance, neither of them negative nor more than one round."""
    cell += distance
    return cell - cells if cell >= cells else cell


@kernel(inline=True)
def _of(actions: int, index: int, last: int, travel0: int, travel1: int, h0: int, h1: int, cells: int) -> Any:
    """An action: its cells, how far they go on in a pass, a mask for what is read, and what is added; past the last one
    that head0's cell stays as it is.
    """
    action = word(actions + index * WORD) if index < last else 0
    by0, from0 = np.int64(action & TO_HEAD1 == 0), np.int64(action & FROM_HEAD1 == 0)
    of = onward(action >> SOURCE & DISTANCE_MASK, h0 if from0 else h1, cells)
    to = onward(action >> TARGET & DISTANCE_MASK, h0 if by0 else h1, cells)
    return of, travel0 if from0 else travel1, to, travel0 if by0 else travel1, 0 if action & CONSTANT else 255, action


@kernel(inline=True)
def rolls(row: int, blocks: Any) -> bool:
    """Whether a loop, of one block, can be run here."""
    few = blocks[uintp(row + LAST)] - blocks[uintp(row + FIRST)] <= MOST
    return few and not blocks[uintp(row + TRAITS)] & (STREAMS | SPARES | CHECKED)


@kernel()
def _one_by_one(
    first: int, last: int, actions: int, memory: int, cells: int, h0: int, h1: int, travel0: int, travel1: int,
    most: int,
) -> int:  # fmt: skip
    """Runs up to `most` passes of a loop, until its tested cell is zero; returns how many.

    The parameters are those of `vm.loop_bulk.passes_at_once`.
    """
    of0, from0, to0, by0, mask0, add0 = _of(actions, first, last, travel0, travel1, h0, h1, cells)
    of1, from1, to1, by1, mask1, add1 = _of(actions, first + 1, last, travel0, travel1, h0, h1, cells)
    of2, from2, to2, by2, mask2, add2 = _of(actions, first + 2, last, travel0, travel1, h0, h1, cells)
    of3, from3, to3, by3, mask3, add3 = _of(actions, first + 3, last, travel0, travel1, h0, h1, cells)
    passes = 0
    while passes < most:
        put_byte(memory + to0, (byte(memory + of0) & mask0) + add0)
        of0, to0 = onward(of0, from0, cells), onward(to0, by0, cells)
        if last > first + 1:
            put_byte(memory + to1, (byte(memory + of1) & mask1) + add1)
            of1, to1 = onward(of1, from1, cells), onward(to1, by1, cells)
        if last > first + 2:
            put_byte(memory + to2, (byte(memory + of2) & mask2) + add2)
            of2, to2 = onward(of2, from2, cells), onward(to2, by2, cells)
            put_byte(memory + to3, (byte(memory + of3) & mask3) + add3)
            of3, to3 = onward(of3, from3, cells), onward(to3, by3, cells)
        h0 = onward(h0, travel0, cells)
        passes += 1
        if byte(memory + h0) == 0:
            break
    return passes


@kernel(inline=True)
def moved(head: int, passes: int, travel: int, cells: int) -> int:
    """Where a head is after some passes."""
    return (head + passes * travel) % cells if travel != 0 else head


@kernel()
def run_passes(
    first: int, last: int, actions: int, notes: int, memory: int, cells: int, h0: int, h1: int,
    travel0: int, travel1: int, most: int,
) -> int:  # fmt: skip
    """Runs passes of a loop until its tested cell is zero or the heads are one pass before where they were.

    Returns how many; who calls moves the heads.

    Args:
        first: the first action of its only block.
        last: behind its last one.
        actions: address of the program's.
        notes: scratch, see `vm.loop_maps`.
        memory: its address.
        cells: of the memory.
        h0: where head0 is.
        h1: where head1 is.
        travel0: how far head0 moves in a pass, modulo the memory.
        travel1: head1, too.
        most: passes that the limit allows.
    """
    if travel0 != 0 or travel1 != 0:
        most = min(most, cells - 1)
    made, few = 0, FEW if travel0 != 0 else 0
    while True:
        few = min(few, most - made)
        passes = _one_by_one(first, last, actions, memory, cells, h0, h1, travel0, travel1, few) if few > 0 else 0
        made += passes
        h0, h1 = moved(h0, passes, travel0, cells), moved(h1, passes, travel1, cells)
        if made == most or byte(memory + h0) == 0:
            return made
        passes = UNFIT
        if most - made > WORTH_IT:
            if travel0 == 0:
                passes = block_passes(first, last, actions, notes, memory, cells, h0, h1, travel1, most - made)
            if passes == UNFIT:
                passes = passes_at_once(first, last, actions, memory, cells, h0, h1, travel0, travel1, most - made)
        if passes == UNFIT:
            few = most
        else:
            few = FEW if passes > 0 else max(2 * few, FEW)
            made += passes
            h0, h1 = moved(h0, passes, travel0, cells), moved(h1, passes, travel1, cells)
