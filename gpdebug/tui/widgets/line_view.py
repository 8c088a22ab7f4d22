"""The base of all views that draw themselves line by line: the palette is read once a frame, a line is one strip."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import MouseEvent
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from gpdebug.tui.themes import Palette, palette_of


class LineView(ScrollView, inherit_bindings=False):
    """A scrolling view of many lines, of which the first `pinned` stay in place; subclasses say what a line holds."""

    DEFAULT_CSS = """
    LineView {
        scrollbar-size-vertical: 1;
        scrollbar-size-horizontal: 0;
        overflow-x: hidden;
        overflow-y: auto;
    }
    """

    pinned: ClassVar[int] = 0
    """Lines at the top that do not scroll."""

    palette: Palette
    ground: Style
    """Text on the view's own background."""

    line_count: int = 0
    _has_styles = False
    _drawn: tuple[Hashable, Hashable, list[Hashable]] = (None, None, [])

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draws the visible part; styles are read here, not in every line."""
        self._read_styles()
        return super().render_lines(crop)

    def _read_styles(self) -> None:
        self.palette = palette_of(self.app)
        self.ground = self.palette.base + Style(bgcolor=self.background_colors[1].rich_color)
        self._has_styles = True
        self.begin_frame()

    def signature(self, y: int) -> Hashable:
        """What the look of line `y` depends on, theme and focus apart; lines that look alike may share one."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Draws the visible lines anew that would look different now, and no others.

        A step changes a few lines of a screen; drawing only those makes the frame several times faster.
        """
        top, count = self.scroll_offset.y, self.line_count
        shown = range(top, min(count, top + self.page))
        self.begin_frame()
        signatures = [self.signature(y) for y in shown]
        frame, head = (top, count, self.size), self.head_signature()
        before, old_head, old = self._drawn
        self._drawn = (frame, head, signatures)
        if frame != before:
            self.refresh()
            return
        if head != old_head:
            self.refresh(Region(0, 0, self.size.width, self.pinned))
        for row, (was, now) in enumerate(zip(old, signatures, strict=True)):
            if was != now:
                self.refresh(Region(0, row + self.pinned, self.size.width, 1))

    def head_signature(self) -> Hashable:
        """What the look of the pinned lines depends on."""
        return None

    def begin_frame(self) -> None:
        """Called before the lines of a frame are drawn, for what they have in common."""

    def line(self, y: int) -> Iterable[Segment]:
        """Segments of line `y` of the content."""
        raise NotImplementedError

    def header(self, y: int) -> Iterable[Segment]:
        """Segments of the pinned line `y`."""
        raise NotImplementedError

    def render_line(self, y: int) -> Strip:
        """Draws the line `y` of the visible part; for a click, Textual wants one even before the first frame."""
        if not self._has_styles:
            self._read_styles()
        base, width = self.ground, self.size.width
        line = y - self.pinned + self.scroll_offset.y
        if line >= self.line_count and y >= self.pinned:
            return Strip.blank(width, base)
        segments = self.header(y) if y < self.pinned else self.line(line)
        return Strip(Segment.apply_style(segments, base)).adjust_cell_length(width, base)

    def set_line_count(self, count: int) -> None:
        """Says how many lines there are to scroll through."""
        self.line_count = count
        if self.virtual_size.height != count + self.pinned:
            self.virtual_size = Size(0, count + self.pinned)

    def line_at(self, event: MouseEvent) -> tuple[int, int] | None:
        """Column and content line under the mouse, or None beside the content."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y < self.pinned:
            return None
        line = offset.y - self.pinned + self.scroll_offset.y
        return (offset.x, line) if line < self.line_count else None

    @property
    def page(self) -> int:
        """Content lines that are visible at once, at least 1."""
        return max(1, self.size.height - self.pinned)

    def room(self, lines: int) -> int:
        """Columns that so many content lines have: a scrollbar takes some if not all are visible at once."""
        return self.size.width - (self.scrollbar_size_vertical if lines > self.page else 0)

    def show_line(self, y: int, margin: int = 0) -> None:
        """Scrolls as little as needed to see line `y` and, where there is room, `margin` lines around it."""
        if self.size.height <= self.pinned:
            return
        margin = min(margin, (self.page - 1) // 2)
        top = self.scroll_offset.y
        if y < top + margin:
            target = y - margin
        elif y > top + self.page - 1 - margin:
            target = y - self.page + 1 + margin
        else:
            return
        bottom = max(0, self.line_count - self.page)
        self.scroll_to(y=max(0, min(target, bottom)), animate=False)


def runs(cells: Iterable[tuple[str, Style]]) -> list[Segment]:
    """Joins neighbouring pieces of the same style: fewer segments, faster frames."""
    segments: list[Segment] = []
    text: list[str] = []
    style: Style | None = None
    for piece, piece_style in cells:
        if piece_style is not style:
            if text:
                segments.append(Segment("".join(text), style))
                text = []
            style = piece_style
        text.append(piece)
    if text:
        segments.append(Segment("".join(text), style))
    return segments
