"""Watches, bookmarks and the mark on the debug screen: by key, by mouse, in their lists, in the memory's heading."""

from __future__ import annotations

from textual.pilot import Pilot

from gpdebug.tui.widgets.bar import Bar
from gpdebug.tui.widgets.explanation import Explanation
from gpdebug.tui.widgets.panels import shared_lines
from gpdebug.tui.widgets.timeline import Timeline, TimelineScene
from tests.tui.debugging import ADD, DebugApp, reverse_app, text_of

SIZE = (100, 30)
WIDE = (160, 45)


def listed(app: DebugApp, name: str) -> list[str]:
    return [line.strip() for line in text_of(app.here.views.panels.rows(name)).splitlines() if line.strip()]


def heading(app: DebugApp) -> str:
    return text_of(app.here.query_one("#memory-heading"))


async def click(pilot: Pilot[None], bar: Bar, word: str) -> None:
    """Clicks on a word of a line."""
    await pilot.click(bar, offset=(text_of(bar).index(word), 0))
    await pilot.pause()


async def test_a_watch_shows_its_value_at_every_stop_and_how_it_changed() -> None:
    app = DebugApp(ADD, data=bytes([3, 4]))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("E", *"sum = mem[0] + mem[1]", "enter", "E", *"cell0", "enter")
        await pilot.pause()
        assert listed(app, "watches") == ["1  sum        7  0x07", "2  cell0      3  0x03"]
        await pilot.press("2", "s")
        await pilot.pause()
        assert listed(app, "watches") == [
            "1  sum        6  0x06      was 7 -1",
            "2  cell0      2  0x02      was 3 -1",
        ]
        await pilot.press("S")
        await pilot.pause()
        assert listed(app, "watches")[0].endswith("was 6 +1")


async def test_a_wrong_expression_is_shown_in_the_line_and_not_kept() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("E", *"x = mem[", "enter")
        await pilot.pause()
        assert app.here.command_line.display
        assert "expected a value" in text_of(app.here.command_line.query_one(Explanation))
        assert len(app.here.session.watches) == 0
        await pilot.press("3", "]", "enter")
        await pilot.pause()
        assert [watch.text for watch in app.here.session.watches] == ["x = mem[3]"]


async def test_watches_are_added_edited_and_deleted_in_their_list() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.here.action_panel("watches")
        await pilot.press("a", *"pc", "enter", "a", *"step", "enter", "home")
        await pilot.press("e", *" + 1", "enter")
        await pilot.pause()
        assert [watch.text for watch in app.here.session.watches] == ["pc + 1", "step"]
        await pilot.press("delete")
        await pilot.pause()
        assert [watch.text for watch in app.here.session.watches] == ["step"]


