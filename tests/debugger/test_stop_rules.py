"""The rules for every odd case of a stop, as the README has them, each in both directions."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gpdebug.debugger.edits import SetCells
from gpdebug.debugger.errors import StopError
from gpdebug.debugger.moment import StopReason
from gpdebug.debugger.places import ACCESS, Event
from gpdebug.debugger.session import Session
from gpdebug.debugger.stop_list import StopList
from tests.debugger.conftest import Open
from vm.settings import Edge
from vm.state import Status
from vm.touch import Access


def both_ways(session: Session) -> list[int]:
    """The steps at which runs stop, forwards from step 0; backwards from the end they are the same."""
    forwards = []
    session.restart()
    while (moment := session.continue_()).reason is StopReason.STOP:
        forwards.append(moment.step)
    if moment.fired:
        forwards.append(moment.step)
    backwards = []
    while session.reverse_continue().reason is StopReason.STOP:
        backwards.append(session.moment.step)
    at_the_ends = {0, session.total_steps}
    assert [step for step in reversed(backwards) if step not in at_the_ends] == [
        step for step in forwards if step not in at_the_ends
    ]
    return forwards


def watching(access: Access, low: int, size: int = 1, **terms: object) -> Callable[[StopList], object]:
    return lambda stops: stops.watch_cells(low, size, access=access, **terms)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "set_stop", "steps"),
    [
        ("+>+<+", watching(Access.CHANGE, 0), [1, 5]),
        ("[-]+[-]", watching(Access.READ, 0), [1, 2, 3, 4, 5]),
        ("+[>]", watching(Access.READ, 1), [4]),
        (">>+<<+", watching(Access.CHANGE, 0, 2), [6]),
    ],
    ids=["after the write", "a bracket reads the cell it tests", "also the one that ends a loop", "a range"],
)
def test_a_watchpoint_fires_after_the_step_that_accessed_its_cells(
    open_session: Open, source: str, set_stop: Callable[[StopList], object], steps: list[int]
) -> None:
    session = open_session(source)
    set_stop(session.stops)
    assert both_ways(session) == steps


def test_a_write_of_the_same_value_is_a_write_but_no_change(open_session: Open) -> None:
    session = open_session("..", "tape")
    session.stops.watch_cells(128, access=Access.WRITE)
    assert both_ways(session) == [1, 2]
    session.stops.clear()
    session.stops.watch_cells(128)
    assert both_ways(session) == []


def test_from_255_to_0_is_a_change(open_session: Open) -> None:
    session = open_session("-+")
    session.stops.watch_cells(0, condition="mem[0] == 0")
    assert both_ways(session) == [2]


def test_add_reads_and_writes_and_copy_does_one_to_each_cell(open_session: Open) -> None:
    for access, steps in ((Access.READ, [1, 2]), (Access.WRITE, [1]), (ACCESS, [1, 2])):
        session = open_session("+.", "tape")
        session.stops.watch_cells(0, access=access)
        assert both_ways(session) == steps


def test_neither_fetching_an_instruction_nor_the_search_for_a_partner_reads(open_session: Open) -> None:
    session = open_session("{[nnn]n", "bff", memory=16, limit=50)
    session.stops.watch_cells(2, 4, access=Access.READ)
    assert both_ways(session) == []


def test_a_range_may_go_over_the_end_of_the_memory(open_session: Open) -> None:
    session = open_session("+<+<+<+", memory=8)
    session.stops.watch_cells(7, 2)
    assert both_ways(session) == [1, 3]


@pytest.mark.parametrize(("low", "size"), [(8, 1), (-1, 1), (0, 0), (0, 9)])
def test_a_range_of_no_cells_or_of_more_than_there_are_is_refused(open_session: Open, low: int, size: int) -> None:
    session = open_session("+", memory=8)
    with pytest.raises(StopError):
        session.stops.watch_cells(low, size)
    session.stops.watch_cells(0, 8)
    assert both_ways(session) == [1]


def test_a_cell_relative_to_a_head_is_that_at_the_time_and_moving_a_head_accesses_nothing(open_session: Open) -> None:
    session = open_session(">+>+}.{{.", "tape", memory=8)
    session.stops.watch_cells(0, head=1, access=Access.WRITE)
    assert both_ways(session) == [6, 9]
    session.stops.clear()
    session.stops.watch_cells(-3, head=1, access=Access.READ)
    assert both_ways(session) == [2, 6]


def test_step_0_is_a_hit_of_a_breakpoint_there_and_reached_only_backwards(open_session: Open) -> None:
    session = open_session("+[-]")
    stop = session.stops.add(0)
    assert session.continue_().reason is StopReason.END
    moment = session.reverse_continue()
    assert (moment.step, moment.reason) == (0, StopReason.STOP)
    assert session.hits() == {stop.id: 1}


def test_an_instruction_that_faults_at_once_is_a_hit_of_a_breakpoint_there(open_session: Open) -> None:
    session = open_session("<", edge=Edge.HALT)
    stop = session.stops.add(0)
    assert session.continue_().state.status is Status.OUT_OF_BOUNDS
    assert session.hits() == {stop.id: 1}


def test_a_step_onto_the_end_is_caught_whatever_else_is_counted(open_session: Open) -> None:
    session = open_session("+++")
    session.stops.add(1, rule="% 2")
    over = session.stops.catch(Event.OVER)
    session.seek(2)
    assert session.step().fired == (over.id,)


def test_neither_the_input_put_in_place_nor_an_edit_is_a_write(open_session: Open) -> None:
    session = open_session(">>", "tape", data=b"abc")
    session.stops.watch_cells(0, 4, access=Access.WRITE)
    assert both_ways(session) == []
    session.seek(1)
    session.edit(SetCells(0, b"xyz"))
    assert both_ways(session) == []


def test_what_the_last_step_did_is_reported_with_the_end(open_session: Open) -> None:
    session = open_session("++", limit=2)
    stop = session.stops.watch_cells(0, condition="mem[0] == 2")
    moment = session.continue_()
    assert (moment.step, moment.reason, moment.fired) == (2, StopReason.END, (stop.id,))
    session = open_session("+++", limit=2)
    stop, other = session.stops.watch_cells(0, condition="mem[0] == 2"), session.stops.add(2)
    moment = session.continue_()
    assert (moment.reason, moment.fired) == (StopReason.STEP_LIMIT, (stop.id,))
    assert other.id not in moment.fired, "an instruction beyond the step limit is not about to run"


def test_an_instruction_that_faults_accesses_nothing(open_session: Open) -> None:
    session = open_session(",", eof="halt")
    session.stops.watch_cells(0, access=ACCESS)
    assert both_ways(session) == []
    assert session.to_end().state.status is Status.INPUT_EXHAUSTED


def test_a_read_at_the_end_of_the_input_writes_only_if_it_stores_a_zero(open_session: Open) -> None:
    for eof, steps in (("zero", [1]), ("keep", [])):
        session = open_session(",", eof=eof)
        session.stops.watch_cells(0, access=Access.WRITE)
        assert both_ways(session) == steps
        session.stops.clear()
        session.stops.catch(Event.INPUT)
        assert both_ways(session) == []


def test_a_stop_is_armed_from_the_step_after_the_first_firing_of_the_other(open_session: Open) -> None:
    session = open_session("+++++[>+<-]>.")
    first = session.stops.add(6, rule="== 2", message="armed")
    second = session.stops.add(6, after=first.id)
    third = session.stops.add(8, after=second.id, rule="% 2")
    assert both_ways(session) == [16, 21, 23, 26]
    session.seek(33)
    assert session.hits() == {first.id: 5, second.id: 3, third.id: 3}
    session.stops.enable(first.id, False)
    assert both_ways(session) == []


def test_a_stop_that_is_deleted_leaves_those_that_waited_for_it_armed(open_session: Open) -> None:
    session = open_session("+++++[>+<-]>.")
    first = session.stops.add(12)
    session.stops.add(6, rule="== 2", after=first.id)
    assert both_ways(session) == [32]
    session.stops.remove(first.id)
    assert both_ways(session) == [11]


def test_an_end_stops_a_run_anyhow_and_a_stop_there_is_reported_once(open_session: Open) -> None:
    session = open_session("+[]", limit=9)
    end, limit = session.stops.catch(Event.END), session.stops.catch(Event.LIMIT)
    moment = session.continue_()
    assert (moment.reason, moment.fired) == (StopReason.STEP_LIMIT, (limit.id,))
    assert session.continue_().fired == ()
    assert session.reverse_continue().reason is StopReason.START_OF_HISTORY
    assert end.id not in moment.fired


@pytest.mark.parametrize(("source", "dialect", "steps"), [("+.+.", "bf", [2, 4]), ("+.}.", "tape", [2, 4])])
def test_output_is_a_stream_or_a_region_of_the_memory(
    open_session: Open, source: str, dialect: str, steps: list[int]
) -> None:
    session = open_session(source, dialect)
    session.stops.catch(Event.OUTPUT)
    assert both_ways(session) == steps


@pytest.mark.parametrize(("source", "dialect", "steps"), [(",+,", "bf", [1, 3]), ("+>>>>+", "tape", [1])])
def test_input_is_a_stream_or_a_region_of_the_memory(
    open_session: Open, source: str, dialect: str, steps: list[int]
) -> None:
    session = open_session(source, dialect, data=b"ab")
    session.stops.catch(Event.INPUT)
    assert both_ways(session) == steps


def test_the_value_of_an_expression_is_watched_from_where_a_run_begins(open_session: Open) -> None:
    session = open_session("+>+<-", memory=8)
    session.stops.watch_expression("cell0")
    assert both_ways(session) == [1, 2, 3, 5]
    session.stops.clear()
    session.stops.watch_expression("mem[0] + mem[1]", rule="== 2")
    assert both_ways(session) == [3]
