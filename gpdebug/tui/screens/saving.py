"""Saving a session while it goes on, and restoring it when its program is opened again."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message
from textual.timer import Timer

from gpdebug.debugger.moment import Interrupt, Moment, ProgressCallback
from gpdebug.debugger.session_file import SessionFile
from gpdebug.debugger.session_records import FAR, Capture
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.screens.keeping import Noted
from gpdebug.tui.screens.noting import NotingScreen

if TYPE_CHECKING:
    from gpdebug.debugger.moment import MachineType

SAVE_AFTER = 2.0
"""Seconds after the last move when the position is saved; everything else is saved at once."""


class Restored(Message):
    """What was saved is there again.

    Attributes:
        moment: where the session stands.
    """

    def __init__(self, moment: Moment) -> None:
        super().__init__()
        self.moment = moment


class Captured(Message):
    """There is something to save.

    Attributes:
        capture: that.
    """

    def __init__(self, capture: Capture) -> None:
        super().__init__()
        self.capture = capture


class SavingScreen(NotingScreen):
    """Keeps the session's file up to date."""

    session_file: SessionFile
    _machine: MachineType | None

    def __init__(self) -> None:
        super().__init__()
        self._saved_version: tuple[object, ...] = ()
        self._to_restore = {"snapshots", "run"}
        self._save_timer: Timer | None = None

    def show_moment(self, moment: Moment) -> None:
        """Shows another moment in all views."""
        raise NotImplementedError

    # restoring

    def restore_session(self) -> None:
        """Brings back what is saved: at once, or, where a run is long, as soon as there is a fast machine."""
        file, session = self.session_file, self.session
        parts = self._to_restore if file.distance <= FAR or self._machine is not None else {"snapshots"}
        now = self._to_restore & parts
        self._to_restore = self._to_restore - now
        if not now or not file.has_content:
            self.tell_notes()
            return

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            untouched = session.moment.step == 0 and session.moment.branch == 0
            if "snapshots" in now:
                file.restore_snapshots(session)
            if "run" not in now:
                return Restored(session.moment)
            return Restored(file.restore_run(session, stand=untouched, interrupt=interrupt, on_progress=report))

        self.bridge.ask("restore the last session", call)

    def begin_run(self) -> None:
        """Another input was chosen: brings back what is saved about that."""
        self._to_restore.add("run")
        self.restore_session()

    @on(Restored)
    def _restored(self, event: Restored) -> None:
        self._saved_version = self.session_file.version(self.session)
        words = self.session_file.words(self.session)
        self.show_moment(event.moment)
        if words and "run" not in self._to_restore:
            self.say([f"from the last session: {words} ('gpdebug open --fresh' begins without)"])
            start = "" if event.moment.step == 0 else with_keys(self, " · {debug.restart} goes to step 0")
            self.notify(f"the last session is back{start}", timeout=4, markup=False)
        self.tell_notes()

    def tell_notes(self) -> None:
        """Tells what is wrong with what was saved."""
        notes, self.session_file.notes = self.session_file.notes, []
        if notes:
            self.post_message(Noted("; ".join(notes)))

    # saving

    def keep_session(self) -> None:
        """Saves the session, in the background, if something is other than when it was saved last."""
        version = self.session_file.version(self.session)
        if version[:-1] == self._saved_version[:-1]:
            if version != self._saved_version and self._save_timer is None:
                self._save_timer = self.set_timer(SAVE_AFTER, self._save_place)
        else:
            self._ask_to_save(background=False)

    def _save_place(self) -> None:
        self._save_timer = None
        if self._saved_version != self.session_file.version(self.session):
            self._ask_to_save(background=True)

    def _ask_to_save(self, *, background: bool) -> None:
        file, session = self.session_file, self.session
        version = file.version(session)

        def save(interrupt: Interrupt, report: ProgressCallback) -> Message:
            return Captured(file.capture(session))

        if self.bridge.ask("save", save, background=background):
            self._saved_version = version

    @on(Captured)
    def _captured(self, event: Captured) -> None:
        """Writes in a thread of its own: nobody waits for large snapshots."""
        self.run_worker(partial(self._write, event.capture), thread=True, group="save")

    def _write(self, capture: Capture) -> None:
        note = self.session_file.write(capture)
        if note is not None:
            self.post_message(Noted(note))

    def leave_session(self) -> None:
        """Saves the session before another one begins or the screen goes: whatever runs is stopped."""
        self.bridge.interrupt()
        note = self.session_file.save(self.session, leaving=True)
        if note is not None and self.is_attached:
            self.post_message(Noted(note))

    def on_unmount(self) -> None:
        """The screen goes."""
        self.leave_session()
