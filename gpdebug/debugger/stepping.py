"""What the stepping commands mean: where each of them goes, worked out from the code as it is at a moment."""

from __future__ import annotations

from gpdebug.debugger.brackets import code_size, enclosing_loop, partner, primitive_at
from gpdebug.debugger.errors import MoveError
from vm.dialect import Primitive
from vm.program import Program
from vm.state import State
from vm.stops import Stop


def entered_loop(program: Program, state: State) -> tuple[int, int] | None:
    """The loop (open, close) that the instruction at pc is about to enter by its open; None if it does not."""
    bracket = _bracket(program, state, Primitive.OPEN)
    return None if bracket is None or state.memory[state.head0] == 0 else (state.pc, bracket)


def left_loop(program: Program, state: State) -> tuple[int, int] | None:
    """The loop (open, close) that the instruction at pc is about to leave by its close; None if it does not."""
    bracket = _bracket(program, state, Primitive.CLOSE)
    return None if bracket is None or state.memory[state.head0] != 0 else (bracket, state.pc)


def _bracket(program: Program, state: State, kind: Primitive) -> int | None:
    """The partner of the instruction at pc if that is a bracket of this kind."""
    if state.pc >= code_size(program, state) or primitive_at(program, state, state.pc)[0] is not kind:
        return None
    return partner(program, state, state.pc)


def loop_around(program: Program, state: State) -> tuple[int, int]:
    """The innermost loop (open, close) that pc is inside of; see `brackets.enclosing_loop`.

    Raises:
        MoveError: there is none.
    """
    loop = enclosing_loop(program, state, min(state.pc, code_size(program, state)))
    if loop is None:
        raise MoveError(f"no loop is around instruction {state.pc:,}: there is nothing to leave")
    return loop


def check(program: Program, state: State, instruction: int) -> None:
    """Refuses an instruction that pc cannot be at.

    Raises:
        MoveError: there is no such instruction.
    """
    size = code_size(program, state)
    if not 0 <= instruction < size:
        what = f"instructions are 0 to {size - 1:,}" if size else "the program is empty"
        raise MoveError(f"there is no instruction {instruction:,}: {what}")


def stop_at(program: Program, state: State, instruction: int) -> list[Stop]:
    """The internal stop of a command that goes to an instruction; past the last one the run ends by itself."""
    return [Stop(instruction)] if instruction < code_size(program, state) else []


def group_ahead(program: Program, state: State) -> int:
    """How many instructions equal to the one at pc follow each other from it, itself included; brackets are alone."""
    end, count = code_size(program, state), 1
    if state.pc >= end:
        return 1
    first = primitive_at(program, state, state.pc)
    if first[0] in (Primitive.OPEN, Primitive.CLOSE):
        return 1
    while state.pc + count < end and primitive_at(program, state, state.pc + count) == first:
        count += 1
    return count


def group_behind(program: Program, state: State) -> int:
    """How many instructions equal to the one at pc lie one after the other up to it, itself included."""
    first, count = primitive_at(program, state, state.pc), 1
    if first[0] in (Primitive.OPEN, Primitive.CLOSE):
        return 1
    while state.pc >= count and primitive_at(program, state, state.pc - count) == first:
        count += 1
    return count
