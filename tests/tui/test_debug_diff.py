"""The diff screen and the list of snapshots: any two moments, what changed back, files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from gpdebug.store.individuals import Individuals
from gpdebug.store.run import RunFolder
from gpdebug.store.samples import find_sample
from gpdebug.tui.screens.diff import DiffScreen
from gpdebug.tui.screens.moments import MomentScreen
from gpdebug.tui.widgets.bar import Heading
from gpdebug.tui.widgets.command_line import CommandLine
from gpdebug.tui.widgets.diff_view import DiffView
from gpdebug.tui.widgets.lines import TitleLine
from gpdebug.tui.widgets.rows import Rows
from tests.tui.debugging import ADD, DebugApp, reverse_app, text_of
from vm.dialect import TAPE
from vm.program import Program

SIZE = (100, 30)


def facts(app: DebugApp) -> str:
    return app.screen.query_one(TitleLine)._facts[0]


async def choose(app: DebugApp, pilot: Pilot[None], key: str, text: str) -> None:
    """Opens the choice for a side and enters a moment."""
    await pilot.press(key)
    await pilot.pause()
    app.screen.query_one("#moment", Input).value = text
    await pilot.press("enter")
    await pilot.pause()


async def enter(app: DebugApp, pilot: Pilot[None], text: str) -> None:
    """Enters a text into the line that is open."""
    app.screen.query_one(CommandLine).field.value = text
    await pilot.press("enter")
    await pilot.pause()


async def test_any_step_case_or_share_can_be_typed() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5", "s", "d")
        await choose(app, pilot, "b", "12")
        assert facts(app) == "step 12 → now"
        await choose(app, pilot, "b", "case:2")
        assert facts(app) == "case 2 → now"
        assert '"abcd"' in text_of(app.screen.query_one("#registers"))
        await choose(app, pilot, "a", "case:2@50%")
        assert facts(app).endswith("→ case 2, step 16")
        await choose(app, pilot, "a", "end")
        assert facts(app).endswith("→ end")


async def test_the_list_of_moments_narrows_and_is_chosen_from_by_mouse_and_arrows() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("m", "3", "s", "m", "s", "d", "b")
        await pilot.pause()
        dialog = app.screen
        assert isinstance(dialog, MomentScreen)
        rows = dialog.query_one("#moments", Rows)
        assert [row.key for row in rows._rows][:4] == ["now", "last", "A", "B"]
        assert rows.key == "B", "what is compared now is chosen"
        await pilot.press(*"olleh")
        await pilot.pause()
        assert [row.key for row in rows._rows] == ["case:2"], "found by the output that is wanted"
        await pilot.press("ctrl+u", "down", "down", "enter")
        await pilot.pause()
        assert facts(app) == "A → now"
        await pilot.press("a")
        await pilot.pause()
        rows = app.screen.query_one("#moments", Rows)
        await pilot.click(rows, offset=(4, 3), times=2)
        await pilot.pause()
        assert facts(app) == "A → B"
        await pilot.press("b", "escape")
        await pilot.pause()
        assert facts(app) == "A → B"


async def test_what_is_no_moment_is_told_and_the_screen_stays_as_it_is() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("3", "s", "d")
        before = facts(app)
        await choose(app, pilot, "b", "99999")
        assert facts(app) == before
        assert any("the run ends at step" in note.message for note in app._notifications)
        await choose(app, pilot, "b", "id:5")
        assert facts(app) == before


async def test_individuals_and_parents_of_the_run_are_compared() -> None:
    path = find_sample("reverse")
    assert path is not None
    individuals = Individuals(RunFolder.open(path))
    best = individuals.best()
    app = DebugApp(individuals.program(best), task=individuals.task, individual=best, individuals=individuals)
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("1", "0", "s", "d")
        await choose(app, pilot, "b", "parent")
        parent = individuals.parents(best)[0]
        assert facts(app) == f"parent #{parent.id} → now"
        shown = text_of(app.screen.query_one("#registers"))
        assert f"{len(parent.code):,} instructions → {len(best.code):,} instructions" in shown
        await choose(app, pilot, "b", f"id:{parent.id}@3")
        assert facts(app) == f"#{parent.id}, step 3 → now"


async def test_the_runs_of_two_individuals_of_a_population_are_compared_at_their_ends() -> None:
    path = find_sample("reverse")
    assert path is not None
    individuals = Individuals(RunFolder.open(path))
    best = individuals.best()
    parent = individuals.parents(best)[0]
    app = DebugApp()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.open_debugger(
            individuals.program(best), task=individuals.task, individual=best, individuals=individuals, beside=parent.id
        )
        await pilot.pause()
        assert facts(app).startswith(f"#{parent.id}, step ")
        assert facts(app).endswith(" → end")


async def test_what_changed_on_the_way_is_shown_since_the_mark() -> None:
    app = DebugApp(Program.parse("+-+->+", TAPE), data=b"\x40")
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("M", "c", "D")
        await pilot.pause()
        assert facts(app) == "mark → now"
        heading = app.screen.query(Heading).first()
        assert "1 cell differs, 1 changed back" in text_of(heading)
        lines = text_of(app.screen.query_one(DiffView)).splitlines()
        assert lines[2].split()[1:] == ["0", "40", "64", "as", "before", "'@'", "4", "3"]
        assert lines[3].split()[1:] == ["1", "00", "→", "01", "0", "→", "1", "+1", "·", "→", "·", "1", "5"]
        await pilot.press("c")
        await pilot.pause()
        assert "changed back" not in text_of(heading)


async def test_a_diff_is_written_to_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = DebugApp(ADD, data=bytes([3, 4]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("m", "c", "d", "x", "enter")
        await pilot.pause()
        assert (tmp_path / "A_now.txt").read_text().startswith("A → now: 3 cells changed")
        await pilot.press("x")
        await enter(app, pilot, "d.json")
        assert json.loads((tmp_path / "d.json").read_text())["changed_cells"] == 3
        await pilot.press("x")
        await enter(app, pilot, "no/d")
        assert any("the diff is not written" in note.message for note in app._notifications)
        assert isinstance(app.screen, DiffScreen)
        assert app.screen.query_one(DiffView).has_focus


async def test_next_and_previous_go_from_difference_to_difference_among_all_cells() -> None:
    app = DebugApp(ADD, data=bytes([3, 4]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("m", "c", "d", "v", "v")
        await pilot.pause()
        view = app.screen.query_one(DiffView)
        assert view.scroll_offset.y == 0
        await pilot.press("n")
        await pilot.pause()
        after = view.scroll_offset.y
        assert after == 128 // view._columns
        await pilot.press("N")
        await pilot.pause()
        assert view.scroll_offset.y == 0


async def test_snapshots_are_named_saved_loaded_and_taken_in_series(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("5", "s", "m")
        app.here.action_panel("snapshots")
        await pilot.press("e")
        await enter(app, pilot, "five in the loop")
        (kept,) = app.here.session.snapshots
        assert (kept.name, kept.note) == ("five", "in the loop")
        app.here.action_panel("snapshots")
        await pilot.press("w", "enter")
        await pilot.pause()
        assert (tmp_path / "five.snapshot.json").exists()
        app.here.action_panel("snapshots")
        await pilot.press("delete", "o")
        await enter(app, pilot, "five.snapshot.json again")
        assert [taken.name for taken in app.here.session.snapshots] == ["again"]
        app.here.action_panel("snapshots")
        await pilot.press("y")
        await enter(app, pilot, "10")
        assert [taken.name for taken in app.here.session.snapshots] == ["again", "s0", "s10", "s20"]
        app.here.action_panel("snapshots")
        await pilot.press("e")
        await enter(app, pilot, "now")
        assert app.here.command_line.display, "a name that means something else is refused where it is typed"


async def test_a_series_that_does_not_fit_is_refused_with_the_reason() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        app.here.action_snapshot_series()
        await pilot.pause()
        await pilot.press(*"0", "enter")
        await pilot.pause()
        assert len(app.here.session.snapshots) == 0
        assert any("N from 1" in note.message for note in app._notifications)


async def test_enter_on_a_change_goes_to_when_the_cell_changed() -> None:
    app = DebugApp(ADD, data=bytes([3, 4]))
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("m", "c", "d", "down", "down", "enter")
        await pilot.pause()
        end = app.here.session.total_steps
        assert end is not None
        assert (app.here.moment.step, app.here.memory.cursor) == (end, 128)
        await pilot.press("d", "n", "n", "N", "enter")
        await pilot.pause()
        assert app.here.memory.cursor == 0
        assert app.here.moment.step == max(step for step in range(1, end + 1) if changed_by(app, step, 0)), (
            "the first run of changes begins at cell 0"
        )


def changed_by(app: DebugApp, step: int, cell: int) -> bool:
    before, after = (app.here.session.state_at(at) for at in (step - 1, step))
    assert before is not None
    assert after is not None
    return bool(before.memory[cell] != after.memory[cell])


async def test_p_goes_to_where_two_runs_part() -> None:
    app = reverse_app()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.press("c", "d", "p")
        await pilot.pause()
        assert any("to see where two runs part" in note.message for note in app._notifications)
        await choose(app, pilot, "b", "case:2")
        await pilot.press("p")
        await pilot.pause()
        assert facts(app) == "case 2, step 0 → step 0"
