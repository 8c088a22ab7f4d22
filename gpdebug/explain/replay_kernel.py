"""The steps of a slice once more, on a memory that has only what was put there, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpdebug.explain.event_kernel import EVENTS
from gpdebug.explain.loop_kernel import CELL, COUNTER, END_ROW, FIRST_ROW, OPENED, STEP, SUM
from vm.jit import kernel
from vm.layout import ADD, COPY01, COPY10, SET, STASH, UNSTASH

COMPLETE, MISSING = 1, 0
"""Whether every value that was needed was there."""


@kernel()
def _run_loop(loop: Any, rows: Any, marks: Any, first_mark: int, memory: Any, known: Any) -> bool:
    """Makes as many passes as the counter says; whether all that it reads was there."""
    counter = loop[COUNTER]
    for row in range(loop[FIRST_ROW], loop[END_ROW]):
        cell = rows[row, CELL]
        if not marks[first_mark + row] or cell == counter:
            continue
        if not known[counter] or not known[cell]:
            return False
        value, added, passes = memory[counter], rows[row, SUM], 0
        while (value + passes * loop[STEP]) & 255:
            passes += 1
        memory[cell] = (memory[cell] + passes * added) & 255
    memory[counter], known[counter] = 0, True
    return True


@kernel()
def _result(op: int, argument: int, read: int, at: int, data: Any, memory: Any, spare: int) -> np.int64:
    """What a step writes."""
    if op == ADD:
        return (np.int64(memory[read]) + argument) & 255
    if op == SET:
        return np.int64(argument)
    if op in (COPY01, COPY10):
        return np.int64(memory[read])
    if op == UNSTASH:
        return np.int64(spare)
    return np.int64(data[at]) if at < len(data) else np.int64(0)


@kernel(
    f"int64({EVENTS},int64[::1],uint8[::1],int64[:,::1],int64[:,::1],int32[::1],uint8[::1],uint8[::1],boolean[::1],"
    "int64,int64)",
    name="replay",
)
def replay_steps(
    events: Any, inputs: Any, data: Any, loops: Any, rows: Any, loop_of: Any, marks: Any, memory: Any, known: Any,
    spare: int, root: int,
) -> int:  # fmt: skip
    """Executes the steps of a slice where they were recorded; returns whether nothing was missing.

    Args:
        events: see `event_kernel.follow`.
        inputs: `int64[steps]`, the number of the next input byte.
        data: the input.
        loops: `int64[loops, 8]`, see `loop_kernel`.
        rows: `int64[rows, 5]`.
        loop_of: `int32[steps]`.
        marks: `uint8[2 * steps + rows]`, see `slice_kernel.sweep`.
        memory: `uint8[memory]`, changed.
        known: `bool[memory]`, changed: the cells that have a value.
        spare: what the spare register holds, or less than 0: nothing is known.
        root: the last step.
    """
    ops, arguments, read, written, _, _, _, _, _ = events
    count = len(ops)
    for t in range(root + 1):
        loop = loop_of[t]
        if loop >= 0:
            if (
                t == loops[loop, OPENED]
                and marks[count + loop]
                and not _run_loop(loops[loop], rows, marks, 2 * count, memory, known)
            ):
                return MISSING
            continue
        if not marks[t]:
            continue
        op = ops[t]
        if op in (ADD, COPY01, COPY10, STASH) and not known[read[t]]:
            return MISSING
        if op == UNSTASH and spare < 0:
            return MISSING
        if op == STASH:
            spare = memory[read[t]]
        if written[t] >= 0:
            memory[written[t]] = _result(op, arguments[t], read[t], inputs[t], data, memory, spare)
            known[written[t]] = True
    return COMPLETE
