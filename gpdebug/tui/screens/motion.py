"""The keys that move: each asks the bridge for a call on the session, with a count if one was typed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from textual import on
from textual.message import Message
from textual.screen import Screen

from gpdebug.debugger.errors import MoveError
from gpdebug.debugger.moment import Interrupt, Moment, ProgressCallback, StopReason
from gpdebug.debugger.session import Session
from gpdebug.tui.bridge import Bridge, MomentReached, Then
from gpdebug.tui.counts import Counts
from gpdebug.tui.keymap import with_keys
from gpdebug.tui.player import Player

Move = Callable[..., Moment]
"""A method of a session that moves: takes `interrupt` and `on_progress`."""

MAX_COUNT = 10**12


class MotionScreen(Screen[None]):
    """A screen that moves a session; what it shows is up to its subclass."""

    session: Session
    bridge: Bridge
    counts: Counts

    def __init__(self) -> None:
        super().__init__()
        self.player = Player()
        self.count = 0

    @property
    def cursor(self) -> int:
        """The instruction under the cursor."""
        raise NotImplementedError

    def show_status(self) -> None:
        """Shows what goes on: a typed count, the speed."""
        raise NotImplementedError

    def type_digit(self, digit: int) -> None:
        """Takes a digit of a count."""
        self.count = min(self.count * 10 + digit, MAX_COUNT)
        self.show_status()

    def take_count(self) -> int:
        """The count that was typed, 1 if none; it is used up."""
        count, self.count = max(1, self.count), 0
        return count

    def go(self, label: str, move: Move, *arguments: Any, times: int = 1) -> None:
        """Moves, several times in a row unless something stops it on the way or there is nowhere left to go."""
        counts = self.counts

        def call(interrupt: Interrupt, report: ProgressCallback) -> Message:
            started = time.perf_counter()
            moment = move(*arguments, interrupt=interrupt, on_progress=report)
            for _ in range(times - 1):
                if moment.reason is not StopReason.STEP:
                    break
                try:
                    moment = move(*arguments, interrupt=interrupt, on_progress=report)
                except MoveError:
                    break
            self.player.took(time.perf_counter() - started)
            return MomentReached(moment, counts.quick(interrupt))

        self.show_status()
        if not self.bridge.ask(label, call):
            self.notify(
                with_keys(self, f"{label}: the program is running; {{debug.play}} pauses it"),
                severity="warning",
                timeout=3,
            )

    @property
    def settled(self) -> bool:
        """Whether it shows what came of everything that was asked for."""
        return self.bridge.settled

    def when_settled(self, act: Callable[[], None]) -> None:
        """Does something that depends on where the session stands, after what was asked for before it is shown."""
        if self.bridge.settled:
            act()
        elif not self.bridge.ask("wait", lambda interrupt, report: Then(act)):
            self.notify(
                with_keys(self, "the program is running; {debug.play} pauses it"), severity="warning", timeout=3
            )

    @on(Then)
    def _then(self, event: Then) -> None:
        event.act()

    def _leave_play(self) -> None:
        """Pauses; what takes time to know is asked for then."""
        if self.player.playing:
            self.player.stop()
            self.show_status()
            self.survey()

    def survey(self) -> None:
        """Asks for what takes time to know of the moment that is shown."""
        raise NotImplementedError

    def walk(self, label: str, move: Move, *arguments: Any, times: int = 1) -> None:
        """A move the user asked for: it ends playing."""
        self._leave_play()
        self.go(label, move, *arguments, times=times)

    def action_step(self) -> None:
        """One instruction, or as many as were typed."""
        self.walk("step", self.session.step, self.take_count())

    def action_step_back(self) -> None:
        """One instruction back."""
        self.walk("step back", self.session.step_back, self.take_count())

    def action_over(self) -> None:
        """Over a loop or a group."""
        self.walk("over", self.session.step_group, times=self.take_count())

    def action_over_back(self) -> None:
        """Over a loop or a group, backwards."""
        self.walk("over back", self.session.step_group_back, times=self.take_count())

    def action_out(self) -> None:
        """Out of the loop."""
        self.walk("out", self.session.step_out, times=self.take_count())

    def action_out_back(self) -> None:
        """Back to where the loop began."""
        self.walk("out back", self.session.step_out_back, times=self.take_count())

    def action_pass(self) -> None:
        """To the next pass of the loop."""
        self.walk("next pass", self.session.step_pass, times=self.take_count())

    def action_pass_back(self) -> None:
        """Back to the beginning of a pass."""
        self.walk("pass back", self.session.step_pass_back, times=self.take_count())

    def action_output(self) -> None:
        """To the next output byte."""
        self.walk("next output", self.session.step_output, times=self.take_count())

    def action_output_back(self) -> None:
        """Back to an output byte."""
        self.walk("output back", self.session.step_output_back, times=self.take_count())

    def action_continue(self) -> None:
        """To the next stop."""
        self.walk("run", self.session.continue_)

    def action_continue_back(self) -> None:
        """Back to a stop."""
        self.walk("run back", self.session.reverse_continue)

    def action_to_cursor(self) -> None:
        """To the cursor."""
        self.when_settled(
            lambda: self.walk("run to the cursor", self.session.run_to, self.cursor, times=self.take_count())
        )

    def action_to_cursor_back(self) -> None:
        """Back to the cursor."""
        self.when_settled(
            lambda: self.walk("back to the cursor", self.session.run_to_back, self.cursor, times=self.take_count())
        )

    def action_restart(self) -> None:
        """To step 0."""
        self._leave_play()
        if not self.bridge.ask("restart", lambda interrupt, report: self.session.restart()):
            self.bridge.interrupt()

    def action_seek(self, step: int) -> None:
        """To a step."""
        self.walk("go to", self.session.seek, step)

    def action_visit(self, direction: int) -> None:
        """To an earlier or later visited moment."""
        self.walk("visit", self.session.back if direction < 0 else self.session.forward)

    def action_play(self) -> None:
        """Pauses what runs, or plays."""
        running = self.bridge.busy and not self.player.playing
        if running:
            self.bridge.interrupt()
        elif self.player.playing:
            self._leave_play()
            return
        else:
            self.player.start()
        self.show_status()

    def action_faster(self) -> None:
        """Plays faster."""
        self.player.change(1)
        self.show_status()

    def action_slower(self) -> None:
        """Plays slower."""
        self.player.change(-1)
        self.show_status()

    def play_frame(self) -> None:
        """Asks for the steps that are due; called once a frame while playing."""
        if self.player.playing and not self.bridge.busy:
            steps = self.player.due()
            if steps:
                self.go("play", self.session.step, steps)
