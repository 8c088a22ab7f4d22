"""A program as one block of symbols, some of them marked, with a cursor."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.message import Message

from gpdebug.tui.individuals import coloured
from gpdebug.tui.keymap import MOVE, bind
from gpdebug.tui.widgets.line_view import LineView, runs
from vm.dialect import Dialect

_LABEL = 9


class CodeMap(LineView, can_focus=True):
    """Shows a program; the cursor is moved by keys and clicks."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("left", "move(-1)", "left", id="code.left", group=MOVE, show=False),
        bind("right", "move(1)", "right", id="code.right", group=MOVE, show=False),
        bind("up", "move_line(-1)", "up", id="code.up", group=MOVE, show=False),
        bind("down", "move_line(1)", "down", id="code.down", group=MOVE, show=False),
        bind("home", "go(0)", "start", id="code.first", group=MOVE, show=False),
        bind("end", "go(-1)", "end", id="code.last", group=MOVE, show=False),
    ]

    class Moved(Message):
        """The cursor is on another instruction."""

        def __init__(self, instruction: int) -> None:
            super().__init__()
            self.instruction = instruction

    def __init__(self, code: bytes, dialect: Dialect, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._code, self._dialect = code, dialect
        self._marked: frozenset[int] = frozenset()
        self.cursor = 0

    def mark(self, instructions: Collection[int], *, show: bool = True) -> None:
        """Marks these and no others; shows the first of them."""
        self._marked = frozenset(instructions)
        if instructions and show:
            self.show_line(min(instructions) // self._width, 1)
        self.refresh()

    @property
    def _width(self) -> int:
        """Symbols a line, a multiple of 10."""
        return max(10, (self.size.width - _LABEL - 1) // 10 * 10)

    def on_resize(self) -> None:
        """Lays the symbols out for the new width."""
        self.set_line_count(-(-len(self._code) // self._width))

    def line(self, y: int) -> Iterable[Segment]:
        """One line of symbols behind the number of its first."""
        start = y * self._width
        styles = self.palette.symbols(self._dialect)
        cells: list[tuple[str, Style]] = [(f"{start:>{_LABEL - 2},}  ", self.palette.muted)]
        for place in range(start, min(start + self._width, len(self._code))):
            (segment,) = coloured(self._code[place : place + 1], styles, self.palette)
            style = self.palette.match if place in self._marked else segment.style or Style()
            if place == self.cursor:
                style += self.palette.cursor if self.has_focus else self.palette.cursor_blurred
            cells.append((segment.text, style))
        return runs(cells)

    def _go(self, instruction: int) -> None:
        instruction = max(0, min(instruction, len(self._code) - 1))
        if instruction != self.cursor and self._code:
            self.cursor = instruction
            self.show_line(instruction // self._width)
            self.refresh()
            self.post_message(self.Moved(instruction))

    def action_move(self, by: int) -> None:
        """Moves the cursor by instructions."""
        self._go(self.cursor + by)

    def action_move_line(self, by: int) -> None:
        """Moves the cursor by lines."""
        self._go(self.cursor + by * self._width)

    def action_go(self, instruction: int) -> None:
        """Moves the cursor to an instruction, from the end if negative."""
        self._go(instruction % max(1, len(self._code)))

    def on_click(self, event: events.Click) -> None:
        """Puts the cursor where the mouse is."""
        place = self.line_at(event)
        if place is not None and 0 <= place[0] - _LABEL < self._width:
            self._go(place[1] * self._width + place[0] - _LABEL)
