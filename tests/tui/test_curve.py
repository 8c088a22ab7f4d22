"""The history's curve: what its legend and scale say."""

from __future__ import annotations

import pytest

from gpdebug.tui.widgets.curve import LABEL, compact


@pytest.mark.parametrize(
    ("value", "says"), [(0, "0"), (999_999, "999,999"), (2_003_466, "2.00M"), (7.5e9, "7.50G"), (3.2e14, "320.00T")]
)
def test_the_scale_is_short_however_large_the_errors(value: float, says: str) -> None:
    assert compact(value) == says
    assert len(says) < LABEL
