"""Waiting for what the screens do: until it is done, however slow the machine is, never for a time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from textual._queue import Queue
from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump

from gpdebug.tui.app import GpdebugApp

PATIENCE = 60
"""Seconds after which what still goes on, or has not come, counts as a fault."""
TURN = 0.1
"""Seconds of a turn of the event loop that count for that, at most: one may compile, beside much else."""
WORKERS_PATIENCE = 600
"""The same for threads: one may compile the machine."""
CALM = 3
"""Turns of the event loop, one after another, in which nothing is on its way."""
FRAMES = 30
"""Frames after which nothing more is waited for: one may ask for another, and what turns round asks for ever."""


async def until(condition: Callable[[], bool], what: str = "it", patience: float = PATIENCE) -> None:
    """Waits for something that a timer, a thread or a frame brings."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < patience, f"{what} did not come"
        await asyncio.sleep(0.001)


async def settle(app: App[None]) -> None:
    """Waits until keys, clicks and workers have come to what they are for; drawing goes on at its own pace."""
    calm, waited, last = 0, 0.0, time.monotonic()
    while calm < CALM:
        await asyncio.sleep(0)
        if app._exception is not None:
            raise app._exception
        if not _is_idle(app):
            await until(lambda: _is_idle(app), f"the end of {[*app.workers]}", WORKERS_PATIENCE)
            calm, waited = 0, 0.0
        calm = calm + 1 if _is_calm(app) else 0
        now = time.monotonic()
        waited, last = waited + min(now - last, TURN), now
        assert waited < PATIENCE, f"no rest: {_state(app)}"


async def draw(app: App[None]) -> None:
    """Waits until all is done, and drawn."""
    for _ in range(FRAMES):
        await settle(app)
        screen, is_drawn = app.screen, _is_drawn(app)
        screen._on_timer_update()
        if is_drawn:
            break
    await settle(app)


def _is_drawn(app: App[None]) -> bool:
    """Whether the screen has nothing left to lay out, to draw, or to do after that."""
    screen = app.screen
    wanted = (screen._layout_required, screen._scroll_required, screen._repaint_required, screen._recompose_required)
    return not any((*wanted, screen._dirty_widgets, screen._callbacks))


def _is_idle(app: App[None]) -> bool:
    """Whether no worker works."""
    return all(worker.is_finished for worker in app.workers) or app._exception is not None


def _is_calm(app: App[None]) -> bool:
    """Whether no key and no new size is on its way, drawing is not put off, and all wait for their next message."""
    is_put_off = app._batch_count or app._resize_timer is not None
    return _keys_are_done(app) and not is_put_off and not any(_is_at_work(pump) for pump in _pumps(app))


def _keys_are_done(app: App[None]) -> bool:
    return not isinstance(app, GpdebugApp) or app._keys.is_calm


def _pumps(app: App[None]) -> list[MessagePump]:
    return [app, *app._registry]


def _is_at_work(pump: MessagePump) -> bool:
    """Whether a pump that lives does anything but wait for its next message."""
    queue: Queue[Message | None] = pump._message_queue
    lives = pump._task is not None and not pump._task.done()
    return lives and not (queue.empty() and queue.ready_event._waiters)


def _state(app: App[None]) -> str:
    """What to know of an application that does not come to rest."""
    keys = "no key waits" if _keys_are_done(app) else "keys wait"
    work = {str(pump): [*map(str, pump._message_queue.values)][:3] for pump in _pumps(app) if _is_at_work(pump)}
    return f"{keys}, screens: {app.screen_stack}, at work, with their next messages: {work}"
