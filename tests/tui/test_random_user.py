"""Whatever a user presses, clicks, types or resizes, nothing breaks, and what is shown is what a fresh run has."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import pytest
import textual.screen
from textual.screen import Screen
from textual.widget import Widget

from gpdebug.tui import bridge, scans, type_ahead
from gpdebug.tui.app import GpdebugApp
from gpdebug.tui.player import Player
from gpdebug.tui.screens import debug, explaining
from gpdebug.tui.screens.debug import DebugScreen
from gpdebug.tui.screens.help import HelpScreen
from gpdebug.tui.screens.home import HomeScreen
from gpdebug.tui.screens.population import PopulationScreen
from gpdebug.tui.widgets.line_view import LineView
from gpdebug.tui.widgets.lines import TitleLine
from tests.debugger.fresh import FreshRun
from tests.debugger.lines import random_line
from tests.debugger.strategies import TWO_STASHES
from tests.tui.debugging import HELLO, REVERSE, REVERSE_TASK, text_of
from tests.tui.examples import Run
from tests.tui.random_user import RandomUser
from vm.dialect import BF, BFF, BFF_HEADS, TAPE, Dialect
from vm.machine import Machine
from vm.program import Program
from vm.reference import ReferenceMachine

EVENTS = int(os.environ.get("GPDEBUG_RANDOM_EVENTS", "30"))
"""Events in each test. 1,000 are more than 20,000 in all: minutes, for whoever changes a screen."""
SEED = int(os.environ.get("GPDEBUG_RANDOM_SEED", "0"))
BURST = 60
"""Events from one check to the next."""


@dataclass(frozen=True)
class Example:
    """A program to try everything on."""

    program: Program
    options: dict[str, Any] = field(default_factory=dict)
    compiled: bool = False


def of(source: str, dialect: Dialect, data: bytes = b"", *, compiled: bool = False, **settings: Any) -> Example:
    program = Program.parse(source, dialect.with_settings(**settings))
    return Example(program, {"data": data} if data else {}, compiled)


EXAMPLES = {
    "tape with a task": Example(REVERSE, {"task": REVERSE_TASK}),
    "bf": Example(HELLO, compiled=True),
    "bf that reads": of(",[.,]", BF, b"hello", limit=300),
    "bff": of("[{.>]-]                ]-]>.{[[", BFF, memory=64, limit=3000, compiled=True),
    "bff with heads": of("\3\7+[.>}]nn", BFF_HEADS, memory=16, limit=200),
    "another dialect": of("r[wsr]u+[s<u}.]", TWO_STASHES, b"\2\1\0\3", memory=40, limit=400),
    "no program": of("", BF),
    "one cell": of(">+<-}.[+]", TAPE, memory=1, limit=300),
    "an endless loop": of("+[>+]", BF, compiled=True, limit=1_000_000),
    "an endless loop with a far limit": of("+[]", BF, compiled=True, limit=1 << 40),
    "a fault at step 0": of(",+", BF, eof="halt"),
    "a fault at the limit": of("++<", BF, edge="halt", limit=2),
    "a fault before the limit": of("++<+", BF, edge="halt", limit=3),
    "no steps": of("+", TAPE, b"a", limit=0),
    "no output": of("+[.+]", BF, out_limit=0, limit=100),
    "a bracket alone": of("+]+[-", TAPE, b"ab", unmatched="halt", limit=100),
    "large": of("+[>+++[-<+>]<.>>]" * 400, TAPE, b"abc", memory=65_536, compiled=True),
}


class Patience:
    """An interrupt that comes by itself when a call takes long: what nobody wants to wait for is given up."""

    def __init__(self, questions: int) -> None:
        self._questions = self._left = questions

    def set(self) -> None:
        self._left = 0

    def clear(self) -> None:
        self._left = self._questions

    def is_set(self) -> bool:
        self._left -= 1
        return self._left < 0


class Tried(GpdebugApp):
    """The application; calls on sessions run where they are asked for, and nothing ends it."""

    def __init__(self, first: Callable[[Tried], Screen[None]], *, late: bool = False) -> None:
        super().__init__()
        self._first = first
        self.late = late
        self._waiting: list[Callable[[], None]] = []
        self.animation_level = "none"

    def first_screen(self) -> Screen[None]:
        return self._first(self)

    def do(self, work: Callable[[], None]) -> None:
        """Runs calls on a session: at once, or when there is time."""
        self._waiting.append(work)
        if not self.late:
            self.catch_up()

    def catch_up(self) -> None:
        """Runs the calls that wait."""
        while self._waiting:
            self._waiting.pop(0)()

    def debug_screen(self, example: Example) -> DebugScreen:
        return self._debug_screen(example.program, title="tried ▸ #7", **example.options)

    def _debug_screen(self, program: Program, **options: Any) -> DebugScreen:
        screen = DebugScreen(program, runner=self.do, preferences=self.preferences, **options)
        screen.bridge._interrupt = Patience(5)  # type: ignore[assignment]
        return screen

    async def action_quit(self) -> None:
        """Stays."""


@pytest.fixture(autouse=True)
def stepped_by_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No clock decides what happens: the user says when to draw and to play on. Files go to a folder of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(textual.screen, "UPDATE_PERIOD", 3600)
    monkeypatch.setattr(debug, "FRAME", 3600)
    monkeypatch.setattr(scans, "MOST_STEPS", 2000)
    monkeypatch.setattr(explaining, "Event", lambda: Patience(50))
    monkeypatch.setattr(Player, "took", lambda player, seconds: None)


def check(screen: DebugScreen) -> None:
    """Makes sure that a screen shows what a fresh run has at that step of that branch."""
    session, subject, moment = screen.session, screen.subject, screen.moment
    machine = ReferenceMachine if moment.step < 2000 else Machine
    fresh = FreshRun(subject.program, subject.data, session.settings, machine)
    fresh.check(session, session.moment)
    fresh.check(session, moment)
    assert (moment.step, moment.branch) == (session.moment.step, session.moment.branch)
    look = screen.views._look
    assert look is not None
    assert look.moment.state == moment.state
    title = text_of(screen.query_one(TitleLine))
    if not screen.player.playing:
        assert f"step {moment.step:,}" in title or f"{moment.step:,} steps" in title, title


def check_drawing(screen: Screen[Any]) -> None:
    """Makes sure that no line is left as it was drawn for another moment."""
    for view in screen.query(LineView):
        if view.display and view.size:
            drawn = text_of(view)
            forget_drawing(view)
            assert text_of(view).split("\n") == drawn.split("\n"), view


def forget_drawing(view: Widget) -> None:
    view._styles_cache.clear()


@pytest.mark.parametrize("name", EXAMPLES)
async def test_any_events_on_a_program_break_nothing_and_show_the_right_state(name: str) -> None:
    example = EXAMPLES[name]
    await drive(name, lambda app: app.debug_screen(example), compiled=example.compiled)


@pytest.mark.parametrize("name", ["tape with a task", "bf", "bff", "another dialect"])
async def test_any_events_on_an_explanation_break_nothing(name: str) -> None:
    example = EXAMPLES[name]
    begin = ("r", "c", "y", "enter")
    await drive(name, lambda app: app.debug_screen(example), compiled=example.compiled, begin=begin)


@pytest.mark.parametrize("name", ["home", "a run"])
async def test_any_events_from_the_list_of_runs_to_the_debugger_break_nothing(name: str) -> None:
    await drive(name, lambda app: app._home() if name == "home" else PopulationScreen(Run()))


@pytest.mark.parametrize("name", ["tape with a task", "another dialect"])
async def test_any_events_while_calls_take_long_break_nothing(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridge.Bridge, "is_long", property(lambda calls: calls.busy))
    monkeypatch.setattr(type_ahead, "WORK", 0)
    await drive(name, lambda app: app.debug_screen(EXAMPLES[name]), late=True)


async def drive(
    name: str,
    first: Callable[[Tried], Screen[None]],
    *,
    compiled: bool = False,
    late: bool = False,
    begin: tuple[str, ...] = (),
) -> None:
    """Lets a random user loose on an application that begins with a screen, and looks at it now and then.

    Args:
        name: of what is tried, for the seed.
        first: makes the screen.
        compiled: the compiled machine is there.
        late: calls wait until there is time.
        begin: keys that are pressed before each burst.
    """
    app = Tried(first, late=late)
    random = Random(f"{name} {SEED}")
    async with app.run_test(size=(80, 24), notifications=True, tooltips=True) as pilot:
        user = RandomUser(pilot, random, lambda: random_text(random, app), app.catch_up)
        try:
            if compiled:
                app.machine_type = Machine
            await user.rest()
            kind = type(app.screen)
            while user.done < EVENTS:
                await user.press(*begin)
                await user.act(min(BURST, EVENTS))
                await look(app, user)
                if kind is DebugScreen and not isinstance(app.screen, DebugScreen):
                    app.push_screen(first(app))
                    await user.rest()
        except BaseException as error:
            error.add_note(f"{name}, seed {SEED}, event {user.done}; the last: " + ", ".join(user.log))
            raise


async def look(app: Tried, user: RandomUser) -> None:
    """Goes back to a screen that is no dialog, checks it, and makes sure that it answers."""
    app.catch_up()
    app.late, late = False, app.late
    await user.rest()
    check_drawing(app.screen)
    await user.come_back(lambda: isinstance(app.screen, DebugScreen | HomeScreen | PopulationScreen))
    screen = app.screen
    check_drawing(screen)
    if isinstance(screen, DebugScreen):
        check(screen)
        await answers(screen, user)
    else:
        await user.press("f1")
        assert isinstance(app.screen, HelpScreen)
        await user.press("escape")
        assert app.screen is screen
    app.late = late


async def answers(screen: DebugScreen, user: RandomUser) -> None:
    """Makes sure that keys still do what they are for."""
    if screen.command_line.display:
        assert screen.command_line.field.has_focus, f"{screen.focused} has the keys, not the line that is open"
        await user.press("escape")
    screen.view.focus()
    await user.rest()
    for key, step in (("r", 0), ("S", 0)):
        await user.press(key)
        await user.rest()
        assert screen.moment.step == step, f"{key} does nothing"
    check(screen)


def random_text(random: Random, app: GpdebugApp) -> str:
    """A line for the screen that is shown."""
    for screen in reversed(app.screen_stack):
        if isinstance(screen, DebugScreen):
            return random_line(random, screen.commands)
    return random.choice(("hello", "reverse", "nothing.b", "+[>+]", "error < 10", ""))
