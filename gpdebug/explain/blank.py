"""Blanking: a program with some instructions that do nothing.

A blanked instruction does nothing, takes its step, and the others keep their indices. A blanked bracket is no bracket:
blanked alone it leaves its partner to the dialect's rule for unmatched brackets, or to the next bracket around that it
now pairs with; blanked as a pair, what was their loop is run through once. Where a program modifies itself, the cell
holds another byte from the start: whatever is written there later is executed, and what copies the cell copies that
byte. It is not 0, so that a test of the cell comes out as before.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from gpdebug.explain.errors import ChangeError
from vm.dialect import Dialect, Instruction, Other, Primitive
from vm.program import Program


def blank_symbol(dialect: Dialect) -> tuple[Dialect, int]:
    """A byte that does nothing, and the dialect with it: a `nop` of its own, else a byte that is no symbol.

    Where there is neither it becomes one: that dialect has one symbol more, which changes nothing else.

    Raises:
        ChangeError: every byte is a symbol that does something.
    """
    for instruction in dialect.instructions:
        if instruction.primitive is Primitive.NOP and instruction.symbol != "\0":
            return dialect, ord(instruction.symbol)
    free = next((byte for byte in (32, *range(1, 256)) if chr(byte) not in dialect.symbols), None)
    if free is None:
        raise ChangeError(f"nothing can be blanked: every byte is a symbol of {dialect.name} that does something")
    if dialect.other is Other.NOP:
        return dialect, free
    return replace(dialect, instructions=(*dialect.instructions, Instruction(chr(free), Primitive.NOP))), free


def blanked(program: Program, instructions: Iterable[int]) -> Program:
    """The program with some instructions blanked.

    Raises:
        ChangeError: there is no such instruction, or nothing can be blanked.
    """
    dialect, symbol = blank_symbol(program.dialect)
    code = program.code.copy()
    places = np.fromiter(instructions, np.int64)
    wrong = places[(places < 0) | (places >= len(code))]
    if wrong.size:
        raise no_instruction(program, int(wrong[0]))
    code[places] = symbol
    return Program(code.tobytes(), dialect)


def no_instruction(program: Program, instruction: int) -> ChangeError:
    """The error about an instruction that a program does not have."""
    has = f"instructions 0 to {len(program) - 1:,}" if len(program) else "none"
    return ChangeError(f"there is no instruction {instruction:,}: the program has {has}")
