"""The choice of a moment to compare: from a list that narrows while one types, or by what one types."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from gpdebug.tui.keymap import APP, bind
from gpdebug.tui.screens.dialog import Dialog
from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.rows import Row, Rows

_HINT = "or type 1204, 50%, case:3@1204, id:57, parent, branch:1, a snapshot file"
_FREE = re.compile(r"[+-]?[\d,_]+|\d+(\.\d+)?%|(case|id|parent|branch)(:\S+)?(@\S+)?|\S*/\S*|\S+\.json")


@dataclass(frozen=True, slots=True)
class Choice:
    """A moment that can be chosen.

    Attributes:
        operand: how it is written.
        step: when it is; None: that is not known.
        words: what else to say about it.
        style: of its name.
    """

    operand: str
    step: int | None
    words: str = ""
    style: str = "base"


class MomentScreen(Dialog[str | None]):
    """Comes back with a moment as users write it, or None."""

    DEFAULT_CSS = """
    MomentScreen { align: center middle; }
    MomentScreen #dialog { width: 84; max-width: 96%; height: auto; max-height: 90%; background: $panel; padding: 1 2; }
    MomentScreen Bar { height: 1; background: $panel; }
    MomentScreen Rows { height: auto; max-height: 20; margin: 1 0; background: $panel; }
    MomentScreen Horizontal { height: 1; margin-top: 1; }
    MomentScreen Label { width: 8; color: $muted; }
    MomentScreen Input, MomentScreen Input.-textual-compact {
        width: 1fr; height: 1; border: none; padding: 0 1; background: $background;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "dismiss(None)", "cancel", id="moment.cancel", group=APP, tip="compare what was compared"),
        Binding("up", "move(-1)", show=False, id="moment.up"),
        Binding("down", "move(1)", show=False, id="moment.down"),
        Binding("pageup", "move(-10)", show=False, id="moment.page_up"),
        Binding("pagedown", "move(10)", show=False, id="moment.page_down"),
    ]

    def __init__(self, title: str, choices: Sequence[Choice], chosen: str) -> None:
        """Asks for a moment.

        Args:
            title: what for.
            choices: the moments to choose from.
            chosen: the one that is compared now.
        """
        super().__init__()
        self._title, self._choices, self._chosen = title, list(choices), chosen

    def compose(self) -> ComposeResult:
        """A field that narrows the list, and the list."""
        with Vertical(id="dialog"):
            yield Bar(id="title")
            with Horizontal():
                yield Label("moment")
                yield Input(id="moment", compact=True, select_on_focus=False)
            yield Rows(id="moments", empty="none of these; what you type must be a moment of its own")
            yield Bar(id="below")

    def on_mount(self) -> None:
        """Shows all of them."""
        self.query_one("#title", Bar).show(
            [Part(self._title, "heading")],
            [Part("Enter", "key"), Part(" take it  ", "muted"), Part("↑ ↓", "key"), Part(" choose  ", "muted"),
             Part("Esc", "key"), Part(" cancel", "muted")],
        )  # fmt: skip
        self.query_one("#below", Bar).show([Part(_HINT, "muted")])
        rows = self.query_one("#moments", Rows)
        rows.can_focus = False
        rows.show([_row(choice) for choice in self._choices])
        rows.choose(self._chosen)
        self.query_one("#moment", Input).focus()

    def action_move(self, lines: int) -> None:
        """Chooses another line."""
        self.query_one("#moments", Rows).action_move(lines)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrows the list to what begins like the text or has it in its note."""
        event.stop()
        text = event.value.strip().lower()
        begin = [choice for choice in self._choices if choice.operand.lower().startswith(text)]
        have = [choice for choice in self._choices if choice not in begin and text in choice.words.lower()]
        free = [Choice(text, None, "as typed")] if _FREE.fullmatch(text) and text not in _operands(begin) else []
        self.query_one("#moments", Rows).show([_row(choice) for choice in (*free, *begin, *have)])
        self.query_one("#moments", Rows).action_go(0)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes the chosen line; else what was typed."""
        event.stop()
        self._take(self.query_one("#moments", Rows).key or event.value.strip())

    def on_rows_asked(self, event: Rows.Asked) -> None:
        """Takes a line that was clicked twice."""
        event.stop()
        self._take(event.key)

    def _take(self, operand: str) -> None:
        if operand:
            self.dismiss(operand)


def _operands(choices: Sequence[Choice]) -> set[str]:
    return {choice.operand.lower() for choice in choices}


def _row(choice: Choice) -> Row:
    step = "" if choice.step is None else f"step {choice.step:,}"
    words = ((f"{choice.operand:<18}", choice.style), (f"{step:<20}", "base"), (choice.words, "muted"))
    return Row(choice.operand, words)
