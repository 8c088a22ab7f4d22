"""Stops on the debug screen: watched cells and their marks, the list of all kinds."""

from __future__ import annotations

import numpy as np
import pytest

from gpdebug.debugger.places import ACCESS, Event
from gpdebug.debugger.stop_list import StopList
from gpdebug.tui.foreseen import StopHits
from gpdebug.tui.scene import Mark, WatchedCells
from gpdebug.tui.screens.stop import StopScreen
from gpdebug.tui.stop_words import stop_rows
from gpdebug.tui.widgets.bar import Bar
from gpdebug.tui.widgets.memory import MemoryScene
from gpdebug.tui.widgets.timeline import Timeline
from tests.tui.debugging import HELLO, REVERSE, DebugApp, reverse_app, text_of
from vm.dialect import TAPE
from vm.machine import Machine
from vm.touch import Access

SIZE = (100, 30)


async def test_w_watches_the_cell_under_the_cursor_and_marks_it_until_it_is_pressed_again() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("4", "s", "w")
        await pilot.pause()
        (stop,) = app.here.session.stops
        assert str(stop) == "watchpoint 1 changed mem[2]"
        assert "62●63" in text_of(app.here.views.memory)
        assert " ●1 cell 2 " in text_of(app.here.query_one("#cell", Bar))
        assert "● 1  mem[2] changed" in text_of(app.here.views.panels.rows("stops"))
        await pilot.press("w")
        await pilot.pause()
        assert len(app.here.session.stops) == 0
        assert "●" not in text_of(app.here.views.memory)


async def test_the_right_button_watches_a_cell_and_so_does_a_click_on_its_name() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        memory = app.here.views.memory
        await pilot.click(memory, offset=(memory._layout.x_of(2), 1), button=3)
        await pilot.pause()
        assert [str(stop.where) for stop in app.here.session.stops] == ["changed mem[2]"]
        await pilot.click("#cell", offset=(6, 0))
        await pilot.pause()
        assert len(app.here.session.stops) == 0


async def test_ranges_and_cells_relative_to_a_head_are_marked_where_they_are_now() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        stops = app.here.session.stops
        stops.watch_cells(15, 3, condition="cell0 == 1")
        stops.watch_cells(1, head=0, access=Access.READ)
        await pilot.press("s")
        await pilot.pause()
        lines = text_of(app.here.views.memory).splitlines()
        assert "61●62" in lines[1]
        assert "00◆00" in lines[1]
        assert lines[3].startswith("10─00─00 00")
        await pilot.press("4", "s")
        await pilot.pause()
        assert "61 62 63●64" in text_of(app.here.views.memory)


@pytest.mark.parametrize("low", [6, -2])
def test_a_range_that_wraps_around_is_marked_on_both_sides(low: int) -> None:
    scene = MemoryScene(np.zeros(8, np.uint8), 0, watched=(WatchedCells(low % 8, 4, Mark.PLAIN),))
    assert {cell: sign for cell, (sign, _) in scene.signs(0, 8).items()} == {6: "●", 7: "─", 0: "─", 1: "─"}
    assert scene.signs(2, 6) == {}


def test_a_mark_is_shown_on_top_of_a_range_that_covers_its_cell() -> None:
    watched = (WatchedCells(0, 4, Mark.PLAIN), WatchedCells(2, 1, Mark.LOG))
    scene = MemoryScene(np.zeros(8, np.uint8), 0, watched=watched)
    assert [scene.signs(0, 8)[cell][0] for cell in range(4)] == ["●", "─", "◇", "─"]


async def test_the_list_shows_all_kinds_with_their_terms_below_each_other() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        stops = app.here.session.stops
        stops.add(5, condition="h0 > 3", rule=">= 2", note="inner loop")
        stops.watch_cells(3, 5, condition="cell0 == 0")
        stops.watch_expression("h0 + h1", after=1)
        stops.catch(Event.OUTPUT, message="out {out[0]}", snapshot=True)
        await pilot.press("s")
        await pilot.pause()
        lines = [line.strip() for line in text_of(app.here.views.panels.rows("stops")).splitlines()[:4]]
        assert lines == [
            "◆ 1  5 .                if h0 > 3  hit >= 2  inner loop",
            "◆ 2  mem[3..7] changed  if cell0 == 0",
            "● 3  h0 + h1 changed    after 1",
            "◇ 4  on output          log out {out[0]}  snapshot",
        ]


