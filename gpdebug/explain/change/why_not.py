"""Why not: why a cell was never written, an instruction never executed, a byte never output.

The answer is the test that turned control away: flipped, that once, it lets control in. It is found by trying, so it is
exact: of the tests that were executed those are flipped first that always came out the same way, the latest first. If
no single one is enough, further ones are flipped in the run that the first one makes. Beside that stands how the run
ended, and whether it would have happened if it had gone on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from gpdebug.explain.answer import Explanation, explain
from gpdebug.explain.change.changes import FlipTest
from gpdebug.explain.change.control import Turn, turns
from gpdebug.explain.change.flip import flip_test, primitive_at
from gpdebug.explain.change.run import Interrupt, Run, ask, drive
from gpdebug.explain.criteria import JumpAt
from gpdebug.explain.errors import CriterionError
from gpdebug.explain.parts import Kind
from gpdebug.explain.trace import WINDOW, trace_run
from vm.dialect import Io
from vm.settings import MAX_LIMIT
from vm.state import Pause, State, Status
from vm.stops import Cells, HitKind, HitRule, Stop, StopSet, Stream
from vm.touch import Access

TRIES = 160
"""Tests that are flipped before the search is given up."""
_SINGLE = 64
"""Of them, those that are flipped alone."""
DEEPEST = 4
"""Tests that are flipped one after the other."""
_EACH = 12
"""Tests that are flipped in each run that a flipped test makes."""
_FURTHER = 10_000_000
"""Steps that a run is followed beyond its end."""


@dataclass(frozen=True, slots=True)
class Executed:
    """An instruction is executed.

    Attributes:
        instruction: which.
    """

    instruction: int

    def __str__(self) -> str:
        return f"instruction {self.instruction:,}"


@dataclass(frozen=True, slots=True)
class Written:
    """A cell is written, with whatever value.

    Attributes:
        cell: which.
    """

    cell: int

    def __str__(self) -> str:
        return f"cell {self.cell:,}"


@dataclass(frozen=True, slots=True)
class Printed:
    """There is so much output.

    Attributes:
        byte: the number of the byte, from 0.
    """

    byte: int

    def __str__(self) -> str:
        return f"output byte {self.byte:,}"


Goal = Executed | Written | Printed


@dataclass(frozen=True, eq=False)
class WhyNot:
    """Why something did not happen.

    Attributes:
        run: in which.
        goal: what did not happen.
        until: up to which step; None: to the end of the run.
        later: the step at which it happens after that, or None.
        end: the last moment of the run.
        tests: the tests that turned control away, each in the run that flipping those before it makes; none were
            found if there are none.
        reached: the step at which it happens once they are flipped, or None.
        past_end: the step at which it would happen if the run did not end where it does, or None.
        tried: how many tests were flipped to find that out.
    """

    run: Run
    goal: Goal
    until: int | None
    later: int | None
    end: State
    tests: tuple[Turn, ...] = ()
    reached: int | None = None
    past_end: int | None = None
    tried: int = 0

    @property
    def flips(self) -> tuple[FlipTest, ...]:
        """The changes that make it happen."""
        return tuple(FlipTest(test.step) for test in self.tests)

    @cached_property
    def stories(self) -> tuple[Explanation, ...]:
        """Why each of the tests found what it found, by values."""
        found = []
        run = self.run
        for test in self.tests:
            found.append(explain(run.program, run.data, run.settings, JumpAt(test.step), Kind.VALUE, start=run.start))
            run = flip_test(run.at(test.step))
        return tuple(found)


def why_not(
    run: Run, goal: Goal, *, until: int | None = None, window: int = WINDOW, interrupt: Interrupt | None = None
) -> WhyNot:
    """Says why something did not happen in a run.

    Args:
        run: in which.
        goal: what.
        until: up to which step it did not; None: to the end.
        window: the most steps, the last ones, of which tests are flipped.
        interrupt: ends the call early.

    Raises:
        CriterionError: there is no such thing, or it did happen.
        Interrupted: the user ended it.
    """
    asked, goal = goal, _checked(run, goal)
    at, end = _first(run, goal, interrupt)
    if at is not None and (until is None or at <= until):
        raise CriterionError(_happened(asked, goal, at))
    if at is not None:
        return WhyNot(run, goal, until, at, end)
    search = _Search(goal, window, interrupt)
    tests, reached = search.find(run)
    past_end = _past_end(run, goal, end, interrupt)
    return WhyNot(run, goal, until, None, end, tests, reached, past_end, search.tried)


def _checked(run: Run, goal: Goal) -> Goal:
    """What is to happen, as it can happen.

    Raises:
        CriterionError: it cannot.
    """
    dialect, settings = run.program.dialect, run.settings
    match goal:
        case Executed() if not 0 <= goal.instruction < len(run.code):
            has = f"instructions are 0 to {len(run.code) - 1:,}" if len(run.code) else "the program is empty"
            raise CriterionError(f"there is no instruction {goal.instruction:,}: {has}")
        case Written() if not 0 <= goal.cell < settings.memory:
            raise CriterionError(f"there is no cell {goal.cell:,}: cells are 0 to {settings.memory - 1:,}")
        case Printed() if dialect.io is Io.TAPE:
            raise CriterionError(f"{dialect.name} has no output; ask for a cell instead")
        case Printed() if not 0 <= goal.byte < (settings.out_limit if dialect.io is Io.STREAMS else settings.memory):
            raise CriterionError(f"there cannot be an output byte {goal.byte:,}")
        case Printed() if dialect.io is Io.REGIONS:
            return _ending_cell(run, goal.byte)
    return goal


def _ending_cell(run: Run, byte: int) -> Written:
    """Where the output is a region that ends at its first zero: the cell that ends it."""
    size, settings = len(run.output(run.end())), run.settings
    if byte < size:
        raise CriterionError(f"there is an output byte {byte:,}: ask why it is what it is")
    if settings.out_len is not None or settings.out_start + size >= settings.memory:
        raise CriterionError(f"there cannot be an output byte {byte:,}: by its settings the output has {size:,}")
    return Written(settings.out_start + size)


def _happened(asked: Goal, goal: Goal, at: int) -> str:
    match goal:
        case Written() if isinstance(asked, Printed):
            return f"the output ends before {goal}, which holds 0 although it is written: ask why it does"
        case Executed():
            return f"{goal} is executed at step {at:,}"
        case Written():
            return f"{goal} is written, first by step {at - 1:,}: ask why it holds what it holds"
    return f"{goal} is written by step {at - 1:,}: ask why it is what it is"


def _first(run: Run, goal: Goal, interrupt: Interrupt | None) -> tuple[int | None, State]:
    """The moment at which it has happened first, or None; and the end of the run, if it has not."""
    if isinstance(goal, Executed) and goal.instruction == run.start.pc and primitive_at(run) is not None:
        return run.start.steps, run.start
    if isinstance(goal, Printed) and goal.byte < len(run.start.output):
        return run.start.steps, run.start
    machine = run.machine()
    pause = drive(machine, stops=StopSet([_stop(run, goal)]), interrupt=interrupt)
    return machine.steps if pause is Pause.STOP else None, machine.snapshot()


def _stop(run: Run, goal: Goal) -> Stop:
    match goal:
        case Executed():
            return Stop(goal.instruction)
        case Written():
            return Stop(Cells(goal.cell, access=Access.WRITE))
    more = goal.byte + 1 - len(run.start.output)
    return Stop(Stream(Access.OUTPUT), rule=HitRule(HitKind.EQUAL, more))


def _past_end(run: Run, goal: Goal, end: State, interrupt: Interrupt | None) -> int | None:
    """When it would happen if the run did not end where it does."""
    match end.status:
        case Status.STEP_LIMIT:
            limit = min(MAX_LIMIT, end.steps + _FURTHER)
            further = replace(run, settings=replace(run.settings, limit=limit), start=end).going_on(end)
        case Status.HALTED:
            further = replace(run, start=replace(end, status=Status.RUNNING))
        case status if status.is_fault:
            after = replace(end, pc=end.pc + 1, steps=end.steps + 1, status=Status.RUNNING)
            further = replace(run, start=after)
        case _:
            return None
    return _first(further, goal, interrupt)[0]


class _Search:
    """Looks for tests that are to be flipped."""

    def __init__(self, goal: Goal, window: int, interrupt: Interrupt | None) -> None:
        self._goal, self._window, self._interrupt = goal, window, interrupt
        self.tried = 0

    def find(self, run: Run) -> tuple[tuple[Turn, ...], int | None]:
        """The tests, as few as were found, and when it happens then."""
        for depth in range(1, DEEPEST + 1):
            found = self._find(run, depth, _SINGLE if depth == 1 else _EACH)
            if found is not None:
                return found
        return (), None

    def _find(self, run: Run, depth: int, most: int) -> tuple[tuple[Turn, ...], int] | None:
        """Flips tests of a run, and, deeper, of the runs that this makes."""
        for turn, flipped in self._flipped(run, most):
            if depth > 1:
                found = self._find(flipped, depth - 1, _EACH)
                if found is not None:
                    return (turn, *found[0]), found[1]
                continue
            self.tried += 1
            at, _ = _first(flipped, self._goal, self._interrupt)
            if at is not None:
                return (turn,), at
        return None

    def _flipped(self, run: Run, most: int) -> Iterator[tuple[Turn, Run]]:
        instruction = self._goal.instruction if isinstance(self._goal, Executed) else None
        trace = trace_run(
            run.program, run.data, run.settings, start=run.start, window=self._window, interrupt=self._interrupt
        )  # fmt: skip
        begin = Run.of_trace(trace)
        ask(self._interrupt)
        for turn in turns(trace, instruction)[:most]:
            if self.tried >= TRIES:
                return
            yield turn, flip_test(begin.at(turn.step))
