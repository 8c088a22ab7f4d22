"""What a session must do, worked out the slow way: from the list of all states of a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gpdebug.debugger.edits import Situation
from vm.dialect import Primitive
from vm.program import Program, bracket_partners
from vm.reference import ReferenceMachine
from vm.settings import Eof, Settings
from vm.state import State, Status, output_of
from vm.stops import Stop, StopSet
from vm.touch import Touch, touch_of


class Oracle:
    """All states of a run, and where each command leads, by definition."""

    def __init__(self, program: Program, data: bytes, settings: Settings) -> None:
        self.program, self.data, self.settings = program, data, settings
        machine = ReferenceMachine(program, data, settings)
        self.states = [machine.snapshot()]
        while machine.step():
            self.states.append(machine.snapshot())
        self.last_reached = self.states[-1]
        self.states[-1] = replace(self.states[-1], status=machine.settle())

    @property
    def total(self) -> int:
        return len(self.states) - 1

    def firings(self, stops: Sequence[Stop]) -> dict[int, tuple[int, ...]]:
        """Indexes of the stops that fire at each step at which some do."""
        watch, found = StopSet(stops), {}
        limit, dialect = self.settings.limit, self.program.dialect
        watch.begin(self.states[0], data=self.data, output=output_of(self.states[0], dialect, self.settings))
        for state in [*self.states[:-1], self.last_reached]:
            output = output_of(state, dialect, self.settings)
            touch = self.touch(state.steps - 1) if state.steps else None
            if watch.arrive(state, touch, limit=limit, data=self.data, output=output):
                found[state.steps] = tuple(i for i, fired in enumerate(watch.fired) if fired)
        return found

    def touch(self, step: int) -> Touch:
        """What the step from this moment to the next reads and writes."""
        return touch_at(Situation(self.program, self.data, self.settings, self.states[step]))

    def primitives(self, step: int) -> list[int]:
        """The code as it is at a step."""
        if not self.program.dialect.self_modifying:
            return [int(p) for p in self.program.primitives]
        return [int(p) for p in self.program.dialect.table[0][self.states[step].memory]]

    def partners(self, step: int) -> list[int]:
        import numpy as np

        return [int(p) for p in bracket_partners(np.array(self.primitives(step), np.uint8))]

    def after(self, step: int, instruction: int) -> int:
        """The first later step with pc at an instruction, else the last step."""
        later = [s.steps for s in self.states[step + 1 :] if s.pc == instruction and self._executes(s)]
        return later[0] if later else self.total

    def before(self, step: int, instruction: int) -> int | None:
        """The last earlier step with pc at an instruction."""
        earlier = [s.steps for s in self.states[:step] if s.pc == instruction]
        return earlier[-1] if earlier else None

    def over(self, step: int) -> int:
        state = self.states[step]
        code = self.primitives(step)
        if state.pc < len(code) and code[state.pc] == Primitive.OPEN and state.memory[state.head0]:
            partner = self.partners(step)[state.pc]
            if partner >= 0:
                return self.after(step, partner + 1)
        return min(step + 1, self.total)

    def over_back(self, step: int) -> int:
        if step == 0:
            return 0
        state = self.states[step - 1]
        if self.primitives(step - 1)[state.pc] == Primitive.CLOSE and not state.memory[state.head0]:
            partner = self.partners(step - 1)[state.pc]
            opened = self.before(step, partner) if partner >= 0 else None
            if opened is not None:
                return opened
        return step - 1

    def loop(self, step: int) -> tuple[int, int] | None:
        pc, partners = self.states[step].pc, self.partners(step)
        around = [(o, c) for o, c in enumerate(partners) if o < pc <= c]
        return max(around) if around else None

    @staticmethod
    def _executes(state: State) -> bool:
        return state.status is Status.RUNNING or state.status.is_fault


def touch_at(before: Situation) -> Touch:
    """What the step from a moment to the next reads and writes."""
    state, dialect = before.state, before.program.dialect
    index = state.memory[state.pc] if dialect.self_modifying else before.program.code[state.pc]
    taken = state.input_pos < len(before.data)
    primitive = Primitive(int(dialect.table[0][index]))
    stored = taken or before.settings.eof is Eof.ZERO
    touch = touch_of(primitive, state.pc, state.head0, state.head1, taken=taken, stored=stored)
    return touch if touch.written is None else replace(touch, old=int(state.memory[touch.written]))
