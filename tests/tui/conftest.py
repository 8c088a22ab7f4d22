"""Every test of the screens has folders of its own for what the program keeps, loads no compiled machine, and waits.

Textual's pilot takes it that all is done once the processor seems to rest for a moment: on a busy machine it seems
to rest while the program waits for its turn.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual._context import active_app
from textual.app import App
from textual.message import Message

from gpdebug.tui.themes import Palette, palette_of
from tests.tui.waiting import draw


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


@pytest.fixture
async def palette() -> Palette:
    """What a theme's colours are."""
    app: App[None] = App()
    async with app.run_test():
        return palette_of(app)


@pytest.fixture(autouse=True)
def no_compiled_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application does not begin to compile."""

    def load(post: Callable[[Message], object]) -> None:
        """Does nothing."""

    monkeypatch.setattr("gpdebug.tui.app.load", load)


@pytest.fixture(autouse=True)
def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """The application starts no process that evolves."""

    def start(remote: object, words: object) -> None:
        """Fails."""
        raise OSError(0, "not in a test")

    monkeypatch.setattr("gpdebug.tui.evolution.Remote.start", start)


@pytest.fixture(autouse=True)
def patient_pilot(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pilot waits, after each key and in each pause, until what was done has come to something and is drawn."""

    async def wait(*seconds: float) -> None:
        await draw(active_app.get())

    monkeypatch.setattr("textual.app.wait_for_idle", wait)
    monkeypatch.setattr("textual.pilot.wait_for_idle", wait)
