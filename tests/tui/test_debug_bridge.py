"""Calls on the session run one after another, can be interrupted, and report what came of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from textual.message import Message
from textual.message_pump import MessagePump

from gpdebug.debugger.moment import Interrupt, Moment, ProgressCallback
from gpdebug.debugger.session import Session
from gpdebug.tui import bridge as bridges
from gpdebug.tui.bridge import Bridge, CallFailed, Idle, MomentReached
from tests.tui.debugging import REVERSE


class Host(MessagePump):
    """Keeps what is posted to it."""

    def __init__(self) -> None:
        super().__init__()
        self.posted: list[Message] = []

    def post_message(self, message: Message) -> bool:
        self.posted.append(message)
        return True


class Later:
    """Runs work when the test says so."""

    def __init__(self) -> None:
        self.work: list[Callable[[], None]] = []

    def __call__(self, work: Callable[[], None]) -> None:
        self.work.append(work)

    def run(self) -> None:
        while self.work:
            self.work.pop(0)()


def call(session: Session, steps: int, ran: list[int]) -> Callable[[Interrupt, ProgressCallback], Moment]:
    def work(interrupt: Interrupt, report: ProgressCallback) -> Moment:
        ran.append(steps)
        return session.step(steps, interrupt=interrupt, on_progress=report)

    return work


def test_calls_run_in_the_order_in_which_they_were_asked_for() -> None:
    host, later, session, ran = Host(), Later(), Session(REVERSE, b"abcd"), list[int]()
    bridge = Bridge(host, later)
    assert bridge.ask("a", call(session, 1, ran))
    assert bridge.ask("b", call(session, 2, ran))
    assert bridge.busy
    later.run()
    assert ran == [1, 2]
    assert [m.moment.step for m in host.posted if isinstance(m, MomentReached)] == [1, 3]
    assert isinstance(host.posted[-1], Idle)
    assert not bridge.busy


def test_an_interrupt_stops_the_running_call_and_forgets_those_that_wait() -> None:
    host, later, session, ran = Host(), Later(), Session(REVERSE, b"abcd"), list[int]()
    bridge = Bridge(host, later)

    def long(interrupt: Interrupt, report: ProgressCallback) -> Moment:
        bridge.ask("waits", call(session, 5, ran))
        bridge.interrupt()
        assert interrupt.is_set()
        return session.step(1)

    bridge.ask("long", long)
    later.run()
    assert ran == []
    assert [m.moment.step for m in host.posted if isinstance(m, MomentReached)] == [1]


def test_an_interrupt_does_not_reach_the_next_call() -> None:
    host, later, session, ran = Host(), Later(), Session(REVERSE, b"abcd"), list[int]()
    bridge = Bridge(host, later)
    bridge.ask("first", call(session, 1, ran))
    bridge.interrupt()
    bridge.ask("second", call(session, 3, ran))
    later.run()
    assert session.moment.step == 3


def test_only_a_call_that_has_begun_counts_as_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bridges, "QUEUE_AFTER", -1)
    later, session, ran = Later(), Session(REVERSE, b"abcd"), list[int]()
    bridge = Bridge(Host(), later)
    refused: list[bool] = []

    def ask_meanwhile(interrupt: Interrupt, report: ProgressCallback) -> None:
        refused.append(not bridge.ask("c", call(session, 4, ran)))

    assert bridge.ask("a", ask_meanwhile)
    assert bridge.ask("b", call(session, 2, ran)), "its thread may be late on a slow machine"
    later.run()
    assert (refused, ran) == ([True], [2])


def test_background_work_gives_way() -> None:
    host, later, session, ran = Host(), Later(), Session(REVERSE, b"abcd"), list[int]()
    bridge = Bridge(host, later)
    seen: list[bool] = []

    def count(interrupt: Interrupt, report: ProgressCallback) -> None:
        bridge.ask("step", call(session, 1, ran))
        seen.append(interrupt.is_set())

    bridge.ask("count", count, background=True)
    assert not bridge.is_long
    later.run()
    assert seen == [True]
    assert ran == [1]


def test_background_work_that_waits_is_dropped_for_what_comes_after_it() -> None:
    host, later, session, ran = Host(), Later(), Session(REVERSE, b"abcd"), list[int]()
    bridge = Bridge(host, later)
    bridge.ask("step", call(session, 1, ran))
    bridge.ask("count", call(session, 100, ran), background=True)
    bridge.ask("step", call(session, 2, ran))
    later.run()
    assert ran == [1, 2]


def test_an_error_is_reported_and_the_bridge_goes_on() -> None:
    host, later, session, ran = Host(), Later(), Session(REVERSE, b"abcd"), list[int]()
    bridge = Bridge(host, later)

    def wrong(interrupt: Interrupt, report: ProgressCallback) -> Moment:
        return session.seek(-1)

    bridge.ask("wrong", wrong)
    bridge.ask("right", call(session, 2, ran))
    later.run()
    assert [type(message) for message in host.posted] == [CallFailed, MomentReached, Idle]
