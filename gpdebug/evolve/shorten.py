"""Shortening: random deletions that keep a program right on every training case."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.genome import ADD, Language, Tokens, tidy, written
from gpdebug.evolve.judging import errors_on
from gpdebug.evolve.mutation import cut
from gpdebug.evolve.random import below, seek
from gpdebug.store.ragged import take
from gpdebug.store.task import Task
from vm.evaluate import Programs
from vm.jit import kernel

IsRight = Callable[[Programs], NDArray[np.bool_]]

SHORTENING = 1 << 41
"""In the key of random numbers, so many times in the place of a generation."""
TRIES = 256
"""Shorter programs that are tried at once, of long ones."""
TRIES_A_TOKEN = 16
"""And of short ones, for each of their tokens: there are not that many."""
FRUITLESS = 2
"""Rounds of tries without a shorter right one before it ends."""
FIRST_CASES = 2
"""Training cases that sort out most of the tries."""


def shortened(
    genome: Tokens, size: int, language: Language, key: tuple[int, int, int], is_right: IsRight, most_tries: int = TRIES
) -> tuple[Tokens, int]:
    """A genome whose program is as right, and at most as long.

    Args:
        genome: `uint16[width]`, of a program that is right.
        size: its tokens.
        language: of its dialect.
        key: seed, island and generation, for the random numbers.
        is_right: tells which of some programs are, `bool[programs]`.
        most_tries: of each round.
    """
    fruitless = attempt = 0
    while fruitless < FRUITLESS:
        attempt += 1
        tries = min(TRIES_A_TOKEN * size, most_tries)
        genomes, sizes = np.zeros((tries, len(genome)), np.uint16), np.zeros(tries, np.int32)
        cut_down(genome, size, language, (key[0], key[1], key[2] + attempt * SHORTENING), genomes, sizes)
        row = _shortest_right(genomes, sizes, language, is_right)
        fruitless = fruitless + 1 if row < 0 else 0
        if row >= 0:
            genome, size = genomes[row].copy(), int(sizes[row])
    return genome, size


def solves(task: Task, programs: Programs) -> NDArray[np.bool_]:
    """Which programs are right on all training cases of a task."""
    rows = np.flatnonzero(~errors_on(task, programs, task.training[:FIRST_CASES])[0].any(axis=1))
    if rows.size and len(task.training) > FIRST_CASES:
        rows = rows[~errors_on(task, take(programs, rows), task.training)[0].any(axis=1)]
    return np.isin(np.arange(len(programs)), rows)


def _shortest_right(
    genomes: NDArray[np.uint16], sizes: NDArray[np.int32], language: Language, is_right: IsRight
) -> int:
    """The row of the shortest program that is right, the first of equals, or -1."""
    programs = written(genomes, sizes, language)
    rows = np.flatnonzero(is_right(programs))
    return int(rows[np.argmin(programs.lengths[rows])]) if rows.size else -1


@kernel()
def cut_down(
    genome: Tokens,
    size: int,
    language: Language,
    key: tuple[int, int, int],
    genomes: NDArray[np.uint16],
    sizes: NDArray[np.int32],
) -> None:
    """Fills rows with shorter variants, each one to three changes away.

    A change takes out tokens, shortens a run, goes the shorter way round a cell's 256 values, or takes what the next
    token undoes out of both.

    Args:
        genome: `uint16[width]`.
        size: its tokens.
        language: of its dialect.
        key: of the random numbers.
        genomes: `uint16[n, width]`, filled.
        sizes: `int32[n]`, filled.
    """
    stream = np.zeros(1, np.uint64)
    for row in range(len(sizes)):
        seek(stream, key[0], key[1], key[2], row)
        child = genomes[row]
        child[:size] = genome[:size]
        left = size
        for _ in range(1 + below(stream, 3)):
            if left == 0:
                break
            at = below(stream, left)
            count = np.int64(child[at] & 255)
            inverse = np.int64(language.inverse[child[at] >> 8])
            if at + 1 < left and inverse == child[at + 1] >> 8:
                undone = min(count, np.int64(child[at + 1] & 255))
                child[at] -= undone
                child[at + 1] -= undone
            elif count > 128 and inverse >= 0 and language.kinds[child[at] >> 8] == ADD:
                child[at] = (inverse << 8) | (256 - count)
            elif count > 1 and below(stream, 3) == 0:
                child[at] -= 1 + below(stream, count - 1)
            else:
                width = 1 + (below(stream, 6) if below(stream, 2) == 0 else 0)
                left = cut(child, left, at, min(at + width, left))
        sizes[row] = tidy(child, left, language)
