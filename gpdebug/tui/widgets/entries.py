"""A list of runs and files in sections, each with how it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import numpy as np
from rich.cells import set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from gpdebug.store.info import RunStatus
from gpdebug.store.library import Entry
from gpdebug.tui import braille
from gpdebug.tui.keymap import MOVE, bind
from gpdebug.tui.themes import Palette, palette_of

_GAP = 2
_MORE_NAME, _MORE_TASK = 22, 18
"""Columns that names of entries and of their tasks take where there is room."""


@dataclass(frozen=True, slots=True)
class EntrySection:
    """A titled part of the list.

    Attributes:
        title: its heading.
        entries: what is in it.
        empty: said instead when there is nothing; no text leaves the whole section out.
    """

    title: str
    entries: tuple[Entry, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True)
class _Field:
    title: str
    width: int
    right: bool = False
    weight: int = 0


_FIELDS = (
    _Field("name", 18),
    _Field("task", 12, weight=3),
    _Field("dialect", 10, weight=2),
    _Field("generations", 11, right=True, weight=1),
    _Field("best error", 10, right=True),
    _Field("over time", 12, weight=1),
    _Field("status", 11, weight=4),
    _Field("changed", 14),
)


class Entries(ScrollView, can_focus=True):
    """Moves a cursor over the entries; Enter or a double click opens one."""

    DEFAULT_CSS = "Entries { background: $background; overflow-x: hidden; scrollbar-size-vertical: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up,k", "move(-1)", "up", id="entries.up", group=MOVE, show=False),
        bind("down,j", "move(1)", "down", id="entries.down", group=MOVE, show=False),
        bind("home", "move(-1000000)", "first", id="entries.first", group=MOVE, show=False),
        bind("end,G", "move(1000000)", "last", id="entries.last", group=MOVE, show=False),
    ]

    cursor: var[int] = var(0)
    """Which entry, counted through all sections."""

    @dataclass
    class Chosen(Message):
        """An entry is to be opened."""

        entry: Entry

    def __init__(self, *, id: str | None = None, now: datetime | None = None) -> None:
        super().__init__(id=id)
        self._now = now
        self._lines: list[tuple[str, int]] = []
        self._entries: list[Entry] = []
        self._names: list[str] = []

    def show(self, sections: Sequence[EntrySection]) -> None:
        """Shows sections, the cursor where it was."""
        self._entries, self._names, self._lines = [], [], []
        for section in sections:
            if not section.entries and not section.empty:
                continue
            self._lines += [("", -1)] if self._lines else []
            self._lines.append((section.title, -2))
            if not section.entries:
                self._lines.append((section.empty, -1))
            self._names += names_of([entry.path for entry in section.entries])
            for entry in section.entries:
                self._lines.append(("", len(self._entries)))
                self._entries.append(entry)
        self.virtual_size = Size(self.size.width, len(self._lines))
        self.cursor = self.cursor
        self.refresh()

    @property
    def has_growing(self) -> bool:
        """Whether one of them is a run that evolves on."""
        return any(entry.is_growing for entry in self._entries)

    @property
    def current(self) -> Entry | None:
        """The entry under the cursor."""
        return self._entries[self.cursor] if self._entries else None

    def validate_cursor(self, cursor: int) -> int:
        """Stays on the entries."""
        return max(0, min(cursor, len(self._entries) - 1))

    def watch_cursor(self) -> None:
        """Scrolls to the cursor."""
        line = next((place for place, (_, entry) in enumerate(self._lines) if entry == self.cursor), 0)
        top = self.scroll_offset.y
        if line < top or (self.cursor == 0 and top):
            self.scroll_to(y=0 if self.cursor == 0 else line, animate=False, force=True)
        elif line >= top + self.size.height:
            self.scroll_to(y=line - self.size.height + 1, animate=False, force=True)
        self.refresh()

    def action_move(self, by: int) -> None:
        """Moves the cursor."""
        self.cursor += by

    def on_click(self, event: events.Click) -> None:
        """Takes the cursor to an entry; a second click opens it."""
        line = event.y + self.scroll_offset.y
        entry = self._lines[line][1] if line < len(self._lines) else -1
        if entry >= 0:
            self.cursor = entry
            if event.chain >= 2:
                self.post_message(self.Chosen(self._entries[entry]))

    def render_line(self, y: int) -> Strip:
        """Draws a heading, an entry or nothing."""
        palette = palette_of(self.app)
        place = y + self.scroll_offset.y
        text, entry = self._lines[place] if place < len(self._lines) else ("", -1)
        style = palette.base
        if entry >= 0:
            segments = self._entry(entry, palette)
            if entry == self.cursor:
                style += palette.cursor if self.has_focus else palette.cursor_blurred
        elif entry == -2:
            segments = self._heading(text, palette)
        else:
            segments = [Segment(f"  {text}", palette.muted)]
        return Strip(segments).adjust_cell_length(self.size.width).apply_style(style)

    def _fields(self) -> list[tuple[_Field, int]]:
        fields = list(_FIELDS)
        while sum(field.width + _GAP for field in fields) + _GAP > self.size.width:
            heaviest = max(fields, key=lambda field: field.weight)
            if not heaviest.weight:
                break
            fields.remove(heaviest)
        spare = self.size.width - _GAP - sum(field.width + _GAP for field in fields)
        more = {"name": min(max(spare, 0), _MORE_NAME)}
        more["task"] = min(max(spare, 0) - more["name"], _MORE_TASK)
        return [(field, field.width + more.get(field.title, 0)) for field in fields]

    def _heading(self, title: str, palette: Palette) -> list[Segment]:
        segments = [Segment("  ")]
        for field, width in self._fields():
            first = field.title == "name"
            text = title if first else field.title
            segments.append(
                Segment(_sized(text, width, field.right) + " " * _GAP, palette.heading if first else palette.muted)
            )
        return segments

    def _entry(self, index: int, palette: Palette) -> list[Segment]:
        entry = self._entries[index]
        segments = [Segment("▌ " if index == self.cursor else "  ", palette.key)]
        fields = self._fields()
        if entry.problem:
            room = self.size.width - fields[0][1] - 3 * _GAP
            name = _sized(self._names[index], fields[0][1])
            return [*segments, Segment(name + "  "), Segment("✗ " + _sized(entry.problem, room - 2), palette.error)]
        has_status = any(field.title == "status" for field, _ in fields)
        for field, width in fields:
            title = field.title
            if title == "changed" and not has_status and entry.is_unended:
                title = "status"
            if title == "name":
                text, style = self._names[index], None
            else:
                text, style = self._value(entry, title, width, palette)
            segments.append(Segment(_sized(text, width, field.right) + " " * _GAP, style))
        return segments

    def _value(self, entry: Entry, field: str, width: int, palette: Palette) -> tuple[str, Style | None]:
        info = entry.info
        summary = info.summary if info else None
        match field:
            case "changed":
                return ago(entry.changed, self._now or datetime.now(UTC)), palette.muted
            case "dialect" if info:
                return info.dialect.name, palette.muted
            case "task" if info and info.task:
                return info.task.name, palette.muted
            case "generations" if info:
                return f"{summary.generation:,}" if summary else "–", None
            case "best error" if summary:
                return f"{summary.best:,}", palette.ok if summary.best == 0 else None
            case "over time" if summary:
                return sparkline(summary.curve, width), palette.ok if summary.best == 0 else palette.head0
            case "status" if info and entry.is_unended:
                return ("▶ running", palette.ok) if entry.is_growing else ("killed", palette.warning)
            case "status" if info:
                solved = info.status is RunStatus.SOLVED
                return f"✓ {info.status}" if solved else str(info.status), palette.ok if solved else palette.muted
        return "", None


def names_of(paths: Sequence[Path]) -> list[str]:
    """The last parts of paths: as many as tell each from the others."""
    names = []
    for path in paths:
        others = [other for other in paths if other != path]
        lengths = range(1, len(path.parts) + 1)
        least = (count for count in lengths if all(other.parts[-count:] != path.parts[-count:] for other in others))
        names.append("/".join(path.parts[-next(least, len(path.parts)) :]))
    return names


def sparkline(values: Sequence[int], width: int) -> str:
    """Errors over time in one line of Braille dots, on a logarithmic scale from 0."""
    heights = np.log1p(np.array(values, np.float64))
    if len(values) < 2:
        return ""
    places = np.arange(len(values)) / (len(values) - 1)
    return braille.characters(braille.line(places, heights / max(float(heights.max()), 1.0), width, 1))[0]


def ago(then: datetime, now: datetime) -> str:
    """How long ago, in the largest unit that fits; a date when that was long ago."""
    seconds = (now - then).total_seconds()
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        count = int(seconds // length)
        if unit == "day" and count > 30:
            return f"{then:%Y-%m-%d}"
        if count >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def _sized(text: str, width: int, right: bool = False) -> str:
    if len(text) > width:
        return text[: max(0, width - 1)] + "…"
    return text.rjust(width) if right else set_cell_size(text, width)
