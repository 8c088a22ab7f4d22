"""The program as a compact grid: two columns an instruction, decimal rows that add up to the index."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType

from gpdebug.tui.scene import ProgramScene, glyphs, within
from gpdebug.tui.themes import palette_of
from gpdebug.tui.widgets.line_view import runs
from gpdebug.tui.widgets.program_view import ProgramView

_DECIMAL = (5, 10, 20, 30, 40, 50)
_HEXADECIMAL = (8, 16, 32, 64)


@dataclass(frozen=True, slots=True)
class GridShape:
    """How instructions lie in lines: decimal, so that row and column add up to the index, or hex like the memory.

    Attributes:
        columns: instructions a line.
        group: instructions between gaps.
        digits: width of the row numbers.
    """

    columns: int
    group: int
    digits: int

    @classmethod
    def choices(cls, length: int, hexadecimal: bool) -> list[GridShape]:
        """The shapes for a program, narrow to wide; none wider than the program needs."""
        last = max(0, length - 1)
        digits = max(2, len(f"{last:x}" if hexadecimal else str(last)))
        columns, group = (_HEXADECIMAL, 16) if hexadecimal else (_DECIMAL, 10)
        enough = next((n for n in columns if n >= length and n >= group), columns[-1])
        return [cls(n, group, digits) for n in columns if n <= enough]

    @property
    def gutter(self) -> int:
        """Columns left of the first instruction."""
        return self.digits + 2

    @property
    def width(self) -> int:
        """Columns in all."""
        return self.gutter + 2 * self.columns + (self.columns - 1) // self.group


class ProgramGrid(ProgramView):
    """The grid view.

    An instruction has two columns: a mark (`▸` pc, `●` breakpoint) and its symbol. Background is pc, the cursor or
    the shading; underline is the partner of the bracket under pc or the cursor; faint is never run.
    """

    pinned = 1

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1, 0)", "Left", show=False, id="program.left"),
        Binding("right", "move(1, 0)", "Right", show=False, id="program.right"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shape = GridShape(10, 10, 2)
        self._partners: frozenset[int] = frozenset()
        self._styles: tuple[Style, ...] = ()
        self._glyphs: tuple[str, ...] = ()
        self._shades: tuple[Style, ...] = ()

    @property
    def hexadecimal(self) -> bool:
        """Whether indexes are in hex, to line up with the memory that the program is."""
        return self.scene is not None and self.scene.program.dialect.self_modifying

    def place(self) -> None:
        """Chooses as many instructions a line as fit."""
        shape = self._shape_for(self.size.width)
        self._shape = self._shape_for(self.room(-(-self.length // shape.columns)))
        self.set_line_count(-(-self.length // self._shape.columns))

    def _shape_for(self, width: int) -> GridShape:
        choices = GridShape.choices(self.length, self.hexadecimal)
        fitting = (shape for shape in choices if shape.width <= width)
        return max(fitting, default=choices[0], key=lambda shape: shape.columns)

    def row_of(self, index: int) -> int:
        """The line that holds an instruction."""
        return index // self._shape.columns

    def index_at(self, x: int, line: int) -> int | None:
        """The instruction at a column of a line; left of the first one it is the first one."""
        x = max(0, x - self._shape.gutter)
        width = 2 * self._shape.group + 1
        column = x // width * self._shape.group + min(x % width // 2, self._shape.group - 1)
        index = line * self._shape.columns + column
        return index if column < self._shape.columns and index < self.length else None

    def step_of(self, dx: int, dy: int) -> int:
        """How far a move of the cursor goes, in instructions."""
        return dx + dy * self._shape.columns

    def begin_frame(self) -> None:
        """Finds the brackets that belong together."""
        scene = self.scene
        if scene is not None:
            self._styles = palette_of(self.app).symbols(scene.program.dialect)
            self._glyphs = glyphs(scene.program.dialect)
            self._shades = scene.shading.styles(palette_of(self.app))
            self._partners = scene.partners_of(self.cursor, scene.pc)

    def signature(self, y: int) -> Hashable:
        """What the look of a row depends on."""
        scene = self.scene
        if scene is None:
            return None
        start, end = y * self._shape.columns, (y + 1) * self._shape.columns
        marked = within(self.cursor, start, end), self._partners_in(start, end)
        return scene.signature(start, end), marked, self._shape

    def head_signature(self) -> Hashable:
        """What the look of the column numbers depends on."""
        return self.cursor % self._shape.columns, self._shape

    def _partners_in(self, start: int, end: int) -> tuple[int, ...]:
        return tuple(index for index in self._partners if start <= index < end)

    def header(self, y: int) -> Iterable[Segment]:
        """Column numbers; the cursor's is bright."""
        muted, strong = self.palette.faint, self.palette.heading
        here = self.cursor % self._shape.columns
        cells: list[tuple[str, Style]] = [(" " * self._shape.gutter, muted)]
        for column in range(min(self._shape.columns, max(1, self.length))):
            within = column % self._shape.group
            label = f"{within:x}" if self.hexadecimal else str(within)
            if within == 0 and column:
                label = f"{column:x}" if self.hexadecimal else str(column)
                cells.append((" ", muted))
            cells.append((label.rjust(2), strong if column == here else muted))
        return runs(cells)

    def line(self, y: int) -> Iterable[Segment]:
        """One row of instructions."""
        return [] if self.scene is None else runs(self._cells(self.scene, y))

    def _cells(self, scene: ProgramScene, y: int) -> Iterator[tuple[str, Style]]:
        palette = self.palette
        start = y * self._shape.columns
        end = min(start + self._shape.columns, len(scene))
        label = f"{start:x}" if self.hexadecimal else str(start)
        here = start <= self.cursor < end
        mark = next((scene.marks[i] for i in scene.marks if start <= i < end), None) if scene.marks else None
        yield label.rjust(self._shape.digits) + " ", palette.heading if here else palette.faint
        yield mark.value if mark else " ", palette.breakpoint
        for index in range(start, end):
            if index != start and (index - start) % self._shape.group == 0:
                yield " ", palette.base
            yield from self._cell(scene, index)

    def _cell(self, scene: ProgramScene, index: int) -> Iterator[tuple[str, Style]]:
        palette = self.palette
        byte = scene.code[index]
        style, before = self._styles[byte], palette.base
        if scene.shades is not None:
            level = scene.shades[index]
            style = style + self._shades[level] if level else palette.never_run
            before = self._shades[level]
        layer = scene.pc_style(palette) if scene.is_pc(index) else self._layer(index)
        mark = scene.marks.get(index)
        if mark is None and layer is None and index not in self._partners and not scene.is_changed(index):
            yield " " + self._glyphs[byte], style
            return
        if scene.is_changed(index):
            style += palette.changed
        if index in self._partners:
            style += palette.match
        if mark is not None:
            before += palette.breakpoint
        if layer is not None:
            style, before = style + layer, before + layer
        yield mark.value if mark else "▸" if scene.is_pc(index) else " ", before
        yield self._glyphs[byte], style

    def _layer(self, index: int) -> Style | None:
        if index != self.cursor:
            return None
        return self.palette.cursor if self.has_focus else self.palette.cursor_blurred
