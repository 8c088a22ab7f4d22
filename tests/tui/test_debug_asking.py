"""The line at the bottom of the debug screen, and the choice of the input."""

from __future__ import annotations

from textual.widgets import Input

from gpdebug.tui.screens.case import CaseScreen
from gpdebug.tui.screens.help import HelpScreen
from gpdebug.tui.widgets.bar import Bar
from gpdebug.tui.widgets.explanation import Explanation
from gpdebug.tui.widgets.io_bar import IoBar
from gpdebug.tui.widgets.page import Page
from tests.tui.debugging import ADD, HELLO, DebugApp, reverse_app, text_of

SIZE = (100, 30)


async def test_a_command_is_carried_out_and_answered_in_the_log() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("colon", *"break 5 if h0 == 1", "enter")
        await pilot.pause()
        assert [str(stop.condition.text) for stop in app.here.session.stops if stop.condition] == ["h0 == 1"]
        assert not app.here.command_line.display
        assert app.here.view.has_focus
        shown = text_of(app.here.views.panels.rows("log"))
        assert ": break 5 if h0 == 1" in shown
        await pilot.press("c")
        await pilot.pause()
        assert app.here.moment.state.head0 == 1


async def test_an_empty_line_repeats_the_last_step() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("colon", *"step 3", "enter", "colon", "enter")
        await pilot.pause()
        assert app.here.moment.step == 6


async def test_a_wrong_command_is_explained_under_its_column_and_can_be_mended() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("colon", *"break 2 if h0 >", "enter")
        await pilot.pause()
        line = app.here.command_line
        assert line.display
        assert text_of(line.query_one(Explanation)).index("╰") == line.field.region.x + len("break 2 if h0 >")
        await pilot.press("end", *" 1", "enter")
        await pilot.pause()
        assert len(app.here.session.stops) == 1


async def test_the_line_completes_and_remembers() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("m", "colon", *"snaps", "tab")
        assert app.here.command_line.field.value.startswith("snapshot")
        await pilot.press("escape", "colon", *"step 2", "enter", "colon", "up")
        assert app.here.command_line.field.value == "step 2"
        await pilot.press("down")
        assert app.here.command_line.field.value == ""


async def test_help_is_a_page_with_all_commands_and_of_one_command_a_few_lines() -> None:
    app = reverse_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("colon", *"help", "enter")
        await pilot.pause()
        assert isinstance(app.screen, HelpScreen)
        page = text_of(app.screen.query_one(Page))
        assert "Commands: forwards" in page
        assert "step [N]" in page
        await pilot.press("escape", "colon", *"help step", "enter")
        await pilot.pause()
        assert "20s" in text_of(app.here.views.panels.rows("log"))


async def test_a_hint_has_only_the_parts_that_there_is_room_for() -> None:
    app = reverse_app()
    async with app.run_test(size=(80, 24)) as pilot:
        for key in ("colon", "g"):
            await pilot.press(key)
            hint = text_of(app.here.command_line.query_one(Bar))
            assert "…" not in hint
            assert hint.rstrip().endswith("Enter go  Esc close")
            await pilot.press("escape")


async def test_escape_closes_the_line_and_gives_the_keys_back() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("tab")
        before = app.here.focused
        await pilot.press("colon", *"ste", "escape")
        await pilot.pause()
        assert app.here.focused is before
        assert app.here.moment.step == 0


async def test_memory_is_searched_for_text_and_for_hex() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("slash", *"cd", "enter")
        await pilot.pause()
        assert app.here.memory.cursor == 2
        assert app.here.memory.has_focus
        await pilot.press("slash", *"0x6162", "enter")
        await pilot.pause()
        assert app.here.memory.cursor == 0
        await pilot.press("slash", *"zz", "enter")
        await pilot.pause()
        assert app.here.command_line.display


async def test_another_case_keeps_stops_and_snapshots() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("b", "m", "i")
        await pilot.pause()
        assert isinstance(app.screen, CaseScreen)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert app.here.session.data == b"hello"
        assert app.here.moment.step == 0
        assert len(app.here.session.stops) == 1
        app.here.action_panel("snapshots")
        await pilot.pause()
        assert "another input" in text_of(app.here.views.panels.rows("snapshots"))
        app.here.view.focus()
        await pilot.press("c")
        await pilot.pause()
        assert app.here.moment.fired == (1,) or app.here.moment.at_end


async def test_an_input_of_ones_own() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("i", "tab", *"0x4", "enter")
        await pilot.pause()
        assert isinstance(app.screen, CaseScreen)
        await pilot.press("1", "space", "4", "2", "enter")
        await pilot.pause()
        assert app.here.session.data == b"AB"
        assert app.here.subject.wanted is None
        await pilot.press("c")
        await pilot.pause()
        assert app.here.moment.output == b"BA"


async def test_an_input_that_does_not_fit_is_refused_and_the_run_stays() -> None:
    app = DebugApp(ADD, data=bytes([3, 4]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("s", "i")
        await pilot.pause()
        app.screen.query_one("#own", Input).value = "x" * 300
        await pilot.press("enter")
        await pilot.pause()
        assert app.here.session.data == bytes([3, 4])
        assert app.here.moment.step == 1


async def test_wanted_and_actual_output_stand_below_each_other() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("2", "0", "s")
        await pilot.pause()
        given, wanted, actual = text_of(app.here.query_one(IoBar)).splitlines()
        assert given.index("61 62 63 64") == wanted.index("64 63 62 61") == actual.index("64 63 ")
        assert "of 4" in actual
        await pilot.press("c")
        await pilot.pause()
        assert "as wanted" in text_of(app.here.query_one(IoBar))


async def test_views_and_formats_change_by_key() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        views = app.here.views
        await pilot.press("7", "s")
        seen = []
        for _ in range(3):
            await pilot.press("v")
            await pilot.pause()
            seen.append((views.grid.display, views.listing.display))
            assert app.here.view.has_focus
            assert app.here.cursor == 7
        assert sorted(seen) == [(False, True), (True, False), (True, True)]
        labels = []
        for _ in range(4):
            await pilot.press("x")
            labels.append(views.memory.form.label)
        assert labels == ["decimal", "signed", "characters", "hex"]
