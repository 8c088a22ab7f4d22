"""How bytes, numbers and amounts are written."""

from __future__ import annotations

import pytest

from gpdebug import wording


@pytest.mark.parametrize(
    ("byte", "character", "quoted", "literal", "escaped", "value"),
    [
        (97, "a", "'a'", "'a'", "a", "97 'a'"),
        (39, "'", "'''", '"\'"', "'", '39 "\'"'),
        (92, "\\", "'\\'", "'\\\\'", "\\", "92 '\\\\'"),
        (32, " ", "' '", "' '", " ", "32 ' '"),
        (31, "·", "·", "·", "\\x1f", "31"),
        (127, "·", "·", "·", "\\x7f", "127"),
        (255, "·", "·", "·", "\\xff", "255"),
    ],
)
def test_a_byte_is_written_as_a_character_where_it_has_a_form(
    byte: int, character: str, quoted: str, literal: str, escaped: str, value: str
) -> None:
    assert wording.character(byte) == character
    assert wording.quoted(byte) == quoted
    assert wording.literal(byte) == literal
    assert wording.escaped(byte) == escaped
    assert wording.value_words(byte) == value


def test_no_symbol_of_a_program_is_blank() -> None:
    assert wording.symbol_words(b"+[ \0]") == "+[\\x20\\x00]"


def test_numbers_carry_their_sign_and_amounts_their_noun() -> None:
    assert [wording.signed_byte(byte) for byte in (0, 127, 128, 255)] == [0, 127, -128, -1]
    assert [wording.signed(value) for value in (0, 5, -1234)] == ["+0", "+5", "−1,234"]
    assert wording.with_minus(-7) == "−7"
    assert [wording.counted(number, "step") for number in (0, 1, 2000)] == ["0 steps", "1 step", "2,000 steps"]
    assert [wording.span_words(3, 3), wording.span_words(3, 4000)] == ["3", "3–4,000"]


def test_of_a_hint_what_does_not_fit_is_left_out_part_by_part() -> None:
    assert [wording.fitting("none · a adds one · ? helps", room) for room in (27, 26, 16, 1)] == [
        "none · a adds one · ? helps", "none · a adds one", "none", "none",
    ]  # fmt: skip
