"""Makes operations of a genome's tokens, for `running`: no program is written out.

Operations are rows of `WIDTH` integers in one flat array: move the heads, add to the cell at head0, then at most one
thing that is neither (`WHAT`). So `>>+++.` is one operation.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy import uintp
from numpy.typing import NDArray

from gpdebug.evolve.genome import Language
from vm.dialect import Dialect, Primitive
from vm.evaluate import pack_start
from vm.jit import kernel
from vm.layout import CLOSE, HALT, OPEN, READ, SET, WRITE, pack_settings
from vm.settings import MAX_LIMIT, Edge, Settings

WIDTH = 8
BY0, BY1, ADDS, WHAT, AMOUNT, COST, TOKEN, TARGET = range(WIDTH)
"""An operation: how far it moves each head, what it adds, what it does then and with what number, its steps, the
token it begins with, and for a bracket the operation after its partner."""
NOTHING, LINEAR, END = 0, 32, 33
"""What an operation does where that is no primitive; `LINEAR` opens a loop with a closed form."""
RANK, PRIMITIVE, IN_BY0, IN_BY1, IN_ADDS = range(5)
"""What a symbol is: its place in an operation, its `Primitive`, and masks that let its amount into a sum."""
MOVES, ADDITIONS, SPECIAL = 1, 2, 3
COUNTS = 256


class Meanings(NamedTuple):
    """What tokens do, for kernels.

    Attributes:
        roles: `int64[symbols, 5]`, what each is (`RANK` …).
        amounts: `int32[symbols, COUNTS]`, what a token of a symbol and a count moves, adds or sets.
        settings: see `vm.layout`.
        start: see `vm.evaluate.pack_start`.
        cells: of the memory.
        halting: a head that passes an edge is a fault.
    """

    roles: NDArray[np.int64]
    amounts: NDArray[np.int32]
    settings: NDArray[np.int64]
    start: NDArray[np.int64]
    cells: int
    halting: bool


def meanings_of(dialect: Dialect, settings: Settings, language: Language) -> Meanings:
    """The tokens of a dialect under settings; nobody is given up for timeouts."""
    table = [dialect.symbols[chr(symbol)] for symbol in language.symbols.tolist()]
    amounts = np.array([i.argument for i in table], np.int64)[:, None] * np.arange(COUNTS)
    halting = settings.edge is Edge.HALT
    for row, instruction in zip(amounts, table, strict=True):
        if instruction.primitive in (Primitive.MOVE0, Primitive.MOVE1):
            row[:] = row if halting else row % settings.memory
        elif instruction.primitive is Primitive.SET:
            row[:] = instruction.argument % 256
        else:
            row[:] %= 256
    return Meanings(
        roles=np.array([_role(i.primitive) for i in table], np.int64),
        amounts=amounts.astype(np.int32),
        settings=pack_settings(dialect, settings),
        start=pack_start(dialect, settings, MAX_LIMIT),
        cells=settings.memory,
        halting=halting,
    )


def _role(primitive: Primitive) -> list[int]:
    masks = [-(primitive is each) for each in (Primitive.MOVE0, Primitive.MOVE1, Primitive.ADD)]
    rank = MOVES if masks[0] or masks[1] else ADDITIONS if masks[2] else SPECIAL
    return [rank, int(primitive), *masks]


@kernel(inline=True)
def compile_tokens(
    genome: Any, size: int, roles: Any, amounts: Any, cells: int, halting: bool, ops: Any, pending: Any
) -> tuple[Any, Any, Any]:
    """Tidies a genome, as `genome.tidy` does, and writes its operations.

    There is one branch in it that depends on what a token is, since each such branch would be predicted wrongly again.

    Args:
        genome: `uint16[...]`, its tokens; changed.
        size: how many there are.
        roles: see `Meanings`.
        amounts: see `Meanings`.
        cells: see `Meanings`.
        halting: see `Meanings`; every move is then an operation of its own.
        ops: `int64[WIDTH * (size + 1)]`, written.
        pending: `int64[size + 1]`, scratch.

    Returns:
        The new size, the instructions, and how many brackets that open have no partner: where there are any, the
        operations are not complete.
    """
    row = depth = kept = length = 0
    by0 = by1 = adds = cost = first = 0
    rank: Any = 0
    last: Any = -1
    candidate = -1
    for index in range(size):
        token: Any = np.int64(genome[uintp(index)])
        symbol, count = token >> 8, token & 255
        if count == 0:
            continue
        if symbol == last:
            before: Any = np.int64(genome[uintp(kept - 1)]) & 255
            count = min(before + count, COUNTS - 1) - before
            genome[uintp(kept - 1)] += np.uint16(count)
            length += count
            if roles[uintp(symbol), RANK] == SPECIAL:
                lengthen(ops, row - WIDTH, count)
                continue
        else:
            genome[uintp(kept)] = token
            starts = (roles[uintp(symbol), RANK] == MOVES) & ((rank == ADDITIONS) | (halting & (rank == MOVES)))
            ops[uintp(row + BY0)], ops[uintp(row + BY1)], ops[uintp(row + ADDS)] = by0, by1, adds
            ops[uintp(row + WHAT)], ops[uintp(row + COST)], ops[uintp(row + TOKEN)] = NOTHING, cost, first
            row += WIDTH if starts else 0
            by0, by1, adds, cost = (
                0 if starts else by0,
                0 if starts else by1,
                0 if starts else adds,
                0 if starts else cost,
            )
            first = kept if starts else first
            kept += 1
            length += count
        amount: Any = np.int64(amounts[uintp(symbol), uintp(count)])
        by0 += amount & roles[uintp(symbol), IN_BY0]
        by1 += amount & roles[uintp(symbol), IN_BY1]
        adds += amount & roles[uintp(symbol), IN_ADDS]
        if not halting:
            by0 -= cells if by0 >= cells else 0
            by1 -= cells if by1 >= cells else 0
        cost += count
        rank = roles[uintp(symbol), RANK]
        if rank < SPECIAL:
            last = symbol
            continue
        what = roles[uintp(symbol), PRIMITIVE]
        if what == CLOSE and depth == 0:
            kept, length, cost = kept - 1, length - count, cost - count
            rank = (MOVES if by0 | by1 else 0) if adds == 0 else ADDITIONS
            continue
        ops[uintp(row + BY0)], ops[uintp(row + BY1)], ops[uintp(row + ADDS)] = by0, by1, adds
        ops[uintp(row + WHAT)], ops[uintp(row + TOKEN)] = what, first
        ops[uintp(row + COST)] = cost - count + 1 if what == HALT else cost
        ops[uintp(row + AMOUNT)] = amount if what == SET else count
        last = symbol
        if what == OPEN:
            pending[uintp(depth)] = row
            depth += 1
            candidate = row
            last = -1
        elif what == CLOSE:
            depth -= 1
            partner = pending[uintp(depth)]
            ops[uintp(row + TARGET)] = partner + WIDTH
            ops[uintp(partner + TARGET)] = row + WIDTH
            if candidate == partner:
                find_rate(ops, partner, row, cells, halting)
            candidate = last = -1
        else:
            candidate = -1
        row += WIDTH
        by0 = by1 = adds = cost = 0
        first = kept
    ops[uintp(row + BY0)], ops[uintp(row + BY1)], ops[uintp(row + ADDS)] = by0, by1, adds
    ops[uintp(row + WHAT)], ops[uintp(row + COST)], ops[uintp(row + TOKEN)] = END, cost, first
    return kept, length, depth


@kernel()
def lengthen(ops: Any, row: int, count: int) -> None:
    """Makes an operation with something special do that so many more times."""
    what = ops[row + WHAT]
    if (what == READ) | (what == WRITE):
        ops[row + AMOUNT] += count
    if what != HALT:
        ops[row + COST] += count


@kernel(inline=True)
def find_rate(ops: Any, opens: int, closes: int, cells: int, halting: bool) -> None:
    """Makes a loop linear if head0 comes back: the rate of its tested cell at its start, its steps at its end."""
    at = rate = cost = travel = 0
    for row in range(opens + WIDTH, closes + WIDTH, WIDTH):
        at += ops[uintp(row + BY0)]
        travel += ops[uintp(row + BY1)]
        if not halting:
            at -= cells if at >= cells else 0
        rate += ops[uintp(row + ADDS)] if at == 0 else 0
        cost += ops[uintp(row + COST)]
    if at == 0 and not (halting and travel != 0):
        ops[uintp(opens + WHAT)] = LINEAR
        ops[uintp(opens + AMOUNT)] = rate & 255
        ops[uintp(closes + AMOUNT)] = cost
