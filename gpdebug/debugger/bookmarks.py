"""Bookmarks: moments that have a name but keep no state; and the mark, from which changes are measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from gpdebug.debugger.errors import BookmarkError
from vm.state import State

MARK = "mark"
"""What the mark is called where a moment is asked for."""

_NAME = re.compile(r"[^\W\d][\w.-]*\Z")
_RESERVED = (MARK, "now", "start", "end", "off", "all")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A moment to come back to.

    Attributes:
        name: what the user calls it.
        step: when it is.
        note: what the user wrote about it.
        branch: number of the branch that it is on.
    """

    name: str
    step: int
    note: str = ""
    branch: int = 0

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {"name": self.name, "step": self.step, "note": self.note, "branch": self.branch}


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """The moment from which changes are measured.

    Attributes:
        state: complete.
        output: the output as of then.
        name: of the snapshot or bookmark that it was set at, or no text.
        branch: number of the branch that it is on.
    """

    state: State
    output: bytes
    name: str = ""
    branch: int = 0

    @property
    def step(self) -> int:
        """When it is."""
        return self.state.steps

    @property
    def label(self) -> str:
        """What to call it: `A`, or `mark`."""
        return self.name or MARK


class BookmarkList:
    """Bookmarks by name, in the order in which they were set; names it gives itself are b1, b2, …

    Attributes:
        revision: grows with each change.
    """

    def __init__(self) -> None:
        self._bookmarks: dict[str, Bookmark] = {}
        self.revision = 0

    def __iter__(self) -> Iterator[Bookmark]:
        return iter(tuple(self._bookmarks.values()))

    def __len__(self) -> int:
        return len(self._bookmarks)

    def __contains__(self, name: str) -> bool:
        return name in self._bookmarks

    def __getitem__(self, name: str) -> Bookmark:
        """One bookmark.

        Raises:
            BookmarkError: there is none of this name.
        """
        if name not in self._bookmarks:
            known = ", ".join(self._bookmarks) or "there are none"
            raise BookmarkError(f"there is no bookmark {name} (bookmarks: {known})")
        return self._bookmarks[name]

    def at(self, step: int, branch: int = 0) -> tuple[Bookmark, ...]:
        """The bookmarks of a moment."""
        return tuple(kept for kept in self if (kept.step, kept.branch) == (step, branch))

    def next_name(self) -> str:
        """The first of the names b1, b2, … that is free."""
        return next(name for name in map("b{}".format, count(1)) if name not in self._bookmarks)

    def add(self, bookmark: Bookmark) -> Bookmark:
        """Keeps a bookmark under its name.

        Raises:
            BookmarkError: the name is taken, or no word.
        """
        self._bookmarks[self.check_name(bookmark.name)] = bookmark
        self.revision += 1
        return bookmark

    def change(self, name: str, *, new_name: str | None = None, note: str | None = None) -> Bookmark:
        """Gives a bookmark another name or note; it keeps its place in the list.

        Raises:
            BookmarkError: there is none of this name, or the new one is taken or no word.
        """
        old = self[name]
        new = replace(
            old,
            name=old.name if new_name in (None, name) else self.check_name(new_name or ""),
            note=old.note if note is None else note,
        )
        self._bookmarks = {kept.name: kept for kept in (new if each is old else each for each in self)}
        self.revision += 1
        return new

    def remove(self, name: str) -> Bookmark:
        """Deletes a bookmark and returns it.

        Raises:
            BookmarkError: there is none of this name.
        """
        bookmark = self[name]
        del self._bookmarks[name]
        self.revision += 1
        return bookmark

    def check_name(self, name: str) -> str:
        """A name that a new bookmark can have.

        Raises:
            BookmarkError: it is taken, or no word.
        """
        if name in self._bookmarks:
            raise BookmarkError(f"there is a bookmark {name} already, of step {self._bookmarks[name].step:,}")
        if name in _RESERVED or not _NAME.match(name):
            raise BookmarkError(
                f"a bookmark's name is a word that begins with a letter and is none of {', '.join(_RESERVED)}, "
                f"not {name!r}"
            )
        return name


def bookmark_from_dict(entry: Any) -> Bookmark:
    """Reads what `to_dict` wrote.

    Raises:
        BookmarkError: it is no bookmark.
    """
    match entry:
        case {"name": str(name), "step": int(step), "note": str(note), "branch": int(branch)} if step >= 0:
            return Bookmark(name, step, note, branch)
    raise BookmarkError(f"this is no bookmark: {entry!r}")
