"""The explain screen looks as it is meant to, on both themes and on terminals of three sizes."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from gpdebug.tui.themes import THEMES
from tests.tui.debugging import HELLO, REVERSE, REVERSE_TASK, DebugApp
from tests.tui.pictures import Picture, picture_of
from vm.dialect import BF
from vm.program import Program

WASTE = Program.parse("++++++++[>++++++++<-]>+.+-", BF)
themes = pytest.mark.parametrize("theme", [theme.name for theme in THEMES])


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Picture)


@themes
async def test_the_circuit(theme: str, picture: SnapshotAssertion) -> None:
    app = DebugApp(WASTE, title="waste.bf")
    app.theme = theme
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("c", "y", "enter", "up", "up")
        await pilot.pause()
        assert picture_of(app) == picture


async def test_circuit_and_nodes_on_a_wide_terminal(picture: SnapshotAssertion) -> None:
    app = DebugApp(HELLO, title="hello.bf")
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.press("c", "y", "enter", "c")
        await pilot.pause()
        assert picture_of(app) == picture


@themes
async def test_knock_outs(theme: str, picture: SnapshotAssertion) -> None:
    app = DebugApp(REVERSE, task=REVERSE_TASK, title="reverse ▸ generation 182 ▸ #7")
    app.theme = theme
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("c", "y", "enter", "3", "right", "down")
        await pilot.pause()
        assert picture_of(app) == picture


async def test_what_if_on_a_small_terminal(picture: SnapshotAssertion) -> None:
    app = DebugApp(WASTE, title="waste.bf")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("c", "I", *"blank 9", "enter")
        await pilot.press("w", *"mem[3]=")
        await pilot.pause()
        assert picture_of(app) == picture


async def test_knock_outs_in_the_background_of_a_program(picture: SnapshotAssertion) -> None:
    app = DebugApp(WASTE, title="waste.bf")
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("c", "a", "a")
        await pilot.pause()
        assert picture_of(app) == picture
