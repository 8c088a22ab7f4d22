"""What the stepping commands mean: where each of them goes, worked out from the code as it is at a moment."""

from __future__ import annotations

from collections.abc import Iterable

from gpdebug.debugger.brackets import code_size, enclosing_loop, partner, primitive_at
from gpdebug.debugger.errors import MoveError
from vm.dialect import Io, Primitive
from vm.program import Program
from vm.settings import Settings
from vm.state import State
from vm.stops import Cells, Stop, Stream
from vm.touch import Access


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
    loop = _around(program, state)
    if loop is None:
        raise _no_loop(state)
    return loop


def pass_ahead(program: Program, state: State) -> tuple[int, int]:
    """Where the next pass begins, and where the loop is left: of the loop around pc, else of the one it enters.

    Raises:
        MoveError: there is neither.
    """
    loop = _around(program, state) or entered_loop(program, state)
    if loop is None:
        raise _no_loop(state)
    return loop[0] + 1, loop[1] + 1


def pass_behind(program: Program, state: State, before: State | None) -> tuple[int, int]:
    """Where a pass begins, and where the loop is entered: of the loop around pc, else of the one just left.

    Args:
        program: what runs.
        state: the moment.
        before: the moment one step earlier; None at the start.

    Raises:
        MoveError: there is neither.
    """
    loop = _around(program, state)
    if loop is None and before is not None:
        loop = left_loop(program, before)
    if loop is None:
        raise _no_loop(state)
    return loop[0] + 1, loop[0]


def _around(program: Program, state: State) -> tuple[int, int] | None:
    return enclosing_loop(program, state, min(state.pc, code_size(program, state)))


def _no_loop(state: State) -> MoveError:
    return MoveError(f"no loop is around instruction {state.pc:,}: there is nothing to leave or to repeat")


def check(program: Program, state: State, instruction: int) -> None:
    """Refuses an instruction that pc cannot be at.

    Raises:
        MoveError: there is no such instruction.
    """
    size = code_size(program, state)
    if not 0 <= instruction < size:
        what = f"instructions are 0 to {size - 1:,}" if size else "the program is empty"
        raise MoveError(f"there is no instruction {instruction:,}: {what}")


def stops_at(program: Program, state: State, instructions: Iterable[int]) -> list[Stop]:
    """The internal stops of a command that goes to instructions; past the last one the run ends by itself."""
    size = code_size(program, state)
    return [Stop(instruction) for instruction in instructions if instruction < size]


def output_stops(program: Program, settings: Settings) -> list[Stop]:
    """The internal stops of a command that goes to an output byte: written to the stream, or changed in the region.

    Raises:
        MoveError: programs of this dialect have no output.
    """
    match program.dialect.io:
        case Io.STREAMS:
            return [Stop(Stream(Access.OUTPUT))]
        case Io.REGIONS:
            size = settings.memory - settings.out_start if settings.out_len is None else settings.out_len
            return [Stop(Cells(settings.out_start, size))] if size else []
    raise MoveError(f"programs of {program.dialect.name} have no output: the memory is all there is")


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
