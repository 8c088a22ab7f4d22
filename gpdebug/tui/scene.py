"""What the views draw, as plain data computed once a moment: code, marks, nesting and shades."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.style import Style

from gpdebug.tui.shading import Shading
from gpdebug.tui.themes import Palette
from vm.dialect import Dialect, Primitive
from vm.program import Program
from vm.state import State, Status

_CHUNK = 1 << 14
_DEEPEST_INDENT_LENGTH = 1 << 16


class Mark(Enum):
    """How a stop looks, at an instruction or on cells."""

    PLAIN = "●"
    CONDITIONAL = "◆"
    LOG = "◇"
    DISABLED = "○"
    TEMPORARY = "◦"


@dataclass(frozen=True, slots=True)
class WatchedCells:
    """Cells that a stop watches, where they are at a moment.

    Attributes:
        low: the first one.
        size: how many, wrapping around at the end of the memory.
        mark: how the stop looks.
        head: the head that they go along with, or None.
    """

    low: int
    size: int
    mark: Mark
    head: int | None = None

    def sign(self, cell: int, cells: int) -> str:
        """What stands before a cell: the mark before the first, a line that goes on before the others, or nothing.

        Args:
            cell: which.
            cells: size of the memory.
        """
        offset = (cell - self.low) % cells
        return "" if offset >= self.size else "─" if offset else self.mark.value


@dataclass(frozen=True, slots=True, eq=False)
class ProgramScene:
    """A program at a moment.

    Attributes:
        program: what is debugged.
        code: `uint8[length]`, the instructions as they are now (the memory, where programs modify themselves).
        primitives: `uint8[length]`.
        pc: the instruction that runs next, or at which a fault ended the run.
        status: `RUNNING`, or why the run ended.
        marks: breakpoints by instruction.
        shading: what the background tells.
        shades: `uint8[length]`, its level for each instruction, 0 for never run; None when unknown or not told.
        executions: `int64[length]`, or None when unknown.
        heads: cells of head0 and head1 where programs modify themselves, else None.
        loops: in which pass the loops around pc are, in words, by the index of their open.
        before: `uint8[length]`, the code at the last stop, where programs modify themselves.
    """

    program: Program
    code: NDArray[np.uint8]
    primitives: NDArray[np.uint8]
    pc: int
    status: Status
    marks: Mapping[int, Mark] = field(default_factory=dict)
    executions: NDArray[np.int64] | None = None
    shading: Shading = Shading.HEAT
    shades: NDArray[np.uint8] | None = None
    heads: tuple[int, int] | None = None
    before: NDArray[np.uint8] | None = None
    loops: Mapping[int, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.code)

    @classmethod
    def of(
        cls,
        program: Program,
        state: State,
        *,
        marks: Mapping[int, Mark] | None = None,
        executions: NDArray[np.int64] | None = None,
        shading: Shading = Shading.HEAT,
        previous: State | None = None,
        loops: Mapping[int, str] | None = None,
        scan: NDArray[np.uint8] | None = None,
    ) -> ProgramScene:
        """The scene of a moment; `scan` has the levels of a shading that is a scan."""
        own = program.dialect.self_modifying
        code = state.memory if own else program.code
        return cls(
            program=program,
            code=code,
            primitives=program.dialect.table[0][code] if own else program.primitives,
            pc=state.pc,
            status=state.status,
            marks=marks or {},
            executions=executions,
            shading=shading,
            shades=_shades(shading, executions, scan, len(code)),
            heads=(state.head0, state.head1) if own else None,
            before=previous.memory if own and previous is not None else None,
            loops=loops or {},
        )

    def signature(self, start: int, end: int) -> Hashable:
        """What the look of some neighbouring instructions depends on, cursor and brackets apart."""
        pc = within(self.pc, start, end), self.status
        marks = tuple((i, self.marks[i]) for i in self.marks if start <= i < end) if self.marks else ()
        shades = None if self.shades is None else (self.shading, self.shades[start:end].tobytes())
        code = self.code[start:end].tobytes()
        before = code if self.before is None else self.before[start:end].tobytes()
        return code, before, shades, pc, marks

    def is_changed(self, index: int) -> bool:
        """Whether an instruction is another one than at the last stop."""
        return self.before is not None and bool(self.before[index] != self.code[index])

    def is_pc(self, index: int) -> bool:
        """Whether an instruction runs next, or is the one that could not be executed."""
        return index == self.pc and (self.status is Status.RUNNING or self.status.is_fault)

    def pc_style(self, palette: Palette) -> Style:
        """The fill of the instruction at pc."""
        if self.status is Status.RUNNING:
            return palette.pc_fill
        return Style(color=palette.pc_fill.color, bgcolor=palette.error.color, bold=True)

    def partner(self, index: int) -> int | None:
        """The bracket that belongs to the one at `index`, or None."""
        if not 0 <= index < len(self) or self.primitives[index] not in (Primitive.OPEN, Primitive.CLOSE):
            return None
        if not self.program.dialect.self_modifying:
            partner = int(self.program.partners[index])
            return partner if partner >= 0 else None
        return _search_partner(self.primitives, index)

    def partners_of(self, *indexes: int) -> frozenset[int]:
        """Those of some instructions that are brackets with a partner, and these partners."""
        found: set[int] = set()
        for index in indexes:
            partner = self.partner(index)
            if partner is not None:
                found |= {index, partner}
        return frozenset(found)


def _shades(
    shading: Shading, executions: NDArray[np.int64] | None, scan: NDArray[np.uint8] | None, length: int
) -> NDArray[np.uint8] | None:
    """The level of each instruction; a scan says nothing of what was no instruction at step 0."""
    if not shading.is_scan:
        return None if executions is None else shading.levels(executions)
    if scan is None:
        return None
    return np.pad(scan[:length], (0, max(0, length - len(scan))), constant_values=1)


def within(index: int, start: int, end: int) -> int | None:
    """An index if it lies in a range, else None."""
    return index if start <= index < end else None


@lru_cache(maxsize=16)
def glyphs(dialect: Dialect) -> tuple[str, ...]:
    """One printable character for each of the 256 bytes of a program; `·` for what has no form."""
    return tuple(chr(byte) if chr(byte) in dialect.symbols or 32 < byte < 127 else "·" for byte in range(256))


def depths(primitives: NDArray[np.uint8]) -> NDArray[np.int16] | None:
    """How deep each instruction is nested, a bracket as deep as what is around it; None for huge programs."""
    if len(primitives) > _DEEPEST_INDENT_LENGTH:
        return None
    result = np.zeros(len(primitives), np.int16)
    opens = primitives == Primitive.OPEN
    closes = primitives == Primitive.CLOSE
    level = np.cumsum(opens) - np.cumsum(closes)
    floor = np.minimum.accumulate(np.minimum(level, 0))
    inside = level - floor
    np.copyto(result, np.clip(inside - opens, 0, 1 << 14), casting="unsafe")
    return result


def _search_partner(primitives: NDArray[np.uint8], index: int) -> int | None:
    """Counts depth away from a bracket, chunk by chunk, until it is closed."""
    forwards = primitives[index] == Primitive.OPEN
    line = primitives[index:] if forwards else primitives[index::-1]
    inner, outer = (Primitive.OPEN, Primitive.CLOSE) if forwards else (Primitive.CLOSE, Primitive.OPEN)
    depth = 0
    for start in range(0, len(line), _CHUNK):
        chunk = line[start : start + _CHUNK]
        level = depth + np.cumsum((chunk == inner).astype(np.int64) - (chunk == outer))
        hits = np.flatnonzero(level == 0)
        if hits.size:
            distance = start + int(hits[0])
            return index + distance if forwards else index - distance
        depth = int(level[-1])
    return None
