"""The part of a session that steps: by an instruction, a group, a loop, a pass, an output byte, both ways."""

from __future__ import annotations

from collections.abc import Sequence

from gpdebug.debugger import stepping
from gpdebug.debugger.editing import Editing
from gpdebug.debugger.errors import MoveError
from gpdebug.debugger.history import Visit
from gpdebug.debugger.moment import END_REASONS, Interrupt, Moment, ProgressCallback, StopReason
from gpdebug.debugger.timeline import Arrival, Control
from gpdebug.debugger.travel import Landing
from vm.conditions import parse
from vm.state import Status
from vm.stops import Change, Stop


class Strides(Editing):
    """Steps, forwards and backwards; see `Session`."""

    def step(
        self, count: int = 1, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Executes `count` instructions; stops on the way end it early."""
        control = Control(interrupt, on_progress)
        landing = self._traveller.forward(until=self._moment.step + _positive(count), control=control)
        return self._arrive(landing, StopReason.STEP, walking=True)

    def step_back(
        self, count: int = 1, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Takes `count` instructions back; stops on the way end it early."""
        here, control = self._moment.step, Control(interrupt, on_progress)
        if _positive(count) == 1 and here > 0:
            return self._arrive(self._traveller.to_step(here - 1, control), StopReason.STEP, walking=True)
        landing = self._traveller.backward(here, floor=max(0, here - count), control=control)
        reason = StopReason.START_OF_HISTORY if count > here else StopReason.STEP
        return self._arrive(landing, reason, walking=True)

    def step_over(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Executes one instruction, or, from an `open` that is entered, the whole loop: to just after its `close`.

        The partner is that of the code as it is now. At a `close` it is one instruction, to the loop's next pass or
        out of it; `step_out` leaves the loop.
        """
        control = Control(interrupt, on_progress)
        loop = stepping.entered_loop(self.program, self._moment.state)
        if loop is None:
            landing = self._traveller.forward(until=self._moment.step + 1, control=control)
            return self._arrive(landing, StopReason.STEP, walking=True)
        return self._run_to([loop[1] + 1], control)

    def step_over_back(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Takes one instruction back, or, just after the `close` by which a loop was left, the whole loop: to its
        `open`, about to enter it. So it undoes `step_over`.
        """
        here, control = self._moment.step, Control(interrupt, on_progress)
        if here == 0:
            return self._arrive(self._traveller.backward(0), StopReason.START_OF_HISTORY)
        self._timeline.go_to(here - 1)
        loop = stepping.left_loop(self._timeline.program, self._timeline.state())
        if loop is not None:
            internal = stepping.stops_at(self.program, self._moment.state, [loop[0]])
            landing = self._traveller.backward(here, internal=internal, control=control)
            if landing.arrival is not Arrival.END:
                return self._arrive(landing, StopReason.STEP)
        return self._arrive(self._traveller.to_step(here - 1, control), StopReason.STEP, walking=True)

    def step_group(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Executes the equal instructions that follow each other from here (`+++++`) as one; else `step_over`."""
        count = stepping.group_ahead(self.program, self._moment.state)
        if count == 1:
            return self.step_over(interrupt=interrupt, on_progress=on_progress)
        return self.step(count, interrupt=interrupt, on_progress=on_progress)

    def step_group_back(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Takes back the equal instructions that led here one after the other; else `step_over_back`."""
        here = self._moment.step
        if here > 0:
            self._timeline.go_to(here - 1)
            count = min(here, stepping.group_behind(self._timeline.program, self._timeline.state()))
            if count > 1:
                return self.step_back(count, interrupt=interrupt, on_progress=on_progress)
        return self.step_over_back(interrupt=interrupt, on_progress=on_progress)

    def step_out(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Runs to just after the `close` of the innermost loop around pc, as the code is now.

        Raises:
            MoveError: no loop is around pc.
        """
        return self._run_to(
            [stepping.loop_around(self.program, self._moment.state)[1] + 1], Control(interrupt, on_progress)
        )

    def step_out_back(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Goes back to the `open` of the innermost loop around pc, about to enter it for the last time before now.

        Raises:
            MoveError: no loop is around pc.
        """
        return self._run_back_to(
            [stepping.loop_around(self.program, self._moment.state)[0]], Control(interrupt, on_progress)
        )

    def step_pass(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Runs to where the next pass of the innermost loop around pc begins, or out of the loop after the last.

        In no loop, at an `open` that is entered, it is the first pass of that loop.

        Raises:
            MoveError: there is no such loop.
        """
        return self._run_to(
            stepping.pass_ahead(self.program, self._moment.state), Control(interrupt, on_progress)
        )  # fmt: skip

    def step_pass_back(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Goes back to where a pass of the innermost loop around pc begins, the present one or the one before; from
        the beginning of the first to the loop's `open`.

        In no loop, just after the `close` by which one was left, it is the last pass of that loop.

        Raises:
            MoveError: there is no such loop.
        """
        here, before = self._moment.step, None
        if here > 0:
            self._timeline.go_to(here - 1)
            before = self._timeline.state()
            self._timeline.go_to(here)
        return self._run_back_to(
            stepping.pass_behind(self.program, self._moment.state, before), Control(interrupt, on_progress)
        )

    def step_output(self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None) -> Moment:
        """Runs to just after the next output byte: one that is written, or, where output is a region, changed.

        Raises:
            MoveError: programs of this dialect have no output.
        """
        internal = stepping.output_stops(self.program, self.settings)
        return self._forward(internal, Control(interrupt, on_progress))

    def step_output_back(
        self, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Goes back to the last earlier step just after an output byte.

        Raises:
            MoveError: programs of this dialect have no output.
        """
        internal = stepping.output_stops(self.program, self.settings)
        return self._backward(internal, Control(interrupt, on_progress))

    def step_change(
        self, expression: str, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Runs to the next step at which an expression has another value than before it.

        Raises:
            ConditionError: a wrong expression, with its column.
        """
        return self._forward([Stop(Change(parse(expression)))], Control(interrupt, on_progress))

    def step_change_back(
        self, expression: str, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Goes back to the last earlier step at which an expression took another value.

        Raises:
            ConditionError: a wrong expression, with its column.
        """
        return self._backward([Stop(Change(parse(expression)))], Control(interrupt, on_progress))

    def run_to(
        self, instruction: int, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Runs until pc is at an instruction, after this step: the cursor.

        Raises:
            MoveError: there is no such instruction.
        """
        stepping.check(self.program, self._moment.state, instruction)
        return self._run_to([instruction], Control(interrupt, on_progress))

    def run_to_back(
        self, instruction: int, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Goes back to the last earlier step at which pc was at an instruction.

        Raises:
            MoveError: there is no such instruction.
        """
        stepping.check(self.program, self._moment.state, instruction)
        return self._run_back_to([instruction], Control(interrupt, on_progress))

    def _run_to(self, instructions: Sequence[int], control: Control) -> Moment:
        return self._forward(stepping.stops_at(self.program, self._moment.state, instructions), control)

    def _run_back_to(self, instructions: Sequence[int], control: Control) -> Moment:
        return self._backward(stepping.stops_at(self.program, self._moment.state, instructions), control)

    def _forward(self, internal: Sequence[Stop], control: Control) -> Moment:
        return self._arrive(self._traveller.forward(internal=internal, control=control), StopReason.STEP)

    def _backward(self, internal: Sequence[Stop], control: Control) -> Moment:
        landing = self._traveller.backward(self._moment.step, internal=internal, control=control)
        found = landing.arrival is not Arrival.END
        return self._arrive(landing, StopReason.STEP if found else StopReason.START_OF_HISTORY)

    def _arrive(self, landing: Landing, reason: StopReason, *, walking: bool = False) -> Moment:
        """Stands where a movement came to; `reason` is why if nothing came between."""
        state = landing.state
        if landing.arrival is Arrival.STOP:
            reason = StopReason.STOP
        elif landing.arrival is Arrival.INTERRUPTED:
            reason = StopReason.INTERRUPTED
        if state.status is not Status.RUNNING and reason not in _ANYWHERE:
            reason = END_REASONS[state.status]
        here = Visit(state.steps, self.branches.current.number)
        (self.history.walk if walking else self.history.jump)(here)
        self._is_fresh = False
        moved = here != Visit(self._moment.step, self._moment.branch)
        previous = self._moment.state if moved else self._moment.previous
        self._moment = self._look(state, reason, landing.firings, previous, landing.logged)
        return self._moment


_ANYWHERE = (StopReason.START, StopReason.START_OF_HISTORY, StopReason.RESTORED, StopReason.INTERRUPTED)
"""Reasons that say more than that the run is over."""


def _positive(count: int) -> int:
    if count < 1:
        raise MoveError(f"a count of steps is at least 1, not {count}")
    return count
