"""Conditions on the state of a run: parsed once into postfix code that every machine evaluates alike.

All values are 64-bit integers that wrap around; truth is 1 or 0; nothing can fail while a program
runs: division by zero gives 0, and a byte that does not exist (`mem[-1]`, `out[9]` of a shorter
output) is -1, which no byte equals. `and` and `or` evaluate both sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from vm.errors import ConditionError
from vm.state import State

MAX_DEPTH = 64
MAX_CODE = 512


class Op(IntEnum):
    """An operation of the postfix code; only `CONSTANT` uses the number stored beside it."""

    CONSTANT = 0
    PC = 1
    STEP = 2
    HEAD0 = 3
    HEAD1 = 4
    CELL0 = 5
    CELL1 = 6
    HITS = 7
    OUT_LENGTH = 8
    IN_LENGTH = 9
    MEMORY = 10
    INPUT = 11
    OUTPUT = 12
    NEGATE = 13
    INVERT = 14
    NOT = 15
    OR = 16
    AND = 17
    EQUAL = 18
    UNEQUAL = 19
    LESS = 20
    AT_MOST = 21
    GREATER = 22
    AT_LEAST = 23
    BIT_OR = 24
    BIT_XOR = 25
    BIT_AND = 26
    SHIFT_LEFT = 27
    SHIFT_RIGHT = 28
    ADD = 29
    SUBTRACT = 30
    MULTIPLY = 31
    DIVIDE = 32
    REMAINDER = 33


@dataclass(frozen=True, slots=True)
class Condition:
    """A checked expression.

    Attributes:
        text: as the user wrote it; two conditions are equal if their texts are.
        code: `int64[operations, 2]`, read-only: each row an `Op` and its constant.
    """

    text: str
    code: NDArray[np.int64] = field(compare=False, repr=False)

    @property
    def is_truth(self) -> bool:
        """Whether its value is 0 or 1, whatever the moment."""
        last = int(self.code[-1, 0])
        return last == Op.NOT or Op.OR <= last <= Op.AT_LEAST

    def value(self, state: State, *, data: bytes, output: bytes, hits: int) -> int:
        """Its value at a moment, in plain Python: the specification of the compiled evaluator.

        Args:
            state: the moment.
            data: the whole input.
            output: the output as of the moment (`vm.state.output_of`).
            hits: how often the condition's stop was hit, this time included.
        """
        stack: list[int] = []
        for operation, constant in self.code.tolist():
            _apply(Op(operation), constant, stack, state, data, output, hits)
        return stack[0]


def parse(text: str) -> Condition:
    """Reads an expression over `pc step h0 h1 mem[…] in[…] out[…] len(in) len(out) cell0 cell1 hits`.

    Operators bind, loosest first: `or ||`, `and &&`, `not !`, comparisons, `|`, `^`, `&`, `<< >>`, `+ -`,
    `* / %`, `- ~`. Numbers are decimal, hex (`0x1f`), binary (`0b1`) or a character (`'a'`).

    Raises:
        ConditionError: with the column and what was expected there.
    """
    parser = _Parser(text)
    parser.expression(0)
    parser.expect_end()
    code = np.array(parser.code, np.int64).reshape(-1, 2)
    code.setflags(write=False)
    return Condition(text.strip(), code)


_TOKEN = re.compile(
    r"\s*(?:(?P<number>0[xX][0-9a-fA-F]+|0[bB][01]+|[0-9]+)|(?P<char>'[^']')|(?P<name>[A-Za-z_]\w*)"
    r"|(?P<sign>&&|\|\||<<|>>|[=!<>]=|[-+*/%&|^~!<>()\[\]=]))"
)

_NAMES = {
    "pc": Op.PC,
    "step": Op.STEP,
    "h0": Op.HEAD0,
    "h1": Op.HEAD1,
    "cell0": Op.CELL0,
    "cell1": Op.CELL1,
    "hits": Op.HITS,
}
_ARRAYS = {"mem": Op.MEMORY, "in": Op.INPUT, "out": Op.OUTPUT}
_LENGTHS = {"in": Op.IN_LENGTH, "out": Op.OUT_LENGTH}
_PREFIX = {"-": (11, Op.NEGATE), "~": (11, Op.INVERT), "not": (3, Op.NOT), "!": (11, Op.NOT)}
_INFIX = {
    "or": (1, Op.OR), "||": (1, Op.OR),
    "and": (2, Op.AND), "&&": (2, Op.AND),
    "==": (4, Op.EQUAL), "!=": (4, Op.UNEQUAL), "<": (4, Op.LESS),
    "<=": (4, Op.AT_MOST), ">": (4, Op.GREATER), ">=": (4, Op.AT_LEAST),
    "|": (5, Op.BIT_OR), "^": (6, Op.BIT_XOR), "&": (7, Op.BIT_AND),
    "<<": (8, Op.SHIFT_LEFT), ">>": (8, Op.SHIFT_RIGHT),
    "+": (9, Op.ADD), "-": (9, Op.SUBTRACT),
    "*": (10, Op.MULTIPLY), "/": (10, Op.DIVIDE), "%": (10, Op.REMAINDER),
}  # fmt: skip
_COMPARISON = 4

_MOST_DIGITS = 80
"""More than any number that fits has, of base 2 as well."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


