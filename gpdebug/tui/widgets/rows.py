"""A list of lines with a chosen one: stops, snapshots, cases, differences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message

from gpdebug.tui.keymap import with_keys
from gpdebug.tui.widgets.bar import style_of
from gpdebug.tui.widgets.line_view import LineView
from gpdebug.wording import fitting

Words = tuple[tuple[str, str | Style], ...]
"""Pieces of a line: text and the name of a palette's style, or a style."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list.

    Attributes:
        key: what it stands for; empty for a line that cannot be chosen.
        words: what it says.
        right: what it says at the right edge.
    """

    key: str
    words: Words
    right: Words = ()


class Rows(LineView, can_focus=True):
    """A list that is scrolled by moving the chosen line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False, id="rows.up"),
        Binding("down", "move(1)", show=False, id="rows.down"),
        Binding("pageup", "page(-1)", show=False, id="rows.page_up"),
        Binding("pagedown", "page(1)", show=False, id="rows.page_down"),
        Binding("home", "go(0)", show=False, id="rows.first"),
        Binding("end", "go(-1)", show=False, id="rows.last"),
        Binding("enter", "ask('open')", show=False, id="rows.open"),
    ]

    class Asked(Message):
        """Something is to be done with a line: `open` is Enter or a double click, other verbs are the list's own."""

        def __init__(self, rows: Rows, verb: str, key: str) -> None:
            super().__init__()
            self.rows = rows
            self.verb = verb
            self.key = key

        @property
        def control(self) -> Rows:
            """The list."""
            return self.rows

    class Moved(Message):
        """Another line is the chosen one."""

        def __init__(self, rows: Rows, key: str) -> None:
            super().__init__()
            self.rows = rows
            self.key = key

        @property
        def control(self) -> Rows:
            """The list."""
            return self.rows

    def __init__(self, *, empty: str = "", id: str | None = None, classes: str | None = None) -> None:
        """Makes an empty list.

        Args:
            empty: what to say while there is nothing in it; `{debug.snapshot}` stands for that binding's key. What
                stands behind a ` · ` is left out where it does not fit.
            id: the widget's name.
            classes: its classes.
        """
        super().__init__(id=id, classes=classes)
        self._empty = empty
        self._rows: Sequence[Row] = ()
        self.cursor = 0

    def show(self, rows: Sequence[Row], *, follow: bool = False, stay_first: bool = False) -> None:
        """Shows other lines; the chosen one stays chosen if it is still there.

        Args:
            rows: the lines.
            follow: choose the last line, as a log does.
            stay_first: where the first line is the chosen one, choose the new first line: what is new comes first.
        """
        if list(rows) == list(self._rows):
            return
        key = self.key
        self._rows = rows
        keys = [row.key for row in rows]
        if follow:
            self.cursor = len(rows) - 1
        elif key and key in keys and not (stay_first and self.cursor == 0):
            self.cursor = keys.index(key)
        self.cursor = max(0, min(self.cursor, len(rows) - 1))
        self.set_line_count(len(rows) or (1 if self._empty else 0))
        self.call_after_refresh(self.show_line, self.cursor)
        self.refresh()

    def say(self, text: str) -> None:
        """Empties the list and says something else in its place."""
        self._empty = text
        self.show(())
        self.set_line_count(1)
        self.refresh()

    @property
    def key(self) -> str:
        """What the chosen line stands for; empty if there is none."""
        return self._rows[self.cursor].key if 0 <= self.cursor < len(self._rows) else ""

    def choose(self, key: str) -> None:
        """Makes a line the chosen one."""
        for index, row in enumerate(self._rows):
            if row.key == key:
                self._go(index)

    def on_mount(self) -> None:
        """An empty list has one line that says so."""
        self.set_line_count(len(self._rows) or (1 if self._empty else 0))

    def line(self, y: int) -> Iterable[Segment]:
        """One line."""
        if not self._rows:
            return [Segment(" " + fitting(with_keys(self, self._empty), self.size.width - 1), self.palette.muted)]
        row = self._rows[y]
        chosen = y == self.cursor and bool(row.key)
        layer = Style()
        if chosen:
            layer = self.palette.cursor if self.has_focus else Style()
        width = self.size.width
        right = sum(cell_len(text) for text, _ in row.right)
        room = width - right - 1 - bool(right)
        segments: list[Segment] = [Segment(" ", layer)]
        used = 1
        for text, style in row.words:
            piece = text if used + cell_len(text) <= room else set_cell_size(text, max(0, room - used - 1)) + "…"
            segments.append(Segment(piece, style_of(style, self.palette) + layer))
            used += cell_len(piece)
            if piece != text:
                break
        segments.append(Segment(" " * max(0, width - right - 1 - used), layer))
        segments += [Segment(text, style_of(style, self.palette) + layer) for text, style in row.right]
        segments.append(Segment(" ", layer))
        return segments

    def _go(self, index: int) -> None:
        index = max(0, min(index, len(self._rows) - 1))
        moved, self.cursor = index != self.cursor, index
        self.show_line(index)
        self.refresh()
        if moved:
            self.post_message(self.Moved(self, self.key))

    def action_move(self, lines: int) -> None:
        """Chooses a line further up or down."""
        self._go(self.cursor + lines)

    def action_page(self, direction: int) -> None:
        """Moves by a page."""
        self._go(self.cursor + direction * self.page)

    def action_go(self, index: int) -> None:
        """Chooses a line, from the end if negative."""
        if self._rows:
            self._go(index % len(self._rows))

    def action_ask(self, verb: str) -> None:
        """Says what is to be done with the chosen line."""
        if self.key:
            self.post_message(self.Asked(self, verb, self.key))

    def action_ask_new(self) -> None:
        """Asks for a new line."""
        self.post_message(self.Asked(self, "add", ""))

    def on_click(self, event: Click) -> None:
        """Chooses the line under the mouse; a double click opens it."""
        place = self.line_at(event)
        if place is not None and self._rows:
            self._go(place[1])
            if event.chain == 2:
                self.action_ask("open")
