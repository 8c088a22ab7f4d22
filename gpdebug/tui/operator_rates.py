"""How often each operator makes a child that is better than its parent: a table, or columns where there is no room."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from rich.segment import Segment

from gpdebug.store.history import History
from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.page import Lines

PREFIX = "success_"
"""Begins the names of the history's columns that tell it."""
LATELY = 50
"""Rows of the history that count as lately, at most: of a short one the last quarter does."""
_NAME, _SHARE, _WHOLE, _CELL = 18, 8, 11, 26
_EIGHTHS = "▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class Rate:
    """How an operator does.

    Attributes:
        name: the operator.
        lately: the share of its children that entered the population and are better than their first parent, in the
            last rows of the history; NaN if it made none.
        whole: the same of the whole history.
    """

    name: str
    lately: float
    whole: float


def rates_of(history: History | None) -> tuple[Rate, ...]:
    """The rates of all operators that a history knows, in its order; each generation weighs the same."""
    if history is None or not len(history):
        return ()
    weights = np.diff(history["generation"], prepend=history["generation"][0] - 1).astype(np.float64)
    lately = max(1, min(LATELY, len(history) // 4))
    names = [name for name in history.columns if name.startswith(PREFIX)]
    return tuple(
        Rate(
            name.removeprefix(PREFIX).replace("_", " "),
            _mean(history[name][-lately:], weights[-lately:]),
            _mean(history[name], weights),
        )
        for name in names
    )


def rate_lines(rates: tuple[Rate, ...], width: int, height: int, palette: Palette) -> Lines:
    """Draws them: a line each with both shares and a bar if there is room for that, else side by side.

    Args:
        rates: of all operators.
        width: of the page.
        height: of the page.
        palette: how to draw.
    """
    if not rates:
        return [[Segment(" told from the second generation on", palette.muted)]]
    if height > len(rates) and width >= _NAME + _SHARE + _WHOLE:
        most = max((rate.lately for rate in rates if not np.isnan(rate.lately)), default=0.0)
        room = width - _NAME - _SHARE - _WHOLE - 4
        head = " ".ljust(_NAME) + "lately".rjust(_SHARE) + "whole run".rjust(_WHOLE)
        return [[Segment(head, palette.muted)], *(_row(rate, most, room, palette) for rate in rates)]
    each = max(1, width // _CELL)
    cells = [_cell(rate, palette) for rate in rates]
    return [[piece for cell in cells[at : at + each] for piece in cell] for at in range(0, len(cells), each)]


def _row(rate: Rate, most: float, room: int, palette: Palette) -> list[Segment]:
    filled = 0.0 if np.isnan(rate.lately) or not most else rate.lately / most
    return [
        Segment(" " + rate.name.ljust(_NAME - 1)),
        Segment(_share(rate.lately).rjust(_SHARE), palette.ok if rate.lately > 0 else palette.muted),
        Segment(_share(rate.whole).rjust(_WHOLE) + "  ", palette.muted),
        Segment(_bar(filled, room), palette.ok),
    ]


def _cell(rate: Rate, palette: Palette) -> list[Segment]:
    return [
        Segment(" " + rate.name.ljust(_NAME - 1)),
        Segment(_share(rate.lately).rjust(_SHARE - 1) + " ", palette.ok if rate.lately > 0 else palette.muted),
    ]


def _mean(shares: np.ndarray, weights: np.ndarray) -> float:
    known = ~np.isnan(shares)
    return float(np.average(shares[known], weights=weights[known])) if known.any() else float("nan")


def _share(share: float) -> str:
    """A share in few characters; a dash for an operator that made no child."""
    if np.isnan(share):
        return "–"
    return "<0.01%" if 0 < share < 0.000_05 else f"{share:.2%}"


def _bar(share: float, room: int) -> str:
    """A bar of up to so many characters, to an eighth of one."""
    eighths = round(share * max(0, room) * 8)
    return "█" * (eighths // 8) + (_EIGHTHS[eighths % 8 - 1] if eighths % 8 else "")
