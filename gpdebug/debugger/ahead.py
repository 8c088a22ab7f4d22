"""What the instruction at pc is about to do, foreseen from a state without running anything."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gpdebug.debugger.brackets import code_size, partner, primitive_at
from vm.dialect import Primitive
from vm.program import Program
from vm.settings import Edge, Eof, Settings, Unmatched
from vm.state import State, Status


@dataclass(frozen=True, slots=True)
class Effect:
    """What one step will do.

    Attributes:
        instruction: its index.
        primitive, argument: what it is, at this moment.
        fault: the status with which it will end the run instead of being executed, or None.
        next_pc: where the run goes on.
        partner: of a bracket, or None.
        cell: the cell it will write, or None.
        value: what it will write there.
        head: the head that a move will move (0 or 1), or None.
        head_to: the cell that it will move to.
    """

    instruction: int
    primitive: Primitive
    argument: int
    next_pc: int
    fault: Status | None = None
    partner: int | None = None
    cell: int | None = None
    value: int | None = None
    head: int | None = None
    head_to: int | None = None


def effect_of(state: State, program: Program, settings: Settings, data: bytes) -> Effect | None:
    """What the instruction at pc will do; None if there is no instruction at pc."""
    if state.pc >= code_size(program, state):
        return None
    primitive, argument = primitive_at(program, state, state.pc)
    match primitive:
        case Primitive.MOVE0 | Primitive.MOVE1:
            return _move(state, primitive, argument, settings)
        case Primitive.OPEN | Primitive.CLOSE:
            return _bracket(state, program, primitive, settings)
        case Primitive.READ:
            return _read(state, settings, data)
        case Primitive.WRITE:
            full = len(state.output) >= settings.out_limit
            return Effect(state.pc, primitive, 0, state.pc + 1, fault=Status.OUTPUT_LIMIT if full else None)
    cell, value = _written(state, primitive, argument)
    return Effect(state.pc, primitive, argument, state.pc + 1, cell=cell, value=value)


def fault_ahead(state: State, program: Program, settings: Settings, data: bytes) -> Status | None:
    """The fault that the instruction at pc will end the run with, or None: what makes a state the last one."""
    effect = effect_of(state, program, settings, data)
    return None if effect is None else effect.fault


def _move(state: State, primitive: Primitive, argument: int, settings: Settings) -> Effect:
    which = 0 if primitive is Primitive.MOVE0 else 1
    to = (state.head1 if which else state.head0) + argument
    outside = not 0 <= to < len(state.memory)
    fault = Status.OUT_OF_BOUNDS if outside and settings.edge is Edge.HALT else None
    return Effect(
        state.pc, primitive, argument, state.pc + 1, fault=fault, head=which, head_to=to % len(state.memory)
    )  # fmt: skip


def _bracket(state: State, program: Program, primitive: Primitive, settings: Settings) -> Effect:
    at, other = state.pc, partner(program, state, state.pc)
    is_taken = (state.memory[state.head0] == 0) == (primitive is Primitive.OPEN)
    if not is_taken:
        return Effect(at, primitive, 0, at + 1, partner=other)
    if other is not None:
        return Effect(at, primitive, 0, other + 1, partner=other)
    ignored = settings.unmatched is Unmatched.IGNORE
    return Effect(at, primitive, 0, at + 1, fault=None if ignored else Status.UNMATCHED_BRACKET)


def _read(state: State, settings: Settings, data: bytes) -> Effect:
    effect = Effect(state.pc, Primitive.READ, 0, state.pc + 1)
    if state.input_pos < len(data):
        return replace(effect, cell=state.head0, value=data[state.input_pos])
    match settings.eof:
        case Eof.ZERO:
            return replace(effect, cell=state.head0, value=0)
        case Eof.HALT:
            return replace(effect, fault=Status.INPUT_EXHAUSTED)
        case Eof.KEEP:
            return effect


def _written(state: State, primitive: Primitive, argument: int) -> tuple[int | None, int | None]:
    """The cell that is written and its new value."""
    here, there = int(state.memory[state.head0]), int(state.memory[state.head1])
    match primitive:
        case Primitive.ADD:
            return state.head0, (here + argument) % 256
        case Primitive.SET:
            return state.head0, argument % 256
        case Primitive.COPY01:
            return state.head1, here
        case Primitive.COPY10:
            return state.head0, there
        case Primitive.UNSTASH:
            return state.head0, state.spare
    return None, None
