"""What an island tells of each generation, and of a solution."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.counters import Counters
from gpdebug.evolve.crowd import Crowd
from gpdebug.evolve.grouping import Groups
from gpdebug.evolve.variation import Operator


@dataclass(frozen=True, slots=True)
class Solution:
    """A program that is right on every case, and who it is."""

    code: bytes
    id: int


def no_births() -> NDArray[np.int64]:
    """Counts of births by operator, all 0."""
    return np.zeros(len(Operator), np.int64)


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What a generation of an island was like.

    Attributes:
        generation: its number.
        evaluations: programs tried up to now.
        best: the program that selection likes best.
        errors: `float64[n]`, by the task's scorer, on the active cases and as if all others were like them.
        mean_length: of the programs.
        diversity: part of the individuals that behave like no other.
        mean_steps: executed a run on an active case; NaN if not counted.
        tried: `int64[operators]`, children that each `variation.Operator` made.
        better: `int64[operators]`, those of them that entered the population and have a smaller error than their first
            parent, as selection sees it.
    """

    generation: int
    evaluations: int
    best: bytes
    errors: NDArray[np.float64]
    mean_length: float
    diversity: float
    mean_steps: float = np.nan
    tried: NDArray[np.int64] = field(default_factory=no_births)
    better: NDArray[np.int64] = field(default_factory=no_births)


def report_of(
    crowd: Crowd,
    groups: Groups,
    counters: Counters,
    best: bytes,
    cases: tuple[int, int],
    births: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> Report:
    """What a generation is like.

    Args:
        crowd: it.
        groups: who behaves alike.
        counters: where its island stands.
        best: see `Report`.
        cases: how many are active, and how many there are.
        births: what was tried, and what of it is better; see `Report`.
    """
    return Report(
        generation=counters.generation,
        evaluations=counters.evaluations,
        best=best,
        errors=(crowd.errors * (cases[1] / cases[0])).astype(np.float64),
        mean_length=float(crowd.lengths.mean()),
        diversity=len(groups.firsts) / len(crowd),
        mean_steps=float(crowd.steps.mean()) / cases[0],
        tried=births[0],
        better=births[1],
    )
