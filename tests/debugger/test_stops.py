from __future__ import annotations

import pytest

from gpdebug.debugger.errors import StopError
from gpdebug.debugger.moment import LogLine, StopReason
from gpdebug.debugger.stop_list import StopList
from gpdebug.debugger.stops import StopKind, parse_message, parse_rule
from tests.debugger.conftest import Open
from vm.dialect import BF, TAPE
from vm.errors import ConditionError
from vm.program import Program
from vm.stops import HitKind, HitRule

COUNTDOWN = "+++++[>+<-]>."
"""Five passes; `>` at 6 is reached at steps 6, 11, 16, 21 and 26, its close at 10 at steps 10, 15, 20, 25 and 30."""
PASSES = [6, 11, 16, 21, 26]


def steps_of(session: object, moves: int, move: str) -> list[tuple[int, StopReason]]:
    moments = [getattr(session, move)() for _ in range(moves)]
    return [(moment.step, moment.reason) for moment in moments]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("", HitRule()),
        ("== 5", HitRule(HitKind.EQUAL, 5)),
        (" >=10 ", HitRule(HitKind.AT_LEAST, 10)),
        ("% 3", HitRule(HitKind.EVERY, 3)),
    ],
)
def test_a_hit_rule_is_read(text: str, rule: HitRule) -> None:
    assert parse_rule(text) == rule


@pytest.mark.parametrize("text", ["5", "> 5", "== 0", "% x", ">= -1"])
def test_a_wrong_hit_rule_says_what_is_right(text: str) -> None:
    with pytest.raises(StopError, match="'== N', '>= N' or '% N'"):
        parse_rule(text)


def test_a_message_takes_expressions_and_doubled_braces() -> None:
    parts = parse_message("{{{mem[3]}}} is {pc}").parts
    assert [part if isinstance(part, str) else ("expression", part.text) for part in parts] == [
        "{", ("expression", "mem[3]"), "}", " is ", ("expression", "pc"),
    ]  # fmt: skip


def test_errors_of_a_message_point_at_their_column() -> None:
    with pytest.raises(StopError, match=r"column 4: '\{' has no partner"):
        parse_message("ab {pc")
    with pytest.raises(ConditionError) as error:
        parse_message("ab {pc +}")
    assert error.value.column == 8


