"""What backgrounds tell: how often, whether, or nothing, by key, by click and as the settings say."""

from __future__ import annotations

from rich.color import Color
from rich.style import Style

from gpdebug.tui.screens.explain import ExplainScreen
from gpdebug.tui.shading import Shading
from gpdebug.tui.themes import palette_of
from gpdebug.tui.widgets.line_view import LineView
from tests.tui.debugging import ADD, DebugApp
from vm.dialect import BF
from vm.profile import Profiler
from vm.program import Program

SIZE = (120, 36)


def backgrounds(view: LineView, text: str) -> set[Color | None]:
    """The backgrounds of the pieces that contain a text."""
    strips = view.render_lines(view.size.region)
    styles = [segment.style or Style() for strip in strips for segment in strip if text in segment.text]
    return {style.bgcolor for style in styles}


def shading_of(app: DebugApp) -> str:
    return app.here.views.shading.value


def count(app: DebugApp) -> None:
    """What the counting in the background finds, at once."""
    screen = app.here
    profiler = Profiler(ADD, bytes([2, 4]), screen.session.settings)
    profiler.advance(screen.moment.step, 1000)
    screen.profile = profiler.profile()
    screen.show_kept()


async def test_a_key_goes_through_heat_coverage_and_off_in_program_and_memory() -> None:
    app = DebugApp(ADD, data=bytes([2, 4]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1", "1", "s")
        count(app)
        views, palette = app.here.views, palette_of(app)
        heat = {style.bgcolor for style in palette.heat[1:]}
        covered = palette.coverage[1].bgcolor
        await pilot.press("end")
        for view in (views.grid, views.listing):
            assert backgrounds(view, "+") & heat
        await pilot.press("a")
        assert shading_of(app) == "coverage"
        for view in (views.grid, views.listing):
            assert covered in backgrounds(view, "+")
            assert covered not in backgrounds(view, ".")
        await pilot.press("end")
        assert covered in backgrounds(views.memory, "06")
        await pilot.press("a", "a", "a")
        assert shading_of(app) == "off"
        for quiet in (views.grid, views.listing, views.memory):
            assert not ({*heat, covered} & {c for text in ("+", "06", "-") for c in backgrounds(quiet, text)})
        await pilot.press("a")
        assert shading_of(app) == "heat"


async def test_the_heading_names_the_shading_and_changes_it() -> None:
    app = DebugApp(ADD, data=bytes([2, 4]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        heading = app.here.query_one("#program-heading")
        strip = heading.render_lines(heading.size.region)[0]
        await pilot.click(heading, offset=(strip.text.index("heat") + 1, 0))
        await pilot.pause()
        assert app.here.views.shading is Shading.COVERAGE
        assert "coverage" in heading.render_lines(heading.size.region)[0].text


async def test_knock_outs_and_robustness_are_told_by_backgrounds() -> None:
    waste = Program.parse("++++++++[>++++++++<-]>+.+-", BF)
    app = DebugApp(waste)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("a", "a")
        assert shading_of(app) == "knock-outs"
        palette, grid = palette_of(app), app.here.views.grid
        assert palette.effects[5].bgcolor in backgrounds(grid, "."), "without it there is no output"
        levels = app.here.views.scan_levels[Shading.KNOCK_OUTS]
        assert levels.tolist()[-2:] == [1, 1], "the last two are introns"
        await pilot.press("a")
        assert shading_of(app) == "robustness"
        hot = app.here.views.scan_levels[Shading.ROBUSTNESS]
        assert len(hot) == len(waste)
        assert hot[-1] < hot[9], "mutations behind the last output change nothing, those of the loop do"
        await pilot.press("y", "enter", "4")
        await pilot.pause()
        assert isinstance(app.screen, ExplainScreen)
        assert app.screen.inquiry.known_scans is app.screen.inquiry.scans, "scanned once, for both screens"
        assert app.screen.inquiry.known_scans.mutations is not None
