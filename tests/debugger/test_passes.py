from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.errors import MoveError
from gpdebug.debugger.moment import MachineType, StopReason
from gpdebug.debugger.session import Session
from tests.debugger.conftest import Open
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import runs
from vm.machine import Machine
from vm.reference import ReferenceMachine

NESTED = "++[>++[>+<-]<-]>>."
"""Two passes of an outer loop (2 to 14), two passes each of an inner one (6 to 11)."""


def places(session: Session, *moves: str) -> list[tuple[int, int]]:
    """Step and pc after each move."""
    found = []
    for move in moves:
        moment = getattr(session, move)()
        found.append((moment.step, moment.state.pc))
    return found


def test_passes_forwards_and_backwards_go_over_the_same_moments(open_session: Open) -> None:
    session = open_session("+++[->+<]>")
    session.step(3)
    forwards = places(session, *["step_pass"] * 4)
    assert [pc for _, pc in forwards] == [4, 4, 4, 9]
    backwards = places(session, *["step_pass_back"] * 4)
    assert backwards == [*forwards[2::-1], (3, 3)]
    with pytest.raises(MoveError, match="no loop is around instruction 3"):
        session.step_pass_back()


def test_from_inside_a_pass_back_goes_to_its_beginning(open_session: Open) -> None:
    session = open_session("+++[->+<]>")
    session.step(4)
    first = session.step_pass()
    session.step(2)
    assert session.step_pass_back().state == first.state


def test_inside_two_loops_it_is_the_inner_one_and_between_them_the_outer(open_session: Open) -> None:
    session = open_session(NESTED)
    session.run_to(8)
    assert [pc for _, pc in places(session, *["step_pass"] * 2)] == [7, 12]
    assert [pc for _, pc in places(session, "step_pass", "step_pass_back")] == [3, 3]
    assert [pc for _, pc in places(session, "step_pass_back")] == [2]


def test_a_stop_on_the_way_to_the_next_pass_ends_it_there(open_session: Open) -> None:
    session = open_session("+++[->+<]>")
    session.step(4)
    stop = session.stops.add(6)
    moment = session.step_pass()
    assert (moment.reason, moment.fired, moment.state.pc) == (StopReason.STOP, (stop.id,), 6)


def test_the_last_pass_of_a_program_that_ends_with_its_loop_leads_to_the_end(open_session: Open) -> None:
    session = open_session("+[-]")
    session.step(2)
    assert session.step_pass().reason is StopReason.END
    assert session.step_pass_back().step == 2


def test_passes_by_command_with_a_count(open_session: Open) -> None:
    line = CommandLine(open_session("+++[->+<]>"))
    line.execute("step 4")
    assert line.execute("2pass").moment.step == 14
    assert line.execute("rp 2").moment.step == 4
    assert line.execute("pass 9").moment.state.pc == 9, "three passes are left, then nothing to repeat"


@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@given(runs(), st.integers(0, 300))
@settings(max_examples=60)
def test_a_pass_begins_at_the_first_instruction_of_the_loop_around(
    machine: MachineType, oracle: Oracle, when: int
) -> None:
    session = Session(oracle.program, oracle.data, oracle.settings, machine=machine)
    here = session.seek(when).step
    loop = oracle.loop(here)
    if loop is None:
        return
    ahead = min(oracle.after(here, loop[0] + 1), oracle.after(here, loop[1] + 1))
    assert session.step_pass().state == oracle.states[ahead]
    session.seek(here)
    behind = [oracle.before(here, loop[0] + 1), oracle.before(here, loop[0])]
    expected = max((step for step in behind if step is not None), default=0)
    assert session.step_pass_back().state == oracle.states[expected]
