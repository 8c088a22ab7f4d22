"""Home: the sample runs, the runs in this folder, the recent ones, and the other ways to a program."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from gpdebug import __version__
from gpdebug.store.library import Entry, entries_in, recent_entries, sample_entries
from gpdebug.tui.evolution import evolutions_of
from gpdebug.tui.keymap import APP, OPEN, bind
from gpdebug.tui.messages import OpenRequested
from gpdebug.tui.screens.bringing import BringingScreen
from gpdebug.tui.widgets.entries import Entries, EntrySection
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.prompt import Prompt

_RECENT = 8
LOOK = 3.0
"""Seconds between two looks at runs that grow."""
_FIRST_START = (
    "Programs that evolution wrote, step by step. Press Enter to open a sample run, then Enter on a "
    "program of it to step through it. p takes a program you paste, e evolves programs, ? lists the keys."
)


class HomeScreen(BringingScreen):
    """Lists what can be opened; it is read anew each time the screen comes back."""

    DEFAULT_CSS = """
    HomeScreen #home-welcome { height: auto; padding: 1 2 0 2; color: $muted; display: none; }
    HomeScreen Entries { height: 1fr; margin: 1 0 0 0; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter", "open", "open", id="home.open", group=OPEN, tip="open the run under the cursor"),
        bind("o", "ask_path", "open a path", id="home.path", group=OPEN,
             tip="open a run folder, a list of programs (.jsonl, .csv, .parquet) or a program file"),
        bind("p", "paste", "paste a program", id="home.paste", group=OPEN, tip="type or paste a program's text"),
        bind("e", "evolve", "evolve", id="home.evolve", group=OPEN, tip="evolve programs for a task, and watch it"),
        bind("q", "app.quit", "quit", id="home.quit", group=APP),
    ]  # fmt: skip

    def __init__(self, folder: Path | None = None, now: datetime | None = None) -> None:
        super().__init__()
        self._folder = folder or Path.cwd()
        self.welcome = Static(_FIRST_START, id="home-welcome", markup=False)
        self.entries = Entries(now=now)
        self.prompt = Prompt()

    def compose(self) -> ComposeResult:
        """The title, a welcome, the list, a line to type into, the keys."""
        yield TitleLine(("gpdebug",), (__version__,))
        yield self.welcome
        yield self.entries
        yield self.prompt
        yield KeyLine()

    def on_mount(self) -> None:
        """Looks at runs that grow again and again."""
        self.set_interval(LOOK, self._look)

    def _look(self) -> None:
        if self.is_current and self.entries.has_growing:
            self._read()

    def on_screen_resume(self) -> None:
        """Reads the lists."""
        self.entries.focus()
        self.call_after_refresh(self._read)

    @work(thread=True, exclusive=True)
    def _read(self) -> None:
        samples = tuple(sample_entries())
        here = tuple(entry for entry in self._runs_here() if entry.path not in {sample.path for sample in samples})
        known = {entry.path.resolve() for entry in (*samples, *here)}
        recent = tuple(entry for entry in recent_entries() if entry.path.resolve() not in known)
        self.bring(lambda: self._show(samples, here, recent))

    def _runs_here(self) -> list[Entry]:
        folders = [self._folder, self._folder / "runs"]
        return [entry for folder in folders for entry in entries_in(folder)]

    def _show(self, samples: tuple[Entry, ...], here: tuple[Entry, ...], recent: tuple[Entry, ...]) -> None:
        self.welcome.display = not recent and not here
        self.entries.show(
            (
                EntrySection("sample runs", samples),
                EntrySection("runs in this folder", here, empty="none yet: e evolves one"),
                EntrySection("recent", recent[:_RECENT]),
            )
        )
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only keys that work are shown."""
        if action == "open":
            return self.entries.current is not None
        return True

    def on_entries_chosen(self, message: Entries.Chosen) -> None:
        """Opens what was clicked twice."""
        self._open(message.entry.path)

    def action_open(self) -> None:
        """Opens what is under the cursor."""
        if (entry := self.entries.current) is not None:
            self._open(entry.path)

    def _open(self, path: Path) -> None:
        evolution = evolutions_of(self.app).of(path)
        if evolution is None or not evolution.is_alive:
            self.post_message(OpenRequested(str(path)))
            return
        from gpdebug.tui.screens.evolve import EvolveScreen

        self.app.push_screen(EvolveScreen(evolution))

    def action_ask_path(self) -> None:
        """Asks for a path."""
        self.prompt.ask("path", "open", "", "a run folder, a file, a sample's name")

    def on_prompt_answered(self, message: Prompt.Answered) -> None:
        """Opens a path."""
        self.prompt.close()
        self.entries.focus()
        if message.text.strip():
            self.post_message(OpenRequested(message.text.strip()))

    def on_prompt_cancelled(self) -> None:
        """Goes back to the list."""
        self.entries.focus()

    def action_paste(self) -> None:
        """Shows the screen for pasting."""
        from gpdebug.tui.screens.paste import PasteScreen

        self.app.push_screen(PasteScreen())

    def action_evolve(self) -> None:
        """Shows the form of a run."""
        from gpdebug.tui.screens.evolve_form import EvolveFormScreen

        self.app.push_screen(EvolveFormScreen())
