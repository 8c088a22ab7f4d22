"""The dialog that changes a moment: cells, registers, instructions and input, each checked while one types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Input, Label

from gpdebug.debugger.edits import Edit, Situation
from gpdebug.tui.edit_fields import Field, read_fields
from gpdebug.tui.keymap import APP, bind
from gpdebug.tui.screens.dialog import Dialog
from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.explanation import Explanation

_LABEL_WIDTH = 13


class EditScreen(Dialog[list[Edit] | None]):
    """Asks what to change; comes back with the edits, or None."""

    DEFAULT_CSS = """
    EditScreen { align: center middle; }
    EditScreen #dialog { width: 84; max-width: 96%; height: auto; background: $panel; padding: 1 2; }
    EditScreen #title { height: 1; margin-bottom: 1; background: $panel; }
    EditScreen Horizontal { height: 1; }
    EditScreen Label { width: 13; color: $muted; }
    EditScreen Input, EditScreen Input.-textual-compact {
        width: 1fr; height: 1; border: none; padding: 0 1; background: $background;
    }
    EditScreen Explanation { background: $panel; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape", "dismiss(None)", "cancel", id="edit.cancel", group=APP, tip="leave everything as it is"),
        bind("up", "app.focus_previous", "up", id="edit.up", group=APP, show=False),
        bind("down", "app.focus_next", "down", id="edit.down", group=APP, show=False),
    ]

    def __init__(self, title: str, fields: Sequence[Field], here: Situation, first: str) -> None:
        """Makes the dialog.

        Args:
            title: which moment it is.
            fields: what can be changed.
            here: the moment.
            first: the field to begin with.
        """
        super().__init__()
        self._title, self._fields, self._here, self._first = title, fields, here, first

    def compose(self) -> ComposeResult:
        """A title and the fields, each with a line below it for hints and errors."""
        with Vertical(id="dialog"):
            yield Bar(id="title")
            for field in self._fields:
                with Horizontal():
                    yield Label(field.label)
                    yield Input(field.text, id=field.name, compact=True, select_on_focus=True)
                yield Explanation(_LABEL_WIDTH + 1, id=f"{field.name}-below")

    def on_mount(self) -> None:
        """Begins with what is under the cursor."""
        self.query_one("#title", Bar).show(
            [Part(self._title, "heading")],
            [Part("Enter", "key"), Part(" change  ", "muted"), Part("Esc", "key"), Part(" cancel", "muted")],
        )
        self._check()
        self.query_one(f"#{self._first}", Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Checks what was typed."""
        event.stop()
        self._check()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Comes back with the edits if nothing is wrong with them, else goes to what is."""
        event.stop()
        edits, wrong = self._check()
        if wrong is not None:
            self.query_one(f"#{wrong}", Input).focus()
            return
        self.dismiss(edits or None)

    def _check(self) -> tuple[list[Edit], str | None]:
        """Shows a hint or what is wrong below each field; the edits, and the first field that is wrong."""
        texts = {field.name: self.query_one(f"#{field.name}", Input).value for field in self._fields}
        edits, problems = read_fields(self._fields, texts, self._here)
        wrong = {problem.field: problem for problem in problems}
        for field in self._fields:
            below = self.query_one(f"#{field.name}-below", Explanation)
            problem = wrong.get(field.name)
            if problem is not None:
                scrolled = self.query_one(f"#{field.name}", Input).scroll_offset.x
                below.fail(problem.message, max(0, problem.column - scrolled))
            else:
                changed = texts[field.name].strip() != field.text
                below.say(f"was {field.text}" if changed else field.hint)
        return edits, problems[0].field if problems else None
