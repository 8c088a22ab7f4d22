"""What can be asked of a whole run: when a cell was written, when an instruction ran, when something became true."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np
from numpy.typing import NDArray

from gpdebug.debugger import stepping
from gpdebug.debugger.divergence import Divergence, first_difference
from gpdebug.debugger.errors import MoveError, QueryError
from gpdebug.debugger.finding import Finder
from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.debugger.places import Event, OnEvent, machine_place
from gpdebug.debugger.search import SearchInterruptedError
from gpdebug.debugger.timeline import Control
from vm.conditions import parse
from vm.dialect import Io
from vm.stops import Cells, Change, Place, Stop
from vm.touch import Access

if TYPE_CHECKING:
    from gpdebug.debugger.comparing import Comparing

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: a place, and a condition that must hold there."""

    stop: Stop

    @classmethod
    def cells(cls, low: int, size: int = 1, *, head: int | None = None, access: Access = Access.WRITE) -> Question:
        """A step that accessed cells."""
        return cls(Stop(Cells(low, size, head, access)))

    @classmethod
    def instruction(cls, index: int) -> Question:
        """An instruction about to be executed."""
        return cls(Stop(index))

    @classmethod
    def becomes_true(cls, expression: str) -> Question:
        """A step by which an expression becomes true (not 0).

        Raises:
            ConditionError: a wrong expression, with its column.
        """
        condition = parse(expression)
        truth = condition if condition.is_truth else parse(f"({condition.text}) != 0")
        return cls(Stop(Change(truth), condition))


class Queries:
    """Answers questions about the run of the branch that a session stands on; the session stays where it is.

    A first answer costs about a run to where it is found; later ones come from what was seen then. Every method takes
    `interrupt` and `on_progress`, and raises `MoveError` if it was interrupted.
    """

    def __init__(self, session: Comparing) -> None:
        """Asks about a session's run."""
        self._session = session
        self._divergences: dict[tuple[object, ...], Divergence] = {}

    def last(
        self,
        question: Question,
        *,
        before: int | None = None,
        interrupt: Interrupt | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> int | None:
        """The last step before now, or before another step, or None."""
        here = self._session.moment.step if before is None else before
        control = Control(interrupt, on_progress)
        return self._ask(lambda finder: finder.last(self._checked(question).stop, here, control))

    def next(
        self, question: Question, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> int | None:
        """The first step after now, or None."""
        here, control = self._session.moment.step, Control(interrupt, on_progress)
        return self._ask(lambda finder: finder.next(self._checked(question).stop, here, control))

    def nth(
        self,
        question: Question,
        number: int,
        *,
        interrupt: Interrupt | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> int | None:
        """The step of the `number`-th time since step 0, or None if there are fewer."""
        if number < 1:
            raise QueryError(f"the first time is 1, so there is no {number:,}")
        control = Control(interrupt, on_progress)
        return self._ask(lambda finder: finder.nth(self._checked(question).stop, number, control))

    def count(
        self, question: Question, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> int:
        """How often in the whole run."""
        control = Control(interrupt, on_progress)
        return self._ask(lambda finder: finder.count(self._checked(question).stop, control))

    def steps(
        self,
        question: Question,
        *,
        low: int = 0,
        most: int = 1_000_000,
        interrupt: Interrupt | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> NDArray[np.int64]:
        """All steps from `low` on, `int64[at most `most`]`."""
        control = Control(interrupt, on_progress)
        return self._ask(lambda finder: finder.steps(self._checked(question).stop, low, most, control))

    def output_written(
        self, byte: int, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> int | None:
        """The step after which byte `byte` of the output, from 0, is written.

        Where the output is a region of the memory it is the last write to the byte's cell before now, else the one
        step that appended it.
        """
        session = self._session
        if byte < 0:
            raise QueryError("the bytes of the output are counted from 0")
        if session.program.dialect.io is Io.REGIONS:
            cell = session.settings.out_start + byte
            return self.last(Question.cells(cell), interrupt=interrupt, on_progress=on_progress)
        stream = Question(Stop(self._place(Event.OUTPUT)))
        return self.nth(stream, byte + 1, interrupt=interrupt, on_progress=on_progress)

    def divergence(
        self, other: str, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Divergence:
        """Where this run and another first differ: in their state, and in the instruction that they execute.

        Args:
            other: `case:3`, `id:57`, `parent` or `branch:2`.
            interrupt: ends the call early.
            on_progress: is told which step it has come to.

        Raises:
            SnapshotError: there is no such run.
            BranchError: there is no such branch.
        """
        control, session = Control(interrupt, on_progress), self._session
        mine = session.branches.current.timeline
        if other.startswith("branch:"):
            theirs = session.branches.limb(other.removeprefix("branch:")).timeline
        else:
            run = session.others.find(other, session.program, session.data)
            theirs = session.others.timeline(run, session.settings)
        key = mine.checkpoints.stretches, theirs.checkpoints.stretches
        if key not in self._divergences:
            self._divergences[key] = self._ask(lambda finder: first_difference(mine, theirs, control))
        return self._divergences[key]

    def _checked(self, question: Question) -> Question:
        """Refuses what cannot be: it would be looked for in the whole run.

        Raises:
            QueryError: no such cell.
            MoveError: no such instruction.
        """
        session, place = self._session, question.stop.place
        if isinstance(place, int):
            stepping.check(session.program, session.moment.state, place)
        if isinstance(place, Cells):
            memory = session.settings.memory
            if place.head is None and not 0 <= place.low < memory:
                raise QueryError(f"there is no cell {place.low:,}: cells are 0 to {memory - 1:,}")
            if not 1 <= place.size <= memory:
                raise QueryError(f"{place.size:,} cells are not 1 to {memory:,}")
        return question

    def _place(self, event: Event) -> Place:
        session = self._session
        place = machine_place(OnEvent(event), session.program.dialect, session.settings, len(session.data))
        assert place is not None
        return place

    def _ask(self, search: Callable[[Finder], _Found]) -> _Found:
        """Asks the finder of the present branch, and goes back to where the session stands."""
        limb = self._session.branches.current
        try:
            return search(limb.finder)
        except SearchInterruptedError:
            raise MoveError("interrupted before the answer was found") from None
        finally:
            limb.timeline.go_to(self._session.moment.step)
