"""A page of drawn lines that scrolls: for what is computed once and then read."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from gpdebug.tui.keymap import MOVE, bind
from gpdebug.tui.themes import Palette, palette_of

Lines = list[list[Segment]]
Layout = Callable[[int, Palette], Lines]
"""Lays a page out: width, palette -> lines."""


class Page(ScrollView, can_focus=True):
    """Shows lines, laid out anew when the width or the theme changes."""

    DEFAULT_CSS = "Page { background: $background; overflow-x: hidden; scrollbar-size-vertical: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up,k", "scroll_up", "up", id="page.up", group=MOVE, show=False),
        bind("down,j", "scroll_down", "down", id="page.down", group=MOVE, show=False),
        bind("pageup", "page_up", "page up", id="page.page_up", group=MOVE, show=False),
        bind("pagedown,space", "page_down", "page down", id="page.page_down", group=MOVE, show=False),
        bind("home", "scroll_home", "start", id="page.home", group=MOVE, show=False),
        bind("end", "scroll_end", "end", id="page.end", group=MOVE, show=False),
    ]

    def __init__(self, layout: Layout, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._layout_lines = layout
        self._lines: Lines = []
        self._laid: tuple[int, int] | None = None

    def lay_anew(self) -> None:
        """Lays the page out again: what is on it has changed."""
        self._laid = None
        self._lay(palette_of(self.app))
        self.refresh()

    def on_resize(self) -> None:
        """Lays the page out for the new width."""
        self._lay(palette_of(self.app))

    def _lay(self, palette: Palette) -> None:
        key = (self.size.width, id(palette))
        if key != self._laid:
            self._laid = key
            self._lines = self._layout_lines(self.size.width, palette)
            self.virtual_size = Size(self.size.width, len(self._lines))

    def render_line(self, y: int) -> Strip:
        """Draws one line of the screen."""
        palette = palette_of(self.app)
        self._lay(palette)
        place = y + self.scroll_offset.y
        segments = self._lines[place] if place < len(self._lines) else []
        return Strip(segments).adjust_cell_length(self.size.width).apply_style(palette.base)
