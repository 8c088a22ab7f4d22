"""A screen whose threads bring what it shows: a screen that was left by then does not get it."""

from __future__ import annotations

from collections.abc import Callable

from textual import on
from textual.message import Message
from textual.screen import Screen
from textual.worker import get_current_worker


class Brought(Message):
    """A thread has come to something.

    Attributes:
        show: shows it.
    """

    def __init__(self, show: Callable[[], None]) -> None:
        super().__init__()
        self.show = show


class BringingScreen(Screen[None]):
    """Shows what its threads come to."""

    def bring(self, show: Callable[[], None]) -> None:
        """Has something shown, unless the thread that calls this was given up or the screen is gone.

        A message, and not a call: one cannot ask whether the screen is still there and then do something with it.
        """
        if not get_current_worker().is_cancelled:
            self.post_message(Brought(show))

    @on(Brought)
    def _brought(self, event: Brought) -> None:
        event.show()