def test_a_breakpoint_stops_each_time_in_both_directions(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    session.stops.add(6)
    forwards = steps_of(session, 6, "continue_")
    assert forwards == [*((step, StopReason.STOP) for step in PASSES), (33, StopReason.END)]
    backwards = steps_of(session, 6, "reverse_continue")
    assert backwards == [*((step, StopReason.STOP) for step in reversed(PASSES)), (0, StopReason.START_OF_HISTORY)]


@pytest.mark.parametrize(
    ("condition", "rule", "fires"),
    [
        ("", "== 3", [16]),
        ("", ">= 4", [21, 26]),
        ("", "% 2", [11, 21]),
        ("mem[1] >= 2", "", [16, 21, 26]),
        ("mem[1] >= 2", "== 2", [21]),
        ("hits == 2", "", []),
        ("hits == 1 and step > 10", "", [11]),
        ("cell0 == 1", "", [26]),
    ],
)
def test_the_condition_comes_first_then_the_count(
    open_session: Open, condition: str, rule: str, fires: list[int]
) -> None:
    session = open_session(COUNTDOWN)
    session.stops.add(6, condition=condition, rule=rule)
    assert [step for step, _ in steps_of(session, len(fires) + 1, "continue_")] == [*fires, 33]
    assert [step for step, _ in steps_of(session, len(fires) + 1, "reverse_continue")] == [*reversed(fires), 0]


def test_the_hits_of_a_stop_are_a_position_not_a_counter(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    stop = session.stops.add(6, rule="== 3")
    for _ in range(3):
        session.restart()
        assert session.continue_().step == 16
        session.step_back(7)
        session.seek(13)
        assert session.continue_().step == 16
    session.seek(22)
    assert session.hits() == {stop.id: 4}
    session.stops.set_rule(stop.id, "== 5")
    assert session.continue_().step == 26
    session.stops.enable(stop.id, False)
    assert session.reverse_continue().step == 0
    session.stops.enable(stop.id)
    session.seek(20)
    assert session.continue_().step == 26


def test_a_run_that_starts_on_a_breakpoint_does_not_stop_at_the_same_step(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    session.stops.add(0)
    assert session.continue_().reason is StopReason.END
    moment = session.reverse_continue()
    assert (moment.step, moment.reason) == (0, StopReason.STOP)
    moment = session.reverse_continue()
    assert (moment.step, moment.reason) == (0, StopReason.START_OF_HISTORY)
    session.seek(16)
    session.stops.add(6)
    assert session.continue_().step == 21
    session.seek(16)
    assert session.reverse_continue().step == 11


def test_several_stops_in_one_step_are_all_reported(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    first, other, third = session.stops.add(6), session.stops.add(7), session.stops.add(6, condition="mem[1] == 1")
    assert session.continue_().fired == (first.id,)
    assert session.continue_().fired == (other.id,)
    assert session.continue_().fired == (first.id, third.id)
    session.to_end()
    session.seek(12)
    assert session.reverse_continue().fired == (first.id, third.id)


def test_a_step_onto_a_breakpoint_reports_it(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    stop = session.stops.add(6, rule="% 2")
    session.seek(10)
    assert session.step().fired == (stop.id,)
    session.step()
    assert session.step_back().fired == (stop.id,)
    session.seek(7)
    assert session.step_back().fired == ()


def test_a_count_of_steps_ends_at_a_stop(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    session.stops.add(6)
    assert session.step(20).step == 6
    assert session.step(4).step == 10
    session.seek(14)
    assert session.step_back(10).step == 11
    assert session.step_back(2).step == 9


def test_a_temporary_breakpoint_goes_when_a_run_stops_at_it(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    stop = session.stops.add(6, temporary=True)
    assert stop.kind is StopKind.TEMPORARY
    session.seek(16)
    assert len(session.stops) == 1, "going to a step is no run"
    assert session.continue_().fired == (stop.id,)
    assert len(session.stops) == 0
    session.stops.add(6, temporary=True)
    assert session.reverse_continue().step == 16
    assert session.reverse_continue().step == 0


def test_a_disabled_stop_does_nothing(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    stop = session.stops.add(6)
    session.stops.enable(stop.id, False)
    assert session.continue_().reason is StopReason.END


def test_a_logpoint_writes_and_never_stops(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    stop = session.stops.add(6, message="pass {hits}: {mem[1]}", rule="% 2")
    moment = session.continue_()
    assert moment.reason is StopReason.END
    assert moment.logged == (LogLine(stop.id, 11, "pass 2: 1"), LogLine(stop.id, 21, "pass 4: 3"))
    assert session.reverse_continue().logged == ()


def test_a_logpoint_and_a_breakpoint_at_one_step_both_act(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    log, stop = session.stops.add(6, message="here"), session.stops.add(6)
    moment = session.continue_()
    assert (moment.fired, moment.logged) == ((stop.id,), (LogLine(log.id, 6, "here"),))
    assert session.continue_().logged == (LogLine(log.id, 11, "here"),)


def test_stepping_onto_a_logpoint_writes_once(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    log = session.stops.add(6, message="{step}")
    session.seek(5)
    assert session.step().logged == (LogLine(log.id, 6, "6"),)
    assert session.step().logged == ()
    assert session.step(5).logged == (LogLine(log.id, 11, "11"),)


def test_a_breakpoint_on_the_instruction_that_faults_is_reported_with_the_fault(open_session: Open) -> None:
    session = open_session("+<+", memory=4, edge="halt")
    stop = session.stops.add(1)
    moment = session.continue_()
    assert (moment.step, moment.reason, moment.fired) == (1, StopReason.FAULT, (stop.id,))
    assert session.continue_().reason is StopReason.FAULT


def test_numbers_of_stops_are_never_used_again() -> None:
    stops = StopList(Program.parse("+-", BF), 2, 256)
    assert [stops.add(0).id, stops.add(1).id] == [1, 2]
    stops.remove(2)
    assert stops.add(1).id == 3
    with pytest.raises(StopError, match=r"no stop 2 \(stops: 1, 3\)"):
        stops.remove(2)


def test_toggling_sets_and_removes_breakpoints_and_leaves_logpoints() -> None:
    stops = StopList(Program.parse("+-", BF), 2, 256)
    log = stops.add(1, message="hello")
    stop = stops.toggle(1)
    assert stop is not None
    assert stops.at(1) == (log, stop)
    assert stops.toggle(1) is None
    assert list(stops) == [log]


def test_a_stop_can_be_changed_and_keeps_its_number() -> None:
    stops = StopList(Program.parse("+-", BF), 2, 256)
    number = stops.add(1).id
    stops.set_condition(number, "pc == 1")
    stops.set_rule(number, "% 2")
    assert stops.set_message(number, "at {pc}").kind is StopKind.LOGPOINT
    assert str(stops[number]) == "logpoint 1 at 1 '-' if pc == 1 hit % 2 'at {pc}'"
    for change in (stops.set_condition, stops.set_rule):
        change(number, "")
    assert str(stops.set_message(number, None)) == "breakpoint 1 at 1 '-'"


def test_a_stop_where_no_instruction_is_is_refused() -> None:
    with pytest.raises(StopError, match="instructions are 0 to 1"):
        StopList(Program.parse("+-", BF), 2, 256).add(2)
    with pytest.raises(StopError, match="the program is empty"):
        StopList(Program.parse("", BF), 0, 256).add(0)


def test_a_stop_says_what_it_is() -> None:
    stops = StopList(Program.parse("+-", TAPE), 2, 256)
    assert str(stops.add(1, condition="mem[3]>5", rule=">=10")) == "breakpoint 1 at 1 '-' if mem[3]>5 hit >= 10"
    assert str(stops.add(0, message="x {pc}")) == "logpoint 2 at 0 '+' 'x {pc}'"
