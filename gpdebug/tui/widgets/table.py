"""A table of any number of rows: only the lines on screen are ever drawn, and drawn lines are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from gpdebug.tui.keymap import MOVE, bind
from gpdebug.tui.themes import Palette, palette_of

Rows = NDArray[np.int64]
Draw = Callable[[int, int, int, Palette], list[Segment]]
"""Draws one cell: row, width, columns panned to the right, palette -> segments of at most that width."""

PAN = 8


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        key: its name in filters and messages.
        title: what its header says.
        width: cells, without the gap before the next one; of the last column the least.
        draw: draws one cell.
        letter: sorts by it after the sort key; one that its title contains.
        right: numbers stand on the right.
        weight: the columns of the greatest weight are left out first when room is short; 0 never is.
    """

    key: str
    title: str
    width: int
    draw: Draw
    letter: str = ""
    right: bool = True
    weight: int = 0


def number(values: NDArray[np.number]) -> Draw:
    """Draws whole numbers, right-aligned, with thousands separators."""

    def draw(row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        return [Segment(f"{int(values[row]):,}".rjust(width)[-width:])]

    return draw


class Table(ScrollView, can_focus=True):
    """Rows of columns; the last column takes what room is left and pans sideways, the others stay.

    A row is named by its number in the data; `order` says which rows are shown and in which order.
    """

    DEFAULT_CSS = """
    Table { background: $background; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up,k", "move(-1)", "up", id="table.up", group=MOVE, show=False),
        bind("down,j", "move(1)", "down", id="table.down", group=MOVE, show=False),
        bind("pageup,ctrl+b", "page(-1)", "page up", id="table.page_up", group=MOVE, show=False),
        bind("pagedown,ctrl+f", "page(1)", "page down", id="table.page_down", group=MOVE, show=False),
        bind("home", "edge(False)", "first row", id="table.first", group=MOVE, show=False),
        bind("end,G", "edge(True)", "last row", id="table.last", group=MOVE, show=False),
        bind("right,l", "pan(1)", "pan right", id="table.right", group=MOVE, show=False, tip="more of the program"),
        bind("left,h", "pan(-1)", "pan left", id="table.left", group=MOVE, show=False, tip="the program's start"),
    ]

    cursor: var[int] = var(0)
    """Place of the cursor in `order`."""

    @dataclass
    class Chosen(Message):
        """A row was opened with Enter or a double click."""

        row: int

    @dataclass
    class HeaderClicked(Message):
        """The header of a column was clicked."""

        key: str

    @dataclass
    class CursorMoved(Message):
        """The cursor is on another row."""

        place: int

        def can_replace(self, message: Message) -> bool:
            """Only the last of several matters."""
            return isinstance(message, type(self))

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns: tuple[Column, ...] = ()
        self._shown: tuple[tuple[Column, int], ...] = ()
        self._order: Rows = np.zeros(0, np.int64)
        self._panned = 0
        self._longest = 0
        self._marks: tuple[int, ...] = ()
        self._sorted_by: tuple[str, bool] = ("", False)
        self._lettered = False
        self._lines: LRUCache[tuple[object, ...], Strip] = LRUCache(2048)
        self.empty = ""

    @property
    def order(self) -> Rows:
        """The rows that are shown, in order: `int64[shown]`."""
        return self._order

    @property
    def marks(self) -> tuple[int, ...]:
        """The marked rows, oldest first."""
        return self._marks

    @property
    def row(self) -> int | None:
        """The row under the cursor."""
        return int(self._order[self.cursor]) if len(self._order) else None

    def set_columns(self, columns: Sequence[Column], longest: int, *, marks: Sequence[int] | None = None) -> None:
        """Shows other data.

        Args:
            columns: how to draw it.
            longest: the greatest width the last column can need.
            marks: rows that are marked, of data that goes on from what was shown: it stays panned; None: begin anew.
        """
        self._columns = tuple(columns)
        self._longest, self._marks = longest, tuple(marks or ())
        if marks is None:
            self._panned = 0
        self._fit()

    def show(self, order: Rows, *, sorted_by: tuple[str, bool] = ("", False), keep: int | None = None) -> None:
        """Shows rows in an order.

        Args:
            order: the rows: `int64[shown]`.
            sorted_by: key of the column they are sorted by and whether it descends, for the header.
            keep: a row to leave the cursor on if it is still shown; else the cursor goes to the first.
        """
        self._order, self._sorted_by = order, sorted_by
        places = np.flatnonzero(order == keep).tolist() if keep is not None else []
        self._resize()
        self.set_reactive(Table.cursor, -1)
        self.cursor = places[0] if places else 0
        self._reveal()
        self.refresh()

    def redraw(self) -> None:
        """Draws everything anew: what the cells are drawn from has changed."""
        self._lines.clear()
        self.refresh()

    def letters(self, shown: bool) -> None:
        """Shows or hides, in the header, the letters that sort."""
        self._lettered = shown
        self.refresh(Region(0, 0, self.size.width, 1))

    def toggle_mark(self) -> None:
        """Marks the row under the cursor, or takes its mark; a third mark drops the oldest."""
        if (row := self.row) is None:
            return
        others = [mark for mark in self._marks if mark != row]
        self._marks = tuple(others if row in self._marks else [*others, row][-2:])
        self.refresh()

    def validate_cursor(self, cursor: int) -> int:
        """Stays on the rows."""
        return max(0, min(cursor, len(self._order) - 1))

    def watch_cursor(self, before: int, now: int) -> None:
        """Redraws the two lines and scrolls."""
        for place in (before, now):
            self.refresh(Region(0, 1 + place - self.scroll_offset.y, self.size.width, 1))
        self._reveal()
        self.post_message(self.CursorMoved(now))

    def _resize(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._order) + 1)

    def _fit(self) -> None:
        room = self.size.width
        columns = list(self._columns)
        while columns and sum(column.width + 2 for column in columns) > room:
            heaviest = max(columns, key=lambda column: column.weight)
            if not heaviest.weight:
                break
            columns.remove(heaviest)
        taken = 2 + sum(column.width + 2 for column in columns[:-1])
        self._shown = tuple((column, column.width) for column in columns[:-1])
        if columns:
            self._shown = (*self._shown, (columns[-1], max(1, room - taken - 1)))
        self._lines.clear()
        self.refresh()

    def on_resize(self) -> None:
        """Chooses the columns that fit."""
        self._resize()
        self._fit()
        self._reveal()

    def _page(self) -> int:
        return max(1, self.size.height - 1)

    def _reveal(self) -> None:
        top = self.scroll_offset.y
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + self._page():
            self.scroll_to(y=self.cursor - self._page() + 1, animate=False, force=True)

    def action_move(self, rows: int) -> None:
        """Moves the cursor."""
        self.cursor += rows

    def action_page(self, pages: int) -> None:
        """Moves the cursor, and what is shown, by pages."""
        self.cursor += pages * self._page()

    def action_edge(self, last: bool) -> None:
        """Moves the cursor to the first or last row."""
        self.cursor = len(self._order) - 1 if last else 0

    def action_pan(self, by: int) -> None:
        """Pans the last column."""
        if not self._shown:
            return
        limit = max(0, self._longest - self._shown[-1][1])
        panned = max(0, min(self._panned + by * PAN, limit + PAN - 1) // PAN * PAN)
        if panned != self._panned:
            self._panned = panned
            self.refresh()

    def column_at(self, x: int) -> str | None:
        """Key of the column at a cell of the header."""
        start = 2
        for column, width in self._shown:
            if start - 1 <= x <= start + width:
                return column.key
            start += width + 2
        return None

    def on_click(self, event: events.Click) -> None:
        """A header sorts, a row takes the cursor, a second click opens it."""
        if event.y == 0:
            if key := self.column_at(event.x):
                self.post_message(self.HeaderClicked(key))
            return
        place = event.y - 1 + self.scroll_offset.y
        if place < len(self._order):
            self.cursor = place
            if event.chain >= 2:
                self.post_message(self.Chosen(int(self._order[place])))

    def render_line(self, y: int) -> Strip:
        """Draws one line of the screen: the header, a row, or nothing."""
        palette = palette_of(self.app)
        if y == 0:
            return self._header(palette)
        place = y - 1 + self.scroll_offset.y
        if place >= len(self._order):
            text = f"  {self.empty}" if y == 2 and not len(self._order) else ""
            return Strip([Segment(text, palette.muted)]).extend_cell_length(self.size.width).apply_style(palette.base)
        row = int(self._order[place])
        cursor = place == self.cursor
        mark = self._marks.index(row) + 1 if row in self._marks else 0
        key = (row, cursor, cursor and self.has_focus, mark, self._panned, self.size.width, id(palette))
        strip = self._lines.get(key)
        if strip is None:
            strip = self._lines[key] = self._row(row, cursor, mark, palette)
        return strip

    def _row(self, row: int, cursor: bool, mark: int, palette: Palette) -> Strip:
        sign = "▌" if cursor else " "
        segments = [Segment(sign, palette.key), Segment(" ab"[mark], palette.changed)]
        for index, (column, width) in enumerate(self._shown):
            last = index == len(self._shown) - 1
            cell = column.draw(row, width, self._panned if last else 0, palette)
            segments += cell
            missing = width + (0 if last else 2) - sum(segment.cell_length for segment in cell)
            if missing > 0:
                segments.append(Segment(" " * missing))
        background = palette.base
        if cursor:
            background += palette.cursor if self.has_focus else palette.cursor_blurred
        return Strip(segments).adjust_cell_length(self.size.width).apply_style(background)

    def _header(self, palette: Palette) -> Strip:
        segments = [Segment("  ")]
        key, descending = self._sorted_by
        for column, width in self._shown:
            title = column.title
            if column.key == key:
                arrow = "▼" if descending else "▲"
                title = arrow + title if column.right else title + arrow
            title = (title.rjust(width) if column.right else title.ljust(width))[:width]
            segments += self._title(title, column, palette)
            segments.append(Segment("  "))
        return Strip(segments).adjust_cell_length(self.size.width).apply_style(palette.base)

    def _title(self, title: str, column: Column, palette: Palette) -> list[Segment]:
        style = palette.heading if column.key == self._sorted_by[0] else palette.muted
        place = title.find(column.letter) if column.letter and self._lettered else -1
        if place < 0:
            return [Segment(title, style)]
        key = palette.key + Style(underline=True)
        return [Segment(title[:place], style), Segment(title[place], key), Segment(title[place + 1 :], style)]
