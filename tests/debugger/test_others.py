from __future__ import annotations

import pytest

from gpdebug.debugger.errors import MoveError, SnapshotError
from gpdebug.debugger.others import Others
from gpdebug.debugger.session import Session
from gpdebug.store.individuals import Individuals
from gpdebug.store.run import RunFolder
from gpdebug.store.samples import find_sample
from tests.debugger.conftest import After
from vm.dialect import TAPE
from vm.machine import Machine
from vm.program import Program
from vm.reference import ReferenceMachine

LONG = 33330
"""An individual that runs for longer than 40 steps on any case."""


@pytest.fixture(scope="module")
def individuals() -> Individuals:
    path = find_sample("reverse")
    assert path is not None
    return Individuals(RunFolder.open(path))


@pytest.fixture
def session(individuals: Individuals) -> Session:
    best, task = individuals.find(LONG), individuals.task
    assert task is not None
    session = Session(individuals.program(best), task.training[0].input, task.dialect.settings)
    session.others = Others(ReferenceMachine, task, best, individuals)
    session.seek(40)
    return session


def alone(session: Session, program: Program, data: bytes, step: int) -> object:
    other = Session(program, data, session.settings)
    return other.seek(step).state


def test_another_case_is_the_same_program_at_the_same_step(session: Session, individuals: Individuals) -> None:
    assert individuals.task is not None
    found = session.diff("case:3")
    data = individuals.task.training[2].input
    assert (found.before.name, found.after.name) == ("case 3", "now")
    assert found.before.state == alone(session, session.program, data, 40)
    assert found.before.data == data
    assert session.diff(5, "case:3").after.state.steps == 5
    held_out = f"case:{len(individuals.task.training) + 1}"
    assert session.side(held_out).data == individuals.task.held_out[0].input


def test_individuals_and_parents_run_on_the_same_input(session: Session, individuals: Individuals) -> None:
    best = individuals.find(LONG)
    parent = individuals.parents(best)[0]
    found = session.diff("parent")
    assert found.before.state == alone(session, individuals.program(parent), session.data, 40)
    assert [change.name for change in found.sources] == ["program"]
    assert session.side(f"id:{parent.id}").state == found.before.state
    assert found.before.name == f"parent #{parent.id}"


def test_a_step_of_its_own_goes_behind_it(session: Session) -> None:
    assert session.side("case:2@7").state.steps == 7
    assert session.side("case:2@7").name == "case 2, step 7"
    end = session.side("case:2@end").state.steps
    assert session.side("case:2@50%").state.steps == round(end / 2)
    assert session.side("case:2@start").state.steps == 0
    far = session.diff(session.total_steps or session.find_end() or 0, "case:1")
    assert far.after.state.steps == session.total_steps
    short = session.side(f"case:2@{end + 100}")
    assert short.state.steps == end
    assert short.name.startswith("case 2 (its end)")


def test_both_sides_may_be_other_runs(session: Session) -> None:
    found = session.diff("case:1", "case:2")
    assert (found.before.state.steps, found.after.state.steps) == (40, 40)
    assert session.diff("case:1@5", "case:2").after.state.steps == 5
    assert session.diff("case:1", "case:2@5").before.state.steps == 5


@pytest.mark.parametrize(
    ("operand", "says"),
    [
        ("case:0", "cases are case:1 to"),
        ("case", "cases are case:1 to"),
        ("case:999", "cases are case:1 to"),
        ("id", "named by its number, as in id:57"),
        ("id:999999999", "no individual #999999999 is stored"),
        ("parent:9", "parent"),
        ("case:1@x", "behind case:1@ comes a step, a share as 50%, start or end, not 'x'"),
        ("case:1@+5", "behind case:1@ comes a step"),
    ],
)
def test_what_is_not_there_is_told(session: Session, operand: str, says: str) -> None:
    with pytest.raises(SnapshotError, match=says.replace("+", r"\+")):
        session.diff(operand)


def test_a_program_of_no_run_has_no_others() -> None:
    session = Session(Program.parse("+", TAPE))
    for operand, says in (("case:1", "no task, so no cases"), ("id:1", "not of a run"), ("parent", "no parents")):
        with pytest.raises(SnapshotError, match=says):
            session.diff(operand)


def test_the_names_to_choose_from_are_those_there_are(session: Session) -> None:
    names = session.others.names
    assert names[0] == "parent"
    assert "case:1" in names
    for name in names:
        assert session.side(name).state.steps <= 40


def test_it_runs_on_the_machine_of_the_session_and_can_be_interrupted(session: Session) -> None:
    before = session.side("case:2@300").state
    session.use(Machine)
    assert session.others.machine is Machine
    assert session.side("case:2@300").state == before
    endless = Session(Program.parse("+[]", TAPE.with_settings(limit=1 << 60)))
    endless.others = session.others
    with pytest.raises(MoveError, match="interrupted before case 2 was run so far"):
        endless.diff("case:2@end", interrupt=After(3))
