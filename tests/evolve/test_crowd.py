from __future__ import annotations

import numpy as np

from gpdebug.evolve.crowd import MOVED_AT_ONCE, Crowd


def crowd_of(count: int, objectives: int = 2) -> Crowd:
    """Individuals whose columns tell their row."""
    crowd = Crowd.of_size(count, objectives, 3)
    for column in crowd.columns().values():
        column[:] = np.arange(count).reshape(-1, *[1] * (column.ndim - 1)) % 120
    crowd.ids[:] = np.arange(count)
    return crowd


def test_some_are_copied_into_another_crowd() -> None:
    crowd = crowd_of(6)
    other = Crowd.of_size(4, 2, 3)
    other.put(1, crowd, np.array([5, 2]))
    assert all(
        column[1:3].tolist() == crowd.columns()[name][[5, 2]].tolist() for name, column in other.columns().items()
    )
    assert other.ids.tolist() == [-1, 5, 2, -1]


def test_objectives_stay_behind_where_there_are_other_ones() -> None:
    other = Crowd.of_size(2, 5, 3)
    other.put(0, crowd_of(4), np.array([3, 2]))
    assert other.ids.tolist() == [3, 2]
    assert not other.objectives.any()


def test_those_that_are_kept_move_to_the_front_also_when_they_are_many() -> None:
    count = 2 * MOVED_AT_ONCE + 5
    crowd, whole = crowd_of(count), crowd_of(count)
    rows = np.flatnonzero(np.arange(count) % 7 != 3)
    crowd.keep(rows)
    for name, column in crowd.columns().items():
        assert np.array_equal(column[: len(rows)], whole.columns()[name][rows]), name


def test_a_part_is_the_crowd_itself() -> None:
    crowd = crowd_of(5)
    crowd.part(2, 4).totals[:] = -7
    assert crowd.totals.tolist() == [0, 1, -7, -7, 4]


def test_the_best_have_the_least_error_then_the_least_of_the_ties_then_they_are_older() -> None:
    crowd = crowd_of(6)
    crowd.totals[:] = [4, 1, 9, 1, 1, 4]
    ties = np.array([0, 5, 0, 3, 3, 0])
    assert crowd.ranked(5, ties).tolist() == [3, 4, 1, 0, 5]
    assert crowd.ranked(6, np.zeros(6, np.int64)).tolist() == [1, 3, 4, 0, 5, 2]
    crowd.lengths[:] = ties
    assert crowd.best() == 3
