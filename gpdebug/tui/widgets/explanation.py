"""A few lines below a text: a hint, or what is wrong with it, pointing at the column; as many as the words need."""

from __future__ import annotations

import textwrap

from rich.text import Text
from textual.events import Resize
from textual.widgets import Static

from gpdebug.tui.themes import palette_of
from gpdebug.tui.widgets.bar import style_of

_BESIDE = 28
"""Columns that a message needs right of the column that it is about; with fewer it stands below, at the left."""


def pointed(message: str, column: int, left: int, width: int) -> list[str]:
    """A message below a text, tied to the column that it is about, in lines of a width.

    Args:
        message: what is wrong.
        column: the column that it is about, counted as those of the lines.
        left: where the text begins.
        width: columns a line.
    """
    column = max(left, min(column, width - 1))
    if len(message) + 2 <= width - column or width - column >= _BESIDE:
        lines = textwrap.wrap(message, max(1, width - column - 2))
        return [" " * column + ("  " if index else "╰ ") + line for index, line in enumerate(lines)]
    tie = "╭" + "─" * (column - left - 1) + "╯" if column > left else "│"
    return [" " * left + tie, *(" " * left + line for line in textwrap.wrap(message, max(1, width - left)))]


class Explanation(Static):
    """Lines below a text that one types, at least one."""

    DEFAULT_CSS = "Explanation { height: auto; min-height: 1; }"

    def __init__(self, left: int = 0, *, id: str | None = None, classes: str | None = None) -> None:
        """Makes an empty one.

        Args:
            left: the column where the text above begins.
            id: the widget's name.
            classes: its classes.
        """
        super().__init__(id=id, classes=classes, markup=False)
        self.left = left
        self._words: tuple[str, int | None, str] = ("", None, "muted")

    @property
    def words(self) -> str:
        """What it says, without the lines."""
        return self._words[0]

    def say(self, text: str, style: str = "muted") -> None:
        """Says something about the whole text."""
        self._show((text, None, style))

    def fail(self, message: str, column: int) -> None:
        """Says what is wrong at a column of the text, counted from its beginning."""
        self._show((message, column, "error"))

    def on_resize(self, event: Resize) -> None:
        """Fits the lines to the new width."""
        self._draw()

    def _show(self, words: tuple[str, int | None, str]) -> None:
        if words != self._words:
            self._words = words
            self._draw()

    def _draw(self) -> None:
        text, column, style = self._words
        width = self.size.width
        if not width:
            return
        if column is None:
            lines = [" " * self.left + line for line in textwrap.wrap(text, max(1, width - self.left))]
        else:
            lines = pointed(text, self.left + column, self.left, width)
        self.update(Text("\n".join(lines), style=style_of(style, palette_of(self.app)), no_wrap=True))
