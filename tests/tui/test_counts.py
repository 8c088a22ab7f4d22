"""What is counted behind the debug screen: of the way that the session stands on, and whether that is all."""

from __future__ import annotations

import pytest

from gpdebug.debugger.edits import Register, SetCells, SetRegister
from gpdebug.debugger.session import Session
from gpdebug.tui.counts import MOST_CELLS, Counts, LastAccesses
from gpdebug.tui.foreseen import foresee
from tests.debugger.conftest import After
from vm.dialect import BF, TAPE
from vm.program import Program

NEVER = After(1 << 30)


def executions(counts: Counts) -> list[int]:
    survey = counts.survey(0, NEVER)
    assert survey is not None
    assert survey.profile is not None
    counted: list[int] = survey.profile.executions.tolist()
    return counted


def test_counts_are_of_the_branch_and_begin_again_where_another_way_was_counted() -> None:
    session = Session(Program.parse("+[>+<]", TAPE.with_settings(limit=100)))
    counts = Counts(session, ready=True)
    session.seek(4)
    session.edit(SetCells(0, b"\0"))
    session.seek(20)
    session.switch(0)
    session.seek(13)
    executions(counts)
    session.seek(4)
    session.edit(SetRegister(Register.PC, 0))
    session.seek(30)
    assert executions(counts) == executions(Counts(session, ready=True))
    other = Counts(session, ready=True)
    executions(other)
    session.switch(1)
    session.to_end()
    assert executions(other) == executions(Counts(session, ready=True))


@pytest.mark.parametrize(
    ("step", "accesses"),
    [(1, (None, None, None)), (2, (1, 1, 1)), (3, (2, 2, 2)), (4, (2, 2, 3))],
)
def test_in_a_large_memory_one_cell_is_told_of_up_to_the_last_step(
    step: int, accesses: tuple[int | None, int | None, int | None]
) -> None:
    session = Session(Program.parse(">++.", BF.with_settings(memory=MOST_CELLS + 1)))
    session.seek(step)
    survey = Counts(session, ready=True).survey(1, NEVER)
    assert survey is not None
    assert survey.accesses == LastAccesses(1, *accesses)


def test_hits_whose_count_was_interrupted_are_still_to_be_found() -> None:
    class Once:
        asked = 0

        def is_set(self) -> bool:
            self.asked += 1
            return self.asked == 1

    session = Session(Program.parse("+[>+<]", TAPE.with_settings(limit=100)))
    session.stops.add(3, rule="% 2")
    session.seek(50)
    found = foresee(session, Once()).foresight
    assert found.hits is None
    assert not found.is_all
    assert foresee(session, NEVER).foresight.is_all
