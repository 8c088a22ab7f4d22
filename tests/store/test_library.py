from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gpdebug.store.history import History
from gpdebug.store.info import RunInfo
from gpdebug.store.library import entries_in, recent_entries, sample_entries
from gpdebug.store.recent import recent, remember
from gpdebug.store.run import RunFolder
from tests.store.examples import population, reverse_task


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of recent ones, in a home of its own."""
    file = tmp_path / "home" / "data" / "recent.json"
    monkeypatch.setattr("gpdebug.store.recent.recent_file", lambda: file)
    return file


def make(path: Path) -> RunFolder:
    run = RunFolder.create(path, RunInfo.of_task(reverse_task(), settings={}, seed=7, command=["gpdebug"]))
    run.save_generation(population(6, 0))
    run.save_history(History.of([{"generation": 0, "best": 5}]))
    return run


def test_what_was_opened_last_comes_first_and_once(tmp_path: Path, home: Path) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text("+")
    for name in ("a", "b", "a", "c"):
        assert remember(tmp_path / name)
    assert [item.path.name for item in recent()] == ["c", "a", "b"]
    (tmp_path / "c").unlink()
    assert [item.path.name for item in recent()] == ["a", "b"]


def test_relative_paths_are_remembered_whole(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a").write_text("+")
    monkeypatch.chdir(tmp_path)
    remember("a")
    monkeypatch.chdir("/")
    assert [item.path for item in recent()] == [tmp_path / "a"]


def test_the_list_does_not_grow_without_end(tmp_path: Path, home: Path) -> None:
    for number in range(60):
        (tmp_path / str(number)).write_text("+")
        remember(tmp_path / str(number))
    assert len(recent()) == 50
    assert recent()[0].path.name == "59"


def test_a_home_that_cannot_be_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").write_text("a file where a folder is to be")
    monkeypatch.setattr("gpdebug.store.recent.recent_file", lambda: tmp_path / "home" / "data" / "recent.json")
    assert not remember(tmp_path)
    assert recent() == []


def test_a_disk_that_is_full_is_no_error(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(os, "replace", fail)
    assert not remember(tmp_path)
    monkeypatch.setattr(Path, "mkdir", fail)
    assert not remember(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"recent": 3}', '{"recent": [3]}', '{"recent": [{"path": "a", "opened": "b"}]}', "\xff"]
)
def test_a_damaged_list_is_empty_and_written_anew(tmp_path: Path, home: Path, text: str) -> None:
    home.parent.mkdir(parents=True)
    home.write_bytes(text.encode("latin-1"))
    assert recent() == []
    assert remember(tmp_path)
    assert [item.path for item in recent()] == [tmp_path]
    assert list(json.loads(home.read_text())) == ["recent"]


def test_runs_in_a_folder_are_listed_with_what_is_known_of_them(tmp_path: Path) -> None:
    old, new = make(tmp_path / "old"), make(tmp_path / "new")
    os.utime(old.path / "run.json", (1, 1))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    os.utime(tmp_path / "broken" / "run.json", (2, 2))
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes.txt").write_text("")
    entries = entries_in(tmp_path)
    assert [entry.path.name for entry in entries] == ["new", "broken", "old"]
    assert entries[0].info == RunFolder.open(new.path).info
    assert entries[0].info is not None
    assert entries[0].info.summary is not None
    assert entries[0].generations == 1
    assert "not JSON" in entries[1].problem
    assert entries_in(tmp_path / "none") == []


def test_samples_and_recent_ones_are_listed(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = make(tmp_path / "sample_runs" / "reverse")
    monkeypatch.setattr("gpdebug.store.samples._PACKAGE", tmp_path / "gpdebug")
    assert [entry.path for entry in sample_entries()] == [run.path]
    (tmp_path / "a.bf").write_text("+.")
    remember(run.path)
    remember(tmp_path / "a.bf")
    file, again = recent_entries()
    assert (file.path.name, file.info, file.problem) == ("a.bf", None, "")
    assert again.info == sample_entries()[0].info
