"""What the user can change at a moment: cells, registers, the input, the program. Plain data, and what it does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.debugger.brackets import code_size
from gpdebug.debugger.errors import EditError
from gpdebug.store.typed_bytes import show_bytes
from gpdebug.wording import value_words
from vm.dialect import Io, Other
from vm.errors import VMError
from vm.program import Program
from vm.settings import Settings, Unmatched
from vm.state import State, Status


class Register(StrEnum):
    """A register that can be edited."""

    PC = "pc"
    HEAD0 = "head0"
    HEAD1 = "head1"
    SPARE = "spare"


@dataclass(frozen=True, slots=True, eq=False)
class Situation:
    """All that decides how a run goes on.

    Attributes:
        program, data, settings: what is run.
        state: the moment.
    """

    program: Program
    data: bytes
    settings: Settings
    state: State

    def is_like(self, other: Situation) -> bool:
        """Whether a run goes on from both in the same way."""
        return self.state == other.state and self.data == other.data and self.program == other.program

    def with_memory(self, start: int, values: bytes) -> Situation:
        """The same with some cells changed."""
        memory = self.state.memory.copy()
        memory[start : start + len(values)] = np.frombuffer(values, np.uint8)
        return replace(self, state=replace(self.state, memory=_frozen(memory)))


@dataclass(frozen=True, slots=True)
class SetCells:
    """Cells from `start` on are given values, one byte a cell."""

    start: int
    values: bytes

    def apply(self, before: Situation) -> Situation:
        """Makes the edit.

        Raises:
            EditError: there are no such cells.
        """
        cells = len(before.state.memory)
        if not self.values:
            raise EditError("no value is given")
        if self.start < 0 or self.start + len(self.values) > cells:
            wrong = self.start if not 0 <= self.start < cells else self.start + len(self.values) - 1
            raise EditError(f"there is no cell {wrong:,}: cells are 0 to {cells - 1:,}", of_place=True)
        return before.with_memory(self.start, self.values)

    def __str__(self) -> str:
        if len(self.values) == 1:
            return f"cell {self.start:,} = {value_words(self.values[0])}"
        return f"cells {self.start:,} to {self.start + len(self.values) - 1:,} = {show_bytes(self.values, 16)}"


@dataclass(frozen=True, slots=True)
class SetRegister:
    """A register is given a value."""

    register: Register
    value: int

    def apply(self, before: Situation) -> Situation:
        """Makes the edit. A run that halted goes on from a new pc.

        Raises:
            EditError: the register cannot have this value.
        """
        state, value = before.state, self.value
        most = {Register.PC: code_size(before.program, state), Register.SPARE: 255}
        last = most.get(self.register, len(state.memory) - 1)
        if not 0 <= value <= last:
            what = " (past the last instruction)" if self.register is Register.PC else ""
            raise EditError(f"{self.register} is 0 to {last:,}{what}, not {value:,}")
        match self.register:
            case Register.PC:
                state = replace(state, pc=value, status=Status.RUNNING)
            case Register.HEAD0:
                state = replace(state, head0=value)
            case Register.HEAD1:
                state = replace(state, head1=value)
            case Register.SPARE:
                state = replace(state, spare=value)
        return replace(before, state=state)

    def __str__(self) -> str:
        return f"{self.register} = {self.value:,}"


@dataclass(frozen=True, slots=True)
class SetInput:
    """The input becomes another one: of streams, what is not read yet; of regions, all of it, in its cells."""

    values: bytes

    def apply(self, before: Situation) -> Situation:
        """Makes the edit. The cells of a longer input before it become 0.

        Raises:
            EditError: the language takes no input, or there is no room for it.
        """
        dialect, settings = before.program.dialect, before.settings
        match dialect.io:
            case Io.TAPE:
                raise EditError(f"{dialect.name} takes no input: its tape is its program; edit its cells")
            case Io.STREAMS:
                return replace(before, data=before.data[: before.state.input_pos] + self.values)
        room = settings.memory - settings.in_at
        if len(self.values) > room:
            raise EditError(
                f"the input has {len(self.values):,} bytes, but from cell {settings.in_at:,} there is room for {room:,}"
            )
        cells = self.values.ljust(len(before.data), b"\0")
        return replace(before.with_memory(settings.in_at, cells), data=self.values)

    def __str__(self) -> str:
        return f"input = {show_bytes(self.values, 16)}"


@dataclass(frozen=True, slots=True)
class SetCode:
    """Instructions from `start` on become others; where programs modify themselves these are cells."""

    start: int
    symbols: bytes

    def apply(self, before: Situation) -> Situation:
        """Makes the edit.

        Raises:
            EditError: there are no such instructions, or a symbol is none of the language.
        """
        program, size = before.program, code_size(before.program, before.state)
        if not self.symbols:
            raise EditError("no symbol is given")
        if self.start < 0 or self.start + len(self.symbols) > size:
            wrong = self.start if not 0 <= self.start < size else self.start + len(self.symbols) - 1
            known = f"instructions are 0 to {size - 1:,}" if size else "the program is empty"
            raise EditError(f"there is no instruction {wrong:,}: {known}", of_place=True)
        dialect = program.dialect
        strays = [chr(symbol) for symbol in self.symbols if chr(symbol) not in dialect.symbols]
        if strays and dialect.other is not Other.NOP:
            known = " ".join(dialect.symbols)
            raise EditError(f"{strays[0]!r} is no symbol of {dialect.name}: {known}")
        if dialect.self_modifying:
            return before.with_memory(self.start, self.symbols)
        code = program.code.tobytes()
        code = code[: self.start] + self.symbols + code[self.start + len(self.symbols) :]
        return replace(before, program=Program(code, dialect))

    def __str__(self) -> str:
        symbols = self.symbols.decode("latin-1")
        shown = symbols if symbols.isprintable() and " " not in symbols else show_bytes(self.symbols, 16)
        if len(self.symbols) == 1:
            return f"instruction {self.start:,} = {shown}"
        cut = shown if len(shown) <= 18 else shown[:17] + "…"
        return f"instructions {self.start:,} to {self.start + len(self.symbols) - 1:,} = {cut}"


Edit = SetCells | SetRegister | SetInput | SetCode


def apply(edits: Iterable[Edit], before: Situation) -> Situation:
    """Makes edits one after the other.

    What ended the run, or would have, is forgotten; but a run that halted stays so unless its pc is set.

    Raises:
        EditError: one cannot be made, or the program that comes out cannot be run.
    """
    after = before
    for edit in edits:
        after = edit.apply(after)
    if after.program is not before.program and after.program == before.program:
        after = replace(after, program=before.program)
    if after.program is not before.program and after.settings.unmatched is Unmatched.REJECT:
        try:
            after.program.require_matched()
        except VMError as error:
            raise EditError(f"such a program is refused: {error}; change both brackets at once") from None
    if after.state.status is not Status.HALTED:
        after = replace(after, state=replace(after.state, status=Status.RUNNING))
    return after


def any_changes(edits: Iterable[Edit], before: Situation) -> bool:
    """Whether some edit changes what the one before it left, even if a later one changes it back."""
    return any(not edit.apply(before).is_like(before) for edit in edits)


_KINDS: dict[str, Callable[[Mapping[str, Any]], Edit]] = {
    "cells": lambda entry: SetCells(_number(entry["start"]), bytes.fromhex(entry["values"])),
    "register": lambda entry: SetRegister(Register(entry["register"]), _number(entry["value"])),
    "input": lambda entry: SetInput(bytes.fromhex(entry["values"])),
    "code": lambda entry: SetCode(_number(entry["start"]), bytes.fromhex(entry["symbols"])),
}


def to_dict(edit: Edit) -> dict[str, Any]:
    """An edit as JSON can hold it; bytes in hex."""
    match edit:
        case SetCells():
            return {"edit": "cells", "start": edit.start, "values": edit.values.hex()}
        case SetRegister():
            return {"edit": "register", "register": str(edit.register), "value": edit.value}
        case SetInput():
            return {"edit": "input", "values": edit.values.hex()}
        case SetCode():
            return {"edit": "code", "start": edit.start, "symbols": edit.symbols.hex()}


def from_dict(entry: Mapping[str, Any]) -> Edit:
    """Reads what `to_dict` made.

    Raises:
        EditError: it is none.
    """
    try:
        return _KINDS[entry["edit"]](entry)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise EditError(f"not an edit: {entry!r}") from None


def _number(value: object) -> int:
    if type(value) is not int:
        raise TypeError
    return value


def _frozen(memory: NDArray[np.uint8]) -> NDArray[np.uint8]:
    memory.setflags(write=False)
    return memory
