"""Skip edges: tests that bypassed a loop whose body would have written a cell that is read later.

A bracket that finds 0 and jumps past its loop leaves no write behind, so no other kind of dependence sees it. It is
decided by running: at the moment of the test the run goes into the loop instead, everything else as it was, and is
followed until it leaves the loop. If it writes the cell there, the value that is read depends on that test.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.dataflow import Dataflow, dataflow
from gpdebug.explain.edges import NO_EFFECT, EdgeTable, Ints32
from gpdebug.explain.event_kernel import VALUE
from gpdebug.explain.loop_kernel import FIRST
from gpdebug.explain.slices import Slice
from gpdebug.explain.trace import Trace
from vm.dialect import Primitive
from vm.machine import Machine
from vm.state import State

SKIP = 16
"""The kind of these edges, beside those of `Kind`."""
MOST_TESTS = 400
"""Tests that are flipped at most, the latest ones."""
MOST_STEPS = 10_000
"""Steps that a loop is followed which is entered in this way."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Skips:
    """Skip edges of a slice.

    Attributes:
        targets: `int64[skips]`, the step that reads a cell, or the first of its loop.
        tests: `int64[skips]`, the test that bypassed a loop which would have written it.
        rows: `int64[skips]`, of a loop that is one node the row that reads it, else -1.
        untried: how many tests were not flipped.
    """

    targets: Ints
    tests: Ints
    rows: Ints
    untried: int = 0

    def added_to(self, table: EdgeTable) -> EdgeTable:
        """A table of edges with these among them."""
        if not len(self.targets):
            return table
        target = np.concatenate([table.target, self.targets.astype(np.int32)])
        order = np.argsort(target, kind="stable")
        count = len(self.targets)

        def joined(column: Ints32, added: Ints | int) -> Ints32:
            full = np.full(count, added) if isinstance(added, int) else added
            return np.concatenate([column, full.astype(np.int32)])[order]

        return EdgeTable(
            target[order], joined(table.source, self.tests), joined(table.kind, SKIP), joined(table.cell, -1),
            joined(table.weight, 0), joined(table.effect, NO_EFFECT), joined(table.target_row, self.rows),
            joined(table.source_row, -1), table.leaves,
        )  # fmt: skip


NO_SKIPS = Skips(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64))


class SkipFinder:
    """Flips tests of a run, each once."""

    def __init__(self, flow: Dataflow) -> None:
        """Takes the dependences of the run."""
        self._flow = flow
        opens = (flow.primitives == Primitive.OPEN) & flow.jumped & (flow.old == 0)
        self._tests = np.flatnonzero(opens)
        self._wrote: dict[int, NDArray[np.int32]] = {}

    def find(self, found: Slice) -> Skips:
        """The skip edges of a slice."""
        reads = _reads(found)
        between = np.searchsorted(self._tests, reads.step) - np.searchsorted(self._tests, reads.write, side="right")
        wanted = np.zeros(len(self._tests) + 1, np.int64)
        some = between > 0
        np.add.at(wanted, np.searchsorted(self._tests, reads.write[some], side="right"), 1)
        np.add.at(wanted, np.searchsorted(self._tests, reads.step[some]), -1)
        tests = self._tests[np.cumsum(wanted)[:-1] > 0]
        tried = tests[-MOST_TESTS:].tolist()
        self._flip(tried)
        needs = [(reads.write < test) & (test < reads.step) & np.isin(reads.cell, self._wrote[test]) for test in tried]
        counts = [int(depends.sum()) for depends in needs]
        nothing = np.empty(0, np.int64)
        return Skips(
            np.concatenate([nothing, *(reads.target[depends] for depends in needs)]),
            np.repeat(np.array(tried, np.int64), counts),
            np.concatenate([nothing, *(reads.row[depends] for depends in needs)]),
            len(tests) - len(tried),
        )

    def _flip(self, tests: list[int]) -> None:
        """Finds out which cells the loops would have written that tests bypassed."""
        trace = self._flow.trace
        machine = Machine(trace.program, trace.data, trace.settings)
        machine.restore(trace.start)
        for test in tests:
            if test not in self._wrote:
                machine.step(trace.first + test - machine.steps)
                here = machine.snapshot()
                self._wrote[test] = cells_written(trace, here, self._flow.following(test) - 1)
                machine.restore(here)


def cells_written(trace: Trace, here: State, close: int) -> NDArray[np.int32]:
    """The cells that a loop writes if the run goes into it at a moment at which it would jump past it.

    Args:
        trace: of the run.
        here: the moment at which the loop's opening bracket is next.
        close: the instruction that closes the loop.
    """
    machine = Machine(trace.program, trace.data, trace.settings)
    inside = replace(here, pc=here.pc + 1)
    machine.restore(inside)
    records = np.empty((MOST_STEPS, 3), np.int64)
    done = machine.trace(records)
    pcs = records[:done, 0] & 0xFFFFFFFF
    outside = np.flatnonzero((pcs <= here.pc) | (pcs > close))
    steps = int(outside[0]) if len(outside) else done
    machine.restore(inside)
    machine.step(steps)
    flow = dataflow(Trace(trace.program, trace.data, trace.settings, inside, machine.snapshot(), records[:steps]))
    return np.unique(flow.written[flow.written >= 0])


@dataclass(frozen=True, slots=True, eq=False)
class _Reads:
    """Of each dependence by value: the node that reads, its row, the step and cell of the read, and the last write."""

    target: Ints
    row: Ints
    step: Ints
    cell: Ints
    write: Ints


def _reads(found: Slice) -> _Reads:
    flow, table, rows, virtual = found.flow, found.table, found.groups.rows, len(found.flow)
    steps = found.steps[flow.read[found.steps] >= 0]
    pairs = np.unique(np.column_stack([table.target, table.target_row])[table.target_row >= 0], axis=0)
    opened = np.unique(pairs[:, 0])
    target = np.concatenate([steps, pairs[:, 0], opened])
    row = np.concatenate([np.full(len(steps), -1), pairs[:, 1], np.full(len(opened), -1)])
    step = np.concatenate([steps, rows[pairs[:, 1], FIRST], opened])
    cell, write = flow.read[step].astype(np.int64), flow.sources[VALUE, step].astype(np.int64)
    root = found.root
    if not root.stands_alone:
        last = (virtual, -1, root.moment - flow.trace.first, root.cell, -1 if root.step is None else root.step)
        columns = (target, row, step, cell, write)
        target, row, step, cell, write = (np.append(one, end) for one, end in zip(columns, last, strict=True))
    return _Reads(target, row, step, cell, write)
