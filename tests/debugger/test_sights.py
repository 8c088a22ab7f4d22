"""What stops saw the step before do, and the words for it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from gpdebug.debugger.edits import SetCells
from gpdebug.debugger.firings import Sight
from gpdebug.debugger.moment import Moment
from gpdebug.debugger.places import ACCESS, Event
from gpdebug.debugger.session import Session
from gpdebug.debugger.words import firing_words
from tests.debugger.conftest import Open
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import runs
from vm.dialect import BF
from vm.program import Program
from vm.state import Status
from vm.touch import Access

COUNTDOWN = "+++++[>+<-]>."


def words_of(moment: Moment) -> list[str]:
    return [firing_words(firing) for firing in moment.firings]


def test_a_change_is_told_with_its_values_and_what_made_it_in_both_directions(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    session.stops.watch_cells(1)
    assert words_of(session.continue_()) == ["watchpoint 1: mem[1] 0 → 1 by 7 +"]
    assert words_of(session.continue_()) == ["watchpoint 1: mem[1] 1 → 2 by 7 +"]
    assert words_of(session.reverse_continue()) == ["watchpoint 1: mem[1] 0 → 1 by 7 +"]
    assert words_of(session.step()) == []
    assert words_of(session.step_back()) == ["watchpoint 1: mem[1] 0 → 1 by 7 +"]


def test_the_session_stands_where_it_stopped_after_looking_at_the_step_before(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    session.stops.watch_cells(1)
    moment = session.continue_()
    assert session.step().step == moment.step + 1
    assert session.state_at(moment.step) == moment.state


@pytest.mark.parametrize(
    ("access", "words"),
    [
        (Access.READ, "mem[0] = 0, read by 0 +"),
        (Access.WRITE, "mem[0] 0 → 1 by 0 +"),
        (ACCESS, "mem[0] 0 → 1 by 0 +"),
    ],
)
def test_reads_and_writes_have_words_of_their_own(open_session: Open, access: Access, words: str) -> None:
    session = open_session("+[.-]")
    session.stops.watch_cells(0, access=access)
    assert words_of(session.continue_()) == [f"watchpoint 1: {words}"]


def test_a_write_of_the_same_value_is_told_as_such(open_session: Open) -> None:
    session = open_session("..", "tape", b"a", memory=2)
    session.stops.watch_cells(1, access=Access.WRITE)
    assert words_of(session.continue_()) == ["watchpoint 1: mem[1] 0 → 97 by 0 ."]
    assert words_of(session.continue_()) == ["watchpoint 1: mem[1] stays 97, written by 1 ."]


def test_a_range_tells_which_of_its_cells_it_was_and_a_head_where_that_is(open_session: Open) -> None:
    session = open_session(">>+<+")
    session.stops.watch_cells(0, 3)
    session.stops.watch_cells(1, head=0)
    assert words_of(session.continue_()) == ["watchpoint 1: mem[2] 0 → 1 by 2 +"]
    session.stops.watch_cells(0, head=0)
    assert words_of(session.continue_()) == [
        "watchpoint 1: mem[1] 0 → 1 by 4 +",
        "watchpoint 3: mem[1] 0 → 1 by 4 +",
    ]


def test_an_expression_tells_both_values_and_events_the_byte(open_session: Open) -> None:
    session = open_session(",>,<.", data=b"ab")
    session.stops.watch_expression("mem[0] + mem[1]", condition="step > 1")
    session.stops.catch(Event.INPUT)
    session.stops.catch(Event.OUTPUT, temporary=True)
    session.stops.catch(Event.END)
    session.stops.add(3)
    assert words_of(session.continue_()) == ["catchpoint 2: input byte 0 = 97 'a' by 0 ,"]
    assert words_of(session.continue_()) == [
        "watchpoint 1: mem[0] + mem[1] 97 → 195 by 2 ,",
        "catchpoint 2: input byte 1 = 98 'b' by 2 ,",
        "breakpoint 5",
    ]
    assert words_of(session.continue_()) == ["catchpoint 3: output byte 0 = 97 'a' by 4 .", "catchpoint 4: end"]


def test_where_a_branch_begins_the_step_before_is_told_as_it_was(open_session: Open) -> None:
    session = open_session("+++")
    session.seek(2)
    session.edit(SetCells(0, b"\x64"))
    session.stops.watch_expression("mem[0]")
    session.seek(1)
    assert words_of(session.continue_()) == ["watchpoint 1: mem[0] 1 → 2 by 1 +"]
    assert words_of(session.continue_()) == ["watchpoint 1: mem[0] 100 → 101 by 2 +"]


@given(runs())
@settings(max_examples=150, deadline=None)
def test_every_access_is_seen_as_it_happened(oracle: Oracle) -> None:
    session = Session(oracle.program, oracle.data, oracle.settings)
    session.stops.watch_cells(0, oracle.settings.memory, access=ACCESS)
    while (moment := session.continue_()).firings:
        sight = moment.firings[0].sight
        assert isinstance(sight, Sight)
        touch, state = oracle.touch(moment.step - 1), oracle.states[moment.step]
        before = oracle.states[moment.step - 1]
        cell = touch.read if touch.written is None else touch.written
        assert cell is not None
        assert (sight.subject, sight.instruction) == (f"mem[{cell}]", before.pc)
        assert (sight.before, sight.after) == (before.memory[cell], state.memory[cell])
        assert (sight.access is Access.READ) == (touch.written is None)
        if moment.at_end:
            break


def test_a_sight_costs_no_second_look_where_nothing_is_watched() -> None:
    session = Session(Program.parse(COUNTDOWN, BF))
    session.stops.add(6)
    (firing,) = session.continue_().firings
    assert firing.sight is None
    assert session.moment.state.status is Status.RUNNING
