"""What is saved of a session and how it comes back: everything, exactly, and nothing that was not wanted."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.debugger import session_folders, session_records
from gpdebug.debugger.edits import SetCells
from gpdebug.debugger.session import Session
from gpdebug.debugger.session_file import SessionFile
from tests.debugger.conftest import After
from tests.debugger.saved_sessions import PROGRAM, REVERSE, begun, described, full_session, reopened, saved, set_stops
from vm.dialect import BF
from vm.program import Program


def test_everything_comes_back(tmp_path: Path) -> None:
    session = full_session()
    saved(tmp_path, session)
    again, file = reopened(tmp_path, REVERSE, b"abcd")
    assert file.notes == []
    assert described(again.stops) == described(session.stops)
    assert [stop.note for stop in again.stops] == ["the copy"]
    assert [watch.text for watch in again.watches] == ["sum = mem[0] + mem[1]"]
    assert list(again.bookmarks) == list(session.bookmarks)
    assert [(each.number, each.name, each.parent, each.fork, each.edits) for each in again.branches] == [
        (each.number, each.name, each.parent, each.fork, each.edits) for each in session.branches
    ]
    for mine, theirs in zip(again.snapshots, session.snapshots, strict=True):
        assert (mine.name, mine.note, mine.branch, mine.state) == (
            theirs.name, theirs.note, theirs.branch, theirs.state,
        )  # fmt: skip
    assert again.mark is not None
    assert (again.mark.step, again.mark.label, again.mark.branch) == (5, "A", 0)
    assert again.moment.state == session.moment.state
    assert (again.moment.branch, again.moment.step) == (session.moment.branch, session.moment.step)
    assert SessionFile.words(again) == (
        "1 stop, 1 watch, 2 snapshots, 2 branches, 2 bookmarks, the mark at step 5, at step 9"
    )
    for branch in session.branches:
        assert again.state_at(99, branch=branch.number) == session.state_at(99, branch=branch.number)


def test_what_came_back_begins_anew(tmp_path: Path) -> None:
    saved(tmp_path, full_session())
    again, _ = reopened(tmp_path, REVERSE, b"abcd")
    assert again.moment.previous is None
    assert again.history.back() is None
    assert again.edit(SetCells(0, b"z")).branch == 3, "numbers are not used again"


def test_saving_what_came_back_changes_nothing(tmp_path: Path) -> None:
    file = saved(tmp_path, full_session())
    before = json.loads(file.path.read_bytes())
    again, second = reopened(tmp_path, REVERSE, b"abcd")
    assert second.save(again) is None
    after = json.loads(file.path.read_bytes())
    assert {**after, "saved": ""} == {**before, "saved": ""}
    assert sorted(each.name for each in file.path.parent.iterdir()) == sorted(
        {"session.json", *(entry["file"] for entry in after["snapshots"])}
    )


def test_states_that_nothing_refers_to_are_removed(tmp_path: Path) -> None:
    session = full_session()
    file = saved(tmp_path, session)
    session.snapshots.remove("A")
    session.snapshots.remove("B")
    session.mark = None
    file.save(session)
    assert [each.name for each in file.path.parent.iterdir()] == ["session.json"]


def test_a_snapshot_is_written_once(tmp_path: Path) -> None:
    session = Session(PROGRAM)
    session.take_snapshot("A")
    file = saved(tmp_path, session)
    (first,) = file.path.parent.glob("*.states.json")
    before = first.stat().st_mtime_ns
    session.step(3)
    session.take_snapshot("B")
    session.snapshots.rename("A", "begin")
    file.save(session)
    assert first.stat().st_mtime_ns == before
    assert len(list(file.path.parent.glob("*.states.json"))) == 2
    again, _ = reopened(tmp_path)
    assert [(kept.name, kept.step) for kept in again.snapshots] == [("begin", 0), ("B", 3)]


def test_programs_and_inputs_have_runs_of_their_own(tmp_path: Path) -> None:
    session = Session(REVERSE, b"abcd")
    session.watches.add("pc")
    session.seek(5)
    session.set_bookmark("here")
    file = saved(tmp_path, session)
    other = Session(REVERSE, b"xyz")
    file.begin(other)
    other.watches.add("pc")
    other.seek(3)
    file.save(other)
    assert not len(reopened(tmp_path)[0].watches)
    first, _ = reopened(tmp_path, REVERSE, b"abcd")
    assert (first.moment.step, len(first.bookmarks), len(first.watches)) == (5, 1, 1)
    second, last = reopened(tmp_path, REVERSE, b"xyz")
    assert (second.moment.step, len(second.bookmarks), len(second.watches)) == (3, 0, 1)
    assert last.last_input == b"xyz"


def test_what_is_not_restored_yet_stays_saved(tmp_path: Path) -> None:
    saved(tmp_path, full_session())
    session, file = begun(tmp_path, REVERSE, b"abcd")
    file.restore_lists(session)
    file.restore_snapshots(session)
    session.stops.add(1)
    assert session.edit(SetCells(3, b"q")).branch == 3, "1 and 2 are those of the branches that are yet to come"
    session.seek(0, branch=0)
    assert file.save(session) is None
    again, _ = reopened(tmp_path, REVERSE, b"abcd")
    assert len(again.stops) == 2
    assert sorted(branch.number for branch in again.branches) == [0, 1, 2, 3]
    assert (again.moment.branch, again.moment.step, len(again.bookmarks)) == (1, 9, 2)


def test_a_session_that_is_left_before_anything_was_restored_keeps_all(tmp_path: Path) -> None:
    saved(tmp_path, full_session())
    session, file = begun(tmp_path, REVERSE, b"abcd")
    assert file.save(session, leaving=True) is None
    again, file = reopened(tmp_path, REVERSE, b"abcd")
    assert SessionFile.words(again) == SessionFile.words(full_session())
    assert file.notes == []


def test_what_was_captured_earlier_does_not_replace_what_was_later(tmp_path: Path) -> None:
    session, file = begun(tmp_path, PROGRAM)
    session.step()
    early = file.capture(session)
    session.step()
    session.watches.add("pc")
    assert file.write(file.capture(session)) is None
    assert file.write(early) is None
    again, _ = reopened(tmp_path)
    assert (again.moment.step, len(again.watches)) == (2, 1)


def test_an_interrupted_restoration_loses_nothing(tmp_path: Path) -> None:
    saved(tmp_path, full_session())
    session, file = begun(tmp_path, REVERSE, b"abcd")
    file.restore_lists(session)
    file.restore_snapshots(session)
    file.restore_run(session, interrupt=After(0))
    assert len(session.branches) == 1
    assert any("stay saved" in note for note in file.notes)
    assert file.save(session) is None
    again, _ = reopened(tmp_path, REVERSE, b"abcd")
    assert (len(again.branches), len(again.bookmarks), len(again.snapshots)) == (3, 2, 2)


def test_the_state_of_a_far_position_is_saved_on_leaving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_records, "FAR", 100)
    program = Program.parse("+[>+]", BF.with_settings(memory=1000))
    session = Session(program)
    session.seek(150)
    file = saved(tmp_path, session)
    file.begin(session)
    assert file.distance == 150
    file.save(session, leaving=True)
    file.begin(session)
    assert file.distance == 0
    again, _ = reopened(tmp_path, program)
    assert again.moment.state == session.moment.state
    again.step_back()
    assert again.moment.step == 149


def test_a_session_in_which_nothing_was_done_leaves_no_file(tmp_path: Path) -> None:
    file = saved(tmp_path, Session(PROGRAM))
    assert not file.path.exists()
    assert not file.path.parent.exists()


def test_what_was_removed_does_not_come_back(tmp_path: Path) -> None:
    session = Session(PROGRAM)
    set_stops(session)
    file = saved(tmp_path, session)
    session.stops.clear()
    file.save(session)
    assert not len(reopened(tmp_path)[0].stops)


def test_stops_that_no_longer_fit_are_flagged_kept_and_do_nothing(tmp_path: Path) -> None:
    session = Session(PROGRAM)
    set_stops(session)
    session.take_snapshot("A")
    session.step(2)
    session.set_bookmark("b")
    saved(tmp_path, session, name="evolved.b")
    changed = Program.parse("++[+]", BF.with_settings(memory=64))
    again, file = reopened(tmp_path, changed, name="evolved.b")
    assert file.notes == [
        "what was saved is of another version of this program", "2 of 3 stops no longer fit it and are flagged"
    ]  # fmt: skip
    assert [stop.is_active for stop in again.stops] == [True, False, False]
    assert (len(again.bookmarks), again.moment.step) == (0, 0), "they are of another run"
    assert [kept.program for kept in again.snapshots] == [PROGRAM]
    again.step()
    assert file.save(again) is None
    back, _ = reopened(tmp_path, PROGRAM, name="evolved.b")
    assert described(back.stops) == described(session.stops)
    assert (len(back.bookmarks), back.moment.step, len(back.snapshots)) == (1, 2, 1)


def test_what_another_gpdebug_wrote_in_the_meantime_is_left(tmp_path: Path) -> None:
    first, first_file = reopened(tmp_path)
    second, second_file = reopened(tmp_path)
    first.watches.add("pc")
    assert first_file.save(first) is None
    second.watches.add("step")
    note = second_file.save(second)
    assert note is not None
    assert "another gpdebug changed" in note
    assert second_file.save(second) is None, "it is said once"
    assert [watch.text for watch in reopened(tmp_path)[0].watches] == ["pc"]


def test_a_fresh_session_sets_the_old_one_aside_when_it_is_saved(tmp_path: Path) -> None:
    session = Session(PROGRAM)
    set_stops(session)
    file = saved(tmp_path, session)
    fresh = SessionFile(PROGRAM, folder=tmp_path, fresh=True)
    begun = Session(PROGRAM)
    fresh.begin(begun)
    fresh.restore_lists(begun)
    assert not len(begun.stops)
    fresh.save(begun)
    assert len(reopened(tmp_path)[0].stops) == 3, "nothing was kept: the old one stays"
    begun.watches.add("pc")
    fresh.save(begun)
    again, _ = reopened(tmp_path)
    assert (len(again.stops), len(again.watches)) == (0, 1)
    (aside,) = [each for each in file.path.parent.parent.iterdir() if each != file.path.parent]
    assert len(json.loads((aside / "session.json").read_bytes())["stops"]) == 3


def test_its_version_changes_with_everything_that_is_saved() -> None:
    session = Session(REVERSE, b"abcd")
    changes: list[Callable[[], object]] = [
        lambda: session.stops.add(1),
        lambda: session.watches.add("pc"),
        lambda: session.step(),
        lambda: session.set_bookmark("b"),
        lambda: session.take_snapshot("A"),
        lambda: session.snapshots.annotate("A", "note"),
        lambda: session.set_mark(),
        lambda: session.edit(SetCells(1, b"x")),
        lambda: session.branches.rename(1, "other"),
        lambda: session.switch(0),
    ]
    seen = {SessionFile.version(session)}
    for change in changes:
        change()
        seen.add(SessionFile.version(session))
    assert len(seen) == len(changes) + 1


def test_of_many_sessions_the_oldest_in_which_nothing_was_kept_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_folders, "MOST_PASSED", 3)
    files = []
    for number in range(8):
        session = Session(Program.parse("+" * (number + 2), BF))
        session.step()
        if number == 1:
            session.watches.add("pc")
        if number == 2:
            session.set_mark()
        file = saved(tmp_path, session)
        os.utime(file.path, (number, number))
        files.append(file.path)
    assert [path.exists() for path in files] == [False, True, True, False, True, True, True, True]


@settings(max_examples=25)
@given(
    actions=st.lists(
        st.sampled_from(["seek", "edit", "bookmark", "snapshot", "mark", "switch", "watch", "stop", "forget"]),
        max_size=14,
    ),
    numbers=st.randoms(use_true_random=False),
)
def test_any_session_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, actions: list[str], numbers: Random
) -> None:
    folder = tmp_path_factory.mktemp("any")
    session = Session(REVERSE, b"abcd")
    for action in actions:
        _act(session, action, numbers)
    saved(folder, session)
    again, file = reopened(folder, REVERSE, b"abcd")
    assert file.notes == []
    assert SessionFile.words(again) == SessionFile.words(session)
    assert again.moment.state == session.moment.state
    assert again.moment.branch == session.moment.branch
    assert list(again.bookmarks) == list(session.bookmarks)
    assert [(kept.name, kept.branch, kept.state) for kept in again.snapshots] == [
        (kept.name, kept.branch, kept.state) for kept in session.snapshots
    ]
    assert (again.mark is None) == (session.mark is None)
    if again.mark is not None and session.mark is not None:
        assert again.mark.state == session.mark.state
    for branch in session.branches:
        assert again.branches[branch.number].edits == branch.edits
        for step in (branch.fork, branch.fork + 1, 99):
            assert again.state_at(step, branch=branch.number) == session.state_at(step, branch=branch.number)


def _act(session: Session, action: str, numbers: Random) -> None:
    match action:
        case "seek":
            session.seek(numbers.randrange(30))
        case "edit":
            session.edit(SetCells(numbers.randrange(256), bytes([numbers.randrange(1, 256)] * 3)))
        case "bookmark":
            session.set_bookmark()
        case "snapshot":
            session.take_snapshot()
        case "mark":
            session.set_mark()
        case "switch":
            session.switch(numbers.choice([branch.number for branch in session.branches]))
        case "watch":
            session.watches.add("mem[h0] + step")
        case "stop":
            session.stops.add(numbers.randrange(9))
        case "forget" if len(session.snapshots):
            session.snapshots.remove(numbers.choice([kept.name for kept in session.snapshots]))
