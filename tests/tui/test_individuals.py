"""Sorting, filtering and the small pictures in the cells of a population's table."""

from __future__ import annotations

import numpy as np
import pytest
from textual.app import App, ComposeResult

from gpdebug.store.filter import FilterError
from gpdebug.tui.individuals import Individuals, case_blocks, coloured
from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.table import Table
from tests.tui.examples import population
from vm.dialect import TAPE


def test_ranks_go_by_error_then_by_length() -> None:
    people = population(50)
    rows = Individuals.of(people).by_rank
    assert people.error is not None
    keys = [(int(people.error[row]), int(people.programs.lengths[row])) for row in rows]
    assert keys == sorted(keys)


@pytest.mark.parametrize("column", ["error", "solved", "length", "steps", "born", "id"])
@pytest.mark.parametrize("descending", [False, True])
def test_every_number_sorts_and_equal_rows_stay_by_rank(column: str, descending: bool) -> None:
    individuals = Individuals.of(population(80))
    values = individuals.values[column]
    assert isinstance(values, np.ndarray)
    place = {int(row): rank for rank, row in enumerate(individuals.by_rank)}
    wanted = sorted(range(80), key=lambda row: (-int(values[row]) if descending else int(values[row]), place[row]))
    assert individuals.order(sort=column, descending=descending).tolist() == wanted


def test_names_and_programs_sort_as_text() -> None:
    people = population(80)
    individuals = Individuals.of(people)
    assert people.operator is not None
    names = [people.operators[people.operator[row]] for row in individuals.order(sort="operator")]
    assert names == sorted(names)
    codes = [people.programs[row] for row in individuals.order(sort="program").tolist()]
    assert codes == sorted(codes)


def test_a_filter_leaves_the_rows_it_holds_for_in_rank_order() -> None:
    people = population(80)
    individuals = Individuals.of(people)
    assert people.error is not None
    shown = individuals.order("error < 100 and length < 30")
    wanted = [row for row in individuals.by_rank if people.error[row] < 100 and people.programs.lengths[row] < 30]
    assert shown.tolist() == wanted
    assert 0 < len(shown) < 80


def test_a_wrong_filter_is_refused_before_it_is_applied() -> None:
    with pytest.raises(FilterError, match="no column 'size'"):
        Individuals.of(population(5)).check("size < 3")


def test_an_empty_population_has_an_empty_table() -> None:
    individuals = Individuals.of(population(0))
    assert individuals.order("length > 1", "program", True).tolist() == []
    assert individuals.columns()[-1].key == "program"


def test_solved_cases_are_filled_blocks(palette: Palette) -> None:
    def text(errors: list[int], width: int = 8) -> str:
        return "".join(segment.text for segment in case_blocks(np.array(errors), width, palette))

    assert text([0, 3, 0]) == "■·■"
    assert text([0] * 16 + [1] * 16, width=4) == "██··"
    assert text([0, 1] * 8, width=4) == "▄▄▄▄"


def test_a_block_whose_cases_are_all_solved_is_the_tallest(palette: Palette) -> None:
    errors = np.array([0] * 16 + [0] * 15 + [1])
    assert [segment.text for segment in case_blocks(errors, 2, palette)] == ["█▇"]


def test_code_is_drawn_symbol_by_symbol_and_a_pattern_stands_out(palette: Palette) -> None:
    segments = coloured(b"+[-]\x00[-]", palette.symbols(TAPE), palette, b"[-]")
    assert "".join(segment.text for segment in segments) == "+[-]·[-]"
    assert [segment.text for segment in segments if segment.style == palette.match] == ["[-]", "[-]"]


class TableApp(App[None]):
    """A table of a population, alone."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.individuals = Individuals.of(population(count))

    def compose(self) -> ComposeResult:
        yield Table()

    def on_mount(self) -> None:
        table = self.query_one(Table)
        table.set_columns(self.individuals.columns(), 60)
        table.show(self.individuals.order(), sorted_by=("rank", False))


def lines(table: Table) -> list[str]:
    return [table.render_line(y).text for y in range(table.size.height)]


async def test_the_cursor_stays_in_sight_and_on_the_rows() -> None:
    app = TableApp(100)
    async with app.run_test(size=(100, 12)) as pilot:
        table = app.query_one(Table)
        await pilot.press("up")
        assert table.cursor == 0
        await pilot.press(*["down"] * 15)
        assert table.cursor == 15
        assert sum(line.startswith("▌") for line in lines(table)) == 1
        await pilot.press("end")
        assert table.cursor == 99
        assert lines(table)[-1].startswith("▌")
        await pilot.press("pagedown", "home")
        assert lines(table)[1].startswith("▌")


async def test_columns_of_less_weight_give_way_to_the_program() -> None:
    app = TableApp(20)
    async with app.run_test(size=(140, 12)) as pilot:
        table = app.query_one(Table)
        assert "island" in lines(table)[0]
        await pilot.resize_terminal(70, 12)
        assert "island" not in lines(table)[0]
        assert {"rank", "error", "program"} <= set(lines(table)[0].replace("▲", "").split())
        assert all(len(line) == 70 for line in lines(table)[:5])


async def test_a_long_program_pans_and_says_what_is_cut() -> None:
    app = TableApp(20)
    async with app.run_test(size=(80, 12)) as pilot:
        table = app.query_one(Table)
        before = lines(table)
        assert any(line.rstrip().endswith("…") for line in before)
        await pilot.press("right")
        assert lines(table) != before
        await pilot.press("left", "left")
        assert lines(table) == before


async def test_the_mouse_moves_the_cursor_and_names_the_header() -> None:
    app = TableApp(20)
    async with app.run_test(size=(100, 12)) as pilot:
        table = app.query_one(Table)
        await pilot.click(Table, offset=(10, 4))
        assert table.cursor == 3
        assert table.column_at(lines(table)[0].index("error") + 1) == "error"


async def test_two_rows_can_be_marked_a_third_mark_drops_the_first() -> None:
    app = TableApp(20)
    async with app.run_test(size=(100, 12)) as pilot:
        table = app.query_one(Table)
        for _ in range(3):
            table.toggle_mark()
            await pilot.press("down")
        order = table.order.tolist()
        assert list(table.marks) == order[1:3]
        table.cursor = 1
        table.toggle_mark()
        assert list(table.marks) == [order[2]]
