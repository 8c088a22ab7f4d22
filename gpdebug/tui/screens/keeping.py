"""What the user keeps on the debug screen: how it is changed, and what is told about that."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.message import Message

from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.screens.asking import AskingScreen
from gpdebug.tui.subject import Subject


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
    """Changes what is kept, after what was asked for before."""

    subject: Subject

    @on(Noted)
    def _noted(self, event: Noted) -> None:
        self.say([event.text], "warning")
        self.notify(event.text, severity="warning", timeout=6, markup=False)

    def show_kept(self) -> None:
        """Shows stops and snapshots anew, wherever they are seen."""
        raise NotImplementedError

    def _edit(self, change: Callable[[], object]) -> bool:
        """Changes what is kept, after the moves that were asked for before; refused while a long one goes on.

        It says so, and returns False, if it is refused.

        Args:
            change: makes the change; a text that it returns is told in the log.
        """

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            text = change()
            return Edited(text if isinstance(text, str) else None)

        is_taken = self.bridge.ask("edit", call)
        if not is_taken:
            self.notify(
                with_keys(self, "the program is running; {debug.play} pauses it"), severity="warning", timeout=3
            )
        return is_taken

    @on(Edited)
    def _edited(self, event: Edited) -> None:
        if event.text is not None:
            self.say([event.text])
        self.show_kept()
