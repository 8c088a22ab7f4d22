"""Programs: text and bytes both ways, partners, and errors that name a place."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vm.dialect import BF, BFF, TAPE, Primitive
from vm.errors import InputError, ProgramError
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import Settings, Unmatched


def test_text_comes_back_without_comments_and_source_with_them() -> None:
    program = Program.parse("add two [->+<] and stop → .", BF)
    assert program.text == "[->+<]."
    assert program.source == "add two [->+<] and stop → ."
    assert Program(program.code.tobytes(), BF) == program


def test_white_space_is_no_symbol_and_no_error() -> None:
    assert Program.parse("[.>}]\n\t< \r\n", TAPE).text == "[.>}]<"


def test_an_illegal_symbol_is_named_with_its_place() -> None:
    with pytest.raises(
        ProgramError, match=r"line 2, column 3: 'x' is no symbol of tape \(its symbols are > <"
    ) as caught:
        Program.parse("+-\n[]x", TAPE)
    assert (caught.value.line, caught.value.column, caught.value.offset) == (2, 3, 5)


def test_a_character_beyond_bytes_is_named_with_its_place() -> None:
    with pytest.raises(ProgramError, match="line 1, column 2: '→'"):
        Program.parse("+→", TAPE)
    with pytest.raises(ProgramError, match="line 1, column 3"):
        Program.parse("ab☃", BFF)


def test_every_byte_is_legal_where_the_program_is_the_memory() -> None:
    assert len(Program(bytes(range(128)), BFF)) == 128
    assert Program.parse("a b\n", BFF).text == "a b\n"


def test_rejected_brackets_are_named_with_their_place_in_the_source() -> None:
    program = Program.parse("one\ntwo ]", BF)
    with pytest.raises(ProgramError, match=r"line 2, column 5: '\]' \(instruction 0\) has no partner"):
        ReferenceMachine(program, settings=Settings(unmatched=Unmatched.REJECT))


def test_a_stray_bracket_does_not_stop_the_others_from_pairing() -> None:
    program = Program.parse("][[]", TAPE)
    assert program.partners.tolist() == [-1, -1, 3, 2]
    assert program.unmatched.tolist() == [0, 1]


@given(st.text("[]+", max_size=200))
def test_partners_are_what_counting_depth_finds(text: str) -> None:
    program = Program.parse(text, TAPE)
    for index, partner in enumerate(program.partners.tolist()):
        if partner >= 0:
            assert program.partners[partner] == index
            low, high = sorted((index, partner))
            inner = text[low + 1 : high]
            assert (text[low], text[high]) == ("[", "]")
            assert inner.count("[") == inner.count("]")
    strays = "".join(text[index] for index in program.unmatched)
    assert strays == "]" * strays.count("]") + "[" * strays.count("[")


def test_ten_thousand_nested_loops_load() -> None:
    program = Program.parse("[" * 10_000 + "]" * 10_000, TAPE)
    assert program.partners[0] == 19_999
    assert np.all(program.primitives[:10_000] == Primitive.OPEN)


def test_the_hash_names_code_and_language() -> None:
    assert Program.parse("+.", TAPE).hash == Program.parse("+ .", TAPE).hash
    assert Program.parse("+.", TAPE).hash != Program.parse("+.", BF).hash
    assert Program.parse("+.", TAPE).hash != Program.parse("+,", TAPE).hash


def test_a_tape_longer_than_the_memory_is_refused() -> None:
    with pytest.raises(InputError, match="the program has 200 bytes"):
        ReferenceMachine(Program(bytes(200), BFF))


def test_input_that_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="the input has 9 bytes, but from cell 3 the memory has room for 5"):
        ReferenceMachine(Program.parse("+", TAPE), b"123456789", Settings(memory=8, in_at=3))
    with pytest.raises(InputError, match="bff takes no input"):
        ReferenceMachine(Program(b"++", BFF), b"1")
