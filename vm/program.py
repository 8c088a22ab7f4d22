"""A program: source text to instructions and back, with bracket partners and errors that name a place."""

from __future__ import annotations

import hashlib
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vm.dialect import Dialect, Other, Primitive
from vm.errors import ProgramError


class Program:
    """A program of a dialect, immutable.

    Its code is one byte an instruction: the symbol itself, comments left out. In a self-modifying
    dialect the code is what the memory holds at the start.

    Attributes:
        dialect: the language.
        code: `uint8[program_length]`, read-only.
    """

    __slots__ = ("__dict__", "_offsets", "_source", "code", "dialect")

    def __init__(self, code: bytes, dialect: Dialect) -> None:
        """Makes a program from its code.

        Raises:
            ProgramError: a byte is no symbol and the dialect does not allow that.
        """
        self.dialect = dialect
        self.code: NDArray[np.uint8] = np.frombuffer(code, np.uint8)
        self._source: str | None = None
        self._offsets: NDArray[np.int64] | None = None
        if dialect.other is not Other.NOP:
            strays = np.flatnonzero(~_is_symbol(dialect)[self.code])
            if strays.size:
                raise _illegal(self.source, int(strays[0]), dialect)

    @classmethod
    def parse(cls, source: str, dialect: Dialect) -> Program:
        """Reads source text; where other characters are comments they are skipped, white space always is
        (unless every byte counts).

        Raises:
            ProgramError: an illegal symbol, with line, column and offset.
        """
        try:
            data = np.frombuffer(source.encode("latin-1"), np.uint8)
        except UnicodeEncodeError as error:
            if dialect.other is not Other.COMMENT:
                raise _illegal(source, error.start, dialect) from None
            data = np.frombuffer(source.encode("latin-1", "replace"), np.uint8).copy()
            data[np.fromiter((ord(char) > 255 for char in source), bool, len(source))] = ord(" ")
        if dialect.other is Other.NOP:
            return cls(data.tobytes(), dialect)
        symbol = _is_symbol(dialect)[data]
        if dialect.other is Other.ERROR:
            strays = np.flatnonzero(~symbol & ~np.isin(data, np.frombuffer(b" \t\r\n", np.uint8)))
            if strays.size:
                raise _illegal(source, int(strays[0]), dialect)
        program = cls(data[symbol].tobytes(), dialect)
        program._source = source
        program._offsets = np.flatnonzero(symbol)
        return program

    def __len__(self) -> int:
        return len(self.code)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Program):
            return NotImplemented
        return self.dialect == other.dialect and self.code.tobytes() == other.code.tobytes()

    def __hash__(self) -> int:
        return hash((self.dialect.name, self.code.tobytes()))

    def __repr__(self) -> str:
        text = self.text if len(self) <= 40 else self.text[:37] + "..."
        return f"Program({text!r}, {self.dialect.name})"

    @property
    def source(self) -> str:
        """The text it was read from, comments included; else its symbols."""
        return self.text if self._source is None else self._source

    @cached_property
    def text(self) -> str:
        """Its symbols, one character an instruction."""
        return self.code.tobytes().decode("latin-1")

    @cached_property
    def hash(self) -> str:
        """A name for exactly this code in exactly this language: 16 hex digits, the same on every machine."""
        symbols = sorted((i.symbol, str(i)) for i in self.dialect.instructions)
        language = repr((symbols, self.dialect.self_modifying)).encode()
        return hashlib.sha256(language + b"\0" + self.code.tobytes()).hexdigest()[:16]

    @cached_property
    def primitives(self) -> NDArray[np.uint8]:
        """Primitive of each instruction: `uint8[program_length]`."""
        return self.dialect.table[0][self.code]

    @cached_property
    def arguments(self) -> NDArray[np.int64]:
        """Argument of each instruction, 0 where it takes none: `int64[program_length]`."""
        return self.dialect.table[1][self.code]

    @cached_property
    def partners(self) -> NDArray[np.int32]:
        """Index of each bracket's partner, -1 for none and for every other instruction: `int32[program_length]`."""
        return bracket_partners(self.primitives)

    @property
    def unmatched(self) -> NDArray[np.intp]:
        """Indexes of the brackets that have no partner."""
        brackets = (self.primitives == Primitive.OPEN) | (self.primitives == Primitive.CLOSE)
        return np.flatnonzero(brackets & (self.partners < 0))

    def require_matched(self) -> None:
        """Refuses a program with a bracket that has no partner.

        Raises:
            ProgramError: names the first one.
        """
        strays = self.unmatched
        if strays.size:
            raise self.error_at(int(strays[0]), "has no partner")

    def error_at(self, index: int, what: str) -> ProgramError:
        """An error about one instruction, with its place in the source text."""
        offset = index if self._offsets is None else int(self._offsets[index])
        line, column = _place(self.source, offset)
        return ProgramError(
            f"line {line}, column {column}: {chr(self.code[index])!r} (instruction {index}) {what}",
            offset=offset,
            line=line,
            column=column,
        )


def bracket_partners(primitives: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Pairs brackets by nesting, left to right; a stray one does not stop the others from pairing.

    Args:
        primitives: `uint8[program_length]`.

    Returns:
        `int32[program_length]`: the partner's index, or -1.
    """
    partners = np.full(len(primitives), -1, np.int32)
    pending: list[int] = []
    brackets = np.flatnonzero((primitives == Primitive.OPEN) | (primitives == Primitive.CLOSE))
    for index in brackets.tolist():
        if primitives[index] == Primitive.OPEN:
            pending.append(index)
        elif pending:
            partner = pending.pop()
            partners[partner] = index
            partners[index] = partner
    return partners


def _is_symbol(dialect: Dialect) -> NDArray[np.bool_]:
    known = np.zeros(256, np.bool_)
    known[[ord(symbol) for symbol in dialect.symbols]] = True
    return known


def _place(source: str, offset: int) -> tuple[int, int]:
    line = source.count("\n", 0, offset) + 1
    return line, offset - (source.rfind("\n", 0, offset) + 1) + 1


def _illegal(source: str, offset: int, dialect: Dialect) -> ProgramError:
    line, column = _place(source, offset)
    return ProgramError(
        f"line {line}, column {column}: {source[offset]!r} is no symbol of {dialect.name}"
        f" (its symbols are {' '.join(dialect.symbols)})",
        offset=offset,
        line=line,
        column=column,
    )
