from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.edits import SetCells
from gpdebug.debugger.errors import DebuggerError, MoveError, SnapshotError
from gpdebug.debugger.session import Session
from gpdebug.debugger.snapshot_file import digest_of, is_snapshot_file, load_snapshot, save_snapshot
from gpdebug.debugger.snapshots import MOST_OF_A_SERIES, Snapshot, SnapshotList
from tests.debugger.conftest import After, Open
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import runs
from vm.dialect import BF, TAPE
from vm.program import Program
from vm.reference import ReferenceMachine

REVERSE = "[>]<[.<}]"
ENDLESS = "+[>+]"


@given(runs(), st.data())
def test_a_saved_and_loaded_snapshot_runs_on_to_the_same_end(
    tmp_path_factory: pytest.TempPathFactory, oracle: Oracle, data: st.DataObject
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.snapshot.json"
    session = Session(oracle.program, oracle.data, oracle.settings)
    session.seek(data.draw(st.integers(0, oracle.total)))
    taken = session.take_snapshot("A", "a note ü")
    save_snapshot(taken, file)
    loaded = load_snapshot(file)
    assert loaded.state == taken.state
    assert (loaded.name, loaded.note, loaded.output) == ("A", "a note ü", taken.output)
    other = Session(oracle.program, oracle.data, oracle.settings)
    assert other.restore(loaded).state == taken.state
    assert other.to_end().state == oracle.states[-1]
    machine = ReferenceMachine(oracle.program, oracle.data, oracle.settings)
    machine.restore(loaded.state)
    machine.run()
    assert machine.snapshot().registers[:4] == oracle.states[-1].registers[:4]


def test_every_n_steps_takes_exactly_those_states_and_stays_where_it_is(open_session: Open) -> None:
    session = open_session(REVERSE, "tape", b"abcd")
    session.seek(7)
    taken = session.take_snapshots(5)
    assert session.moment.step == 7
    assert [snapshot.name for snapshot in taken] == ["s0", "s5", "s10", "s15", "s20", "s25"]
    assert [snapshot.step for snapshot in taken] == [0, 5, 10, 15, 20, 25]
    for snapshot in taken:
        assert session.state_at(snapshot.step) == snapshot.state
    assert session.take_snapshots(10) == ()
    assert [snapshot.step for snapshot in session.take_snapshots(3, 2, 8)] == [2, 8]
    session.find_end()
    assert [snapshot.step for snapshot in session.take_snapshots(1, 26, 10**9)] == [26, 27]


def test_a_series_that_is_too_long_or_too_large_is_refused_whole() -> None:
    session = Session(Program.parse(ENDLESS, TAPE.with_settings(limit=50_000, memory=300_000)))
    with pytest.raises(SnapshotError, match=r"50,001 snapshots, at most 2,000 are taken at once.*every 26 steps"):
        session.take_snapshots(1)
    with pytest.raises(SnapshotError, match=r"no room: 1,001 of them take 286\.4 MiB, all together may take 256\.0"):
        session.take_snapshots(50)
    with pytest.raises(SnapshotError, match="N from 1"):
        session.take_snapshots(0)
    with pytest.raises(SnapshotError, match="no step from 5 to 2"):
        session.take_snapshots(1, 5, 2)
    assert len(session.snapshots) == 0


def test_a_series_may_be_of_one_step_or_of_as_many_as_are_taken_at_once() -> None:
    assert list(SnapshotList().steps_of_series(1000, 7, 7, 256)) == [7]
    assert len(SnapshotList().steps_of_series(1, 1, MOST_OF_A_SERIES, 1)) == MOST_OF_A_SERIES
    with pytest.raises(SnapshotError, match="at most 2,000 are taken at once"):
        SnapshotList().steps_of_series(1, 0, MOST_OF_A_SERIES, 1)
    with pytest.raises(SnapshotError, match="no step from 8 to 7"):
        SnapshotList().steps_of_series(1000, 8, 7, 256)


def test_an_interrupted_series_keeps_what_it_has_and_stays() -> None:
    session = Session(Program.parse(ENDLESS, TAPE.with_settings(limit=1 << 60)))
    assert session.take_snapshots(100, interrupt=After(2)) == ()
    taken = session.take_snapshots(100_000, 0, 900_000, interrupt=After(40))
    assert [snapshot.step for snapshot in taken] == list(range(0, len(taken) * 100_000, 100_000))
    assert len(taken) < 10
    assert session.moment.step == 0


def test_what_does_not_fit_is_refused_and_what_is_forgotten_makes_room() -> None:
    session = Session(Program.parse("+" * 9, TAPE.with_settings(memory=1000)))
    session.snapshots = SnapshotList(most_bytes=2500)
    for _ in range(2):
        session.take_snapshot()
        session.step()
    with pytest.raises(SnapshotError, match=r"2 snapshots take 0\.0 MiB; delete some with 'forget'"):
        session.take_snapshot()
    session.snapshots.remove("A")
    assert session.take_snapshot().name == "A"


def test_a_moment_under_two_names_takes_its_memory_once() -> None:
    session = Session(Program.parse("+", TAPE))
    session.take_snapshot()
    session.take_snapshot()
    assert session.snapshots.size == 256
    session.snapshots.annotate("A", "the first")
    for name in ("A", "B"):
        session.snapshots.remove(name)
    assert session.snapshots.size == 0


def test_snapshots_may_take_all_the_room_there_is() -> None:
    session = Session(Program.parse("+", TAPE))
    kept = SnapshotList(most_bytes=256)
    kept.add(Snapshot.of(session.moment.state, session, "a"))
    with pytest.raises(SnapshotError, match="no room"):
        kept.add(Snapshot.of(session.step().state, session, "b"))


def test_a_stop_takes_each_snapshot_once_and_tells_why_it_takes_none() -> None:
    session = Session(Program.parse("+++", TAPE), b"ab")
    state = session.state_at(2)
    assert state is not None
    kept = SnapshotList(most_bytes=300)
    assert kept.take_at(3, state, session) == "snapshot b3.2"
    assert kept.take_at(3, state, session) == "snapshot b3.2 is there already"
    assert (kept["b3.2"].step, kept["b3.2"].note) == (2, "taken by stop 3")
    assert kept.take_at(4, session.moment.state, session).startswith("stop 4 takes no snapshot: no room")


def test_notes_and_names_can_be_changed(open_session: Open) -> None:
    session = open_session("+++")
    for _ in range(3):
        session.take_snapshot()
    snapshots = session.snapshots
    before = snapshots.revision
    snapshots.annotate("B", "the second")
    snapshots.rename("B", "second")
    assert [(taken.name, taken.note) for taken in snapshots] == [("A", ""), ("second", "the second"), ("C", "")]
    assert snapshots.revision > before
    for name in ("A", "now", "every", "5"):
        with pytest.raises(SnapshotError):
            snapshots.rename("C", name)


def test_a_snapshot_file_is_plain_json_with_the_program_in_it(tmp_path: Path) -> None:
    session = Session(Program.parse(REVERSE, TAPE), b"ab")
    session.seek(3)
    file = save_snapshot(session.take_snapshot("here", "why"), tmp_path / "a.json")
    data = json.loads(file.read_text())
    assert (data["format"], data["version"], data["name"], data["note"]) == ("gpdebug-snapshot", 1, "here", "why")
    assert data["state"]["steps"] == 3
    assert data["program"]["hash"] == session.program.hash
    assert data["digest"] == digest_of(session.moment.state)
    assert is_snapshot_file(file)
    assert not is_snapshot_file(tmp_path)


def test_the_digest_tells_any_two_states_apart() -> None:
    session = Session(Program.parse("+[>+<]", TAPE.with_settings(limit=300)))
    digests = {digest_of(session.seek(step).state) for step in range(300)}
    assert len(digests) == 300


def change(*path: str, to: Any) -> Callable[[dict[str, Any]], None]:
    def act(data: dict[str, Any]) -> None:
        for key in path[:-1]:
            data = data[key]
        data[path[-1]] = to

    return act


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (change("format", to="other"), "is no snapshot"),
        (change("version", to=2), "has version 2, this gpdebug reads version 1"),
        (change("state", "head0", to=5), "the digests differ"),
        (change("state", "head0", to="5"), "state.head0"),
        (change("state", "status", to="tired"), "state.status: expected one of running"),
        (change("state", "memory", to="AAAA"), "state.memory: is no compressed data"),
        (change("state", "memory", to="eJwDAAAAAAE="), "state.memory: has 0 cells, not 256"),
        (change("state", "cells", to=128), "state.cells: is 128, the machine has 256"),
        (change("program", "hash", to="0" * 16), "program.hash: is not that of its code"),
        (change("program", "dialect", "other", to="maybe"), "program.dialect"),
        (change("settings", "memory", to=0), "memory must be 1 to"),
        (change("digest", to="0"), "the digests differ"),
        (lambda data: data.pop("input"), "input"),
        (lambda data: data.pop("state"), "state"),
    ],
)
def test_a_damaged_file_is_refused_with_the_reason(
    spoil: Callable[[dict[str, Any]], None], says: str, tmp_path: Path
) -> None:
    session = Session(Program.parse(REVERSE, TAPE), b"ab")
    file = save_snapshot(session.take_snapshot(), tmp_path / "a.json")
    data = json.loads(file.read_text())
    spoil(data)
    file.write_text(json.dumps(data))
    with pytest.raises(SnapshotError, match=r"a\.json.*" + says):
        load_snapshot(file)
    with pytest.raises(SnapshotError):
        session.load_snapshot(file, "B")
    assert len(session.snapshots) == 1


