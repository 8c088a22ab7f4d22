"""The choice of what to ask why of: from a list that narrows while one types, or as one types it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from gpdebug.tui.keymap import APP, bind
from gpdebug.tui.questions import HINT, Question, QuestionError, parse_question
from gpdebug.tui.screens.dialog import Dialog
from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.explanation import Explanation
from gpdebug.tui.widgets.rows import Row, Rows

_LEFT = 9


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be asked about.

    Attributes:
        question: that.
        words: what it is now.
        style: of the words.
        note: what else there is to say.
    """

    question: Question
    words: str
    style: str = "base"
    note: str = ""


class QuestionScreen(Dialog[Question | None]):
    """Comes back with a question, or None."""

    DEFAULT_CSS = """
    QuestionScreen { align: center middle; }
    QuestionScreen #dialog {
        width: 76; max-width: 96%; height: auto; max-height: 90%; background: $panel; padding: 1 2;
    }
    QuestionScreen Bar { height: 1; background: $panel; }
    QuestionScreen Rows { height: auto; max-height: 16; margin: 1 0; background: $panel; }
    QuestionScreen Horizontal { height: 1; margin-top: 1; }
    QuestionScreen Label { width: 8; color: $muted; }
    QuestionScreen Input, QuestionScreen Input:focus {
        width: 1fr; height: 1; border: none; padding: 0 1; background: $background;
    }
    QuestionScreen Explanation { background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "dismiss(None)", "cancel", id="question.cancel", group=APP, tip="ask nothing"),
        Binding("up", "move(-1)", show=False, id="question.up"),
        Binding("down", "move(1)", show=False, id="question.down"),
        Binding("pageup", "move(-10)", show=False, id="question.page_up"),
        Binding("pagedown", "move(10)", show=False, id="question.page_down"),
    ]

    def __init__(self, choices: Sequence[Choice], chosen: Question | None) -> None:
        """Asks for a question.

        Args:
            choices: what can be asked.
            chosen: the one that is chosen at first.
        """
        super().__init__()
        self._choices, self._chosen = list(choices), chosen

    def compose(self) -> ComposeResult:
        """A field that narrows the list, and the list."""
        with Vertical(id="dialog"):
            yield Bar(id="title")
            with Horizontal():
                yield Label("why is")
                yield Input(id="question", compact=True, select_on_focus=False)
            yield Explanation(_LEFT, id="below")
            yield Rows(id="questions", empty="none of these; what you type is asked")

    def on_mount(self) -> None:
        """Shows all of them."""
        self.query_one("#title", Bar).show(
            [Part("why?", "heading")],
            [Part("Enter", "key"), Part(" ask  ", "muted"), Part("↑ ↓", "key"), Part(" choose  ", "muted"),
             Part("Esc", "key"), Part(" cancel", "muted")],
        )  # fmt: skip
        rows = self.query_one("#questions", Rows)
        rows.can_focus = False
        self._narrow("")
        if self._chosen is not None:
            rows.choose(self._chosen.text)
        self.query_one("#question", Input).focus()

    def action_move(self, lines: int) -> None:
        """Chooses another line."""
        self.query_one("#questions", Rows).action_move(lines)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Narrows the list, and says what is wrong with what is typed."""
        event.stop()
        self._narrow(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Takes the chosen line; else what was typed."""
        event.stop()
        self._take(self.query_one("#questions", Rows).key or event.value)

    def on_rows_asked(self, event: Rows.Asked) -> None:
        """Takes a line that was clicked twice."""
        event.stop()
        self._take(event.key)

    def _narrow(self, typed: str) -> None:
        text = typed.strip().lower()
        found = [
            choice
            for choice in self._choices
            if choice.question.text.startswith(text) or text in f"{choice.words} {choice.note}".lower()
        ]
        rows = self.query_one("#questions", Rows)
        rows.show([_row(choice) for choice in found])
        rows.action_go(0)
        below = self.query_one("#below", Explanation)
        problem = None if found or not text else _problem(typed)
        if problem is None:
            below.say(HINT)
        else:
            below.fail(str(problem), problem.column)

    def _take(self, text: str) -> None:
        try:
            self.dismiss(parse_question(text))
        except QuestionError as error:
            self.query_one("#below", Explanation).fail(str(error), error.column)


def _problem(text: str) -> QuestionError | None:
    try:
        parse_question(text)
    except QuestionError as error:
        return error
    return None


def _row(choice: Choice) -> Row:
    words = ((f"{choice.question.text:<16}", "heading"), (choice.words, choice.style))
    return Row(choice.question.text, words, ((choice.note, "muted"),) if choice.note else ())
