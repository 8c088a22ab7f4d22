"""Mutations: small changes of a genome in place, each a kernel that returns the new size.

Insert, delete, point and segment changes as in linear genetic programming (Brameier, Banzhaf: Linear Genetic
Programming, 2007, ch. 5-6); brackets come and go in pairs. What may lose the balance of brackets says so and
relies on `genome.tidy` afterwards. What a row has no room for is not done.

All are put where they are called: a call would hand over seventy words and count the references of ten arrays, which
takes as long as most of the changes.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.genome import ADD, CLOSE, MAX_COUNT, MOVE, OPEN, Language, Tokens
from gpdebug.evolve.random import Stream, below
from gpdebug.evolve.spelling import Spelling, lent_spelling
from vm.jit import borrowed, kernel

MAX_SEGMENT = 8
MAX_WRAP = 8
LONGEST_STRETCH = 5_000
"""A thousand times the binary logarithm of one more than the most bytes that `spell` writes."""
MILLION = 1_000_000


class Material(NamedTuple):
    """What mutations build from.

    Attributes:
        language: the dialect.
        counts: `uint8[n]`, lengths of runs that the cases suggest.
        long_runs: percent of new `+ -` tokens that are runs; 0: every one is single.
        idioms: `uint16[n, width]`, loops worth inserting.
        idiom_sizes: `int32[n]`.
        weights: `int64[operators]`, cumulated weights of the mutations.
        crossovers: `int64[crossovers]`, cumulated weights of the crossovers.
        one_more: percent of births that get another mutation after each one.
        umad: additions by `umad` for a million tokens.
        spelling: the wanted outputs as tokens.
    """

    language: Language
    counts: NDArray[np.uint8]
    long_runs: int
    idioms: NDArray[np.uint16]
    idiom_sizes: NDArray[np.int32]
    weights: NDArray[np.int64]
    crossovers: NDArray[np.int64]
    one_more: int
    umad: int
    spelling: Spelling


@kernel(inline=True)
def lent(material: Material) -> Material:
    """The same material with arrays that are not counted: see `vm.jit.borrowed`."""
    language = material.language
    return Material(
        Language(
            borrowed(language.symbols), borrowed(language.kinds), borrowed(language.inverse), borrowed(language.plain),
            language.open, language.close, language.read, borrowed(language.write),
        ),
        borrowed(material.counts), material.long_runs, borrowed(material.idioms), borrowed(material.idiom_sizes),
        borrowed(material.weights), borrowed(material.crossovers), material.one_more, material.umad,
        lent_spelling(material.spelling),
    )  # fmt: skip


@kernel(inline=True)
def drawn(weights: NDArray[np.int64], stream: Stream) -> Any:
    """A random index by cumulated weights."""
    pick = below(stream, weights[-1])
    index = 0
    while weights[index] <= pick:
        index += 1
    return index


@kernel(inline=True)
def new_count(symbol: int, material: Material, stream: Stream) -> Any:
    """A length for a new token: mostly 1; runs of `+ -` from the cases or 2^U(0,6), short runs of moves."""
    kind = material.language.kinds[symbol]
    if kind == ADD and below(stream, 100) < material.long_runs:
        if len(material.counts) > 0 and below(stream, 2) == 0:
            return np.int64(material.counts[below(stream, len(material.counts))])
        return np.int64(2.0 ** (below(stream, 6000) / 1000.0))
    if kind == MOVE and below(stream, 8) == 0:
        return 2 + below(stream, 3)
    return 1


@kernel(inline=True)
def new_token(material: Material, stream: Stream) -> Any:
    """A random token that is no bracket."""
    symbol = np.int64(material.language.plain[below(stream, len(material.language.plain))])
    return (symbol << 8) | new_count(symbol, material, stream)


@kernel(inline=True)
def open_gap(genome: Tokens, size: int, at: int, width: int) -> Any:
    """Moves what is from `at` on back by `width` tokens; returns the new size, or `size` if there is no room."""
    if size + width > len(genome):
        return size
    for index in range(size - 1, at - 1, -1):
        genome[index + width] = genome[index]
    return size + width


@kernel(inline=True)
def cut(genome: Tokens, size: int, start: int, end: int) -> Any:
    """Takes out tokens `start` to `end` - 1."""
    for index in range(end, size):
        genome[index - end + start] = genome[index]
    return size - (end - start)


@kernel(inline=True)
def partner_of(genome: Tokens, size: int, at: int, language: Language) -> Any:
    """The index of the bracket that belongs to the one at `at`, or -1."""
    step = 1 if language.kinds[genome[at] >> 8] == OPEN else -1
    depth = 0
    index = at
    while 0 <= index < size:
        kind = language.kinds[genome[index] >> 8]
        if kind == OPEN:
            depth += step
        elif kind == CLOSE:
            depth -= step
        if depth == 0:
            return index
        index += step
    return -1


@kernel(inline=True)
def insert(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Puts a new token somewhere."""
    at = below(stream, size + 1)
    grown = open_gap(genome, size, at, 1)
    if grown > size:
        genome[at] = new_token(material, stream)
    return grown


