"""`gpdebug settings`: the place, an example, and what is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.cli.examples import ran

Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path / "gpdebug" / "settings.toml"


def test_the_example_tells_the_place_and_every_setting(capsys: Captured, own_folder: Path) -> None:
    result = ran(capsys, "settings")
    assert result.code == 0
    assert str(own_folder) in result.out
    assert tomllib.loads(result.out) == {}
    for setting in ("theme", "keymap", "memory", "program", "shading", "[keys]", '"debug.step" = "s,f11,right"'):
        assert f"#{setting}" in result.out


def test_the_example_is_written_once(capsys: Captured, own_folder: Path) -> None:
    assert ran(capsys, "settings", "--write").out == ran(capsys, "settings", "--path").out == f"{own_folder}\n"
    assert own_folder.read_text() == ran(capsys, "settings").out
    again = ran(capsys, "settings", "--write")
    assert again.code == 2
    assert "is there already" in again.err


def test_all_that_is_wrong_is_told(capsys: Captured, own_folder: Path) -> None:
    own_folder.parent.mkdir()
    own_folder.write_text('keymap = "vi"\n[keys]\n"debug.stp" = "z"\n"debug.over" = "S"\n')
    result = ran(capsys, "settings")
    assert result.code == 1
    problems = result.err.splitlines()
    assert len(problems) == 3
    assert "expected one of gdb, ide" in problems[0]
    assert "did you mean 'debug.step'?" in problems[1]
    assert "S is both debug.over and debug.step_back" in problems[2]
