from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpdebug.debugger.diff import Diff, Side
from gpdebug.debugger.errors import SnapshotError
from gpdebug.debugger.moment import StopReason
from gpdebug.debugger.session import Session
from tests.debugger.conftest import Open
from vm.dialect import TAPE
from vm.program import Program
from vm.state import State, Status

REVERSE = "[>]<[.<}]"


def state(memory: bytes, **changes: int) -> State:
    registers = {"pc": 0, "head0": 0, "head1": 0, "steps": 0, "input_pos": 0, "spare": 0} | changes
    return State(**registers, status=Status.RUNNING, memory=np.frombuffer(memory, np.uint8), output=b"")


def compare(before: bytes, after: bytes) -> Diff:
    return Diff(Side("before", state(before), b""), Side("after", state(after), b""))


@given(st.binary(min_size=1, max_size=40), st.data())
def test_the_runs_turn_the_one_memory_into_the_other_and_are_as_long_as_can_be(
    before: bytes, data: st.DataObject
) -> None:
    after = data.draw(st.binary(min_size=len(before), max_size=len(before)))
    found = compare(before, after)
    rebuilt = bytearray(before)
    touched: list[int] = []
    for run in found.runs:
        assert rebuilt[run.start : run.last + 1] == run.old
        rebuilt[run.start : run.last + 1] = run.new
        assert all(old != new for old, new in zip(run.old, run.new, strict=True))
        assert not touched or run.start > touched[-1] + 1
        touched += range(run.start, run.last + 1)
    assert rebuilt == after
    assert found.changed_cells == len(touched)
    assert found.is_empty == (before == after)


def test_a_diff_as_text_names_registers_output_and_cells_in_all_notations(open_session: Open) -> None:
    session = open_session(REVERSE, "tape", b"ab\xff")
    session.take_snapshot()
    session.to_end()
    lines = session.diff("A").to_lines()
    assert lines == [
        "A → now: 3 cells changed",
        "step            0 → 21",
        "pc              0 → 9",
        "head0           0 → 255",
        "head1           128 → 131",
        "status          running → finished",
        r"output          '' → '\xffba'",
        " cell 128       00 → ff     0 → 255   +255   (0 → -1 signed)",
        "│cell 129       00 → 62     0 →  98   +98   · → 'b'",
        "│cell 130       00 → 61     0 →  97   +97   · → 'a'",
    ]


def test_a_diff_as_json_can_be_read_back(open_session: Open) -> None:
    session = open_session(REVERSE, "tape", b"ab")
    session.take_snapshot("first")
    session.to_end()
    session.take_snapshot("final")
    data = json.loads(json.dumps(session.diff("final", "first").to_dict()))
    assert (data["before"], data["after"]) == ("final", "first")
    assert data["changes"]["step"] == [session.moment.step, 0]
    assert data["output"] == ["6261", ""]
    assert data["runs"] == [{"start": 128, "old": "6261", "new": "0000"}]
    assert data["changed_cells"] == 2


def test_a_long_diff_lists_so_many_cells_and_counts_the_others() -> None:
    found = compare(bytes(100), b"\1" * 50 + b"\0" + b"\2" * 49)
    lines = found.to_lines(cells=10)
    assert lines[0] == "before → after: 99 cells changed in 2 runs"
    assert lines[-1] == "… and 89 more cells"
    assert len(lines) == 12


def test_nothing_is_left_to_count_where_all_cells_are_listed() -> None:
    found = compare(bytes(16), b"\1" * 16)
    for all_cells in (False, True):
        assert "more cell" not in "\n".join(found.to_lines(cells=16, all_cells=all_cells))
        assert found.to_lines(cells=15, all_cells=all_cells)[-1] == "… and 1 more cell"


def test_memories_of_two_sizes_are_compared_where_both_have_cells() -> None:
    found = compare(b"abc", b"axcd")
    assert found.sizes == (3, 4)
    assert found.changed_cells == 1
    assert not found.is_empty
    assert "memory          3 → 4 cells; those that both have are compared" in found.to_lines()
    assert not compare(b"abc", b"abcd").is_empty


def test_of_two_memories_of_16_mib_the_first_thousand_differences_are_shown() -> None:
    random = np.random.default_rng(1)
    before = random.integers(0, 256, 1 << 24).astype(np.uint8)
    after = before.copy()
    after[random.integers(0, 1 << 24, 1 << 20)] ^= 1
    assert len(compare(before.tobytes(), after.tobytes()).to_lines()) == 1002


def test_snapshots_are_named_by_letters_that_are_free(open_session: Open) -> None:
    session = open_session("+++")
    assert session.take_snapshot().name == "A"
    session.step()
    taken = session.take_snapshot("B", "one step")
    assert (taken.step, taken.note) == (1, "one step")
    assert session.take_snapshot().name == "C"
    session.snapshots.remove("A")
    assert session.take_snapshot().name == "A"
    for _ in range(24):
        name = session.take_snapshot().name
    assert name == "AA"


@pytest.mark.parametrize("name", ["now", "12", "a b", "50%", "-"])
def test_a_name_that_means_something_else_is_refused(open_session: Open, name: str) -> None:
    with pytest.raises(SnapshotError, match="begins with a letter"):
        open_session("+").take_snapshot(name)


def test_a_name_is_not_given_twice(open_session: Open) -> None:
    session = open_session("+++")
    session.step()
    session.take_snapshot("A")
    with pytest.raises(SnapshotError, match="a snapshot A already, of step 1"):
        session.take_snapshot("A")
    with pytest.raises(SnapshotError, match=r"no snapshot B \(snapshots: A\)"):
        session.restore("B")
    with pytest.raises(SnapshotError, match=r"no moment 'B'.*snapshots: A"):
        session.diff("A", "B")


def test_restoring_goes_to_the_moment_and_says_so(open_session: Open) -> None:
    session = open_session(REVERSE, "tape", b"abc")
    session.seek(5)
    taken = session.take_snapshot()
    end = session.to_end().state
    moment = session.restore("A")
    assert (moment.reason, moment.step) == (StopReason.RESTORED, 5)
    assert moment.state == taken.state
    assert session.to_end().state == end
    session.take_snapshot()
    session.restart()
    moment = session.restore("B")
    assert (moment.reason, moment.at_end) == (StopReason.RESTORED, True)


def test_a_snapshot_is_refused_where_it_would_be_wrong() -> None:
    taken = Session(Program.parse("+-", TAPE), b"a").take_snapshot()
    refused = {
        "another program": Session(Program.parse("++", TAPE), b"a"),
        "another input": Session(Program.parse("+-", TAPE), b"b"),
        r"other settings \(memory 256, here 128\)": Session(
            Program.parse("+-", TAPE), b"a", TAPE.with_settings(memory=128).settings
        ),
    }
    for reason, session in refused.items():
        before = session.moment
        with pytest.raises(SnapshotError, match=reason):
            session.restore(taken)
        assert session.moment is before


def test_a_snapshot_of_a_later_step_than_any_seen_can_be_restored() -> None:
    program = Program.parse("+[>+<]", TAPE.with_settings(limit=40_000))
    far = Session(program)
    far.seek(30_000)
    taken = far.take_snapshot()
    session = Session(program)
    assert session.restore(taken).seen_steps == 30_000
    assert session.step_back(3).state == far.step_back(3).state
    assert session.to_end().state == far.to_end().state
    session.restore(taken)
    session.stops.add(2, rule="== 2")
    assert session.reverse_continue().step == 6
