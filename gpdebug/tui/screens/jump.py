"""Jump mode: a letter on everything that can have the keys; pressing one, or clicking it, goes there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from string import ascii_lowercase
from typing import ClassVar, Protocol, runtime_checkable

from rich.segment import Segment
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from gpdebug.tui.keymap import APP, bind
from gpdebug.tui.screens.dialog import Dialog
from gpdebug.tui.themes import palette_of


@dataclass(frozen=True, slots=True)
class Target:
    """Something to jump to.

    Attributes:
        name: its letter is one of this, if it can be.
        x, y: where the letter is shown.
        go: goes there.
        width: columns that the letter may cover.
    """

    name: str
    x: int
    y: int
    go: Callable[[], object]
    width: int = 3


@runtime_checkable
class Jumpable(Protocol):
    """A screen that knows better than Textual what one can jump to."""

    def jump_targets(self) -> Sequence[Target]:
        """All that can be seen now."""
        ...


def targets_of(screen: Screen[object]) -> list[Target]:
    """What one can jump to on a screen: what it says, else every widget that can have the keys."""
    if isinstance(screen, Jumpable):
        return list(screen.jump_targets())
    return [target_on(widget) for widget in screen.focus_chain]


def target_on(widget: Widget, name: str = "", go: Callable[[], object] | None = None) -> Target:
    """A widget as a target, its letter in its corner."""
    name = name or widget.id or type(widget).__name__.lower()
    return Target(name, widget.region.x, widget.region.y, go or partial(widget.screen.set_focus, widget))


def lettered(targets: Iterable[Target]) -> dict[str, Target]:
    """Targets by their letters: the first of its name that is free, else the first free one of the alphabet."""
    found: dict[str, Target] = {}
    for target in targets:
        letter = next((each for each in (*target.name, *ascii_lowercase) if each.isalpha() and each not in found), None)
        if letter is not None:
            found[letter] = target
    return found


class Letter(Widget):
    """One letter."""

    DEFAULT_CSS = "Letter { height: 1; overlay: screen; }"
    ALLOW_SELECT = False

    def __init__(self, letter: str, target: Target) -> None:
        super().__init__()
        self.letter = letter
        self.styles.width = target.width
        self.styles.offset = (target.x, target.y)

    def render_line(self, y: int) -> Strip:
        """Draws it as what is next is drawn: dark on bright."""
        return Strip([Segment(self.letter.center(self.size.width), palette_of(self.app).pc_fill)])


class JumpScreen(Dialog[None]):
    """The letters over the screen; any other key goes back."""

    DEFAULT_CSS = "JumpScreen { background: $background 0%; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "dismiss", "cancel", id="jump.cancel", group=APP, tip="stay where you are"),
    ]

    def __init__(self, targets: Iterable[Target]) -> None:
        super().__init__()
        self._targets = lettered(targets)

    def compose(self) -> ComposeResult:
        """A letter for each target."""
        for letter, target in self._targets.items():
            yield Letter(letter, target)

    def on_key(self, event: events.Key) -> None:
        """Jumps, or goes back."""
        if event.key != "escape":
            event.stop()
            self._jump(event.character or "")

    def on_click(self, event: events.Click) -> None:
        """Jumps to what was clicked, or goes back."""
        self._jump(event.widget.letter if isinstance(event.widget, Letter) else "")

    def _jump(self, letter: str) -> None:
        target = self._targets.get(letter)
        self.dismiss()
        if target is not None:
            self.app.call_later(target.go)
