"""Changing a moment on the debug screen, and its list of branches."""

from __future__ import annotations

from textual.widgets import Input

from gpdebug.tui.screens.edit import EditScreen
from gpdebug.tui.widgets.explanation import Explanation
from gpdebug.tui.widgets.lines import TitleLine
from gpdebug.tui.widgets.memory import MemoryView
from gpdebug.tui.widgets.panels import Panels
from gpdebug.tui.widgets.timeline import Timeline
from tests.tui.debugging import DebugApp, reverse_app, text_of
from vm.dialect import BF, BFF
from vm.program import Program


def below(app: DebugApp, field: str) -> str:
    return text_of(app.screen.query_one(f"#{field}-below")).strip()


async def test_e_changes_the_cell_under_the_cursor_and_begins_a_branch() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("5", "s")
        app.here.memory.focus()
        await pilot.press("right", "e", "7", "enter")
        await pilot.pause()
        moment = app.here.moment
        assert (moment.branch, moment.step) == (1, 5)
        assert moment.state.memory[app.here.memory.cursor] == 7
        assert "branch 1 · edited · step 5" in text_of(app.here.query_one(TitleLine))
        assert "from 5" in text_of(app.here.query_one(Panels).rows("branches"))


async def test_several_things_change_at_once_and_are_one_branch() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("5", "s", "e", "+")
        app.screen.query_one("#head0", Input).value = "h1 + 1"
        app.screen.query_one("#input", Input).value = '"xyz"'
        await pilot.press("enter")
        await pilot.pause()
        session = app.here.session
        assert session.branches[1].words == 'head0 = 129, instruction 1 = +, input = "xyz"'
        assert session.program.text == "[+]<[.<}]"
        assert "own input" in text_of(app.here.query_one(TitleLine))


async def test_the_views_show_the_program_that_is_in_force() -> None:
    app = DebugApp(Program.parse("++++++", BF))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("3", "s", "e", "-", "enter")
        await pilot.pause()
        assert "− " in text_of(app.here.views.grid) or "-" in text_of(app.here.views.grid)
        await pilot.press("S")
        await pilot.pause()
        assert "-" not in text_of(app.here.views.grid)


async def test_what_is_wrong_is_pointed_at_and_nothing_changes() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("e", "q")
        assert below(app, "code").startswith("╰ 'q' is no symbol of tape")
        await pilot.press("enter")
        assert isinstance(app.screen, EditScreen)
        app.screen.query_one("#pc", Input).value = "3 + foo"
        await pilot.pause()
        line = text_of(app.screen.query_one("#pc-below"))
        assert line.index("╰") == 14 + 4
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.here.session.branches) == 1


async def test_what_is_typed_stands_over_its_hint_whichever_field_has_the_keys() -> None:
    app = reverse_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("e")
        await pilot.pause()
        fields = list(app.screen.query(Input))
        assert {field.has_focus for field in fields} == {True, False}
        hint = app.screen.query_one("#pc-below", Explanation)
        left = hint.region.x + text_of(hint).index("0 to")
        assert {field.content_region.x for field in fields} == {left}


async def test_leaving_all_as_it_is_begins_no_branch() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("e", "enter")
        await pilot.pause()
        assert app.here.moment.branch == 0


async def test_a_program_that_is_the_memory_is_changed_by_its_cells() -> None:
    app = DebugApp(Program.parse("[.>]", BFF))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("e")
        assert not app.screen.query("#code, #input")
        await pilot.press(*'"+"', "enter")
        await pilot.pause()
        assert app.here.moment.state.memory[0] == ord("+")


async def test_pc_and_heads_are_put_where_the_cursor_is() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        app.here.view.move_cursor(4)
        await pilot.press("J")
        app.here.memory.move_cursor(9)
        app.here.memory.focus()
        await pilot.press("left_curly_bracket")
        app.here.memory.move_cursor(130)
        await pilot.press("right_curly_bracket")
        await pilot.pause()
        state = app.here.moment.state
        assert (state.pc, state.head0, state.head1) == (4, 9, 130)
        assert app.here.moment.branch == 1


async def test_putting_things_where_they_are_begins_no_branch() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("J")
        app.here.action_panel("log")
        await pilot.pause()
        assert app.here.moment.branch == 0
        assert "nothing changes: pc = 0 already" in text_of(app.here.query_one(Panels).rows("log"))


async def test_a_double_click_on_a_cell_asks_for_its_value() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        await pilot.click(MemoryView, offset=(7, 1), times=2)
        await pilot.pause()
        assert isinstance(app.screen, EditScreen)
        assert isinstance(app.screen.focused, Input)
        assert app.screen.focused.id == "cell"


async def test_branches_are_switched_named_and_deleted_in_their_list() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("5", "s", "e", "+", "enter", "3", "s")
        await pilot.pause()
        app.here.action_panel("branches")
        await pilot.press("home", "enter")
        await pilot.pause()
        assert (app.here.moment.branch, app.here.moment.step) == (0, 5)
        await pilot.press("end", "e", *"try", "enter")
        await pilot.pause()
        assert app.here.session.branches[1].name == "try"
        await pilot.press("enter")
        await pilot.pause()
        assert (app.here.moment.branch, app.here.moment.step) == (1, 8)
        await pilot.press("home", "enter", "end", "delete")
        await pilot.pause()
        assert len(app.here.session.branches) == 1


async def test_keys_go_through_the_branches() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("z")
        assert app.here.moment.branch == 0
        await pilot.press("5", "s", "e", "+", "enter", "z")
        await pilot.pause()
        assert app.here.moment.branch == 0
        await pilot.press("Z")
        await pilot.pause()
        assert app.here.moment.branch == 1


async def test_the_timeline_shows_the_forks_and_what_is_kept_of_this_branch() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("c", "1", "0", "S", "k", "S", "m", "1", "0", "S", "e", "+", "enter", "c", "m")
        await pilot.pause()
        line = text_of(app.here.query_one(Timeline))
        assert "▾" not in line
        assert "┴" in line
        assert "◆A" not in line
        await pilot.press("z")
        await pilot.pause()
        line = text_of(app.here.query_one(Timeline))
        assert "┬" in line or "┃" in line
        assert "◆A" in line
        assert "▾" in line
        await pilot.press("c")
        await pilot.pause()
        assert "┬" in text_of(app.here.query_one(Timeline))


async def test_counts_are_of_the_branch() -> None:
    from vm.machine import Machine

    app = DebugApp(Program.parse("++++++", BF))
    async with app.run_test(size=(120, 36)) as pilot:
        app.machine_type = Machine
        await pilot.press("3", "s", "e")
        app.screen.query_one("#pc", Input).value = "0"
        await pilot.press("enter", "2", "s")
        await pilot.pause()
        assert app.here.profile is not None
        assert app.here.profile.executions.tolist() == [2, 2, 1, 0, 0, 0]
