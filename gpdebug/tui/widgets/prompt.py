"""A line to type into, with a label, and under it what is wrong with the text and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input, Static

from gpdebug.tui.keymap import APP, bind
from gpdebug.tui.widgets.explanation import Explanation


class Prompt(Vertical):
    """Hidden until it asks for something; Enter answers, Esc takes the question back."""

    DEFAULT_CSS = """
    Prompt { height: auto; display: none; background: $background; }
    Prompt Horizontal { height: 1; }
    Prompt #prompt-label { width: auto; padding: 0 1; color: $primary; text-style: bold; }
    Prompt #prompt-hint { width: auto; padding: 0 1; color: $muted; }
    Prompt Input { width: 1fr; background: $panel; }
    Prompt Explanation { display: none; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "cancel", "cancel", id="prompt.cancel", group=APP, tip="close the line, change nothing"),
    ]

    @dataclass
    class Answered(Message):
        """Enter was pressed."""

        kind: str
        text: str

    @dataclass
    class Edited(Message):
        """The text changed."""

        kind: str
        text: str

    @dataclass
    class Cancelled(Message):
        """Esc was pressed; `text` is what stood there when it began to ask."""

        kind: str
        text: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._kind = ""
        self._before = ""

    def compose(self) -> ComposeResult:
        """A label, the input, a hint; the error below."""
        with Horizontal():
            yield Static(id="prompt-label", markup=False)
            yield Input(compact=True, select_on_focus=False)
            yield Static(id="prompt-hint", markup=False)
        yield Explanation()

    @property
    def is_open(self) -> bool:
        """Whether it asks for something."""
        return bool(self._kind)

    def ask(self, kind: str, label: str, text: str = "", hint: str = "") -> None:
        """Opens the line.

        Args:
            kind: comes back in the messages.
            label: stands before the input.
            text: what is already there.
            hint: stands after the input.
        """
        self._kind, self._before = kind, text
        self.query_one("#prompt-label", Static).update(label)
        self.query_one("#prompt-hint", Static).update(hint)
        self.explain("")
        self.display = True
        line = self.query_one(Input)
        with line.prevent(Input.Changed):
            line.value = text
        line.cursor_position = len(text)
        line.focus()

    def explain(self, error: str, column: int | None = None) -> None:
        """Shows what is wrong with the text, under the character where it begins; nothing when empty."""
        below = self.query_one(Explanation)
        below.display = bool(error)
        if column is None:
            below.left = 1
            below.say(error, "error")
        else:
            below.left = self.query_one(Input).region.x - self.region.x
            below.fail(error, column)

    def hint(self, text: str) -> None:
        """Shows something after the input."""
        self.query_one("#prompt-hint", Static).update(text)

    def close(self) -> None:
        """Hides the line."""
        self._kind = ""
        self.display = False

    def on_input_changed(self, event: Input.Changed) -> None:
        """Tells what is there now."""
        event.stop()
        if self._kind:
            self.post_message(self.Edited(self._kind, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Answers."""
        event.stop()
        self.post_message(self.Answered(self._kind, event.value))

    def action_cancel(self) -> None:
        """Takes the question back."""
        kind = self._kind
        self.close()
        self.post_message(self.Cancelled(kind, self._before))
