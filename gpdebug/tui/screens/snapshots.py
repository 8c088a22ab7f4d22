"""Snapshots on the debug screen: taking, naming, annotating, restoring, saving, loading and comparing them."""

from __future__ import annotations

from pathlib import Path

from textual import on

from gpdebug.debugger.bookmarks import MARK
from gpdebug.debugger.commands import Reply
from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.debugger.operands import LAST, START
from gpdebug.debugger.snapshot_file import SUFFIX, save_snapshot
from gpdebug.debugger.snapshots import NOW
from gpdebug.tui.screens.asking import Replied
from gpdebug.tui.screens.diff import DiffScreen
from gpdebug.tui.screens.keeping import KeepingScreen
from gpdebug.tui.widgets.command_line import Prompt
from gpdebug.tui.widgets.rows import Rows

SNAPSHOT = Prompt("snapshot", "snapshot", "its name, and a note if you like")
SERIES = Prompt("series", "a snapshot every", "so many steps: 1000 · 1000 from 5000 to 20000")
SAVE = Prompt("save", "save to", "a file; it holds the program as well")
LOAD = Prompt("load", "load", "a snapshot file of this run; behind it a name, if not its own")


class SnapshotsScreen(KeepingScreen):
    """Snapshots by key, by mouse and in their list."""

    def __init__(self) -> None:
        super().__init__()
        self._asked_snapshot = ""

    def action_snapshot(self) -> None:
        """Takes a snapshot."""
        self._edit(self._take_snapshot)

    def _take_snapshot(self) -> str:
        snapshot = self.session.take_snapshot()
        return f"snapshot {snapshot.name} at step {snapshot.state.steps:,}"

    def action_diff(self) -> None:
        """Compares the last snapshot of another moment, or the last stop, with now."""
        self._leave_play()
        self.when_settled(self._diff)

    def _diff(self) -> None:
        now = (self.moment.step, self.session.data)
        names = [kept.name for kept in self.session.snapshots if (kept.step, kept.data) != now]
        self.compare(names[-1] if names else LAST if self.moment.previous is not None else START)

    def action_diff_mark(self) -> None:
        """Shows all that changed since the mark, cells that changed back included; without one, since the start."""
        self._leave_play()
        self.when_settled(lambda: self.compare(START if self.session.mark is None else MARK, cumulative=True))

    def compare(self, before: str, after: str = NOW, *, cumulative: bool = False) -> None:
        """Opens the diff screen on two moments."""
        self.app.push_screen(
            DiffScreen(
                self.subject.crumbs,
                self.session,
                self.bridge,
                before,
                after,
                uses_head1=self.subject.uses_head1,
                cumulative=cumulative,
            ),
            self._show_change,
        )

    def _show_change(self, place: tuple[int, int] | None) -> None:
        """Goes to where a cell changed, with the cursor on it."""
        if place is not None:
            self.walk("go to the change", self.session.seek, place[1])
            self.memory.move_cursor(place[0])

    def answer(self, prompt: Prompt, text: str) -> None:
        """Does what was entered into the line."""
        name, session = self._asked_snapshot, self.session
        if prompt is SNAPSHOT:
            self._name_snapshot(name, *text.strip().partition(" ")[::2])
        elif prompt is SERIES:
            self._carry_out(f"snapshot every {text}")
        elif prompt is SAVE:
            path = Path(text.strip()).expanduser()
            self._edit(lambda: f"snapshot {name} is in {save_snapshot(session.snapshots[name], path)}")
        elif prompt is LOAD:
            self._carry_out(f"load {text}")
        else:
            super().answer(prompt, text)

    def _name_snapshot(self, name: str, other: str, note: str) -> None:
        snapshots = self.session.snapshots
        if other != name:
            snapshots.check_name(other)

        def change() -> None:
            snapshots.annotate(name, note.strip())
            if other != name:
                snapshots.rename(name, other)

        self._edit(change)

    def _carry_out(self, command: str) -> None:
        """Does what a command does, and tells what it tells."""
        line = self.commands

        def call(interrupt: Interrupt, report: ProgressCallback) -> Replied:
            reply: Reply = line.execute(command, interrupt=interrupt, on_progress=report)
            return Replied(reply)

        self._leave_play()
        self.bridge.ask("snapshots", call)

    @on(Rows.Asked, "#snapshots")
    def _snapshot_asked(self, event: Rows.Asked) -> None:
        name = self._asked_snapshot = event.key
        match event.verb:
            case "open":
                self._leave_play()
                self.bridge.ask("restore", lambda interrupt, report: self.session.restore(name))
            case "diff":
                self.compare(name)
            case "since":
                self._edit(lambda: self.session.set_mark(name))
            case "edit":
                self._ask(SNAPSHOT, f"{name} {self.session.snapshots[name].note}".rstrip())
            case "save":
                self._ask(SAVE, f"{name}{SUFFIX}")
            case "delete":
                self._edit(lambda: self.session.snapshots.remove(name))
            case "add":
                self.action_snapshot()

    def action_snapshot_series(self) -> None:
        """Asks how many steps apart to take snapshots."""
        self._ask(SERIES)

    def action_load_snapshot(self) -> None:
        """Asks for a snapshot file."""
        self._ask(LOAD)
