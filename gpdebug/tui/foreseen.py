"""What stops did up to now, and where they would stop a run: found in the background, by compiled code only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from textual.message import Message

from gpdebug.debugger.moment import Interrupt, Moment
from gpdebug.debugger.session import Session
from gpdebug.debugger.trail import Trail
from vm.state import State


@dataclass(frozen=True, slots=True)
class StopHits:
    """How often each stop was hit.

    Attributes:
        numbers: by the number of the stop.
        is_now: whether up to the moment that is shown, else up to one before it.
    """

    numbers: Mapping[int, int] = field(default_factory=dict)
    is_now: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Foresight:
    """What was found about the stops of a session.

    Attributes:
        session: whose.
        way: the branch, as it was then.
        revision: of the list of stops.
        state: the moment up to which hits are counted.
        hits: of each stop up to then; None: not counted.
        steps: at which stops would stop a run that comes to them.
        is_all: whether nothing is left to find.
    """

    session: Session
    way: Trail
    revision: int
    state: State
    hits: Mapping[int, int] | None
    steps: tuple[int, ...]
    is_all: bool

    def is_of(self, session: Session) -> bool:
        """Whether stops and branch of a session are still those."""
        return self.session is session and self.revision == session.stops.revision and self.way is session.way

    def answers(self, session: Session, moment: Moment) -> bool:
        """Whether there is nothing more to find about a moment."""
        return self.is_all and self.state is moment.state and self.is_of(session)

    def hits_at(self, moment: Moment) -> StopHits:
        """What is known of the hits."""
        return StopHits(self.hits or {}, is_now=self.state is moment.state)


class Foreseen(Message):
    """Something was found about the stops."""

    def __init__(self, foresight: Foresight) -> None:
        super().__init__()
        self.foresight = foresight


def foresee(session: Session, interrupt: Interrupt) -> Foreseen:
    """Counts the hits up to where a session stands, and finds where its stops would stop a run."""
    way, revision, state = session.way, session.stops.revision, session.moment.state
    hits = session.hits(interrupt=interrupt)
    steps, is_all = session.foresee(interrupt=interrupt)
    return Foreseen(
        Foresight(session, way, revision, state, hits, tuple(steps.tolist()), is_all and hits is not None)
    )  # fmt: skip
