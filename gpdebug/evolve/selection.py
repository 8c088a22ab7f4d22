"""Who becomes a parent: tournaments on the total error, or lexicase over the single objectives."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.random import below, seek
from vm.jit import kernel

PARENTS_ARE_DRAWN = 1 << 40
"""Added to an individual's number: the stream that chooses parents is not the one that varies the child."""


class Selection(StrEnum):
    """How parents are chosen."""

    TOURNAMENT = "tournament"
    LEXICASE = "lexicase"


@kernel()
def tournament(
    totals: NDArray[np.int64],
    lengths: NDArray[np.int64],
    size: int,
    crossover: int,
    key: tuple[int, int, int],
    individuals: NDArray[np.int64],
    parents: NDArray[np.int32],
) -> None:
    """Chooses parents as the best of `size` random ones; among equals the shorter one.

    Goldberg, Deb: A comparative analysis of selection schemes used in genetic algorithms, 1991.

    Args:
        totals: `int64[n]`, the errors.
        lengths: `int64[n]`, of the programs.
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
                if totals[rival] < totals[best] or (totals[rival] == totals[best] and lengths[rival] < lengths[best]):
                    best = rival
            parents[index, place] = best


@kernel()
def _lexicase_one(
    objectives: NDArray[np.int16],
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
        best = objectives[chosen, pool[0]]
        kept = 0
        for index in range(count):
            error = objectives[chosen, pool[index]]
            if error < best:
                best = error
                kept = 0
            if error == best:
                pool[kept] = pool[index]
                kept += 1
        count = kept
        if count == 1:
            return np.int64(pool[0])
    return np.int64(pool[below(stream, count)])


@kernel()
def lexicase(
    objectives: NDArray[np.int16],
    members: NDArray[np.int32],
    starts: NDArray[np.int32],
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
        crossover: percent of children with two parents.
        key: seed, island, generation.
        individuals: `int64[m]`, the numbers of the children.
        parents: `int32[m, 2]`, filled; the second is -1 without crossover.
    """
    stream = np.zeros(1, np.uint64)
    order = np.arange(objectives.shape[0]).astype(np.int32)
    pool = np.empty(objectives.shape[1], np.int32)
    for index in range(len(individuals)):
        seek(stream, key[0], key[1], key[2], individuals[index] + PARENTS_ARE_DRAWN)
        for place in range(len(order)):
            order[place] = place
        parents[index, 1] = -1
        for place in range(2 if below(stream, 100) < crossover else 1):
            group = _lexicase_one(objectives, order, pool, stream)
            parents[index, place] = members[starts[group] + below(stream, starts[group + 1] - starts[group])]
