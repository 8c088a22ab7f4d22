"""What differs between two moments, of one run or of two: registers, output, program, and the cells in runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.debugger.changed import Changed
from gpdebug.debugger.diff_text import cell_change, difference, plain, shown
from gpdebug.wording import counted, is_printable, literal
from vm.program import Program
from vm.settings import Settings
from vm.state import State

if TYPE_CHECKING:
    from gpdebug.debugger.rewritten import Rewritten

TEXT_CELLS = 1000
"""Cells that the text of a diff lists before it says how many more there are."""

_ROW = 8


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A moment that is compared.

    Attributes:
        name: what the user calls it.
        state: complete.
        output: as of then.
        program: what was running; None if that is not known.
        data: its input; None if that is not known.
        settings: of its machine; None if that is not known.
    """

    name: str
    state: State
    output: bytes
    program: Program | None = None
    data: bytes | None = None
    settings: Settings | None = None


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
    """Something that differs apart from the memory."""

    name: str
    old: int | str
    new: int | str


@dataclass(frozen=True, repr=False)
class Diff:
    """All that differs between two moments.

    Attributes:
        before, after: the moments; neither need be the earlier one.
        rewritten: what happened to the cells on the way; None if that was not counted.
    """

    before: Side
    after: Side
    rewritten: Rewritten | None = None

    def __str__(self) -> str:
        return "\n".join(self.to_lines())

    def __repr__(self) -> str:
        return f"<Diff {self.before.name} → {self.after.name}: {counted(self.changed_cells, 'cell')} changed>"

    @cached_property
    def changed(self) -> Changed:
        """Where the memories differ."""
        return Changed(self.before.state.memory, self.after.state.memory)

    @property
    def is_empty(self) -> bool:
        """Whether the moments are the same in everything."""
        return not (self.changes or self.changed_cells or self.outputs_differ or self.sizes or self.sources)

    @property
    def changed_cells(self) -> int:
        """How many cells differ."""
        return len(self.changed.cells)

    @property
    def outputs_differ(self) -> bool:
        """Whether the outputs are different ones."""
        return self.before.output != self.after.output

    @property
    def sizes(self) -> tuple[int, int] | None:
        """The sizes of the memories if they differ; then only the cells that both have are compared."""
        sizes = len(self.before.state.memory), len(self.after.state.memory)
        return None if sizes[0] == sizes[1] else sizes

    @property
    def runs(self) -> Iterator[Run]:
        """The runs of changed cells, in order."""
        before, after = self.before.state.memory, self.after.state.memory
        for start, end in self.changed.bounds():
            yield Run(start, before[start:end].tobytes(), after[start:end].tobytes())

    @cached_property
    def sources(self) -> tuple[Change, ...]:
        """What was running, where that is known and differs: the program, its input."""
        found = []
        if self.before.program is not None and self.after.program is not None:
            found.append(Change("program", self.before.program.text, self.after.program.text))
        if self.before.data is not None and self.after.data is not None:
            found.append(Change("input", self.before.data.hex(), self.after.data.hex()))
        return tuple(change for change in found if change.old != change.new)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The registers that differ."""
        before, after = self.before.state, self.after.state
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

    def to_dict(self, *, all_cells: bool = False) -> dict[str, Any]:
        """The diff as JSON can hold it; bytes in hex.

        Args:
            all_cells: with both memories whole.
        """
        data: dict[str, Any] = {
            "before": self.before.name,
            "after": self.after.name,
            "changes": {change.name.replace(" ", "_"): [change.old, change.new] for change in self.changes},
            "sources": {change.name: [change.old, change.new] for change in self.sources},
            "output": [self.before.output.hex(), self.after.output.hex()] if self.outputs_differ else None,
            "memory_sizes": None if self.sizes is None else list(self.sizes),
            "changed_cells": self.changed_cells,
            "runs": [{"start": run.start, "old": run.old.hex(), "new": run.new.hex()} for run in self.runs],
        }
        if self.rewritten is not None:
            data["changed_back"] = [
                {
                    "cell": cell,
                    "value": int(self.after.state.memory[cell]),
                    "changes": int(self.rewritten.changes[cell]),
                    "writes": int(self.rewritten.writes[cell]),
                    "last_write": int(self.rewritten.last[cell]),
                }
                for cell in self._changed_back().tolist()
            ]
        if all_cells:
            data["memory"] = [side.state.memory.tobytes().hex() for side in (self.before, self.after)]
        return data

    def to_lines(self, cells: int = TEXT_CELLS, *, all_cells: bool = False) -> list[str]:
        """The diff as text.

        Args:
            cells: how many cells to list at most.
            all_cells: both memories side by side, instead of a line each changed cell.
        """
        title = f"{self.before.name} → {self.after.name}"
        if self.is_empty and not all_cells:
            return [f"{title}: no difference"]
        runs = len(self.changed.starts)
        lines = [f"{title}: {counted(self.changed_cells, 'cell')} changed" + (f" in {runs:,} runs" if runs > 1 else "")]
        lines += self._facts()
        lines += self._rows(cells) if all_cells else self._cells(cells)
        return [*lines, *self._lines_back(cells)]

    def _changed_back(self) -> NDArray[np.int64]:
        """The cells that hold again what they held, but did not always."""
        assert self.rewritten is not None
        return np.flatnonzero(self.rewritten.mask & ~self.changed.mask)

    def _lines_back(self, most: int) -> Iterator[str]:
        if self.rewritten is None:
            return
        back = self._changed_back()
        yield f"{counted(len(back), 'cell')} changed and changed back"
        for cell in back[:most].tolist():
            times, step = counted(int(self.rewritten.changes[cell]), "change"), int(self.rewritten.last[cell])
            when = f"last written at step {step:,}" if step >= 0 else "by edits only"
            value = int(self.after.state.memory[cell])
            seen = f"   {literal(value)}" if is_printable(value) else ""
            yield f" cell {cell:<9,} {value:02x}   {value:3}{seen}   {times}, {when}"
        if len(back) > most:
            yield _more(len(back) - most)

    def _facts(self) -> Iterator[str]:
        for change in self.sources:
            if change.name == "input":
                texts = (shown(bytes.fromhex(str(text))) for text in (change.old, change.new))
            else:
                texts = (counted(len(str(text)), "instruction") for text in (change.old, change.new))
            yield f"{change.name:15} " + " → ".join(texts)
            if change.name == "program":
                yield from (f"  {sign} {line}" for sign, line in difference(str(change.old), str(change.new)))
        for change in self.changes:
            yield f"{change.name:15} {plain(change.old)} → {plain(change.new)}"
        if self.outputs_differ:
            yield f"{'output':15} {shown(self.before.output)} → {shown(self.after.output)}"
        if self.sizes is not None:
            yield f"{'memory':15} {self.sizes[0]:,} → {self.sizes[1]:,} cells; those that both have are compared"

    def _cells(self, most: int) -> Iterator[str]:
        listed = 0
        for run in self.runs:
            for offset, (old, new) in enumerate(zip(run.old, run.new, strict=True)):
                if listed == most:
                    yield _more(self.changed_cells - listed)
                    return
                mark = " " if offset == 0 else "│"
                yield f"{mark}cell {run.start + offset:<9,} {cell_change(old, new)}"
                listed += 1

    def _rows(self, most: int) -> Iterator[str]:
        before, after = self.before.state.memory, self.after.state.memory
        size = len(self.changed.mask)
        for start in range(0, min(size, most), _ROW):
            end = min(start + _ROW, size)
            sides = (memory[start:end].tobytes().hex(" ") for memory in (before, after))
            marks = "".join("^^ " if changed else "   " for changed in self.changed.mask[start:end].tolist()).rstrip()
            yield f"{start:8,}: " + "   ".join(f"{side:{3 * _ROW - 1}}" for side in sides).rstrip()
            if marks:
                yield " " * (10 + 3 * _ROW + 2) + marks
        if size > most:
            yield _more(size - most)


def _more(cells: int) -> str:
    return f"… and {cells:,} more cell" + ("" if cells == 1 else "s")
