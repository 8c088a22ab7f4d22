"""Keys one at a time: the next is handed on when what the last one opened, closed or focused is in place.

Textual gives a key to the widget that has the focus when the key arrives. Of `:break 5` typed in one go, or while
something else keeps the screen busy, only the colon would reach the command line's way in; the rest would be taken
for keys of the screen below.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, runtime_checkable

from textual.app import App
from textual.dom import DOMNode
from textual.events import Key
from textual.message_pump import MessagePump

PATIENCE = 0.5
"""Seconds after which the next key is handed on in any case."""

WORK = 0.15
"""Seconds that keys wait for work that one of them has started; longer work is what a key may want to stop."""

POLL = 0.005
"""Seconds between looks at that work."""


@runtime_checkable
class Settling(Protocol):
    """A screen whose keys start work elsewhere."""

    @property
    def settled(self) -> bool:
        """Whether the screen shows what came of all keys."""
        ...


class TypeAhead:
    """Holds keys back while one is on its way."""

    def __init__(self, app: App[None], hand_on: Callable[[Key], Awaitable[None]]) -> None:
        """Holds back keys of an app.

        Args:
            app: whose keys.
            hand_on: gives a key to what has the focus.
        """
        self._app = app
        self._hand_on = hand_on
        self._held: deque[Key] = deque()
        self._since: float | None = None
        self._turn = 0

    async def take(self, key: Key) -> None:
        """Hands a key on, now or when its turn comes."""
        if self._since is None:
            await self._send(key)
            return
        self._held.append(key)
        self._app.set_timer(PATIENCE, self._give_up)

    async def _send(self, key: Key) -> None:
        self._since = time.monotonic()
        self._turn += 1
        turn = self._turn
        climb = self._climb()
        await self._hand_on(key)
        # A key climbs from widget to widget up to the app; what follows it through the same queues comes after it,
        # and, the second time, after what it made the widgets say.
        self._follow([*climb, *climb], partial(self._settle, turn))

    def _climb(self) -> list[MessagePump]:
        """What a key meets: the widget that has the focus, those around it, the screen, the app."""
        target: DOMNode = self._app.focused or self._app.screen
        return [*target.ancestors_with_self]

    def _follow(self, way: list[MessagePump], then: Callable[[], object]) -> object:
        while way:
            node, *way = way
            if node.call_later(self._follow, way, then):
                return None
        return then()

    def _settle(self, turn: int) -> object:
        """Waits for a screen that the key has opened."""
        return self._follow([self._app.screen, self._app], partial(self._wait, turn))

    def _wait(self, turn: int) -> object:
        """Waits for short work that the key has started, and for what that makes the widgets do."""
        screen = self._app.screen
        if isinstance(screen, Settling) and not screen.settled and time.monotonic() - (self._since or 0.0) < WORK:
            self._app.set_timer(POLL, partial(self._wait, turn))
            return None
        return self._follow(self._climb(), partial(self._next, turn))

    async def _next(self, turn: int) -> None:
        if turn != self._turn:
            return
        self._since = None
        if self._held:
            await self._send(self._held.popleft())

    async def _give_up(self) -> None:
        if self._held and self._since is not None and time.monotonic() - self._since >= PATIENCE:
            await self._next(self._turn)
