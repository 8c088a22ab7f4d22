"""Input, wanted and actual output below each other, byte under byte, with the differences marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from gpdebug.tui.themes import Palette, palette_of
from gpdebug.tui.widgets.line_view import runs
from gpdebug.wording import character

LABEL = 9
_FACT = 15


@dataclass(frozen=True, slots=True)
class IoScene:
    """Input and output at a moment.

    Attributes:
        data: the input.
        taken: bytes of it that were read, or None where it is copied into memory at the start.
        wanted: the output of the case, or None where there is none.
        actual: the output as of now.
        ended: whether the run is over, so that what is missing will not come.
    """

    data: bytes = b""
    taken: int | None = None
    wanted: bytes | None = None
    actual: bytes = b""
    ended: bool = False

    @property
    def right(self) -> int:
        """Bytes that are as wanted."""
        return sum(a == b for a, b in zip(self.wanted or b"", self.actual, strict=False))

    @property
    def first_difference(self) -> int | None:
        """Where actual and wanted output first differ, or None."""
        if self.wanted is None or self.wanted == self.actual:
            return None
        both = min(len(self.wanted), len(self.actual))
        return next((i for i in range(both) if self.wanted[i] != self.actual[i]), both)


class IoBar(Widget):
    """Three lines, or two where nothing is wanted; long ones show the part where they first differ."""

    DEFAULT_CSS = "IoBar { height: 2; }"
    ALLOW_SELECT = False

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scene = IoScene()
        self._palette: Palette | None = None

    def show(self, scene: IoScene) -> None:
        """Draws another moment."""
        if scene != self.scene:
            self.scene = scene
            self.styles.height = 2 if scene.wanted is None else 3
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draws one of the lines."""
        palette = palette_of(self.app)
        width = self.size.width
        kinds = ("input", "output") if self.scene.wanted is None else ("input", "wanted", "actual")
        if y >= len(kinds) or width < LABEL:
            return Strip.blank(width, palette.base)
        segments = runs(self._line(kinds[y], palette, width))
        return Strip(Segment.apply_style(segments, palette.base)).adjust_cell_length(width, palette.base)

    def window(self, width: int) -> tuple[int, int]:
        """First byte that is shown, and how many, in a line of some width."""
        fitting = max(1, (width - LABEL - _FACT - 4) // 4)
        scene = self.scene
        longest = max(len(scene.data), len(scene.wanted or b""), len(scene.actual))
        count = min(fitting, max(longest, 1))
        if longest <= fitting:
            return 0, count
        difference = scene.first_difference
        focus = len(scene.actual) if difference is None else difference
        return max(0, min(focus - count // 2, max(len(scene.wanted or b""), len(scene.actual)) - count)), count

    def _line(self, kind: str, palette: Palette, width: int) -> Iterator[tuple[str, Style]]:
        scene = self.scene
        first, count = self.window(width)
        if kind == "input":
            first = max(0, min((scene.taken or 0) - count // 2, len(scene.data) - count))
        data = {"input": scene.data, "wanted": scene.wanted or b""}.get(kind, scene.actual)
        shown = data[first : first + count]
        styles = [self._style(kind, first + i, byte, palette) for i, byte in enumerate(shown)]
        yield f" {kind}".ljust(LABEL - 1), palette.muted
        if not data and kind in ("input", "output"):
            yield " none" if kind == "input" or scene.ended else " none yet", palette.faint
            return
        yield "…" if first else " ", palette.faint
        for byte, style in zip(shown, styles, strict=True):
            yield f"{byte:02x}", style
            yield " ", palette.base
        missing = 0
        if kind == "actual":
            missing = max(0, min(len(scene.wanted or b"") - first, count) - len(shown))
            gone = palette.error if scene.ended else palette.faint
            for _ in range(missing):
                yield "··", gone
                yield " ", palette.base
        yield "   " * (count - len(shown) - missing) + " ", palette.base
        yield '"', palette.faint
        for byte, style in zip(shown, styles, strict=True):
            yield character(byte), style
        yield '"' + ("…" if first + count < len(data) else ""), palette.faint
        yield from self._fact(kind, count - len(shown), palette)

    def _style(self, kind: str, index: int, byte: int, palette: Palette) -> Style:
        scene = self.scene
        if kind == "input":
            if scene.taken is None:
                return palette.base
            return (
                palette.read + palette.match
                if index == scene.taken
                else (palette.muted if index < scene.taken else palette.base)
            )
        if kind != "actual":
            return palette.base
        wanted = scene.wanted or b""
        if index < len(wanted) and wanted[index] == byte:
            return palette.ok
        return palette.error + Style(underline=True)

    def _fact(self, kind: str, blank: int, palette: Palette) -> Iterator[tuple[str, Style]]:
        scene = self.scene
        yield " " * (blank + 2), palette.base
        if kind == "actual":
            wanted = scene.wanted or b""
            if scene.actual == wanted:
                yield "✓ as wanted", palette.ok
            else:
                yield f"{scene.right:,} of {len(wanted):,}", palette.error if scene.ended else palette.muted
                if len(scene.actual) > len(wanted):
                    yield f", {len(scene.actual) - len(wanted):,} too many", palette.error
        elif kind == "input" and scene.taken is not None and scene.data:
            yield f"{scene.taken:,} of {len(scene.data):,} read", palette.muted
