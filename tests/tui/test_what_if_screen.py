"""What if and why not on the explain screen, typed with completion and errors; folding of its circuit."""

from __future__ import annotations

from textual.pilot import Pilot

from gpdebug.tui.explained import Tab
from gpdebug.tui.screens.explain import ExplainScreen
from gpdebug.tui.themes import palette_of
from gpdebug.tui.widgets.explanation import Explanation
from gpdebug.tui.widgets.lines import TitleLine
from gpdebug.tui.widgets.text_page import TextPage
from tests.tui.debugging import DebugApp, reverse_app, text_of
from vm.dialect import BF, BFF
from vm.program import Program

SIZE = (100, 30)
LETTER = Program.parse("++++++++[>++++++++<-]>+.", BF)


async def asked(app: DebugApp, pilot: Pilot[None], key: str, text: str) -> ExplainScreen:
    """Opens the line by a key of the debug screen and enters a text."""
    await pilot.press("c", key)
    await pilot.pause()
    assert isinstance(app.screen, ExplainScreen)
    app.screen.line.field.value = text
    await pilot.pause()
    await pilot.press("enter")
    await pilot.pause()
    return app.screen


async def test_what_if_shows_direct_and_total_effect() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        screen = await asked(app, pilot, "I", "blank 5")
        page = text_of(screen.page(Tab.CHANGES))
        assert "what if blank 5" in page
        assert "total effect" in page
        assert not screen.line.display
        await pilot.press("escape", "Y")
        await pilot.pause()
        assert isinstance(app.screen, ExplainScreen)
        assert "what if blank 5" in text_of(app.screen.page(Tab.CHANGES)), "the answer is as it was left"


async def test_why_not_names_the_test_that_turned_control_away() -> None:
    app = DebugApp(Program.parse("[+.]>+", BF))
    async with app.run_test(size=SIZE) as pilot:
        screen = await asked(app, pilot, "X", "out[0]")
        page = text_of(screen.page(Tab.CHANGES))
        assert "output byte 0 is never written" in page
        assert "at step 0 instruction 0 finds that cell 0 is 0" in page


async def test_what_is_wrong_is_said_while_one_types_and_stays_to_be_mended() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c", "I", *"mem[3]=")
        await pilot.pause()
        assert isinstance(app.screen, ExplainScreen)
        line = app.screen.line
        assert line.query_one(Explanation).words == "expected a value"
        await pilot.press("7", "space")
        await pilot.pause()
        assert not line.has_class("-wrong")
        await pilot.press("x", "enter")
        await pilot.pause()
        assert line.display
        assert line.has_class("-wrong")
        assert line.field.has_focus


async def test_forms_are_completed_and_lines_remembered() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c", "I", *"fl", "tab")
        await pilot.pause()
        assert isinstance(app.screen, ExplainScreen)
        line = app.screen.line
        assert line.field.value == "flip @"
        await pilot.press("2", "enter")
        await pilot.pause()
        assert "what if flip @2" in text_of(app.screen.page(Tab.CHANGES))
        await pilot.press("w", "up")
        await pilot.pause()
        assert line.field.value == "flip @2"


async def test_a_loop_is_taken_apart_and_folded_again() -> None:
    app = DebugApp(LETTER)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c", "y", "enter")
        await pilot.pause()
        await pilot.press("up", "up", "f")
        await pilot.pause()
        assert isinstance(app.screen, ExplainScreen)
        assert app.screen.query_one(TitleLine)._facts[-2] == "11 of 11 nodes"
        await pilot.press("F")
        await pilot.pause()
        assert int(app.screen.query_one(TitleLine)._facts[-2].split()[0]) < 11, "all passes of an instruction are one"


async def test_control_is_followed_at_one_node() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c", "y", "enter")
        await pilot.pause()

        await pilot.press("up", "e")
        await pilot.pause()
        assert isinstance(app.screen, ExplainScreen)
        scene = app.screen.circuit.scene
        assert scene is not None
        assert len(scene.circuit.nodes) > 3


async def test_a_run_that_cannot_be_loaded_is_a_problem_of_what_is_typed() -> None:
    app = DebugApp(Program.parse("[{.>]-]", BFF))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c", "y", "enter")
        await pilot.pause()
        assert isinstance(app.screen, ExplainScreen)
        app.screen.inquiry.run = app.screen.inquiry.run.on(app.screen.inquiry.run.subject.on_input(b"abc"))
        await pilot.press("w", *"mem[1]=2")
        await pilot.pause()
        assert "takes no input" in app.screen.line.query_one(Explanation).words


async def test_deeply_indented_lines_are_wrapped_in_any_width() -> None:
    app = DebugApp(LETTER)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        page = TextPage()
        page.lines = (((" " * 40 + "words " * 30, "base"),),)
        for width in (0, 1, 5, 20, 80):
            assert len(page._wrapped(width, palette_of(app))) > 1
