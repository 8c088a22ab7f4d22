"""A run that grows while one looks at it: by its folder alone, until it ends, is killed or is taken away."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gpdebug.store.info import RunStatus
from gpdebug.store.lock import WriterLock
from gpdebug.store.run import RunFolder
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.screens.evolve import EvolveScreen
from gpdebug.tui.screens.home import HomeScreen
from gpdebug.tui.screens.population import PopulationScreen
from gpdebug.tui.widgets.lines import KeyLine
from tests.tui.evolving import FakeRemote, text_of
from tests.tui.examples import history, population
from tests.tui.test_app import saved_run
from tests.tui.waiting import draw, settle, until


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is looked at only when a test says so."""
    monkeypatch.setattr("gpdebug.tui.screens.generations.LOOK", 1_000)
    monkeypatch.setattr("gpdebug.tui.screens.home.LOOK", 1_000)
    monkeypatch.setattr("gpdebug.tui.screens.evolve.LOOK", 1_000)


@asynccontextmanager
async def shown(folder: RunFolder) -> AsyncIterator[tuple[PopulationScreen, Pilot[None]]]:
    app = GpdebugApp(folder)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, PopulationScreen)
        yield app.screen, pilot


async def look(screen: PopulationScreen, pilot: Pilot[None]) -> str:
    """What the screen shows after another look at the run."""
    screen._look()
    await settle(screen.app)
    await pilot.pause()
    return text_of(screen)


def grow(folder: RunFolder, generation: int) -> None:
    folder.save_generation(population(50, generation=generation))
    folder.save_history(history(generation + 1))


async def test_the_next_generation_is_shown_to_who_looks_at_the_last(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "run")
    async with shown(folder) as (screen, pilot):
        assert "generation 200" in text_of(screen)
        assert "▶ evolving" in text_of(screen)
        grow(folder, 300)
        assert "generation 300" in await look(screen, pilot)
        assert screen.curve._saved == (100, 200, 300)


async def test_an_older_generation_stays_while_the_curve_grows(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "run")
    async with shown(folder) as (screen, pilot):
        await pilot.press("left_square_bracket")
        grow(folder, 300)
        await look(screen, pilot)
        assert "generation 100" in screen.title_line.render_line(0).text
        assert screen.curve._saved == (100, 200, 300)
        await pilot.press("right_square_bracket", "right_square_bracket")
        assert "generation 300" in screen.title_line.render_line(0).text


async def test_the_chosen_individual_the_marks_the_filter_and_the_order_stay(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "run")
    async with shown(folder) as (screen, pilot):
        await pilot.press("s", "l", "f", *"length < 40", "enter", "m", *5 * ["down"], *2 * ["right"])
        row, place = screen.table.row, screen.table.cursor
        assert row is not None
        assert place
        id, mark = screen._ids[row], screen._ids[screen.table.marks[0]]
        grow(folder, 300)
        await look(screen, pilot)
        assert "generation 300" in text_of(screen)
        assert "length < 40" in text_of(screen)
        lengths = screen._population.programs.lengths[screen.table.order]
        assert (lengths[1:] >= lengths[:-1]).all()
        if id in screen._ids[screen.table.order]:
            assert screen._ids[screen.table.row or 0] == id
        else:
            assert screen.table.cursor == place
        assert [screen._ids[row] for row in screen.table.marks] == [mark]


async def test_nothing_is_read_while_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = saved_run(tmp_path / "run")
    async with shown(folder) as (screen, pilot):
        monkeypatch.setattr(RunFolder, "history", lambda self: pytest.fail("read without need"))
        before = screen._individuals
        await look(screen, pilot)
        assert screen._individuals is before


async def test_a_run_that_ends_is_told(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "run")
    async with shown(folder) as (screen, pilot):
        folder.set_status(RunStatus.FINISHED)
        assert "evolving" not in await look(screen, pilot)


async def test_a_run_that_is_killed_is_told(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "run")
    lock = WriterLock(folder.path)
    async with shown(folder) as (screen, pilot):
        assert "▶ evolving" in text_of(screen)
        lock.release()
        text = await look(screen, pilot)
        assert "was killed" in text
        assert "evolving" not in text


async def test_a_folder_that_is_deleted_is_told_and_what_was_read_stays(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "run")
    async with shown(folder) as (screen, pilot):
        shutil.rmtree(folder.path)
        text = await look(screen, pilot)
        assert "its folder is gone" in text
        assert "generation 200" in text
        assert screen.is_current


async def test_a_run_without_a_generation_is_waited_for(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "run")
    shutil.rmtree(folder.path / "generations")
    (folder.path / "generations").mkdir()
    async with shown(folder) as (screen, pilot):
        assert "the first one will be shown here" in text_of(screen)
        grow(folder, 1)
        assert "generation 1 " in await look(screen, pilot)


async def test_it_is_looked_at_again_and_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpdebug.tui.screens.generations.LOOK", 0.05)
    folder = saved_run(tmp_path / "run")
    async with shown(folder) as (screen, _):
        grow(folder, 300)
        await until(lambda: screen._generation == 300)


