"""A frozen replay of a slice: only its steps, on the path that was recorded, from nothing but its leaves."""

from __future__ import annotations

import numpy as np

from gpdebug.explain import replay_kernel
from gpdebug.explain.leaves import CELL, SPARE
from gpdebug.explain.slices import Slice


def replay(found: Slice) -> int | None:
    """The criterion's value, made again from a slice that follows values.

    Each step of the slice is executed where the heads were when it was recorded, with no memory but the cells that
    are leaves of the slice: a step or a leaf that the slice lacks is missed. Loops that are one node are executed as
    the maps that they are. This checks the slice; it does not say that the program would do the same without the
    rest of itself.

    Returns:
        The value, or None if something is missing.
    """
    flow, trace, groups = found.flow, found.flow.trace, found.groups
    memory, known = np.zeros(trace.settings.memory, np.uint8), np.zeros(trace.settings.memory, np.bool_)
    codes, root = found.leaf_codes, found.root
    cells = codes[codes >> 32 == CELL]
    memory[cells], known[cells] = trace.start.memory[cells], True
    if root.step is not None:
        done = replay_kernel.replay_steps(
            flow.events, flow.inputs, np.frombuffer(trace.data, np.uint8).copy(), groups.loops, groups.rows,
            groups.loop_of, found.marks, memory, known, trace.start.spare if (codes >> 32 == SPARE).any() else -1,
            root.step,
        )  # fmt: skip
        if done != replay_kernel.COMPLETE:
            return None
    return int(memory[root.cell]) if known[root.cell] else None
