from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from gpdebug.store.atomic import is_leftover, temporary_name, write_atomically
from gpdebug.store.errors import StoreError


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    write_atomically(file, b"old")
    write_atomically(file, memoryview(b"new"))
    assert file.read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "a.json"
    write_atomically(file, b"old")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(StoreError, match=r"a\.json: cannot be written: No space left on device; choose"):
        write_atomically(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written: No such file or directory"):
        write_atomically(tmp_path / "none" / "a.json", b"")


@pytest.mark.skipif(os.name == "nt", reason="file modes are POSIX")
def test_a_file_is_readable_as_any_other_that_the_user_makes(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_atomically(tmp_path / "atomic", b"")
    assert stat.S_IMODE((tmp_path / "atomic").stat().st_mode) == stat.S_IMODE((tmp_path / "plain").stat().st_mode)


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights there")
def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "real" / "a")
    write_atomically(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "a").read_bytes() == b"new"


def test_leftovers_are_known_by_their_names(tmp_path: Path) -> None:
    assert is_leftover(temporary_name(tmp_path / "run.json").name)
    for name in ("run.json", ".run.json.tmp", "a.tmp", ".gitignore", ".a.1-zzzzzzzz.tmp"):
        assert not is_leftover(name)
