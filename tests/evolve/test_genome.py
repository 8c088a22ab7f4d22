from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpdebug.evolve.genome import MAX_TOKENS, Tokens, language_of, tidy, written
from vm.dialect import TAPE
from vm.program import Program

LANGUAGE = language_of(TAPE)


def tokens_of(source: str) -> Tokens:
    """One token a character, as it is before tidying."""
    index = {chr(symbol): place for place, symbol in enumerate(LANGUAGE.symbols)}
    return np.array([index[char] << 8 | 1 for char in source], np.uint16)


def tidied(source: str) -> str:
    row = tokens_of(source)
    size = tidy(row, len(row), LANGUAGE)
    genome = np.zeros((1, MAX_TOKENS), np.uint16)
    genome[0, :size] = row[:size]
    return written(genome, np.array([size], np.int32), LANGUAGE)[0].decode()


@pytest.mark.parametrize(
    ("source", "wanted"),
    [("[>", ">"), ("]>[", ">"), ("[[]", "[]"), ("[]]", "[]"), ("[>]][+]", "[>][+]"), ("[[+]>[", "[+]>")],
)
def test_brackets_without_a_partner_are_dropped_and_all_others_stay(source: str, wanted: str) -> None:
    assert tidied(source) == wanted


@given(st.text("><+-}{.,[]", max_size=80))
def test_a_tidy_genome_is_balanced_and_keeps_everything_but_stray_brackets(source: str) -> None:
    result = tidied(source)
    assert not len(Program.parse(result, TAPE).unmatched)
    assert result.replace("[", "").replace("]", "") == source.replace("[", "").replace("]", "")
    before = Program.parse(source, TAPE)
    assert len(result) == len(source) - len(before.unmatched)


def test_neighbours_of_one_symbol_become_one_token_but_brackets_never_do() -> None:
    row = tokens_of("+++>>[[+]]")
    assert tidy(row, len(row), LANGUAGE) == 7


def test_a_run_is_not_longer_than_a_token_can_count() -> None:
    row = np.array([LANGUAGE.plain[2] << 8 | 200, LANGUAGE.plain[2] << 8 | 100], np.uint16)
    assert tidy(row, 2, LANGUAGE) == 1
    assert row[0] & 255 == 255


@given(st.lists(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 255)), max_size=6), max_size=4))
def test_a_token_is_written_out_as_often_as_it_counts(rows: list[list[tuple[int, int]]]) -> None:
    genomes = np.zeros((len(rows), 6), np.uint16)
    for genome, tokens in zip(genomes, rows, strict=True):
        genome[: len(tokens)] = [symbol << 8 | count for symbol, count in tokens]
    programs = written(genomes, np.array([len(tokens) for tokens in rows], np.int32), LANGUAGE)
    wanted = [b"".join(bytes([LANGUAGE.symbols[symbol]]) * count for symbol, count in tokens) for tokens in rows]
    assert [programs[row] for row in range(len(rows))] == wanted
    assert len(programs.code) == sum(map(len, wanted))