async def test_changes_of_a_watch_and_of_a_cell_are_gone_to_in_both_directions() -> None:
    app = DebugApp(ADD, data=bytes([9, 4]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("E", *"mem[1]", "enter")
        await pilot.pause()
        app.here.action_panel("watches")
        await pilot.press("2", ">")
        await pilot.pause()
        assert (app.here.moment.step, app.here.session.value("mem[1]")) == (9, 6)
        await pilot.press("<")
        await pilot.pause()
        assert (app.here.moment.step, app.here.session.value("mem[1]")) == (4, 5)
        app.here.views.memory.focus()
        app.here.views.memory.move_cursor(0)
        await pilot.press(">")
        await pilot.pause()
        assert (app.here.moment.step, app.here.session.value("mem[0]")) == (7, 7)
        await pilot.press("3", "<")
        await pilot.pause()
        assert app.here.moment.step == 0


async def test_plus_in_the_heading_adds_by_mouse() -> None:
    app = reverse_app()
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await click(pilot, app.here.query_one("#heading-bookmarks", Bar), "+")
        assert [kept.name for kept in app.here.session.bookmarks] == ["b1"]
        await click(pilot, app.here.query_one("#heading-watches", Bar), "+")
        assert app.here.command_line.display
    app = DebugApp(ADD)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        tabs = app.here.views.panels.query_one(".tabs", Bar)
        await click(pilot, tabs, "bookmarks")
        await click(pilot, tabs, "+")
        assert len(app.here.session.bookmarks) == 1


async def test_k_bookmarks_a_moment_to_come_back_to() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5", "s", "k", "9", "s", "k")
        await pilot.pause()
        assert listed(app, "bookmarks") == ["▾b1            5", "▾b2           14  here"]
        app.here.action_panel("bookmarks")
        await pilot.press("home", "e", *" the first", "enter")
        await pilot.pause()
        assert listed(app, "bookmarks")[0] == "▾b1            5  the first"
        await pilot.press("enter")
        await pilot.pause()
        assert app.here.moment.step == 5
        await pilot.press("g", *"b2", "enter")
        await pilot.pause()
        assert app.here.moment.step == 14
        await pilot.press("delete")
        await pilot.pause()
        assert [kept.name for kept in app.here.session.bookmarks] == ["b2"]


async def test_a_name_that_is_taken_is_refused_while_it_is_typed() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("k", "k")
        app.here.action_panel("bookmarks")
        await pilot.press("home", "e", "backspace", "2", "enter")
        await pilot.pause()
        assert "there is a bookmark b2 already" in text_of(app.here.command_line.query_one(Explanation))
        assert [kept.name for kept in app.here.session.bookmarks] == ["b1", "b2"]


async def test_changes_are_shown_since_the_mark_or_since_the_last_stop() -> None:
    app = DebugApp(ADD, data=bytes([9, 4]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert "since last stop" in heading(app)
        await pilot.press("u")
        await pilot.pause()
        assert "since last stop" in heading(app), "there is no mark"
        await pilot.press("M", "E", *"mem[0]", "enter", "6", "s", "6", "s")
        await pilot.pause()
        assert "since mark" in heading(app)
        assert listed(app, "watches")[0].endswith("was 9 -3")
        assert app.here.views.memory.scene is not None
        before = app.here.views.memory.scene.before
        assert before is not None
        assert before[:2].tolist() == [9, 4]
        await pilot.press("u")
        await pilot.pause()
        assert "since last stop" in heading(app)
        assert listed(app, "watches")[0].endswith("was 8 -2")
        await click(pilot, app.here.query_one("#memory-heading", Bar), "since")
        assert "since mark" in heading(app)
        await pilot.press("M", "M")
        await pilot.pause()
        assert app.here.session.mark is None
        assert "since last stop" in heading(app)


async def test_changes_can_be_measured_from_a_snapshot_or_by_command() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5", "s", "m", "9", "s")
        app.here.action_panel("snapshots")
        await pilot.press("home", "u")
        await pilot.pause()
        assert "since A" in heading(app)
        await pilot.press(":", *"mark 7", "enter")
        await pilot.pause()
        assert "since mark" in heading(app)
        assert "┇" in text_of(app.here.query_one(Timeline))
        await pilot.press(":", *"mark off", "enter")
        await pilot.pause()
        assert "since last stop" in heading(app)


async def test_bookmarks_are_met_exactly_by_a_click_on_the_timeline() -> None:
    app = DebugApp(ADD, data=bytes([200, 4]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("3", "3", "3", "s", "k", "c")
        await pilot.pause()
        timeline = app.here.query_one(Timeline)
        assert "▾" in text_of(timeline)
        await pilot.click(timeline, offset=(timeline.column_of(333), 0))
        await pilot.pause()
        assert app.here.moment.step == 333


async def test_watches_stay_when_another_case_is_chosen() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("E", *"in[0]", "enter")
        app.here.take_subject(app.here.subject.on_case(1))
        await pilot.pause()
        assert listed(app, "watches") == [f"1  in[0]    {ord('h')}  0x68 'h'"]


def test_lists_share_their_lines() -> None:
    assert shared_lines([1, 1, 3, 1, 1], 20) == [1, 1, 3, 1, 14]
    assert shared_lines([9, 1, 9, 1, 9], 15) == [5, 1, 4, 1, 4]
    assert shared_lines([9, 9, 9], 2) == [1, 1, 1]
    assert sum(shared_lines([4, 1, 30, 2, 100], 38)) == 38


async def test_what_is_kept_beyond_the_farthest_step_that_was_seen_lies_on_the_line() -> None:
    app = DebugApp(ADD)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        timeline = app.here.query_one(Timeline)
        timeline.show(TimelineScene(3, 5, None, [("A", 20)], [40], 80, [10], [11]))
        await pilot.pause()
        assert [sign for sign in text_of(timeline) if sign in "◆▾┇┴┬"] == ["┴", "┬", "◆", "▾", "┇"]
        timeline.show(TimelineScene(3, 5, 6, [("A", 20)], [40], 80, [10], [11]))
        await pilot.pause()
        assert "◆" not in text_of(timeline), "it lies on no line that ends before it"
