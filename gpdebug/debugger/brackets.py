"""Brackets at a moment: the partner of one, and the loop around an instruction, in the code as it is then."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vm.dialect import Primitive
from vm.program import Program, bracket_partners
from vm.state import State

_FIRST_CHUNK = 1 << 12


def code_size(program: Program, state: State) -> int:
    """Number of instructions: of the program, or of the memory that is the program."""
    return len(state.memory) if program.dialect.self_modifying else len(program)


def primitive_at(program: Program, state: State, index: int) -> tuple[Primitive, int]:
    """What the instruction at `index` does at this moment, and its argument."""
    byte = state.memory[index] if program.dialect.self_modifying else program.code[index]
    primitives, arguments = program.dialect.table
    return Primitive(int(primitives[byte])), int(arguments[byte])


def partner(program: Program, state: State, index: int) -> int | None:
    """The partner of the bracket at `index`, or None.

    In a self-modifying dialect it is searched in the memory as it is at this moment, in chunks that grow.
    """
    if not program.dialect.self_modifying:
        found = int(program.partners[index])
        return None if found < 0 else found
    if primitive_at(program, state, index)[0] is Primitive.OPEN:
        return _balance(program, state.memory[index:], 1, index)
    return _balance(program, state.memory[index::-1], -1, index)


def _balance(program: Program, bytes_ahead: NDArray[np.uint8], direction: int, index: int) -> int | None:
    """Where the depth that the first bracket opens is back at zero; None if nowhere."""
    table = program.dialect.table[0]
    change = np.zeros(256, np.int64)
    change[table == Primitive.OPEN] = direction
    change[table == Primitive.CLOSE] = -direction
    depth, start, size = 0, 0, _FIRST_CHUNK
    while start < len(bytes_ahead):
        depths = depth + np.cumsum(change[bytes_ahead[start : start + size]])
        closed = np.flatnonzero(depths == 0)
        if closed.size:
            return index + direction * (start + int(closed[0]))
        depth, start, size = int(depths[-1]), start + size, size * 2
    return None


def enclosing_loop(program: Program, state: State, index: int) -> tuple[int, int] | None:
    """The innermost loop (its open, its close) that `index` is inside of; at a loop's close it still is, at its
    open it is not yet. None outside of all loops.
    """
    around = enclosing_loops(program, state, index)
    return around[0] if around else None


def enclosing_loops(program: Program, state: State, index: int) -> list[tuple[int, int]]:
    """All loops (open, close) that `index` is inside of, the innermost first; see `enclosing_loop`."""
    partners = program.partners
    if program.dialect.self_modifying:
        partners = bracket_partners(program.dialect.table[0][state.memory])
    around = np.flatnonzero(partners[:index] >= index)[::-1]
    return [(int(open_), int(partners[open_])) for open_ in around]
