"""Who becomes a parent: tournaments on the total error, or lexicase and ε-lexicase over the single objectives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.random import below, seek
from vm.jit import kernel

PARENTS_ARE_DRAWN = 1 << 40
"""Added to an individual's number: the stream that chooses parents is not the one that varies the child."""


@kernel()
def tournament(
    totals: NDArray[np.int64],
    ties: NDArray[np.int64],
    size: int,
    crossover: int,
    key: tuple[int, int, int],
    individuals: NDArray[np.int64],
    parents: NDArray[np.int32],
) -> None:
    """Chooses parents as the best of `size` random ones; among equals the one with less of something else.

    Goldberg, Deb: A comparative analysis of selection schemes used in genetic algorithms, 1991.

    Args:
        totals: `int64[n]`, the errors.
        ties: `int64[n]`, such as the lengths of the programs.
        size: of a tournament.
        crossover: percent of children with two parents.
        key: seed, island, generation.
        individuals: `int64[m]`, the numbers of the children.
        parents: `int32[m, 2]`, filled; the second is -1 without crossover.
    """
    stream = np.zeros(1, np.uint64)
    for index in range(len(individuals)):
        seek(stream, key[0], key[1], key[2], individuals[index] + PARENTS_ARE_DRAWN)
        parents[index, 1] = -1
        for place in range(2 if below(stream, 100) < crossover else 1):
            best = below(stream, len(totals))
            for _ in range(size - 1):
                rival = below(stream, len(totals))
                if totals[rival] < totals[best] or (totals[rival] == totals[best] and ties[rival] < ties[best]):
                    best = rival
            parents[index, place] = best


@kernel()
def _keep_best(errors: NDArray[np.int16], pool: NDArray[np.int32], count: int, slack: int) -> Any:
    """Of the first `count` groups of the pool keeps those with at most `slack` more than the least error."""
    best = errors[pool[0]]
    for index in range(1, count):
        best = min(best, errors[pool[index]])
    kept = 0
    for index in range(count):
        pool[kept] = pool[index]
        kept += errors[pool[index]] <= best + slack
    return kept


@kernel()
def _lexicase_one(
    objectives: NDArray[np.int16],
    slack: NDArray[np.int64],
    order: NDArray[np.int32],
    pool: NDArray[np.int32],
    stream: NDArray[np.uint64],
) -> Any:
    """One parent: objectives in random order, each keeps only the best at it; returns the index of a group."""
    count = objectives.shape[1]
    for index in range(count):
        pool[index] = index
    for place in range(objectives.shape[0]):
        other = place + below(stream, objectives.shape[0] - place)
        chosen = order[other]
        order[other] = order[place]
        order[place] = chosen
        count = _keep_best(objectives[chosen], pool, count, slack[chosen])
        if count == 1:
            return np.int64(pool[0])
    return np.int64(pool[below(stream, count)])


@kernel()
def lexicase(
    objectives: NDArray[np.int16],
    members: NDArray[np.int32],
    starts: NDArray[np.int32],
    slack: NDArray[np.int64],
    crossover: int,
    key: tuple[int, int, int],
    individuals: NDArray[np.int64],
    parents: NDArray[np.int32],
) -> None:
    """Chooses parents by lexicase selection over groups of equal behaviour.

    Spector: Assessment of problem modality by differential performance of lexicase selection, GECCO 2012.

    Args:
        objectives: `int16[objectives, groups]`.
        members: `int32[n]`, individuals sorted by group.
        starts: `int32[groups + 1]`, where each group's members start.
        slack: `int64[objectives]`, how much worse than the best one still passes: see `epsilons`; zeros: nothing.
        crossover: percent of children with two parents.
        key: seed, island, generation.
        individuals: `int64[m]`, the numbers of the children.
        parents: `int32[m, 2]`, filled; the second is -1 without crossover.
    """
    stream = np.zeros(1, np.uint64)
    order = np.arange(objectives.shape[0]).astype(np.int32)
    pool = np.empty(objectives.shape[1] + 1, np.int32)
    for index in range(len(individuals)):
        seek(stream, key[0], key[1], key[2], individuals[index] + PARENTS_ARE_DRAWN)
        for place in range(len(order)):
            order[place] = place
        parents[index, 1] = -1
        for place in range(2 if below(stream, 100) < crossover else 1):
            group = _lexicase_one(objectives, slack, order, pool, stream)
            parents[index, place] = members[starts[group] + below(stream, starts[group + 1] - starts[group])]


@kernel()
def epsilons(objectives: NDArray[np.int16], starts: NDArray[np.int32]) -> NDArray[np.int64]:
    """How much worse than the best one is as good, for each objective: the median absolute deviation of everyone.

    La Cava, Spector, Danai: Epsilon-lexicase selection for regression, GECCO 2016, in the form that La Cava, Helmuth,
    Spector, Moore (Evolutionary Computation 27, 2019) call semi-dynamic: the deviation is that of the whole population,
    the best one that of those who are left. Errors are whole numbers, so a half is rounded down.

    Args:
        objectives: `int16[objectives, groups]`, not negative.
        starts: `int32[groups + 1]`: a group counts as often as it has members.

    Returns:
        `int64[objectives]`.
    """
    result = np.zeros(objectives.shape[0], np.int64)
    for row in range(len(result)):
        errors = objectives[row]
        counts = np.zeros(np.int64(errors.max()) + 1, np.int64)
        for group in range(len(errors)):
            counts[errors[group]] += starts[group + 1] - starts[group]
        middle = _median(counts)
        deviations = np.zeros(2 * len(counts) + 1, np.int64)
        for error in range(len(counts)):
            deviations[abs(2 * error - middle)] += counts[error]
        result[row] = _median(deviations) // 4
    return result


@kernel()
def _median(counts: NDArray[np.int64]) -> Any:
    """Twice the median of numbers from 0 on of which there are so many each."""
    total = counts.sum()
    below_or_at = 0
    low = -1
    for value in range(len(counts)):
        below_or_at += counts[value]
        if low < 0 and 2 * below_or_at >= total:
            low = value
        if 2 * below_or_at > total:
            return low + value
    return 2 * low
