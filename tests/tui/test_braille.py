"""Lines as Braille dots lose no spike and no gap."""

from __future__ import annotations

import numpy as np

from gpdebug.tui import braille


def test_a_rising_line_goes_from_the_lower_left_to_the_upper_right() -> None:
    dots = braille.line(np.arange(8) / 8, np.arange(8) / 7, 4, 2)
    assert dots.shape == (8, 8)
    assert dots[7, 0]
    assert dots[0, 7]
    assert not dots[0, 0]
    assert dots.any(axis=0).all()


def test_a_spike_among_very_many_points_is_kept() -> None:
    heights = np.zeros(100_000)
    heights[50_000] = 1
    dots = braille.line(np.arange(100_000) / 100_000, heights, 40, 3)
    assert dots[0].sum() == 1
    assert dots[0, 40]


def test_few_points_are_joined() -> None:
    dots = braille.line(np.array([0.0, 0.99]), np.array([0.0, 0.0]), 10, 1)
    assert dots[3].all()


def test_what_was_not_measured_is_not_drawn() -> None:
    assert not braille.line(np.arange(4) / 4, np.full(4, np.nan), 10, 2).any()


def test_dots_become_characters() -> None:
    dots = np.zeros((4, 4), np.bool_)
    dots[0, 0] = dots[3, 1] = True
    assert braille.characters(dots) == ["⢁ "]
    assert braille.filled(dots).tolist() == [[True, False]]
