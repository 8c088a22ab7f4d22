"""Every screen looks as it is meant to, on both themes."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from textual.screen import Screen

from gpdebug.store.info import RunStatus
from gpdebug.store.library import entries_in
from gpdebug.store.lock import WriterLock
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.screens.home import HomeScreen
from gpdebug.tui.screens.population import PopulationScreen
from gpdebug.tui.themes import THEMES
from tests.tui.examples import Run
from tests.tui.pictures import Picture, picture_of
from tests.tui.test_app import saved_run

NOW = datetime(2030, 1, 31, 12, tzinfo=UTC)
SIZE = (80, 24)


class Showing(GpdebugApp):
    """The application on one screen."""

    def __init__(self, screen: Screen[None], theme: str) -> None:
        super().__init__()
        self._first = screen
        self.theme = theme

    def first_screen(self) -> Screen[None]:
        return self._first


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Picture)


themes = pytest.mark.parametrize("theme", [theme.name for theme in THEMES])


@themes
async def test_home(theme: str, picture: SnapshotAssertion, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("samples/reverse", "work/runs/second", "work/runs/killed"):
        run = saved_run(tmp_path / folder)
        run.set_status(RunStatus.RUNNING if run.name == "killed" else RunStatus.SOLVED)
        WriterLock(run.path).release()
        os.utime(tmp_path / folder / "run.json", (NOW.timestamp() - 7300, NOW.timestamp() - 7300))
    (tmp_path / "work" / "broken").mkdir()
    (tmp_path / "work" / "broken" / "run.json").write_text("{")
    monkeypatch.setattr("gpdebug.tui.screens.home.sample_entries", lambda: entries_in(tmp_path / "samples"))
    monkeypatch.chdir(tmp_path)
    app = Showing(HomeScreen(Path("work"), NOW), theme)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert picture_of(app) == picture


@themes
async def test_population(theme: str, picture: SnapshotAssertion) -> None:
    app = Showing(PopulationScreen(Run()), theme)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("slash", *"[-", "enter", "m")
        assert picture_of(app) == picture


@themes
async def test_help(theme: str, picture: SnapshotAssertion) -> None:
    app = Showing(PopulationScreen(Run()), theme)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await pilot.press("question_mark")
        assert picture_of(app) == picture


@themes
async def test_comparison(theme: str, picture: SnapshotAssertion) -> None:
    app = Showing(PopulationScreen(Run()), theme)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("m", "end", "m", "d")
        assert picture_of(app) == picture
