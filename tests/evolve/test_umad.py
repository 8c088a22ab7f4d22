from __future__ import annotations

import numpy as np

from gpdebug.evolve import catalogue
from gpdebug.evolve.arms import arm_of
from gpdebug.evolve.genome import language_of, tidy
from gpdebug.evolve.mutation import Material, umad
from gpdebug.evolve.options import Arm
from gpdebug.evolve.random import seek
from gpdebug.evolve.settings import SearchSettings
from vm.dialect import TAPE

LANGUAGE = language_of(TAPE)
LENGTH = 100


def material(rate: float) -> Material:
    arm = arm_of(SearchSettings.of({"mutation": "umad", "umad": rate, "long_runs": 0}), Arm.LONG)
    return arm.material(catalogue.find("hello-user"), LANGUAGE, 1)


def changed(rate: float, seed: int, room: int = 600) -> tuple[list[int], int]:
    """A program of marked tokens after umad: those that are left, and how many are new."""
    row = np.zeros(room, np.uint16)
    row[:LENGTH] = [int(LANGUAGE.plain[0]) << 8 | (100 + index) for index in range(LENGTH)]
    stream = np.zeros(1, np.uint64)
    seek(stream, seed, 0, 0, 0)
    size = umad(row, LENGTH, material(rate), stream)
    left = [int(token & 255) for token in row[:size] if token & 255]
    old = [count for count in left if count >= 100]
    return old, len(left) - len(old)


def test_what_is_left_keeps_its_order_and_as_much_comes_as_goes() -> None:
    added = deleted = 0
    for seed in range(300):
        old, new = changed(0.1, seed)
        assert old == sorted(set(old))
        added += new
        deleted += LENGTH - len(old)
    assert 0.8 < added / deleted < 1.25
    assert 0.075 < deleted / (300 * LENGTH) < 0.105


def test_the_rate_decides_how_much_changes() -> None:
    few, many = (sum(LENGTH - len(changed(rate, seed)[0]) for seed in range(60)) for rate in (0.01, 0.5))
    assert 0 < few < 150
    assert many > 1_500


def test_a_full_row_only_loses_and_an_empty_one_gets_a_token() -> None:
    assert all(changed(0.5, seed, room=LENGTH)[1] == 0 for seed in range(20))
    row = np.zeros(8, np.uint16)
    assert umad(row, 0, material(0.1), np.zeros(1, np.uint64)) == 1


def test_a_bracket_takes_its_partner_along() -> None:
    source = "[[>]<][+]" * 6
    index = {chr(symbol): place for place, symbol in enumerate(LANGUAGE.symbols)}
    pairs = []
    for seed in range(100):
        row = np.zeros(600, np.uint16)
        row[: len(source)] = [index[char] << 8 | 1 for char in source]
        stream = np.zeros(1, np.uint64)
        seek(stream, seed, 0, 0, 0)
        size = umad(row, len(source), material(0.3), stream)
        present = row[:size][row[:size] & 255 > 0].copy()
        kinds = LANGUAGE.kinds[present >> 8]
        pairs.append(int(np.sum(kinds == 3)))
        assert np.sum(kinds == 3) == np.sum(kinds == 4)
        brackets = tidy(present, len(present), LANGUAGE)
        assert np.sum(LANGUAGE.kinds[present[:brackets] >> 8] == 3) == pairs[-1]
    assert min(pairs) < 18 < max(pairs)
