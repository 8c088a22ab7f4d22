"""Notices that cover the screen: what went wrong and what to do, or that the terminal is too small."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.widgets import Static

from gpdebug.tui.keymap import APP, bind
from gpdebug.tui.screens.dialog import Dialog

LEAST_WIDTH, LEAST_HEIGHT = 60, 16


def is_too_small(size: Size) -> bool:
    """Whether a terminal has no room for the screens."""
    return size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT


class ProblemScreen(Dialog[None]):
    """One thing that could not be done; any of the usual keys goes back to where one was."""

    DEFAULT_CSS = """
    ProblemScreen { align: center middle; background: $background 60%; }
    ProblemScreen Static { width: 64; max-width: 90%; background: $panel; padding: 1 2; }
    ProblemScreen #problem-title { color: $error; text-style: bold; padding: 1 2 0 2; }
    ProblemScreen #problem-keys { color: $muted; padding: 0 2 1 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape,enter,q,space", "dismiss(None)", "back", id="problem.back", group=APP),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def compose(self) -> ComposeResult:
        """What happened, and how to go on."""
        yield Static("✗ This did not work", id="problem-title", markup=False)
        yield Static(self._text, id="problem-text", markup=False)
        yield Static("Esc back", id="problem-keys", markup=False)

    def on_click(self) -> None:
        """Goes back."""
        self.dismiss(None)


class TooSmallScreen(Screen[None]):
    """Says how large a terminal is needed, until it is."""

    DEFAULT_CSS = """
    TooSmallScreen { align: center middle; background: $background; }
    TooSmallScreen Static { width: auto; text-align: center; }
    """

    def compose(self) -> ComposeResult:
        """The sizes."""
        yield Static(self._words(), markup=False)

    def on_screen_resume(self) -> None:
        """Goes, if something was opened over it and the terminal is large enough by now."""
        if not is_too_small(self.app.size):
            self.app.call_later(self._go)

    def _go(self) -> None:
        if self.is_current:
            self.app.pop_screen()

    def on_resize(self) -> None:
        """Shows the size it has now."""
        self.query_one(Static).update(self._words())

    def _words(self) -> str:
        width, height = self.app.size
        needed = f"gpdebug needs {LEAST_WIDTH} × {LEAST_HEIGHT}:"
        return f"This terminal is {width} × {height}.\n{needed}\nplease make it larger."
