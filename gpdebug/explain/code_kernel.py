"""Which writes made the bytes of a self-modifying program that a step executed or looked through, compiled."""

from __future__ import annotations

from typing import Any

from gpdebug.explain.event_kernel import BEFORE
from gpdebug.explain.slice_kernel import last_write
from vm.jit import kernel


@kernel("int64(int64[::1],int64[:,::1],int64,boolean[::1],int64[::1],int64[::1],int32[::1],int32[::1])", name="code")
def code_sources(
    steps: Any, records: Any, last_pc: int, jumped: Any, writes: Any, begins: Any, cells: Any, sources: Any
) -> int:
    """Finds the code dependences of some steps, the latest first, as long as there is room.

    Args:
        steps: `int64[n]`, in order.
        records: `int64[steps, 3]` of the trace.
        last_pc: pc after its last step.
        jumped: `bool[steps]`.
        writes: `int64[writes]`, sorted, see `slice_kernel.last_write`.
        begins: `int64[n + 1]`, written: where the dependences of each step begin, counted from the latest step's.
        cells: `int32[room]`, written: the cell of each.
        sources: `int32[room]`, written: the step of its last write, or `BEFORE`.

    Returns:
        How many of the steps, the latest ones, were done.
    """
    count = 0
    for done in range(len(steps)):
        t = steps[len(steps) - 1 - done]
        here = records[t, 0] & 0xFFFFFFFF
        low, high = here, here
        if jumped[t]:
            there = (records[t + 1, 0] & 0xFFFFFFFF if t + 1 < len(records) else last_pc) - 1
            low, high = min(here, there), max(here, there)
        begins[done] = count
        if count + high - low + 1 > len(cells):
            return done
        for cell in range(low, high + 1):
            write = last_write(writes, cell, t)
            cells[count], sources[count] = cell, write if write >= 0 else BEFORE
            count += 1
    begins[len(steps)] = count
    return len(steps)
