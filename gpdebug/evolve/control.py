"""What is asked of a run while it goes on, from another thread: to save now, to pause, to go on."""

from __future__ import annotations

from collections.abc import Callable
from threading import Condition
from typing import Final

LOOK: Final = 0.2
"""Seconds between two looks at whether a paused run is to stop: signals do not wake it."""


class Control:
    """Wishes, each taken by the run where it can be saved: after a round.

    Attributes:
        is_paused: whether the run is to wait, or waits.
    """

    def __init__(self) -> None:
        self.is_paused = False
        self._wants_save = False
        self._changed = Condition()

    def save(self) -> None:
        """Asks for everything to be saved."""
        with self._changed:
            self._wants_save = True
            self._changed.notify_all()

    def pause(self) -> None:
        """Asks the run to save and wait."""
        with self._changed:
            self.is_paused = self._wants_save = True
            self._changed.notify_all()

    def resume(self) -> None:
        """Lets a paused run go on."""
        with self._changed:
            self.is_paused = False
            self._changed.notify_all()

    def takes_save(self) -> bool:
        """Whether saving was asked for since this was called last."""
        with self._changed:
            wanted, self._wants_save = self._wants_save, False
        return wanted

    def wait(self, interrupted: Callable[[], bool]) -> None:
        """Waits, without work, until the run may go on, is interrupted or is to be saved again."""
        with self._changed:
            while self.is_paused and not self._wants_save and not interrupted():
                self._changed.wait(LOOK)
