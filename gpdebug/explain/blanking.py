"""Blanking: an instruction is taken out and every other one keeps its index.

A blanked instruction does nothing and takes a step. In the code it is one byte: that of the dialect's `nop` if it has a
symbol for it, else the smallest byte that is no symbol (0 in every built-in dialect). A language that calls other
characters an error or comments has no program text for it, so a program with blanks is one of the same language in
which every other byte is a `nop`.

A bracket that is blanked alone leaves the others to pair anew, as the machine pairs them; what then has no partner does
what the settings say (`unmatched`). In a self-modifying dialect the program is data as well: the byte itself is changed
on the tape that the run starts with.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from gpdebug.explain.errors import ExplainError
from vm.dialect import Dialect, Other, Primitive
from vm.program import Program


def blank_byte(dialect: Dialect) -> int:
    """The byte of a blanked instruction.

    Raises:
        ExplainError: every byte is a symbol that does something.
    """
    symbols = [ord(i.symbol) for i in dialect.instructions if i.primitive is Primitive.NOP]
    if symbols:
        return symbols[0]
    free = sorted(set(range(256)) - {ord(symbol) for symbol in dialect.symbols})
    if not free:
        raise ExplainError(f"nothing can be blanked in {dialect.name}: each of its 256 bytes does something")
    return free[0]


def with_blanks(dialect: Dialect) -> Dialect:
    """The same language, in which a byte that is no symbol is a `nop`."""
    return replace(dialect, other=Other.NOP)


def blanked(program: Program, sites: Iterable[int]) -> Program:
    """A program with some of its instructions blanked.

    Args:
        program: the original.
        sites: indexes of the instructions.

    Raises:
        ExplainError: nothing can be blanked in its dialect.
        IndexError: there is no such instruction.
    """
    code = program.code.copy()
    code[np.fromiter(sites, np.int64)] = blank_byte(program.dialect)
    return Program(code.tobytes(), with_blanks(program.dialect))
