"""What can be wrong with the files a user names, told in one sentence."""

from __future__ import annotations

from os import PathLike


class StoreError(Exception):
    """Base of every error of the store; its text says where, what happened, and what to do.

    Attributes:
        what: what happened.
        where: the file, and the place in it if known; empty when there is no file.
        hint: what to do about it; may be empty.
    """

    def __init__(self, what: str, *, where: str | PathLike[str] = "", hint: str = "") -> None:
        self.what = what
        self.where = str(where)
        self.hint = hint
        super().__init__((f"{self.where}: " if self.where else "") + what + (f"; {hint}" if hint else ""))

    def at(self, where: str | PathLike[str]) -> StoreError:
        """The same error with its place known more fully: `where` comes before what was known."""
        place = f"{where}: {self.where}" if self.where else str(where)
        return type(self)(self.what, where=place, hint=self.hint)
