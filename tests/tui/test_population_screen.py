"""The population screen: generations, sorting, filtering, searching, comparing, and the way into the debugger."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event

import pytest
from textual.pilot import Pilot
from textual.worker_manager import WorkerManager

from gpdebug.store.cases import telling_case
from gpdebug.store.errors import StoreError
from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Individual, Population
from gpdebug.store.task import Task
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.screens.choice import ChoiceLine
from gpdebug.tui.screens.compare import CompareScreen
from gpdebug.tui.screens.home import HomeScreen
from gpdebug.tui.screens.population import PopulationScreen
from gpdebug.tui.sources import PopulationSource, Source
from gpdebug.tui.widgets.curve import Curve
from gpdebug.tui.widgets.explanation import Explanation
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from tests.tui.examples import REVERSE, Run, population, task
from tests.tui.waiting import PATIENCE, settle, until
from vm.program import Program


class Shown(GpdebugApp):
    """The application with a population screen; it keeps what it is asked to debug."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self.people = PopulationScreen(source)
        self.asked: list[tuple[Program, Task | None, str]] = []
        self.beside: int | None = None

    def first_screen(self) -> PopulationScreen:
        return self.people

    def open_debugger(
        self,
        program: Program,
        *,
        task: Task | None = None,
        individual: Individual | None = None,
        case: int = 0,
        data: bytes | None = None,
        title: str = "",
        individuals: Individuals | None = None,
        beside: int | None = None,
        why: bool = False,
    ) -> None:
        self.asked.append((program, task, title))
        self.beside = beside


@asynccontextmanager
async def shown(source: Source, size: tuple[int, int] = (120, 36)) -> AsyncIterator[tuple[Shown, Pilot[None]]]:
    app = Shown(source)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot


def text_of(widget: TitleLine | KeyLine | Curve) -> str:
    return "\n".join(widget.render_line(y).text for y in range(widget.size.height))


async def test_the_last_generation_is_shown_first_and_keys_go_through_the_saved_ones() -> None:
    async with shown(Run()) as (app, pilot):
        title = app.people.title_line
        assert "generation 200" in text_of(title)
        await pilot.press("left_square_bracket")
        await pilot.pause()
        assert "generation 150" in text_of(title)
        await pilot.press("left_curly_bracket")
        await pilot.pause()
        assert "generation 0" in text_of(title)
        assert "best 989" in text_of(app.people.curve)


async def test_a_click_on_the_history_goes_to_the_nearest_saved_generation() -> None:
    async with shown(Run()) as (app, pilot):
        await pilot.click(Curve, offset=(60, 3))
        await pilot.pause()
        assert "generation 100" in text_of(app.people.title_line)


async def test_enter_opens_the_debugger_on_the_row_under_the_cursor() -> None:
    async with shown(Run()) as (app, pilot):
        await pilot.press("enter")
        ((program, asked_for, title),) = app.asked
        assert program.code.tobytes() == REVERSE
        assert asked_for == task()
        assert title == "reverse ▸ generation 200 ▸ #4000"


@pytest.mark.parametrize(("errors", "case"), [((0, 0, 3, 1), 2), ((0,) * 9, 6), (None, 6)])
def test_the_debugger_begins_at_the_case_that_tells_most(errors: tuple[int, ...] | None, case: int) -> None:
    assert telling_case(task(9).training, errors) == case
    assert telling_case((), None) == 0


async def test_s_and_a_letter_sort_once_more_turns_it_round() -> None:
    async with shown(Run()) as (app, pilot):
        people = population()
        assert people.steps is not None
        await pilot.press("s", "s")
        steps = people.steps[app.people.table.order]
        assert (steps[1:] >= steps[:-1]).all()
        await pilot.press("s", "s")
        steps = people.steps[app.people.table.order]
        assert (steps[1:] <= steps[:-1]).all()


async def test_the_choice_of_a_column_can_be_clicked_and_fits_a_small_terminal() -> None:
    async with shown(Run(), size=(80, 24)) as (app, pilot):
        await pilot.press("s")
        line = app.screen.query_one(ChoiceLine)
        text = line.render_line(0).text
        assert "program" in text
        await pilot.click(ChoiceLine, offset=(text.index("length") + 2, 0))
        lengths = population().programs.lengths[app.people.table.order]
        assert (lengths[1:] >= lengths[:-1]).all()
        await pilot.press("s", "escape")
        assert app.people.is_current


