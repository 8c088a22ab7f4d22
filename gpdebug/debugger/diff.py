"""What differs between two states: registers, output, and the cells in runs; as data, as text, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vm.state import State

TEXT_CELLS = 1000
"""Cells that the text of a diff lists before it says how many more there are."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cells that all differ.

    Attributes:
        start: the first cell.
        old, new: what they held before and hold after, one byte a cell.
    """

    start: int
    old: bytes
    new: bytes

    @property
    def last(self) -> int:
        """The last cell."""
        return self.start + len(self.old) - 1


@dataclass(frozen=True, slots=True)
class Change:
    """A register that differs."""

    name: str
    old: int | str
    new: int | str


@dataclass(frozen=True)
class Diff:
    """All that differs between two states.

    Attributes:
        before, after: the states.
        names: what the user calls them.
        outputs: their outputs.
        starts, ends: `int64[runs]`: first cell of each run of changed cells, and the one after its last.
    """

    before: State
    after: State
    names: tuple[str, str]
    outputs: tuple[bytes, bytes]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @property
    def is_empty(self) -> bool:
        """Whether the states are the same in everything."""
        return not (self.changes or self.changed_cells or self.outputs[0] != self.outputs[1] or self.sizes)

    @property
    def changed_cells(self) -> int:
        """How many cells differ."""
        return int((self.ends - self.starts).sum())

    @property
    def sizes(self) -> tuple[int, int] | None:
        """The sizes of the memories if they differ; then only the cells that both have are compared."""
        sizes = len(self.before.memory), len(self.after.memory)
        return None if sizes[0] == sizes[1] else sizes

    @property
    def runs(self) -> Iterator[Run]:
        """The runs of changed cells, in order."""
        for start, end in zip(self.starts.tolist(), self.ends.tolist(), strict=True):
            yield Run(start, self.before.memory[start:end].tobytes(), self.after.memory[start:end].tobytes())

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The registers that differ."""
        before, after = self.before, self.after
        pairs = (
            Change("step", before.steps, after.steps),
            Change("pc", before.pc, after.pc),
            Change("head0", before.head0, after.head0),
            Change("head1", before.head1, after.head1),
            Change("input position", before.input_pos, after.input_pos),
            Change("spare register", before.spare, after.spare),
            Change("status", str(before.status), str(after.status)),
        )
        return tuple(change for change in pairs if change.old != change.new)

    def to_dict(self) -> dict[str, Any]:
        """The diff as JSON can hold it; bytes in hex."""
        return {
            "before": self.names[0],
            "after": self.names[1],
            "changes": {change.name.replace(" ", "_"): [change.old, change.new] for change in self.changes},
            "output": None if self.outputs[0] == self.outputs[1] else [output.hex() for output in self.outputs],
            "memory_sizes": None if self.sizes is None else list(self.sizes),
            "changed_cells": self.changed_cells,
            "runs": [{"start": run.start, "old": run.old.hex(), "new": run.new.hex()} for run in self.runs],
        }

    def to_lines(self, cells: int = TEXT_CELLS) -> list[str]:
        """The diff as text, a line each change, listing at most so many cells."""
        title = f"{self.names[0]} → {self.names[1]}"
        if self.is_empty:
            return [f"{title}: no difference"]
        runs = f" in {len(self.starts):,} runs" if len(self.starts) > 1 else ""
        lines = [f"{title}: {_counted(self.changed_cells, 'cell')} changed{runs}"]
        lines += [f"{change.name:15} {_plain(change.old)} → {_plain(change.new)}" for change in self.changes]
        if self.outputs[0] != self.outputs[1]:
            lines.append(f"{'output':15} {shown(self.outputs[0])} → {shown(self.outputs[1])}")
        if self.sizes is not None:
            lines.append(
                f"{'memory':15} {self.sizes[0]:,} → {self.sizes[1]:,} cells; those that both have are compared"
            )
        lines += islice(self._cell_lines(), cells)
        if self.changed_cells > cells:
            lines.append(f"… and {self.changed_cells - cells:,} more cells")
        return lines

    def _cell_lines(self) -> Iterator[str]:
        for run in self.runs:
            for offset, (old, new) in enumerate(zip(run.old, run.new, strict=True)):
                mark = " " if offset == 0 else "│"
                yield f"{mark}cell {run.start + offset:<9,} {cell_change(old, new)}"


def diff(
    before: State,
    after: State,
    *,
    names: tuple[str, str] = ("before", "after"),
    outputs: tuple[bytes, bytes] | None = None,
) -> Diff:
    """Compares two states, of one run or of two.

    Args:
        before: a state.
        after: the state to compare it with; neither need be the earlier one.
        names: what the user calls them.
        outputs: their outputs; None: what they wrote (a region of memory is no output then).
    """
    cells = min(len(before.memory), len(after.memory))
    differs = before.memory[:cells] != after.memory[:cells]
    edges = np.flatnonzero(differs[1:] != differs[:-1]) + 1
    bounds = np.concatenate([[0] * bool(differs[0]), edges, [cells] * bool(differs[-1])]).astype(np.int64)
    return Diff(before, after, names, outputs or (before.output, after.output), bounds[::2], bounds[1::2])


def cell_change(old: int, new: int) -> str:
    """A cell's change in hex, decimal, difference, signed values where they differ from those, and characters."""
    text = f"{old:02x} → {new:02x}   {old:3} → {new:3}   {_signed(new - old)}"
    if old > 127 or new > 127:
        text += f"   ({_signed_byte(old)} → {_signed_byte(new)} signed)"
    if is_printable(old) or is_printable(new):
        text += f"   {character(old)} → {character(new)}"
    return text


def is_printable(byte: int) -> bool:
    """Whether a byte is a visible ASCII character."""
    return 32 <= byte < 127


def character(byte: int) -> str:
    """A byte as a character in quotes, or as a dot if it is none that can be seen."""
    return repr(chr(byte)) if is_printable(byte) else "·"


def shown(output: bytes, width: int = 40) -> str:
    """Bytes for a line of text: as characters with escapes, cut at `width` bytes."""
    text = repr(output[:width])[1:]
    return f"{text}…({len(output):,} bytes)" if len(output) > width else text


def _signed_byte(byte: int) -> int:
    return byte - 256 if byte > 127 else byte


def _signed(value: int) -> str:
    return f"+{value}" if value >= 0 else f"−{-value}"


def _plain(value: int | str) -> str:
    return f"{value:,}" if isinstance(value, int) else value


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
