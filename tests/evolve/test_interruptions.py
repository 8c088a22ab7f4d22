"""Runs that are killed, whose disk is full or that may not write: what was saved remains, and goes on bit for bit."""

from __future__ import annotations

import errno
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest

from gpdebug.cli import NEGATIVE, WRONG, main
from gpdebug.evolve.budget import Budget
from gpdebug.evolve.run import Run
from gpdebug.store.check import check
from gpdebug.store.errors import StoreError
from gpdebug.store.info import RunStatus
from gpdebug.store.lock import LOCK_FILE
from gpdebug.store.run import RunFolder
from tests.evolve.test_run import begun, last_files

ROOT = Path(__file__).parents[2]
BUDGET = Budget(evaluations=800)
KILLS = 24


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that share what was imported and compiled")
def test_a_run_that_is_killed_again_and_again_ends_bit_for_bit_where_the_uninterrupted_one_does(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.evolve.kill_and_resume", str(tmp_path), str(KILLS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1_800, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["differences"] == []
    assert found["left"] == [".lock"]
    generations = [outcome["generation"] for outcome in found["outcomes"]]
    assert len(generations) == KILLS
    assert generations == sorted(set(generations))
    assert sum(bool(outcome["unfinished"]) for outcome in found["outcomes"]) >= 3
    full = found["full disk"]
    assert full["statuses"] == [WRONG, WRONG, NEGATIVE]
    assert full["differences"] == []
    assert "cannot be written: File too large; what was saved up to generation" in full["said"]
    assert f"go on with: gpdebug evolve --resume {tmp_path / 'full'}" in full["said"]
    assert full["said"].count("cannot be written") == 2
    assert "Traceback" not in full["said"]


class Disk:
    """A disk that cannot be written to once so much is on it; only files of one kind may take room there."""

    def __init__(self, room: int, error: int, kind: str = "") -> None:
        self.room, self.error, self.kind = room, error, f".{kind}"

    def refuse(self) -> None:
        raise OSError(self.error, os.strerror(self.error))

    def open(self, path: Path, mode: str) -> Any:
        if self.room < 0 and self.error != errno.ENOSPC:
            self.refuse()
        file = path.open(mode)
        return _File(self, file) if path.name.startswith(self.kind) else file


class _File:
    def __init__(self, disk: Disk, file: IO[Any]) -> None:
        self._disk, self._file = disk, file

    def write(self, data: bytes) -> int:
        self._disk.room -= len(data)
        if self._disk.room < 0 and self._disk.error == errno.ENOSPC:
            self._file.write(bytes(data)[: len(data) // 2])
            self._disk.refuse()
        return self._file.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """What is left of a run that nothing happened to."""
    path = tmp_path_factory.mktemp("runs") / "whole"
    begun(path).go(BUDGET)
    return last_files(path)


@pytest.mark.parametrize(
    ("room", "error"),
    [
        (0, errno.ENOSPC),
        (40_000, errno.ENOSPC),
        (70_000, errno.ENOSPC),
        (150_000, errno.ENOSPC),
        (280_000, errno.ENOSPC),
        (200_000, errno.EROFS),
        (250_000, errno.EACCES),
    ],
)
def test_a_run_that_can_no_longer_be_written_says_so_and_goes_on_bit_for_bit_when_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: tuple[bytes, bytes], room: int, error: int
) -> None:
    run = begun(tmp_path / "run")
    monkeypatch.setattr("gpdebug.store.atomic.open", Disk(room, error).open, raising=False)
    with pytest.raises(StoreError) as told:
        run.go(BUDGET, save_every=0)
    monkeypatch.undo()
    folder = RunFolder.open(tmp_path / "run")
    said = str(told.value)
    assert f"cannot be written: {os.strerror(error)}; " in said
    assert said.endswith(f"and go on with: gpdebug evolve --resume {tmp_path / 'run'}")
    checkpoint = folder.load_checkpoint().meta
    if checkpoint["champion"] is not None:
        saved = max(island["counters"]["generation"] for island in checkpoint["islands"])
        assert f"what was saved up to generation {saved} remains" in said
    else:
        assert "nothing of it was saved yet" in said
    assert folder.leftovers() == []
    assert folder.writer() is None
    assert Run.resume(tmp_path / "run").go(BUDGET) is RunStatus.FINISHED
    assert last_files(tmp_path / "run") == whole


@pytest.mark.parametrize("save_every", [None, 0], ids=["milestones", "always"])
@pytest.mark.parametrize("kind", ["0", "lineage", "history", "run.json", "checkpoint"])
def test_a_disk_that_is_full_while_any_kind_of_file_is_written_costs_nothing_that_was_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: tuple[bytes, bytes], kind: str, save_every: float | None
) -> None:
    run = begun(tmp_path / "run")
    before = run.folder.load_checkpoint().meta
    room = 0 if save_every is None else 8_000
    monkeypatch.setattr("gpdebug.store.atomic.open", Disk(room, errno.ENOSPC, kind).open, raising=False)
    with pytest.raises(StoreError, match=r"cannot be written: No space left on device; .*--resume") as told:
        run.go(BUDGET, save_every=save_every)
    monkeypatch.undo()
    saved = RunFolder.open(tmp_path / "run").load_checkpoint().meta
    assert (saved == before) == ("nothing of it was saved yet" in str(told.value))
    assert Path(str(told.value).split(":")[0]).name.startswith(kind)
    assert not run.folder.leftovers()
    assert Run.resume(tmp_path / "run").go(BUDGET) is RunStatus.FINISHED
    assert last_files(tmp_path / "run") == whole
    assert check(tmp_path / "run").ok


def test_a_run_whose_beginning_cannot_be_written_is_begun_when_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: tuple[bytes, bytes]
) -> None:
    monkeypatch.setattr("gpdebug.store.atomic.open", Disk(0, errno.ENOSPC, "checkpoint").open, raising=False)
    with pytest.raises(StoreError, match=r"nothing of it was saved yet: .* go on with: gpdebug evolve --resume"):
        begun(tmp_path / "run")
    monkeypatch.undo()
    assert Run.resume(tmp_path / "run").go(BUDGET) is RunStatus.FINISHED
    assert last_files(tmp_path / "run") == whole


def test_the_lock_of_a_process_that_died_hinders_nobody(tmp_path: Path) -> None:
    begun(tmp_path / "run").go(BUDGET)
    ended = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    writer = {"pid": int(ended.stdout), "host": socket.gethostname()}
    (tmp_path / "run" / LOCK_FILE).write_text(json.dumps(writer))
    assert RunFolder.open(tmp_path / "run").writer() is None
    assert Run.resume(tmp_path / "run").go(Budget(evaluations=900)) is RunStatus.FINISHED


def test_a_run_that_may_not_be_written_is_not_resumed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begun(tmp_path / "run").go(BUDGET)
    opened = os.open

    def read_only(path: Any, flags: int, *mode: Any, **options: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return opened(path, flags, *mode, **options)

    monkeypatch.setattr(os, "open", read_only)
    assert main(["evolve", "--resume", str(tmp_path / "run"), "--budget", "9k"]) == WRONG
    monkeypatch.undo()
    captured = capsys.readouterr()
    assert "Read-only file system" in captured.err
    assert captured.err.count("\n") == 1
    assert RunFolder.open(tmp_path / "run").history()["evaluations"][-1] < 9_000
