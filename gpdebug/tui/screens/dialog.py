"""What all dialogs share: they come back once, however fast one types."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Dialog(ModalScreen[ScreenResultType]):
    """A dialog that may get another key while it closes; that key must not close what lies below it."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Closes the dialog with an answer, unless it is closed already."""
        return super().dismiss(result) if self.is_current else AwaitComplete()
