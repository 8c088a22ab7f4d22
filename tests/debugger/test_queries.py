"""Questions about a whole run, against the list of all its states."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.debugger import divergence
from gpdebug.debugger.divergence import Divergence, first_difference
from gpdebug.debugger.edits import SetCells
from gpdebug.debugger.errors import MoveError, QueryError
from gpdebug.debugger.others import Others
from gpdebug.debugger.queries import Question
from gpdebug.debugger.session import Session
from gpdebug.debugger.timeline import UNWATCHED, Timeline
from gpdebug.store.task import Case, Task
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import runs
from tests.debugger.test_session_properties import engines
from tests.vm.runs import EVERYTHING
from vm.dialect import BF, TAPE, Dialect
from vm.machine import Machine
from vm.program import Program
from vm.scoring import Scorer
from vm.touch import Access

SMALL = EVERYTHING.with_settings(memory=16).settings
QUESTIONS = [
    *(Question.cells(cell, access=access) for cell in (0, 1) for access in (Access.READ, Access.WRITE, Access.CHANGE)),
    Question.cells(0, 3), Question.cells(1, head=0, access=Access.READ),
    *(Question.instruction(index) for index in (0, 1, 3)),
    *(Question.becomes_true(text) for text in ("mem[0] > 1", "cell0 == 0", "step == 9", "len(out) > 1 and h0 < 2")),
]  # fmt: skip


@pytest.mark.usefixtures("short_runs_with_many_checkpoints")
@engines
@given(runs(), st.lists(st.tuples(st.sampled_from(QUESTIONS), st.integers(0, 300), st.integers(1, 9)), max_size=8))
@settings(max_examples=100)
def test_answers_are_those_of_the_list_of_all_states(
    machine: type[Machine], oracle: Oracle, asked: list[tuple[Question, int, int]]
) -> None:
    session = Session(oracle.program, oracle.data, oracle.settings, machine=machine)
    for question, step, number in asked:
        session.seek(step)
        here = session.moment
        place = question.stop.place
        if isinstance(place, int) and place >= len(oracle.primitives(0)):
            with pytest.raises(MoveError, match="no instruction"):
                session.find.last(question)
            continue
        if not isinstance(place, int) and getattr(place, "low", 0) + getattr(place, "size", 1) > oracle.settings.memory:
            continue
        steps = sorted(oracle.firings([question.stop]))
        assert session.find.last(question) == max((t for t in steps if t < here.step), default=None)
        assert session.find.next(question) == min((t for t in steps if t > here.step), default=None)
        assert session.find.nth(question, number) == (steps[number - 1] if number <= len(steps) else None)
        assert session.find.count(question) == len(steps)
        assert session.find.steps(question, low=step, most=number).tolist() == [t for t in steps if t >= step][:number]
        assert session.moment is here
        assert session.step().state == oracle.states[min(here.step + 1, oracle.total)]


def timeline(oracle: Oracle) -> Timeline:
    return Timeline(Machine, oracle.program, oracle.data, oracle.settings, 1 << 20)


@pytest.mark.parametrize("stretch", [4, 1 << 14])
@given(runs(), st.data())
@settings(max_examples=200)
def test_runs_differ_first_where_their_lists_of_states_do(
    monkeypatch: pytest.MonkeyPatch, stretch: int, one: Oracle, data: st.DataObject
) -> None:
    monkeypatch.setattr(divergence, "STRETCH", stretch)
    dialect, given_input, code = one.program.dialect, one.data, bytearray(one.program.code)
    if data.draw(st.booleans()) and code:
        code[data.draw(st.integers(0, len(code) - 1))] = ord(data.draw(st.sampled_from("".join(dialect.symbols))))
    elif not dialect.self_modifying:
        given_input = data.draw(st.binary(max_size=min(4, one.settings.memory - one.settings.in_at)))
    other = Oracle(Program(bytes(code), dialect), given_input, one.settings)
    found = first_difference(timeline(one), timeline(other), UNWATCHED)
    both = list(zip(one.states, other.states, strict=False))
    shorter = min(one.total, other.total)
    ends_differ = [shorter] if one.total != other.total else []
    states = [step for step, (mine, theirs) in enumerate(both) if mine != theirs]
    paths = [step for step, (mine, theirs) in enumerate(both) if mine.pc != theirs.pc]
    assert found.state == min([*states, *ends_differ], default=None)
    if found.path is None:
        assert not paths
        assert not ends_differ
    else:
        assert found.path == min(
            [*paths, *ends_differ, *([one.total] if one.states[-1].status != other.states[-1].status else [])]
        )


def test_a_branch_differs_from_its_run_where_it_was_forked() -> None:
    session = Session(Program.parse("+[>+>+<<-]+++", TAPE), machine=Machine)
    session.seek(4)
    session.edit(SetCells(9, b"x"))
    assert session.find.divergence("branch:0") == Divergence(4, None)


def test_runs_that_end_alike_but_for_the_reason_differ_there() -> None:
    ended, halted = (Timeline(Machine, Program.parse(code, EVERYTHING), b"", SMALL, 1 << 20) for code in ("+n", "+h"))
    assert first_difference(ended, halted, UNWATCHED) == Divergence(2, 2)


def test_cells_before_a_head_are_looked_for() -> None:
    session = Session(Program.parse("+}+", TAPE), machine=Machine)
    assert session.find.steps(Question.cells(-128, head=1)).tolist() == [1]


def test_what_is_true_already_does_not_become_true() -> None:
    session = Session(Program.parse("+++-", TAPE), machine=Machine)
    assert session.find.steps(Question.becomes_true("mem[0]")).tolist() == [1]
    assert session.find.steps(Question.becomes_true("mem[0] > 1")).tolist() == [2]


def test_more_edits_at_a_fork_are_looked_for_anew() -> None:
    session = Session(Program.parse("+++", TAPE), machine=Machine)
    session.seek(1)
    session.edit(SetCells(5, b"a"))
    assert session.find.next(Question.becomes_true("mem[0] == 12")) is None
    session.edit(SetCells(0, b"\x0a"))
    assert session.find.next(Question.becomes_true("mem[0] == 12")) == 3


def test_another_case_is_named_as_for_a_diff() -> None:
    program = Program.parse("[>]<[.<}]", TAPE)
    session = Session(program, b"abc", machine=Machine)
    session.others = Others(Machine, Task("t", TAPE, (Case(b"abc", b"cba"), Case(b"ab", b"ba")), (), Scorer.BYTES))
    found = session.find.divergence("case:2")
    assert found == Divergence(0, 5)
    assert session.find.divergence("case:1") == Divergence(None, None)


@pytest.mark.parametrize(("dialect", "byte", "step"), [(BF, 0, 3), (BF, 1, 5), (BF, 2, None), (TAPE, 0, 3)])
def test_when_a_byte_of_the_output_was_written(dialect: Dialect, byte: int, step: int | None) -> None:
    source = "++.+.+" if dialect is BF else "++.+"
    session = Session(Program.parse(source, dialect))
    session.to_end()
    assert session.find.output_written(byte) == step


def test_what_no_run_can_have_is_refused() -> None:
    session = Session(Program.parse("+", TAPE))
    with pytest.raises(QueryError, match="there is no cell 256: cells are 0 to 255"):
        session.find.last(Question.cells(256))
    with pytest.raises(QueryError, match="257 cells are not 1 to 256"):
        session.find.last(Question.cells(0, 257))
    with pytest.raises(QueryError, match="the first time is 1"):
        session.find.nth(Question.cells(0), 0)
    with pytest.raises(QueryError, match="counted from 0"):
        session.find.output_written(-1)


def test_an_interrupted_question_leaves_the_session_where_it_is() -> None:
    session = Session(Program.parse("+[>+<]", TAPE))
    session.seek(77)
    asked = Event()
    asked.set()
    with pytest.raises(MoveError, match="interrupted"):
        session.find.count(Question.cells(1), interrupt=asked)
    assert session.step().step == 78


def test_a_repeated_question_runs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(Program.parse("+[>+<]", TAPE))
    session.seek(5000)
    question = Question.instruction(0)
    assert session.find.last(question) == 0
    assert session.find.next(question) is None
    monkeypatch.setattr(Timeline, "advance", None)
    monkeypatch.setattr(Timeline, "go_to", lambda *_: None)
    for step in (5000, 4999, 1):
        session._moment = replace(session.moment, state=replace(session.moment.state, steps=step))
        assert session.find.last(question) == 0
    for step in (5000, 7777):
        session._moment = replace(session.moment, state=replace(session.moment.state, steps=step))
        assert session.find.next(question) is None
