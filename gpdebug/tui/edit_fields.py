"""What can be changed at a moment, field by field: what is there now, and the edit that a new text means."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from gpdebug.debugger.brackets import code_size
from gpdebug.debugger.edits import Edit, Register, SetCells, SetCode, SetInput, SetRegister, Situation, apply
from gpdebug.debugger.errors import CommandError, EditError
from gpdebug.debugger.typed_edits import typed_bytes, typed_cells, typed_number
from gpdebug.store.typed_bytes import show_bytes
from gpdebug.tui.scene import glyphs
from gpdebug.wording import is_printable, literal
from vm.dialect import Io

_LONGEST_INPUT = 10_000
_NUMBER = "a number, or an expression such as h0 + 1"


@dataclass(frozen=True, slots=True)
class Field:
    """Something that can be changed.

    Attributes:
        name: what it is called in the dialog.
        label: what stands before it.
        text: what is there now, as one would type it.
        hint: what can be typed.
        read: makes the edit of a typed text; raises `CommandError`.
    """

    name: str
    label: str
    text: str
    hint: str
    read: Callable[[str], Edit]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field, and at which column of it."""

    field: str
    message: str
    column: int


def fields_of(here: Situation, cell: int, instruction: int, uses_head1: bool) -> list[Field]:
    """The fields for a moment, with the cell and the instruction under the cursors."""
    state = here.state
    value = int(state.memory[cell])
    shown = f"0x{value:02x}" + (f" {literal(value)}" if is_printable(value) else "")
    cells = f'{shown} · a number, expression, "text" or 0x61 62'
    fields = [Field("cell", f"cell {cell:,}", str(value), cells, lambda text: SetCells(cell, typed_cells(text, here)))]
    registers = [(Register.PC, state.pc, code_size(here.program, state)), (Register.HEAD0, state.head0, 0)]
    if uses_head1:
        registers.append((Register.HEAD1, state.head1, 0))
    for register, now, last in registers:
        hint = f"0 to {last or len(state.memory) - 1:,} · {_NUMBER}"
        fields.append(Field(str(register), str(register), str(now), hint, _register_reader(register, here)))
    dialect = here.program.dialect
    if not dialect.self_modifying and instruction < len(here.program):
        symbol, known = glyphs(dialect)[here.program.code[instruction]], " ".join(dialect.symbols)
        hint = f"{known} · one, or several from here on"
        fields.append(
            Field("code", f"code {instruction:,}", symbol, hint, lambda text: SetCode(instruction, typed_bytes(text)))
        )
    if dialect.io is not Io.TAPE:
        unread = here.data[state.input_pos :] if dialect.io is Io.STREAMS else here.data
        what = "what is not read yet" if dialect.io is Io.STREAMS else "all of it, laid into its cells anew"
        text = show_bytes(unread, _LONGEST_INPUT) if len(unread) <= _LONGEST_INPUT else ""
        fields.append(Field("input", "input", text, f'{what} · "text\\n" or 0x61 62', _read_input))
    return fields


def _register_reader(register: Register, here: Situation) -> Callable[[str], Edit]:
    return lambda text: SetRegister(register, typed_number(text, here))


def _read_input(text: str) -> Edit:
    return SetInput(typed_bytes(text))


def read_fields(fields: Iterable[Field], texts: dict[str, str], here: Situation) -> tuple[list[Edit], list[Problem]]:
    """The edits that the changed texts mean, and what is wrong with those that mean none."""
    edits: list[Edit] = []
    problems: list[Problem] = []
    for field in fields:
        text = texts[field.name]
        if text.strip() == field.text:
            continue
        try:
            if not text.strip():
                raise CommandError("expected a value", column=0)
            edit = field.read(text)
            apply([edit], here)
        except CommandError as error:
            problems.append(Problem(field.name, str(error), error.column))
        except EditError as error:
            problems.append(Problem(field.name, str(error), 0))
        else:
            edits.append(edit)
    return edits, problems
