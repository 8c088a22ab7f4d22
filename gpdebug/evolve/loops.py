"""Mutations that make loops which come to an end, and change numbers that belong together, each as one step.

Brackets alone around a segment rarely make a loop that ends, and a loop that waits for a byte, as in
`,-{34}[+{34}.,-{34}]`, has the same number in three places: step by step, nothing on the way to it is any better.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from gpdebug.evolve.genome import ADD, MAX_COUNT, MOVE, OPEN, Tokens
from gpdebug.evolve.mutation import MAX_WRAP, Material, new_count, new_token, open_gap, partner_of
from gpdebug.evolve.random import Stream, below
from vm.jit import kernel

USES = 4
"""One in so many counted loops reads its number, one writes it first in each pass, and one last."""
NOTHING = np.zeros(2, np.uint16)
_TRIES = 8
_DRAWS = 64
MAX_ROTATED = 3
RETUNED = 16
"""Tokens among which numbers belong together."""


@kernel()
def _symbol_of(kind: int, material: Material, stream: Stream) -> Any:
    """A random symbol of a kind that another one undoes, or -1."""
    language = material.language
    for _ in range(_DRAWS):
        symbol = np.int64(language.plain[below(stream, len(language.plain))])
        if language.kinds[symbol] == kind and language.inverse[symbol] >= 0:
            return symbol
    return np.int64(-1)


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
    symbol = _symbol_of(ADD, material, stream)
    width = min(1 + below(stream, MAX_WRAP), size)
    if symbol < 0 or width == 0 or size + 5 > len(genome):
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
def counted_loop(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Repeats a segment of any length, or what is before or after a place, a number of times. Needs `tidy`.

    In the brackets the cell under the head changes by one, first or last, and the head returns to it: what the segment
    moves it by is undone. Often it moves on before the segment, so that this does not use the cell that counts, and a
    new token comes before the brackets. Now and then the number is read before them, and written in each pass, before
    the segment or after it: a loop that may use its number is what `EXEC.DO*RANGE` is in Push (Spector, Klein, Keijzer:
    The Push3 execution stack and the evolution of control, GECCO 2005).
    """
    language = material.language
    add, move = _symbol_of(ADD, material, stream), _symbol_of(MOVE, material, stream)
    first = 0 if below(stream, 2) else below(stream, size + 1)
    second = size if below(stream, 2) else below(stream, size + 1)
    start, end = min(first, second), max(first, second)
    if add < 0 or start == end or size + 12 > len(genome):
        return size
    away: Any = 1 if move >= 0 and below(stream, 2) else 0
    back = np.int64(language.inverse[move]) if move >= 0 else -1
    moved = away
    for index in range(start, end if move >= 0 else start):
        symbol, count = np.int64(genome[index]) >> 8, np.int64(genome[index]) & 255
        moved += count if symbol == move else -count if symbol == back else 0
    is_last, written = below(stream, 2), below(stream, USES)
    size = open_gap(genome, size, end, 5)
    genome[end] = (back if moved > 0 else move) << 8 | min(abs(moved), MAX_COUNT) if moved else 0
    genome[end + 1], genome[end + 2] = language.write if written == 0 else NOTHING
    genome[end + 3] = add << 8 | is_last
    genome[end + 4] = language.close << 8 | 1
    size = open_gap(genome, size, start, 7)
    genome[start] = language.read if below(stream, USES) == 0 else 0
    genome[start + 1] = new_token(material, stream) if below(stream, 2) else 0
    genome[start + 2] = language.open << 8 | 1
    genome[start + 3] = add << 8 | 1 - is_last
    genome[start + 4], genome[start + 5] = language.write if written == 1 else NOTHING
    genome[start + 6] = move << 8 | away if away else 0
    return size


@kernel()
def rotate_loop(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """What a loop does first, 1 to 3 tokens, it does last, or the other way round. Needs `tidy`.

    A loop that counts and writes in the wrong order, or once too often, is this one change away from the right one.
    """
    language = material.language
    for _ in range(_DRAWS if size > 0 else 0):
        start = below(stream, size)
        if language.kinds[genome[start] >> 8] != OPEN:
            continue
        end = partner_of(genome, size, start, language)
        width = 1 + below(stream, MAX_ROTATED)
        if end - start - 1 > width:
            body = genome[start + 1 : end].copy()
            shift = width if below(stream, 2) else len(body) - width
            for index in range(len(body)):
                genome[start + 1 + index] = body[(index + shift) % len(body)]
            break
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
