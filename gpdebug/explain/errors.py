"""What can be wrong with what a user asks to have explained: one sentence, saying what to do instead."""

from __future__ import annotations


class ExplainError(Exception):
    """Base of every error of an explanation that cannot be given."""


class CriterionError(ExplainError):
    """What is to be explained does not exist in this run."""


class KindError(ExplainError):
    """A kind of dependence is asked for that there is not."""
