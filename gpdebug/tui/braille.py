"""Lines as Braille dots: two by four dots a character, the smallest and greatest value of every column of dots."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Dots = NDArray[np.bool_]

_WEIGHTS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]], np.int64)
_EMPTY = 0x2800


def line(places: NDArray[np.floating], heights: NDArray[np.floating], width: int, rows: int) -> Dots:
    """A line through points, any number of them, as dots.

    A column of dots covers the range of all values that fall into it, and reaches over to the next column's
    range, so that no spike is lost however many points there are.

    Args:
        places: where each point is, 0 (left) to 1, ascending: `float[points]`.
        heights: how high, 0 (bottom) to 1; NaN is no point: `float[points]`.
        width: characters.
        rows: lines of characters.

    Returns:
        `bool[4 * rows, 2 * width]`, the top row first.
    """
    dots = np.zeros((4 * rows, 2 * width), np.bool_)
    known = ~np.isnan(heights)
    if not known.any() or not width or not rows:
        return dots
    columns = np.minimum((places[known] * 2 * width).astype(np.int64), 2 * width - 1)
    levels = np.rint(np.clip(heights[known], 0, 1) * (4 * rows - 1)).astype(np.int64)
    starts = np.flatnonzero(np.diff(columns, prepend=-1))
    low, high = np.minimum.reduceat(levels, starts), np.maximum.reduceat(levels, starts)
    last = levels[np.append(starts[1:], len(levels)) - 1]
    used = columns[starts]
    for index in range(len(starts)):
        column, bottom, top = int(used[index]), int(low[index]), int(high[index])
        if index:
            before = int(last[index - 1])
            for gap in range(int(used[index - 1]) + 1, column):
                dots[4 * rows - 1 - before, gap] = True
            bottom, top = min(bottom, before), max(top, before)
        dots[4 * rows - 1 - top : 4 * rows - bottom, column] = True
    return dots


def band(
    places: NDArray[np.floating], low: NDArray[np.floating], high: NDArray[np.floating], width: int, rows: int
) -> Dots:
    """The area between two lines, every other dot of it, so that a line on it stands out.

    Args:
        places: where each point is, as for `line`.
        low: the lower line there; NaN is no point: `float[points]`.
        high: the upper line there: `float[points]`.
        width: characters.
        rows: lines of characters.

    Returns:
        `bool[4 * rows, 2 * width]`, the top row first.
    """
    below, above = line(places, low, width, rows), line(places, high, width, rows)
    has = below.any(axis=0) & above.any(axis=0)
    levels = np.arange(4 * rows)[:, None]
    top = np.argmax(above, axis=0)
    bottom = 4 * rows - 1 - np.argmax(below[::-1], axis=0)
    every_other = (levels + np.arange(2 * width)) % 2 == 0
    return np.asarray(has & (levels >= top) & (levels <= bottom) & every_other, np.bool_)


def filled(dots: Dots) -> NDArray[np.bool_]:
    """Which characters have dots: `bool[rows, width]`."""
    rows, width = dots.shape[0] // 4, dots.shape[1] // 2
    return np.asarray(dots.reshape(rows, 4, width, 2).any(axis=(1, 3)), np.bool_)


def characters(dots: Dots) -> list[str]:
    """The dots as text, one string a line; a character without dots is a blank."""
    rows, width = dots.shape[0] // 4, dots.shape[1] // 2
    codes = np.einsum("rjwi,ji->rw", dots.reshape(rows, 4, width, 2).astype(np.int64), _WEIGHTS)
    return ["".join(chr(_EMPTY + code) if code else " " for code in row) for row in codes.tolist()]
