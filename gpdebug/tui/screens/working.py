"""A screen that has things worked out in threads; what nobody waits for any more is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from textual import on
from textual.message import Message
from textual.screen import ScreenResultType

from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.tui.bridge import Bridge, Runner
from gpdebug.tui.explained import is_told
from gpdebug.tui.screens.dialog import AnsweringScreen

Result = TypeVar("Result")


class Found(Message):
    """Something is worked out, in whole or in part.

    Attributes:
        what: it is.
        ticket: the number under which it was asked for.
        show: shows it.
        is_all: nothing more comes under this number.
    """

    def __init__(self, what: str, ticket: int, show: Callable[[], object], *, is_all: bool) -> None:
        super().__init__()
        self.what, self.ticket, self.show, self.is_all = what, ticket, show, is_all


class Worker:
    """Tells a screen of what is worked out under one number."""

    def __init__(self, screen: WorkingScreen[Result], what: str, ticket: int, interrupt: Interrupt) -> None:
        self._screen, self._what, self._ticket, self.interrupt = screen, what, ticket, interrupt

    def show(self, show: Callable[[], object], *, is_all: bool = False) -> None:
        """Has something shown, unless something else was asked for in the meantime."""
        self._screen.post_message(Found(self._what, self._ticket, show, is_all=is_all))


class WorkingScreen(AnsweringScreen[ScreenResultType]):
    """Asks for several things at a time; of each, only what was asked for last is shown."""

    def __init__(self, runner: Runner | None) -> None:
        """Begins with nothing to do.

        Args:
            runner: where things are worked out; None: in a thread each.
        """
        super().__init__()
        self._runner = runner or (lambda work: self.run_worker(work, thread=True, group="work"))
        self._bridges: dict[str, Bridge] = {}
        self._asked: Counter[str] = Counter()
        self._told: dict[str, int] = {}

    @property
    def settled(self) -> bool:
        """Whether it shows what came of everything that was asked for."""
        return not any(self.is_working_out(what) for what in self._asked)

    def is_working_out(self, what: str) -> bool:
        """Whether something was asked for that is not there yet."""
        return self._told.get(what, 0) != self._asked[what]

    def work_out(self, what: str, work: Callable[[Worker], Result], show: Callable[[Result], object]) -> None:
        """Has something worked out; what was asked for before under the same name is given up.

        Args:
            what: its name.
            work: does it, in a thread.
            show: shows what that gives.
        """
        self._asked[what] = ticket = self._asked[what] + 1

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            worker = Worker(self, what, ticket, interrupt)
            try:
                result = work(worker)
            except Exception as error:
                fault = error
                return Found(what, ticket, lambda: self._fail(what, fault), is_all=True)
            return Found(what, ticket, lambda: show(result), is_all=True)

        bridge = self._bridges.setdefault(what, Bridge(self, self._runner))
        bridge.interrupt()
        bridge.ask(what, call, background=True)

    def give_up(self) -> bool:
        """Ends all that is being worked out; whether there was anything."""
        waiting = [what for what in self._asked if self.is_working_out(what)]
        for what in waiting:
            self._bridges[what].interrupt()
        return bool(waiting)

    @on(Found)
    def _found(self, event: Found) -> None:
        if event.ticket == self._asked[event.what]:
            if event.is_all:
                self._told[event.what] = event.ticket
            event.show()

    def _fail(self, what: str, error: Exception) -> None:
        if not is_told(error):
            raise error
        self.show_problem(what, str(error))

    def show_problem(self, what: str, text: str) -> None:
        """Says why something could not be worked out."""
        raise NotImplementedError
