"""The line of descent on the population screen: errors, edits, and the way to each birth."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from textual.pilot import Pilot

from gpdebug.explain.history.alignment import align_birth
from gpdebug.store.opening import open_path
from gpdebug.store.run import RunFolder
from gpdebug.tui.ancestor_rows import AncestorRows, edit_words
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.screens.compare import CompareScreen
from gpdebug.tui.screens.population import PopulationScreen
from gpdebug.tui.sources import PopulationSource, RunSource, Source
from gpdebug.tui.widgets.bar import Bar
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from tests.tui.examples import population
from tests.tui.waiting import draw
from vm.dialect import TAPE


class Shown(GpdebugApp):
    """The application with a population screen."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.people = PopulationScreen(source)

    def first_screen(self) -> PopulationScreen:
        return self.people


def sample() -> RunFolder:
    run = open_path("reverse")
    assert isinstance(run, RunFolder)
    return run


@asynccontextmanager
async def shown(source: Source, size: tuple[int, int]) -> AsyncIterator[tuple[Shown, Pilot[None]]]:
    app = Shown(source)
    async with app.run_test(size=size) as pilot:
        await draw(app)
        yield app, pilot


def births(app: Shown) -> list[str]:
    rows = app.people.births
    return [rows.render_line(y).text.rstrip() for y in range(rows.size.height)]


async def test_the_line_of_descent_is_shown_where_there_is_room_and_follows_the_cursor() -> None:
    async with shown(RunSource(sample()), (120, 36)) as (app, pilot):
        titles = app.people.query_one("#descent-titles", Bar)
        assert titles.render_line(0).text.split() == ["who", "born", "made", "by", "error", "edit"]
        first, second, third = births(app)[:3]
        assert first.split()[:4] == ["#33542", "99", "shortened", "0"]
        assert second.split()[:4] == ["#33330", "99", "mutation", "0"]
        assert "puts in +,> at 256 · takes out ]+[,> at 451" in second
        assert third.split()[:4] == ["#33170", "98", "mutation", "266"]
        await pilot.press("down", "down")
        await draw(app)
        assert births(app)[0].split()[:2] == ["#33170", "98"]


@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_a_shows_and_hides_the_ancestors(size: tuple[int, int]) -> None:
    async with shown(RunSource(sample()), size) as (app, pilot):
        assert app.people.descent.display == (size[1] > 30)
        for _ in range(2):
            before = app.people.descent.display
            await pilot.press("a")
            await draw(app)
            assert app.people.descent.display != before
        if size == (80, 24):
            await pilot.press("a")
            await draw(app)
        assert any("puts in +,> at 256 · takes out" in line for line in births(app))
        assert app.people.table.size.height >= 8


async def test_enter_on_a_birth_compares_with_the_parent_and_the_debugger_can_follow() -> None:
    async with shown(RunSource(sample()), (120, 36)) as (app, pilot):
        await pilot.press("tab", "down", "enter")
        await draw(app)
        assert isinstance(app.screen, CompareScreen)
        title = app.screen.query_one(TitleLine).render_line(0).text
        assert "#33170" in title
        assert "#33330" in title


async def test_a_population_by_itself_has_no_ancestors_to_show() -> None:
    async with shown(PopulationSource(population(generation=None)), (120, 36)) as (app, pilot):
        assert not app.people.descent.display
        assert "ancestors" not in app.people.query_one(KeyLine).render_line(0).text
        await pilot.press("a")
        assert not app.people.descent.display


async def test_of_an_earlier_generation_only_ancestors_of_the_last_one_are_known() -> None:
    run = sample()
    async with shown(RunSource(run), (120, 36)) as (app, pilot):
        await pilot.press("left_square_bracket", "end")
        await draw(app)
        (line, *rest) = births(app)
        assert "its parents are not stored" in line
        assert not any(rest)


def test_edits_are_told_and_the_rest_is_counted() -> None:
    assert edit_words(b"[.>}]", b"[.>}]", TAPE) == "the same program"
    assert edit_words(b"[.>}]", b"[.>}]+", TAPE) == "puts in + at 5"
    parent, child = b"+++++.-----,>>>>>.<<<<<,}}}}}", b">>+++++-----,>>>>>><<<<<,,}}}}}.."
    count = len(align_birth(parent, child, TAPE).hunks)
    assert count > 3
    assert edit_words(parent, child, TAPE).endswith(f" · {count - 3} more")


def test_a_line_of_descent_goes_from_an_individual_to_the_first_generation_with_everyones_error() -> None:
    run = sample()
    lineage = run.lineage()
    people = RunSource(run).individuals
    line = lineage.descent(int(lineage.ids[-1]))[::-1]
    _, rows = AncestorRows(people).of(people.find(int(lineage.ids[-1])))
    assert [int(row.key) for row in rows] == lineage.ids[line].tolist()
    told = ["".join(text for text, _ in row.words).split() for row in rows]
    errors = [f"{error:,}" for error in lineage.error[line].tolist()]
    assert all(error in words[:5] for words, error in zip(told, errors, strict=True))
    assert "made from nothing" in "".join(text for text, _ in rows[-1].words)


def test_a_lineage_that_was_written_anew_is_read_again(tmp_path: Path) -> None:
    shutil.copytree(sample().path, tmp_path / "run")
    run = RunFolder.open(tmp_path / "run")
    people = RunSource(run).individuals
    lineage = run.lineage()
    gone = int(np.setdiff1d(lineage.ids, run.population(run.generations[-1]).ids)[0])
    assert people.get(gone) is not None
    run.save_lineage(replace(lineage, error=lineage.error + 1))
    found, row = people.get(gone), int(lineage.rows_of(np.array([gone]))[0])
    assert found is not None
    assert found.error == lineage.error[row] + 1
