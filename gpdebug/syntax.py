"""Colours of programs: what each symbol counts as, as Pygments lexers and a style that any tool can use.

The mapping symbol -> role -> Pygments token lives here and nowhere else; the screens give the roles their
theme's colours, `GpdebugStyle` gives the tokens fixed ones.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import ClassVar

from pygments.lexer import RegexLexer
from pygments.style import Style
from pygments.token import Comment, Error, Keyword, Name, Number, Operator, Text, _TokenType

from vm.dialect import BF, BFX, TAPE, Dialect, Other, Primitive


class Role(IntEnum):
    """What a character of a program counts as when it is coloured."""

    OTHER = 0
    MOVE0 = 1
    MOVE1 = 2
    VALUE = 3
    LOOP = 4
    COPY = 5


ROLE_OF: dict[Primitive, Role] = {
    Primitive.NOP: Role.OTHER,
    Primitive.HALT: Role.LOOP,
    Primitive.MOVE0: Role.MOVE0,
    Primitive.MOVE1: Role.MOVE1,
    Primitive.ADD: Role.VALUE,
    Primitive.SET: Role.VALUE,
    Primitive.COPY01: Role.COPY,
    Primitive.COPY10: Role.COPY,
    Primitive.OPEN: Role.LOOP,
    Primitive.CLOSE: Role.LOOP,
    Primitive.READ: Role.COPY,
    Primitive.WRITE: Role.COPY,
    Primitive.STASH: Role.COPY,
    Primitive.UNSTASH: Role.COPY,
}

TOKEN_OF: dict[Role, _TokenType] = {
    Role.OTHER: Comment,
    Role.MOVE0: Name.Variable,
    Role.MOVE1: Name.Variable.Instance,
    Role.VALUE: Number,
    Role.LOOP: Keyword,
    Role.COPY: Operator,
}


def roles_of(dialect: Dialect) -> tuple[Role, ...]:
    """The role of each of the 256 bytes in a dialect."""
    roles = [Role.OTHER] * 256
    for instruction in dialect.instructions:
        roles[ord(instruction.symbol)] = ROLE_OF[instruction.primitive]
    return tuple(roles)


def _rules(dialect: Dialect) -> dict[str, list[tuple[str, _TokenType]]]:
    by_role: dict[Role, str] = {}
    for instruction in dialect.instructions:
        role = ROLE_OF[instruction.primitive]
        by_role[role] = by_role.get(role, "") + re.escape(instruction.symbol)
    known = "".join(by_role.values())
    rules: list[tuple[str, _TokenType]] = [(f"[{symbols}]+", TOKEN_OF[role]) for role, symbols in by_role.items()]
    stray = Error if dialect.other is Other.ERROR else Comment
    return {"root": [*rules, (r"\s+", Text), (rf"[^\s{known}]+", stray)]}


class TapeLexer(RegexLexer):
    """Programs of the `tape` dialect; any other character is an error."""

    name = "Tape"
    aliases: ClassVar[list[str]] = ["tape"]
    filenames: ClassVar[list[str]] = ["*.tape"]
    url = "https://en.wikipedia.org/wiki/Brainfuck"
    tokens = _rules(TAPE)


class BfLexer(RegexLexer):
    """Programs of the `bf` dialect; any other character is a comment."""

    name = "Evolved Brainfuck"
    aliases: ClassVar[list[str]] = ["bf", "bf-evolved"]
    filenames: ClassVar[list[str]] = ["*.bf", "*.b"]
    tokens = _rules(BF)


class BfxLexer(RegexLexer):
    """Programs of the `bfx` dialect; any other character is a comment."""

    name = "Extended Brainfuck"
    aliases: ClassVar[list[str]] = ["bfx"]
    filenames: ClassVar[list[str]] = ["*.bfx"]
    tokens = _rules(BFX)


class GpdebugStyle(Style):
    """The roles in colours that read on dark and on light backgrounds."""

    name = "gpdebug"
    styles: ClassVar[dict[_TokenType, str]] = {
        Text: "",
        Comment: "italic #7d8590",
        Name.Variable: "#3b8eca",
        Name.Variable.Instance: "#bf5fa8",
        Number: "#808a96",
        Keyword: "bold #b08418",
        Operator: "#3f9660",
        Error: "border:#d1495b",
    }
