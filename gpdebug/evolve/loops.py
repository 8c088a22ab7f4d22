"""Mutations that make loops which come to an end, and change numbers that belong together, each as one step.

Brackets alone around a segment rarely make a loop that ends, and a loop that waits for a byte, as in
`,-{34}[+{34}.,-{34}]`, has the same number in three places: step by step, nothing on the way to it is any better.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gpdebug.evolve.genome import ADD, Tokens
from gpdebug.evolve.mutation import MAX_WRAP, Material, new_count, open_gap
from gpdebug.evolve.random import Stream, below
from vm.jit import kernel

_TRIES = 8
RETUNED = 16
"""Tokens among which numbers belong together."""


@kernel()
def _number(symbol: int, material: Material, stream: Stream) -> Any:
    """A length of a run that the cases suggest, if they suggest any."""
    if len(material.counts) > 0:
        return np.int64(material.counts[below(stream, len(material.counts))])
    return new_count(symbol, material, stream)


@kernel()
def until_loop(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Repeats 1 to 8 tokens until the cell holds a number other than 0. Needs `tidy`.

    A pair of brackets compares with 0, so that number is taken away before each comparison and put back after it.
    """
    language = material.language
    symbol = np.int64(language.plain[below(stream, len(language.plain))])
    for _ in range(_TRIES):
        if language.kinds[symbol] == ADD and language.inverse[symbol] >= 0:
            break
        symbol = np.int64(language.plain[below(stream, len(language.plain))])
    else:
        return size
    width = min(1 + below(stream, MAX_WRAP), size)
    if width == 0 or size + 5 > len(genome):
        return size
    start = below(stream, size - width + 1)
    count = _number(symbol, material, stream)
    size = open_gap(genome, size, start + width, 2)
    genome[start + width] = symbol << 8 | count
    genome[start + width + 1] = language.close << 8 | 1
    size = open_gap(genome, size, start, 3)
    genome[start] = symbol << 8 | count
    genome[start + 1] = language.open << 8 | 1
    genome[start + 2] = np.int64(language.inverse[symbol]) << 8 | count
    return size


@kernel()
def retune(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Gives a run of `+ -`, and all of the same length among the next tokens, another length."""
    language = material.language
    for _ in range(_TRIES if size > 0 else 0):
        at = below(stream, size)
        symbol, old = np.int64(genome[at]) >> 8, np.int64(genome[at]) & 255
        if language.kinds[symbol] != ADD or old == 1:
            continue
        count = _number(symbol, material, stream)
        for place in range(at, min(at + RETUNED, size)):
            token = np.int64(genome[place])
            if language.kinds[token >> 8] == ADD and token & 255 == old:
                genome[place] = token >> 8 << 8 | count
        break
    return size
