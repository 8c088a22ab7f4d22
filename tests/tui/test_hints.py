"""What an empty list says: nothing of it is cut on any terminal."""

from __future__ import annotations

import pytest

from gpdebug.tui.keymap import with_keys
from gpdebug.tui.widgets.panels import PANELS
from tests.tui.debugging import reverse_app, text_of
from tests.tui.test_settings import written


@pytest.mark.parametrize("keymap", ["gdb", "ide"])
async def test_empty_lists_say_all_there_is_to_say_on_any_terminal(keymap: str) -> None:
    written(f'keymap = "{keymap}"')
    app = reverse_app()
    async with app.run_test() as pilot:
        for size in ((80, 24), (120, 36), (160, 45), (200, 50)):
            await pilot.resize_terminal(*size)
            for panel in PANELS:
                app.here.action_panel(panel.name)
                await pilot.pause()
                rows = app.here.views.panels.rows(panel.name)
                assert text_of(rows).split("\n")[0].strip() == with_keys(rows, panel.empty), size


async def test_a_hint_that_does_not_fit_is_left_out_whole() -> None:
    written('[keys]\n"debug.breakpoint" = "ctrl+shift+pagedown"\n"debug.watch_cell" = "ctrl+shift+pageup"')
    app = reverse_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await pilot.pause()
        said = [text_of(app.here.views.panels.rows(name)).split("\n")[0].strip() for name in ("stops", "watches")]
        assert said == ["no stops", "no watches · E adds an expression"]
