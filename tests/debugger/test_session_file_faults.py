"""Session files that are damaged, old, in a folder that cannot be written, or cut off by a crash: nothing is lost."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gpdebug.debugger.session import Session
from gpdebug.debugger.session_file import SessionFile
from gpdebug.store.atomic import write_atomically
from tests.debugger.saved_sessions import PROGRAM, REVERSE, described, full_session, reopened, saved, set_stops


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "is damaged"),
        (b"[]", "is no session of gpdebug"),
        (b'{"kind": "other", "format": 2}', "is no session of gpdebug"),
        (b'{"kind": "gpdebug-session", "format": 9}', "has format 9, this gpdebug reads format 2"),
        (b'{"kind": "gpdebug-session", "format": 2, "runs": 3}', "is damaged"),
        (b"\xff", "is damaged"),
        (b"[" * 100_000, "is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_is_never_touched(tmp_path: Path, content: bytes, message: str) -> None:
    path = SessionFile(PROGRAM, folder=tmp_path).path
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    session, file = reopened(tmp_path)
    (note,) = file.notes
    assert message in note
    assert str(path) in note
    set_stops(session)
    session.take_snapshot()
    assert file.save(session) is None
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


def _strange(document: dict[str, Any]) -> None:
    document["stops"] += [{"instruction": "x"}, 7]
    document["watches"] += [{"expression": "mem[", "name": ""}]
    document["snapshots"] += [{"name": "Z"}, None]
    (run,) = document["runs"].values()
    run["branches"] += [{"number": 9}, {**run["branches"][0], "number": 8, "parent": 77}, "x"]
    run["bookmarks"] += [3, {"name": "lost", "step": 1, "note": "", "branch": 77}]


def test_entries_that_cannot_be_read_are_kept_as_they_are(tmp_path: Path) -> None:
    file = saved(tmp_path, full_session())
    document = json.loads(file.path.read_bytes())
    _strange(document)
    file.path.write_text(json.dumps(document))
    session, file = reopened(tmp_path, REVERSE, b"abcd")
    assert len(session.branches) == 3
    assert len(file.notes) == 3
    assert file.save(session) is None
    after = json.loads(file.path.read_bytes())
    assert {**after, "saved": ""} == {**document, "saved": ""}


@pytest.mark.parametrize(
    "damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"{}"),
               lambda path: path.write_bytes(path.read_bytes().replace(b'"digest": "', b'"digest": "0', 1))]
)  # fmt: skip
def test_a_damaged_file_of_states_costs_only_its_states(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    session = Session(PROGRAM)
    session.take_snapshot("A")
    session.watches.add("pc")
    file = saved(tmp_path, session)
    session.step()
    session.take_snapshot("B")
    file.save(session)
    document = json.loads(file.path.read_bytes())
    damage(file.path.parent / document["snapshots"][0]["file"])
    again, file = reopened(tmp_path)
    assert [kept.name for kept in again.snapshots] == ["B"]
    assert len(again.watches) == 1
    assert any("1 snapshot cannot be read" in note for note in file.notes)
    assert file.save(again) is None
    assert len(json.loads(file.path.read_bytes())["snapshots"]) == 2, "what cannot be read is still referred to"


def test_a_state_file_outside_the_folder_is_not_read(tmp_path: Path) -> None:
    session = Session(PROGRAM)
    session.take_snapshot("A")
    file = saved(tmp_path, session)
    document = json.loads(file.path.read_bytes())
    name = document["snapshots"][0]["file"]
    (file.path.parent / name).rename(tmp_path / name)
    document["snapshots"][0]["file"] = f"../../{name}"
    file.path.write_text(json.dumps(document))
    again, file = reopened(tmp_path)
    assert not len(again.snapshots)
    assert "is no name of a file of states" in file.notes[0]


def _old_file(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / "stops" / f"{SessionFile(PROGRAM, name=name, folder=tmp_path).path.parent.name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


OLD = {
    "format": 1,
    "name": PROGRAM.hash,
    "program": PROGRAM.hash,
    "dialect": "bf",
    "stops": [
        {"instruction": 2, "symbol": "[", "condition": "mem[3] > 5", "hit": "% 3", "message": None,
         "temporary": False, "enabled": True},
        {"instruction": 4, "symbol": ">", "condition": None, "hit": "", "message": "cell {mem[1]}",
         "temporary": False, "enabled": False},
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", [None, "evolved.b"])
def test_stops_that_earlier_versions_saved_are_read_and_the_file_stays(tmp_path: Path, name: str | None) -> None:
    path = _old_file(tmp_path, PROGRAM.hash, json.dumps(OLD).encode())
    session, file = reopened(tmp_path, name=name)
    assert file.notes == []
    assert described(session.stops) == [
        ("2 '[' if mem[3] > 5 hit % 3", True, None), ("4 '>' 'cell {mem[1]}'", False, None)
    ]  # fmt: skip
    session.stops.clear()
    session.step()
    file.save(session)
    assert json.loads(path.read_bytes()) == OLD
    assert not len(reopened(tmp_path, name=name)[0].stops), "now the session is what counts"


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"format": 7, "stops": []}'])
def test_a_damaged_file_of_an_earlier_version_is_told_and_left(tmp_path: Path, content: bytes) -> None:
    path = _old_file(tmp_path, PROGRAM.hash, content)
    session, file = reopened(tmp_path)
    assert "left as it is" in file.notes[0]
    session.step()
    assert file.save(session) is None
    assert path.read_bytes() == content
    assert reopened(tmp_path)[0].moment.step == 1


def test_a_folder_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    blocked = tmp_path / "home"
    blocked.write_text("a file where the folder would be")
    session, file = reopened(blocked)
    session.step()
    note = file.save(session)
    assert note is not None
    assert "not kept for the next time" in note
    assert file.save(session) is None


@pytest.mark.parametrize("killed", range(6))
def test_a_crash_while_it_is_saved_leaves_the_old_session_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, killed: int
) -> None:
    """Whatever write, rename or removal the process dies at."""
    session = full_session()
    file = saved(tmp_path, session)
    before = SessionFile.words(session)
    session.snapshots.remove("A")
    session.switch("main")
    session.take_snapshot("C")
    session.watches.add("pc")
    monkeypatch.setattr("gpdebug.debugger.session_file.write_atomically", _dying(killed))
    monkeypatch.setattr("gpdebug.debugger.state_store.write_atomically", _dying(killed))
    with contextlib.suppress(KeyboardInterrupt):
        file.save(session)
    again, after = reopened(tmp_path, REVERSE, b"abcd")
    assert after.notes == []
    assert SessionFile.words(again) in (before, SessionFile.words(session))


def _dying(after: int) -> Callable[[Path, bytes], None]:
    """Writes as many files as it may, then dies; each second time in the middle of one."""
    left = [after // 2]

    def write(path: Path, data: bytes) -> None:
        if left[0] == 0:
            if after % 2:
                path.with_name(".part.tmp").write_bytes(data[: len(data) // 2])
            raise KeyboardInterrupt
        left[0] -= 1
        write_atomically(path, data)

    return write