def test_registers_that_no_machine_has_are_refused_even_with_the_right_digest(tmp_path: Path) -> None:
    session = Session(Program.parse("+", BF.with_settings(memory=4)))
    state = session.moment.state
    for wrong in ({"head0": 4}, {"pc": 3}, {"steps": -1}, {"spare": 256}, {"input_pos": 1}):
        registers = {name: getattr(state, name) for name in ("pc", "head0", "head1", "steps", "input_pos", "spare")}
        forged = type(state)(**(registers | wrong), status=state.status, memory=np.zeros(4, np.uint8), output=b"")
        save_snapshot(Snapshot.of(forged, session, "A"), tmp_path / "a.json")
        with pytest.raises(SnapshotError, match=f"state.{next(iter(wrong))}"):
            load_snapshot(tmp_path / "a.json")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda file: None, "no such file"),
        (lambda file: file.mkdir(), "directory"),
        (lambda file: file.write_text("{"), "is no snapshot"),
        (lambda file: file.write_bytes(b"\x80\x04"), "is no snapshot"),
        (lambda file: file.write_text("[" * 100_000), "is no snapshot"),
    ],
)
def test_what_is_no_file_of_ours_is_refused(make: Callable[[Path], object], says: str, tmp_path: Path) -> None:
    make(tmp_path / "a.json")
    with pytest.raises(SnapshotError, match=says):
        load_snapshot(tmp_path / "a.json")


