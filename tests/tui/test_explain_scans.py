"""The tabs of the explain screen that are found by running the program changed."""

from __future__ import annotations

import time

import pytest
from textual import events
from textual.pilot import Pilot

from gpdebug.debugger.moment import Interrupt
from gpdebug.explain.errors import Interrupted
from gpdebug.tui.explained import Tab
from gpdebug.tui.scans import Scans, Tell
from gpdebug.tui.screens.debug import DebugScreen
from gpdebug.tui.screens.explain import ExplainScreen
from gpdebug.tui.widgets.bar import Bar
from gpdebug.tui.widgets.lines import KeyLine
from gpdebug.tui.widgets.scan_pane import ScanPane
from tests.tui.debugging import HELLO, DebugApp, reverse_app, text_of
from tests.tui.waiting import draw, settle, until
from vm.dialect import BF
from vm.program import Program

SIZE = (100, 30)
WASTE = Program.parse("++++++++[>++++++++<-]>+.+-", BF)


async def shown(app: DebugApp, pilot: Pilot[None], tab: str) -> ExplainScreen:
    """Asks why, and shows a tab."""
    await pilot.press("r", "c", "y", "enter")
    await pilot.press(tab)
    await pilot.pause()
    assert isinstance(app.screen, ExplainScreen)
    return app.screen


def said(pane: ScanPane) -> str:
    """What a scan says in all."""
    return "\n".join(text_of(bar) for bar in pane.query(Bar))


def chosen(screen: ExplainScreen) -> str:
    return text_of(screen.query_one("#node", Bar)).strip()


async def test_knock_outs_are_shown_as_a_map_and_as_rows() -> None:
    app = DebugApp(WASTE)
    async with app.run_test(size=SIZE) as pilot:
        screen = await shown(app, pilot, "3")
        pane = screen.pane(Tab.KNOCK_OUTS)
        lines = text_of(pane.heat).splitlines()
        assert lines[1].strip() == "++++++++[>++++++++<-]>+.+-"
        assert "alone" in lines[2]
        assert lines[2].rstrip().endswith("··"), "the last two change nothing"
        assert chosen(screen).startswith("0 +  alone: ")
        await pilot.press("end")
        assert chosen(screen).startswith("25 -  alone: ")
        await pilot.press("tab", "s", "e")
        await pilot.pause()
        assert pane.table._sorted_by == ("effect", True)
        assert "lethal" in text_of(pane.table).splitlines()[1]


async def test_no_word_of_a_table_is_under_the_scrollbar() -> None:
    app = DebugApp(WASTE)
    async with app.run_test(size=SIZE) as pilot:
        pane = (await shown(app, pilot, "3")).pane(Tab.KNOCK_OUTS)
        for width in range(80, 100):
            await pilot.resize_terminal(width, 24)
            await draw(app)
            seen = pane.table.scrollable_content_region.width
            words = [line[:seen].split()[-1] for line in text_of(pane.table).splitlines()[1:] if line.strip()]
            assert set(words) <= {"lethal", "harmful", "neutral", "intron"}, width


async def test_enter_and_a_double_click_put_the_debuggers_cursor_on_the_instruction() -> None:
    app = DebugApp(WASTE)
    async with app.run_test(size=SIZE) as pilot:
        await shown(app, pilot, "3")
        await pilot.press("right", "right", "enter")
        await pilot.pause()
        assert app.here.cursor == 2
        await pilot.press("Y")
        await pilot.pause()
        assert isinstance(app.screen, ExplainScreen)
        assert app.screen.inquiry.tab is Tab.KNOCK_OUTS, "the tab is as it was left"
        heat = app.screen.pane(Tab.KNOCK_OUTS).heat
        await pilot.click(heat, offset=(heat._begin + 7, 2), times=2)
        await pilot.pause()
        assert app.here.cursor == 7


async def test_every_mutation_is_shown_with_robustness_and_evolvability() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        screen = await shown(app, pilot, "4")
        pane = screen.pane(Tab.MUTATIONS)
        assert "robustness" in said(pane)
        assert "evolvability" in said(pane)
        assert "delete" in text_of(pane.heat)
        await pilot.press("down")
        assert chosen(screen).startswith("0 [  put >")


async def test_scores_say_what_they_ask() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        screen = await shown(app, pilot, "5")
        page = screen.page(Tab.SCORES)
        words = [text for line in page.lines for text, _ in line]
        assert "sufficiency" in words
        assert any("a free run" in text for text in words)
        await pilot.press("O")
        await pilot.pause()
        assert [text for line in page.lines for text, _ in line] != words, "other instructions have other scores"


async def test_the_core_leaves_out_what_can_go_and_keeps_what_is_chosen() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        screen = await shown(app, pilot, "6")
        page = screen.page(Tab.CORE)
        assert "9 of 9 instructions are left: errors kept" in text_of(page)
        await pilot.press("m")
        await pilot.pause()
        assert "outputs kept" in text_of(page)
        await pilot.press("m", "r")
        await pilot.pause()
        assert "output byte 3 of case 1 kept" in text_of(page)
        assert "order random, seed 1" in text_of(page)
        assert any(key.text == "keeps" for key in screen.query_one(KeyLine)._keys)


async def test_a_scan_says_how_far_it_is_until_escape_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def endless(scans: Scans, interrupt: Interrupt, tell: Tell) -> None:
        for _ in range(20_000):
            if interrupt.is_set():
                break
            tell("5 of 99 mutants")
            time.sleep(0.001)
        raise Interrupted("interrupted after 5 of 99 mutants")

    monkeypatch.setattr(Scans, "find_mutations", endless)
    app = DebugApp(WASTE)
    async with app.run_test(size=SIZE) as pilot:
        screen = await shown(app, pilot, "1")
        screen._runner = lambda work: screen.run_worker(work, thread=True)
        app.post_message(events.Key("4", "4"))
        pane = screen.pane(Tab.MUTATIONS)
        await until(lambda: "5 of 99 mutants · Esc stops" in said(pane))
        app.post_message(events.Key("escape", None))
        await settle(app)
        assert "interrupted after" in said(pane)
        assert app.screen is screen
        await pilot.press("escape")
        assert isinstance(app.screen, DebugScreen)
