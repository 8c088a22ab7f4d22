"""The form that begins a run: fields, what is wrong in them, and the words for the process, which is made up."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from gpdebug.evolve.remote import Ending
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.evolve_form import EvolveForm, Field, check
from gpdebug.tui.screens.evolve import EvolveScreen
from gpdebug.tui.screens.evolve_form import EvolveFormScreen
from gpdebug.tui.widgets.explanation import Explanation
from tests.tui.evolving import FIRST, FakeRemote, text_of
from tests.tui.evolving import fake_process as fake_process
from tests.tui.test_app import saved_run
from tests.tui.waiting import settle, until


@asynccontextmanager
async def form(size: tuple[int, int] = (80, 24)) -> AsyncIterator[tuple[GpdebugApp, Pilot[None]]]:
    app = GpdebugApp()
    async with app.run_test(size=size) as pilot:
        await pilot.press("e")
        assert isinstance(app.screen, EvolveFormScreen)
        yield app, pilot


async def test_a_run_is_begun_by_its_task_alone(fake_process: list[FakeRemote]) -> None:
    async with form() as (app, pilot):
        await pilot.press(*"reverse", "enter")
        assert isinstance(app.screen, EvolveScreen)
        (remote,) = fake_process
        assert remote.words == ["reverse", "--out", "runs/reverse", "--budget", "5min"]
        assert "starting" in text_of(app)


async def test_every_field_of_the_form_becomes_an_option(fake_process: list[FakeRemote]) -> None:
    async with form() as (app, pilot):
        assert isinstance(app.screen, EvolveFormScreen)
        for name, text in {
            "task": "text:hi", "folder": "~/mine", "budget": "60s 2M", "seed": "7", "population": "1,200",
            "islands": "4", "search": "selection=lexicase crossover=30", "dialect": "bf",
        }.items():  # fmt: skip
            app.screen.query_one(f"#field-{name}").value = text  # type: ignore[attr-defined]
        await pilot.press("f5")
        (remote,) = fake_process
        assert remote.words == [
            "text:hi", "--out", str(Path("~/mine").expanduser()), "--budget", "60s", "--budget", "2M", "--seed", "7",
            "--population", "1200", "--islands", "4", "--set", "selection=lexicase", "--set", "crossover=30",
            "--dialect", "bf",
        ]  # fmt: skip


async def test_a_run_that_could_not_begin_leaves_its_form(fake_process: list[FakeRemote]) -> None:
    async with form((120, 36)) as (app, pilot):
        await pilot.press(*"reverse")
        app.screen.query_one("#field-seed").value = "7"  # type: ignore[attr-defined]
        await pilot.press("f5")
        await until(lambda: bool(fake_process))
        fake_process[0].ended(Ending(2, "the disk is full"))
        await pilot.pause()
        await pilot.press("e")
        assert isinstance(app.screen, EvolveFormScreen)
        assert (app.screen.form.task, app.screen.form.seed) == ("reverse", "7")


async def test_after_a_run_that_has_begun_the_form_is_new(fake_process: list[FakeRemote]) -> None:
    async with form((120, 36)) as (app, pilot):
        await pilot.press(*"reverse", "enter")
        await until(lambda: bool(fake_process))
        fake_process[0].told(FIRST)
        await pilot.pause()
        await pilot.press("e")
        assert isinstance(app.screen, EvolveFormScreen)
        assert app.screen.form == EvolveForm()


@pytest.mark.parametrize(
    ("field", "text", "what"),
    [
        ("task", "reverze", "did you mean reverse?"),
        ("folder", "taken", "holds a run already"),
        ("budget", "soon", "60s"),
        ("budget", "", "60s"),
        ("seed", "x", "expected a whole number, not 'x'"),
        ("population", "1", "population must be"),
        ("islands", "0", "islands must be"),
        ("search", "selektion=lexicase", "did you mean selection?"),
        ("search", "selection=best", "tournament"),
        ("search", "seed=1", "seed has a line of its own"),
        ("dialect", "bff", "bff"),
        ("held-out", "cases.jsonl", "reverse"),
    ],
)
async def test_what_is_wrong_is_told_and_nothing_is_begun(
    field: str, text: str, what: str, fake_process: list[FakeRemote]
) -> None:
    saved_run(Path("taken"))
    async with form((120, 36)) as (app, pilot):
        await pilot.press(*"reverse")
        app.screen.query_one(f"#field-{field}").value = text  # type: ignore[attr-defined]
        await pilot.press("f5")
        assert isinstance(app.screen, EvolveFormScreen)
        assert what in app.screen.query_one(Explanation).words
        assert not fake_process


async def test_what_is_wrong_with_held_out_cases_is_told_beside_them() -> None:
    Path("cases.csv").write_text("input,output\nab,ba\nabc,cba\n")
    checked = check(EvolveForm(task="cases.csv", folder="new", held_out="missing.csv"))
    assert checked.first_problem is Field.HELD_OUT
    assert "missing.csv: no such file" in checked.problems[Field.HELD_OUT]


async def test_the_bytes_of_a_python_file_are_a_text_like_others_and_nothing_is_executed() -> None:
    Path("program.py").write_text("raise SystemExit\n" * 4)
    checked = check(EvolveForm(task="text-next:program.py:3", folder="new"))
    assert not checked.problems
    assert checked.task is not None


async def test_a_proposed_folder_is_gone_on_with_at_its_end(fake_process: list[FakeRemote]) -> None:
    async with form() as (_, pilot):
        await pilot.press(*"reverse", "down", *"-2", "enter")
        assert fake_process[0].words[:3] == ["reverse", "--out", "runs/reverse-2"]


async def test_a_name_that_is_only_begun_is_not_called_wrong_until_it_is_to_be_begun() -> None:
    async with form() as (app, pilot):
        await pilot.press(*"rever")
        await settle(app)
        await pilot.pause()
        assert "unknown" not in text_of(app)
        await pilot.press("enter")
        assert "unknown task 'rever': did you mean reverse?" in text_of(app)
        await pilot.press("s", "e")
        await settle(app)
        await pilot.pause()
        assert "unknown" not in text_of(app)


async def test_nothing_is_said_of_a_text_that_is_not_there_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    async with form() as (app, pilot):
        await pilot.press(*"nonsense")
        screen = app.screen
        assert isinstance(screen, EvolveFormScreen)
        assert "unknown task 'nonsense'" in screen.explanation.words
        allowed = threading.Event()
        monkeypatch.setattr("gpdebug.tui.screens.evolve_form.check", lambda form: allowed.wait(60) and check(form))
        screen.query_one("#field-task").value = "echo"  # type: ignore[attr-defined]
        await until(lambda: "unknown" not in screen.explanation.words)
        allowed.set()
        await settle(app)
        await pilot.pause()
        assert "the same text" in text_of(app)


async def test_a_task_is_chosen_from_those_that_a_text_is_about(fake_process: list[FakeRemote]) -> None:
    async with form() as (app, pilot):
        await pilot.press(*"greater")
        assert "max" in text_of(app)
        assert "echo" not in text_of(app)
        await pilot.press("tab", "enter")
        assert isinstance(app.screen, EvolveFormScreen)
        assert (app.screen.form.task, app.screen.form.folder) == ("max", "runs/max")


async def test_a_folder_that_is_there_already_is_not_proposed() -> None:
    saved_run(Path("runs/reverse"))
    async with form() as (app, pilot):
        await pilot.press(*"reverse")
        assert isinstance(app.screen, EvolveFormScreen)
        assert app.screen.form.folder == "runs/reverse-2"


async def test_the_command_for_another_terminal_is_copied(fake_process: list[FakeRemote]) -> None:
    async with form() as (app, pilot):
        await pilot.press(*"text:hi there", "ctrl+y")
        assert app.clipboard == "gpdebug evolve 'text:hi there' --out runs/text-hi-there --budget 5min"
        assert not fake_process


# The screen