async def test_a_stopped_run_is_gone_on_with_from_its_population(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gpdebug.tui.evolution.Remote", FakeRemote)
    monkeypatch.setattr(FakeRemote, "made", [])
    folder = saved_run(tmp_path / "run")
    folder.set_status(RunStatus.INTERRUPTED)
    async with shown(folder) as (screen, pilot):
        await pilot.press("e")
        assert isinstance(screen.app.screen, EvolveScreen)
        assert "stopped" in text_of(screen.app.screen)
        await pilot.press("r", "enter")
        assert FakeRemote.made[0].words == ["--resume", str(folder.path), "--budget", "5min"]
        await pilot.press("escape")
        assert screen.is_current
        await pilot.press("e")
        assert isinstance(screen.app.screen, EvolveScreen)
        assert len(FakeRemote.made) == 1


async def watched(screen: PopulationScreen, pilot: Pilot[None]) -> EvolveScreen:
    """The Evolve screen of the run that a Population screen shows."""
    await pilot.press("e")
    await settle(screen.app)
    await pilot.pause()
    live = screen.app.screen
    assert isinstance(live, EvolveScreen)
    return live


async def look_again(live: EvolveScreen, pilot: Pilot[None]) -> str:
    live._look()
    await settle(live.app)
    await pilot.pause()
    return text_of(live)


async def test_what_evolves_elsewhere_is_watched_and_not_commanded(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "run")
    lock = WriterLock(folder.path)
    async with shown(folder) as (screen, pilot):
        live = await watched(screen, pilot)
        text = text_of(live)
        assert f"▶ evolving elsewhere  by process {os.getpid()} on " in text
        assert "only watched from here" in text
        assert "generation 200" in text
        assert "error 0 · 8 of 8 cases" in text
        assert "dcba" in text
        keys = live.query_one(KeyLine).render_line(0).text
        assert all(word not in keys for word in ("pause", "stop", "save", "resume"))
        assert all(word in keys for word in ("debug", "best", "all", "back"))
        await pilot.press("p", "x", "s")
        assert live.is_current
        grow(folder, 300)
        text = await look_again(live, pilot)
        assert "generation 300" in text
        assert live.curve._saved == (100, 200, 300)
    lock.release()


async def test_a_watched_run_that_ends_can_be_gone_on_with(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "run")
    lock = WriterLock(folder.path)
    async with shown(folder) as (screen, pilot):
        live = await watched(screen, pilot)
        folder.set_status(RunStatus.FINISHED)
        lock.release()
        text = await look_again(live, pilot)
        assert "■ budget spent" in text
        assert "elsewhere" not in text
        assert "resume" in live.query_one(KeyLine).render_line(0).text


async def test_a_watched_run_that_is_killed_or_taken_away_is_told(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "run")
    lock = WriterLock(folder.path)
    async with shown(folder) as (screen, pilot):
        live = await watched(screen, pilot)
        lock.release()
        assert "was killed. Generation 200 is saved: r goes on from there." in await look_again(live, pilot)
        shutil.rmtree(folder.path)
        text = await look_again(live, pilot)
        assert "its folder is gone" in text
        assert "resume" not in live.query_one(KeyLine).render_line(0).text


async def test_what_a_watched_run_improved_is_told_though_no_program_of_it_is_saved(tmp_path: Path) -> None:
    folder = saved_run(tmp_path / "run")
    lock = WriterLock(folder.path)
    async with shown(folder) as (screen, pilot):
        live = await watched(screen, pilot)
        assert " → 0" in text_of(live)
        live.improvements.focus()
        await pilot.press("enter")
        assert live.is_current
    lock.release()


async def test_how_old_is_what_is_shown_of_a_watched_run_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = saved_run(tmp_path / "run")
    lock = WriterLock(folder.path)
    os.utime(folder.generation_path(200), (5_000, 5_000))
    monkeypatch.setattr("gpdebug.tui.evolve_words.time", lambda: 5_034.0)
    async with shown(folder) as (screen, pilot):
        live = await watched(screen, pilot)
        for size in ((120, 36), (80, 24)):
            await pilot.resize_terminal(*size)
            await draw(pilot.app)
            live._tell_standing()
            assert "as saved 0:34 ago" in live.standing.render_line(0).text
    lock.release()


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_home_tells_what_runs_from_what_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    monkeypatch.chdir(tmp_path)
    lock = WriterLock(saved_run(tmp_path / "alive").path)
    WriterLock(saved_run(tmp_path / "dead").path).release()
    app = GpdebugApp()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        assert isinstance(app.screen, HomeScreen)
        lines = text_of(app).splitlines()
        assert any("alive" in line and "▶ running" in line for line in lines)
        assert any("dead" in line and "killed" in line for line in lines)
        lock.release()
        app.screen._look()
        await settle(app)
        await pilot.pause()
        assert "▶ running" not in text_of(app)


async def test_a_run_that_was_stopped_before_its_first_generation_is_begun_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gpdebug.tui.evolution.Remote", FakeRemote)
    monkeypatch.setattr(FakeRemote, "made", [])
    folder = saved_run(tmp_path / "run")
    for file in (folder.path / "generations").iterdir():
        file.unlink()
    (folder.path / "history.parquet").unlink()
    folder.set_status(RunStatus.INTERRUPTED)
    app = GpdebugApp(folder)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: "no generation is saved yet; e goes on with the run" in text_of(app))
        await pilot.press("e")
        assert isinstance(app.screen, EvolveScreen)
        assert "■ stopped" in text_of(app)
        await pilot.press("r", "enter")
        assert FakeRemote.made[0].words == ["--resume", str(folder.path), "--budget", "5min"]
