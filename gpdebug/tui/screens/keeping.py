"""What the user keeps on the debug screen: how it is changed and saved; snapshots, by key and in their list."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.message import Message

from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.screens.asking import AskingScreen
from gpdebug.tui.screens.diff import DiffScreen, Picture
from gpdebug.tui.subject import Subject
from gpdebug.tui.widgets.rows import Rows
from vm.state import initial_state, output_of

START, LAST, NOW = "start", "last stop", "now"


class Noted(Message):
    """Something the user should know about what is kept."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


class Edited(Message):
    """What is kept was changed; `text` is to be told, if there is one."""

    def __init__(self, text: str | None) -> None:
        super().__init__()
        self.text = text


class KeepingScreen(AskingScreen):
    """Changes what is kept, and saves it; snapshots by key and in their list."""

    subject: Subject

    @on(Noted)
    def _noted(self, event: Noted) -> None:
        self.say([event.text], "warning")
        self.notify(event.text, severity="warning", timeout=6, markup=False)

    def show_kept(self) -> None:
        """Shows stops and snapshots anew, wherever they are seen."""
        raise NotImplementedError

    def _edit(self, change: Callable[[], object]) -> None:
        """Changes what is kept, after the moves that were asked for before; refused while a long one goes on.

        Args:
            change: makes the change; a text that it returns is told in the log.
        """

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            text = change()
            return Edited(text if isinstance(text, str) else None)

        if not self.bridge.ask("edit", call):
            self.notify(
                with_keys(self, "the program is running; {debug.play} pauses it"), severity="warning", timeout=3
            )

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        if event.text is not None:
            self.say([event.text])
        self.show_kept()

    # snapshots

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

    def compare(self, before: str, after: str = NOW) -> None:
        """Opens the diff screen on two moments."""
        screen = DiffScreen(self.subject.crumbs, self._pictures(), before, after, uses_head1=self.subject.uses_head1)
        self.app.push_screen(screen)

    def _pictures(self) -> list[Picture]:
        """The moments that can be compared, in the order of their names' usefulness."""
        session, moment = self.session, self.moment
        dialect = session.program.dialect
        first = initial_state(session.program, session.data, session.settings)
        pictures = [Picture(START, first, output_of(first, dialect, session.settings))]
        pictures += [Picture(kept.name, kept.state, kept.output) for kept in session.snapshots]
        if moment.previous is not None:
            pictures.append(Picture(LAST, moment.previous, output_of(moment.previous, dialect, session.settings)))
        return [*pictures, Picture(NOW, moment.state, moment.output)]

    @on(Rows.Asked, "#snapshots")
    def _snapshot_asked(self, event: Rows.Asked) -> None:
        name = event.key
        match event.verb:
            case "open":
                self._leave_play()
                self.bridge.ask("restore", lambda interrupt, report: self.session.restore(name))
            case "diff":
                self.compare(name)
            case "since":
                self._edit(lambda: self.session.set_mark(name))
            case "delete":
                self._edit(lambda: self.session.snapshots.remove(name))
