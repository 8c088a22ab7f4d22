"""Who becomes a parent: tournaments on the total error, or lexicase and ε-lexicase over the single objectives."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.grouping import Groups
from gpdebug.evolve.random import below, seek
from vm.jit import borrowed, kernel
from vm.lanes import count_lanes as count_bits
from vm.lanes import first_lane as first_bit

MOST_COMPARED = 10_000
"""Groups that lexicase compares for each parent; of more it takes a sample."""
SAMPLE = 500
WORD = 64
"""Groups that a word of a set stands for."""
MOST_ERROR = int(np.iinfo(np.int16).max)
PARENTS_ARE_DRAWN = 1 << 40
"""Added to an individual's number: the stream that chooses parents is not the one that varies the child."""


@kernel()
def tournament(
    totals: NDArray[np.int64],
    ties: NDArray[np.int64],
    size: int,
    pressure: tuple[NDArray[np.int64], int],
    crossover: int,
    key: tuple[int, int, int],
    individuals: NDArray[np.int64],
    parents: NDArray[np.int32],
) -> None:
    """Chooses parents as the best of `size` random ones; among equals the one with less of something else.

    Goldberg, Deb: A comparative analysis of selection schemes used in genetic algorithms, 1991. Under step pressure
    some are the faster of two winners, whatever their errors: a double tournament (Luke, Panait: Fighting bloat with
    nonparametric parsimony pressure, PPSN 2002), here with the steps that programs take in place of their size.

    Args:
        totals: `int64[n]`, the errors.
        ties: `int64[n]`, such as the lengths of the programs.
        size: of a tournament.
        pressure: steps of the programs, `int64[n]`, and percent of parents that are the one with fewer of two winners.
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
            best = _winner(totals, ties, size, stream)
            if pressure[1] > 0 and below(stream, 100) < pressure[1]:
                best = _faster(pressure[0], best, _winner(totals, ties, size, stream))
            parents[index, place] = best


@kernel()
def _winner(totals: Any, ties: Any, size: int, stream: Any) -> Any:
    """The best of some random rows."""
    best = below(stream, len(totals))
    for _ in range(size - 1):
        rival = below(stream, len(totals))
        if totals[rival] < totals[best] or (totals[rival] == totals[best] and ties[rival] < ties[best]):
            best = rival
    return best


@kernel()
def _faster(steps: Any, first: int, second: int) -> int:
    """The row with fewer steps."""
    return second if steps[second] < steps[first] else first


class Standings(NamedTuple):
    """How the groups of a population compare, for all its children alike; see `lexicase`.

    Attributes:
        objectives: `int16[n, objectives]`.
        groups: who behaves alike.
        slack: `int64[objectives]`, how much worse than the best one still passes: see `epsilons`; zeros: nothing.
        table: `int16[objectives, groups]`, empty rows where there are more than `MOST_COMPARED` groups.
        best: `int64[objectives, groups / WORD]`, the set of groups that are best at each objective.
        passing: the sets of those who would pass.
    """

    objectives: NDArray[np.int16]
    groups: Groups
    slack: NDArray[np.int64]
    table: NDArray[np.int16]
    best: NDArray[np.int64]
    passing: NDArray[np.int64]


@kernel()
def standings_of(objectives: NDArray[np.int16], groups: Groups, slack: NDArray[np.int64]) -> Standings:
    """Compares the groups of a population; the arguments are the first attributes."""
    count = len(groups.firsts)
    table = np.empty((objectives.shape[1], 0 if count > MOST_COMPARED else count), np.int16)
    for group in range(table.shape[1]):
        for row in range(table.shape[0]):
            table[row, group] = objectives[groups.firsts[group], row]
    best, passing = _best_at_each(table, slack)
    return Standings(objectives, groups, slack, table, best, passing)


@kernel()
def lexicase(
    standings: Standings,
    pressure: tuple[NDArray[np.int64], int],
    crossover: int,
    key: tuple[int, int, int],
    individuals: NDArray[np.int64],
    parents: NDArray[np.int32],
) -> None:
    """Chooses parents by lexicase selection over groups of equal behaviour.

    Spector: Assessment of problem modality by differential performance of lexicase selection, GECCO 2012. Where there
    are more than `MOST_COMPARED` groups, each parent is chosen among `SAMPLE` random ones: the whole would take time
    with the square of the population.

    Args:
        standings: of the population.
        pressure: see `tournament`.
        crossover: percent of children with two parents.
        key: seed, island, generation.
        individuals: `int64[m]`, the numbers of the children.
        parents: `int32[m, 2]`, filled; the second is -1 without crossover.
    """
    objectives, groups, slack, table, best, passing = standings
    some = len(groups.firsts) > MOST_COMPARED
    pool = np.empty(SAMPLE, np.int32)
    order = np.empty(objectives.shape[1], np.int32)
    left, stream = np.empty(best.shape[1], np.int64), np.zeros(1, np.uint64)
    _lexicase(
        borrowed(objectives), groups, borrowed(table), borrowed(slack), borrowed(best), borrowed(passing),
        borrowed(order), borrowed(pool), borrowed(left), borrowed(stream), some, (borrowed(pressure[0]), pressure[1]),
        crossover, key, individuals, parents,
    )  # fmt: skip


@kernel()
def _lexicase(
    objectives: Any, groups: Any, table: Any, slack: Any, best: Any, passing: Any, order: Any, pool: Any, left: Any,
    stream: Any, some: bool, pressure: Any, crossover: int, key: Any, individuals: Any, parents: Any,
) -> None:  # fmt: skip
    """`lexicase` with what it holds: here it is only borrowed."""
    firsts, starts, members = borrowed(groups.firsts), borrowed(groups.starts), borrowed(groups.members)
    for index in range(len(individuals)):
        seek(stream, key[0], key[1], key[2], individuals[index] + PARENTS_ARE_DRAWN)
        for place in range(len(order)):
            order[place] = place
        parents[index, 1] = -1
        for place in range(2 if below(stream, 100) < crossover else 1):
            chosen: Any = -1
            for _ in range(2 if pressure[1] > 0 and below(stream, 100) < pressure[1] else 1):
                if some:
                    group = _one_of_some(objectives, firsts, slack, order, pool, stream)
                else:
                    group = _one_of_all(table, slack, best, passing, order, left, stream)
                member = np.int64(members[starts[group] + below(stream, starts[group + 1] - starts[group])])
                chosen = member if chosen < 0 else _faster(pressure[0], chosen, member)
            parents[index, place] = chosen


@kernel()
def _best_at_each(table: NDArray[np.int16], slack: NDArray[np.int64]) -> tuple[Any, Any]:
    """Sets of groups for each objective, `int64[objectives, groups / WORD]`: who is best at it, and who would pass."""
    words = (table.shape[1] + WORD - 1) // WORD
    best = np.zeros((table.shape[0], words), np.int64)
    passing = np.zeros((table.shape[0], words), np.int64)
    for row in range(table.shape[0] if table.shape[1] else 0):
        errors = table[row]
        least = np.int64(errors.min())
        for group in range(len(errors)):
            worse = np.int64(errors[group]) - least
            best[row, group // WORD] |= np.int64(worse == 0) << group % WORD
            passing[row, group // WORD] |= np.int64(worse <= slack[row]) << group % WORD
    return best, passing


@kernel()
def _one_of_all(table: Any, slack: Any, best: Any, passing: Any, order: Any, left: Any, stream: Any) -> Any:
    """One parent: objectives in random order, each keeps only the best at it; returns the index of a group.

    As long as somebody is left who is best of all at the next objective, who passes it is known before.
    """
    left[:] = passing[_next_objective(order, 0, stream)]
    count = _count(left)
    place = 1
    while count > 1 and place < table.shape[0]:
        chosen = _next_objective(order, place, stream)
        place += 1
        if _meet(left, best[chosen]):
            for word in range(len(left)):
                left[word] &= passing[chosen, word]
        else:
            _leave_best(left, table[chosen], slack[chosen])
        count = _count(left)
    return _member(left, below(stream, count) if count > 1 else 0)


@kernel(inline=True)
def _count(left: Any) -> Any:
    """How many groups a set has."""
    count: Any = np.int64(0)
    for word in range(len(left)):
        count += count_bits(left[word])
    return count


@kernel(inline=True)
def _meet(left: Any, others: Any) -> bool:
    """Whether two sets have a group in common."""
    common: Any = np.int64(0)
    for word in range(len(left)):
        common |= left[word] & others[word]
    return bool(common != 0)


@kernel()
def _leave_best(left: Any, errors: Any, slack: int) -> None:
    """Leaves those of a set that are best at an objective."""
    least: Any = np.int64(MOST_ERROR)
    for word in range(len(left)):
        bits = left[word]
        while bits:
            least = min(least, np.int64(errors[WORD * word + first_bit(bits)]))
            bits &= bits - 1
    for word in range(len(left)):
        bits = left[word]
        while bits:
            group = first_bit(bits)
            if errors[WORD * word + group] > least + slack:
                left[word] ^= np.int64(1) << group
            bits &= bits - 1


@kernel()
def _member(left: Any, number: int) -> Any:
    """The group of a set before which there are `number` others."""
    for word in range(len(left)):
        bits = left[word]
        inside = count_bits(bits)
        if number < inside:
            for _ in range(number):
                bits &= bits - 1
            return np.int64(WORD * word + first_bit(bits))
        number -= inside
    return np.int64(-1)


@kernel()
def _one_of_some(objectives: Any, firsts: Any, slack: Any, order: Any, pool: Any, stream: Any) -> Any:
    """The same for a random sample of the groups."""
    count = SAMPLE
    for index in range(count):
        pool[index] = below(stream, len(firsts))
    for place in range(objectives.shape[1]):
        chosen = _next_objective(order, place, stream)
        least = objectives[firsts[pool[0]], chosen]
        for index in range(1, count):
            least = min(least, objectives[firsts[pool[index]], chosen])
        kept = 0
        for index in range(count):
            pool[kept] = pool[index]
            kept += objectives[firsts[pool[index]], chosen] <= least + slack[chosen]
        count = kept
        if count == 1:
            return np.int64(pool[0])
    return np.int64(pool[below(stream, count)])


@kernel()
def _next_objective(order: Any, place: int, stream: Any) -> Any:
    """Draws the objective for a place among those that had no turn yet."""
    other = place + below(stream, len(order) - place)
    chosen = order[other]
    order[other] = order[place]
    order[place] = chosen
    return np.int64(chosen)


@kernel()
def epsilons(objectives: NDArray[np.int16]) -> NDArray[np.int64]:
    """How much worse than the best one is as good, for each objective: the median absolute deviation of everyone.

    La Cava, Spector, Danai: Epsilon-lexicase selection for regression, GECCO 2016, in the form that La Cava, Helmuth,
    Spector, Moore (Evolutionary Computation 27, 2019) call semi-dynamic: the deviation is that of the whole population,
    the best one that of those who are left. Errors are whole numbers, so a half is rounded down.

    Args:
        objectives: `int16[n, objectives]`, not negative.

    Returns:
        `int64[objectives]`.
    """
    result = np.zeros(objectives.shape[1], np.int64)
    counts = np.zeros(np.int64(objectives.max()) + 1, np.int64)
    deviations = np.zeros(2 * len(counts) + 1, np.int64)
    for column in range(len(result)):
        counts[:] = 0
        deviations[:] = 0
        for row in range(objectives.shape[0]):
            counts[objectives[row, column]] += 1
        middle = _median(counts)
        for error in range(len(counts)):
            deviations[abs(2 * error - middle)] += counts[error]
        result[column] = _median(deviations) // 4
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
