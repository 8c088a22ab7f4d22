"""The compare and the descent screen: edits and what they do, ancestors and what they brought, and the ways between."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from gpdebug.store.individuals import Individuals
from gpdebug.store.opening import open_path
from gpdebug.store.population import Individual
from gpdebug.store.run import RunFolder
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.screens.compare import CompareScreen
from gpdebug.tui.screens.debug import DebugScreen
from gpdebug.tui.screens.descent import DescentScreen
from gpdebug.tui.screens.population import PopulationScreen
from gpdebug.tui.sources import RunSource
from gpdebug.tui.widgets.bar import Bar
from gpdebug.tui.widgets.code_map import CodeMap
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.page import Page
from gpdebug.tui.widgets.rows import Rows
from tests.tui.examples import population
from tests.tui.waiting import draw

BEST, PARENT = 33330, 33170


def people() -> Individuals:
    run = open_path("reverse")
    assert isinstance(run, RunFolder)
    return Individuals(run)


class Showing(GpdebugApp):
    """The application on one screen, over another."""

    def __init__(self, screen: Screen[None]) -> None:
        super().__init__()
        self._first = screen

    def first_screen(self) -> Screen[None]:
        return self._first


@asynccontextmanager
async def shown(screen: Screen[None], size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[Showing, Pilot[None]]]:
    app = Showing(screen)
    async with app.run_test(size=size) as pilot:
        await draw(app)
        yield app, pilot


def compared(first: int = PARENT, second: int = BEST) -> CompareScreen:
    run = people()
    return CompareScreen(run.dialect, run.find(first), run.find(second), run.task)


def text_of(widget: Page | Rows | Bar | TitleLine | KeyLine | CodeMap) -> str:
    return "\n".join(widget.render_line(y).text.rstrip() for y in range(widget.size.height))


@asynccontextmanager
async def over(screen: CompareScreen | DescentScreen, size: tuple[int, int] = (120, 36)) -> AsyncIterator[
    tuple[Showing, Pilot[None]]
]:  # fmt: skip
    """A screen over the population of the sample run."""
    run = open_path("reverse")
    assert isinstance(run, RunFolder)
    async with shown(PopulationScreen(RunSource(run)), size) as (app, pilot):
        app.push_screen(screen)
        await draw(app)
        yield app, pilot


async def test_edits_are_listed_with_what_they_do() -> None:
    async with over(compared()) as (app, pilot):
        edits, story = app.screen.query_one("#edits", Rows), app.screen.query_one("#story", Page)
        assert "puts in +,>" in text_of(edits)
        assert text_of(edits).splitlines()[1].split()[-2:] == ["−266", "−266"]
        assert "edit 1 puts in +,>" in text_of(story)
        await pilot.press("n")
        assert "edit 2 takes out ]+[,>" in text_of(story)
        assert "here byte 0: 110 'n' → 112 'p'" in text_of(story)
        assert "alone: error −266, better on 15 cases, worse on 0" in text_of(story)


async def test_the_chosen_edit_is_shown_in_the_programs() -> None:
    async with over(compared(), size=(80, 24)) as (app, pilot):
        programs = app.screen.query_one("#programs", Page)
        assert "{.···,[" in text_of(programs)
        await pilot.press("down")
        assert "--<]+[,>.<]" in text_of(programs)
        assert "·····" in text_of(programs)


async def test_brackets_choose_the_case_and_r_takes_it_to_the_debugger() -> None:
    async with over(compared()) as (app, pilot):
        title = app.screen.query_one(TitleLine)
        assert "2 edits · case 2 of 328" in text_of(title)
        await pilot.press("right_square_bracket", "right_square_bracket")
        assert "case 4 of 328" in text_of(title)
        assert "output on case 4" in text_of(app.screen.query_one("#story", Page))
        await pilot.press("left_square_bracket")
        assert "case 3 of 328" in text_of(title)


async def test_a_screen_that_is_left_gives_up_what_it_works_out(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting: list[Callable[[], None]] = []
    done: list[object] = []
    monkeypatch.setattr("gpdebug.explain.history.comparison.compare", lambda *given, **_: done.append(given))
    monkeypatch.setattr("gpdebug.explain.history.blame.blame", lambda *given, **_: done.append(given))
    run = people()
    screens = (
        CompareScreen(run.dialect, run.find(PARENT), run.find(BEST), run.task, runner=waiting.append),
        DescentScreen(run, run.find(BEST), runner=waiting.append),
    )
    for screen in screens:
        async with over(screen) as (app, pilot):
            await pilot.press("escape")
            assert app.screen is not screen
            waiting.pop()()
    assert not done


async def test_equal_programs_are_told_to_be_equal() -> None:
    async with over(compared(BEST, BEST)) as (app, pilot):
        assert "the programs are the same" in text_of(app.screen.query_one("#titles", Bar))
        assert "next edit" not in text_of(app.screen.query_one(KeyLine))
        await pilot.press("n", "enter")


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_b_tells_where_an_individual_comes_from(size: tuple[int, int]) -> None:
    run = open_path("reverse")
    assert isinstance(run, RunFolder)
    async with shown(PopulationScreen(RunSource(run)), size) as (app, pilot):
        await pilot.press("down", "b")
        assert isinstance(app.screen, DescentScreen)
        ancestors = app.screen.query_one("#ancestors", Rows)
        assert "#12 " in text_of(ancestors)
        assert "without it" in text_of(app.screen.query_one("#titles", Bar))
        assert "error 0 · by " in text_of(app.screen.query_one(TitleLine))
        await pilot.press("end")
        assert "#33330 · generation 99 · mutation · error 266 → 0 · 6 more cases right" in text_of(ancestors)
        await pilot.press("escape")
        assert isinstance(app.screen, PopulationScreen)


async def test_the_instruction_under_the_cursor_names_its_ancestor_by_key_and_by_mouse() -> None:
    run = people()
    async with over(DescentScreen(run, run.find(BEST))) as (app, pilot):
        told, ancestors = app.screen.query_one("#instruction", Bar), app.screen.query_one("#ancestors", Rows)
        code = app.screen.query_one(CodeMap)
        await pilot.press("tab")
        assert code.has_focus
        await pilot.press("right", "right", "right")
        assert "instruction 3 [: #12 · generation 0 · random" in text_of(told)
        assert ancestors.key == "brought:0"
        await pilot.press("end", "home", "down")
        assert "instruction 110 +: #12532 · generation 38 · mutation · with 64 others" in text_of(told)
        column, line = 9 + 256 % 110, 256 // 110
        await pilot.click(code, offset=(column, line))
        assert "instruction 256 +: #33330 · generation 99 · mutation · with 2 others" in text_of(told)
        assert "error then 266 → 0; without these now the same" in text_of(app.screen.query_one("#birth", Bar))


async def test_enter_on_an_ancestor_shows_its_birth_and_o_debugs_it() -> None:
    run = people()
    async with over(DescentScreen(run, run.find(BEST))) as (app, pilot):
        assert "the birth" not in text_of(app.screen.query_one(KeyLine)), "the oldest was made from nothing"
        await pilot.press("end", "enter")
        assert isinstance(app.screen, CompareScreen)
        assert f"#{PARENT} ▸ compared with #{BEST}" in text_of(app.screen.query_one(TitleLine))
        await pilot.press("escape", "o")
        assert isinstance(app.screen, DebugScreen)


async def test_runs_of_a_birth_are_compared_in_the_debugger() -> None:
    run = people()
    async with over(DescentScreen(run, run.find(BEST))) as (app, pilot):
        await pilot.press("end", "enter", "r")
        assert f"reverse ▸ #{BEST}" in " ".join(text_of(line) for line in app.screen.query(TitleLine))


async def test_without_ancestors_it_says_what_is_missing() -> None:
    crowd = Individuals(population())
    async with over(DescentScreen(crowd, crowd.best())) as (app, pilot):
        assert "is not stored, so nobody knows which of its instructions" in text_of(
            app.screen.query_one("#ancestors", Rows)
        )
        await pilot.press("enter", "o", "tab", "right")
        await pilot.press("escape")


async def test_an_empty_program_has_no_descent_to_tell() -> None:
    crowd = Individuals(population())
    empty = Individual(row=0, id=1, code=b"", parents=())
    async with over(DescentScreen(crowd, empty)) as (app, pilot):
        await pilot.press("tab", "right", "end", "tab", "end", "enter")
        assert "by 0 of 1 ancestor" in text_of(app.screen.query_one(TitleLine))
