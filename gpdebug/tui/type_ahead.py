"""Keys one at a time: the next is handed on when what the last one opened, closed or focused is in place.

Textual gives a key to the widget that has the focus when the key arrives. Of `:break 5` typed in one go, or while
something else keeps the screen busy, only the colon would reach the command line's way in; the rest would be taken
for keys of the screen below.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from typing import Protocol, runtime_checkable

from textual.app import App
from textual.dom import DOMNode
from textual.events import Key
from textual.message_pump import MessagePump

WORK = 0.15
"""Seconds that keys wait for work that one of them has started; longer work is what a key may want to stop."""

POLL = 0.005
"""Seconds between looks at that work."""

LOOK = 0.5
"""Seconds after which a key that waits makes sure that what it waits for is still there."""


@runtime_checkable
class Settling(Protocol):
    """A screen whose keys start work elsewhere."""

    @property
    def settled(self) -> bool:
        """Whether the screen shows what came of all keys."""
        ...


class TypeAhead:
    """Holds keys back while one is on its way, however long that takes.

    Attributes:
        is_calm: whether no key is on its way.
    """

    def __init__(self, app: App[None], hand_on: Callable[[Key], Awaitable[None]]) -> None:
        """Holds back keys of an app.

        Args:
            app: whose keys.
            hand_on: gives a key to what has the focus.
        """
        self._app = app
        self._hand_on = hand_on
        self._held: deque[Key] = deque()
        self._way: Iterator[MessagePump | None] = iter(())
        self._at: MessagePump | None = None
        self._stage = 0
        self._looking = False
        self.is_calm = True

    async def take(self, key: Key) -> None:
        """Hands a key on, now or when its turn comes."""
        self._held.append(key)
        if self.is_calm:
            await self._send()
        elif not self._looking:
            self._looking = True
            self._later(LOOK, self._look)

    async def _send(self) -> None:
        """Hands the next key on, if there is one, and sees it to its end."""
        self.is_calm = not self._held
        if self._held:
            climb = self._climb()
            await self._hand_on(self._held.popleft())
            self._way = self._stages(climb)
            await self._go_on(self._stage)

    async def _go_on(self, stage: int) -> None:
        """Follows the key through the next queue, or hands on the next key where there is none left.

        Args:
            stage: how far it had come when this was asked for; nothing is done if it has come farther.
        """
        if stage != self._stage:
            return
        self._stage += 1
        for node in self._way:
            self._at = node
            if node is None:
                self._later(POLL, self._go_on, self._stage)
                return
            if node.call_later(self._go_on, self._stage):
                return
        await self._send()

    def _stages(self, climb: list[MessagePump]) -> Iterator[MessagePump | None]:
        """Whose queues to pass until what a key opened, closed or focused is in place; None: what takes a moment.

        A key climbs from widget to widget up to the app; what follows it through the same queues comes after it,
        and, the second time, after what it made the widgets say. Then come a screen that it has opened, short work
        that it has started, and what that makes the widgets do.
        """
        yield from climb
        yield from climb
        yield self._app.screen
        yield self._app
        end = time.monotonic() + WORK
        while isinstance(screen := self._app.screen, Settling) and not screen.settled and time.monotonic() < end:
            yield None
        yield from self._climb()

    def _climb(self) -> list[MessagePump]:
        """What a key meets: the widget that has the focus, those around it, the screen, the app."""
        target: DOMNode = self._app.focused or self._app.screen
        return [*target.ancestors_with_self]

    async def _look(self) -> None:
        """Goes on where what a key waits for was taken from the screen and will never answer."""
        if self._at is not None and not self._at.is_attached:
            await self._go_on(self._stage)
        self._looking = bool(self._held)
        if self._looking:
            self._later(LOOK, self._look)

    def _later(self, seconds: float, act: Callable[..., object], *arguments: object) -> None:
        """Acts after a while, in the app's queue; a timer of Textual's never rings if it is late before it starts."""
        asyncio.get_running_loop().call_later(seconds, self._app.call_later, act, *arguments)
