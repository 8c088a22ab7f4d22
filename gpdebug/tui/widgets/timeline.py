"""The run as a line from step 0 to its end: where one is, what happens along it, what is kept of it; a click or a drag
seeks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from gpdebug.debugger.activity import Activity
from gpdebug.tui import braille
from gpdebug.tui.themes import Palette, palette_of
from gpdebug.tui.widgets.io_bar import LABEL

ACTIVITY_SIGNS = {"⣀": "no change", "⣤ ⣶": "some, most changes", "⢁": "output (above)"}
"""What the dots of the track tell."""


@dataclass(frozen=True, slots=True)
class TimelineScene:
    """What the line shows.

    Attributes:
        step: where one is.
        seen: the farthest step that is known to exist.
        total: the run's length, once its end was seen.
        snapshots: name and step of each.
        bookmarks: the step of each.
        mark: the step from which changes are measured, or None.
        own_forks: the steps at which edits led to this branch.
        other_forks: those at which other branches leave it.
        stop_steps: those at which stops would stop a run, in order.
        activity: how much happens along it, as far as it is counted.
    """

    step: int = 0
    seen: int = 0
    total: int | None = None
    snapshots: Sequence[tuple[str, int]] = ()
    bookmarks: Sequence[int] = ()
    mark: int | None = None
    own_forks: Sequence[int] = ()
    other_forks: Sequence[int] = ()
    stop_steps: tuple[int, ...] = ()
    activity: Activity = field(default_factory=Activity)

    @property
    def kept(self) -> list[int]:
        """The steps that the user keeps, those that are drawn over others last."""
        marks = [] if self.mark is None else [self.mark]
        snapshots = [step for _, step in self.snapshots]
        return [*self.other_forks, *self.own_forks, *marks, *self.bookmarks, *snapshots]

    @property
    def span(self) -> int:
        """Steps from one end of the line to the other."""
        return max(1, self.step, self.total if self.total is not None else max(self.seen, *self.kept, 0))


class Timeline(Widget):
    """One line with a track and the position in figures."""

    DEFAULT_CSS = "Timeline { height: 1; }"
    ALLOW_SELECT = False

    class Sought(Message):
        """The user asked for a step."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

        def can_replace(self, message: Message) -> bool:
            """While dragging, only the last one counts."""
            return isinstance(message, Timeline.Sought)

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scene = TimelineScene()
        self._dragging = False
        self.tooltip = (
            "click or drag to go to a step · ┴ edits led here · ┬ another branch leaves · ┼ a stop would hit\n"
            + " · ".join(f"{dots} {text}" for dots, text in ACTIVITY_SIGNS.items())
        )

    def show(self, scene: TimelineScene) -> None:
        """Draws another moment."""
        if scene != self.scene:
            self.scene = scene
            self.refresh()

    @property
    def figures(self) -> str:
        """The position in figures, as wide as at the end of the run."""
        scene = self.scene
        width = len(f"{scene.span:,}")
        percent = f"{100 * scene.step / scene.span:.0f} %" if scene.total is not None else ""
        return f" {percent:>5}  {scene.step:>{width},} "

    @property
    def track(self) -> range:
        """Columns of the track between its ends."""
        return range(LABEL + 1, max(LABEL + 2, self.size.width - len(self.figures) - 1))

    def column_of(self, step: int) -> int:
        """The column of the track where a step lies."""
        track = self.track
        return track.start + round(step / self.scene.span * (len(track) - 1))

    def step_at(self, column: int) -> int:
        """The step at a column of the track; that of a snapshot, bookmark, mark or fork where one is drawn, else the
        first at which a stop would hit there.
        """
        for step in (*reversed(self.scene.kept), *self.scene.stop_steps):
            if self.column_of(step) == column:
                return step
        track = self.track
        share = (column - track.start) / max(1, len(track) - 1)
        return round(max(0.0, min(1.0, share)) * self.scene.span)

    def render_line(self, y: int) -> Strip:
        """Draws the line."""
        palette, scene, track = palette_of(self.app), self.scene, self.track
        here = self.column_of(scene.step)
        cells: list[tuple[str, Style]] = [
            ("━", palette.muted) if column <= here else ("─" if scene.total is not None else "╌", palette.faint)
            for column in track
        ]
        for place, char in enumerate(dotted(scene.activity, scene.span, len(track))):
            cells[place] = (char, palette.base if track.start + place <= here else palette.muted)
        for place in _columns(scene.stop_steps, scene.span, len(track)):
            passed = track.start + place <= here
            cells[place] = ("┿" if passed else "┼", palette.breakpoint)
        for step, text, style in self._signs(palette):
            at = self.column_of(step) - track.start
            for place, char in enumerate(text, at):
                if 0 <= place < len(cells):
                    cells[place] = (char, style)
        cells[here - track.start] = ("┃", Style(color=palette.pc_fill.bgcolor, bold=True))
        ends = ("├", "┤" if scene.total is not None else "╌")
        segments = [
            Segment(" run".ljust(LABEL), palette.muted), Segment(ends[0], palette.muted),
            *(Segment(char, style) for char, style in cells),
            Segment(ends[1], palette.muted if here == track.stop - 1 else palette.faint),
            Segment(self.figures, palette.muted),
        ]  # fmt: skip
        width = self.size.width
        return Strip(Segment.simplify(Segment.apply_style(segments, palette.base))).adjust_cell_length(
            width, palette.base
        )

    def _signs(self, palette: Palette) -> Iterator[tuple[int, str, Style]]:
        """What is drawn on the track: at which step, its letters, how they look; later ones lie over earlier ones."""
        scene = self.scene
        yield from ((step, "┬", palette.heading) for step in scene.other_forks)
        yield from ((step, "┴", palette.heading) for step in scene.own_forks)
        if scene.mark is not None:
            yield scene.mark, "┇", Style(color=palette.changed.color, bold=True)
        yield from ((step, "▾", palette.snapshot) for step in scene.bookmarks)
        yield from ((step, "◆" + name[:1], palette.snapshot) for name, step in scene.snapshots)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begins to drag."""
        if event.x <= self.track.stop:
            self._dragging = True
            self.capture_mouse()
            self._seek(event.x)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Seeks along while dragging."""
        if self._dragging:
            self._seek(event.x)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Ends to drag."""
        self._dragging = False
        self.release_mouse()

    def _seek(self, column: int) -> None:
        step = self.step_at(column)
        if step != self.scene.step:
            self.post_message(self.Sought(step))


@lru_cache(maxsize=4)
def _columns(steps: tuple[int, ...], span: int, columns: int) -> list[int]:
    """The columns of a track in which some steps lie."""
    places = np.rint(np.array(steps, np.int64) / span * (columns - 1)).astype(np.int64)
    return [int(place) for place in np.unique(places) if place < columns]


@lru_cache(maxsize=4)
def dotted(activity: Activity, span: int, columns: int) -> str:
    """What happens along a track, as dots, as far as it is counted: two columns of them a character.

    The lowest dot is the track. Two above it tell how many of the steps there change a cell, beside those where the
    most do: none, up to a half, more. The highest one tells that output is written there.

    Args:
        activity: what was counted.
        span: steps from one end of the track to the other.
        columns: its characters.
    """
    dots = np.zeros((4, 2 * columns), np.bool_)
    if activity.reached:
        edges = (np.arange(2 * columns + 1) / 2 - 0.5) / max(1, columns - 1) * span
        known = edges[:-1] <= activity.reached
        rates = np.where(known, _rates(activity, edges), 0)
        written = np.flatnonzero(activity.outputs) * activity.length + (activity.length + 1) / 2
        dots[3] = known
        dots[2] = rates > 0
        dots[1] = rates > rates.max() / 2
        dots[0, np.minimum(np.searchsorted(edges, written), 2 * columns) - 1] = True
    return braille.characters(dots)[0].rstrip(" ")


def _rates(activity: Activity, edges: NDArray[np.floating]) -> NDArray[np.floating]:
    """How many of the steps to the moments between two edges change a cell, as a share: `float[edges - 1]`.

    Between edges so near to each other that no stretch is there, it is that of the stretch around them.
    """
    stretches = len(activity.changes)
    places = np.clip((edges - 0.5) / activity.length, 0, stretches - 0.5)
    first, last = np.rint(places[:-1]).astype(np.int64), np.rint(places[1:]).astype(np.int64)
    first = np.where(first < last, first, ((places[:-1] + places[1:]) / 2).astype(np.int64))
    last = np.maximum(first + 1, last)
    changes = np.concatenate([[0], np.cumsum(activity.changes)])
    steps = np.minimum(np.arange(stretches + 1) * activity.length, activity.reached)
    return np.asarray((changes[last] - changes[first]) / (steps[last] - steps[first]), np.float64)
