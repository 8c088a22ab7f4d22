"""The Evolve screen and its form look as they are meant to, on both themes."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.evolution import Evolution
from gpdebug.tui.screens.evolve import EvolveScreen
from tests.tui.evolving import FIRST, FakeRemote
from tests.tui.evolving import fake_process as fake_process
from tests.tui.examples import task
from tests.tui.pictures import picture_of
from tests.tui.test_app import saved_run
from tests.tui.test_pictures import picture as picture
from tests.tui.test_pictures import themes
from tests.tui.waiting import draw


@themes
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_evolve(theme: str, size: tuple[int, int], picture: SnapshotAssertion) -> None:
    app = GpdebugApp()
    async with app.run_test(size=size):
        app.theme = theme
        saved_run(Path("my-run"))
        evolution = Evolution(Path("my-run"), task(), app.call_later)
        evolution.start(["reverse"])
        await app.push_screen(EvolveScreen(evolution))
        FakeRemote.made[0].told(FIRST)
        await draw(app)
        assert picture_of(app) == picture


@themes
async def test_form(theme: str, picture: SnapshotAssertion) -> None:
    app = GpdebugApp()
    async with app.run_test(size=(80, 24)) as pilot:
        app.theme = theme
        await pilot.press("e", *"reverse", "tab")
        app.screen.query_one("#field-population").value = "1"  # type: ignore[attr-defined]
        app.screen.query_one("#field-task").focus()
        await draw(app)
        assert picture_of(app) == picture
