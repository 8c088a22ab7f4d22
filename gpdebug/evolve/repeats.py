"""Programs that do the same several times, one time after the other: what changes in one of them changes in all.

For outputs of several numbers. What makes a number of what is in memory, and leaves there what the next one is made of,
makes all of them if it is done again; and a change that is right for one of them alone is none here. That one part is
used several times, and is changed once for all, is what the functions of genetic programming are for (Koza: Genetic
programming II: automatic discovery of reusable programs, 1994); here the genome is written out, so each program is one
like all others. The last pieces need not be whole: they are cut when a solution is shortened.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gpdebug.evolve.genome import Language, Tokens, tidy
from vm.jit import kernel


@kernel()
def tokens_of_one(genome: Tokens, size: int, length: int) -> Any:
    """How many tokens are within the first `length` instructions."""
    left: Any = length
    for index in range(size):
        left -= np.int64(genome[index]) & 255
        if left < 0:
            return index
    return size


@kernel()
def leave_one(genome: Tokens, size: int, length: int) -> Any:
    """Leaves the first `length` instructions; returns how many tokens they are."""
    left: Any = length
    for index in range(size):
        count = np.int64(genome[index]) & 255
        if count >= left:
            genome[index] -= count - left
            return index + 1
        left -= count
    return size


@kernel()
def repeated(genome: Tokens, size: int, times: int) -> Any:
    """Writes a genome so many times, one after the other; returns the new size. Needs `tidy`."""
    for place in range(size, size * times):
        genome[place] = genome[place - size]
    return size * times


@kernel()
def repeat_all(genomes: Any, sizes: Any, times: int, language: Language) -> None:
    """Repeats the genomes `uint16[n, width]` with `int32[n]` tokens, which have room for that."""
    for row in range(len(sizes)):
        sizes[row] = tidy(genomes[row], repeated(genomes[row], np.int64(sizes[row]), times), language)
