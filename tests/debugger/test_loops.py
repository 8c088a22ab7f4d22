from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.debugger import loops
from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.loops import LoopPass
from gpdebug.debugger.moment import MachineType
from gpdebug.debugger.session import Session
from tests.debugger.conftest import After, Open
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import runs
from vm.dialect import BF
from vm.machine import Machine
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.state import Status

NESTED = "++[>+++[>+<-]<-]>>."
"""Two passes of an outer loop (2 to 15), three passes each of an inner one (7 to 12)."""


def told(session: Session) -> list[tuple[int, str]]:
    return [(loop.open, loop.words) for loop in session.loops()]


def test_a_pass_is_known_by_its_number_among_those_of_all_loops_around(open_session: Open) -> None:
    session = open_session(NESTED)
    session.run_to(9)
    session.run_to(9)
    assert told(session) == [(7, "pass 2 of 3"), (2, "pass 1 of 2")]
    session.step_out()
    assert told(session) == [(2, "pass 1 of 2")]
    session.run_to(9)
    assert told(session) == [(7, "pass 1 of 3"), (2, "pass 2 of 2")]
    session.to_end()
    assert told(session) == []


def test_before_a_loop_it_is_told_how_many_passes_are_ahead(open_session: Open) -> None:
    session = open_session(NESTED)
    session.step(2)
    assert told(session) == [(2, "2 passes ahead")]
    session.run_to(7)
    assert told(session) == [(7, "3 passes ahead"), (2, "pass 1 of 2")]


def test_a_loop_that_the_run_ends_in_has_no_end_of_its_own(open_session: Open) -> None:
    session = open_session("+[>+]", memory=10, edge="halt")
    session.run_to(2)
    (loop,) = session.loops()
    assert (loop.words, loop.left) == ("pass 1 of 10", None)
    session = open_session("+[>+<]", limit=1000)
    session.step(2)
    assert told(session) == [(1, "pass 1 of 250")]


def test_time_is_bounded_and_what_was_not_found_is_said(open_session: Open) -> None:
    session = open_session("+[>+<]", limit=1 << 40)
    session.step(2)
    (loop,) = session.loops(seconds=600, interrupt=After(3))
    assert loop.number == 1
    assert not loop.is_last_known
    assert loop.words == f"pass 1 of {loop.passes:,} or more"
    assert session.moment.step == session._timeline.step == 2
    session = open_session("+[>+<]", limit=1 << 40)
    session.seek(40_000)
    (loop,) = session.loops(interrupt=After(1))
    assert loop == LoopPass(1, 5)
    assert loop.words == "pass not known"


def test_a_loop_entered_long_ago_is_counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(Program.parse("+[>+<]", BF.with_settings(limit=20_000_000)), machine=Machine)
    session.seek(19_999_990)
    (loop,) = session.loops(seconds=600)
    assert loop == LoopPass(1, 5, 1, 5_000_000 - 2, 5_000_000, None, True)
    monkeypatch.setattr(loops, "PATIENCE", 0)
    for step in (19_999_989, 19_999_000, 19_999_995):
        session.seek(step)
        (loop,) = session.loops(seconds=600)
        assert loop.number == (step - 2) // 4 + 1


def test_loops_by_command(open_session: Open) -> None:
    line = CommandLine(open_session(NESTED))
    assert line.execute("info loops").lines == ("no loop is around instruction 0",)
    line.execute("until 9")
    assert line.execute("where").lines[-1] == "      loop 7 to 12: pass 1 of 3"
    inner, outer = line.execute("info loops").lines
    assert inner == "loop 7 to 12: pass 1 of 3, entered at step 7, left at step 23"
    assert outer.startswith("loop 2 to 15: pass 1 of 2, entered at step 2, left at step ")


@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@given(runs(), st.lists(st.integers(0, 300), min_size=1, max_size=4))
@settings(max_examples=150)
def test_passes_are_those_of_the_list_of_all_states(machine: MachineType, oracle: Oracle, steps: list[int]) -> None:
    session = Session(oracle.program, oracle.data, oracle.settings, machine=machine)
    if oracle.program.dialect.self_modifying:
        moment = session.seek(steps[0])
        assert all(loop.number is None or loop.number <= loop.passes for loop in session.loops(seconds=600))
        assert session.state_at(moment.step) == moment.state
        return
    partners = oracle.partners(0)
    for step in steps:
        here = session.seek(step).step
        for loop in session.loops(seconds=600):
            assert partners[loop.open] == loop.close
            assert loop == expected(oracle, loop.open, loop.close, here)
        assert len(session.loops()) >= sum(open_ < session.moment.state.pc <= c for open_, c in enumerate(partners))


def expected(oracle: Oracle, open_: int, close: int, here: int) -> LoopPass:
    """What is to be told of a loop, by definition."""
    states = oracle.states
    entered = max(state.steps for state in states[: here + 1] if state.pc == open_)
    left = next((state.steps for state in states[entered + 1 :] if state.pc == close + 1), None)
    begun = [s.steps for s in states[entered : left if left is not None else None] if s.pc == open_ + 1]
    executed = [step for step in begun if states[step].status is Status.RUNNING or states[step].status.is_fault]
    number = sum(step <= here for step in executed)
    return LoopPass(open_, close, entered, number, len(executed), left, True)
