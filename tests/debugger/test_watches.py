from __future__ import annotations

import pytest

from gpdebug.debugger.errors import WatchError
from gpdebug.debugger.session import Session
from gpdebug.debugger.watches import WatchedExpression, WatchList, watch_from_dict
from tests.debugger.conftest import Open
from vm.dialect import BF
from vm.errors import ConditionError
from vm.program import Program


def shown(session: Session) -> list[tuple[str, int, int | None]]:
    return [(reading.watch.label, reading.value, reading.before) for reading in session.readings()]


def test_a_watch_shows_its_value_and_what_it_was_at_the_stop_before(open_session: Open) -> None:
    session = open_session("++[->+<]>.", memory=8)
    session.watches.add("mem[0]")
    session.watches.add("sum = mem[0] + mem[1]")
    session.watches.add("len(out)")
    assert shown(session) == [("mem[0]", 0, None), ("sum", 0, None), ("len(out)", 0, None)]
    session.step(2)
    assert shown(session) == [("mem[0]", 2, 0), ("sum", 2, 0), ("len(out)", 0, 0)]
    session.to_end()
    assert shown(session) == [("mem[0]", 0, 2), ("sum", 2, 2), ("len(out)", 1, 0)]
    session.step_back()
    assert shown(session)[2] == ("len(out)", 0, 1)
    assert [reading.delta for reading in session.readings()] == [0, 0, -1]
    assert [reading.is_changed for reading in session.readings()] == [False, False, True]


def test_a_stop_at_the_same_step_does_not_forget_what_was_before(open_session: Open) -> None:
    session = open_session("++++", memory=8)
    session.watches.add("cell0")
    session.step(2)
    session.seek(2)
    assert shown(session) == [("cell0", 2, 0)]


def test_values_can_be_compared_with_any_state(open_session: Open) -> None:
    session = open_session("+++>+++", memory=8)
    session.watches.add("step")
    start = session.moment.state
    session.step(2)
    session.step(3)
    assert [(reading.value, reading.before) for reading in session.readings()] == [(5, 2)]
    assert [(reading.value, reading.before) for reading in session.readings(since=start)] == [(5, 0)]


def test_input_and_output_are_seen_and_bytes_that_do_not_exist_are_minus_one(open_session: Open) -> None:
    session = open_session(",.", data=b"a", memory=8)
    session.watches.add("in[0] + out[0]")
    assert shown(session)[0][1] == ord("a") - 1
    session.to_end()
    assert shown(session)[0][1:] == (2 * ord("a"), ord("a") - 1)


def test_numbers_are_never_used_again_and_a_change_keeps_the_place() -> None:
    watches = WatchList()
    for text in ("pc", "step", "h0"):
        watches.add(text)
    watches.remove(3)
    assert watches.add("h1").id == 4
    assert watches.change(1, "here = pc + 1").text == "here = pc + 1"
    assert [(watch.id, watch.text) for watch in watches] == [(1, "here = pc + 1"), (2, "step"), (4, "h1")]
    assert watches.revision == 6


@pytest.mark.parametrize(("text", "column"), [("mem[", 4), ("x = mem[", 8), ("foo", 0), ("pc = 3", 3), ("", 0)])
def test_a_wrong_expression_is_refused_with_its_column(text: str, column: int) -> None:
    watches = WatchList()
    with pytest.raises(ConditionError) as error:
        watches.add(text)
    assert error.value.column == column
    watches.add("pc")
    with pytest.raises(ConditionError):
        watches.change(1, text)
    assert [watch.text for watch in watches] == ["pc"]


def test_a_comparison_is_no_name() -> None:
    assert WatchList().add("mem[3] == 5").name == ""


def test_what_is_not_there_is_refused_with_what_is() -> None:
    watches = WatchList()
    with pytest.raises(WatchError, match="there are none"):
        watches.remove(1)
    watches.add("pc")
    with pytest.raises(WatchError, match="displays: 1"):
        watches.change(2, "pc")


def test_a_watch_comes_back_from_json() -> None:
    watch = WatchList().add("sum = mem[0] + mem[1]")
    back = watch_from_dict(watch.to_dict())
    assert (back.text, back.label) == (watch.text, "sum")
    other = WatchList()
    other.add("pc")
    assert other.adopt(back).id == 2


@pytest.mark.parametrize("entry", [None, 3, {}, {"expression": "mem["}, {"expression": "mem[", "name": ""},
                                   {"expression": 3, "name": ""}])  # fmt: skip
def test_what_is_no_watch_is_refused(entry: object) -> None:
    with pytest.raises(WatchError):
        watch_from_dict(entry)


def test_values_are_exact_at_the_end_of_a_run_with_its_output_in_memory() -> None:
    session = Session(Program.parse("+", BF.with_settings(memory=4)))
    watch: WatchedExpression = session.watches.add("mem[0] == 1 and step == 1")
    session.to_end()
    assert [(reading.watch, reading.value) for reading in session.readings()] == [(watch, 1)]
