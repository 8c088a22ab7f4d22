"""The top and bottom lines of a screen: where one is and what matters there; the keys that work."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from gpdebug.tui.keymap import Key, active_keys
from gpdebug.tui.themes import Palette, palette_of

Parts = Sequence[tuple[str, Style | None]]

_GAP = 3
"""Blanks before and behind the facts of a title."""


class TitleLine(Widget):
    """Crumbs on the left, facts on the right; the left gives way when both do not fit, then the first facts."""

    DEFAULT_CSS = "TitleLine { height: 1; dock: top; background: $panel; }"

    def __init__(self, crumbs: Sequence[str] = (), facts: Sequence[str] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._crumbs = tuple(crumbs)
        self._facts: tuple[str, ...] = tuple(facts)

    def show(self, crumbs: Sequence[str], facts: Sequence[str] = ()) -> None:
        """Shows other words; the last crumb is where one is."""
        if (tuple(crumbs), tuple(facts)) != (self._crumbs, self._facts):
            self._crumbs, self._facts = tuple(crumbs), tuple(facts)
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draws the line."""
        palette = palette_of(self.app)
        right: list[tuple[str, Style | None]] = []
        for fact in self._facts_within(self.size.width - _GAP):
            right += [(" · ", palette.faint), (fact, None)] if right else [(fact, None)]
        right.append((" ", None))
        room = self.size.width - sum(cell_len(text) for text, _ in right) - 2
        left: list[tuple[str, Style | None]] = [(" ", None)]
        for crumb in self._crumbs_within(room)[:-1]:
            left += [(crumb, palette.muted), (" ▸ ", palette.faint)]
        left += [(crumb, palette.heading) for crumb in self._crumbs[-1:]]
        return both_ends(left, [("  ", None), *right], self.size.width).apply_style(self.visual_style.rich_style)

    def _facts_within(self, room: int) -> tuple[str, ...]:
        """The facts, the first ones left out where they do not all fit."""
        facts = self._facts
        while len(facts) > 1 and cell_len(" · ".join(facts)) > room:
            facts = facts[1:]
        return facts

    def _crumbs_within(self, room: int) -> tuple[str, ...]:
        """The crumbs, the first ones left out where they do not all fit."""
        crumbs = self._crumbs
        while len(crumbs) > 2 and cell_len(" ▸ ".join(crumbs)) >= room:
            crumbs = ("…", *crumbs[2:])
        if len(crumbs) == 2 and cell_len(" ▸ ".join(crumbs)) >= room:
            crumbs = crumbs[1:]
        return crumbs


class KeyLine(Widget):
    """The keys that work now, as many as fit, each also a button; on its right what goes on in the background."""

    DEFAULT_CSS = "KeyLine { height: 1; dock: bottom; background: $panel; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._keys: list[Key] = []
        self._buttons: list[tuple[range, Key]] = []
        self._note = ""

    def on_mount(self) -> None:
        """Follows the screen's bindings."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self._read())
        self.call_after_refresh(self._read)

    def note(self, text: str) -> None:
        """Shows what goes on in the background, on the right; nothing when empty."""
        if text != self._note:
            self._note = text
            self.refresh()

    def _read(self) -> None:
        if not self.is_attached:
            return
        keys = [key for key in active_keys(self.screen) if key.show]
        if keys != self._keys:
            self._keys = keys
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draws the line and remembers where each key is."""
        palette = palette_of(self.app)
        note: Parts = [(f" {self._note} ", palette.muted)] if self._note else []
        room = self.size.width - sum(cell_len(text) for text, _ in note)
        parts, self._buttons = _fit(self._keys, room, palette)
        return both_ends(parts, note, self.size.width).apply_style(self.visual_style.rich_style)

    def on_click(self, event: events.Click) -> None:
        """Presses the key that was clicked."""
        for columns, key in self._buttons:
            if event.x in columns:
                self.app.simulate_key(key.press)


def _fit(
    keys: Sequence[Key], room: int, palette: Palette
) -> tuple[list[tuple[str, Style | None]], list[tuple[range, Key]]]:
    """As many keys as fit, leaving out the later ones except the last, which leads to the help."""
    shown = list(keys)
    while len(shown) > 1 and sum(map(_width, shown)) > room:
        shown.pop(-2)
    parts: list[tuple[str, Style | None]] = []
    buttons: list[tuple[range, Key]] = []
    column = 0
    for key in shown:
        parts += [(" " + key.keys[0], palette.key), (f" {key.text} ", palette.muted)]
        buttons.append((range(column, column + _width(key)), key))
        column += _width(key)
    return parts, buttons


def _width(key: Key) -> int:
    return cell_len(key.keys[0]) + cell_len(key.text) + 3


def both_ends(left: Parts, right: Parts, width: int) -> Strip:
    """A line of exactly `width` cells: the right part whole if it can be, the left one cut with an ellipsis."""
    room = width - sum(cell_len(text) for text, _ in right)
    if room < 0:
        right, room = [], width
    segments: list[Segment] = []
    used = 0
    for text, style in left:
        length = cell_len(text)
        if used + length > room:
            cut = max(0, room - used - 1)
            segments.append(Segment(set_cell_size(text, cut) + ("…" if room > used else ""), style))
            used = max(room, used)
            break
        segments.append(Segment(text, style))
        used += length
    segments.append(Segment(" " * (room - used)))
    segments += [Segment(text, style) for text, style in right]
    return Strip(segments, width)
