"""The moments the user looked at, to go back and forward over, as in a browser."""

from __future__ import annotations

MAX_VISITS = 1000


class History:
    """Visited steps and a place among them. Walking (single steps) moves the latest visit along; a jump adds one."""

    def __init__(self, step: int = 0) -> None:
        """Begins where the user is."""
        self._visits = [step]
        self._at = 0

    def walk(self, step: int) -> None:
        """The user moved by a step: the present visit is where they are now."""
        self._visits[self._at] = step

    def jump(self, step: int) -> None:
        """The user went far: what lay ahead is forgotten, the place they left can be gone back to."""
        if step == self._visits[self._at]:
            return
        self._visits = [*self._visits[: self._at + 1], step][-MAX_VISITS:]
        self._at = len(self._visits) - 1

    def back(self) -> int | None:
        """The step visited before this one; None if this is the first."""
        return self._go(-1)

    def forward(self) -> int | None:
        """The step visited after this one; None if this is the latest."""
        return self._go(1)

    def _go(self, by: int) -> int | None:
        if not 0 <= self._at + by < len(self._visits):
            return None
        self._at += by
        return self._visits[self._at]
