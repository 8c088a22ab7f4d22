"""A line of choices at the bottom of the screen: a letter, a click or Esc answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.strip import Strip
from textual.widget import Widget

from gpdebug.tui.keymap import APP, bind
from gpdebug.tui.screens.dialog import Dialog
from gpdebug.tui.themes import palette_of


class ChoiceLine(Widget):
    """The line itself."""

    DEFAULT_CSS = "ChoiceLine { dock: bottom; height: 1; background: $panel; }"

    def __init__(self, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._title, self._choices = title, choices

    def render_line(self, y: int) -> Strip:
        """Draws the title and every choice, its letter marked where the text contains it."""
        palette = palette_of(self.app)
        letter_style = palette.key + Style(underline=True)
        segments = [Segment(f" {self._title}  ", palette.heading)]
        for letter, text in self._choices:
            before, found, after = _shown(letter, text).partition(letter)
            segments += [Segment(before), Segment(found, letter_style), Segment(f"{after} ")]
        segments += [Segment(" Esc", palette.key), Segment(" cancel", palette.muted)]
        return Strip(segments).adjust_cell_length(self.size.width).apply_style(self.visual_style.rich_style)

    def at(self, x: int) -> str | None:
        """The letter of the choice at a cell."""
        start = len(self._title) + 3
        for letter, text in self._choices:
            end = start + len(_shown(letter, text)) + 1
            if start <= x < end:
                return letter
            start = end
        return None


def _shown(letter: str, text: str) -> str:
    return text if letter in text else f"{letter} {text}"


class ChoiceScreen(Dialog[str | None]):
    """Asks for one of a few letters; comes back with it, or None."""

    DEFAULT_CSS = "ChoiceScreen { background: transparent; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "dismiss(None)", "cancel", id="choice.cancel", group=APP),
    ]

    def __init__(self, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self._letters = {letter for letter, _ in choices}
        self._line = ChoiceLine(title, choices)

    def compose(self) -> ComposeResult:
        """The line."""
        yield self._line

    def on_key(self, event: events.Key) -> None:
        """Answers with a letter; any other key does nothing."""
        if event.character in self._letters:
            event.stop()
            self.dismiss(event.character)

    def on_click(self, event: events.Click) -> None:
        """Answers with what was clicked, or takes the question back."""
        self.dismiss(self._line.at(event.x) if event.widget is self._line else None)
