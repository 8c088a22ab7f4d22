from __future__ import annotations

from math import comb, inf

import numpy as np
import pytest

from gpdebug.evolve.bench.statistics import median_interval, median_time, of_solved, wilson


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_score_interval_is_that_of_newcombes_table(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_the_score_interval_holds_the_rates_that_a_score_test_does_not_refuse() -> None:
    z = 1.959963984540054
    for successes in range(1, 10):
        for bound in wilson(successes, 10):
            score = (successes / 10 - bound) / np.sqrt(bound * (1 - bound) / 10)
            assert abs(score) == pytest.approx(z)


def test_all_or_none_reach_the_end_of_the_scale_exactly() -> None:
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=5e-5)
    assert wilson(10, 10) == pytest.approx((0.7225, 1), abs=5e-5)
    assert wilson(0, 3)[0] == 0.0
    assert wilson(3, 3)[1] == 1.0


def test_the_median_is_when_half_were_there_and_never_if_fewer_than_half_ever_were() -> None:
    assert median_time([3.0, 1.0, 2.0]) == 2.0
    assert median_time([4.0, 1.0, 3.0, 2.0]) == 2.0
    assert median_time([1.0, inf]) == 1.0
    assert median_time([1.0, inf, inf]) == inf
    times = np.random.default_rng(1).exponential(size=31)
    for count in range(1, 31):
        wanted = np.quantile(times[:count], 0.5, method="inverted_cdf")
        assert median_time(times[:count].tolist()) == wanted


def test_a_run_that_did_not_solve_its_task_counts_as_never() -> None:
    assert of_solved([1.0, 2.0], [True, False]) == [1.0, inf]


def test_the_interval_of_the_median_is_the_narrowest_that_misses_it_in_five_percent_at_most() -> None:
    for count in range(1, 60):
        found = median_interval([float(rank) for rank in range(1, count + 1)])

        def missed(low: int, count: int = count) -> float:
            return 2.0 * sum(comb(count, below) for below in range(low)) / float(2**count)

        if found is None:
            assert missed(1) > 0.05
        else:
            low, high = found
            assert low + high == count + 1
            assert missed(int(low)) <= 0.05 < missed(int(low) + 1)
    assert median_interval([10.0, 9, 8, 7, 6, 5, 4, 3, 2, inf]) == (3.0, 10.0)
