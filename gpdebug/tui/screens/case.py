"""The choice of what a program runs on: a case of its task, or an input of one's own."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from gpdebug.store.typed_bytes import BytesError, parse_bytes, show_bytes
from gpdebug.tui.keymap import APP, bind
from gpdebug.tui.screens.dialog import Dialog
from gpdebug.tui.subject import Subject
from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.rows import Row, Rows

_HINT = 'text, "text\\n" or 0x61 62'


class CaseScreen(Dialog[Subject | None]):
    """Comes back with the same program on another input, or None."""

    DEFAULT_CSS = """
    CaseScreen { align: center middle; }
    CaseScreen #dialog { width: 84; max-width: 96%; height: auto; max-height: 90%; background: $panel; padding: 1 2; }
    CaseScreen Bar { height: 1; background: $panel; }
    CaseScreen Rows { height: auto; max-height: 20; margin: 1 0; background: $panel; }
    CaseScreen Horizontal { height: 1; }
    CaseScreen Label { width: 11; color: $muted; }
    CaseScreen Input, CaseScreen Input.-textual-compact {
        width: 1fr; height: 1; border: none; padding: 0 1; background: $background;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "dismiss(None)", "cancel", id="case.cancel", group=APP, tip="go on with the same input"),
    ]

    def __init__(self, subject: Subject) -> None:
        super().__init__()
        self._subject = subject

    def compose(self) -> ComposeResult:
        """The cases, and a field for an input of one's own."""
        with Vertical(id="dialog"):
            yield Bar(id="title")
            yield Rows(id="cases", empty="this program has no task, so there are no cases")
            with Horizontal():
                yield Label("own input")
                yield Input(id="own", compact=True, select_on_focus=False)
            yield Bar(id="below")

    def on_mount(self) -> None:
        """Begins with the present case, or the field if there is none."""
        subject = self._subject
        self.query_one("#title", Bar).show(
            [Part("input", "heading")],
            [Part("Enter", "key"), Part(" run it  ", "muted"), Part("Tab", "key"), Part(" own  ", "muted"),
             Part("Esc", "key"), Part(" cancel", "muted")],
        )  # fmt: skip
        rows = self.query_one("#cases", Rows)
        rows.show([_row(subject, index) for index in range(len(subject.cases))])
        self._say(_HINT)
        own = self.query_one("#own", Input)
        if subject.case is not None:
            rows.choose(str(subject.case))
            rows.focus()
        else:
            own.value = show_bytes(subject.own, most=10_000) if subject.own else ""
            own.cursor_position = len(own.value)
            own.focus()

    def on_rows_asked(self, event: Rows.Asked) -> None:
        """Runs the chosen case."""
        event.stop()
        self.dismiss(self._subject.on_case(int(event.key)))

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong is being mended."""
        event.stop()
        self._say(_HINT)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Runs what was typed."""
        event.stop()
        try:
            data = parse_bytes(event.value)
        except BytesError as error:
            self._say(str(error), "error")
        else:
            self.dismiss(self._subject.on_input(data))

    def _say(self, text: str, style: str = "muted") -> None:
        self.query_one("#below", Bar).show([Part(" " * 12 + text, style)])


def _row(subject: Subject, index: int) -> Row:
    case = subject.cases[index]
    training = 0 if subject.task is None else len(subject.task.training)
    errors = subject.individual.errors if subject.individual is not None else None
    number = f"{index + 1:>4}" if index < training else f"{index - training + 1:>4} held out"
    known = errors is not None and index < len(errors)
    error = errors[index] if errors is not None and known else None
    mark = (" ", "muted") if error is None else ("✓", "ok") if error == 0 else ("✗", "error")
    words = (
        mark,
        (f"{number:<14}", "muted"),
        (show_bytes(case.input, 24).ljust(28), "base"),
        (" → ", "faint"),
        (show_bytes(case.output, 24), "base"),
    )
    right = () if error is None else ((f"error {error:,}", "muted"),)
    return Row(str(index), words, right)