async def test_a_click_on_a_header_sorts() -> None:
    async with shown(Run()) as (app, pilot):
        table = app.people.table
        await pilot.click(table, offset=(table.render_line(0).text.index("length") + 1, 0))
        lengths = population().programs.lengths[table.order]
        assert (lengths[1:] >= lengths[:-1]).all()


async def test_a_filter_hides_rows_until_escape() -> None:
    async with shown(Run()) as (app, pilot):
        await pilot.press("f", *"length<9", "enter")
        assert set(population().programs.lengths[app.people.table.order].tolist()) <= set(range(9))
        assert "length<9" in text_of(app.people.title_line)
        await pilot.press("escape")
        assert len(app.people.table.order) == 200


async def test_a_wrong_filter_stays_open_and_points_at_its_place() -> None:
    async with shown(Run()) as (app, pilot):
        await pilot.press("f", *"length < x", "enter")
        assert app.people.prompt.is_open
        error = str(app.people.prompt.query_one(Explanation).render())
        assert error.strip().startswith("╰ no column 'x'")
        assert error.index("╰") == len(" filter ") + len("length < ")
        assert len(app.people.table.order) == 200


async def test_search_goes_from_match_to_match_in_the_order_shown() -> None:
    async with shown(Run()) as (app, pilot):
        people = population()
        await pilot.press("slash", *"[-", "enter")
        table = app.people.table
        matches = [place for place, row in enumerate(table.order.tolist()) if b"[-" in people.programs[row]]
        assert table.cursor == matches[0]
        await pilot.press("n")
        assert table.cursor == matches[1]
        await pilot.press("N", "N")
        assert table.cursor == matches[-1]


async def test_two_marked_rows_are_compared_side_by_side() -> None:
    async with shown(Run()) as (app, pilot):
        assert "compare" not in text_of(app.people.query_one(KeyLine))
        await pilot.press("m", "down", "down", "m", "d")
        assert isinstance(app.screen, CompareScreen)
        await pilot.press("escape")
        assert app.people.is_current
        await pilot.press("d", "r")
        await pilot.pause()
        first, second = (app.people._population.individual(row) for row in app.people.table.marks)
        assert app.asked[-1][0].code.tobytes() == second.code
        assert app.beside == first.id


async def test_a_file_of_programs_has_no_history() -> None:
    async with shown(PopulationSource(population(generation=None))) as (app, _):
        assert not app.people.curve.display
        assert "200 individuals" in text_of(app.people.title_line)
        assert "later" not in text_of(app.people.query_one(KeyLine))


async def test_an_empty_population_says_so_and_offers_nothing_to_open() -> None:
    async with shown(PopulationSource(population(0, generation=None))) as (app, pilot):
        assert "no programs in this file" in app.people.table.render_line(2).text
        assert "debug" not in text_of(app.people.query_one(KeyLine))
        await pilot.press("enter")
        assert not app.asked


async def test_a_file_that_cannot_be_read_is_told_and_the_screen_stays() -> None:
    class Broken(Run):
        def population(self, generation: int | None) -> Population:
            raise StoreError("is cut short", where="00000200.parquet", hint="restore it")

    async with shown(Broken()) as (app, _):
        assert "00000200.parquet: is cut short; restore it" in app.people.table.render_line(2).text


async def test_it_fits_a_small_terminal() -> None:
    async with shown(Run(), size=(80, 24)) as (app, _):
        assert app.people.curve.size.height == 5
        assert app.people.table.size.height >= 14
        assert len(text_of(app.people.title_line)) == 80


class SlowRun(Run):
    """A run that is read when the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.may_go_on = Event(), Event()

    def population(self, generation: int | None) -> Population:
        self.begun.set()
        self.may_go_on.wait(PATIENCE)
        return super().population(generation)


async def test_a_run_that_is_left_before_it_is_read_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(WorkerManager, "cancel_node", lambda manager, node: [])
    source = SlowRun()
    app = Shown(source)
    async with app.run_test():
        await until(source.begun.is_set)
        await app.switch_screen(HomeScreen())
        assert not app.people.is_attached
        source.may_go_on.set()
        await settle(app)
        assert isinstance(app.screen, HomeScreen)
