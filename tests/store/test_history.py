from __future__ import annotations

import numpy as np
import pytest

from gpdebug.store.errors import StoreError
from gpdebug.store.history import History


def test_a_history_is_made_from_rows() -> None:
    history = History.of([{"generation": 0, "best": 9, "median": 12.5}, {"generation": 5, "best": 3, "own": 1}])
    assert history["best"].tolist() == [9, 3]
    assert history["best"].dtype == np.int64
    assert history["median"][0] == 12.5
    assert np.isnan(history["median"][1])
    assert "own" in history
    assert "seconds" not in history


def test_a_history_may_be_empty() -> None:
    history = History.of([])
    assert len(history) == 0
    assert len(history.until(5)) == 0


def test_a_history_goes_on_with_further_rows() -> None:
    first = History.of([{"generation": 0, "best": 9, "q1": 1.0}])
    assert first.extended([]) is first
    assert History.of([]).extended([{"generation": 0, "best": 9}]).row(-1) == {"generation": 0, "best": 9}
    both = first.extended([{"generation": 1, "best": 8, "evaluations": 5}])
    assert both["best"].tolist() == [9, 8]
    assert both["evaluations"].tolist() == [0, 5]
    assert both["q1"][0] == 1
    assert np.isnan(both["q1"][1])
    assert both.row(1)["best"] == 8


def test_a_history_is_cut_after_a_generation() -> None:
    history = History.of([{"generation": g, "best": 9 - g} for g in (0, 2, 4)])
    assert history.until(3)["best"].tolist() == [9, 7]
    assert len(history.until(4)) == 3


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"generation": np.arange(3)}, "column best: missing"),
        ({"generation": np.arange(3), "best": np.arange(2)}, r"column best: has the shape \(2,\)"),
        ({"generation": np.arange(3), "best": np.zeros(3)}, "column best: expected int64, not float64"),
        ({"generation": np.array([0, 2, 2]), "best": np.arange(3)}, "column generation: does not ascend"),
    ],
)
def test_a_history_with_wrong_columns_is_refused(columns: dict[str, np.ndarray], message: str) -> None:
    with pytest.raises(StoreError, match=message):
        History(columns)
