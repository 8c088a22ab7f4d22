"""Loops on the screen: in which pass of how many it stands, beside the next instruction."""

from __future__ import annotations

from textual.pilot import Pilot

from gpdebug.debugger.loops import LoopPass
from gpdebug.tui.counts import Counts
from gpdebug.tui.present import loop_parts
from gpdebug.tui.screens.debug import DebugScreen
from tests.tui.debugging import DebugApp, text_of
from vm.dialect import BF
from vm.machine import Machine
from vm.program import Program

NESTED = Program.parse("++[>+++[>+<-]<-]>>.", BF)
INNER = LoopPass(7, 12, 7, 2, 3, 23, True)
OUTER = LoopPass(2, 15, 2, 1, 2, 60, True)


def said(room: int) -> str:
    return "".join(part.text for part in loop_parts((INNER, OUTER), room))


def test_as_much_is_said_of_the_loops_as_there_is_room_for() -> None:
    assert said(80) == "  loop 7 to 12: pass 2 of 3  loop 2 to 15: pass 1 of 2  "
    assert said(50) == "  loop 7 to 12: pass 2 of 3  "
    assert said(20) == "  pass 2 of 3  "
    assert said(10) == ""
    assert loop_parts((), 80) == []


async def at_step_12(app: DebugApp, pilot: Pilot[None]) -> DebugScreen:
    """The screen, twelve steps on, with everything counted."""
    await pilot.pause()
    screen = app.here
    screen.session.use(Machine)
    screen.counts = Counts(screen.session, ready=True)
    screen.survey()
    await pilot.press("1", "2", "s")
    await pilot.pause()
    return screen


async def test_the_pass_is_shown_after_each_step_and_a_click_goes_to_the_next() -> None:
    app = DebugApp(NESTED)
    async with app.run_test(size=(120, 36)) as pilot:
        screen = await at_step_12(app, pilot)
        line = screen.query_one("#next")
        assert "loop 7 to 12: pass 1 of 3  loop 2 to 15: pass 1 of 2" in text_of(line)
        await pilot.click(line, offset=(text_of(line).index("pass 1 of 3") + 2, 0))
        await pilot.pause()
        assert "loop 7 to 12: pass 2 of 3" in text_of(line)
        assert screen.moment.step == 13
        await pilot.press("f", "f")
        await pilot.pause()
        assert "pass" not in text_of(line)


async def test_what_takes_time_to_know_is_asked_for_when_playing_ends() -> None:
    app = DebugApp(NESTED)
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        screen = app.here
        screen.session.use(Machine)
        screen.counts = Counts(screen.session, ready=True)
        for key in ("space", "escape"):
            await pilot.press("space")
            for _ in range(8):
                screen.go("play", screen.session.step)
            await pilot.pause()
            assert "pass" not in text_of(screen.query_one("#next"))
            await pilot.press(key)
            await pilot.pause()
            assert "pass" in text_of(screen.query_one("#next"))
            assert screen.profile is not None
            screen.counts = Counts(screen.session, ready=True)


async def test_the_listing_tells_the_pass_at_the_open_of_each_loop() -> None:
    app = DebugApp(NESTED)
    async with app.run_test(size=(120, 50)) as pilot:
        screen = await at_step_12(app, pilot)
        listing = text_of(screen.views.listing)
        assert "loop to 12: pass 1 of 3" in listing
        assert "loop to 15: pass 1 of 2" in listing
        await pilot.press("f", "f")
        await pilot.pause()
        assert "loop to 12 while cell ≠ 0" in text_of(screen.views.listing)
