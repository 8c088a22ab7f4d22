"""What can be wrong with what a user asks of the debugger: one sentence each, saying what to do instead."""

from __future__ import annotations


class DebuggerError(Exception):
    """Base of every error the debugger raises for a request it cannot carry out."""


class MoveError(DebuggerError):
    """There is no such place to go to; the session stays where it was."""


class StopError(DebuggerError):
    """A stop cannot be set or changed, or does not exist."""


class SnapshotError(DebuggerError):
    """A snapshot does not exist, or belongs to another run."""


class QueryError(DebuggerError):
    """Something is looked for that no run can have."""


class WatchError(DebuggerError):
    """A watch does not exist, or what was saved is none."""


class BookmarkError(DebuggerError):
    """A bookmark or the mark cannot be set, or does not exist."""


class EditError(DebuggerError):
    """A moment cannot be changed in this way; everything stays as it was.

    Attributes:
        of_place: it is the cell or instruction that does not exist, not the value that is wrong.
    """

    def __init__(self, message: str, *, of_place: bool = False) -> None:
        super().__init__(message)
        self.of_place = of_place


class NothingChangesError(EditError):
    """An edit would leave everything as it is, so that it begins no branch."""


class BranchError(DebuggerError):
    """A branch does not exist, or cannot be named or deleted."""


class CommandError(DebuggerError):
    """A command line cannot be understood.

    Attributes:
        column: where it went wrong, from 0, in the line.
    """

    def __init__(self, message: str, *, column: int) -> None:
        super().__init__(message)
        self.column = column