def test_memory_that_unpacks_to_more_than_the_machine_has_is_not_unpacked(tmp_path: Path) -> None:
    import base64
    import zlib

    file = save_snapshot(Session(Program.parse("+", TAPE)).take_snapshot(), tmp_path / "a.json")
    data = json.loads(file.read_text())
    data["state"]["memory"] = base64.b64encode(zlib.compress(bytes(1 << 26))).decode()
    file.write_text(json.dumps(data))
    with pytest.raises(SnapshotError, match="is longer than 256 bytes"):
        load_snapshot(file)


def test_loading_refuses_another_run_but_comparing_does_not(tmp_path: Path) -> None:
    theirs = Session(Program.parse(REVERSE, TAPE), b"ab")
    theirs.to_end()
    file = save_snapshot(theirs.take_snapshot("E"), tmp_path / "e.json")
    mine = Session(Program.parse(REVERSE, TAPE), b"abc")
    with pytest.raises(SnapshotError, match="another input: it can be compared, not restored"):
        mine.load_snapshot(file)
    found = mine.diff(str(file))
    assert found.before.output == b"ba"
    assert [change.name for change in found.sources] == ["input"]
    assert mine.load_snapshot(save_snapshot(mine.take_snapshot("A"), tmp_path / "a.json"), "again").name == "again"


