"""Idioms: short random loops that end and change something, as material for mutations; none is picked by hand."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.genome import SLACK, Language, language_of
from gpdebug.evolve.random import below, seek
from gpdebug.evolve.steady.running import run_tokens
from gpdebug.evolve.steady.tokens import (
    IS_MOVE,
    MOVES,
    NOTHING,
    ROLE,
    SUMS,
    WIDTH,
    Meanings,
    compile_tokens,
    effect_of,
    lower,
    meanings_of,
    what_of,
)
from vm.batch_kernel import START_HEAD0, START_HEAD1
from vm.dialect import Dialect
from vm.jit import borrowed, kernel
from vm.layout import COPY01, FINISHED, HALTED, STASH, WRITE
from vm.raw import address

COUNT = 300
LONGEST_BODY = 6
STEP_LIMIT = 256 * (LONGEST_BODY + 2)
MEMORY = 256
ATTEMPTS = 40 * COUNT
IDIOMS = 1 << 40
"""In the key of random numbers in the place of an island."""
FIRST_CELL, CELLS_AROUND = -4, 13
"""The cells around a head, of which most are not zero at the moment when loops are tried."""
STARTS_WITH = 5
"""What a head sees at that moment."""
LARGEST = 64


def random_loops(dialect: Dialect, language: Language, seed: int) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    """Draws `COUNT` loops of 1 to 6 symbols; half of them return the head to a counter that changes by one.

    Returns:
        Tokens `uint16[COUNT, width]` and sizes `int32[COUNT]`, not to be written to; fewer where a dialect has not that
        many.
    """
    return _loops(dialect.with_settings(memory=MEMORY, in_at=0, out_at=None, out_len=None, limit=STEP_LIMIT), seed)


def no_loops() -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    """As much as `random_loops` gives, of none."""
    return np.zeros((0, LONGEST_BODY + 2), np.uint16), np.zeros(0, np.int32)


@lru_cache(maxsize=4)
def _loops(dialect: Dialect, seed: int) -> tuple[NDArray[np.uint16], NDArray[np.int32]]:
    """The loops; kept, since all islands of a search have the same ones."""
    language = language_of(dialect)
    meanings = meanings_of(dialect, dialect.settings, language)
    tokens, sizes = np.zeros((COUNT, LONGEST_BODY + 2), np.uint16), np.zeros(COUNT, np.int32)
    count = draw_loops(meanings, language, seed, tokens, sizes, scratch_for_loops())
    return tokens[:count], sizes[:count]


def scratch_for_loops() -> tuple[NDArray[Any], ...]:
    """What `draw_loops` works in."""
    room = LONGEST_BODY + 2 + SLACK
    return (
        np.zeros(room, np.uint16), np.zeros(WIDTH * (room + 1), np.int64), np.zeros(room + 1, np.int64),
        np.zeros(2 * STEP_LIMIT + room, np.int32), np.zeros((2, MEMORY), np.uint8), np.zeros(1, np.uint8),
        np.zeros(1, np.uint64),
    )  # fmt: skip


@kernel()
def draw_loops(meanings: Meanings, language: Language, seed: int, tokens: Any, sizes: Any, scratch: Any) -> int:
    """Draws loops until there are as many as there is room for, or for `ATTEMPTS` times; returns how many there are.

    Args:
        meanings: what tokens do, in a machine of `MEMORY` cells and `STEP_LIMIT` steps.
        language: the same dialect, for variation.
        seed: of the random numbers.
        tokens: `uint16[n, LONGEST_BODY + 2]`, filled.
        sizes: `int32[n]`, filled.
        scratch: of `scratch_for_loops`: for a loop, its operations, open brackets, dirt, memory now and at the moment
            when loops are tried, output and random numbers.
    """
    effects, start = borrowed(meanings.effects), borrowed(meanings.start)
    cells, halting = meanings.cells, meanings.halting
    loop, output, stream = borrowed(scratch[0]), scratch[5], borrowed(scratch[6])
    memory, moment = borrowed(scratch[4][0]), borrowed(scratch[4][1])
    loop_at, effects_at, output_at = address(loop), address(effects), address(output)
    ops_at, pending_at, dirt_at = address(scratch[1]), address(scratch[2]), address(scratch[3])
    known = np.zeros(len(sizes), np.uint64)
    seek(stream, seed, IDIOMS, 0, 0)
    head0, head1 = start[START_HEAD0], start[START_HEAD1]
    fill_around(moment, head0, stream)
    fill_around(moment, head1, stream)
    count = 0
    for _ in range(ATTEMPTS):
        if count == len(sizes):
            break
        size = 2 + 1 + below(stream, LONGEST_BODY)
        loop[0], loop[size - 1] = language.open << 8 | 1, language.close << 8 | 1
        name = np.uint64(1)
        for index in range(1, size - 1):
            symbol = np.int64(language.plain[below(stream, len(language.plain))])
            loop[index] = symbol << 8 | 1
            name = name << np.uint64(8) | np.uint64(symbol)
        if (count & 1 and not counts_down(loop, size, effects, cells)) or is_known(known, count, name):
            continue
        for index in range(size):
            tokens[count, index] = loop[index]
        compile_tokens(loop_at, size, effects_at, cells, halting, ops_at, pending_at)
        memory[:] = moment
        status, written, _, _, last0, last1 = run_tokens(
            loop_at, ops_at, effects_at, address(memory), cells, output_at, 0, 0, output_at, len(output),
            address(meanings.settings), halting, head0, head1, output_at, 0, False, -1, dirt_at,
        )  # fmt: skip
        changes = written > 0 or last0 != head0 or last1 != head1
        for cell in range(0 if changes else cells):
            changes |= memory[cell] != moment[cell]
        if changes and status in (FINISHED, HALTED):
            known[count], sizes[count] = name, size
            count += 1
    return count


@kernel()
def fill_around(memory: Any, head: int, stream: Any) -> None:
    """Puts something into the cells around a head."""
    for offset in range(FIRST_CELL, FIRST_CELL + CELLS_AROUND):
        memory[(head + offset) % len(memory)] = below(stream, LARGEST) if below(stream, 100) < 60 else 0
    memory[head] = STARTS_WITH


@kernel()
def is_known(known: Any, count: int, name: Any) -> bool:
    """Whether a name is among the first ones."""
    for index in range(count):  # noqa: SIM110
        if known[index] == name:
            return True
    return False


@kernel()
def counts_down(loop: Any, size: int, effects: Any, cells: int) -> bool:
    """Whether a loop's body returns head0 to where it was, and changes that cell by one in all."""
    head: Any = 0
    change: Any = 0
    for index in range(1, size - 1):
        token = np.int64(loop[index])
        role = effect_of(effects, token, ROLE)
        if role & IS_MOVE:
            head += lower(effect_of(effects, token, MOVES))
        elif head % cells != 0:
            continue
        elif what_of(role) == NOTHING:
            change += lower(effect_of(effects, token, SUMS))
        elif what_of(role) not in (COPY01, WRITE, STASH):
            return False
    return bool(head % cells == 0 and change % 256 in (1, 255))
