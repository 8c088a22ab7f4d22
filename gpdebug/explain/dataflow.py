"""The exact dependence graph of a stretch of a run.

What depends on what, step by step:

- *value*: on the last write of the cell that the step reads; `unstash` on the last `stash`.
- *address*: on the last move of each head that decides which cells the step reads and writes; a move on the one before.
- *control*: on the latest test, of the innermost loop around the step, that let it run. A bracket that closes a loop is
  inside it, one that opens it is not.
- *code*, of a self-modifying dialect: on the last write of the instruction's byte, and of the bytes that a jump looked
  through for its partner.

What was there at the beginning of the stretch is a leaf if that is the beginning of the run, else a cut.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain import event_kernel, loop_kernel
from gpdebug.explain.trace import Trace
from vm import layout
from vm.dialect import Primitive

KERNELS = (
    "gpdebug.explain.event_kernel",
    "gpdebug.explain.loop_kernel",
    "gpdebug.explain.slice_kernel",
    "gpdebug.explain.code_kernel",
    "gpdebug.explain.replay_kernel",
    "gpdebug.explain.circuit.influence_kernel",
    "gpdebug.explain.history.align_kernel",
    "gpdebug.explain.change.frozen_kernel",
)
"""Modules whose kernels `vm.jit.warm_up` compiles."""


@dataclass(frozen=True, eq=False)
class Dataflow:
    """What each step of a trace did, and what it depends on. Steps are counted from the trace's first one.

    Attributes:
        trace: the stretch of the run.
        sources: `int32[5, steps]`: for value, address of head0 and of head1, control and code the step that it depends
            on, `event_kernel.NONE` or `BEFORE`.
        primitives: `uint8[steps]`.
        arguments: `uint8[steps]`, modulo 256.
        read: `int32[steps]`, the cell that is read, or -1.
        written: `int32[steps]`, the cell that is written, or -1.
        old: `uint8[steps]`, the value of the written, else of the read cell, before.
        new: `uint8[steps]`, its value after.
        jumped: `bool[steps]`.
        head0: `int64[steps]`, where head0 is before.
        head1: `int64[steps]`, where head1 is before.
    """

    trace: Trace
    sources: NDArray[np.int32]
    primitives: NDArray[np.uint8]
    arguments: NDArray[np.uint8]
    read: NDArray[np.int32]
    written: NDArray[np.int32]
    old: NDArray[np.uint8]
    new: NDArray[np.uint8]
    jumped: NDArray[np.bool_]
    head0: NDArray[np.int64]
    head1: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.primitives)

    @property
    def events(self) -> tuple[NDArray[Any], ...]:
        """The columns as the kernels take them: see `event_kernel.follow`."""
        return (self.primitives, self.arguments, self.read, self.written, self.old, self.new, self.jumped, self.head0,
                self.head1)  # fmt: skip

    @cached_property
    def instructions(self) -> NDArray[np.int64]:
        """`int64[steps]`: which instruction it is."""
        return self.trace.records[:, 0] & 0xFFFFFFFF

    @cached_property
    def inputs(self) -> NDArray[np.int64]:
        """`int64[steps]`: the number of the input byte that is the next to be read."""
        return self.trace.records[:, 2] & 0xFFFFFFFF

    @cached_property
    def outputs(self) -> NDArray[np.int64]:
        """`int64[steps]`: how many bytes have been written to the output."""
        return self.trace.records[:, 2] >> 32

    @cached_property
    def writes(self) -> NDArray[np.int64]:
        """`int64[writes]`, sorted: the cell of each write (from bit 32) and its step."""
        steps = np.flatnonzero(self.written >= 0)
        return np.sort(self.written[steps].astype(np.int64) << 32 | steps)

    def last_write(self, cell: int, before: int) -> int | None:
        """The last step before one that wrote a cell, or None."""
        at = int(np.searchsorted(self.writes, cell << 32 | before)) - 1
        found = int(self.writes[at]) if at >= 0 else -1
        return found & 0xFFFFFFFF if found >= 0 and found >> 32 == cell else None

    def following(self, step: int) -> int:
        """Which instruction is the next one after a step."""
        return int(self.instructions[step + 1]) if step + 1 < len(self) else self.trace.end.pc

    @cached_property
    def symbols(self) -> NDArray[np.uint8]:
        """`uint8[steps]`: the byte that is executed."""
        if not self.trace.program.dialect.self_modifying:
            return self.trace.program.code[self.instructions]
        writes = self.sources[event_kernel.CODE]
        return np.where(writes >= 0, self.new[np.maximum(writes, 0)], self.trace.start.memory[self.instructions])

    def argument(self, step: int) -> int:
        """The argument of the instruction that a step executed, as the dialect has it."""
        return int(self.trace.program.dialect.table[1][self.symbols[step]])

    def primitive(self, step: int) -> Primitive:
        """What a step executed."""
        return Primitive(int(self.primitives[step]))


@dataclass(frozen=True, slots=True, eq=False)
class LoopGroups:
    """The activations of loops that are maps: see `loop_kernel`.

    Attributes:
        loops: `int64[loops, 8]`.
        rows: `int64[rows, 5]`, a cell that a loop writes each.
        loop_of: `int32[steps]`, the loop that a step is in, or -1.
        row_of: `int32[steps]`, the row whose last write it is, or -1.
    """

    loops: NDArray[np.int64]
    rows: NDArray[np.int64]
    loop_of: NDArray[np.int32]
    row_of: NDArray[np.int32]

    def without(self, step: int) -> LoopGroups:
        """The same, the loop that a step is in taken apart."""
        loop = self.loop_of[step]
        if loop < 0:
            return self
        return LoopGroups(self.loops, self.rows, np.where(self.loop_of == loop, -1, self.loop_of), self.row_of)


def dataflow(trace: Trace) -> Dataflow:
    """Follows a trace: some millions of steps a second."""
    count, dialect, settings = len(trace), trace.program.dialect, trace.settings
    columns: tuple[NDArray[Any], ...] = tuple(np.empty(count, kind) for kind in _COLUMNS)
    sources = np.empty((event_kernel.SOURCES, count), np.int32)
    packed = layout.pack_settings(dialect, settings)
    event_kernel.follow(
        trace.records,
        trace.end.pc,
        np.empty(0, np.int64) if dialect.self_modifying else layout.pack_code(trace.program, settings),
        layout.decode_words(dialect, settings),
        trace.start.memory.copy(),
        np.frombuffer(trace.data, np.uint8).copy(),
        int(packed[layout.EOF]),
        trace.first,
        columns,
        sources,
    )
    return Dataflow(trace, sources, *columns)


_COLUMNS = (np.uint8, np.uint8, np.int32, np.int32, np.uint8, np.uint8, np.bool_, np.int64, np.int64)


def loop_groups(flow: Dataflow) -> LoopGroups:
    """Finds the activations of loops that are maps."""
    count = len(flow)
    loops = np.empty((count // 3 + 1, 8), np.int64)
    rows = np.empty((count + loop_kernel.MOST_CELLS, 5), np.int64)
    loop_of, row_of = np.empty(count, np.int32), np.empty(count, np.int32)
    living = int(flow.trace.program.dialect.self_modifying)
    found = loop_kernel.find_loops(flow.trace.records, flow.events, living, loops, rows, loop_of, row_of)
    used = int(loops[found - 1, loop_kernel.END_ROW]) if found else 0
    return LoopGroups(loops[:found].copy(), rows[:used].copy(), loop_of, row_of)


def no_groups(flow: Dataflow) -> LoopGroups:
    """No loop is drawn as one: each step stays apart."""
    nowhere = np.full(len(flow), -1, np.int32)
    return LoopGroups(np.empty((0, 8), np.int64), np.empty((0, 5), np.int64), nowhere, nowhere)
