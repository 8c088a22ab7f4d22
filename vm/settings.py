"""The settings of a machine: memory, limits and policies, as plain checked data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, Self, TypeVar

from vm.errors import SettingsError

MAX_MEMORY = 1 << 24
MAX_LIMIT = 1 << 62
MAX_OUTPUT = 1 << 30

_Choice = TypeVar("_Choice", bound=StrEnum)


class Edge(StrEnum):
    """What a head does past the first or last cell."""

    WRAP = "wrap"
    HALT = "halt"


class Unmatched(StrEnum):
    """What a bracket without a partner does."""

    IGNORE = "ignore"
    HALT = "halt"
    REJECT = "reject"


class Eof(StrEnum):
    """What `read` does at the end of the input."""

    ZERO = "zero"
    KEEP = "keep"
    HALT = "halt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a machine is set up; hashable, comparable, valid once made.

    Attributes:
        memory: cells of the tape, 1 to 2^24.
        limit: steps after which a run ends with `step_limit`.
        edge, unmatched, eof: policies.
        out_limit: bytes that `write` may append.
        in_at: first cell of the input region, where head0 starts (dialects with regions).
        out_at: first cell of the output region, where head1 starts; None: the middle of memory.
        out_len: cells copied out; None: up to the first zero cell or the end of memory.

    Raises:
        SettingsError: a value is out of range.
    """

    memory: int = 256
    limit: int = 1_000_000
    edge: Edge = Edge.WRAP
    unmatched: Unmatched = Unmatched.IGNORE
    eof: Eof = Eof.ZERO
    out_limit: int = 65_536
    in_at: int = 0
    out_at: int | None = None
    out_len: int | None = None

    def __post_init__(self) -> None:
        _within("memory", self.memory, 1, MAX_MEMORY, "cells")
        _within("limit", self.limit, 0, MAX_LIMIT, "steps")
        _within("out_limit", self.out_limit, 0, MAX_OUTPUT, "bytes")
        _within("in_at", self.in_at, 0, self.memory - 1, "(a cell of the memory)")
        if self.out_at is not None:
            _within("out_at", self.out_at, 0, self.memory - 1, "(a cell of the memory)")
        if self.out_len is not None:
            _within("out_len", self.out_len, 0, self.memory - self.out_start, "cells from out_at")

    @property
    def out_start(self) -> int:
        """The first cell of the output region."""
        return self.memory // 2 if self.out_at is None else self.out_at

    def with_changes(self, changes: Mapping[str, Any]) -> Self:
        """A copy with some settings changed, given as plain values such as a file or a command line holds.

        Raises:
            SettingsError: an unknown key or a wrong value, naming both.
        """
        known = {field.name for field in fields(self)}
        for key in changes:
            if key not in known:
                raise SettingsError(f"unknown setting {key!r}; known are {', '.join(sorted(known))}")
        return replace(self, **{key: _coerced(key, value) for key, value in changes.items()})

    def to_dict(self) -> dict[str, Any]:
        """All settings as JSON and TOML can hold them; `with_changes` reads them back."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        values["out_at"] = "middle" if self.out_at is None else self.out_at
        values["out_len"] = "zero" if self.out_len is None else self.out_len
        return {key: str(value) if isinstance(value, StrEnum) else value for key, value in values.items()}


def _within(name: str, value: int, low: int, high: int, unit: str) -> None:
    if not low <= value <= high:
        raise SettingsError(f"{name} must be {low:,} to {high:,} {unit}, not {value:,}")


def _coerced(key: str, value: Any) -> Any:
    if key == "edge":
        return _choice(key, Edge, value)
    if key == "unmatched":
        return _choice(key, Unmatched, value)
    if key == "eof":
        return _choice(key, Eof, value)
    if (key == "out_at" and value in (None, "middle")) or (key == "out_len" and value in (None, "zero")):
        return None
    if not isinstance(value, int) or isinstance(value, bool):
        raise SettingsError(f"{key} must be a whole number, not {value!r}")
    return value


def _choice(key: str, kind: type[_Choice], value: Any) -> _Choice:
    try:
        return kind(value)
    except ValueError:
        raise SettingsError(f"{key} must be one of {', '.join(kind)}, not {value!r}") from None
