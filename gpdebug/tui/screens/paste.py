"""Pasting a program: its text, the language it is read as, and what is wrong with it while one types."""

from __future__ import annotations

from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Static, TextArea

from gpdebug.store.sources import guess_dialect
from gpdebug.tui.keymap import APP, OPEN, VIEW, bind
from gpdebug.tui.messages import DebugRequested
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from vm.dialect import BUILT_IN, Dialect
from vm.errors import VMError
from vm.program import Program


class PasteScreen(Screen[None]):
    """Takes a text and opens the debugger on it."""

    DEFAULT_CSS = """
    PasteScreen TextArea { height: 1fr; border: none; padding: 1 1; background: $background; }
    PasteScreen TextArea:focus { border: none; }
    PasteScreen #paste-verdict { height: 1; padding: 0 2; color: $muted; }
    PasteScreen #paste-verdict.-wrong { color: $error; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("ctrl+o,f5", "debug", "debug", id="paste.debug", group=OPEN, tip="open the program in the debugger"),
        bind("ctrl+l", "dialect", "language", id="paste.dialect", group=VIEW, tip="read it as another dialect"),
        bind("escape", "app.leave", "back", id="paste.back", group=APP),
    ]

    text_area = getters.query_one(TextArea)
    verdict = getters.query_one("#paste-verdict", Static)

    def __init__(self) -> None:
        super().__init__()
        self._dialect: Dialect | None = None
        self._program: Program | None = None

    def compose(self) -> ComposeResult:
        """The title, the text, the verdict, the keys."""
        yield TitleLine(("gpdebug", "paste a program"))
        yield TextArea(show_line_numbers=False, tab_behavior="focus")
        yield Static(id="paste-verdict", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Waits for text."""
        self.text_area.focus()
        self._judge()

    def on_text_area_changed(self) -> None:
        """Judges the text."""
        self._judge()

    def _judge(self) -> None:
        text = self.text_area.text
        dialect = self._dialect or guess_dialect(text)
        how = "chosen" if self._dialect else "guessed"
        error = ""
        try:
            self._program = Program.parse(text, dialect)
        except VMError as problem:
            self._program, error = None, str(problem)
        self.verdict.set_class(bool(error), "-wrong")
        if error:
            self.verdict.update(f"✗ {error}")
        elif not text.strip():
            self.verdict.update("paste or type the text of a program")
        else:
            assert self._program is not None
            self.verdict.update(f"✓ {len(self._program):,} instructions of {dialect.name} ({how})")
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only keys that work are shown."""
        if action == "debug":
            return bool(self._program)
        return True

    def action_dialect(self) -> None:
        """Reads the text as the next dialect."""
        choices: list[Dialect | None] = [None, *BUILT_IN.values()]
        self._dialect = choices[(choices.index(self._dialect) + 1) % len(choices)]
        self._judge()

    def action_debug(self) -> None:
        """Opens the debugger."""
        if self._program:
            self.post_message(DebugRequested(self._program, title="pasted program"))
