"""The moments the user looked at, to go back and forward over, as in a browser."""

from __future__ import annotations

from dataclasses import dataclass

MAX_VISITS = 1000


@dataclass(frozen=True, slots=True)
class Visit:
    """A moment that was looked at: a step of a branch."""

    step: int
    branch: int = 0


class History:
    """Visited moments and a place among them. Walking (single steps) moves the latest visit along; a jump adds one."""

    def __init__(self, visit: Visit = Visit(0)) -> None:
        """Begins where the user is."""
        self._visits = [visit]
        self._at = 0

    def walk(self, visit: Visit) -> None:
        """The user moved by a step: the present visit is where they are now."""
        self._visits[self._at] = visit

    def jump(self, visit: Visit) -> None:
        """The user went far: what lay ahead is forgotten, the place they left can be gone back to."""
        if visit == self._visits[self._at]:
            return
        self._visits = [*self._visits[: self._at + 1], visit][-MAX_VISITS:]
        self._at = len(self._visits) - 1

    def back(self) -> Visit | None:
        """The moment visited before this one; None if this is the first."""
        return self._go(-1)

    def forward(self) -> Visit | None:
        """The moment visited after this one; None if this is the latest."""
        return self._go(1)

    def _go(self, by: int) -> Visit | None:
        if not 0 <= self._at + by < len(self._visits):
            return None
        self._at += by
        return self._visits[self._at]
