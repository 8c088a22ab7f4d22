"""Dialects: which symbol means which primitive, and the settings a dialect starts from. All of it is data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from vm.errors import DialectError, SettingsError
from vm.settings import Edge, Eof, Settings, Unmatched

_Choice = TypeVar("_Choice", bound=StrEnum)


class Primitive(IntEnum):
    """What an instruction does; `vm.reference` executes each."""

    NOP = 0
    HALT = 1
    MOVE0 = 2
    MOVE1 = 3
    ADD = 4
    SET = 5
    COPY01 = 6
    COPY10 = 7
    OPEN = 8
    CLOSE = 9
    READ = 10
    WRITE = 11
    STASH = 12
    UNSTASH = 13


TAKES_ARGUMENT = frozenset({Primitive.MOVE0, Primitive.MOVE1, Primitive.ADD, Primitive.SET})


class Other(StrEnum):
    """What a character is that is no symbol of the dialect."""

    ERROR = "error"
    COMMENT = "comment"
    NOP = "nop"


class Io(StrEnum):
    """Where input comes from and output goes to."""

    REGIONS = "regions"
    STREAMS = "streams"
    TAPE = "tape"


class Heads(StrEnum):
    """Where the heads start: at the ends that `Io` gives them, or at what cells 0 and 1 hold (then pc starts at 2)."""

    START = "start"
    TAPE = "tape"


@dataclass(frozen=True, slots=True)
class Instruction:
    """One symbol of a dialect."""

    symbol: str
    primitive: Primitive
    argument: int = 0

    def __str__(self) -> str:
        name = self.primitive.name.lower()
        return f"{name} {self.argument}" if self.primitive in TAKES_ARGUMENT else name


@dataclass(frozen=True)
class Dialect:
    """A language of the machine, as data: the engine knows no dialect by name.

    Attributes:
        name: how users call it.
        instructions: its symbols, each a single Latin-1 character.
        other: what any other character is.
        io: regions of memory, streams, or the tape itself.
        self_modifying: the program is the memory; instructions are decoded at each step.
        heads: where the heads start.
        settings: what a machine of this dialect starts from.
    """

    name: str
    instructions: tuple[Instruction, ...]
    other: Other = Other.COMMENT
    io: Io = Io.STREAMS
    self_modifying: bool = False
    heads: Heads = Heads.START
    settings: Settings = field(default_factory=Settings)

    def __post_init__(self) -> None:
        if not self.instructions:
            raise DialectError("symbols: a dialect needs at least one symbol")
        seen: set[str] = set()
        for instruction in self.instructions:
            symbol = instruction.symbol
            if len(symbol) != 1 or ord(symbol) > 255:
                raise DialectError(f"symbols.{symbol!r}: a symbol is one character of Latin-1")
            if symbol in seen:
                raise DialectError(f"symbols.{symbol!r}: defined twice")
            seen.add(symbol)

    @cached_property
    def symbols(self) -> dict[str, Instruction]:
        """Instruction of each symbol."""
        return {instruction.symbol: instruction for instruction in self.instructions}

    @cached_property
    def table(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Decode table: primitive `uint8[256]` and argument `int64[256]` of every byte; no symbol is a `nop`."""
        primitives = np.zeros(256, np.uint8)
        arguments = np.zeros(256, np.int64)
        for instruction in self.instructions:
            primitives[ord(instruction.symbol)] = instruction.primitive
            arguments[ord(instruction.symbol)] = instruction.argument
        primitives.setflags(write=False)
        arguments.setflags(write=False)
        return primitives, arguments

    def with_settings(self, **changes: Any) -> Dialect:
        """The same language with other defaults, given as in `Settings.with_changes`."""
        return replace(self, settings=self.settings.with_changes(changes))

    def to_dict(self) -> dict[str, Any]:
        """The dialect in full, as JSON and TOML can hold it; `from_dict` reads it back."""
        return {
            "name": self.name,
            "other": str(self.other),
            "io": str(self.io),
            "self_modifying": self.self_modifying,
            "heads": str(self.heads),
            "symbols": {i.symbol: str(i) for i in self.instructions},
            "settings": self.settings.to_dict(),
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Dialect:
        """Reads a dialect from plain data: the keys of `to_dict`, or `based_on` and what differs.

        Raises:
            DialectError: names the wrong key and what was expected there.
        """
        return _dialect_from(data)

    @classmethod
    def from_toml(cls, text: str) -> Dialect:
        """Reads a dialect from the text of a TOML file.

        Raises:
            DialectError: the text is no TOML, or a key is wrong.
        """
        try:
            data = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise DialectError(f"not valid TOML: {error}") from None
        return _dialect_from(data)


_KEYS = ("name", "based_on", "other", "io", "self_modifying", "heads", "symbols", "settings")


def _dialect_from(data: Mapping[str, Any]) -> Dialect:
    for key in data:
        if key not in _KEYS:
            raise DialectError(f"{key}: unknown key; expected one of {', '.join(_KEYS)}")
    name = _typed(data, "name", str, "a text")
    if not name:
        raise DialectError("name: missing; expected a text")
    base = _base(data)
    instructions = base.instructions if base else ()
    if "symbols" in data:
        instructions = tuple(_instruction(k, v) for k, v in _typed(data, "symbols", Mapping, "a table").items())
    settings = base.settings if base else Settings()
    if "settings" in data:
        try:
            settings = settings.with_changes(_typed(data, "settings", Mapping, "a table"))
        except SettingsError as error:
            raise DialectError(f"settings: {error}") from None
    return Dialect(
        name=name,
        instructions=instructions,
        other=_choice(data, "other", Other, base.other if base else Other.COMMENT),
        io=_choice(data, "io", Io, base.io if base else Io.STREAMS),
        self_modifying=bool(
            _typed(data, "self_modifying", bool, "true or false", base.self_modifying if base else False)
        ),
        heads=_choice(data, "heads", Heads, base.heads if base else Heads.START),
        settings=settings,
    )


def _base(data: Mapping[str, Any]) -> Dialect | None:
    name = _typed(data, "based_on", str, "the name of a built-in dialect")
    if name is None:
        return None
    if name not in BUILT_IN:
        raise DialectError(f"based_on: expected one of {', '.join(BUILT_IN)}, not {name!r}")
    return BUILT_IN[name]


def _typed(data: Mapping[str, Any], key: str, kind: type, expected: str, default: Any = None) -> Any:
    if key not in data:
        return default
    if not isinstance(data[key], kind):
        raise DialectError(f"{key}: expected {expected}, not {data[key]!r}")
    return data[key]


def _choice(data: Mapping[str, Any], key: str, kind: type[_Choice], default: _Choice) -> _Choice:
    if key not in data:
        return default
    try:
        return kind(data[key])
    except ValueError:
        raise DialectError(f"{key}: expected one of {', '.join(kind)}, not {data[key]!r}") from None


def _instruction(symbol: str, value: Any) -> Instruction:
    words = value.split() if isinstance(value, str) else []
    names = {primitive.name.lower(): primitive for primitive in Primitive}
    if not words or words[0] not in names:
        raise DialectError(f"symbols.{symbol!r}: expected a primitive ({', '.join(names)}), not {value!r}")
    primitive = names[words[0]]
    wanted = 1 if primitive in TAKES_ARGUMENT else 0
    if len(words) != 1 + wanted:
        what = f"'{words[0]} N' with a whole number N" if wanted else f"'{words[0]}' alone"
        raise DialectError(f"symbols.{symbol!r}: expected {what}, not {value!r}")
    if not wanted:
        return Instruction(symbol, primitive)
    try:
        argument = int(words[1])
    except ValueError:
        raise DialectError(f"symbols.{symbol!r}: expected a whole number, not {words[1]!r}") from None
    if abs(argument) > 1 << 31:
        raise DialectError(f"symbols.{symbol!r}: the argument must be within 2^31, not {argument}")
    return Instruction(symbol, primitive, argument)


def _instructions(**symbols: str) -> tuple[Instruction, ...]:
    return tuple(_instruction(symbol, primitive) for symbol, primitive in symbols.items())


_MOVES_AND_LOOPS = {">": "move0 1", "<": "move0 -1", "+": "add 1", "-": "add -1", "[": "open", "]": "close"}
_TWO_HEADS = {**_MOVES_AND_LOOPS, "}": "move1 1", "{": "move1 -1", ".": "copy01", ",": "copy10"}
_STREAMS = {**_MOVES_AND_LOOPS, ",": "read", ".": "write"}
_SETS = {f"{digit:x}": f"set {16 * digit}" for digit in range(16)}
_SPARE = {"$": "stash", "!": "unstash"}

TAPE = Dialect("tape", _instructions(**_TWO_HEADS), other=Other.ERROR, io=Io.REGIONS)
BF = Dialect(
    "bf",
    _instructions(**_STREAMS),
    settings=Settings(memory=30_000, unmatched=Unmatched.REJECT, eof=Eof.ZERO),
)
BF_EVOLVED = replace(BF, name="bf-evolved", settings=Settings(memory=1_000, edge=Edge.HALT, limit=1_000))
BFX = replace(BF, name="bfx", instructions=_instructions(**_STREAMS, **_SETS, **_SPARE))
BFF = Dialect(
    "bff",
    _instructions(**_TWO_HEADS),
    other=Other.NOP,
    io=Io.TAPE,
    self_modifying=True,
    settings=Settings(memory=128, unmatched=Unmatched.HALT, limit=8_192),
)
BFF_HEADS = replace(BFF, name="bff-heads", heads=Heads.TAPE)

BUILT_IN: dict[str, Dialect] = {dialect.name: dialect for dialect in (TAPE, BF, BF_EVOLVED, BFX, BFF, BFF_HEADS)}
