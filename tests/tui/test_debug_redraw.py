"""Only lines that look different are drawn anew; what is on the screen is what drawing all of it would show."""

from __future__ import annotations

import pytest

from gpdebug.tui.widgets.line_view import LineView
from gpdebug.tui.widgets.memory import MemoryView
from gpdebug.tui.widgets.program_grid import ProgramGrid
from tests.tui.debugging import DebugApp
from tests.tui.waiting import draw
from vm.dialect import BF, BFF, TAPE
from vm.program import Program

WALK = Program.parse("+[>+}}}]", TAPE.with_settings(memory=60, limit=500))
LIVING = Program.parse("[[{.>]-]                ]-]>.{[[", BFF.with_settings(memory=64))
KEYS = "2 0 s x S b a v s j m down s pagedown 9 s x w c S r"


def on_screen(app: DebugApp) -> list[str]:
    """What the terminal shows, line by line, styles included."""
    return [repr(list(strip)) for strip in app.screen._compositor.render_strips()]


@pytest.mark.parametrize("program", [WALK, LIVING], ids=["two heads", "the memory is the program"])
async def test_what_is_shown_after_each_key_is_what_a_full_redraw_shows(program: Program) -> None:
    app = DebugApp(program)
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        for key in KEYS.split():
            await pilot.press(key)
            await pilot.pause()
            shown = on_screen(app)
            for view in app.screen.query(LineView):
                view.refresh()
            await pilot.pause()
            for line, (now, before) in enumerate(zip(on_screen(app), shown, strict=True)):
                assert now == before, (key, line)


@pytest.mark.parametrize("length", [90, 9_000])
async def test_no_cell_and_no_instruction_is_under_the_scrollbar(length: int) -> None:
    app = DebugApp(Program.parse("+>" * (length // 2), BF))
    async with app.run_test(size=(80, 24)) as pilot:
        await draw(app)
        for width in range(80, 100):
            await pilot.resize_terminal(width, 24)
            await draw(app)
            memory, grid = app.screen.query_one(MemoryView), app.screen.query_one(ProgramGrid)
            assert memory._layout.width <= memory.scrollable_content_region.width
            assert grid._shape.width <= grid.scrollable_content_region.width
