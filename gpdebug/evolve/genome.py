"""The genome: a row of (symbol, count) tokens, neighbours of one symbol merged, brackets balanced at birth.

A token is `symbol index << 8 | count`, `uint16`. Long runs such as `+{34}` are one token, so one mutation makes,
moves or removes them; the program that runs is the genome written out.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy import uintp
from numpy.typing import NDArray

from gpdebug.evolve.tasks import require_language
from vm.dialect import Dialect, Io, Primitive
from vm.evaluate import Programs
from vm.jit import borrowed, kernel
from vm.raw import EACH, WORD, address, put_unaligned_word

Tokens = NDArray[np.uint16]

MAX_TOKENS = 256
"""Tokens that a row has room for where nothing else is said."""
SLACK = 256
"""Room in a row that is worked in, beyond that for the tokens of two parents."""
MAX_COUNT = 255
MANY_DIALECTS = 16
"""Dialects whose tables are kept: to make them takes a tenth of a short search."""

ONCE, ADD, MOVE, OPEN, CLOSE = range(5)
"""What a symbol is to the variation: whether a run of it makes sense, or it is a bracket."""
UNDONE = (Primitive.ADD, Primitive.MOVE0, Primitive.MOVE1)
"""What the same with the opposite argument undoes."""


class Language(NamedTuple):
    """A dialect as arrays that kernels take.

    Attributes:
        symbols: `uint8[n]`, the byte of each symbol index.
        kinds: `uint8[n]`, `ONCE` to `CLOSE`.
        inverse: `int16[n]`, the symbol that undoes it, or -1.
        plain: `uint8[m]`, the symbols that are no brackets.
        open: the symbol index of the opening bracket.
        close: of the closing bracket.
        read: the token that reads a byte to the cell under the head, 0 if there is none.
        write: `uint16[2]`, tokens that write that cell where the next byte of the output goes; zeros if there are none.
    """

    symbols: NDArray[np.uint8]
    kinds: NDArray[np.uint8]
    inverse: NDArray[np.int16]
    plain: NDArray[np.uint8]
    open: int
    close: int
    read: int
    write: NDArray[np.uint16]


@lru_cache(maxsize=MANY_DIALECTS)
def language_of(dialect: Dialect) -> Language:
    """What variation needs to know about a dialect.

    Raises:
        TaskError: evolution cannot work in it.
    """
    require_language(dialect)
    table = [i for i in dialect.instructions if i.primitive is not Primitive.NOP]
    primitives = [i.primitive for i in table]
    kinds = {Primitive.ADD: ADD, Primitive.MOVE0: MOVE, Primitive.MOVE1: MOVE, Primitive.OPEN: OPEN,
             Primitive.CLOSE: CLOSE}  # fmt: skip
    undo = {(i.primitive, -i.argument): index for index, i in enumerate(table) if i.primitive in UNDONE}
    return Language(
        symbols=np.array([ord(i.symbol) for i in table], np.uint8),
        kinds=np.array([kinds.get(p, ONCE) for p in primitives], np.uint8),
        inverse=np.array([undo.get((i.primitive, i.argument), -1) for i in table], np.int16),
        plain=np.array([k for k, p in enumerate(primitives) if kinds.get(p, ONCE) < OPEN], np.uint8),
        open=primitives.index(Primitive.OPEN),
        close=primitives.index(Primitive.CLOSE),
        read=single_tokens(dialect).get((Primitive.READ, 0), 0),
        write=np.array((*_write(dialect), 0, 0)[:2], np.uint16),
    )


def single_tokens(dialect: Dialect) -> dict[tuple[Primitive, int], int]:
    """The token of each instruction there is, once, by its primitive and argument."""
    table = [i for i in dialect.instructions if i.primitive is not Primitive.NOP]
    return {(i.primitive, i.argument): index << 8 | 1 for index, i in enumerate(table)}


def _write(dialect: Dialect) -> tuple[int, ...]:
    """Tokens that write a cell where the next byte of the output goes."""
    tokens = single_tokens(dialect)
    needed = [(Primitive.WRITE, 0)] if dialect.io is Io.STREAMS else [(Primitive.COPY01, 0), (Primitive.MOVE1, 1)]
    return tuple(tokens[key] for key in needed) if all(key in tokens for key in needed) else ()


@kernel()
def tidy(genome: Tokens, size: int, language: Language) -> Any:
    """Drops brackets without a partner and empty tokens, and merges neighbours; returns the new size.

    Brackets never merge. A run longer than 255 loses the rest.
    """
    size, unclosed = _merged(genome, size, language.kinds)
    if unclosed:
        _empty_open(genome, size, unclosed, language)
        size, unclosed = _merged(genome, size, language.kinds)
    return size


@kernel(inline=True)
def merge(genome: Any, size: int, language: Language) -> Any:
    """Drops empty tokens and merges neighbours, and with them brackets that close without a partner; returns the new
    size. Where neither is to be done, which is seen at a glance, nothing is dropped.
    """
    last: Any = -1
    untidy: Any = np.int64(0)
    for index in range(size):
        token: Any = np.int64(genome[uintp(index)])
        symbol = token >> 8
        untidy |= (token & 255 == 0) | ((symbol == last) & (symbol != language.open) & (symbol != language.close))
        last = symbol
    if untidy:
        size, _ = _merged(genome, size, language.kinds)
    return size


@kernel(inline=True)
def _merged(genome: Any, size: int, kinds: Any) -> tuple[Any, Any]:
    """Does all of `tidy` in one pass, except for opening brackets that are never closed: how many are left."""
    kept = 0
    depth: Any = np.int64(0)
    last: Any = -1
    for index in range(size):
        token: Any = np.int64(genome[uintp(index)])
        symbol, count = token >> 8, token & 255
        kind = np.int64(kinds[uintp(symbol)])
        deeper = depth + (kind == OPEN) - (kind == CLOSE)
        drops = (count == 0) | (deeper < 0)
        depth = depth if drops else deeper
        if (symbol == last) & (kind < OPEN) & (not drops):
            before: Any = np.int64(genome[uintp(kept - 1)])
            genome[uintp(kept - 1)] = min((before & 255) + count, MAX_COUNT) | symbol << 8
            continue
        genome[uintp(kept)] = token
        kept += not drops
        last = last if drops else symbol
    return kept, depth


@kernel()
def _empty_open(genome: Tokens, size: int, count: int, language: Language) -> None:
    """Leaves nothing of the `count` opening brackets that are never closed."""
    closed = 0
    index = size - 1
    while count > 0:
        kind = language.kinds[genome[index] >> 8]
        if kind == CLOSE:
            closed += 1
        elif kind == OPEN and closed > 0:
            closed -= 1
        elif kind == OPEN:
            genome[index] = 0
            count -= 1
        index -= 1


@kernel()
def instructions(genome: Tokens, size: int) -> Any:
    """How long the program is that a genome stands for."""
    total = 0
    for index in range(size):
        total += genome[index] & 255
    return total


@kernel()
def write_out(
    genomes: NDArray[np.uint16],
    sizes: NDArray[np.int32],
    symbols: NDArray[np.uint8],
    offsets: NDArray[np.int64],
    code: NDArray[np.uint8],
) -> None:
    """Writes genomes out as programs, one after the other.

    Args:
        genomes: `uint16[n, width]`.
        sizes: `int32[n]`, tokens of each.
        symbols: of the language.
        offsets: `int64[n + 1]`, filled.
        code: `uint8[at least total + WORD]`, filled: symbols are written eight at a time, and what is too many of them
            the next ones are written over.
    """
    _write_out(genomes, sizes, symbols, offsets, address(code))


@kernel()
def _write_out(genomes: Any, sizes: Any, symbols: Any, offsets: Any, code: int) -> None:
    """`write_out` with what it holds: here it is only borrowed."""
    genomes, symbols = borrowed(genomes), borrowed(symbols)
    end: Any = np.int64(0)
    offsets[0] = 0
    for row in range(len(sizes)):
        for index in range(sizes[row]):
            token: Any = np.int64(genomes[uintp(row), uintp(index)])
            eight = np.int64(symbols[uintp(token >> 8)]) * EACH
            put_unaligned_word(code + end, eight)
            count = token & 255
            for more in range(WORD, count, WORD):
                put_unaligned_word(code + end + more, eight)
            end += count
        offsets[row + 1] = end


def written(genomes: NDArray[np.uint16], sizes: NDArray[np.int32], language: Language) -> Programs:
    """The programs of genomes `uint16[n, width]` with `int32[n]` tokens."""
    offsets = np.zeros(len(sizes) + 1, np.int64)
    code = np.empty(instructions_in_all(genomes, sizes) + WORD, np.uint8)
    write_out(genomes, sizes, language.symbols, offsets, code)
    return Programs(code[:-WORD], offsets)


@kernel()
def instructions_in_all(genomes: NDArray[np.uint16], sizes: NDArray[np.int32]) -> Any:
    """How long all programs are together."""
    total = 0
    for row in range(len(sizes)):
        total += instructions(genomes[row], sizes[row])
    return total


def tokens_of(genomes: NDArray[np.uint16], sizes: NDArray[np.int32]) -> NDArray[np.uint16]:
    """Genomes `uint16[n, width]` up to the longest of them, not copied; what lies behind each becomes zero."""
    clear_rest(genomes, sizes)
    return genomes[:, : sizes.max(initial=1)]


@kernel()
def clear_rest(genomes: NDArray[np.uint16], sizes: NDArray[np.int32]) -> None:
    """Writes zeros behind each genome of `int32[n]` tokens."""
    for row in range(len(sizes)):
        for index in range(sizes[row], genomes.shape[1]):
            genomes[row, index] = 0
