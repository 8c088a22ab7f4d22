"""The dialog for one stop: condition, hit rule and message, each checked while one types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from gpdebug.debugger.errors import StopError
from gpdebug.debugger.stops import parse_message, parse_rule
from gpdebug.tui.keymap import APP, bind
from gpdebug.tui.screens.dialog import Dialog
from gpdebug.tui.widgets.bar import Bar, Part
from vm.conditions import parse
from vm.errors import ConditionError


@dataclass(frozen=True, slots=True)
class StopTexts:
    """What the user wrote about a stop, checked.

    Attributes:
        condition: an expression, or empty.
        rule: `>= 10`, `% 3`, `== 5`, or empty.
        message: what a logpoint writes; empty for a breakpoint.
    """

    condition: str = ""
    rule: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    label: str
    hint: str
    check: Callable[[str], object]


_FIELDS = (
    _Field("condition", "if", "mem[3] > 5 and h0 == 7 · pc step h0 h1 mem[e] in[e] out[e] cell0 cell1 hits", parse),
    _Field("rule", "hit", "== 5 the fifth hit · >= 10 from the tenth on · % 3 every third", parse_rule),
    _Field("message", "log", "write this and go on; {mem[3]} is filled in", parse_message),
)
_LABEL_WIDTH = 7


class BreakpointScreen(Dialog[StopTexts | None]):
    """Asks for the texts of one stop; comes back with them, or None."""

    DEFAULT_CSS = """
    BreakpointScreen { align: center middle; }
    BreakpointScreen #dialog { width: 84; max-width: 96%; height: auto; background: $panel; padding: 1 2; }
    BreakpointScreen #title { height: 1; margin-bottom: 1; background: $panel; }
    BreakpointScreen Horizontal { height: 1; }
    BreakpointScreen Label { width: 7; color: $muted; }
    BreakpointScreen Input, BreakpointScreen Input:focus {
        width: 1fr; height: 1; border: none; padding: 0 1; background: $background;
    }
    BreakpointScreen .below { height: 1; margin-bottom: 1; background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "dismiss(None)", "cancel", id="stop.cancel", group=APP, tip="leave the stop as it was"),
    ]

    def __init__(self, title: str, texts: StopTexts) -> None:
        """Makes the dialog.

        Args:
            title: which stop it is.
            texts: what it has now.
        """
        super().__init__()
        self._title = title
        self._texts = texts

    def compose(self) -> ComposeResult:
        """A title and three fields, each with a line below it for hints and errors."""
        with Vertical(id="dialog"):
            yield Bar(id="title")
            for field in _FIELDS:
                with Horizontal():
                    yield Label(field.label)
                    text: str = getattr(self._texts, field.name)
                    yield Input(text, id=field.name, compact=True, select_on_focus=False)
                yield Bar(id=f"{field.name}-below", classes="below")

    def on_mount(self) -> None:
        """Begins with the condition."""
        self.query_one("#title", Bar).show(
            [Part(self._title, "heading")],
            [Part("Enter", "key"), Part(" keep  ", "muted"), Part("Esc", "key"), Part(" cancel", "muted")],
        )
        self._check_all()
        self.query_one("#condition", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Checks what was typed."""
        event.stop()
        self._check_all()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keeps the texts if nothing is wrong with them, else goes to what is."""
        event.stop()
        wrong = self._check_all()
        if wrong is not None:
            self.query_one(f"#{wrong}", Input).focus()
            return
        self.dismiss(StopTexts(*(self.query_one(f"#{field.name}", Input).value.strip() for field in _FIELDS)))

    def _check_all(self) -> str | None:
        """Shows a hint or what is wrong below each field; the name of the first that is wrong."""
        first = None
        for field in _FIELDS:
            text = self.query_one(f"#{field.name}", Input).value
            below = self.query_one(f"#{field.name}-below", Bar)
            problem = _problem(field, text)
            if problem is None:
                below.show([Part(" " * (_LABEL_WIDTH + 1) + field.hint, "faint" if text.strip() else "muted")])
                continue
            first = first or field.name
            message, column = problem
            below.show([Part(" " * (_LABEL_WIDTH + 1 + column) + "╰ " + message, "error")])
        return first


def _problem(field: _Field, text: str) -> tuple[str, int] | None:
    """What is wrong with a text, and the column where; None if nothing is."""
    if not text.strip():
        return None
    try:
        field.check(text)
    except ConditionError as error:
        return str(error), error.column
    except StopError as error:
        return str(error), 0
    return None