class _Parser:
    """Precedence climbing that emits postfix code as it goes."""

    def __init__(self, text: str) -> None:
        self.code: list[tuple[int, int]] = []
        self._tokens = list(_tokens(text))
        self._at = 0
        self._nesting = 0

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        token = self._next
        self._at += 1
        return token

    def _expect(self, sign: str) -> None:
        if self._next.text != sign or self._next.kind == "end":
            raise ConditionError(f"expected {sign!r}, found {_name(self._next)}", column=self._next.column)
        self._at += 1

    def expect_end(self) -> None:
        if self._next.kind != "end":
            hint = "; compare with ==" if self._next.text == "=" else ""
            message = f"expected an operator or the end, found {_name(self._next)}{hint}"
            raise ConditionError(message, column=self._next.column)

    def _emit(self, operation: Op, constant: int, column: int) -> None:
        if len(self.code) == MAX_CODE:
            raise ConditionError(f"too long: more than {MAX_CODE} operations", column=column)
        self.code.append((operation, constant))

    def expression(self, loosest: int) -> None:
        """Emits an expression whose operators all bind at least as tightly as `loosest`."""
        self._nesting += 1
        if self._nesting > MAX_DEPTH // 2:
            raise ConditionError(f"nested more than {MAX_DEPTH // 2} deep", column=self._next.column)
        self._operand()
        compared = False
        while self._next.kind in ("sign", "name") and self._next.text in _INFIX:
            strength, operation = _INFIX[self._next.text]
            if strength < loosest:
                break
            if strength == _COMPARISON and compared:
                raise ConditionError("comparisons do not chain: join them with 'and'", column=self._next.column)
            compared = strength == _COMPARISON
            column = self._take().column
            self.expression(strength + 1)
            self._emit(operation, 0, column)
        self._nesting -= 1

    def _operand(self) -> None:
        token = self._take()
        if token.kind == "number":
            self._number(token)
        elif token.kind == "char":
            self._emit(Op.CONSTANT, ord(token.text[1]), token.column)
        elif token.text in _PREFIX:
            strength, operation = _PREFIX[token.text]
            self.expression(strength)
            self._emit(operation, 0, token.column)
        elif token.text == "(":
            self.expression(0)
            self._expect(")")
        elif token.kind == "name":
            self._variable(token)
        else:
            raise ConditionError(f"expected a value, found {_name(token)}", column=token.column)

    def _number(self, token: _Token) -> None:
        has_base = token.text[:1] == "0" and len(token.text) > 1 and token.text[1].isalpha()
        text = token.text if has_base else token.text.lstrip("0") or "0"
        value = 1 << 63 if len(text) > _MOST_DIGITS else int(text, 0 if has_base else 10)
        if value >= 1 << 63:
            raise ConditionError("the number does not fit into 63 bits", column=token.column)
        self._emit(Op.CONSTANT, value, token.column)

    def _variable(self, token: _Token) -> None:
        if token.text in _NAMES:
            self._emit(_NAMES[token.text], 0, token.column)
        elif token.text in _ARRAYS:
            self._expect("[")
            self.expression(0)
            self._expect("]")
            self._emit(_ARRAYS[token.text], 0, token.column)
        elif token.text == "len":
            self._expect("(")
            array = self._take()
            if array.text not in _LENGTHS:
                raise ConditionError(f"expected 'in' or 'out', found {_name(array)}", column=array.column)
            self._expect(")")
            self._emit(_LENGTHS[array.text], 0, token.column)
        else:
            known = ", ".join([*_NAMES, "mem[…]", "in[…]", "out[…]", "len(in)", "len(out)"])
            raise ConditionError(f"unknown name {token.text!r}; known are {known}", column=token.column)


