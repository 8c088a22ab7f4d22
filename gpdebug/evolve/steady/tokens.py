"""Runs a genome as it is: no program is written out, and a token costs the same whatever its count.

The tokens of a genome become *operations*, rows of `WIDTH` integers in one flat array: move the heads, add to the
cell at head0, then at most one thing that is neither (`WHAT`). So `>>+++.` is one operation. An innermost loop of
moves and additions that comes back to where it began is run in closed form: `passes` at once are a multiplication
(see `vm.loop_forms`, whose simplest case this is). Results are exactly those of `vm.evaluate`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy import uintp
from numpy.typing import NDArray

from gpdebug.evolve.genome import Language
from gpdebug.evolve.objectives import EXTRA, PENALTY
from vm.dialect import Dialect, Primitive
from vm.evaluate import pack_start
from vm.jit import kernel
from vm.layout import (
    ADD,
    CLOSE,
    COPY01,
    COPY10,
    EOF,
    EOF_HALT,
    EOF_ZERO,
    FINISHED,
    HALT,
    HALTED,
    INPUT_EXHAUSTED,
    LIMIT,
    MOVE0,
    MOVE1,
    OPEN,
    OUT_LIMIT,
    OUT_OF_BOUNDS,
    OUTPUT_LIMIT,
    READ,
    RUNNING,
    SET,
    STASH,
    STEP_LIMIT,
    UNSTASH,
    WRITE,
    pack_settings,
)  # fmt: skip
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
ABANDONED = -1
"""A status that `run_tokens` has besides those of a machine."""
COUNTS = 256
NEVER = MAX_LIMIT


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


@kernel()
def passes_to_zero(value: int, rate: int) -> Any:
    """After how many passes a cell that is `value`, not zero, is zero if it changes by `rate` in each, or `NEVER`."""
    if rate == 255:
        return value
    if rate == 0:
        return NEVER
    values = COUNTS
    while rate & 1 == 0:
        if value & 1:
            return NEVER
        rate >>= 1
        value >>= 1
        values >>= 1
    inverse = rate
    for _ in range(2):
        inverse = inverse * (2 - rate * inverse) & 255
    return (values - value) * inverse & (values - 1)


@kernel(inline=True)
def stays_inside(ops: Any, opens: int, closes: int, head0: int, head1: int, cells: int) -> bool:
    """Whether no head passes an edge in a pass of a linear loop."""
    for row in range(opens + WIDTH, closes + WIDTH, WIDTH):
        head0 += ops[uintp(row + BY0)]
        head1 += ops[uintp(row + BY1)]
        if head0 < 0 or head0 >= cells or head1 < 0 or head1 >= cells:
            return False
    return True


@kernel(inline=True)
def skip_passes(
    ops: Any, opens: int, passes: int, memory: Any, head0: int, head1: int, cells: int, halting: bool, dirt: Any,
    dirty: int,
) -> tuple[Any, Any]:  # fmt: skip
    """Does passes of a linear loop at once; returns where head1 is then, and how much of `dirt` is used."""
    closes = ops[uintp(opens + TARGET)] - WIDTH
    cell, travel = head0, 0
    for row in range(opens + WIDTH, closes + WIDTH, WIDTH):
        cell += ops[uintp(row + BY0)]
        travel += ops[uintp(row + BY1)]
        if not halting:
            cell -= cells if cell >= cells else 0
            travel -= cells if travel >= cells else 0
        memory[uintp(cell)] = np.uint8(np.int64(memory[uintp(cell)]) + ops[uintp(row + ADDS)] * passes)
        dirt[uintp(dirty)] = cell
        dirty += 1
    if travel != 0:
        head1 = (head1 + travel * passes) % cells
    return head1, dirty


@kernel()
def run_tail(
    genome: Any, token: int, roles: Any, amounts: Any, memory: Any, inputs: Any, at: int, size: int, output: Any,
    settings: Any, halting: bool, head0: int, head1: int, spare: Any, written: int, left: int, dirt: Any, dirty: int,
) -> tuple[Any, Any, Any]:  # fmt: skip
    """Does the last `left` steps, one token after the other, which end within an operation.

    Returns the status, the bytes written and how much of `dirt` is used.
    """
    cells = len(memory)
    while left > 0:
        symbol, count = np.int64(genome[token]) >> 8, np.int64(genome[token]) & 255
        primitive = roles[symbol, PRIMITIVE]
        steps: Any = min(count, left)
        if (primitive == MOVE0) | (primitive == MOVE1):
            one = np.int64(amounts[symbol, 1])
            head: Any = head0 if primitive == MOVE0 else head1
            for _ in range(steps):
                head += one
                if halting and (head < 0 or head >= cells):
                    return OUT_OF_BOUNDS, written, dirty
                head -= cells if head >= cells else 0
            head0 = head if primitive == MOVE0 else head0
            head1 = head if primitive == MOVE1 else head1
        elif primitive == ADD:
            memory[head0] = np.uint8(np.int64(memory[head0]) + np.int64(amounts[symbol, steps]))
        elif primitive == SET:
            memory[head0] = np.uint8(amounts[symbol, 1])
        elif primitive == COPY01:
            memory[head1] = memory[head0]
            dirt[dirty] = head1
            dirty += 1
        elif primitive == COPY10:
            memory[head0] = memory[head1]
        elif primitive == READ:
            at, status = read_tokens(memory, head0, inputs, at, size, steps, settings[EOF])
            if status != RUNNING:
                return status, written, dirty
        elif primitive == WRITE:
            for _ in range(steps):
                if written == settings[OUT_LIMIT]:
                    return OUTPUT_LIMIT, written, dirty
                if written < len(output):
                    output[written] = memory[head0]
                written += 1
        elif primitive == STASH:
            spare = memory[head0]
        elif primitive == UNSTASH:
            memory[head0] = spare
        dirt[dirty] = head0
        dirty += 1
        left -= steps
        token += 1
    return STEP_LIMIT, written, dirty


@kernel(inline=True)
def read_tokens(memory: Any, head0: int, inputs: Any, at: int, size: int, count: int, eof: int) -> tuple[Any, Any]:
    """Reads `count` bytes into one cell, of which the last one stays; returns the place in the input and the status."""
    if at + count <= size:
        memory[uintp(head0)] = inputs[uintp(at + count - 1)]
        return at + count, RUNNING
    if eof == EOF_ZERO:
        memory[uintp(head0)] = 0
    elif at < size:
        memory[uintp(head0)] = inputs[uintp(size - 1)]
    return size, INPUT_EXHAUSTED if eof == EOF_HALT else RUNNING


@kernel(inline=True)
def run_tokens(
    genome: Any, ops: Any, roles: Any, amounts: Any, memory: Any, inputs: Any, at: int, size: int, output: Any,
    settings: Any, halting: bool, head0: int, head1: int, wanted: Any, case: int, right: int, circular: bool,
    bound: int, dirt: Any,
) -> tuple[Any, Any, Any, Any, Any]:  # fmt: skip
    """Runs a genome on one case, up to its end or to where its output is surely worse than a bound.

    Args:
        genome: `uint16[...]`, its tokens.
        ops: of `compile_tokens`.
        roles: see `Meanings`, like `amounts`, `settings` and `halting`.
        amounts: see `Meanings`.
        memory: `uint8[cells]`, the input in place, all others zero.
        inputs: `uint8[total]`, the input from `at` to `size`.
        at: see `inputs`.
        size: see `inputs`.
        output: `uint8[width]`, what is written to it.
        settings: see `vm.layout`.
        halting: see `Meanings`.
        head0: where head0 starts.
        head1: where head1 starts.
        wanted: `uint8[cases, ...]`, the outputs that are wanted.
        case: the one this is.
        right: its wanted bytes.
        circular: how errors of bytes are counted.
        bound: the largest error of bytes written that is of interest; -1: none is of any.
        dirt: `int32[2 * limit + 2]`, filled with the cells that may not be zero any more.

    Returns:
        The status (`ABANDONED` beyond the bound), the bytes written, how many cells `dirt` names, and where the heads
        are, unless the limit was reached.
    """
    cells, eof, out_limit = len(memory), settings[EOF], settings[OUT_LIMIT]
    left = settings[LIMIT]
    row = written = error = dirty = 0
    spare = np.uint8(0)
    while True:
        cost = ops[uintp(row + COST)]
        if cost > left:
            status, written, dirty = run_tail(
                genome, ops[uintp(row + TOKEN)], roles, amounts, memory, inputs, at, size, output, settings,
                halting, head0, head1, spare, written, left, dirt, dirty,
            )  # fmt: skip
            return status, written, dirty, head0, head1
        left -= cost
        head0 += ops[uintp(row + BY0)]
        head1 += ops[uintp(row + BY1)]
        if halting:
            if head0 < 0 or head0 >= cells or head1 < 0 or head1 >= cells:
                return OUT_OF_BOUNDS, written, dirty, head0, head1
        else:
            head0 -= cells if head0 >= cells else 0
            head1 -= cells if head1 >= cells else 0
        value = np.uint8(np.int64(memory[uintp(head0)]) + ops[uintp(row + ADDS)])
        memory[uintp(head0)] = value
        dirt[uintp(dirty)] = head0
        dirty += 1
        what = ops[uintp(row + WHAT)]
        row += WIDTH
        if what == NOTHING:
            continue
        if what == WRITE:
            for _ in range(ops[uintp(row - WIDTH + AMOUNT)]):
                if written == out_limit:
                    return OUTPUT_LIMIT, written, dirty, head0, head1
                if written < len(output):
                    output[uintp(written)] = value
                if written < right:
                    off: Any = abs(np.int64(value) - np.int64(wanted[uintp(case), uintp(written)]))
                    error += 256 - off if circular and off > 128 else off
                elif written < right + EXTRA:
                    error += PENALTY
                written += 1
            if error > bound and bound >= 0:
                return ABANDONED, written, dirty, head0, head1
        elif what == CLOSE:
            if value != 0:
                row = ops[uintp(row - WIDTH + TARGET)]
        elif what == OPEN:
            if value == 0:
                row = ops[uintp(row - WIDTH + TARGET)]
        elif what == LINEAR:
            opens = row - WIDTH
            after = ops[uintp(opens + TARGET)]
            if value == 0:
                row = after
            elif not halting or stays_inside(ops, opens, after - WIDTH, head0, head1, cells):
                cost = ops[uintp(after - WIDTH + AMOUNT)]
                passes = passes_to_zero(np.int64(value), ops[uintp(opens + AMOUNT)])
                ends = passes < NEVER and passes * cost <= left
                if not ends:
                    passes = left // cost
                head1, dirty = skip_passes(ops, opens, passes, memory, head0, head1, cells, halting, dirt, dirty)
                left -= passes * cost
                row = after if ends else row
        elif what == END:
            return FINISHED, written, dirty, head0, head1
        elif what == COPY01:
            memory[uintp(head1)] = value
            dirt[uintp(dirty)] = head1
            dirty += 1
        elif what == COPY10:
            memory[uintp(head0)] = memory[uintp(head1)]
        elif what == READ:
            at, status = read_tokens(memory, head0, inputs, at, size, ops[uintp(row - WIDTH + AMOUNT)], eof)
            if status != RUNNING:
                return status, written, dirty, head0, head1
        elif what == SET:
            memory[uintp(head0)] = np.uint8(ops[uintp(row - WIDTH + AMOUNT)])
        elif what == STASH:
            spare = value
        elif what == UNSTASH:
            memory[uintp(head0)] = spare
        elif what == HALT:
            return HALTED, written, dirty, head0, head1


@kernel(inline=True)
def clean(memory: Any, dirt: Any, dirty: int) -> None:
    """Makes all cells zero again."""
    if dirty < len(memory) // 8:
        for index in range(dirty):
            memory[uintp(dirt[uintp(index)])] = 0
    else:
        memory[:] = 0
