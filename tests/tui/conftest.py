"""Every test of the screens has folders of its own for what the program keeps, and loads no compiled machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.message import Message


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Recent runs and the like go to a temporary home."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name))
    monkeypatch.setenv("HOME", str(home))
    for name in ("GPDEBUG_THEME", "COLORFGBG"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(autouse=True)
def no_compiled_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application does not begin to compile."""

    def load(post: Callable[[Message], object]) -> None:
        """Does nothing."""

    monkeypatch.setattr("gpdebug.tui.app.load", load)
