"""Migration: now and then the best of each island also go to the next one, all at the same moment, in a ring.

Whitley, Rana, Heckendorn: The island model genetic algorithm: on separability, population size and convergence, 1999.
An immigrant is a child of the one that it is a copy of, so ids stay unique and descent leads over islands.
"""

from __future__ import annotations

from collections.abc import Sequence

from gpdebug.evolve.island import Island


def migrate(islands: Sequence[Island], count: int) -> None:
    """Sends the `count` best of each island to the next one; those that do not fit there do not arrive.

    All leave before anyone arrives, so the order of islands does not matter.
    """
    leaving = [island.emigrants(count) for island in islands]
    for index, island in enumerate(islands):
        island.welcome(*leaving[index - 1])


def next_round(generation: int, longest: int, every: int | None) -> int:
    """Generations until islands meet: `longest`, or fewer so that they meet when it is time to migrate."""
    return longest if every is None else min(longest, every - generation % every)
