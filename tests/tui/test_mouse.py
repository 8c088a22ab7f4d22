"""What keys do, the mouse can do as well: every key of a screen is a line of its help that can be clicked."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from gpdebug.debugger.command_table import TABLE
from gpdebug.tui.keymap import active_keys
from gpdebug.tui.palette import Commands
from gpdebug.tui.screens.help import HelpScreen
from gpdebug.tui.widgets.lines import KeyLine
from gpdebug.tui.widgets.page import Page
from gpdebug.tui.widgets.program_listing import ProgramListing
from tests.tui.debugging import DebugApp, reverse_app, text_of

SIZE = (120, 150)
BY_KEYS = {
    "s": "S", "F11": "S", "→": "S", "n": "N", "F10": "N", "c": "C", "F5": "C", "f": "F", "t": "T", "p": "P", "o": "O",
    "[": "]", "b": "", "F9": "", "w": "", "m": "", "d": "", "g": "", "Space": "", ":": "", "?": "", "F1": "", "^P": "",
    "←": "",
}  # fmt: skip
"""Keys that work in a list, where no cursor needs the arrows; and what is the same backwards."""


async def click_help(app: DebugApp, pilot: Pilot[None], words: str) -> None:
    """Opens the help by mouse and clicks the line that says something."""
    await pilot.pause()
    line = app.screen.query_one(KeyLine)
    await pilot.click(line, offset=(text_of(line).rindex("help") + 1, 0))
    await pilot.pause()
    assert isinstance(app.screen, HelpScreen)
    page = app.screen.query_one(Page)
    lines = text_of(page).splitlines()
    y = next(index for index, text in enumerate(lines) if words in text)
    await pilot.click(page, offset=(lines[y].index(words) + 2, y))
    await pilot.pause()


async def test_a_line_of_the_help_does_what_its_key_does() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await click_help(app, pilot, "To the loop's next pass")
        assert app.here.moment.step == 1
        await click_help(app, pilot, "One instruction back")
        assert app.here.moment.step == 0
        await click_help(app, pilot, "Bytes or text in memory")
        assert app.here.command_line.display


async def test_every_key_that_was_asked_for_is_there_with_its_opposite() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("l")
        await pilot.pause()
        found = {shown for key in active_keys(app.screen) for shown in key.keys}
        assert {*BY_KEYS, *BY_KEYS.values()} - {""} <= found


@pytest.mark.parametrize("name", ["Move: Next pass", "Move: Output back", "View: Shading", "General: Jump"])
async def test_what_has_no_place_on_the_key_line_is_in_the_palette(name: str) -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert name in [each for each, _ in Commands(app.screen)._named()]


@pytest.mark.parametrize("width", [80, 100, 120, 160, 200])
async def test_nothing_in_the_help_is_cut(width: int) -> None:
    app = reverse_app()
    async with app.run_test(size=(width, 40)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        page = app.screen.query_one(Page)
        shown = " ".join(" ".join(segment.text for segment in line) for line in page._lines)
        assert max(sum(segment.cell_length for segment in line) for line in page._lines) <= page.size.width
        for word in (word for entry in TABLE for word in entry.usage.replace("|", "| ").split()):
            assert word in shown


async def test_a_line_that_the_mouse_asks_about_before_the_first_frame_is_there() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        listing = ProgramListing()
        await app.here.mount(listing)
        assert not listing.render_line(0).text.strip()


async def test_a_palette_that_is_closed_twice_closes_nothing_below() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("ctrl+p")
        await pilot.pause()
        palette = app.screen
        palette.dismiss()
        palette.dismiss()
        await pilot.pause()
        assert app.here.is_current
