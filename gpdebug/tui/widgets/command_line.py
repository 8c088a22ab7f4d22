"""The line one types into: commands, places to go to, bytes to find; with history, completion and errors in place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input, Label

from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.explanation import Explanation
from gpdebug.wording import fitting

Complete = Callable[[str], Sequence[str]]
"""Whole lines that a beginning can become, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked for.

    Attributes:
        name: which prompt it is; each has a history of its own.
        label: what stands before the text.
        hint: what can be typed, shown below.
    """

    name: str
    label: str
    hint: str


class _Lines(Suggester):
    """Suggests the first completion while one types."""

    def __init__(self, complete: Complete) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._complete = complete

    async def get_suggestion(self, value: str) -> str | None:
        return next(iter(self._complete(value)), None) if value else None


class _Field(Input):
    """An input whose arrows and Tab belong to the command line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "history(-1)", show=False, id="command.older"),
        Binding("down", "history(1)", show=False, id="command.newer"),
        Binding("tab", "complete", show=False, id="command.complete"),
        Binding("escape", "close", show=False, id="command.close"),
    ]

    def __init__(self, line: CommandLine) -> None:
        super().__init__(compact=True, select_on_focus=False)
        self._line = line

    def action_history(self, direction: int) -> None:
        self._line.recall(direction)

    def action_complete(self) -> None:
        self._line.complete_now()

    def action_close(self) -> None:
        self._line.close()


class CommandLine(Vertical):
    """Hidden until it is opened; Esc closes it, Enter submits. It lies over the bottom of its screen: nothing moves."""

    DEFAULT_CSS = """
    CommandLine {
        height: auto; display: none; background: $surface;
        layer: command; dock: bottom; margin-bottom: 1;
    }
    CommandLine Horizontal { height: 1; }
    CommandLine Label { width: auto; padding: 0 1; color: $primary; text-style: bold; }
    CommandLine Input, CommandLine Input:focus {
        width: 1fr; height: 1; border: none; padding: 0; background: $surface;
    }
    CommandLine Bar, CommandLine Explanation { background: $surface; }
    CommandLine Explanation, CommandLine.-wrong Bar { display: none; }
    CommandLine.-wrong Explanation { display: block; }
    """

    class Submitted(Message):
        """A line was entered."""

        def __init__(self, prompt: Prompt, text: str) -> None:
            super().__init__()
            self.prompt = prompt
            self.text = text

    class Changed(Message):
        """Something else is typed now."""

        def __init__(self, prompt: Prompt, text: str) -> None:
            super().__init__()
            self.prompt = prompt
            self.text = text

    class Closed(Message):
        """Nothing is being typed any more."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.prompt: Prompt | None = None
        self._complete: Complete | None = None
        self._histories: dict[str, list[str]] = {}
        self._at = 0

    def compose(self) -> ComposeResult:
        """A label, the field, and below it a line for hints, or what is wrong."""
        with Horizontal():
            yield Label()
            yield _Field(self)
        yield Bar()
        yield Explanation()

    @property
    def field(self) -> Input:
        """Where one types."""
        return self.query_one(_Field)

    def open(self, prompt: Prompt, text: str = "", complete: Complete | None = None, *, proposed: bool = False) -> None:
        """Asks for a line.

        Args:
            prompt: what for.
            text: what the line begins with.
            complete: completions of what was typed.
            proposed: the text is only a proposal: what is typed stands in its place.
        """
        self.prompt = prompt
        self._complete = complete
        self._at = len(self._history)
        self.query_one(Label).update(prompt.label)
        field = self.field
        field.suggester = _Lines(complete) if complete else None
        field.value = text
        field.cursor_position = len(text)
        if proposed:
            field.select_all()
        self._hint()
        self.display = True
        field.focus()

    def close(self) -> None:
        """Hides the line."""
        self.display = False
        self.post_message(self.Closed())

    def fail(self, message: str, column: int | None = None) -> None:
        """Says what is wrong with the line that was entered, below the place if it is known."""
        self.display = True
        self.field.focus()
        self.point_out(message, column)
        if column is not None:
            self.field.cursor_position = min(column, len(self.field.value))

    def point_out(self, message: str, column: int | None = None) -> None:
        """Says what is wrong with what was typed so far; one can go on typing."""
        self.add_class("-wrong")
        explanation = self.query_one(Explanation)
        explanation.left = len(self.prompt.label if self.prompt else "") + 2
        if column is None:
            explanation.say(message, "error")
            return
        explanation.fail(message, max(0, column - self.field.scroll_offset.x))

    def recall(self, direction: int) -> None:
        """Shows an older or newer line that was entered before."""
        history = self._history
        self._at = max(0, min(len(history), self._at + direction))
        self.field.value = history[self._at] if self._at < len(history) else ""
        self.field.cursor_position = len(self.field.value)

    def complete_now(self) -> None:
        """Completes as far as it is certain, and lists what is possible."""
        if self._complete is None:
            return
        lines = list(self._complete(self.field.value))
        if not lines:
            return
        common = _common_start(lines)
        if len(common) > len(self.field.value):
            self.field.value = common
            self.field.cursor_position = len(common)
        if len(lines) > 1:
            self.remove_class("-wrong")
            words = "  ".join(line.rsplit(" ", 1)[-1] for line in lines)
            self.query_one(Bar).show([Part("  " + words, "muted")])

    @property
    def _history(self) -> list[str]:
        return self._histories.setdefault(self.prompt.name if self.prompt else "", [])

    def _hint(self) -> None:
        self.remove_class("-wrong")
        if self.prompt is not None:
            keys = [Part("Enter", "key"), Part(" go  ", "muted"), Part("Esc", "key"), Part(" close ", "muted")]
            room = self.screen.size.width - sum(len(part.text) for part in keys)
            self.query_one(Bar).show([Part("  " + fitting(self.prompt.hint, room - 4), "muted")], keys)

    def on_input_changed(self, event: Input.Changed) -> None:
        """What was wrong is being mended."""
        event.stop()
        self._hint()
        if self.prompt is not None and self.display:
            self.post_message(self.Changed(self.prompt, event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keeps the line and hands it on."""
        event.stop()
        text = event.value
        if text.strip() and (not self._history or self._history[-1] != text):
            self._history.append(text)
        self._at = len(self._history)
        if self.prompt is not None:
            self.post_message(self.Submitted(self.prompt, text))

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Closes when the mouse takes the keys elsewhere."""
        if self.display and self.screen.is_current:
            self.call_after_refresh(self._close_if_left)

    def _close_if_left(self) -> None:
        if self.display and not self.field.has_focus and self.screen.is_current:
            self.close()


def _common_start(lines: Sequence[str]) -> str:
    shortest = min(lines, key=len)
    for index, char in enumerate(shortest):
        if any(line[index] != char for line in lines):
            return shortest[:index]
    return shortest
