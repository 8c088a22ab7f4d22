"""What a session must show at a step of a branch, worked out by a fresh run that knows nothing but the edits."""

from __future__ import annotations

from dataclasses import replace

from gpdebug.debugger.branches import Branch
from gpdebug.debugger.edits import Situation, apply
from gpdebug.debugger.moment import MachineType, Moment
from gpdebug.debugger.session import Session
from vm.program import Program
from vm.settings import Settings
from vm.state import output_of


class FreshRun:
    """Runs from step 0, each time anew."""

    def __init__(self, program: Program, data: bytes, settings: Settings, machine: MachineType) -> None:
        self._start = Situation(program, data, settings, machine(program, data, settings).snapshot())
        self._machine = machine

    def situation(self, session: Session, branch: int, step: int) -> Situation:
        """What there is at a step of one of a session's branches."""
        here = self._start
        for fork in self._forks(session, branch):
            if fork.fork > step:
                break
            here = apply(fork.edits, self._run(here, fork.fork))
        return self._run(here, step)

    def check(self, session: Session, moment: Moment) -> None:
        """Makes sure that a moment of a session is what a fresh run has there."""
        expected = self.situation(session, moment.branch, moment.step)
        assert moment.step == expected.state.steps, "beyond the end of the run"
        assert moment.state == expected.state
        assert (moment.program, moment.data) == (expected.program, expected.data)
        assert moment.output == output_of(expected.state, expected.program.dialect, expected.settings)

    def _forks(self, session: Session, branch: int) -> list[Branch]:
        """The branches that lead to one, the first fork first."""
        way = []
        here = session.branches[branch]
        while here.parent is not None:
            way.append(here)
            here = session.branches[here.parent]
        return way[::-1]

    def _run(self, here: Situation, step: int) -> Situation:
        """Goes on to a step; the run's last moment has the status with which it ended."""
        machine = self._machine(here.program, here.data, here.settings)
        machine.restore(here.state)
        machine.run(budget=step - here.state.steps)
        found = machine.snapshot()
        machine.run(budget=1)
        is_last = machine.steps == found.steps
        return replace(here, state=replace(found, status=machine.status) if is_last else found)
