"""A page of text that changes: lines of words, wrapped to the width."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.segment import Segment

from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.bar import style_of
from gpdebug.tui.widgets.page import Lines, Page

_LEAST = 16
"""Columns that lines are wrapped to at least; with indents as wide as the room `textwrap` never ends."""

Styled = tuple[tuple[str, str], ...]
"""Pieces of a line: text and the name of a palette's style. A line of one piece is wrapped."""


class TextPage(Page):
    """Shows lines."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(self._wrapped, id=id)
        self.lines: tuple[Styled, ...] = ()

    def show(self, lines: Sequence[Styled]) -> None:
        """Shows other lines."""
        self.lines = tuple(lines)
        self.lay_anew()

    def say(self, text: str, style: str = "muted") -> None:
        """Shows a sentence."""
        self.show([(("", style),), ((text, style),)])

    def _wrapped(self, width: int, palette: Palette) -> Lines:
        room = max(_LEAST, width - 3)
        found: Lines = []
        for line in self.lines:
            if len(line) > 1 or len(line[0][0]) <= room:
                found.append([Segment(" "), *(Segment(text, style_of(style, palette)) for text, style in line)])
                continue
            text, style = line[0]
            indent = " " * min(len(text) - len(text.lstrip()) + 2, _LEAST // 2)
            for part in textwrap.wrap(text, room, subsequent_indent=indent, drop_whitespace=False):
                found.append([Segment(" "), Segment(part, style_of(style, palette))])
        return found