@kernel(inline=True)
def delete(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Takes out a token; a bracket takes its partner along."""
    if size == 0:
        return size
    at = below(stream, size)
    if material.language.kinds[genome[at] >> 8] >= OPEN:
        partner = partner_of(genome, size, at, material.language)
        if partner >= 0:
            size = cut(genome, size, max(at, partner), max(at, partner) + 1)
            at = min(at, partner)
    return cut(genome, size, at, at + 1)


@kernel(inline=True)
def replace(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Puts a new token in the place of one that is no bracket."""
    if size > 0:
        at = below(stream, size)
        if material.language.kinds[genome[at] >> 8] < OPEN:
            genome[at] = new_token(material, stream)
    return size


@kernel(inline=True)
def change_count(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Makes a run of `+ -` or moves a little or much longer or shorter; tries a few tokens to find one."""
    for _ in range(4 if size > 0 else 0):
        at = below(stream, size)
        symbol = np.int64(genome[at] >> 8)
        kind = material.language.kinds[symbol]
        if kind != ADD and kind != MOVE:
            continue
        count: Any = np.int64(genome[at] & 255)
        choice = below(stream, 6)
        if choice < 2 or (kind == MOVE and choice < 3):
            count += 1
        elif choice < 4 or kind == MOVE:
            count -= 1
        elif choice == 4 and material.long_runs > 0:
            count += below(stream, 21) - 10
        else:
            count = new_count(symbol, material, stream)
        genome[at] = (symbol << 8) | min(max(count, 1), MAX_COUNT)
        return size
    return size


@kernel(inline=True)
def delete_segment(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Takes out 2 to 8 tokens. Needs `tidy`."""
    width = 2 + below(stream, MAX_SEGMENT - 1)
    if size < width:
        return size
    at = below(stream, size - width + 1)
    return cut(genome, size, at, at + width)


@kernel(inline=True)
def copy_segment(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Puts a copy of 1 to 8 tokens somewhere. Needs `tidy`."""
    width = min(1 + below(stream, MAX_SEGMENT), size)
    if width == 0:
        return size
    start = below(stream, size - width + 1)
    at = below(stream, size + 1)
    segment = genome[start : start + width].copy()
    grown = open_gap(genome, size, at, width)
    if grown > size:
        genome[at : at + width] = segment
    return grown


@kernel(inline=True)
def move_segment(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Moves 1 to 8 tokens somewhere else. Needs `tidy`."""
    width = min(1 + below(stream, MAX_SEGMENT), size)
    if width == 0:
        return size
    start = below(stream, size - width + 1)
    segment = genome[start : start + width].copy()
    size = cut(genome, size, start, start + width)
    at = below(stream, size + 1)
    size = open_gap(genome, size, at, width)
    genome[at : at + width] = segment
    return size


@kernel(inline=True)
def _put_around(genome: Tokens, size: int, before: int, after: int, stream: Stream) -> Any:
    width = min(1 + below(stream, MAX_WRAP), size)
    start = below(stream, size - width + 1)
    if size + 2 > len(genome):
        return size
    open_gap(genome, size, start + width, 1)
    genome[start + width] = after
    open_gap(genome, size + 1, start, 1)
    genome[start] = before
    return size + 2


@kernel(inline=True)
def wrap_in_brackets(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Makes a loop of 1 to 8 tokens. Needs `tidy` (a bracket of the segment may have its partner outside)."""
    language = material.language
    return _put_around(genome, size, (language.open << 8) | 1, (language.close << 8) | 1, stream)


@kernel(inline=True)
def wrap_in_inverses(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Puts a token before 1 to 8 tokens and what undoes it after them, such as `>` and `<`."""
    token = new_token(material, stream)
    inverse = material.language.inverse[token >> 8]
    if inverse < 0:
        return size
    return _put_around(genome, size, token, (np.int64(inverse) << 8) | (token & 255), stream)


@kernel(inline=True)
def insert_idiom(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Puts one of the idioms somewhere."""
    if len(material.idiom_sizes) == 0:
        return size
    which = below(stream, len(material.idiom_sizes))
    width = np.int64(material.idiom_sizes[which])
    at = below(stream, size + 1)
    grown = open_gap(genome, size, at, width)
    if grown > size:
        for index in range(width):
            genome[at + index] = material.idioms[which, index]
    return grown


@kernel(inline=True)
def spell(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Writes a stretch of 1 to 31 bytes of a wanted output somewhere; half of them are its beginning. Needs `tidy`.

    Letter by letter, a text of twenty takes a million programs before anything can be done with it.
    """
    spelling = material.spelling
    if len(spelling.after) == 0:
        return size
    output = below(stream, len(spelling.starts) - 1)
    first, end = spelling.starts[output], spelling.starts[output + 1]
    if below(stream, 2):
        first += below(stream, end - first)
    end = min(first + np.int64(2.0 ** (below(stream, LONGEST_STRETCH) / 1000.0)), end)
    at = below(stream, size + 1)
    grown = open_gap(genome, size, at, 4 * (end - first))
    if grown > size:
        for byte in range(first, end):
            is_alone = byte == first or (spelling.alone[byte, 0] != 0 and below(stream, 3) == 0)
            genome[at] = spelling.alone[byte, 0] if is_alone else 0
            genome[at + 1] = spelling.alone[byte, 1] if is_alone else spelling.after[byte]
            genome[at + 2], genome[at + 3] = material.language.write
            at += 4
    return grown


@kernel(inline=True)
def swap(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Exchanges two neighbours. Needs `tidy`."""
    if size > 1:
        at = below(stream, size - 1)
        first = genome[at]
        genome[at] = genome[at + 1]
        genome[at + 1] = first
    return size


@kernel(inline=True)
def umad(genome: Tokens, size: int, material: Material, stream: Stream) -> Any:
    """Uniform mutation by addition and deletion: each token may get a neighbour, then each may go. Needs `tidy`.

    Helmuth, McPhee, Spector: Program synthesis using uniform mutation by addition and deletion, GECCO 2018. With a rate
    a of additions, a / (1 + a) of all tokens are deleted: sizes stay as they are, on average. A pair of brackets comes
    as one of the symbols, around 1 to 8 tokens, and goes as a whole.
    """
    if size == 0:
        return insert(genome, size, material, stream)
    old = genome[:size].copy()
    symbols = len(material.language.plain)
    grown = pairs = 0
    for index in range(len(old)):
        room = len(genome) - grown - (len(old) - index)
        adds = room > 0 and below(stream, MILLION) < material.umad
        is_pair = adds and below(stream, symbols + 1) == symbols
        is_before = below(stream, 2) == 0 if adds else False
        pairs += is_pair
        if adds and is_before and not is_pair:
            genome[grown] = new_token(material, stream)
            grown += 1
        genome[grown] = old[index]
        grown += 1
        if adds and not is_before and not is_pair:
            genome[grown] = new_token(material, stream)
            grown += 1
    size = grown
    for _ in range(pairs):
        size = wrap_in_brackets(genome, size, material, stream)
    for index in range(size):
        if below(stream, MILLION + material.umad) < material.umad:
            _empty(genome, size, index, material.language)
    return size


@kernel(inline=True)
def _empty(genome: Tokens, size: int, at: int, language: Language) -> None:
    """Leaves nothing of a token, nor of the bracket that belongs to it: `tidy` drops them."""
    if language.kinds[genome[at] >> 8] >= OPEN:
        partner = partner_of(genome, size, at, language)
        if partner >= 0:
            genome[partner] = (genome[partner] >> 8) << 8
    genome[at] = (genome[at] >> 8) << 8
