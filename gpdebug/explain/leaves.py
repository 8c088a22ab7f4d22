"""Leaves as numbers: what it is from bit 32 on, which one below; and what such a number stands for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.dataflow import Dataflow
from gpdebug.explain.parts import Leaf, LeafKind
from vm.dialect import Io

CELL, HEAD, SPARE, TEST, INPUT, UNSEEN_CODE = range(6)


def leaf_codes(what: int, index: NDArray[np.int64]) -> NDArray[np.int64]:
    """The codes of some leaves; that of a cell is its number."""
    return what << 32 | index


def leaf_of(flow: Dataflow, code: int) -> Leaf:
    """What a code stands for."""
    what, index = code >> 32, code & 0xFFFFFFFF
    start, is_cut = flow.trace.start, flow.trace.first > 0
    if what == HEAD:
        return Leaf(LeafKind.CUT_HEAD if is_cut else LeafKind.HEAD, index, start.head1 if index else start.head0)
    if what == SPARE:
        return Leaf(LeafKind.CUT_SPARE if is_cut else LeafKind.SPARE, 0, start.spare)
    if what == TEST:
        return Leaf(LeafKind.CUT_TEST, 0, 0)
    if what == INPUT:
        return Leaf(LeafKind.INPUT, index, flow.trace.data[index])
    if what == UNSEEN_CODE:
        return Leaf(LeafKind.CUT_CODE, 0, 0)
    return cell_leaf(flow, index)


def cell_leaf(flow: Dataflow, cell: int) -> Leaf:
    """What a cell held at the beginning."""
    trace = flow.trace
    value = int(trace.start.memory[cell])
    if trace.first > 0:
        return Leaf(LeafKind.CUT_CELL, cell, value, cell)
    dialect, byte = trace.program.dialect, cell - trace.settings.in_at
    if dialect.io is Io.REGIONS and 0 <= byte < len(trace.data) and value == trace.data[byte]:
        return Leaf(LeafKind.INPUT, byte, value, cell)
    if dialect.self_modifying and cell < len(trace.program) and value == trace.program.code[cell]:
        return Leaf(LeafKind.PROGRAM, cell, value, cell)
    return Leaf(LeafKind.CELL, cell, value, cell)


def leaf_values(flow: Dataflow, codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """`int64[leaves]`: what each cell, input byte and spare register holds at the beginning; of others 0."""
    what, index = codes >> 32, codes & 0xFFFFFFFF
    values = np.where(what == SPARE, flow.trace.start.spare, 0).astype(np.int64)
    values[what == CELL] = flow.trace.start.memory[index[what == CELL]]
    values[what == INPUT] = np.frombuffer(flow.trace.data, np.uint8)[index[what == INPUT]]
    return values
