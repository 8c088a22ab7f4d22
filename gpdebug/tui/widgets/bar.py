"""One line of words, some of which can be clicked: headings, the next instruction, facts about a cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from gpdebug.tui.themes import Palette, palette_of


@dataclass(frozen=True, slots=True)
class Part:
    """Some words of a line.

    Attributes:
        text: what to show.
        style: the name of a palette's style, or a style.
        action: what a click runs, such as `screen.cycle_format`; empty for plain words.
        tip: what a click does, shown under the mouse.
    """

    text: str
    style: str | Style = "base"
    action: str = ""
    tip: str = ""


def style_of(style: str | Style, palette: Palette) -> Style:
    """A palette's style by name; `base` leaves the background to what is below."""
    if isinstance(style, Style):
        return style
    named: Style = getattr(palette, style)
    return Style(color=named.color) if style == "base" else named


class Bar(Widget):
    """A line with words on the left and on the right; the left gives way when both do not fit."""

    DEFAULT_CSS = "Bar { height: 1; }"
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._left: tuple[Part, ...] = ()
        self._right: tuple[Part, ...] = ()
        self._buttons: list[tuple[range, Part]] = []
        self._hover: Part | None = None

    def show(self, left: Sequence[Part], right: Sequence[Part] = ()) -> None:
        """Shows other words; draws only if something is different."""
        parts = (tuple(left), tuple(right))
        if parts != (self._left, self._right):
            self._left, self._right = parts
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draws the line and remembers what can be clicked where."""
        palette = palette_of(self.app)
        base = palette.base + Style(bgcolor=self.background_colors[1].rich_color)
        width = self.size.width
        self._buttons = []
        right = sum(cell_len(part.text) for part in self._right)
        room = width - right if right <= width else width
        segments, used = self._place(self._left, 0, room, palette)
        segments.append(Segment(" " * (room - used)))
        if right <= width:
            more, _ = self._place(self._right, room, width, palette)
            segments += more
        return Strip(Segment.apply_style(segments, base), width)

    def _place(self, parts: Iterable[Part], start: int, end: int, palette: Palette) -> tuple[list[Segment], int]:
        """Segments of parts between two columns, the last one cut with an ellipsis; and the column reached."""
        segments: list[Segment] = []
        at = start
        for part in parts:
            text = part.text
            if at + cell_len(text) > end:
                text = set_cell_size(text, max(0, end - at - 1)) + "…" if at < end else ""
            style = style_of(part.style, palette)
            if part is self._hover:
                style += Style(underline=True)
            if text:
                segments.append(Segment(text, style))
            if part.action:
                self._buttons.append((range(at, at + cell_len(text)), part))
            at += cell_len(text)
        return segments, at

    def column_of(self, action: str) -> int | None:
        """Where the words that run an action begin, or None."""
        return next((columns.start for columns, part in self._buttons if part.action == action and columns), None)

    def _at(self, x: int) -> Part | None:
        return next((part for columns, part in self._buttons if x in columns), None)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Marks what would be clicked."""
        self._point_at(self._at(event.x))

    def on_leave(self, event: events.Leave) -> None:
        """Marks nothing any more."""
        self._point_at(None)

    def _point_at(self, part: Part | None) -> None:
        if part is not self._hover:
            self._hover = part
            self.tooltip = part.tip or None if part else None
            self.refresh()

    async def on_click(self, event: events.Click) -> None:
        """Runs what was clicked."""
        part = self._at(event.x)
        if part is not None:
            event.stop()
            await self.run_action(part.action)


class Heading(Bar):
    """The line above a view: what it shows, and how; bright when the view has the keys."""

    DEFAULT_CSS = """
    Heading { height: 1; background: $surface; }
    Heading.-active { background: $block-cursor-background; }
    """
