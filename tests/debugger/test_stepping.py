from __future__ import annotations

import pytest

from gpdebug.debugger.errors import MoveError
from gpdebug.debugger.moment import StopReason
from tests.debugger.conftest import Open

NESTED = "++[>++[>+<-]<-]>>."
"""Two passes of an outer loop (2 to 14), two passes each of an inner one (6 to 11)."""


def test_step_over_a_loop_stops_just_after_its_close(open_session: Open) -> None:
    session = open_session(NESTED)
    session.step(2)
    moment = session.step_over()
    assert (moment.state.pc, moment.reason) == (15, StopReason.STEP)
    assert session.step_over_back().step == 2


def test_step_over_an_inner_loop_stays_in_the_pass(open_session: Open) -> None:
    session = open_session(NESTED)
    session.run_to(6)
    first = session.moment.step
    assert session.step_over().state.pc == 12
    assert session.step_over_back().step == first


def test_step_over_at_a_close_is_one_step_to_the_next_pass(open_session: Open) -> None:
    session = open_session(NESTED)
    session.run_to(11)
    here = session.moment.step
    assert (session.step_over().step, session.moment.state.pc) == (here + 1, 7)


def test_step_over_a_loop_that_is_not_entered_is_one_step(open_session: Open) -> None:
    session = open_session("[-]+")
    assert (session.step_over().step, session.moment.state.pc) == (1, 3)


def test_step_over_the_last_loop_comes_to_the_end(open_session: Open) -> None:
    session = open_session("+++[-]")
    session.step(3)
    moment = session.step_over()
    assert (moment.reason, moment.state.pc, moment.total_steps) == (StopReason.END, 6, 10)
    assert session.step_over_back().step == 3


def test_step_out_leaves_the_innermost_loop_and_back_goes_before_it(open_session: Open) -> None:
    session = open_session(NESTED)
    session.run_to(8)
    entered = session.moment.step - 2
    assert session.step_out().state.pc == 12
    assert session.step_out().state.pc == 15
    session.run_to_back(8)
    session.run_to_back(8)
    session.run_to_back(8)
    session.run_to_back(8)
    assert session.step_out_back().step == entered
    assert session.step_out_back().step == 2
    with pytest.raises(MoveError, match="no loop is around instruction 2"):
        session.step_out_back()


def test_a_breakpoint_inside_a_loop_stops_a_step_over(open_session: Open) -> None:
    session = open_session(NESTED)
    session.step(2)
    stop = session.stops.add(9, rule="== 3")
    moment = session.step_over()
    assert (moment.state.pc, moment.reason, moment.fired) == (9, StopReason.STOP, (stop.id,))
    assert session.hits() == {stop.id: 3}


def test_a_group_of_equal_instructions_is_one_step_in_both_directions(open_session: Open) -> None:
    session = open_session(">>>+++[-]")
    assert session.step_group().step == 3
    assert session.step_group().step == 6
    assert session.step_group().state.pc == 9
    assert [session.step_group_back().step for _ in range(4)] == [6, 3, 0, 0]
    assert session.moment.reason is StopReason.START_OF_HISTORY


def test_run_to_an_instruction_that_is_never_reached_ends_at_the_end(open_session: Open) -> None:
    session = open_session("[.]+")
    assert session.run_to(1).reason is StopReason.END
    assert session.run_to_back(1).reason is StopReason.START_OF_HISTORY


def test_an_instruction_that_is_not_there_is_refused(open_session: Open) -> None:
    session = open_session("+-")
    for run in (session.run_to, session.run_to_back):
        with pytest.raises(MoveError, match="instructions are 0 to 1"):
            run(2)
    with pytest.raises(MoveError, match="starts at step 0"):
        session.seek(-1)
    with pytest.raises(MoveError, match="at least 1"):
        session.step(0)


def test_back_and_forward_go_over_the_jumps_not_over_each_step(open_session: Open) -> None:
    session = open_session(NESTED)
    session.run_to(6)
    first = session.moment.step
    session.step()
    session.step()
    session.to_end()
    end = session.moment.step
    assert session.back().step == first + 2
    assert session.back().step == 0
    with pytest.raises(MoveError, match="no earlier moment"):
        session.back()
    assert session.forward().step == first + 2
    assert session.forward().step == end
    session.back()
    session.restart()
    with pytest.raises(MoveError, match="no later moment"):
        session.forward()


def test_a_loop_that_the_program_made_itself_is_stepped_over_by_the_brackets_of_the_moment(open_session: Open) -> None:
    # `+` turns the byte 92 in cell 12 into 93, a close; the open at 5 has no partner before that.
    session = open_session("<<<<+[>nnnnn\\", "bff", memory=16)
    assert session.meaning(5) == "a bracket without partner"
    session.step(5)
    assert session.meaning(5) == "loop to 12 while cell ≠ 0"
    assert (session.step_over().step, session.moment.state.pc) == (13, 13)
    assert session.step_over_back().step == 5


def test_a_loop_whose_close_is_overwritten_is_left_at_the_same_place(open_session: Open) -> None:
    # `.` copies the byte of cell 0 over the close in cell 10.
    session = open_session("{{{{{{[.nn]", "bff", memory=16)
    session.step(6)
    assert (session.step_over().step, session.moment.state.pc) == (11, 11)
    assert session.step_over_back().step == 10, "what led here is no close any more: one step back"
    with pytest.raises(MoveError, match="no loop"):
        session.step_out()


def test_a_loop_that_is_left_but_was_never_entered_by_its_open_is_stepped_back_singly(open_session: Open) -> None:
    # The run starts at pc 2, inside the loop: cells 0 and 1 say where the heads are.
    session = open_session("[n>]n\0", "bff-heads", memory=8)
    assert session.moment.state.pc == 2
    session.run_to(4)
    assert session.step_over_back().state.pc == 3
