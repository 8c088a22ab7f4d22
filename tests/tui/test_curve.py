"""The history's curve: what its legend and scale say, and the area of the quartiles."""

from __future__ import annotations

import numpy as np
import pytest
from textual.app import App, ComposeResult

from gpdebug.store.history import History
from gpdebug.tui.widgets.curve import LABEL, Curve, compact, floor_of


@pytest.mark.parametrize(
    ("value", "says"), [(0, "0"), (999_999, "999,999"), (2_003_466, "2.00M"), (7.5e9, "7.50G"), (3.2e14, "320.00T")]
)
def test_the_scale_is_short_however_large_the_errors(value: float, says: str) -> None:
    assert compact(value) == says
    assert len(says) < LABEL


@pytest.mark.parametrize(
    ("errors", "floor"), [([5_000, 0], 0), ([5_000, 99], 0), ([2_000_000, 118_168], 100_000), ([1_000, 1_000], 1_000)]
)
def test_the_scale_begins_at_a_power_of_ten_while_all_errors_are_far_from_0(errors: list[int], floor: float) -> None:
    rows = [{"generation": at, "best": error, "median": np.nan} for at, error in enumerate(errors)]
    assert floor_of(History.of(rows)) == floor


def test_a_history_without_rows_has_a_scale() -> None:
    assert floor_of(History.of(())) == 0


def quartered(best: int, q1: int, median: int, q3: int) -> History:
    return History.of(
        [{"generation": at, "best": best, "q1": q1, "median": median, "q3": q3, "diversity": 0.5} for at in range(9)]
    )


async def drawn(history: History, size: tuple[int, int]) -> list[str]:
    """The lines of a curve that fills the terminal."""
    curve = Curve()

    class Showing(App[None]):
        def compose(self) -> ComposeResult:
            yield curve

    async with Showing().run_test(size=size) as pilot:
        curve.styles.height = size[1]
        curve.show(history, (), 8)
        await pilot.pause()
        return [curve.render_line(y).text for y in range(size[1])]


@pytest.mark.parametrize(
    ("errors", "width", "says"),
    [
        ((16, 42, 60, 156), 80, "━ best 16   ━ median 60   ━ diversity 0.50   ⢕⢕ quartiles 42–156"),
        ((1_616, 2_042, 3_060, 4_156), 80, "━ best 1,616   ━ median 3,060   ━ diversity 0.50   ⢕⢕ q1–q3 2,042–4,156"),
        ((11_616, 12_042, 13_060, 14_156), 80,
         "━ best 11.6k   ━ median 13.1k   ━ diversity 0.50   ⢕⢕ q1–q3 12.0k–14.2k"),
        ((16, 42, 60, 156), 60, "━ best 16   ━ median 60   ━ diversity 0.50"),
    ],
)  # fmt: skip
async def test_the_legend_says_all_that_fits(errors: tuple[int, int, int, int], width: int, says: str) -> None:
    assert (await drawn(quartered(*errors), (width, 9)))[0].strip() == says


async def test_the_middle_half_is_an_area_around_the_median() -> None:
    lines = await drawn(quartered(2, 20, 400, 8_000), (80, 12))
    column = [line[30] for line in lines[1:-1]]
    areas = [row for row, character in enumerate(column) if character == "⢕"]
    assert len(areas) >= 3
    assert any(min(areas) < row < max(areas) for row, character in enumerate(column) if character not in "⢕ ")