def test_a_snapshot_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    taken = Session(Program.parse("+", TAPE)).take_snapshot()
    with pytest.raises(SnapshotError, match="snapshot A is not saved"):
        save_snapshot(taken, tmp_path / "nowhere" / "a.json")


def test_moments_are_named_in_many_ways(open_session: Open) -> None:
    session = open_session(REVERSE, "tape", b"abcd")
    session.seek(4)
    session.set_mark()
    session.set_bookmark("here")
    session.seek(10)
    taken = session.take_snapshot()
    names = {"now": 10, "last": 4, "mark": 4, "here": 4, "A": 10, "start": 0, "end": 27, "12": 12, "1,2": 12,
             "+3": 13, "-3": 7, "-99": 0, "50%": 14, "100%": 27}  # fmt: skip
    assert {name: session.side(name).state.steps for name in names} == names
    assert session.side(3).state == session.state_at(3)
    assert session.side(taken).state is taken.state
    for wrong in ("28", "+99", "nobody", "5x", "", "B"):
        with pytest.raises(SnapshotError):
            session.side(wrong)
    assert session.moment.step == 10


def test_looking_for_a_far_moment_can_be_interrupted() -> None:
    session = Session(Program.parse(ENDLESS, TAPE.with_settings(limit=1 << 60)))
    for far in ("end", "50%", "1000000000"):
        with pytest.raises(MoveError, match="interrupted before"):
            session.diff(far, interrupt=After(3))
    assert session.moment.step == 0


def test_branches_are_compared_at_the_same_step_and_keep_their_snapshots_to_themselves(tmp_path: Path) -> None:
    session = Session(Program.parse(REVERSE, TAPE), b"abcd")
    session.seek(10)
    session.edit(SetCells(0, b"x"))
    assert session.moment.branch == 1
    session.step(5)
    found = session.diff("branch:0")
    assert found.before.state == Session(Program.parse(REVERSE, TAPE), b"abcd").seek(15).state
    assert (found.before.name, [run.start for run in found.runs]) == ("branch main", [0])
    assert session.side("branch:1@end").output == b"dcbx"
    assert session.side("branch:0@50%").state.steps == 14
    assert session.side("branch:0@200").name == "branch main (its end), step 27"
    with pytest.raises(DebuggerError, match="there is no branch 7"):
        session.diff("branch:7")
    file = save_snapshot(session.take_snapshot("E"), tmp_path / "e.json")
    with pytest.raises(SnapshotError, match="taken on branch 1, after an edit"):
        session.load_snapshot(file, "F")
    assert session.diff(str(file)).is_empty
    session.restart()
    assert session.restore("E").branch == 1
    assert [taken.name for taken in session.take_snapshots(10)] == ["s0.1", "s10.1", "s20.1"]
    reply = CommandLine(session).execute("info snapshots")
    assert reply.lines[0] == "E        step 15 of branch 1"
    assert reply.details is not None
    listed = reply.details()["snapshots"][0]
    assert (listed["branch"], listed["digest"]) == (1, digest_of(session.snapshots["E"].state))
