"""The slow, obvious interpreter in plain Python integers: the specification of the machine, executable."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vm.dialect import Primitive
from vm.program import Program
from vm.settings import Edge, Eof, Settings, Unmatched
from vm.state import Pause, State, Status, initial_state, output_of
from vm.stops import StopSet
from vm.touch import Touch, touch_of


class ReferenceMachine:
    """A machine that is easy to be sure of. It has the interface of `vm.machine.Machine`."""

    def __init__(self, program: Program, data: bytes = b"", settings: Settings | None = None) -> None:
        """Loads a program and its input.

        Raises:
            InputError: the input does not fit.
            ProgramError: a bracket has no partner and the settings reject that.
        """
        self.program = program
        self.settings = program.dialect.settings if settings is None else settings
        self.data = data
        self.restore(initial_state(program, data, self.settings))

    def restore(self, state: State) -> None:
        """Makes the machine exactly what it was at `state`, a moment of a run of this program."""
        self.pc = state.pc
        self.head0 = state.head0
        self.head1 = state.head1
        self.steps = state.steps
        self.status = state.status
        self.input_pos = state.input_pos
        self.spare = state.spare
        self.memory = bytearray(state.memory.tobytes())
        self.output = bytearray(state.output)

    def snapshot(self) -> State:
        """The present moment, complete."""
        return State(
            self.pc, self.head0, self.head1, self.steps, self.status, self.input_pos, self.spare,
            np.frombuffer(bytes(self.memory), np.uint8), bytes(self.output),
        )  # fmt: skip

    def step(self, count: int = 1) -> int:
        """Executes up to `count` instructions; returns how many it did."""
        before = self.steps
        self.run(budget=count)
        return self.steps - before

    def run(self, stops: StopSet | None = None, budget: int | None = None) -> Pause:
        """Runs until the end, a stop, or `budget` steps, whichever comes first.

        Args:
            stops: where to pause: at moments that are arrived at, that after `budget` steps included.
            budget: the most instructions to execute; None: no bound but the step limit.
        """
        if stops is not None and stops.is_watching:
            stops.begin(self.snapshot(), data=self.data, output=self._output_now())
        while True:
            if self.status is not Status.RUNNING:
                return Pause.ENDED
            if budget == 0:
                return Pause.BUDGET
            if self.settle() is not Status.RUNNING:
                return Pause.ENDED
            primitive, argument = self._decode()
            touch = self._touch(primitive) if stops is not None and stops.is_watching else None
            self._execute(primitive, argument)
            if stops is not None and not self.status.is_fault and self._arrive(stops, touch):
                return Pause.STOP
            budget = None if budget is None else budget - 1

    def _arrive(self, stops: StopSet, touch: Touch | None) -> bool:
        if not stops.concerns(self.pc):
            return False
        output, limit = self._output_now(), self.settings.limit
        return stops.arrive(self.snapshot(), touch, limit=limit, data=self.data, output=output)

    def _output_now(self) -> bytes:
        return output_of(self.snapshot(), self.program.dialect, self.settings)

    def settle(self) -> Status:
        """Ends the run if nothing is left to execute (past the last instruction, or at the limit)."""
        if self.status is Status.RUNNING:
            end = len(self.memory) if self.program.dialect.self_modifying else len(self.program)
            if self.pc >= end:
                self.status = Status.FINISHED
            elif self.steps >= self.settings.limit:
                self.status = Status.STEP_LIMIT
        return self.status

    def _decode(self) -> tuple[Primitive, int]:
        if self.program.dialect.self_modifying:
            primitives, arguments = self.program.dialect.table
            byte = self.memory[self.pc]
            return Primitive(int(primitives[byte])), int(arguments[byte])
        return Primitive(int(self.program.primitives[self.pc])), int(self.program.arguments[self.pc])

    def _execute(self, primitive: Primitive, argument: int) -> None:
        match primitive:
            case Primitive.MOVE0 | Primitive.MOVE1:
                self._move(primitive, argument)
            case Primitive.OPEN | Primitive.CLOSE:
                self._bracket(primitive)
            case Primitive.READ:
                self._read()
            case Primitive.WRITE:
                if len(self.output) >= self.settings.out_limit:
                    self.status = Status.OUTPUT_LIMIT
                else:
                    self.output.append(self.memory[self.head0])
            case Primitive.ADD:
                self.memory[self.head0] = (self.memory[self.head0] + argument) % 256
            case Primitive.SET:
                self.memory[self.head0] = argument % 256
            case Primitive.COPY01:
                self.memory[self.head1] = self.memory[self.head0]
            case Primitive.COPY10:
                self.memory[self.head0] = self.memory[self.head1]
            case Primitive.STASH:
                self.spare = self.memory[self.head0]
            case Primitive.UNSTASH:
                self.memory[self.head0] = self.spare
        if self.status.is_fault:
            return
        self.pc += 1
        self.steps += 1
        if primitive is Primitive.HALT:
            self.status = Status.HALTED

    def _touch(self, primitive: Primitive) -> Touch:
        """What the instruction at pc is about to read and write."""
        taken = self.input_pos < len(self.data)
        stored = taken or self.settings.eof is Eof.ZERO
        touch = touch_of(primitive, self.pc, self.head0, self.head1, taken=taken, stored=stored)
        return touch if touch.written is None else replace(touch, old=self.memory[touch.written])

    def _move(self, primitive: Primitive, argument: int) -> None:
        head = (self.head0 if primitive is Primitive.MOVE0 else self.head1) + argument
        if self.settings.edge is Edge.WRAP:
            head %= len(self.memory)
        elif not 0 <= head < len(self.memory):
            self.status = Status.OUT_OF_BOUNDS
            return
        if primitive is Primitive.MOVE0:
            self.head0 = head
        else:
            self.head1 = head

    def _bracket(self, primitive: Primitive) -> None:
        is_zero = self.memory[self.head0] == 0
        if is_zero != (primitive is Primitive.OPEN):
            return
        partner = self._partner()
        if partner is not None:
            self.pc = partner
        elif self.settings.unmatched is not Unmatched.IGNORE:
            self.status = Status.UNMATCHED_BRACKET

    def _partner(self) -> int | None:
        """The bracket that closes or opens the one at pc, found by counting depth in the code as it is now."""
        if self.program.dialect.self_modifying:
            primitives = self.program.dialect.table[0][np.frombuffer(bytes(self.memory), np.uint8)]
        else:
            primitives = self.program.primitives
        here = primitives[self.pc]
        towards = 1 if here == Primitive.OPEN else -1
        opposite = Primitive.CLOSE if here == Primitive.OPEN else Primitive.OPEN
        depth, index = 0, self.pc
        while 0 <= index < len(primitives):
            if primitives[index] == here:
                depth += 1
            elif primitives[index] == opposite:
                depth -= 1
            if depth == 0:
                return index
            index += towards
        return None

    def _read(self) -> None:
        if self.input_pos < len(self.data):
            self.memory[self.head0] = self.data[self.input_pos]
            self.input_pos += 1
        elif self.settings.eof is Eof.ZERO:
            self.memory[self.head0] = 0
        elif self.settings.eof is Eof.HALT:
            self.status = Status.INPUT_EXHAUSTED
