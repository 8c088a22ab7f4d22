"""A stop as a form, its dialog, and how what is wrong is explained."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from textual.widgets import Input

from gpdebug.debugger.places import ACCESSES, Event
from gpdebug.debugger.session import Session
from gpdebug.debugger.stop_list import StopList
from gpdebug.debugger.stops import UserStop
from gpdebug.tui.screens.stop import StopScreen
from gpdebug.tui.stop_form import FormReader, Kind, StopForm, Text
from gpdebug.tui.widgets.explanation import Explanation, pointed
from gpdebug.tui.widgets.options import Options
from tests.tui.debugging import REVERSE, reverse_app, text_of

SIZE = (80, 24)
TERMS: dict[str, Any] = {"condition": "h0 > 1", "rule": "% 3", "message": "at {pc}", "note": "here", "snapshot": True}


def stops_of_all_kinds() -> tuple[StopList, list[UserStop]]:
    stops = Session(REVERSE, b"abcd").stops
    made = [
        stops.add(5, **TERMS),
        stops.add(3, temporary=True, after=1),
        *(stops.watch_cells(3, 5, access=access, **TERMS) for access in ACCESSES.values()),
        stops.watch_cells(-2, head=1),
        stops.watch_cells(250, 10),
        stops.watch_expression("mem[3] + h0", rule=">= 2"),
        *(stops.catch(event) for event in Event),
    ]
    return stops, made


def test_the_form_of_a_stop_means_that_stop() -> None:
    stops, made = stops_of_all_kinds()
    for stop in made:
        reader, form = FormReader(stops, 256, stop.id), StopForm.of(stop)
        assert reader.problems(form) == []
        assert stops.change(stop.id, reader.where(form), **reader.terms(form)) == stop
    assert list(stops) == made, "in their old order"


def test_a_stop_with_a_message_is_a_logpoint_but_blanks_are_no_message() -> None:
    assert StopForm(message="x").name == "logpoint"
    assert StopForm(message="  ").name == "breakpoint"
    assert StopForm(Kind.WATCH).name == "watchpoint"


def test_a_stop_is_not_offered_to_wait_for_itself() -> None:
    stops = Session(REVERSE, b"abcd").stops
    for instruction in (1, 2):
        stops.add(instruction)
    (problem,) = FormReader(stops, 256, 2).problems(StopForm(place="2", after="x"))
    assert "(1)" in problem.message


@pytest.mark.parametrize(
    ("form", "text", "column"),
    [
        (StopForm(place="x"), Text.PLACE, 0),
        (StopForm(place="99"), Text.PLACE, 0),
        (StopForm(Kind.WATCH, ""), Text.PLACE, 0),
        (StopForm(Kind.WATCH, "300"), Text.PLACE, 0),
        (StopForm(Kind.WATCH, "mem[3] +"), Text.PLACE, 8),
        (StopForm(Kind.WATCH, "h0 + 1", access="read"), Text.PLACE, 0),
        (StopForm(place="1", condition="h0 = 1"), Text.CONDITION, 3),
        (StopForm(place="1", rule="3"), Text.RULE, 0),
        (StopForm(place="1", message="a {h9}"), Text.MESSAGE, 3),
        (StopForm(place="1", after="99"), Text.AFTER, 0),
        (StopForm(place="1", after="x"), Text.AFTER, 0),
    ],
)
def test_each_text_is_checked_and_the_column_told(form: StopForm, text: Text, column: int) -> None:
    stops, _ = stops_of_all_kinds()
    assert [(problem.text, problem.column) for problem in FormReader(stops, 256).problems(form)] == [(text, column)]


def test_a_stop_that_is_changed_into_nothing_possible_stays_as_it_was() -> None:
    stops = Session(REVERSE).stops
    first, second = stops.add(1), stops.add(2, after=1)
    reader = FormReader(stops, 256, first.id)
    assert [problem.text for problem in reader.problems(StopForm(place="1", after="2"))] == [Text.AFTER]
    with pytest.raises(Exception, match="arms stop 2"):
        stops.change(first.id, first.where, temporary=True)
    assert list(stops) == [first, second]


def test_a_disabled_stop_stays_disabled_when_it_is_changed() -> None:
    stops = Session(REVERSE).stops
    stop = stops.enable(stops.add(1).id, False)
    assert not stops.change(stop.id, stop.where, rule="== 2").enabled


@given(some.lists(some.text("ab", min_size=1, max_size=9), min_size=1), some.integers(0, 90), some.integers(40, 80))
def test_an_explanation_is_whole_and_points_at_its_column(words: list[str], column: int, width: int) -> None:
    message = " ".join(words)
    lines = pointed(message, column, 8, width)
    assert " ".join(" ".join(lines).replace("╰", " ").split()).endswith(message)
    assert all(len(line) <= width for line in lines)
    at = max(8, min(column, width - 1))
    assert lines[0][at] in "╰╯│"


async def test_the_dialog_makes_a_watchpoint_with_everything() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        app.here.session.stops.add(3)
        await pilot.press("W", "up", "right", "up", "end", *"mem[h0-1..h0+1]")
        dialog = app.screen
        assert isinstance(dialog, StopScreen)
        dialog.query_one("#place", Input).value = "mem[h0-1..h0+1]"
        await pilot.pause()
        assert "after a step: written mem[h0-1..h0+1]" in text_of(dialog.query_one("#place-below"))
        await pilot.press(
            "down", "down", *"cell0 == 100", "tab", "tab", "tab", "1", "tab", *"why", "tab", "tab", "space"
        )
        await pilot.press("enter")
        await pilot.pause()
        stop = app.here.session.stops[2]
        assert str(stop) == "watchpoint 2 written mem[h0-1..h0+1] if cell0 == 100 after 1 snapshot"
        assert stop.note == "why"


async def test_the_dialog_makes_a_catchpoint_and_keys_and_mouse_choose() -> None:
    app = reverse_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.press("A", "right", "right", "down", "right")
        dialog = app.screen
        assert isinstance(dialog, StopScreen)
        assert dialog.form.event is Event.INPUT
        assert "new catchpoint" in text_of(dialog.query_one("#title"))
        event = dialog.query_one("#event", Options)
        await pilot.click(event, offset=(text_of(event).index("over") + 1, 0))
        await pilot.press("enter")
        await pilot.pause()
        assert [str(stop) for stop in app.here.session.stops] == ["catchpoint 1 on over"]


async def test_a_long_error_is_wrapped_and_nothing_of_it_cut() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("B", *"mem[0] > 1 and mem[1] > 2 and foo == 3")
        await pilot.pause()
        below = app.screen.query_one("#condition-below", Explanation)
        assert below.size.height > 1
        assert text_of(below).rstrip().endswith("len(out)")
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(app.screen, StopScreen)
        assert app.screen.focused is app.screen.query_one("#condition")


async def test_stops_of_any_kind_are_added_and_changed_from_their_list() -> None:
    app = reverse_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        app.here.action_panel("stops")
        await pilot.press("a", "down", *"4", "enter")
        await pilot.pause()
        assert [stop.instruction for stop in app.here.session.stops] == [4]
        await pilot.press("e", "up", "up", "right")
        dialog = app.screen
        assert isinstance(dialog, StopScreen)
        assert dialog.form.kind is Kind.WATCH
        await pilot.press("enter")
        await pilot.pause()
        assert [str(stop) for stop in app.here.session.stops] == ["watchpoint 1 changed mem[4]"]


async def test_enter_in_the_list_shows_a_stop_where_it_is_and_else_asks_about_it() -> None:
    app = reverse_app()
    async with app.run_test(size=(100, 30)) as pilot:
        stops = app.here.session.stops
        stops.watch_cells(9, 2)
        stops.catch(Event.OVER)
        await pilot.press("s")
        app.here.action_panel("stops")
        await pilot.press("home", "enter")
        await pilot.pause()
        assert app.here.views.memory.cursor == 9
        await pilot.press("end", "enter")
        await pilot.pause()
        assert isinstance(app.screen, StopScreen)
