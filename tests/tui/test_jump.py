"""Jump mode: every part of a screen by one letter or one click."""

from __future__ import annotations

import pytest

from gpdebug.tui.screens.jump import JumpScreen, Letter, Target, lettered
from tests.tui.debugging import DebugApp, reverse_app


def test_letters_are_those_of_the_names_and_never_two_alike() -> None:
    targets = [Target(name, 0, 0, lambda: None) for name in ("stops", "snapshots", "sts", "s", "7")]
    assert [*lettered(targets)] == ["s", "n", "t", "a", "b"]


async def letters(app: DebugApp) -> dict[str, tuple[int, int]]:
    return {letter.letter: (letter.region.x, letter.region.y) for letter in app.screen.query(Letter)}


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 50)])
async def test_each_part_of_the_debug_screen_has_a_letter_where_it_is(size: tuple[int, int]) -> None:
    app = reverse_app()
    async with app.run_test(size=size) as pilot:
        await pilot.press("j")
        await pilot.pause()
        shown = await letters(app)
        assert len(shown) >= 5
        assert len(set(shown.values())) == len(shown)
        assert all(0 <= x < size[0] and 0 <= y < size[1] for x, y in shown.values())
        await pilot.press("m")
        await pilot.pause()
        assert app.here.memory.has_focus
        await pilot.press("j", "n")
        await pilot.pause()
        assert app.here.views.panels.rows("snapshots").has_focus
        await pilot.press("j", "p")
        await pilot.pause()
        assert app.here.views.grid.has_focus


async def test_a_letter_can_be_clicked_and_anything_else_goes_back() -> None:
    app = reverse_app()
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.press("j")
        await pilot.pause()
        await pilot.click(next(letter for letter in app.screen.query(Letter) if letter.letter == "m"))
        await pilot.pause()
        assert app.here.memory.has_focus
        for key in ("escape", "exclamation_mark", "left"):
            await pilot.press("ctrl+n")
            await pilot.pause()
            assert isinstance(app.screen, JumpScreen)
            await pilot.press(key)
            await pilot.pause()
            assert app.here.memory.has_focus
        assert app.here.moment.step == 0
