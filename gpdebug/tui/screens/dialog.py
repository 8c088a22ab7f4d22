"""What all screens that come back with an answer share: they come back once, however fast one types."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen, ScreenResultType

# Not one class as the base of both: Textual takes styles and keys from the first base alone.


class AnsweringScreen(Screen[ScreenResultType]):
    """A screen that may get another key, or what it waits for, while it closes: what lies below it must stay."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Closes the screen with an answer, unless it is closed already."""
        return super().dismiss(result) if self.is_current else AwaitComplete()


class Dialog(ModalScreen[ScreenResultType]):
    """The same over another screen."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Closes the dialog with an answer, unless it is closed already."""
        return super().dismiss(result) if self.is_current else AwaitComplete()
