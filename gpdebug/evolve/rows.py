"""A row of the history: what a generation was like, over all islands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.champion import Champion
from gpdebug.evolve.report import Report
from gpdebug.evolve.variation import Operator

OPERATORS = tuple(
    operator for operator in Operator if operator not in (Operator.RANDOM, Operator.SHORTENED, Operator.MIGRATION)
)
"""Those that make children of parents, generation by generation."""


def row_of(generation: int, evaluations: int, best: Champion, reports: Sequence[Report]) -> dict[str, float]:
    """A row, without times; NaN for what nobody could tell.

    Args:
        generation: its number.
        evaluations: programs tried up to now.
        best: the best program so far.
        reports: of this generation, one an island.
    """
    errors = np.concatenate([report.errors for report in reports])
    q1, median, q3 = _quartiles(errors)
    return {
        "generation": generation,
        "evaluations": evaluations,
        "best": best.error,
        "q1": q1,
        "median": median,
        "q3": q3,
        "diversity": float(np.mean([report.diversity for report in reports])),
        "mean_length": float(np.mean([report.mean_length for report in reports])),
        "mean_steps": float(np.mean([report.mean_steps for report in reports])),
        "held_out": best.held_out_error,
        **_successes(reports),
    }


def _quartiles(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Linear between neighbours, as `numpy.quantile` gives them; it takes longer than a short generation."""
    places = np.array((0.25, 0.5, 0.75)) * (len(values) - 1)
    below, above = np.floor(places).astype(np.int64), np.ceil(places).astype(np.int64)
    ordered = np.partition(values, np.concatenate([below, above]))
    q1, median, q3 = (ordered[below] + (ordered[above] - ordered[below]) * (places - below)).tolist()
    return q1, median, q3


def _successes(reports: Sequence[Report]) -> dict[str, float]:
    """By operator: the share of its children that entered the population and are better than their first parent."""
    tried = np.sum([report.tried for report in reports], axis=0)
    better = np.sum([report.better for report in reports], axis=0)
    shares = np.full(len(tried), np.nan)
    np.divide(better, tried, out=shares, where=tried > 0)
    return {f"success_{operator.name.lower()}": float(shares[operator]) for operator in OPERATORS}
