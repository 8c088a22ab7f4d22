from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from gpdebug.evolve.alignment import OBJECTIVES, align, in_order, places_of


def common(first: bytes, second: bytes) -> int:
    """The length of the longest common subsequence, by the textbook's table."""
    row = [0] * (len(second) + 1)
    for one in first:
        before = 0
        for place, other in enumerate(second, 1):
            old = row[place]
            row[place] = before + 1 if one == other else max(row[place], row[place - 1])
            before = old
    return row[-1]


def measured(outputs: list[bytes], wanted: bytes) -> tuple[list[list[int]], NDArray[np.uint64]]:
    """Objectives of outputs for one case, and the hashes."""
    width = max(map(len, outputs)) + 1
    table = np.zeros((len(outputs), 1, width), np.uint8)
    for row, output in zip(table, outputs, strict=True):
        row[0, : len(output)] = np.frombuffer(output, np.uint8)
    lengths = np.array([[len(output)] for output in outputs], np.int32)
    objectives = np.zeros((len(outputs), OBJECTIVES), np.int16)
    behaviours = np.full(len(outputs), 7, np.uint64)
    align(table, lengths, np.array([len(wanted)]), places_of([wanted]), objectives, behaviours)
    return objectives.tolist(), behaviours


@given(st.text("abc", max_size=150), st.text("abc", max_size=200), st.text("abc", max_size=200))
def test_what_is_in_order_is_the_longest_common_subsequence(begin: str, first: str, second: str) -> None:
    got, wanted = (begin + first).encode(), (begin + second).encode()
    places = places_of([wanted])
    row = np.frombuffer(got + b"\0", np.uint8).copy()
    assert in_order(row, len(got), places[0], places.shape[2], np.empty(len(row), np.uint64)) == common(got, wanted)


@pytest.mark.parametrize("alike", [0, 1, 63, 64, 65, 127, 128, 130])
def test_texts_that_begin_alike_for_some_words_are_compared_behind_that(alike: int) -> None:
    begin = b"ab" * alike
    for got in (b"", b"xyx", b"yzz" * 30):
        for wanted in (b"", b"yxy", b"zyz" * 40):
            first, second = begin[:alike] + got, begin[:alike] + wanted
            places = places_of([second])
            row = np.frombuffer(first + b"\0", np.uint8).copy()
            found = in_order(row, len(first), places[0], places.shape[2], np.empty(len(row), np.uint64))
            assert found == common(first, second)


def test_bytes_in_order_count_wherever_they_are() -> None:
    objectives, _ = measured([b"one,two", b"xone,two", b"one", b"", b"owt"], b"one,two")
    assert objectives == [[0, 0, 0], [0, 1, 1], [4, 0, 4], [7, 0, 7], [5, 1, 6]]


def test_who_differs_beyond_what_is_compared_byte_by_byte_behaves_otherwise() -> None:
    _, behaviours = measured([b"one,two", b"one,", b"one,two"], b"one,two")
    assert behaviours[0] == behaviours[2] != behaviours[1]


def test_a_line_that_is_repeated_the_right_number_of_times_is_nearest_even_if_it_is_not_quite_right() -> None:
    without_end, once, three_times, too_early = b"line" * 9, b"lines", b"ine" * 3, b""
    objectives, _ = measured([without_end, once, three_times, too_early], b"line" * 3)
    missing, besides, both = np.array(objectives).T.tolist()
    assert missing.index(min(missing)) == 0
    assert besides.count(0) == 2
    assert both.index(min(both)) == 2
