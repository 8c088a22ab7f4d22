"""Stops and snapshots on the debug screen: by key, by mouse, in dialogs, in their lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from textual.widgets import Input

from gpdebug.tui.screens.diff import DiffScreen
from gpdebug.tui.screens.stop import StopScreen
from gpdebug.tui.widgets.diff_view import DiffView
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.panels import NAMES
from gpdebug.tui.widgets.timeline import Timeline
from tests.tui.debugging import ADD, HELLO, DebugApp, reverse_app, text_of
from vm.dialect import TAPE
from vm.program import Program
from vm.settings import Settings

SIZE = (100, 30)


async def test_b_sets_and_removes_a_breakpoint_and_marks_it_everywhere() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("right", "right", "b")
        await pilot.pause()
        assert [stop.instruction for stop in app.here.session.stops] == [2]
        assert "●]" in text_of(app.here.views.grid)
        assert "● 1" in text_of(app.here.views.panels.rows("stops"))
        await pilot.press("b")
        await pilot.pause()
        assert len(app.here.session.stops) == 0
        assert "●" not in text_of(app.here.views.grid)


async def test_a_double_click_sets_a_breakpoint_and_a_click_moves_the_cursor() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        grid = app.here.views.grid
        second_row = grid._shape.columns
        await pilot.click(grid, offset=(grid._shape.gutter + 2 * 3 + 1, 2))
        assert app.here.cursor == second_row + 3
        await pilot.click(grid, offset=(grid._shape.gutter + 2 * 7 + 1, 2), times=2)
        await pilot.pause()
        assert [stop.instruction for stop in app.here.session.stops] == [second_row + 7]


async def test_the_dialog_keeps_condition_hit_rule_and_message() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("B", *"mem[0] > 5", "tab", *">= 2", "enter")
        await pilot.pause()
        (stop,) = app.here.session.stops
        assert stop.condition is not None
        assert (stop.condition.text, str(stop.rule)) == ("mem[0] > 5", ">= 2")
        await pilot.press("B", "tab", "tab", *"h0 is {h0}", "enter")
        await pilot.pause()
        (stop,) = app.here.session.stops
        assert stop.message is not None


async def test_a_wrong_condition_is_shown_under_its_column_and_not_kept() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("B", *"mem[0] > )", "enter")
        await pilot.pause()
        dialog = app.screen
        assert isinstance(dialog, StopScreen)
        shown = text_of(dialog.query_one("#condition-below"))
        field = dialog.query_one("#condition", Input)
        assert shown.index("╰") == field.content_region.x - dialog.query_one("#dialog").content_region.x + 9
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.here.session.stops) == 0


async def test_stops_are_switched_off_edited_found_and_deleted_in_their_list() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("right", "b", "right", "right", "right", "b", *["l"] * len(NAMES))
        await pilot.pause()
        assert app.here.views.panels.rows("stops").has_focus
        await pilot.press("home", "x")
        assert [stop.enabled for stop in app.here.session.stops] == [False, True]
        await pilot.press("enter")
        assert app.here.cursor == 1
        await pilot.press("delete")
        await pilot.pause()
        assert [stop.instruction for stop in app.here.session.stops] == [4]
        await pilot.press("e")
        await pilot.pause()
        assert isinstance(app.screen, StopScreen)


async def test_a_logpoint_writes_into_the_log_and_does_not_stop() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        app.here.session.stops.add(5, message="copied {mem[h0]}")
        await pilot.press("c")
        await pilot.pause()
        assert app.here.moment.at_end
        app.here.action_panel("log")
        await pilot.pause()
        assert "copied 100" in text_of(app.here.views.panels.rows("log"))


async def test_m_takes_snapshots_that_are_restored_from_their_list() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5", "s", "m", "9", "s", "m", "c")
        assert [kept.name for kept in app.here.session.snapshots] == ["A", "B"]
        app.here.action_panel("snapshots")
        await pilot.press("home", "enter")
        await pilot.pause()
        assert app.here.moment.step == 5
        assert "memory as now" in text_of(app.here.views.panels.rows("snapshots"))
        await pilot.press("delete")
        await pilot.pause()
        assert [kept.name for kept in app.here.session.snapshots] == ["B"]


async def test_a_click_on_the_timeline_seeks_and_a_snapshot_is_met_exactly() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("3", "3", "3", "s", "m", "c")
        await pilot.pause()
        timeline = app.here.query_one(Timeline)
        await pilot.click(timeline, offset=(timeline.column_of(333), 0))
        await pilot.pause()
        assert app.here.moment.step == 333
        await pilot.click(timeline, offset=(timeline.track.start, 0))
        await pilot.pause()
        assert app.here.moment.step == 0


async def test_d_compares_the_last_snapshot_with_now() -> None:
    app = DebugApp(ADD, data=bytes([3, 4]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("m", "c", "d")
        await pilot.pause()
        diff = app.screen
        assert isinstance(diff, DiffScreen)
        shown = text_of(diff.query_one(DiffView))
        changes = [line.strip(" ┌│└").split()[0] for line in shown.splitlines() if "→" in line]
        assert changes == ["0", "1", "128"]
        registers = text_of(diff.query_one("#registers"))
        assert "step" in registers
        assert '"\\x07"' in registers
        await pilot.press("s")
        await pilot.pause()
        assert "+3" in text_of(diff.query_one(DiffView))
        await pilot.press("v")
        await pilot.pause()
        runs = [line.split() for line in text_of(diff.query_one(DiffView)).splitlines()[2:4]]
        assert runs == [["0", "2", "00", "07", "03", "04", "··", "→", "··"], ["128", "1", "07", "00", "·", "→", "·"]]
        await pilot.press("v")
        await pilot.pause()
        assert "now" in text_of(diff.query_one(DiffView)).splitlines()[0]
        await pilot.press("escape")
        await pilot.pause()
        assert app.here.moment.at_end


async def test_the_diff_screen_compares_any_two_moments() -> None:
    app = DebugApp(ADD, data=bytes([3, 4]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("3", "s", "m", "c", "d")
        await pilot.pause()
        facts = app.screen.query_one("TitleLine")
        assert "A → now" in text_of(facts)
        await pilot.press("b", *"last", "enter")
        await pilot.pause()
        assert "last stop → now" in text_of(facts)
        await pilot.press("right", "right")
        await pilot.pause()
        assert "last stop → A" in text_of(facts)


async def test_stops_are_there_again_when_the_program_is_opened_again() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("right", "right", "b", "x")
        await pilot.pause()
    again = reverse_app()
    async with again.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert [stop.instruction for stop in again.here.session.stops] == [2]
        assert "●" in text_of(again.here.views.grid)


async def test_stops_cannot_be_changed_under_a_running_program() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        app.here.bridge._working = True
        await pilot.press("b")
        await pilot.pause()
        assert len(app.here.session.stops) == 0
        app.here.bridge._working = False


async def test_d_after_m_compares_with_an_earlier_moment_never_with_this_one() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("m", "5", "s", "m", "d")
        await pilot.pause()
        assert app.screen.query_one(TitleLine)._facts[0] == "A → now"
        await pilot.press("escape", "s", "d")
        await pilot.pause()
        assert app.screen.query_one(TitleLine)._facts[0] == "B → now"


async def test_keys_typed_ahead_of_a_move_apply_to_where_it_leads() -> None:
    """The session's thread has not even begun when the next keys arrive."""
    app = reverse_app()
    waiting: list[Callable[[], None]] = []
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        screen = app.here
        screen.bridge._runner = waiting.append
        for act in (screen.action_step, screen.action_breakpoint, screen.action_snapshot, screen.action_diff):
            act()
        while waiting:
            waiting.pop(0)()
            await pilot.pause()
        assert [stop.instruction for stop in screen.session.stops] == [1]
        assert app.screen.query_one(TitleLine)._facts[0] == "last stop → now"
        assert [kept.name for kept in screen.session.snapshots] == ["A"]


async def test_a_dialog_that_closes_is_not_closed_twice() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("B")
        dialog = app.screen
        assert isinstance(dialog, StopScreen)
        dialog.dismiss(None)
        dialog.dismiss(None)
        await pilot.pause()
        assert app.screen is app.here


async def test_columns_without_a_cell_or_an_instruction_are_not_numbered() -> None:
    app = DebugApp(Program.parse("+-.", replace(TAPE, settings=Settings(memory=2))))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert "".join(segment.text for segment in app.here.views.grid.header(0)).split() == ["0", "1", "2"]
        assert "".join(segment.text for segment in app.here.views.memory.header(0)).split() == ["0", "1"]


async def test_the_keys_of_a_list_are_shown_while_it_has_them() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("m", "5", "s", "l")
        await pilot.pause()
        assert "Enter restore  x compare" in text_of(app.screen.query_one(KeyLine))
        await pilot.press("enter")
        await pilot.pause()
        assert app.here.moment.step == 0
        await pilot.press(*["l"] * (len(NAMES) - 1))
        await pilot.pause()
        assert "Enter show  e edit" in text_of(app.screen.query_one(KeyLine))
