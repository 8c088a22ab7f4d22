"""What can be wrong with what a user asks to have explained: one sentence, saying what to do instead."""

from __future__ import annotations


class ExplainError(Exception):
    """Base of every error of an explanation that cannot be given."""


class CriterionError(ExplainError):
    """What is to be explained does not exist in this run."""


class KindError(ExplainError):
    """A kind of dependence is asked for that there is not."""


class ChangeError(ExplainError):
    """A change of a run that cannot be made, or a text that is none.

    Attributes:
        column: where in the text, from 0; None: it is no matter of the text.
    """

    def __init__(self, message: str, *, column: int | None = None) -> None:
        super().__init__(message)
        self.column = column


class Interrupted(ExplainError):
    """The user ended it early."""


class ViewError(ExplainError):
    """A circuit is to be looked at in a way that there is not."""
