"""The screen that follows and commands a run; the process is made up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gpdebug.evolve.live import Improvement, Preparation, State
from gpdebug.evolve.remote import Ending
from gpdebug.store.task import Case, Task
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.evolution import Evolution
from gpdebug.tui.evolve_words import improvement_rows
from gpdebug.tui.messages import DebugRequested
from gpdebug.tui.screens.evolve import EvolveScreen
from gpdebug.tui.screens.home import HomeScreen
from gpdebug.tui.screens.notice import ProblemScreen
from gpdebug.tui.screens.population import PopulationScreen
from gpdebug.tui.widgets.bar import Heading
from gpdebug.tui.widgets.lines import KeyLine
from tests.tui.evolving import FIRST, LEADERS, FakeRemote, leader, text_of
from tests.tui.evolving import fake_process as fake_process
from tests.tui.examples import LANGUAGE, REVERSE, task
from tests.tui.test_app import saved_run
from tests.tui.waiting import draw, settle, until


@asynccontextmanager
async def live(size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[EvolveScreen, Pilot[None], FakeRemote]]:
    """The screen of an evolution that has told how it is once."""
    app = GpdebugApp()
    async with app.run_test(size=size) as pilot:
        saved_run(Path("my-run"))
        evolution = Evolution(Path("my-run"), task(), app.call_later)
        app.evolutions.add(evolution)
        evolution.start(["reverse"])
        screen = EvolveScreen(evolution)
        await app.push_screen(screen)
        (remote,) = FakeRemote.made
        remote.told(FIRST)
        await pilot.pause()
        yield screen, pilot, remote


@asynccontextmanager
async def starting() -> AsyncIterator[tuple[EvolveScreen, Pilot[None], FakeRemote]]:
    """The screen of an evolution that has told nothing yet."""
    app = GpdebugApp()
    async with app.run_test(size=(80, 24)) as pilot:
        evolution = Evolution(Path("my-run"), task(), app.call_later)
        evolution.start(["reverse"])
        screen = EvolveScreen(evolution)
        await app.push_screen(screen)
        yield screen, pilot, FakeRemote.made[0]


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_it_tells_how_the_run_is(size: tuple[int, int]) -> None:
    async with live(size) as (screen, _, _):
        text = text_of(screen)
        told = ("evolving", "generation 120", "1:05", "3:55 left", "58,300 programs/s", "1.23 million programs",
                "quartiles 40–95", "error 21", "2 of 8 cases", "error 2,000 → 21", "segment inserted", '"ba"',
                "■■······")  # fmt: skip
        for what in told:
            assert what in text, what


@pytest.mark.parametrize("size", [(120, 36), (120, 24), (200, 50)])
async def test_it_tells_which_operators_succeed(size: tuple[int, int]) -> None:
    async with live(size) as (screen, _, _):
        lines = text_of(screen).splitlines()
        assert any("mutation" in line and "1.50%" in line for line in lines)
        assert any("two point" in line and "10.00%" in line for line in lines)


async def test_in_a_narrow_terminal_the_operators_take_the_place_of_the_improvements_and_give_it_back() -> None:
    async with live((80, 24)) as (screen, pilot, _):
        assert "two point" not in text_of(screen)
        await pilot.press("o")
        assert "mutation           1.50%  two point         10.00%" in text_of(screen)
        assert "error 2,000 → 21" not in text_of(screen)
        heading = screen.query_one("#evolve-operators-heading", Heading)
        await pilot.click(heading, offset=(heading.column_of("screen.side") or 0, 0))
        assert "error 2,000 → 21" in text_of(screen)
        await pilot.resize_terminal(120, 36)
        assert "two point" in text_of(screen)


async def test_no_figure_is_cut_where_there_is_no_room_for_all() -> None:
    async with live((80, 24)) as (screen, pilot, _):
        assert "25% of the budget" in screen.standing.render_line(0).text
        assert "…" not in screen.standing.render_line(0).text
        await pilot.resize_terminal(200, 50)
        await pilot.pause()
        assert "saved: generation 64 · 2 islands · mean 1,204 steps" in screen.standing.render_line(0).text


async def test_all_keys_are_shown_in_a_small_terminal() -> None:
    async with live((80, 24)) as (screen, _, _):
        keys = screen.query_one(KeyLine).render_line(0).text
        for word in ("pause", "save", "stop", "debug", "best", "all", "new", "back", "help"):
            assert word in keys


async def test_pausing_saving_and_stopping_are_told_to_the_process() -> None:
    async with live() as (screen, pilot, remote):
        await pilot.press("space")
        assert "pausing" in text_of(screen)
        remote.told(replace(FIRST, state=State.RUNNING, rows=()))
        await pilot.pause()
        assert "pausing" in text_of(screen)
        remote.told(replace(FIRST, state=State.PAUSED, rows=()))
        await pilot.pause()
        assert "paused" in text_of(screen)
        await pilot.press("p", "s", "x")
        assert remote.heard == ["pause", "resume", "save", "stop"]
        assert "stopping" in text_of(screen)


async def test_what_a_start_waits_for_is_told_with_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("gpdebug.tui.evolution.monotonic", lambda: now[0])
    async with starting() as (screen, pilot, remote):
        assert "starting" in text_of(screen)
        remote.told(Preparation("compiling once, for this machine: run_lanes (34)"))
        now[0] += 12
        await pilot.pause()
        screen._tell_standing()
        await pilot.pause()
        assert "starting  compiling once, for this machine: run_lanes (34) · 0:12" in text_of(screen)
        await pilot.press("p")
        assert "pausing  compiling once" in text_of(screen)
        remote.told(FIRST)
        await pilot.pause()
        assert "pausing  after this generation, then it is saved" in text_of(screen)
        remote.told(replace(FIRST, state=State.PAUSED, rows=()))
        await pilot.pause()
        assert "after this generation" not in text_of(screen)


async def test_a_start_is_stopped_by_word_and_then_by_force() -> None:
    async with starting() as (screen, pilot, remote):
        await pilot.press("x")
        assert remote.heard == ["stop"]
        assert "stopping  once more ends it at once" in text_of(screen)
        await pilot.press("x")
        assert remote.heard == ["stop", "kill"]
        remote.ended(Ending(-9, "the process that evolved was killed (SIGKILL)"))
        await pilot.pause()
        assert "stopped" in text_of(screen)
        assert "SIGKILL" not in text_of(screen)


async def test_a_start_that_was_stopped_can_begin_again(fake_process: list[FakeRemote]) -> None:
    async with starting() as (screen, pilot, remote):
        saved_run(Path("my-run"))
        await pilot.press("x")
        remote.ended(Ending(130))
        await pilot.pause()
        assert "■ stopped" in text_of(screen)
        assert "✗" not in text_of(screen)
        await pilot.press("r", "enter")
        assert fake_process[-1].words == ["--resume", "my-run", "--budget", "5min"]


async def test_a_run_that_has_begun_is_not_killed_by_stopping_it_twice() -> None:
    async with live() as (screen, pilot, remote):
        await pilot.press("x", "x")
        assert remote.heard == ["stop", "stop"]
        assert "once more" not in text_of(screen)


async def test_a_run_that_is_told_to_stop_when_it_is_over_is_shown_as_it_ended() -> None:
    async with live() as (screen, pilot, remote):
        remote.told(replace(FIRST, state=State.FINISHED, rows=()))
        await pilot.pause()
        await pilot.press("x")
        remote.ended(Ending(1))
        await pilot.pause()
        assert "■ budget spent" in text_of(screen)


async def test_cases_that_are_not_shown_are_counted() -> None:
    async with live() as (screen, pilot, remote):
        screen.evolution.task = Task("echo", LANGUAGE, tuple(Case(b"a", b"a") for _ in range(200)))
        remote.told(replace(FIRST, code=b",.", rows=()))
        await draw(screen.app)
        screen.page.focus()
        await pilot.press("end")
        await draw(screen.app)
        assert "and 160 more cases" in text_of(screen)


async def test_a_resumed_run_that_dies_before_it_begins_has_failed(fake_process: list[FakeRemote]) -> None:
    async with live() as (screen, pilot, remote):
        remote.told(replace(FIRST, state=State.INTERRUPTED, saved=120, rows=()))
        remote.ended(Ending(130))
        await pilot.pause()
        await pilot.press("r", "enter")
        fake_process[-1].ended(Ending(1))
        await pilot.pause()
        assert "failed" in text_of(screen)


async def test_a_stopped_run_is_gone_on_with_for_another_budget(fake_process: list[FakeRemote]) -> None:
    async with live() as (screen, pilot, remote):
        remote.told(replace(FIRST, state=State.INTERRUPTED, saved=120, rows=()))
        remote.ended(Ending(130))
        await pilot.pause()
        assert "stopped" in text_of(screen)
        await pilot.press("r", "2", "x", "enter")
        assert "expected a time" in text_of(screen)
        await pilot.press("ctrl+u", *"2h", "enter")
        assert fake_process[-1].words == ["--resume", "my-run", "--budget", "2h"]
        assert len(fake_process) == 2


async def test_a_process_that_dies_is_told_with_what_is_saved_and_can_be_resumed() -> None:
    async with live() as (screen, pilot, remote):
        remote.ended(Ending(-9, "the process that evolved was killed (SIGKILL)"))
        await pilot.pause()
        assert "failed" in text_of(screen)
        assert "was killed (SIGKILL). Generation 64 is saved: r goes on from there." in text_of(screen)
        assert "resume" in screen.query_one(KeyLine).render_line(0).text


async def test_a_process_that_dies_before_anything_is_saved_can_begin_again(fake_process: list[FakeRemote]) -> None:
    async with live() as (screen, pilot, remote):
        screen.evolution.saved = ()
        remote.ended(Ending(-9, "the process that evolved was killed (SIGKILL)"))
        await pilot.pause()
        assert "Nothing was saved yet: r begins it again." in text_of(screen)
        await pilot.press("r", "enter")
        assert fake_process[-1].words == ["--resume", "my-run", "--budget", "5min"]
        assert screen.evolution.history is None
        assert not screen.evolution.improvements


async def test_what_never_became_a_run_cannot_be_gone_on_with() -> None:
    async with live() as (screen, pilot, remote):
        screen.evolution.saved = ()
        (Path("my-run") / "run.json").unlink()
        remote.ended(Ending(2, "the disk is full"))
        await pilot.pause()
        assert "✗ the disk is full." in text_of(screen)
        assert "resume" not in screen.query_one(KeyLine).render_line(0).text


async def test_an_individual_is_debugged_while_it_evolves_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[DebugRequested] = []
    monkeypatch.setattr(GpdebugApp, "on_debug_requested", lambda self, message: asked.append(message))
    async with live() as (_, pilot, remote):
        await pilot.press("down", "enter", "b")
        assert [request.program.code.tobytes() for request in asked] == [LEADERS[1].code, LEADERS[0].code]
        assert asked[0].title == "my-run ▸ generation 120 ▸ #41"
        assert asked[0].case == 2
        assert not remote.heard


async def test_the_cursor_stays_on_its_individual() -> None:
    async with live() as (screen, pilot, remote):
        await pilot.press("down")
        better = leader(50, REVERSE, (0,) * 8)
        remote.told(replace(FIRST, leaders=(better, *LEADERS), generation=130, code=REVERSE, error=0, rows=()))
        await pilot.pause()
        assert screen._leaders.leaders[screen.table.row or 0].id == 41


async def test_what_happened_while_another_screen_was_shown_is_there_on_the_way_back() -> None:
    async with live() as (screen, pilot, remote):
        await pilot.press("question_mark")
        remote.told(replace(FIRST, state=State.SOLVED, generation=131, error=0, rows=()))
        remote.ended(Ending(0))
        await pilot.pause()
        await pilot.press("escape")
        assert "generation 131" in text_of(screen)
        assert "✓ solved" in text_of(screen)


async def test_it_evolves_on_when_one_goes_back_and_home_leads_to_it() -> None:
    async with live() as (screen, pilot, remote):
        await pilot.press("escape")
        app = screen.app
        assert isinstance(app.screen, HomeScreen)
        await pilot.pause()
        remote.told(replace(FIRST, generation=140, rows=()))
        await pilot.pause()
        await pilot.press("end", "enter")
        assert isinstance(app.screen, EvolveScreen)
        assert isinstance(app, GpdebugApp)
        assert "generation 140" in text_of(app)
        assert not remote.heard


async def test_everyone_is_shown_by_the_population_screen() -> None:
    async with live() as (screen, pilot, remote):
        await pilot.press("a")
        await settle(screen.app)
        assert isinstance(screen.app.screen, PopulationScreen)
        assert remote.heard == ["save"]


async def test_a_folder_that_is_gone_is_told() -> None:
    async with live() as (screen, pilot, _):
        (Path("my-run") / "run.json").unlink()
        await pilot.press("b")
        assert isinstance(screen.app.screen, ProblemScreen)


async def test_the_runs_are_saved_when_the_screens_are_left() -> None:
    said: list[str] = []
    async with live() as (screen, _, remote):
        app = screen.app
    assert isinstance(app, GpdebugApp)
    app.evolutions.end(said.append)
    assert remote.heard == ["end"]
    assert said == ["saving my-run ...", "go on with: gpdebug evolve --resume my-run"]


async def test_the_newest_improvement_is_in_sight_until_another_one_is_chosen() -> None:
    async with live((80, 24)) as (screen, pilot, remote):
        for number in range(1, 6):
            found = Improvement(120 + number, 21 - number, 30, b"+" * number, "mutation")
            remote.told(replace(FIRST, rows=(), improvements=(found,)))
            await pilot.pause()
        assert "error 17 → 16" in text_of(screen)
        screen.improvements.focus()
        await pilot.press("down", "down")
        chosen = screen.improvements.key
        remote.told(replace(FIRST, rows=(), improvements=(Improvement(130, 3, 30, b"-", "mutation"),)))
        await pilot.pause()
        assert screen.improvements.key == chosen


async def test_everyone_is_shown_as_soon_as_the_first_generation_is_saved() -> None:
    async with live() as (screen, pilot, remote):
        screen.evolution.saved = ()
        await pilot.press("a")
        assert remote.heard == ["save"]
        assert screen.is_current
        remote.told(replace(FIRST, rows=(), saved=121))
        await until(lambda: isinstance(pilot.app.screen, PopulationScreen), "the population")


async def test_before_the_first_generation_no_saved_one_is_marked() -> None:
    async with starting() as (screen, _, _):
        assert "◆" not in text_of(screen)


def test_improvements_are_written_alike_and_their_generations_end_in_one_column() -> None:
    found = [
        Improvement(at, 500 - at, 30, b"+", by) for at, by in ((0, ""), (7, "mutation"), (120, "segment inserted"))
    ]
    for width, begins in ((80, "generation"), (40, "")):
        lines = ["".join(str(text) for text, _ in row.words) for row in improvement_rows(found, width)]
        assert all(line.startswith(begins) and len(line) <= width - 2 for line in lines)
        assert len({line.index(":") for line in lines}) == 1
        assert ("generation" in lines[0]) == bool(begins)