def test_a_narrow_list_gives_up_columns_before_it_cuts_words() -> None:
    stops = StopList(REVERSE, 9, 256)
    stops.watch_cells(128, 4, access=ACCESS)
    stops.add(5, condition="mem[100] > 200 and h0 == 3")
    wide, narrow = (
        ["".join(text for text, _ in row.words) for row in stop_rows(tuple(stops), TAPE, StopHits({2: 7}), width)]
        for width in (90, 46)
    )
    assert wide[1].index("if") == len(wide[0]) + 2
    assert narrow[1] == "◆ 2  5 .   if mem[100] > 200 and h0 == 3"


async def test_what_a_watchpoint_saw_is_told_beside_the_next_instruction_and_in_the_log() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        app.here.session.stops.watch_cells(128)
        await pilot.press("c")
        await pilot.pause()
        assert "at watchpoint 1" in text_of(app.here.title_line)
        assert text_of(app.here.query_one("#next", Bar)).rstrip().endswith("mem[128] 0 → 100 by 5 .")
        app.here.action_panel("log")
        await pilot.pause()
        assert "watchpoint 1: mem[128] 0 → 100 by 5 ." in text_of(app.here.views.panels.rows("log"))
        await pilot.press("s")
        await pilot.pause()
        assert "→ 100" not in text_of(app.here.query_one("#next", Bar))


async def test_the_timeline_shows_where_stops_would_hit_and_a_click_there_goes_exactly_there() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.here.use_machine(Machine)
        await pilot.press("c", "r")
        app.here.session.stops.catch(Event.OUTPUT)
        await pilot.press("s")
        await pilot.pause()
        timeline = app.here.query_one(Timeline)
        steps = app.here.session.foresee()[0].tolist()
        assert timeline.scene.stop_steps == tuple(steps)
        assert text_of(timeline).count("┼") == len({timeline.column_of(step) for step in steps})
        await pilot.click(timeline, offset=(timeline.column_of(steps[1]), 0))
        await pilot.pause()
        assert app.here.moment.step == steps[1]
        assert "┿" in text_of(timeline)


async def test_the_timeline_shows_how_much_happens_and_where_output_is_written() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.here.use_machine(Machine)
        await pilot.press("c")
        await pilot.pause()
        timeline, session = app.here.query_one(Timeline), app.here.session
        assert timeline.scene.activity.reached == session.total_steps
        assert timeline.scene.activity == session.activity()[0]
        assert sum(timeline.scene.activity.outputs) == len(session.moment.output)
        dots = [char for char in text_of(timeline) if "⠀" < char <= "⣿"]
        assert len(dots) > len(timeline.track) - 12
        assert any((ord(char) - 0x2800) & 0x09 for char in dots), "a dot above where output is written"


async def test_hits_up_to_now_are_in_the_list_and_marks_follow_the_stops() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.here.use_machine(Machine)
        await pilot.press("9", "s", "b", "s")
        await pilot.pause()
        rows, timeline = app.here.views.panels.rows("stops"), app.here.query_one(Timeline)
        assert text_of(rows).splitlines()[0].rstrip().endswith(" 1×")
        assert text_of(timeline).count("┼") > 4
        await pilot.press("c")
        await pilot.pause()
        assert text_of(rows).splitlines()[0].rstrip().endswith(" 2×")
        app.here.action_panel("stops")
        await pilot.press("x")
        await pilot.pause()
        assert not timeline.scene.stop_steps
        assert "×" not in text_of(rows).splitlines()[0]
        await pilot.press("delete")
        await pilot.pause()
        assert "┼" not in text_of(timeline)


async def test_nothing_is_foreseen_before_compiled_code_is_there() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        app.here.session.stops.catch(Event.OUTPUT)
        await pilot.press("c", "r")
        await pilot.pause()
        assert app.here.query_one(Timeline).scene.stop_steps == ()


async def test_what_was_typed_about_a_stop_is_not_lost_while_the_program_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        debug = app.here
        await pilot.press("B", *"cell0", "space", "greater_than_sign", "space", "9")
        with monkeypatch.context() as busy:
            busy.setattr(debug.bridge, "ask", lambda *_, **__: False)
            await pilot.press("enter")
            await pilot.pause()
            assert len(debug.session.stops) == 0
            assert isinstance(app.screen, StopScreen)
        await pilot.press("enter")
        await pilot.pause()
        assert [str(stop) for stop in app.here.session.stops] == ["breakpoint 1 at 0 '[' if cell0 > 9"]
