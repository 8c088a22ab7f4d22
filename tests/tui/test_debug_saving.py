"""A session that is left and opened again: what comes back, what is said about it, what is saved when."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gpdebug.debugger import session_records
from gpdebug.debugger.edits import SetCells
from gpdebug.debugger.session_file import SessionFile
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.screens import saving
from gpdebug.tui.screens.debug import DebugScreen
from tests.tui.debugging import ADD, HELLO, REVERSE, DebugApp, reverse_app, text_of
from tests.tui.waiting import until
from vm.machine import Machine
from vm.program import Program

SIZE = (100, 30)


def document(app: DebugApp) -> dict[str, object]:
    found: dict[str, object] = json.loads(app.here.session_file.path.read_bytes())
    return found


def position(app: DebugApp) -> object:
    (run,) = document(app)["runs"].values()  # type: ignore[attr-defined]
    return run["position"]


def said(app: DebugApp) -> str:
    return " ".join(text_of(app.here.views.panels.rows("log")).split())


async def test_a_session_comes_back_and_one_line_says_so() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("b", "E", *"cell0", "enter", "5", "s", "k", "m", "M", "9", "s")
        app.here._edit(lambda: app.here.session.edit(SetCells(1, b"z"), name="other"))
        await pilot.pause()
    again = reverse_app()
    async with again.run_test(size=SIZE) as pilot:
        await pilot.pause()
        session = again.here.session
        assert (session.moment.step, session.moment.branch) == (14, 1)
        assert again.here.moment is session.moment
        assert [kept.name for kept in session.snapshots] == ["A"]
        assert "since mark" in text_of(again.here.query_one("#memory-heading"))
        again.here.action_panel("log")
        await pilot.pause()
        assert (
            "from the last session: 1 stop, 1 watch, 1 snapshot, 1 branch, 1 bookmark, the mark at step 5, at step 14"
            in said(again)
        )
        await pilot.press("r")
        await pilot.pause()
        assert again.here.moment.step == 0


async def test_nothing_is_said_and_nothing_saved_where_nothing_was_done() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
    again = reverse_app()
    async with again.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert not again.here.session_file.path.exists()
        assert not again._notifications


async def test_what_is_kept_is_saved_at_once_and_the_position_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "SAVE_AFTER", 0.05)
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("E", *"pc", "enter")
        await pilot.pause()
        assert document(app)["watches"] == [{"expression": "pc", "name": ""}]
        await pilot.press("7", "s")
        await until(lambda: position(app) == {"branch": 0, "step": 7}, "the position")


async def test_each_input_has_its_own_moments() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5", "s", "k", "b")
        app.here.take_subject(app.here.subject.on_case(1))
        await pilot.pause()
        assert (app.here.moment.step, len(app.here.session.bookmarks), len(app.here.session.stops)) == (0, 0, 1)
        await pilot.press("3", "s")
        app.here.take_subject(app.here.subject.on_case(0))
        await pilot.pause()
        assert (app.here.moment.step, len(app.here.session.bookmarks), len(app.here.session.stops)) == (5, 1, 1)


async def test_an_input_of_ones_own_comes_back_with_its_program() -> None:
    app = DebugApp(ADD)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.here.take_subject(app.here.subject.on_input(b"\x05\x06"))
        await pilot.press("4", "s")
        await pilot.pause()
    again = DebugApp(ADD)
    async with again.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert (again.here.session.data, again.here.moment.step) == (b"\x05\x06", 4)


async def test_fresh_begins_without_the_last_session() -> None:
    app = DebugApp(HELLO)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("b", "5", "s")
        await pilot.pause()
    again = DebugApp(HELLO, fresh=True)
    async with again.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert (again.here.moment.step, len(again.here.session.stops)) == (0, 0)


async def test_a_program_that_was_changed_finds_its_session_by_its_path() -> None:
    app = DebugApp(HELLO, name="/home/me/hello.b")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("right", "b", "m")
        await pilot.pause()
    changed = Program(b"+-" + HELLO.code.tobytes()[2:], HELLO.dialect)
    again = DebugApp(changed, name="/home/me/hello.b")
    async with again.run_test(size=SIZE) as pilot:
        await pilot.pause()
        (stop,) = again.here.session.stops
        assert stop.misfit is not None
        again.here.action_panel("log")
        await pilot.pause()
        assert "another version of this program" in said(again)


@pytest.mark.parametrize(("fresh", "watches"), [(False, 1), (True, 0)])
async def test_a_program_file_is_known_by_its_path(tmp_path: Path, fresh: bool, watches: int) -> None:
    path = tmp_path / "hello.b"
    path.write_bytes(HELLO.code.tobytes())
    app = DebugApp(HELLO, name=str(path))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("E", *"pc", "enter")
        await pilot.pause()
    opened = GpdebugApp(HELLO, title="hello.b", source=str(path), fresh=fresh)
    async with opened.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert isinstance(opened.screen, DebugScreen)
        assert len(opened.screen.session.watches) == watches


async def test_snapshots_of_a_version_with_another_memory_are_listed_as_such() -> None:
    app = DebugApp(HELLO, name="/home/me/hello.b")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5", "s", "m")
        await pilot.pause()
    small = HELLO.dialect.with_settings(memory=16)
    again = DebugApp(Program(HELLO.code.tobytes(), small), name="/home/me/hello.b")
    async with again.run_test(size=SIZE) as pilot:
        await pilot.pause()
        again.here.action_panel("snapshots")
        await pilot.pause()
        assert "another memory" in text_of(again.here.views.panels.rows("snapshots"))
        await pilot.press("u")
        await pilot.pause()
        assert again.here.session.mark is None


async def test_a_long_way_back_waits_for_the_compiled_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "FAR", 10)
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("m", "1", "5", "s")
        await pilot.pause()
    again = reverse_app()
    async with again.run_test(size=SIZE) as pilot:
        await pilot.pause()
        assert (again.here.moment.step, len(again.here.session.snapshots)) == (0, 1)
        again.machine_type = Machine
        await pilot.pause()
        assert again.here.moment.step == 15


async def test_who_moves_before_that_stays_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saving, "FAR", 10)
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("k", "1", "5", "s")
        await pilot.pause()
    again = reverse_app()
    async with again.run_test(size=SIZE) as pilot:
        await pilot.pause()
        await pilot.press("2", "s")
        await pilot.pause()
        again.machine_type = Machine
        await pilot.pause()
        assert (again.here.moment.step, len(again.here.session.bookmarks)) == (2, 1)


async def test_the_state_of_a_far_moment_is_saved_when_the_screen_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_records, "FAR", 10)
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1", "5", "s")
        await pilot.pause()
    file = SessionFile(REVERSE)
    (run,) = json.loads(file.path.read_bytes())["runs"].values()
    assert run["position"]["state"]["file"] in [path.name for path in file.path.parent.iterdir()]


async def test_a_damaged_file_is_told_and_left(tmp_path: Path) -> None:
    path = SessionFile(REVERSE).path
    path.parent.mkdir(parents=True)
    path.write_text("{")
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.here.action_panel("log")
        await pilot.press("b")
        await pilot.pause()
        assert "is damaged" in said(app)
    assert path.read_text() == "{"
