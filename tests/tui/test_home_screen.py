"""Home: what it lists, and the ways from it to a program."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.widgets import Static

from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.messages import DebugRequested
from gpdebug.tui.screens.home import HomeScreen
from gpdebug.tui.screens.paste import PasteScreen
from gpdebug.tui.screens.population import PopulationScreen
from gpdebug.tui.widgets.entries import Entries, ago, names_of, sparkline
from tests.tui.test_app import saved_run


def lines(entries: Entries) -> list[str]:
    return [entries.render_line(y).text.rstrip() for y in range(entries.size.height)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return work


async def test_runs_of_the_folder_are_listed_with_how_they_went(folder: Path) -> None:
    saved_run(folder / "runs" / "my-run")
    app = GpdebugApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        (line,) = [line for line in lines(app.screen.entries) if "my-run" in line]
        assert {"reverse", "tape", "200", "0"} <= set(line.split())
        assert "just now" in line
        assert not app.screen.query_one("#home-welcome").display


async def test_where_there_is_room_the_name_of_a_task_is_whole(folder: Path) -> None:
    app = GpdebugApp()
    async with app.run_test(size=(200, 50)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert any("text:Hello, world!" in line for line in lines(app.screen.entries))


def test_names_say_as_much_of_the_path_as_tells_them_apart() -> None:
    paths = [Path("/a/runs/one"), Path("/b/runs/one"), Path("/b/runs/two"), Path("/b/runs/one")]
    assert names_of(paths) == ["a/runs/one", "b/runs/one", "two", "b/runs/one"]
    assert names_of([Path("one")]) == ["one"]


async def test_enter_opens_the_run_under_the_cursor_and_escape_comes_back(folder: Path) -> None:
    saved_run(folder / "my-run")
    app = GpdebugApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.press("end", "enter")
        await pilot.pause()
        assert isinstance(app.screen, PopulationScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_a_damaged_run_is_listed_with_what_is_wrong(folder: Path) -> None:
    (folder / "broken").mkdir()
    (folder / "broken" / "run.json").write_text("{")
    app = GpdebugApp()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert any("broken" in line and "✗" in line for line in lines(app.screen.entries))


async def test_the_first_start_says_what_to_press(folder: Path) -> None:
    app = GpdebugApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert app.screen.query_one("#home-welcome").display
        assert "Press Enter to open" in str(app.screen.query_one("#home-welcome", Static).render())


async def test_a_path_can_be_typed(folder: Path) -> None:
    saved_run(folder / "my-run")
    app = GpdebugApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("o", *"my-run", "enter")
        await pilot.pause()
        assert isinstance(app.screen, PopulationScreen)


async def test_a_pasted_program_is_judged_while_it_is_typed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[DebugRequested] = []
    monkeypatch.setattr(GpdebugApp, "on_debug_requested", lambda self, message: asked.append(message))
    app = GpdebugApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("p")
        assert isinstance(app.screen, PasteScreen)
        app.screen.text_area.text = "[>]<[.<}] x"
        await pilot.pause()
        verdict = app.screen.verdict
        assert "line 1, column 11: 'x' is no symbol of tape" in str(verdict.render())
        await pilot.press("ctrl+o")
        assert not asked
        app.screen.text_area.text = "[>]<[.<}]"
        await pilot.pause()
        assert "9 instructions of tape (guessed)" in str(verdict.render())
        await pilot.press("ctrl+o")
        assert [message.program.text for message in asked] == ["[>]<[.<}]"]


async def test_the_language_of_a_pasted_program_can_be_chosen(folder: Path) -> None:
    app = GpdebugApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press("p")
        assert isinstance(app.screen, PasteScreen)
        app.screen.text_area.text = "+[-]"
        await pilot.press("ctrl+l", "ctrl+l")
        assert "4 instructions of bf (chosen)" in str(app.screen.verdict.render())


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(5, "just now"), (-5, "just now"), (60, "1 minute ago"), (7300, "2 hours ago"), (90000, "1 day ago"),
     (86400 * 40, "2029-12-22")],
)  # fmt: skip
def test_time_is_told_in_the_largest_unit(seconds: int, says: str) -> None:
    now = datetime(2030, 1, 31, 12, tzinfo=UTC)
    assert ago(now - timedelta(seconds=seconds), now) == says


def test_a_sparkline_falls_from_the_top_to_the_bottom() -> None:
    text = sparkline([1000, 100, 10, 1, 0], 4)
    assert len(text) == 4
    assert text[0] in "⠉⠋⠁⠙⢉⠃⡇⢇"
    assert ord(text[-1]) - 0x2800 & 0xC0
    assert sparkline([5], 4) == ""
