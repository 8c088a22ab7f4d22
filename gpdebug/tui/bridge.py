"""Between the screen and the session: calls run one after another in a thread, what they reach comes as messages."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message
from textual.message_pump import MessagePump

from gpdebug.debugger.moment import Interrupt, Moment, ProgressCallback

Call = Callable[[Interrupt, ProgressCallback], Moment | Message | None]
"""Work on the session: long work asks the interrupt now and then, and reports the step it has come to. What it
returns is posted."""

Runner = Callable[[Callable[[], None]], object]
"""Starts work somewhere: in a thread, or, in tests, at once."""

REPORT_EVERY = 0.05
"""Seconds between reports on the way."""

QUEUE_AFTER = 0.15
"""Seconds after which a call counts as long: then others do not wait for it, they are refused."""


class MomentReached(Message):
    """The session stands somewhere else.

    Attributes:
        moment: where.
        survey: what was counted up to there, if it was quick.
    """

    def __init__(self, moment: Moment, survey: Message | None = None) -> None:
        super().__init__()
        self.moment = moment
        self.survey = survey

    def can_replace(self, message: Message) -> bool:
        """Only where it stands last is worth drawing."""
        return isinstance(message, MomentReached)


class CallFailed(Message):
    """A call could not be carried out; the session stands where it stood."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error


class Progressed(Message):
    """A long call has come to a step."""

    def __init__(self, label: str, step: int) -> None:
        super().__init__()
        self.label = label
        self.step = step

    def can_replace(self, message: Message) -> bool:
        """Only the farthest one counts."""
        return isinstance(message, Progressed)


class Idle(Message):
    """Nothing that the user waits for is running any more.

    Attributes:
        asked: how many calls the user had asked for by then.
    """

    def __init__(self, asked: int = 0) -> None:
        super().__init__()
        self.asked = asked


class Then(Message):
    """What was asked for before is done and shown: now something else can be done on the screen."""

    def __init__(self, act: Callable[[], None]) -> None:
        super().__init__()
        self.act = act


@dataclass(frozen=True, slots=True)
class _Job:
    label: str
    call: Call
    background: bool


class Bridge:
    """Runs calls on the session, one at a time, so that only one thread touches it."""

    def __init__(self, host: MessagePump, runner: Runner) -> None:
        """Connects a screen to its session.

        Args:
            host: who gets the messages.
            runner: where calls run.
        """
        self._host = host
        self._runner = runner
        self._jobs: deque[_Job] = deque()
        self._lock = threading.Lock()
        self._working = False
        self._current: _Job | None = None
        self._since = 0.0
        self._interrupt = threading.Event()
        self._reported = 0.0
        self._asked = 0
        self._heard = 0

    @property
    def settled(self) -> bool:
        """Whether the host has been told what came of everything that the user asked for."""
        return self._heard == self._asked

    def heard(self, idle: Idle) -> None:
        """The host has come to a message, and so to all that were posted before it."""
        self._heard = idle.asked

    @property
    def busy(self) -> bool:
        """Whether a call that the user waits for is running."""
        job = self._current
        return self._working and not (job is not None and job.background)

    @property
    def is_long(self) -> bool:
        """Whether a call has been running for so long that others should not wait for it.

        One that has not begun yet does not count: it may be a short one that a slow machine is late with.
        """
        job = self._current
        return job is not None and not job.background and time.monotonic() - self._since > QUEUE_AFTER

    def ask(self, label: str, call: Call, *, background: bool = False) -> bool:
        """Runs a call after those that wait; False, and nothing happens, while a long one runs.

        Args:
            label: what it does, for the reports on the way.
            call: the work.
            background: it gives way to any other call.
        """
        with self._lock:
            if self._current is not None and self._current.background and not background:
                self._interrupt.set()
            elif self.is_long:
                return False
            self._jobs.append(_Job(label, call, background))
            self._asked += not background
            if self._working:
                return True
            self._working = True
        self._runner(self._work)
        return True

    def interrupt(self) -> bool:
        """Stops the running call at a definite step and forgets those that wait; whether there was one."""
        with self._lock:
            self._jobs.clear()
            if self._working:
                self._interrupt.set()
            return self._working

    def _work(self) -> None:
        while True:
            with self._lock:
                self._current = None
                asked = self._asked
                if not self._jobs:
                    self._working = False
                    break
                job = self._current = self._next()
                self._since = self._reported = time.monotonic()
                self._interrupt.clear()
            if job.background:
                self._host.post_message(Idle(asked))
            self._run(job)
        self._host.post_message(Idle(asked))

    def _next(self) -> _Job:
        """The next job; background ones that others overtook are forgotten."""
        job = self._jobs.popleft()
        while job.background and self._jobs:
            job = self._jobs.popleft()
        return job

    def _run(self, job: _Job) -> None:
        def report(step: int) -> None:
            now = time.monotonic()
            if now - self._reported >= REPORT_EVERY:
                self._reported = now
                self._host.post_message(Progressed(job.label, step))

        try:
            result = job.call(self._interrupt, report)
        except Exception as error:  # the screen decides what to say; nothing is lost
            self._host.post_message(CallFailed(error))
            return
        if isinstance(result, Moment):
            self._host.post_message(MomentReached(result))
        elif result is not None:
            self._host.post_message(result)
