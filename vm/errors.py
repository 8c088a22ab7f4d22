"""What can be wrong with what a user hands to the machine."""

from __future__ import annotations


class VMError(Exception):
    """Base of every error the machine raises for bad input; its text is one sentence for the user."""


class SettingsError(VMError):
    """A machine setting is out of range or contradicts another one."""


class DialectError(VMError):
    """A dialect description has a wrong, missing or unknown key."""


class ProgramError(VMError):
    """A program cannot be loaded.

    Attributes:
        offset: index of the offending character in the source text, or None.
        line: its line, from 1, or None.
        column: its column, from 1, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        offset: int | None = None,
        line: int | None = None,
        column: int | None = None,
    ) -> None:
        super().__init__(message)
        self.offset = offset
        self.line = line
        self.column = column


class InputError(VMError):
    """The input does not fit into the machine."""


class ConditionError(VMError):
    """A condition is not a valid expression.

    Attributes:
        column: where it went wrong, from 0, in the expression's text.
    """

    def __init__(self, message: str, *, column: int) -> None:
        super().__init__(message)
        self.column = column


class VectorError(VMError):
    """A conformance vector is not what it should be."""
