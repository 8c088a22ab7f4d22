"""What the debug screen computes without a screen: room, layouts, scenes, places, bytes, speed."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some
from numpy.typing import NDArray

from gpdebug.store.typed_bytes import BytesError, parse_bytes, show_bytes
from gpdebug.tui.arrangement import GAP, Form, Needs, arrange, form_for
from gpdebug.tui.places import Kind, Place, PlaceError, parse_place
from gpdebug.tui.player import FRAME, SPEEDS, Player
from gpdebug.tui.present import Since, memory_heading
from gpdebug.tui.scene import ProgramScene, depths
from gpdebug.tui.shading import Shading
from gpdebug.tui.subject import Subject
from gpdebug.tui.widgets.io_bar import IoScene
from gpdebug.tui.widgets.memory import MemoryScene
from gpdebug.tui.widgets.memory_layout import Format, Layout, texts
from gpdebug.tui.widgets.program_grid import GridShape
from tests.tui.debugging import HELLO, REVERSE, REVERSE_TASK
from vm.dialect import BF, BFF
from vm.program import Program
from vm.reference import ReferenceMachine

SIZES = [(80, 24), (100, 30), (120, 36), (160, 45), (200, 50), (250, 70)]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_columns_fill_the_terminal_and_never_more(width: int, height: int) -> None:
    for length, cells, form in product((0, 1, 9, 106, 10_000), (1, 128, 256, 30_000, 1 << 24), Form):
        plan = arrange(width, height, Needs(length, False, cells, Format.HEX), form)
        side = plan.side + GAP if plan.side else 0
        assert plan.program + GAP + plan.memory + side <= width
        assert plan.program >= 20
        assert plan.memory >= min(25, 3 * cells)
        assert bool(plan.side) != bool(plan.below)


def test_lists_are_below_on_a_small_terminal_and_at_the_side_of_a_wide_one() -> None:
    needs = Needs(46, False, 256, Format.HEX)
    assert arrange(80, 24, needs, Form.GRID).side == 0
    assert arrange(160, 45, needs, Form.GRID).side > 30


def test_memory_is_as_wide_as_its_cells_need_and_not_stretched() -> None:
    small = arrange(250, 70, Needs(46, False, 256, Format.HEX), Form.GRID)
    assert arrange(250, 70, Needs(46, False, 256, Format.HEX), Form.BOTH).program == 72
    large = arrange(250, 70, Needs(46, False, 1 << 24, Format.HEX), Form.GRID)
    assert Layout.fit(Format.HEX, 256, small.memory).columns == 16
    assert Layout.fit(Format.HEX, 1 << 24, large.memory).columns == 32


def test_the_listing_comes_unasked_only_where_there_is_room() -> None:
    assert form_for(80, 24, Needs(106, False, 256, Format.HEX)) is Form.GRID
    assert form_for(120, 36, Needs(9, False, 256, Format.HEX)) is Form.BOTH


@given(
    some.sampled_from(list(Format)),
    some.integers(1, 3000),
    some.integers(10, 200),
    some.lists(some.integers(0, 2999), max_size=3),
)
def test_lines_and_rows_of_memory_are_each_others_inverse(
    form: Format, cells: int, width: int, marks: list[int]
) -> None:
    layout = Layout.fit(form, cells, width).with_marks([mark % cells for mark in marks])
    lines = [layout.row_at(line) for line in range(layout.lines)]
    assert [row for row, marked in lines if not marked] == list(range(layout.rows))
    assert [row for row, marked in lines if marked] == list(layout.marked)
    for row in range(layout.rows):
        assert layout.row_at(layout.line_of(row)) == (row, False)


@given(some.sampled_from(list(Format)), some.integers(1, 3000), some.integers(10, 200))
def test_every_cell_can_be_clicked(form: Format, cells: int, width: int) -> None:
    layout = Layout.fit(form, cells, width)
    for column in range(layout.columns):
        x = layout.x_of(column)
        assert {layout.column_at(at) for at in range(x, x + form.width)} == {column}


def test_cells_in_four_formats() -> None:
    assert [texts(form)[200].strip() for form in Format] == ["c8", "200", "-56", "·"]
    assert all(len(text) == form.width for form in Format for text in texts(form))


def test_the_grid_is_decimal_so_that_row_and_column_add_up_and_hex_where_the_program_is_the_memory() -> None:
    assert [shape.columns for shape in GridShape.choices(10_000, False)] == [5, 10, 20, 30, 40, 50]
    assert [shape.columns for shape in GridShape.choices(128, True)] == [8, 16, 32, 64]
    assert GridShape.choices(9, False)[-1].columns == 10


def test_heat_tells_never_seldom_and_often_apart() -> None:
    counts = np.array([0, 1, 10, 1000, 1_000_000], np.int64)
    heat = shades(Shading.HEAT, counts)
    assert heat[0] == 0
    assert heat == sorted(heat)
    assert 0 < heat[1] < heat[-1]
    assert shades(Shading.HEAT, np.zeros(3, np.int64)) == [0, 0, 0]


def test_some_of_the_counts_have_the_shades_that_they_have_among_all() -> None:
    counts = np.array([0, 1, 10, 1000, 1_000_000], np.int64)
    some_of_them = Shading.HEAT.levels(counts[1:3], most=1_000_000)
    assert some_of_them is not None
    assert some_of_them.tolist() == shades(Shading.HEAT, counts)[1:3]


def test_coverage_tells_only_whether() -> None:
    assert shades(Shading.COVERAGE, np.array([0, 1, 1_000_000], np.int64)) == [0, 1, 1]
    assert Shading.OFF.levels(np.array([0, 1], np.int64)) is None


def shades(shading: Shading, counts: NDArray[np.int64]) -> list[int]:
    levels = shading.levels(counts)
    assert levels is not None
    return [int(level) for level in levels]


def test_nesting_ignores_brackets_without_partner_at_the_start() -> None:
    code = Program.parse("]+[>[-]<]", BFF)
    found = depths(code.primitives)
    assert found is not None
    assert found.tolist() == [0, 0, 0, 1, 1, 2, 1, 1, 0]


@given(some.text("+[]", max_size=60))
def test_partners_in_memory_are_those_of_the_program(source: str) -> None:
    program = Program.parse(source, BFF.with_settings(memory=max(1, len(source))))
    scene = ProgramScene.of(program, ReferenceMachine(program).snapshot())
    found = [scene.partner(index) for index in range(len(program))]
    assert found == [int(partner) if partner >= 0 else None for partner in program.partners]


def test_marks_of_a_row_decide_whether_it_is_drawn_again() -> None:
    machine = ReferenceMachine(HELLO)
    before = ProgramScene.of(HELLO, machine.snapshot())
    machine.step()
    after = ProgramScene.of(HELLO, machine.snapshot())
    assert before.signature(0, 10) != after.signature(0, 10)
    assert before.signature(10, 20) == after.signature(10, 20)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("1,204", Place(Kind.STEP, 1204)),
        ("0x10", Place(Kind.STEP, 16)),
        ("+20", Place(Kind.FORWARD, 20)),
        ("-20", Place(Kind.FORWARD, -20)),
        ("37.5%", Place(Kind.SHARE, 37, 0.375)),
        ("#17", Place(Kind.INSTRUCTION, 17)),
        ("@0x40", Place(Kind.CELL, 64)),
    ],
)
def test_places_as_people_type_them(text: str, place: Place) -> None:
    assert parse_place(text) == place


@pytest.mark.parametrize("text", ["", "x", "1.5", "120%", "-5%", "0x", "# ", "5 6 x"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(PlaceError):
        parse_place(text)


@given(some.binary(min_size=1, max_size=30))
def test_bytes_that_are_shown_can_be_typed(data: bytes) -> None:
    assert parse_bytes(show_bytes(data, most=1000)) == data
    assert parse_bytes("0x" + data.hex(" ")) == data


@pytest.mark.parametrize("text", ["0x6", "0xzz", "€"])
def test_what_is_no_bytes_is_refused(text: str) -> None:
    with pytest.raises(BytesError):
        parse_bytes(text)


def test_a_player_owes_as_many_steps_as_its_speed_says() -> None:
    player = Player()
    player.start()
    frames = round(2 / FRAME)
    assert sum(player.due() for _ in range(frames)) == pytest.approx(20, abs=1)
    player.change(100)
    assert player.words == "full speed"
    first = player.due()
    player.took(FRAME * 10)
    assert player.due() < first
    slow = player.due()
    player.took(FRAME / 1000)
    assert slow < player.due() <= 2 * slow, "one frame that was fast by chance is no reason for one that takes long"
    player.change(-len(SPEEDS))
    assert player.words == "1 steps/s"


def test_output_tells_where_it_first_differs_from_what_is_wanted() -> None:
    assert IoScene(wanted=b"abc", actual=b"abc").first_difference is None
    assert IoScene(wanted=b"abc", actual=b"ab").first_difference == 2
    assert IoScene(wanted=b"abc", actual=b"xbc").right == 2
    assert IoScene(actual=b"x").first_difference is None


def test_cells_are_shaded_by_all_their_accesses() -> None:
    reads, writes = np.array([0, 3, 0, 900], np.int64), np.array([0, 0, 5, 100], np.int64)
    scene = MemoryScene(np.zeros(4, np.uint8), 0).shaded(Shading.HEAT, reads, writes)
    assert scene.shades(0, 4) == shades(Shading.HEAT, reads + writes)
    assert scene.shades(1, 3) == scene.shades(0, 4)[1:3]
    assert scene.shaded(Shading.COVERAGE, reads, writes).shades(0, 4) == [0, 1, 1, 1]
    assert scene.shaded(Shading.OFF, reads, writes).shades(0, 4) == []


@pytest.mark.parametrize("width", range(30, 110))
def test_the_words_over_the_memory_never_touch(width: int) -> None:
    left, right = memory_heading(BF.settings, 0, Format.HEX, Since("last stop", None), width)
    words = ["".join(part.text for part in side) for side in (left, right)]
    assert sum(map(len, words)) <= width
    assert words[1].startswith(" ")


@pytest.mark.parametrize(("case", "words"), [(0, "case 1 of 3"), (2, "case 3 of 3"), (3, "held-out case 1 of 1")])
def test_training_and_held_out_cases_are_counted_apart(case: int, words: str) -> None:
    assert Subject(REVERSE, task=REVERSE_TASK, case=case).case_words == words
