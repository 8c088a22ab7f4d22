"""Choices in one line of a dialog: one of a few, or yes and no; by key and by mouse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from gpdebug.tui.themes import palette_of


class Options(Widget, can_focus=True):
    """A few words of which one is chosen."""

    DEFAULT_CSS = "Options { height: 1; width: 1fr; }"
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "move(-1)", show=False, id="options.before"),
        Binding("right,space", "move(1)", show=False, id="options.next"),
    ]

    class Chosen(Message):
        """Another one is chosen."""

    def __init__(self, options: Sequence[tuple[str, str]], chosen: str, *, id: str | None = None) -> None:
        """Makes the line.

        Args:
            options: name and words of each.
            chosen: the name of the one that is chosen at first.
            id: the widget's name.
        """
        super().__init__(id=id)
        self._options = tuple(options)
        self.chosen = chosen

    def choose(self, name: str) -> None:
        """Chooses one."""
        if name != self.chosen:
            self.chosen = name
            self.refresh()
            self.post_message(self.Chosen())

    def action_move(self, by: int) -> None:
        """Chooses the one before or after."""
        names = [name for name, _ in self._options]
        self.choose(names[(names.index(self.chosen) + by) % len(names)])

    def on_click(self, event: Click) -> None:
        """Chooses what was clicked."""
        at = 0
        for name, words in self._options:
            if at <= event.x < at + len(words) + 2:
                self.choose(name)
            at += len(words) + 3

    def render_line(self, y: int) -> Strip:
        """The words, the chosen one in brackets."""
        palette = palette_of(self.app)
        segments = []
        for name, words in self._options:
            is_chosen = name == self.chosen
            style = palette.heading if is_chosen else palette.muted
            if is_chosen and self.has_focus:
                style += palette.cursor
            segments += [Segment(f"[{words}]" if is_chosen else f" {words} ", style), Segment(" ")]
        base = palette.base + Style(bgcolor=self.background_colors[1].rich_color)
        return Strip(Segment.apply_style(segments, base)).adjust_cell_length(self.size.width, base)


class Toggle(Widget, can_focus=True):
    """Yes or no."""

    DEFAULT_CSS = "Toggle { height: 1; width: auto; margin-right: 3; }"
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [Binding("space", "turn", show=False, id="options.turn")]

    class Toggled(Message):
        """It was turned."""

    def __init__(self, words: str, on: bool, *, id: str | None = None) -> None:
        """Makes it.

        Args:
            words: what it is about.
            on: what it is at first.
            id: the widget's name.
        """
        super().__init__(id=id)
        self._text = words
        self.on = on

    def get_content_width(self, *arguments: object) -> int:
        """As wide as its words."""
        return len(self._text) + 4

    def action_turn(self) -> None:
        """Turns it."""
        self.on = not self.on
        self.refresh()
        self.post_message(self.Toggled())

    def on_click(self) -> None:
        """Turns it."""
        self.action_turn()

    def render_line(self, y: int) -> Strip:
        """A box and the words."""
        palette = palette_of(self.app)
        style = palette.heading if self.on else palette.muted
        if self.has_focus:
            style += palette.cursor
        base = palette.base + Style(bgcolor=self.background_colors[1].rich_color)
        segments = [Segment(f" {'■' if self.on else '□'} {self._text} ", style)]
        return Strip(Segment.apply_style(segments, base)).adjust_cell_length(self.size.width, base)
