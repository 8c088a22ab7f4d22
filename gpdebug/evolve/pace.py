"""The pace of saving: how much of a run's time may go into what it leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_UNSAVED = 60.0
"""Seconds after which a run is saved although it has reached no milestone: what a kill can cost."""
SAVING = 0.05
"""The share of the time that saving may take with milestones; until then they wait, at the end in vain."""
ALWAYS = 0.2
"""Seconds that storing milestones may take in any case: a run that is solved at once shows how it went, too."""
FIRST = 0.03
"""Seconds that the first milestone is expected to take to be stored."""
WHOLE = 2
"""How many times as long as a milestone everything is expected to take, as long as that is not known."""
RARELY = 10
"""A run that takes long to save is saved at most so that saving takes one part in so many."""


@dataclass(slots=True)
class Pace:
    """What saving has taken, and so what there is time for.

    To store a milestone is to store a generation; to save is to store everything that a run goes on from.

    Attributes:
        spent: seconds, by both.
        milestone: seconds that the dearest milestone took.
        whole: seconds that the last save took; 0 before the first.
    """

    spent: float = 0.0
    milestone: float = FIRST
    whole: float = 0.0

    def stored(self, seconds: float) -> None:
        """A milestone was stored."""
        self.milestone = seconds if self.milestone == FIRST else max(self.milestone, seconds)
        self.spent += seconds

    def saved(self, seconds: float) -> None:
        """Everything was saved."""
        self.whole = seconds
        self.spent += seconds

    def must_save(self, unsaved: float) -> bool:
        """Whether it is time after so many seconds in which nothing was saved."""
        return unsaved >= max(LONGEST_UNSAVED, RARELY * self.whole)

    def may_save(self, session: float) -> bool:
        """Whether saving now and at the end takes a small share of the session's seconds."""
        return self.spent + 2 * self._end() <= SAVING * session

    def may_store(self, session: float) -> bool:
        """Whether storing a milestone now and saving at the end does, or takes but a moment."""
        return self.spent + self.milestone + self._end() <= max(SAVING * session, ALWAYS)

    def _end(self) -> float:
        return self.whole or WHOLE * self.milestone
