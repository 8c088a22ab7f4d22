"""How much happens along a branch: counted in the background, by compiled code only."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from gpdebug.debugger.activity import Activity
from gpdebug.debugger.moment import Interrupt, Moment
from gpdebug.debugger.session import Session
from gpdebug.debugger.trail import Trail


@dataclass(frozen=True, slots=True, eq=False)
class RunActivity:
    """What was counted along a branch.

    Attributes:
        session: whose.
        way: the branch, as it was then.
        activity: the counts.
        is_all: whether all of the run is counted that was known then.
    """

    session: Session
    way: Trail
    activity: Activity
    is_all: bool

    def is_of(self, session: Session) -> bool:
        """Whether the branch of a session is still that."""
        return self.session is session and self.way is session.way

    def answers(self, session: Session, moment: Moment) -> bool:
        """Whether there is nothing more to count."""
        until = moment.seen_steps if moment.total_steps is None else moment.total_steps
        return self.is_all and self.activity.reached >= until and self.is_of(session)


class ActivityCounted(Message):
    """Something was counted along a branch."""

    def __init__(self, run: RunActivity) -> None:
        super().__init__()
        self.run = run


def count_activity(session: Session, interrupt: Interrupt) -> ActivityCounted:
    """Counts what happens along the branch where a session stands."""
    way = session.way
    activity, is_all = session.activity(interrupt=interrupt)
    return ActivityCounted(RunActivity(session, way, activity, is_all))