def _tokens(text: str) -> Iterator[_Token]:
    at, end = 0, len(text.rstrip())
    while at < end:
        match = _TOKEN.match(text, at)
        if match is None:
            column = at + len(text[at:]) - len(text[at:].lstrip())
            raise ConditionError(f"{text[column]!r} means nothing here", column=column)
        kind = str(match.lastgroup)
        yield _Token(kind, match[kind], match.start(kind))
        at = match.end()
    yield _Token("end", "", end)


def _name(token: _Token) -> str:
    return "the end" if token.kind == "end" else repr(token.text)


def _wrapped(value: int) -> int:
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


def _shifted(left: int, right: int) -> int:
    return left << right if 0 <= right < 64 else 0


_BINARY: dict[Op, Callable[[int, int], int]] = {
    Op.OR: lambda a, b: a != 0 or b != 0,
    Op.AND: lambda a, b: a != 0 and b != 0,
    Op.EQUAL: lambda a, b: a == b,
    Op.UNEQUAL: lambda a, b: a != b,
    Op.LESS: lambda a, b: a < b,
    Op.AT_MOST: lambda a, b: a <= b,
    Op.GREATER: lambda a, b: a > b,
    Op.AT_LEAST: lambda a, b: a >= b,
    Op.BIT_OR: lambda a, b: a | b,
    Op.BIT_XOR: lambda a, b: a ^ b,
    Op.BIT_AND: lambda a, b: a & b,
    Op.SHIFT_LEFT: _shifted,
    Op.SHIFT_RIGHT: lambda a, b: a >> b if 0 <= b < 64 else 0,
    Op.ADD: lambda a, b: a + b,
    Op.SUBTRACT: lambda a, b: a - b,
    Op.MULTIPLY: lambda a, b: a * b,
    Op.DIVIDE: lambda a, b: a // b if b else 0,
    Op.REMAINDER: lambda a, b: a % b if b else 0,
}
_UNARY: dict[Op, Callable[[int], int]] = {
    Op.NEGATE: lambda a: -a,
    Op.INVERT: lambda a: ~a,
    Op.NOT: lambda a: a == 0,
}


def _apply(operation: Op, constant: int, stack: list[int], state: State, data: bytes, output: bytes, hits: int) -> None:
    if operation in _BINARY:
        right = stack.pop()
        stack.append(_wrapped(int(_BINARY[operation](stack.pop(), right))))
    elif operation in _UNARY:
        stack.append(_wrapped(int(_UNARY[operation](stack.pop()))))
    elif operation in (Op.MEMORY, Op.INPUT, Op.OUTPUT):
        index = stack.pop()
        array: bytes | NDArray[np.uint8] = data if operation is Op.INPUT else output
        if operation is Op.MEMORY:
            array = state.memory
        stack.append(int(array[index]) if 0 <= index < len(array) else -1)
    else:
        values = {
            Op.CONSTANT: constant,
            Op.PC: state.pc,
            Op.STEP: state.steps,
            Op.HEAD0: state.head0,
            Op.HEAD1: state.head1,
            Op.CELL0: int(state.memory[state.head0]),
            Op.CELL1: int(state.memory[state.head1]),
            Op.HITS: hits,
            Op.OUT_LENGTH: len(output),
            Op.IN_LENGTH: len(data),
        }
        stack.append(values[operation])
