"""The program as a listing: one instruction a line, indented by loops, in plain words, with how often it ran."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style

from gpdebug.explain.meanings import meaning
from gpdebug.tui.scene import ProgramScene, depths, glyphs
from gpdebug.tui.themes import palette_of
from gpdebug.tui.widgets.line_view import runs
from gpdebug.tui.widgets.program_view import ProgramView
from vm.dialect import Primitive

_DEEPEST = 12


class ProgramListing(ProgramView):
    """The listing view: breakpoint, pc, index, symbol indented by its nesting, words, times executed."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._digits = 1
        self._counted = 0
        self._depths: NDArray[np.int16] | None = None
        self._nested_code: NDArray[np.uint8] | None = None
        self._partners: frozenset[int] = frozenset()
        self._styles: tuple[Style, ...] = ()
        self._glyphs: tuple[str, ...] = ()
        self._shades: tuple[Style, ...] = ()

    def place(self) -> None:
        """One line an instruction."""
        self._digits = max(2, len(str(max(0, self.length - 1))))
        self.set_line_count(self.length)

    def row_of(self, index: int) -> int:
        """The line that holds an instruction."""
        return index

    def index_at(self, x: int, line: int) -> int | None:
        """The instruction of a line."""
        return line if line < self.length else None

    def step_of(self, dx: int, dy: int) -> int:
        """How far a move of the cursor goes, in instructions."""
        return dx + dy

    def begin_frame(self) -> None:
        """Finds nesting and the brackets that belong together."""
        scene = self.scene
        if scene is None:
            return
        self._styles = palette_of(self.app).symbols(scene.program.dialect)
        self._glyphs = glyphs(scene.program.dialect)
        self._shades = scene.shading.styles(palette_of(self.app))
        if self._nested_code is not scene.code:
            self._nested_code, self._depths = scene.code, depths(scene.primitives)
        self._partners = scene.partners_of(self.cursor, scene.pc)
        self._counted = 0 if scene.executions is None else len(f"{int(scene.executions.max(initial=0)):,}×")

    def signature(self, y: int) -> Hashable:
        """What the look of a line depends on."""
        scene = self.scene
        if scene is None:
            return None
        count = None if scene.executions is None else int(scene.executions[y])
        around = y == self.cursor, y in self._partners, self._nesting(scene, y)
        return scene.signature(y, y + 1), count, around, self._counted, scene.loops.get(y)

    def _nesting(self, scene: ProgramScene, y: int) -> tuple[int, int | None]:
        """How deep a line is indented, and the partner that it names: where programs modify themselves, both change."""
        return self._depth(y), scene.partner(y) if scene.program.dialect.self_modifying else None

    def _depth(self, index: int) -> int:
        return 0 if self._depths is None else int(self._depths[index])

    def line(self, y: int) -> Iterable[Segment]:
        """One instruction."""
        return [] if self.scene is None else runs(self._cells(self.scene, y))

    def _cells(self, scene: ProgramScene, index: int) -> Iterator[tuple[str, Style]]:
        palette = self.palette
        byte = int(scene.code[index])
        is_pc = scene.is_pc(index)
        filled = scene.pc_style(palette) if is_pc else palette.base
        is_cursor = index == self.cursor
        ran = scene.shades is None or scene.shades[index] > 0
        row = warm = Style()
        if scene.shades is not None:
            warm = self._shades[scene.shades[index]]
        if is_cursor:
            row = warm = palette.cursor if self.has_focus else palette.cursor_blurred
        mark = scene.marks.get(index)
        yield (mark.value if mark else " ") + " ", palette.breakpoint
        yield "▸" if is_pc else " ", filled
        yield str(index).rjust(self._digits) + " ", filled if is_pc else palette.muted + warm
        guides = "│ " * min(self._depth(index), _DEEPEST)
        symbol = self._styles[byte] if ran else palette.never_run
        if scene.is_changed(index):
            symbol += palette.changed
        if index in self._partners:
            symbol += palette.match
        yield " " + guides, palette.faint + row
        yield self._glyphs[byte], symbol + warm
        text = self._say(scene, index, byte)
        count = "" if scene.executions is None or not scene.executions[index] else f"{scene.executions[index]:,}×"
        used = 2 + 1 + self._digits + 1 + 1 + len(guides) + 1
        room = max(0, self.size.width - used - 2 - self._counted - 2)
        yield (
            "  " + (text if len(text) <= room else text[: max(0, room - 1)] + "…").ljust(room),
            (palette.base if ran else palette.never_run) + row,
        )
        yield f" {count:>{self._counted}} ", palette.muted + warm

    def _say(self, scene: ProgramScene, index: int, byte: int) -> str:
        if chr(byte) not in scene.program.dialect.symbols:
            return f"byte {byte}: does nothing"
        argument = int(scene.program.dialect.table[1][byte])
        if index in scene.loops:
            return f"loop to {scene.partner(index):,}: {scene.loops[index]}"
        return meaning(Primitive(int(scene.primitives[index])), argument, scene.partner(index))
