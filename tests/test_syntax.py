"""Programs are coloured by what their symbols do, in the screens and in Pygments alike."""

from __future__ import annotations

import pytest
from pygments.lexer import RegexLexer
from pygments.token import Comment, Error, Keyword, Name, Operator

from gpdebug.syntax import ROLE_OF, TOKEN_OF, BfLexer, BfxLexer, GpdebugStyle, Role, TapeLexer, roles_of
from vm.dialect import BUILT_IN, Dialect, Primitive


def test_a_tape_program_is_cut_into_what_its_symbols_do() -> None:
    tokens = [(kind, text) for kind, text in TapeLexer(ensurenl=False).get_tokens("[>}]?")]
    assert tokens == [
        (Keyword, "["), (Name.Variable, ">"), (Name.Variable.Instance, "}"), (Keyword, "]"), (Error, "?")
    ]  # fmt: skip


def test_other_characters_are_comments_in_bf() -> None:
    tokens = [(kind, text) for kind, text in BfLexer(ensurenl=False).get_tokens("., and {so}")]
    assert tokens[0] == (Operator, ".,")
    assert {kind for kind, text in tokens[1:] if text.strip()} == {Comment}


@pytest.mark.parametrize("lexer", [TapeLexer, BfLexer, BfxLexer])
def test_no_character_is_lost(lexer: type[RegexLexer]) -> None:
    source = "".join(map(chr, range(1, 256))).replace("\r", "") + "\n"
    assert "".join(text for _, text in lexer().get_tokens(source)).strip("\n") == source.strip("\n")


@pytest.mark.parametrize("dialect", BUILT_IN.values(), ids=list(BUILT_IN))
def test_every_symbol_has_a_role(dialect: Dialect) -> None:
    roles = roles_of(dialect)
    assert all((roles[byte] is not Role.OTHER) == (chr(byte) in dialect.symbols) for byte in range(256))


def test_every_role_has_a_colour() -> None:
    assert set(TOKEN_OF) == set(Role)
    for token in TOKEN_OF.values():
        assert GpdebugStyle.style_for_token(token)["color"]


def test_every_primitive_has_a_role() -> None:
    assert set(ROLE_OF) == set(Primitive)
