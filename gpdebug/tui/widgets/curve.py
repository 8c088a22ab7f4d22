"""How a run went: error curves over the generations, and the saved ones to go to by click, drag or key."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from gpdebug.store.history import History
from gpdebug.tui import braille
from gpdebug.tui.themes import Palette, palette_of

LABEL = 9
"""Cells left of the curve, for the scale."""
_GAP = 3
"""Blanks between the entries of the legend."""
ERRORS = ("best", "q1", "median", "q3")
FAR = 100
"""Errors up to which the scale begins at 0."""


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One curve, ready to draw: heights from 0 to 1, and the value for the legend.

    Attributes:
        name: in the legend.
        heights: `float64[points]`.
        values: `float64[points]`.
        style: its colour.
        upper: where it is the area between two lines, the upper one, as `heights` and `values`.
    """

    name: str
    heights: NDArray[np.float64]
    values: NDArray[np.float64]
    style: Style
    upper: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None

    @property
    def sign(self) -> str:
        """How it looks, for the legend."""
        return "━" if self.upper is None else "⢕⢕"


class Curve(Widget):
    """Errors (best, median, quartiles) on a logarithmic scale, diversity on its own, a ruler of saved generations.

    Attributes:
        empty: what to say while there is no history.
    """

    DEFAULT_CSS = "Curve { height: 6; background: $background; }"

    @dataclass
    class Picked(Message):
        """A saved generation was clicked, or dragged to."""

        generation: int

        def can_replace(self, message: Message) -> bool:
            """Only the last of several matters."""
            return isinstance(message, type(self))

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.empty = "no history stored"
        self._history: History | None = None
        self._saved: tuple[int, ...] = ()
        self._generation = 0
        self._drawn: tuple[object, list[str], NDArray[np.int64]] | None = None

    def show(self, history: History | None, saved: Sequence[int], generation: int) -> None:
        """Shows a history, the saved generations, and which of them one looks at."""
        if history is not self._history:
            self._drawn = None
        self._history, self._saved, self._generation = history, tuple(saved), generation
        self.refresh()

    @property
    def _last(self) -> int:
        ends = [self._saved[-1] if self._saved else 0, self._generation]
        if self._history is not None and len(self._history):
            ends.append(int(self._history["generation"][-1]))
        return max(1, *ends)

    @property
    def _width(self) -> int:
        return max(1, self.size.width - LABEL - 2)

    def _column(self, generation: int) -> int:
        return min(self._width - 1, generation * self._width // (self._last + 1))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Goes to the saved generation nearest to the mouse, and follows it."""
        self.capture_mouse()
        self._pick(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follows a drag."""
        if event.button:
            self._pick(event.x)

    def on_mouse_up(self) -> None:
        """Ends a drag."""
        self.release_mouse()

    def _pick(self, x: int) -> None:
        if self._saved:
            nearest = min(self._saved, key=lambda saved: abs(self._column(saved) - (x - LABEL)))
            if nearest != self._generation:
                self.post_message(self.Picked(nearest))

    def render_line(self, y: int) -> Strip:
        """Draws the legend, a line of the curves, or the ruler."""
        palette = palette_of(self.app)
        if y == self.size.height - 1:
            segments = self._ruler(palette)
        elif y == 0:
            segments = self._legend(palette)
        else:
            segments = self._curves(y - 1, palette)
        return Strip(segments).simplify().adjust_cell_length(self.size.width).apply_style(palette.base)

    def _legend(self, palette: Palette) -> list[Segment]:
        segments = [Segment(" " * LABEL)]
        history = self._history
        if history is None or not len(history):
            return [*segments, Segment(self.empty, palette.muted)]
        row = max(0, int(np.searchsorted(history["generation"], self._generation, side="right")) - 1)
        for sign, name, value, style in self._entries(history, row, palette):
            segments += [Segment(f"{sign} ", style), Segment(f"{name} ", palette.muted), Segment(value + " " * _GAP)]
        return segments

    def _entries(self, history: History, row: int, palette: Palette) -> list[tuple[str, str, str, Style]]:
        """What the legend says of a row: in short numbers where long ones do not fit, then without the quartiles."""
        series = _series(history, palette)

        def entries(name: str, number: Callable[[float], str]) -> list[tuple[str, str, str, Style]]:
            return [
                (item.sign, name if item.upper else item.name, _said(item, row, number), item.style) for item in series
            ]

        room = self.size.width - LABEL
        for name, number in (("quartiles", "{:,.0f}".format), ("q1–q3", "{:,.0f}".format), ("q1–q3", short)):
            found = entries(name, number)
            if sum(len(sign) + len(name) + len(value) + 2 + _GAP for sign, name, value, _ in found) - _GAP <= room:
                return found
        return found[: sum(item.upper is None for item in series)]

    def _curves(self, line: int, palette: Palette) -> list[Segment]:
        rows = self.size.height - 2
        history = self._history
        if history is None or not len(history) or rows < 1:
            return []
        series = _series(history, palette)
        lines, owners = self._dots(history, series, rows)
        label = compact(_top(history)) if line == 0 else compact(floor_of(history)) if line == rows - 1 else ""
        segments = [Segment(label.rjust(LABEL - 1)[-LABEL + 1 :] + " ", palette.muted)]
        cursor = self._column(self._generation)
        for column, character in enumerate(lines[line]):
            owner = int(owners[line, column])
            style = series[owner].style if owner >= 0 else palette.faint
            if column == cursor and character == " ":
                character, style = "│", palette.faint
            segments.append(Segment(character, style))
        return segments

    def _dots(self, history: History, series: Sequence[Series], rows: int) -> tuple[list[str], NDArray[np.int64]]:
        """The characters, and which series each takes its colour from, -1 for none; kept until something changes."""
        key = (id(history), rows, self._width)
        if self._drawn is not None and self._drawn[0] == key:
            return self._drawn[1], self._drawn[2]
        places = history["generation"].astype(np.float64) / (self._last + 1)
        together = np.zeros((4 * rows, 2 * self._width), np.bool_)
        owners = np.full((rows, self._width), -1, np.int64)
        for index, item in reversed(list(enumerate(series))):
            if item.upper is None:
                dots = braille.line(places, item.heights, self._width, rows)
                owners[braille.filled(dots)] = index
                together |= dots
        for index, item in enumerate(series):
            if item.upper is not None:
                free = np.kron(owners < 0, np.ones((4, 2), np.bool_))
                dots = braille.band(places, item.heights, item.upper[0], self._width, rows) & free
                owners[braille.filled(dots)] = index
                together |= dots
        lines = braille.characters(together)
        self._drawn = (key, lines, owners)
        return lines, owners

    def _ruler(self, palette: Palette) -> list[Segment]:
        if self._history is None and not self._saved:
            return [Segment("saved ".rjust(LABEL), palette.muted), Segment("─" * self._width, palette.faint)]
        line = ["─"] * self._width
        for saved in self._saved:
            line[self._column(saved)] = "┴"
        cursor = self._column(self._generation)
        label = f"{self._generation:,}"
        return [
            Segment("saved ".rjust(LABEL), palette.muted),
            Segment("".join(line[:cursor]), palette.faint),
            Segment("◆", palette.key),
            Segment(label if cursor + 1 + len(label) <= self._width else "", palette.heading),
            Segment("".join(line[cursor + 1 + len(label) :]), palette.faint),
        ]


def floor_of(history: History) -> float:
    """Where the scale of errors begins: at 0, or, as long as all are far from it, at the power of ten below them."""
    errors = [history[name] for name in ("best", "median") if name in history and len(history)]
    least = min((float(np.nanmin(values)) for values in errors if not np.all(np.isnan(values))), default=0.0)
    return 0.0 if least < FAR else 10.0 ** math.floor(math.log10(least))


def compact(value: float) -> str:
    """A number of at most seven characters: 123,456, then 1.23M, 1.23G, 1.23T."""
    for unit, size in (("T", 1e12), ("G", 1e9), ("M", 1e6)):
        if value >= size:
            return f"{value / size:.2f}{unit}"
    return f"{value:,.0f}"


def short(value: float) -> str:
    """A number of at most six characters, if it is below a thousand billions: 9,999, then 12.3k, 1.23M."""
    return f"{value / 1e3:.1f}k" if 1e4 <= value < 1e6 else compact(value)


def _said(series: Series, row: int, number: Callable[[float], str]) -> str:
    """A value for the legend; of an area both ends."""
    values = [series.values[row], *([series.upper[1][row]] if series.upper else [])]
    write = "{:,.2f}".format if series.name == "diversity" else number
    return "–" if np.isnan(values).any() else "–".join(write(float(value)) for value in values)


def _top(history: History) -> float:
    """The greatest error that is drawn; at least 1."""
    return max(1.0, *(float(np.nanmax(history[name], initial=0)) for name in ERRORS if name in history))


def _series(history: History, palette: Palette) -> list[Series]:
    """What is drawn, the most important first; errors share a logarithmic scale."""
    found: list[Series] = []
    low = np.log1p(floor_of(history))
    scale = max(np.log1p(_top(history)) - low, 1e-9)
    values = {name: history[name].astype(np.float64) for name in (*ERRORS, "diversity") if name in history}
    heights = {name: (np.log1p(values[name]) - low) / scale for name in ERRORS if name in history}
    for name, style in (("best", palette.ok), ("median", palette.head0)):
        if name in values:
            found.append(Series(name, heights[name], values[name], style))
    if "diversity" in values:
        most = max(1.0, float(np.nanmax(values["diversity"], initial=0)))
        found.append(Series("diversity", values["diversity"] / most, values["diversity"], palette.faint))
    if "q1" in values and "q3" in values:
        found.append(Series("quartiles", heights["q1"], values["q1"], palette.band, (heights["q3"], values["q3"])))
    return found
