"""The view of heat maps: a column an instruction, a line for each way to change it, a cursor on one change."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.events import Click, Resize
from textual.message import Message

from gpdebug.tui.heat_scene import HeatScene
from gpdebug.tui.keymap import MOVE, bind
from gpdebug.tui.widgets.line_view import LineView, runs

_MARGIN = 2
_EVERY = 10


class HeatView(LineView, can_focus=True):
    """Draws heat maps; those that are wider than the screen follow the cursor."""

    pinned = 2
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up,k", "move(0, -1)", "up", id="heat.up", group=MOVE, show=False, tip="the change above"),
        bind("down", "move(0, 1)", "down", id="heat.down", group=MOVE, show=False, tip="the change below"),
        bind("left,h", "move(-1, 0)", "left", id="heat.left", group=MOVE, show=False, tip="the instruction before"),
        bind("right,l", "move(1, 0)", "right", id="heat.right", group=MOVE, show=False, tip="the next instruction"),
        bind("pageup", "page(-1)", "page left", id="heat.page_up", group=MOVE, show=False),
        bind("pagedown", "page(1)", "page right", id="heat.page_down", group=MOVE, show=False),
        bind("home", "to(0)", "first instruction", id="heat.first", group=MOVE, show=False),
        bind("end", "to(-1)", "last instruction", id="heat.last", group=MOVE, show=False),
    ]

    class Moved(Message):
        """The cursor is on another change."""

        def can_replace(self, message: Message) -> bool:
            """Only the last of several matters."""
            return isinstance(message, type(self))

    class Chosen(Message):
        """An instruction was opened with a double click."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scene: HeatScene | None = None
        self.row = self.column = 0
        self._left = 0

    @property
    def instruction(self) -> int | None:
        """The instruction under the cursor."""
        return None if self.scene is None or not self.scene.columns else self.scene.first + self.column

    def show(self, scene: HeatScene | None) -> None:
        """Draws other maps."""
        self.scene = scene
        self.set_line_count(0 if scene is None else len(scene.rows))
        self._go(self.row, self.column)
        self.refresh()

    def move_to(self, instruction: int) -> None:
        """Puts the cursor on an instruction."""
        if self.scene is not None:
            self._go(self.row, instruction - self.scene.first)

    def action_move(self, columns: int, rows: int) -> None:
        """Moves the cursor."""
        self._go(self.row + rows, self.column + columns)

    def action_page(self, pages: int) -> None:
        """Moves the cursor by what is seen at once."""
        self._go(self.row, self.column + pages * self._room)

    def action_to(self, column: int) -> None:
        """Puts the cursor on the first instruction, or the last."""
        if self.scene is not None and self.scene.columns:
            self._go(self.row, column % self.scene.columns)

    def on_resize(self, event: Resize) -> None:
        """The cursor stays in sight."""
        self._go(self.row, self.column)

    def on_click(self, event: Click) -> None:
        """Puts the cursor on what was clicked; a second click opens it."""
        place = self.line_at(event)
        if place is None or self.scene is None:
            return
        column = self._left + place[0] - self._begin
        if 0 <= column < self.scene.columns and place[0] >= self._begin:
            self._go(place[1], column)
            if event.chain == 2:
                self.post_message(self.Chosen())

    @property
    def _begin(self) -> int:
        """Where the columns begin."""
        return _MARGIN + (0 if self.scene is None else self.scene.label_width) + 1

    @property
    def _room(self) -> int:
        """Columns that are seen at once."""
        return max(1, self.size.width - self._begin - 1)

    def _go(self, row: int, column: int) -> None:
        if self.scene is None or not self.scene.columns:
            return
        self.row = max(0, min(row, len(self.scene.rows) - 1))
        self.column = max(0, min(column, self.scene.columns - 1))
        last = max(0, self.scene.columns - self._room)
        self._left = max(0, min(max(self._left, self.column - self._room + 1), self.column, last))
        self.show_line(self.row)
        self.refresh()
        self.post_message(self.Moved())

    def signature(self, y: int) -> Hashable:
        """What the look of a line depends on."""
        return id(self.scene), y, self._left, self.column, y == self.row

    def header(self, y: int) -> Iterable[Segment]:
        """The numbers of the instructions, and below them the instructions."""
        if self.scene is None:
            return []
        return runs(self._numbers(self.scene) if y == 0 else self._symbols(self.scene))

    def _numbers(self, scene: HeatScene) -> Iterator[tuple[str, Style]]:
        text = [" "] * (self._begin + self._room)
        for column in self._shown(scene):
            if (scene.first + column) % _EVERY == 0:
                at = self._begin + column - self._left
                for place, digit in enumerate(f"{scene.first + column:,}"):
                    text[at + place : at + place + 1] = [digit]
        yield "".join(text[: self.size.width]), self.palette.faint

    def _symbols(self, scene: HeatScene) -> Iterator[tuple[str, Style]]:
        yield " " * self._begin, self.palette.base
        for column in self._shown(scene):
            yield scene.symbol(column), self.palette.heading if column == self.column else self.palette.muted

    def _shown(self, scene: HeatScene) -> range:
        return range(self._left, min(scene.columns, self._left + self._room))

    def line(self, y: int) -> Iterable[Segment]:
        """A line: the name of the change, and what it does to each instruction."""
        return [] if self.scene is None else runs(self._cells(self.scene, y))

    def _cells(self, scene: HeatScene, y: int) -> Iterator[tuple[str, Style]]:
        palette = self.palette
        heat, row = scene.rows[y]
        name = " " * _MARGIN + heat.rows[row].rjust(scene.label_width)
        yield name, palette.heading if y == self.row else palette.muted
        yield " ", palette.base
        here = palette.cursor if self.has_focus else palette.cursor_blurred
        for column in self._shown(scene):
            text, style = scene.cell(y, column)
            drawn: Style = getattr(palette, style)
            around = y == self.row or column == self.column
            yield text, drawn + here if around else drawn
