"""Makes operations of a genome's tokens, for `running`: no program is written out.

Operations are rows of `WIDTH` words in one flat array: move the heads, add to the cell at head0, then at most one
thing that is neither (`DOES`). So `>>+++.` is one operation. Words hold several numbers each, so that what tokens do is
added up at once.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy import uintp
from numpy.typing import NDArray

from gpdebug.evolve.genome import Language
from vm.dialect import Dialect, Instruction, Primitive
from vm.evaluate import pack_start
from vm.jit import kernel
from vm.layout import CLOSE, OPEN, pack_settings
from vm.raw import shorts_at, words_at
from vm.settings import MAX_LIMIT, Edge, Settings

HALF = 32
WIDTH = 4
MOVES, SUMS, DOES, LOOP = range(WIDTH)
"""An operation, and its lower and upper halves: how far it moves head0, and head1; what it adds, and its steps; what it
does then (see `what_of`), and the token it begins with; for a bracket the operation after its partner, and the rate of
the cell that is tested where it opens a loop with a closed form, or the steps of a pass where it closes one."""
NOTHING, LINEAR, END = 0, 32, 33
"""What an operation does where that is no primitive; `LINEAR` opens a loop with a closed form."""
EFFECTS = 4
"""Words for each token: the first two as in an operation; then `ROLE`, whose lower half is that of `DOES`."""
ROLE = DOES
ENDS, BREAKS, IS_MOVE = 1, 2, 4
"""Flags of a role: an operation ends with the token, or it does so before a move; and whether it is one."""
WHAT_SHIFT, NUMBER_SHIFT = 8, 16
NUMBER_MASK = (1 << HALF - NUMBER_SHIFT) - 1
COUNTS = 256
MANY_SYMBOLS = 128
"""Symbols whose effects are kept: to tabulate them takes a twentieth of a short search."""


class Meanings(NamedTuple):
    """What tokens do, for kernels.

    Attributes:
        effects: `int64[EFFECTS * symbols * COUNTS]`, `EFFECTS` words for each token.
        settings: see `vm.layout`.
        start: see `vm.evaluate.pack_start`.
        cells: of the memory.
        halting: a head that passes an edge is a fault.
    """

    effects: NDArray[np.int64]
    settings: NDArray[np.int64]
    start: NDArray[np.int64]
    cells: int
    halting: bool


def meanings_of(dialect: Dialect, settings: Settings, language: Language) -> Meanings:
    """The tokens of a dialect under settings; nobody is given up for timeouts."""
    table = [dialect.symbols[chr(symbol)] for symbol in language.symbols.tolist()]
    return Meanings(
        effects=np.concatenate([_effects(i, settings.memory, settings.edge) for i in table]).reshape(-1),
        settings=pack_settings(dialect, settings),
        start=pack_start(dialect, settings, MAX_LIMIT),
        cells=settings.memory,
        halting=settings.edge is Edge.HALT,
    )


@lru_cache(maxsize=MANY_SYMBOLS)
def _effects(instruction: Instruction, cells: int, edge: Edge) -> NDArray[np.int64]:
    """Those of all tokens of one symbol."""
    primitive, counts, halting = instruction.primitive, np.arange(COUNTS), edge is Edge.HALT
    effects = np.zeros((COUNTS, EFFECTS), np.int64)
    effects[:, SUMS] = np.minimum(counts, 1 if primitive is Primitive.HALT else COUNTS) << HALF
    if primitive in (Primitive.MOVE0, Primitive.MOVE1):
        moves = instruction.argument * counts
        moves = moves if halting else moves % cells
        effects[:, MOVES] = moves if primitive is Primitive.MOVE0 else moves << HALF
        effects[:, ROLE] = IS_MOVE | (BREAKS if halting else 0)
    elif primitive is Primitive.ADD:
        effects[:, SUMS] += instruction.argument * counts % COUNTS
        effects[:, ROLE] = BREAKS
    else:
        numbers = instruction.argument % COUNTS if primitive is Primitive.SET else counts
        effects[:, ROLE] = numbers << NUMBER_SHIFT | primitive << WHAT_SHIFT | ENDS
    return effects


@kernel(inline=True)
def lower(word: int) -> Any:
    """The signed number in the lower half of a word."""
    return np.int64(np.int32(word))


@kernel(inline=True)
def upper(word: int) -> Any:
    """The signed number in the upper half of a word of two signed numbers."""
    return (word - np.int64(np.int32(word))) >> HALF


@kernel(inline=True)
def what_of(does: int) -> Any:
    """What an operation does besides moves and additions: `NOTHING` … or a primitive."""
    return does >> WHAT_SHIFT & 255


@kernel(inline=True)
def number_of(does: int) -> Any:
    """How often it does that, or the value of a `SET`."""
    return does >> NUMBER_SHIFT & NUMBER_MASK


@kernel(inline=True)
def effect_of(effects: Any, token: int, word: int) -> Any:
    """A word of what a token does."""
    return effects[uintp(token * EFFECTS + word)]


@kernel()
def compile_tokens(
    genome_at: int, size: int, effects_at: int, cells: int, halting: bool, ops_at: int, pending_at: int
) -> tuple[Any, Any]:
    """Writes the operations of a genome, as far as its brackets are balanced.

    Args:
        genome_at: the address of `uint16[...]`, its tokens, no neighbours of one symbol and none empty; there is room
            for one more.
        size: how many there are.
        effects_at: the address of the effects of `Meanings`.
        cells: see `Meanings`.
        halting: see `Meanings`; every move is then an operation of its own.
        ops_at: the address of `int64[WIDTH * (size + 1)]`, written.
        pending_at: the address of `int64[size + 1]`, scratch.

    Returns:
        The instructions, and how many brackets that open have no partner, or -1 if one that closes has none: if it is
        not 0, the operations are not complete.
    """
    genome, effects = shorts_at(genome_at), words_at(effects_at)
    ops, pending = words_at(ops_at), words_at(pending_at)
    row = depth = first = 0
    length: Any = 0
    moves: Any = np.int64(0)
    sums: Any = np.int64(0)
    candidate = -1
    genome[uintp(size)] = 0
    following: Any = np.int64(genome[0])
    next_role: Any = effect_of(effects, following, ROLE)
    for index in range(size):
        token: Any = following
        role: Any = next_role
        following = np.int64(genome[uintp(index + 1)])
        next_role = effect_of(effects, following, ROLE)
        length += token & 255
        moves += effect_of(effects, token, MOVES)
        sums += effect_of(effects, token, SUMS)
        if not halting and ((lower(moves) >= cells) | (moves >> HALF >= cells)):
            moves = moves % (1 << HALF) % cells | (moves >> HALF) % cells << HALF
        if (role & ENDS == 0) & ((role & BREAKS == 0) | (next_role & IS_MOVE == 0)):
            continue
        ops[uintp(row + MOVES)], ops[uintp(row + SUMS)] = moves, sums
        ops[uintp(row + DOES)] = role | first << HALF
        what, innermost = what_of(role), candidate
        candidate = candidate if what == NOTHING else -1
        if what == OPEN:
            pending[uintp(depth)] = row
            depth += 1
            candidate = row
        elif what == CLOSE:
            if depth == 0:
                return length, -1
            depth -= 1
            partner = pending[uintp(depth)]
            ops[uintp(row + LOOP)] = partner + WIDTH
            ops[uintp(partner + LOOP)] = row + WIDTH
            if innermost == partner:
                find_rate(ops, partner, row, cells, halting)
        row += WIDTH
        moves = sums = 0
        first = index + 1
    ops[uintp(row + MOVES)], ops[uintp(row + SUMS)] = moves, sums
    ops[uintp(row + DOES)] = END << WHAT_SHIFT | first << HALF
    return length, depth


@kernel(inline=True)
def find_rate(ops: Any, opens: int, closes: int, cells: int, halting: bool) -> None:
    """Makes a loop linear if head0 comes back: the rate of its tested cell at its start, its steps at its end."""
    at = travel = 0
    rate: Any = np.int64(0)
    cost: Any = np.int64(0)
    for row in range(opens + WIDTH, closes + WIDTH, WIDTH):
        moves, sums = ops[uintp(row + MOVES)], ops[uintp(row + SUMS)]
        at += lower(moves)
        travel += upper(moves)
        if not halting:
            at -= cells if at >= cells else 0
        rate += sums if at == 0 else 0
        cost += sums >> HALF
    if at == 0 and not (halting and travel != 0):
        does = ops[uintp(opens + DOES)]
        ops[uintp(opens + DOES)] = does & ~(255 << WHAT_SHIFT) | LINEAR << WHAT_SHIFT
        ops[uintp(opens + LOOP)] |= (rate & 255) << HALF
        ops[uintp(closes + LOOP)] |= cost << HALF
