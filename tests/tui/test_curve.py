"""The history's curve: what its legend and scale say."""

from __future__ import annotations

import numpy as np
import pytest

from gpdebug.store.history import History
from gpdebug.tui.widgets.curve import LABEL, compact, floor_of


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
