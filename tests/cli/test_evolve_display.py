"""What `gpdebug evolve` shows on a terminal while it runs, as wide as that is."""

from __future__ import annotations

import pytest

from gpdebug.cli.evolve_display import fitting

FIGURES = {
    "best error": "20,055",
    "cases solved": "18 of 128",
    "held-out error": "33,689",
    "generation": "347",
    "programs/s": "80,294",
    "left": "12 s",
}


@pytest.mark.parametrize(("width", "left_out"), [(77, 0), (47, 2), (30, 3), (20, 4)])
def test_figures_are_left_out_whole_where_there_is_no_room(width: int, left_out: int) -> None:
    shown = fitting(FIGURES, width)
    assert len(FIGURES) - len(shown) == left_out
    assert {"best error", "left"} <= set(shown)
    assert sum(max(len(name), len(value)) + 2 for name, value in shown.items()) - 2 <= width
