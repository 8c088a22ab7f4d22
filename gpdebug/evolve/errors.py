"""What can be wrong with what a user asks evolution to do."""

from __future__ import annotations


class EvolveError(Exception):
    """Base of every error evolution raises for bad input; its text is one sentence for the user."""


class TaskError(EvolveError):
    """The task is unknown, has no usable cases, or its dialect cannot solve anything."""


class SearchError(EvolveError):
    """A setting of the search, or the budget, is out of range."""


class ResumeError(EvolveError):
    """A run cannot be continued from what its folder holds."""


class ReportError(EvolveError):
    """What a run tells while it goes on cannot be read."""
