"""The application: opening things, telling what does not work, help, palette, themes, small terminals, loading."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from threading import Event
from time import monotonic
from typing import Any

import pytest
from textual.command import DiscoveryHit
from textual.message import Message

from gpdebug.store.info import RunInfo
from gpdebug.store.recent import recent
from gpdebug.store.run import RunFolder
from gpdebug.store.verify import verify
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.loading import MachineFailed, MachineLoaded, MachineProgressed
from gpdebug.tui.messages import OpenRequested
from gpdebug.tui.palette import Commands
from gpdebug.tui.screens.help import HelpScreen
from gpdebug.tui.screens.home import HomeScreen
from gpdebug.tui.screens.notice import ProblemScreen, TooSmallScreen
from gpdebug.tui.screens.population import PopulationScreen
from gpdebug.tui.themes import MEANINGS
from gpdebug.tui.widgets.lines import KeyLine
from gpdebug.tui.widgets.page import Page
from tests.tui.examples import history, population, task
from tests.tui.waiting import until
from vm.reference import ReferenceMachine


def saved_run(path: Path, generations: int = 201) -> RunFolder:
    folder = RunFolder.create(path, RunInfo.of_task(task(), settings={}, seed=1, command=("gpdebug", "evolve")))
    for generation in (100, 200):
        folder.save_generation(population(50, generation=generation))
    folder.save_history(history(generations))
    return folder


def keys_of(app: GpdebugApp) -> str:
    return app.screen.query_one(KeyLine).render_line(0).text


async def test_without_anything_it_is_home() -> None:
    app = GpdebugApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert "open a path" in keys_of(app)


async def test_a_run_opens_at_its_last_generation_and_is_remembered(tmp_path: Path) -> None:
    app = GpdebugApp(saved_run(tmp_path / "a-run"))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, PopulationScreen)
        assert "generation 200" in app.screen.title_line.render_line(0).text
        assert [item.path for item in recent()] == [tmp_path / "a-run"]
        await pilot.press("escape")
        assert isinstance(app.screen, HomeScreen)


async def test_a_truncated_file_is_told_and_the_files_stay_as_they_are(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "a-run")
    file = folder.generation_path(200)
    file.write_bytes(file.read_bytes()[:-30])
    before = file.read_bytes()
    app = GpdebugApp(folder)
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, ProblemScreen)
        assert "200.parquet" in str(app.screen.query_one("#problem-text").render())
        await pilot.press("escape")
        assert isinstance(app.screen, PopulationScreen)
        assert "200.parquet" in app.screen.table.render_line(2).text
        assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda path: None, "no such file or run"),
        (lambda path: path.mkdir(), "is no run"),
        (lambda path: path.write_text("++ what? }"), "is no symbol of tape"),
        (lambda path: path.write_text(""), "is empty"),
    ],
)
async def test_what_cannot_be_opened_is_told_on_the_screen(
    tmp_path: Path, make: Callable[[Path], Any], says: str
) -> None:
    make(tmp_path / "thing.tape")
    app = GpdebugApp()
    async with app.run_test() as pilot:
        app.screen.post_message(OpenRequested(str(tmp_path / "thing.tape")))
        await pilot.pause()
        assert isinstance(app.screen, ProblemScreen)
        assert says in str(app.screen.query_one("#problem-text").render())
        await pilot.press("enter")
        assert isinstance(app.screen, HomeScreen)


async def test_a_read_only_home_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder is to be")
    monkeypatch.setenv("XDG_DATA_HOME", str(blocked))
    app = GpdebugApp(saved_run(tmp_path / "a-run"))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, PopulationScreen)
        assert "generation 200" in app.screen.title_line.render_line(0).text


async def test_help_lists_the_keys_of_the_screen_and_every_mark(tmp_path: Path) -> None:
    app = GpdebugApp(saved_run(tmp_path / "a-run"))
    async with app.run_test(size=(120, 60)) as pilot:
        await pilot.pause()
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        page = app.screen.query_one(Page)
        text = "\n".join(page.render_line(y).text for y in range(page.size.height))
        assert "The saved generation before" in text
        assert "Compare" not in text
        assert all(meaning.sign in text for meaning in MEANINGS)
        await pilot.press("question_mark")
        assert isinstance(app.screen, PopulationScreen)


async def test_the_palette_names_what_the_keys_do(tmp_path: Path) -> None:
    app = GpdebugApp(saved_run(tmp_path / "a-run"))
    async with app.run_test() as pilot:
        await pilot.pause()
        hits = [hit async for hit in Commands(app.screen).discover()]
        names = [str(hit.prompt) for hit in hits if isinstance(hit, DiscoveryHit)]
        assert "Sort, filter, search: Filter" in names
        assert "General: Theme" in names
        assert not any("Compare" in name or name.startswith("Move: ") for name in names)
        theme = next(hit for hit in hits if "Theme" in str(hit.prompt))
        before = app.theme
        theme.command()
        await pilot.pause()
        assert app.theme != before


async def test_a_terminal_that_is_too_small_says_so_until_it_is_larger() -> None:
    app = GpdebugApp()
    async with app.run_test(size=(50, 12)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, TooSmallScreen)
        assert not app.screen.is_modal, "what lies below would show through the words"
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)


async def test_loading_shows_how_far_it_is_and_then_offers_the_machine() -> None:
    app = GpdebugApp()
    async with app.run_test() as pilot:
        app.post_message(MachineProgressed("run_until", 2, 8))
        await pilot.pause()
        assert "compiling 3 of 8" in keys_of(app)
        app.post_message(MachineLoaded(ReferenceMachine))
        await pilot.pause()
        assert app.machine_type is ReferenceMachine
        assert "compiling" not in keys_of(app)


async def test_stored_values_that_the_programs_do_not_give_are_doubted_once_they_can_be_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gpdebug.tui.screens.population.verify", lambda people: verify(people, compiled=False))
    app = GpdebugApp(saved_run(tmp_path / "made-up"))
    async with app.run_test(size=(160, 40)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, PopulationScreen)
        assert not app.screen.doubt.display
        app.post_message(MachineLoaded(ReferenceMachine))
        await pilot.pause()
        assert app.screen.doubt.display
        assert "Do not trust the stored values: 32 programs were run again" in str(app.screen.doubt.render())


async def test_a_machine_that_does_not_load_costs_nothing_else() -> None:
    app = GpdebugApp()
    async with app.run_test() as pilot:
        app.post_message(MachineFailed("OSError: no room"))
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        assert app.machine_type is None


def test_loading_reports_a_broken_install(monkeypatch: pytest.MonkeyPatch) -> None:
    from gpdebug.tui import loading

    def broken(*_: object) -> None:
        raise OSError("no room for the cache")

    monkeypatch.setattr("vm.jit.warm_up", broken)
    posted: list[Message] = []
    loading.load(posted.append)
    assert isinstance(posted[-1], MachineFailed)
    assert "no room for the cache" in posted[-1].reason


async def test_keys_can_be_clicked() -> None:
    app = GpdebugApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.click(KeyLine, offset=(keys_of(app).index("help"), 0))
        assert isinstance(app.screen, HelpScreen)


@pytest.mark.parametrize(
    ("variables", "dark"),
    [
        ({}, True),
        ({"GPDEBUG_THEME": "light"}, False),
        ({"COLORFGBG": "0;15"}, False),
        ({"COLORFGBG": "15;0"}, True),
        ({"COLORFGBG": "0;15", "GPDEBUG_THEME": "dark"}, True),
    ],
)
async def test_the_theme_is_the_one_asked_for_or_fits_the_terminal(
    variables: dict[str, str], dark: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert GpdebugApp().current_theme.dark is dark


async def test_a_timer_rings_even_if_the_machine_stalls_as_it_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    app = GpdebugApp()
    async with app.run_test() as pilot:
        await pilot.pause()
        stalls, rung = count(), Event()
        monkeypatch.setattr("textual._time.get_time", lambda: monotonic() + 10 * (next(stalls) > 0))
        app.set_timer(1, rung.set)
        await until(rung.is_set)
