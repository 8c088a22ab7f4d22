from __future__ import annotations

import pytest

from gpdebug.debugger.edits import (
    Edit,
    Register,
    SetCells,
    SetCode,
    SetInput,
    SetRegister,
    Situation,
    apply,
    from_dict,
    to_dict,
)
from gpdebug.debugger.errors import EditError
from vm.dialect import BUILT_IN
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.state import Status, initial_state


def situation(source: str, dialect: str = "tape", data: bytes = b"", steps: int = 0, **settings: object) -> Situation:
    program = Program.parse(source, BUILT_IN[dialect].with_settings(**settings))
    machine = ReferenceMachine(program, data)
    machine.step(steps)
    return Situation(program, data, machine.settings, machine.snapshot())


EDITS: list[tuple[Edit, str]] = [
    (SetCells(3, b"\7"), "cell 3 = 7"),
    (SetCells(3, b"a"), "cell 3 = 97 'a'"),
    (SetCells(1000, b"ab\0"), 'cells 1,000 to 1,002 = "ab\\x00"'),
    (SetRegister(Register.HEAD1, 12), "head1 = 12"),
    (SetInput(b"ab"), 'input = "ab"'),
    (SetCode(5, b"+"), "instruction 5 = +"),
    (SetCode(5, b"+[-]"), "instructions 5 to 8 = +[-]"),
]


@pytest.mark.parametrize(("edit", "words"), EDITS)
def test_an_edit_says_what_it_does_and_survives_being_saved(edit: Edit, words: str) -> None:
    assert str(edit) == words
    assert from_dict(to_dict(edit)) == edit


@pytest.mark.parametrize(
    "entry", [{}, {"edit": "cells"}, {"edit": "cells", "start": "3", "values": "00"}, {"edit": "flags"},
              {"edit": "register", "register": "sp", "value": 1}, {"edit": "input", "values": "xy"}, [], None, "cells"],
)  # fmt: skip
def test_what_is_no_edit_is_refused(entry: object) -> None:
    with pytest.raises(EditError, match="not an edit"):
        from_dict(entry)  # type: ignore[arg-type]


def test_cells_and_registers_are_given_values() -> None:
    before = situation("+>+", steps=2)
    edits: list[Edit] = [
        SetCells(3, b"ab"), SetRegister(Register.PC, 3), SetRegister(Register.HEAD0, 9),
        SetRegister(Register.HEAD1, 255), SetRegister(Register.SPARE, 8),
    ]  # fmt: skip
    after = apply(edits, before).state
    assert after.memory[:6].tolist() == [1, 0, 0, 97, 98, 0]
    assert (after.pc, after.head0, after.head1, after.spare, after.steps) == (3, 9, 255, 8, 2)
    assert before.state.memory[3] == 0
    assert not after.memory.flags.writeable


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (SetCells(256, b"a"), "there is no cell 256: cells are 0 to 255"),
        (SetCells(255, b"ab"), "there is no cell 256"),
        (SetCells(-1, b"ab"), "there is no cell -1"),
        (SetCells(0, b""), "no value"),
        (SetRegister(Register.PC, 4), "pc is 0 to 3"),
        (SetRegister(Register.HEAD0, 256), "head0 is 0 to 255, not 256"),
        (SetRegister(Register.HEAD1, -1), "head1 is 0 to 255, not -1"),
        (SetRegister(Register.SPARE, 256), "spare is 0 to 255"),
        (SetInput(b"x" * 257), "room for 256"),
        (SetCode(3, b"+"), "there is no instruction 3: instructions are 0 to 2"),
        (SetCode(1, b"+++"), "there is no instruction 3"),
        (SetCode(1, b"+q"), "'q' is no symbol of tape"),
        (SetCode(1, b""), "no symbol"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(edit: Edit, message: str) -> None:
    with pytest.raises(EditError, match=message):
        apply([edit], situation("+>+"))


def test_the_input_of_regions_is_laid_into_its_cells_anew() -> None:
    edited = apply([SetInput(b"xy")], situation("+>+", data=b"abcd", in_at=3))
    fresh = initial_state(edited.program, b"xy", edited.settings)
    assert edited.data == b"xy"
    assert edited.state == fresh


def test_of_a_stream_only_what_is_not_read_yet_becomes_another() -> None:
    edited = apply([SetInput(b"xyz")], situation(",,,", "bf", b"abc", steps=2))
    assert edited.data == b"abxyz"
    assert edited.state.input_pos == 2


def test_a_language_without_input_refuses_one() -> None:
    with pytest.raises(EditError, match="bff takes no input"):
        apply([SetInput(b"xy")], situation("[.>]", "bff"))


def test_code_becomes_another_program_of_the_same_length() -> None:
    before = situation("+[>+<-]", steps=1)
    edited = apply([SetCode(2, b"}.{")], before)
    assert edited.program.text == "+[}.{-]"
    assert before.program.text == "+[>+<-]"
    assert edited.state.memory.tobytes() == before.state.memory.tobytes()


def test_where_programs_modify_themselves_code_is_memory() -> None:
    before = situation("[.>]", "bff")
    edited = apply([SetCode(1, b"q")], before)
    assert edited.program is before.program
    assert edited.state.memory[:4].tobytes() == b"[q>]"


def test_a_program_that_would_be_refused_is_refused() -> None:
    before = situation("+[>+<-]", "bf")
    with pytest.raises(EditError, match=r"no partner.*both brackets at once"):
        apply([SetCode(1, b"+")], before)
    assert apply([SetCode(1, b"+"), SetCode(6, b"+")], before).program.text == "++>+<-+"


def test_a_run_that_ended_goes_on_if_the_edit_lets_it() -> None:
    faulted = situation("<", "bf-evolved", steps=5)
    assert faulted.state.status is Status.OUT_OF_BOUNDS
    assert apply([SetRegister(Register.HEAD0, 3)], faulted).state.status is Status.RUNNING
    assert apply([SetRegister(Register.PC, 0)], situation("++", steps=5)).state.status is Status.RUNNING


def test_a_halted_run_stays_halted_until_its_pc_is_set() -> None:
    from vm.dialect import Dialect

    stopping = Dialect.from_dict({"name": "stopping", "based_on": "tape", "symbols": {"!": "halt", "+": "add 1"}})
    machine = ReferenceMachine(Program.parse("!+", stopping))
    machine.step(3)
    halted = Situation(machine.program, b"", machine.settings, machine.snapshot())
    assert halted.state.status is Status.HALTED
    assert apply([SetCells(0, b"a")], halted).state.status is Status.HALTED
    assert apply([SetRegister(Register.PC, 1)], halted).state.status is Status.RUNNING
