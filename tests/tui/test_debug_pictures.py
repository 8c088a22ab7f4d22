"""The debug and the diff screen look as they are meant to, on both themes and on terminals of three sizes."""

from __future__ import annotations

import pytest
from syrupy.assertion import SnapshotAssertion

from gpdebug.debugger.places import Event
from gpdebug.tui.themes import THEMES
from tests.tui.debugging import HELLO, REVERSE, REVERSE_TASK, DebugApp
from tests.tui.pictures import Picture, picture_of
from vm.dialect import BFF
from vm.program import Program
from vm.touch import Access


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(Picture)


themes = pytest.mark.parametrize("theme", [theme.name for theme in THEMES])


def themed(app: DebugApp, theme: str) -> DebugApp:
    app.theme = theme
    return app


@themes
async def test_debug(theme: str, picture: SnapshotAssertion) -> None:
    app = themed(DebugApp(REVERSE, task=REVERSE_TASK, title="reverse ▸ generation 182 ▸ #7"), theme)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("c", "r", "1", "4", "s", "m", "right", "b", "c")
        await pilot.pause()
        assert picture_of(app) == picture


@themes
async def test_diff(theme: str, picture: SnapshotAssertion) -> None:
    app = themed(DebugApp(HELLO, title="hello.bf"), theme)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("2", "0", "0", "s", "m", "3", "0", "0", "s", "d")
        await pilot.pause()
        assert picture_of(app) == picture


async def test_debug_on_a_small_terminal(picture: SnapshotAssertion) -> None:
    app = DebugApp(HELLO, title="hello.bf")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("b", "3", "3", "3", "s", "m", "s", "tab", "down")
        await pilot.pause()
        assert picture_of(app) == picture


async def test_debug_a_program_that_is_the_memory_on_a_wide_terminal(picture: SnapshotAssertion) -> None:
    soup = bytes((index * 37 + 11) % 256 if index % 3 else ord("<>{}+-.,[]"[index % 10]) for index in range(128))
    app = DebugApp(Program(soup, BFF), title="soup")
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.press("2", "0", "s", "B", *"h0 > 3", "enter", "m")
        await pilot.pause()
        assert picture_of(app) == picture


async def test_the_dialog_of_a_stop(picture: SnapshotAssertion) -> None:
    app = DebugApp(HELLO, title="hello.bf")
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("W", *"mem[1] == foo")
        await pilot.pause()
        assert picture_of(app) == picture


async def test_stops_on_code_and_cells(picture: SnapshotAssertion) -> None:
    app = DebugApp(REVERSE, task=REVERSE_TASK)
    async with app.run_test(size=(160, 45)) as pilot:
        stops = app.here.session.stops
        stops.add(5, rule=">= 2", note="copies")
        stops.watch_cells(128, 4)
        stops.watch_cells(1, head=0, access=Access.READ, message="next is {cell0}")
        stops.catch(Event.OVER, snapshot=True)
        await pilot.press("c")
        await pilot.pause()
        assert picture_of(app) == picture
