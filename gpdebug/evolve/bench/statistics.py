"""Statistics of a few runs some of which did not end in time: rates and medians, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, inf, sqrt

Z_95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution."""


def wilson(successes: int, trials: int, z: float = Z_95) -> tuple[float, float]:
    """The score interval of a rate; unlike the usual one it is right for 0 of 10 and for 10 of 10, too.

    E. B. Wilson: Probable inference, the law of succession, and statistical inference, JASA 22 (1927) 209-212;
    recommended for few trials by Newcombe, Statistics in Medicine 17 (1998) 857-872.

    Args:
        successes: 0 to `trials`.
        trials: at least 1.
        z: quantile of the normal distribution; for 95 % if not given.
    """
    rate = successes / trials
    shrink = 1 + z * z / trials
    middle = (rate + z * z / (2 * trials)) / shrink
    half = z * sqrt(rate * (1 - rate) / trials + z * z / (4 * trials * trials)) / shrink
    low = 0.0 if successes == 0 else middle - half
    return low, 1.0 if successes == trials else middle + half


def median_time(times: Sequence[float]) -> float:
    """The time by which at least half of the runs were there; infinite if fewer than half ever were.

    That is the median of the Kaplan-Meier curve where every run is watched equally long (Kaplan, Meier: JASA 53
    (1958) 457-481); of an even number of runs it is the lower one of the two in the middle.

    Args:
        times: one a run, infinite where it did not get there; at least one.
    """
    return sorted(times)[(len(times) + 1) // 2 - 1]


def median_interval(times: Sequence[float], error: float = 0.05) -> tuple[float, float] | None:
    """Two of the times between which the true median lies, whatever their distribution is; None for fewer than six.

    By order statistics: David, Nagaraja: Order Statistics, 3rd edition (2003), section 7.1.

    Args:
        times: one a run, infinite where it did not get there.
        error: the most that the probability to miss the median may be.
    """
    count = len(times)
    tail, rank = 0.0, 0
    while rank < count // 2 and tail + comb(count, rank) / 2**count <= error / 2:
        tail += comb(count, rank) / 2**count
        rank += 1
    if rank == 0:
        return None
    ordered = sorted(times)
    return ordered[rank - 1], ordered[count - rank]


def of_solved(values: Sequence[float], solved: Sequence[bool]) -> list[float]:
    """The values of runs that solved their task, infinity for the others."""
    return [value if is_solved else inf for value, is_solved in zip(values, solved, strict=True)]
