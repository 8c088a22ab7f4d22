"""The cases that other debuggers fall into."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gpdebug.debugger.moment import StopReason
from tests.debugger.conftest import After, Open
from vm.state import Status


def test_a_zero_length_program_is_over_at_step_0(open_session: Open) -> None:
    session = open_session("")
    moment = session.moment
    assert (moment.reason, moment.at_end, moment.total_steps) == (StopReason.START, True, 0)
    assert session.step().reason is StopReason.END
    assert session.continue_().step == 0
    assert session.step_over().step == 0
    assert session.step_group().step == 0
    assert session.step_back().reason is StopReason.START_OF_HISTORY
    assert session.step_over_back().reason is StopReason.START_OF_HISTORY
    assert session.step_group_back().reason is StopReason.START_OF_HISTORY
    assert session.reverse_continue().reason is StopReason.START_OF_HISTORY
    assert session.seek(7).step == 0
    assert session.next_words() == "finished: nothing is left to execute"
    assert session.effect() is None


def test_a_memory_of_one_cell_wraps_onto_itself(open_session: Open) -> None:
    session = open_session(">+<-}.", "tape", memory=1)
    assert session.next_words() == "head0 moves from cell 0 past the edge to cell 0, which holds 0"
    assert session.step(2).state.memory.tolist() == [1]
    assert session.to_end().state.memory.tolist() == [0]
    assert session.step_back(4).state.memory.tolist() == [1]


@pytest.mark.parametrize(
    ("source", "settings", "status"),
    [
        ("<", {"edge": "halt"}, Status.OUT_OF_BOUNDS),
        (",", {"eof": "halt"}, Status.INPUT_EXHAUSTED),
        (".", {"out_limit": 0}, Status.OUTPUT_LIMIT),
        ("[", {"unmatched": "halt"}, Status.UNMATCHED_BRACKET),
    ],
)
def test_a_fault_at_step_0_is_seen_at_once(
    open_session: Open, source: str, settings: dict[str, object], status: Status
) -> None:
    session = open_session(source, **settings)
    moment = session.moment
    assert (moment.step, moment.state.status, moment.state.pc, moment.total_steps) == (0, status, 0, 0)
    assert moment.at_end
    moment = session.step()
    assert (moment.step, moment.reason) == (0, StopReason.FAULT)
    assert str(status) in session.next_words()


def test_a_fault_where_the_limit_also_ends_the_run_is_the_limit(open_session: Open) -> None:
    session = open_session("+<", edge="halt", limit=1)
    assert session.step().reason is StopReason.STEP_LIMIT
    session = open_session("+<", edge="halt", limit=2)
    assert session.step().reason is StopReason.FAULT


def test_a_program_that_ends_on_its_last_allowed_step_is_finished(open_session: Open) -> None:
    session = open_session("++", limit=2)
    assert (session.to_end().state.status, session.moment.reason) == (Status.FINISHED, StopReason.END)


def test_a_limit_of_0_ends_before_the_first_step(open_session: Open) -> None:
    session = open_session("+", limit=0)
    assert session.moment.state.status is Status.STEP_LIMIT
    assert session.step().reason is StopReason.STEP_LIMIT
    assert session.next_words() == "the limit of 0 steps is reached"


def test_the_state_after_the_last_step_is_there(open_session: Open) -> None:
    session = open_session("+++.")
    moment = session.continue_()
    assert (moment.step, moment.output, moment.state.memory[0]) == (4, b"\3", 3)
    assert session.step_back().output == b""


def test_a_cell_goes_from_255_to_0_and_back(open_session: Open) -> None:
    session = open_session("-+")
    assert session.next_words() == "cell 0: 0 → 255, wrapping round"
    assert session.step().state.memory[0] == 255
    assert session.next_words() == "cell 0: 255 → 0, wrapping round"
    assert session.step().state.memory[0] == 0
    assert session.step_back().state.memory[0] == 255


@pytest.mark.parametrize("questions", [0, 1, 5])
def test_an_endless_loop_is_paused_at_a_definite_step(open_session: Open, questions: int) -> None:
    session = open_session("+[]", limit=1 << 62)
    moment = session.continue_(interrupt=After(questions))
    assert moment.reason is StopReason.INTERRUPTED
    assert moment.total_steps is None
    assert (moment.step > 0) == (questions > 0)
    here = moment.step
    assert session.step().step == here + 1
    assert session.step_back(2).step == max(0, here - 1)


def test_the_end_of_an_endless_loop_is_its_limit(open_session: Open) -> None:
    session = open_session("+[]", limit=10_000)
    moment = session.continue_()
    assert (moment.step, moment.reason) == (10_000, StopReason.STEP_LIMIT)


def test_a_backward_search_is_paused_at_a_definite_step(open_session: Open) -> None:
    session = open_session("+[>+<]", limit=60_000)
    session.to_end()
    session.stops.add(0, condition="step > 0")
    assert session.reverse_continue(interrupt=After(0)).step == 60_000
    assert session.moment.reason is StopReason.INTERRUPTED
    questions = 1
    while session.moment.step == 60_000:
        moment = session.reverse_continue(interrupt=After(questions))
        questions += 1
    assert moment.reason is StopReason.INTERRUPTED
    assert 0 < moment.step < 60_000
    session.stops.clear()
    session.stops.add(2, condition=f"step < {moment.step}", rule=">= 100")
    here = moment.step
    assert session.reverse_continue(interrupt=After(0)).step == here
    assert session.reverse_continue().step < here


def test_a_run_that_is_stopped_while_its_hits_are_counted_has_not_moved(open_session: Open) -> None:
    session = open_session("+[>+<]", limit=1_000)
    session.seek(500)
    session.stops.add(3, rule="% 7")
    moment = session.continue_(interrupt=After(0))
    assert (moment.step, moment.reason) == (500, StopReason.INTERRUPTED)
    assert session.continue_().step == 503


def test_looking_elsewhere_leaves_the_session_where_it_is(open_session: Open) -> None:
    session = open_session("+[>+<]", limit=50_000)
    session.seek(1234)
    other = session.state_at(777)
    assert other is not None
    assert other.steps == 777
    assert session.total_steps is None
    assert session.find_end(interrupt=After(1)) is None
    assert session.find_end() == 50_000
    assert session.step().step == 1235


def test_previous_is_the_stop_before_and_stays_when_nothing_moves(open_session: Open) -> None:
    session = open_session("+++")
    assert session.moment.previous is None
    session.step()
    moment = session.seek(3)
    assert moment.previous is not None
    assert moment.previous.steps == 1
    again = session.step().previous
    assert again is not None
    assert again.steps == 1


def test_progress_is_told_while_a_long_call_runs(open_session: Open) -> None:
    session = open_session("+[>+<]", limit=100_000)
    told: list[int] = []
    session.to_end(on_progress=told.append)
    assert told
    assert told == sorted(told)


def test_the_service_needs_neither_compiled_code_nor_a_screen() -> None:
    code = (
        "import sys, gpdebug.debugger.commands, gpdebug.debugger.session_file\n"
        "print([m for m in ('numba', 'textual', 'pyarrow', 'click') if m in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
