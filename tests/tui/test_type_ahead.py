"""Keys typed ahead reach what the keys before them open, however long that takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.events import Key
from textual.keys import _character_to_key
from textual.widgets import Input

from gpdebug.tui import type_ahead
from gpdebug.tui.screens.stop import StopScreen
from gpdebug.tui.type_ahead import TypeAhead
from tests.tui.debugging import reverse_app
from tests.tui.waiting import settle, until

TYPED = ":break 3\rsB" + "pc\t>= 4\r"
"""A breakpoint by the command line, a step, and a dialog that makes the instruction below the cursor a stop."""


def type_in_one_go(app: App[None], text: str) -> None:
    for character in text:
        key = {"\r": "enter", "\t": "tab"}.get(character) or _character_to_key(character)
        app.post_message(Key(key, character))


async def test_a_command_typed_in_one_go_reaches_the_line_that_its_colon_opens() -> None:
    app = reverse_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        type_in_one_go(app, TYPED)
        await settle(app)
        assert [stop.instruction for stop in app.here.session.stops] == [3, 1]
        assert app.here.session.moment.step == 1
        assert not app.here.command_line.display


async def test_keys_wait_for_a_dialog_however_slowly_it_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = StopScreen.on_mount

    async def dawdle(screen: StopScreen) -> None:
        await asyncio.sleep(0.7)
        opened(screen)

    monkeypatch.setattr(StopScreen, "on_mount", dawdle)
    app = reverse_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        type_in_one_go(app, TYPED)
        await settle(app)
        assert [stop.instruction for stop in app.here.session.stops] == [3, 1]
        assert app.here.session.moment.step == 1


class Deaf(Input):
    """Does not answer any more once it was told to be deaf."""

    is_deaf = False

    def call_later(self, callback: Callable[..., object], *arguments: object, **named: object) -> bool:
        return self.is_deaf or super().call_later(callback, *arguments, **named)


class OneKeyAtATime(App[None]):
    """Two lines to type into; the first can be made deaf."""

    def __init__(self) -> None:
        super().__init__()
        self.keys = TypeAhead(self, super().on_event)

    def compose(self) -> ComposeResult:
        yield Deaf()
        yield Input(id="other")

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, Key) and not event.is_forwarded:
            await self.keys.take(event)
        else:
            await super().on_event(event)


async def test_keys_do_not_wait_for_what_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type_ahead, "LOOK", 0.01)
    app = OneKeyAtATime()
    async with app.run_test():
        deaf, other = app.query_one(Deaf), app.query_one("#other", Input)
        deaf.is_deaf = True
        type_in_one_go(app, "abc")
        await until(lambda: deaf.value == "a")
        assert not app.keys.is_calm
        await deaf.remove()
        await until(lambda: app.keys.is_calm)
        assert other.value == "bc"
