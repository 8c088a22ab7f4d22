"""Programs as basic blocks: straight pieces that end at a bracket, compiled when a run reaches them a second time.

Block b goes from just after bracket b - 1 up to and including bracket b; the last one ends with the program. A jump
therefore always leads to the start of a block. Inside a block the heads only move by amounts that are known
beforehand, so its moves vanish: what is left are *actions*, `memory[target] = memory[source] + amount`, whose cells
are told as distances from where the heads were when the block was entered.

An action is an `int64`:

| bits | |
| --- | --- |
| 0–7 | the amount; of a special action its primitive |
| 8–31, 32–55 | distance of the source and of the target from their head, modulo the memory |
| 56, 57 | the source, the target is told from head1, not head0 |
| 58 | nothing is read: the amount is the value (`set`) |
| 63 | special: `read`, `write`, `stash` and `unstash` at the target |

A block is a row of `HOT` integers (`COST` …) with what every run needs, and one of `COLD` integers (`LOW0` …) with the
rest, in flat arrays; it goes by the index that its hot row begins at, and its cold one begins at `COLD // HOT` times
that. Both are written when the block is compiled; until then its cost is `UNREACHED`, then `REACHED`. To compile a
block takes longer than to run it once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import int64, uint64
from numpy.typing import NDArray

from vm.dialect import Dialect, Primitive
from vm.jit import kernel
from vm.lanes import count_lanes as count_bits
from vm.lanes import first_lane as first_bit
from vm.layout import OPERAND, READ, WRITE, decode_words
from vm.raw import ROW, WORD, address, byte, bytes_equal_to, put_word, word
from vm.settings import MAX_LIMIT, Settings

SOURCE, TARGET = 8, 32
DISTANCE_MASK = (1 << 24) - 1
FROM_HEAD1, TO_HEAD1, CONSTANT = 1 << 56, 1 << 57, 1 << 58
SPECIAL = -(1 << 63)

HOT = 8
COST, FIRST, LAST, TRAVEL0, TRAVEL1, IF_ZERO, IF_NOT, TRAITS = range(HOT)
COLD = 16
LOW0, HIGH0, LOW1, HIGH1, READS, WRITES, FORM, SHIFT, INVERSE, DEPTH, DISTANCE, CELLS, CREDIT, LAPS = range(14)

SEEN, BRACKETS, OPEN_ONES, PAIRED = range(4)
"""How far a program's blocks are found: instructions looked at, brackets among them, one more than those that wait for
their partner, those that have one."""
PART = ROW
"""Instructions that are looked at in one go."""
SHAPES = 256
"""Where `bracket_shapes` begins to tell which bytes are brackets."""
FIRST_CREDIT = 1_000
"""What looking for a loop's form may cost before it has saved anything; see `vm.loop_forms`."""
UNREACHED, REACHED = -1, -2
NEVER = MAX_LIMIT + 1
"""Cost of a block that holds a `halt`: no limit allows to run it as a whole."""
UNKNOWN, ALONE = -1, -2
"""Instead of a bracket's partner: it is not found yet; there is none."""
NEAR = 3 * PART
"""Instructions in which a partner is looked for at once, before it is asked whether there is one."""
THE_END, NOWHERE = -1, -2
"""Where a jump leads that is none: the program has ended; the bracket has no partner and that is a fault."""

COPIES, SETS, STREAMS, SPARES, HALTS, CHECKED, FORMLESS = 2, 4, 8, 16, 32, 64, 128
"""Traits of a block: kinds of actions in it. `CHECKED`: look at its reach, reads and writes before it is run;
`FORMLESS`: it is known that it is no loop with a closed form."""
_EMITS = 1

MEANINGS = 16
ACTION, WEIGHT0, WEIGHT1, STEP0, STEP1, RAW0, RAW1, KIND, OF_HEAD1, AT_HEAD1, FROM_CELL, FROM_LAST, NOTHING = range(13)
"""What a byte means: its action; what a head's distance is multiplied by to go into the action; how far it moves the
heads, modulo the memory and as it is; its traits, the lowest bit telling whether there is an action. For
`vm.straight_kernel`, as masks of all bits or none: what is read and what is written is at head1; the value is read from
a cell; it is head0's as known from the last instruction; and what is read where nothing is to be read, a zero."""

_ACTIONS = {
    Primitive.ADD: (0, (1 << SOURCE) + (1 << TARGET), 0, _EMITS),
    Primitive.SET: (CONSTANT, 1 << TARGET, 0, _EMITS | SETS),
    Primitive.COPY01: (TO_HEAD1, 1 << SOURCE, 1 << TARGET, _EMITS | COPIES),
    Primitive.COPY10: (FROM_HEAD1, 1 << TARGET, 1 << SOURCE, _EMITS | COPIES),
    Primitive.READ: (SPECIAL + Primitive.READ, 1 << TARGET, 0, _EMITS | STREAMS),
    Primitive.WRITE: (SPECIAL + Primitive.WRITE, 1 << TARGET, 0, _EMITS | STREAMS),
    Primitive.STASH: (SPECIAL + Primitive.STASH, 1 << TARGET, 0, _EMITS | SPARES),
    Primitive.UNSTASH: (SPECIAL + Primitive.UNSTASH, 1 << TARGET, 0, _EMITS | SPARES),
    Primitive.HALT: (SPECIAL + Primitive.HALT, 0, 0, HALTS),
}


def _rows() -> NDArray[np.int64]:
    rows = np.zeros((len(Primitive), MEANINGS), np.int64)
    for primitive, (action, weight0, weight1, traits) in _ACTIONS.items():
        rows[primitive, [ACTION, WEIGHT0, WEIGHT1, KIND]] = action, weight0, weight1, traits
    return rows


_ROWS = _rows()


def meanings(dialect: Dialect, settings: Settings) -> NDArray[np.int64]:
    """What every byte does to the block it is in: `int64[256, MEANINGS]`."""
    primitives, arguments = dialect.table
    table = _ROWS[primitives]
    values = (primitives == Primitive.ADD) | (primitives == Primitive.SET)
    table[:, ACTION] += np.where(values, decode_words(dialect, settings) >> OPERAND, 0)
    for primitive, step, raw in ((Primitive.MOVE0, STEP0, RAW0), (Primitive.MOVE1, STEP1, RAW1)):
        moves = np.where(primitives == primitive, arguments, 0)
        table[:, step], table[:, raw] = moves % settings.memory, moves
    masks = {
        OF_HEAD1: primitives == Primitive.COPY10,
        AT_HEAD1: primitives == Primitive.COPY01,
        FROM_CELL: (primitives == Primitive.COPY10) | (primitives == Primitive.MOVE0),
        FROM_LAST: (primitives != Primitive.COPY10) & (primitives != Primitive.MOVE0) & (primitives != Primitive.SET),
    }
    for column, holds in masks.items():
        table[:, column] = -holds.astype(np.int64)
    return table


def bracket_shapes(dialect: Dialect) -> NDArray[np.uint8]:
    """1 for every byte that opens, 3 for one that closes, 0 for others; then all that open or close.

    Returns `uint8[SHAPES + brackets]`.
    """
    primitives = dialect.table[0]
    shapes = np.zeros(SHAPES, np.uint8)
    shapes[primitives == Primitive.OPEN] = 1
    shapes[primitives == Primitive.CLOSE] = 3
    return np.concatenate([shapes, np.flatnonzero(shapes).astype(np.uint8)])


@kernel(inline=True)
def begin_blocks(edges: Any, pending: Any, blocks: Any, progress: Any) -> None:
    """Prepares finding a program's blocks: its first one begins at its first instruction."""
    edges[0] = 0
    pending[0] = len(pending) - 1
    blocks[COST] = UNREACHED
    progress[SEEN], progress[BRACKETS], progress[OPEN_ONES], progress[PAIRED] = 0, 0, 1, 0


@kernel(inline=True)
def begin_program(
    rejects: bool, source: Any, begin: int, end: int, shapes: Any, edges: Any, partners: Any, pending: Any, blocks: Any,
    progress: Any,
) -> bool:  # fmt: skip
    """Prepares finding a program's blocks; whether it `rejects` brackets without a partner, and has one.

    The other parameters are those of `find_blocks`.
    """
    begin_blocks(edges, pending, blocks, progress)
    if rejects:
        find_blocks(end - begin, False, source, begin, end, shapes, edges, partners, pending, blocks, progress)
    return progress[BRACKETS] > progress[PAIRED]  # type: ignore[no-any-return]


@kernel(inline=True)
def find_blocks(
    block: int, partner: bool, source: Any, begin: int, end: int, shapes: Any, edges: Any, partners: Any,
    pending: Any, blocks: Any, progress: Any,
) -> None:  # fmt: skip
    """Finds more of a program's blocks and its brackets' partners, until the end of one is known, or its partner.

    Most runs stay in the first part of a long program.

    Args:
        block: what is to be known.
        partner: its bracket's partner, not only where its bracket is.
        source: `uint8[total]`, the program from `begin` to `end`, perhaps among others.
        begin: see `source`.
        end: see `source`.
        shapes: `bracket_shapes`.
        edges: `int64[program_length + 2]`, written: block b is `edges[b]` to `edges[b + 1] - 1`, where its bracket is.
        partners: `int64[program_length + 2]`, written: the partner of each bracket, counted among brackets, or
            `UNKNOWN` or `ALONE`.
        pending: `int64[program_length + 2]`, scratch that stays: the brackets that wait for their partner.
        blocks: `int64[HOT * (program_length + 1)]`, hot rows: those found become unreached.
        progress: `int64[4]`, how far this has come: `SEEN` ….
    """
    _find_parts(
        block, partner, address(source), begin, end, len(source), address(shapes), len(shapes), address(edges),
        address(partners), len(partners) - 1, address(pending), address(blocks), address(progress),
    )  # fmt: skip


@kernel(inline=True)
def find_brackets(source: int, at: int, stop: int, total: int, shapes: int, shapes_end: int) -> tuple[Any, Any]:
    """The brackets among up to `PART` bytes, and those of them that close: bit i stands for the byte `at + i`.

    Nothing beyond the `total` bytes of `source` is read: what is left of them less than a part is looked at together
    with what is before it.
    """
    found: Any = 0
    closing: Any = 0
    if total < PART:
        for index in range(at, stop):
            shape = byte(shapes + byte(source + index))
            found |= (shape & 1) << (index - at)
            closing |= (shape >> 1) << (index - at)
        return found, closing
    begin = min(at, total - PART)
    for place in range(shapes + SHAPES, shapes_end):
        same = bytes_equal_to(source + begin, byte(place))
        found |= same
        closing |= same if byte(shapes + byte(place)) > 1 else 0
    kept = uint64(-1) >> uint64(PART - (stop - at))
    here, closers = uint64(found) >> uint64(at - begin) & kept, uint64(closing) >> uint64(at - begin)
    return int64(here), int64(closers)


@kernel()
def find_closing(count: int, source: int, at: int, end: int, total: int, shapes: int, shapes_end: int) -> int:
    """Where the first of so many open brackets finds its partner from a place on; -1 if there is none.

    It takes a fifth of the time of finding all brackets there, and a third of that where only one symbol opens and one
    closes: then brackets are only counted, part after part, until one closes enough of them.
    """
    first, last = byte(shapes + SHAPES), byte(shapes_end - 1)
    opener, closer = (last, first) if byte(shapes + first) > 1 else (first, last)
    are_two = shapes_end - shapes == SHAPES + 2 and byte(shapes + opener) == 1 and byte(shapes + closer) > 1
    while at < end:
        while are_two and at + PART <= end:
            closers = count_bits(bytes_equal_to(source + at, closer))
            if closers >= count:
                break
            count += count_bits(bytes_equal_to(source + at, opener)) - closers
            at += PART
        stop = min(at + PART, end)
        found, closing = find_brackets(source, at, stop, total, shapes, shapes_end)
        closers = count_bits(closing)
        if closers < count:
            count += count_bits(found) - 2 * closers
        else:
            while found != 0:
                place = first_bit(found)
                count += 1 - 2 * (closing >> place & 1)
                found &= found - 1
                if count == 0:
                    return at + place  # type: ignore[no-any-return]
        at = stop
    return -1


@kernel()
def count_brackets(source: int, at: int, end: int, total: int, shapes: int, shapes_end: int) -> int:
    """How many brackets there are between two places."""
    count = 0
    while at < end:
        found, _ = find_brackets(source, at, min(at + PART, end), total, shapes, shapes_end)
        count += count_bits(found)
        at += PART
    return count


@kernel()
def _find_parts(
    block: int, partner: bool, source: int, begin: int, end: int, total: int, shapes: int, listed: int, edges: int,
    partners: int, unused: int, pending: int, blocks: int, progress: int,
) -> None:  # fmt: skip
    """`find_blocks` with arrays by their address.

    The brackets of a part are found all at once. No jump depends on which there are, only on how many: one that is
    predicted wrongly costs more than a bracket.
    """
    length = end - begin
    seen, known = word(progress + SEEN * WORD), word(progress + BRACKETS * WORD)
    depth, paired = word(progress + OPEN_ONES * WORD), word(progress + PAIRED * WORD)
    asks_at = seen + NEAR if partner else length
    while seen < length and (word(partners + block * WORD) == UNKNOWN if partner else known <= block):
        if seen >= asks_at and known > block:
            asks_at = length
            place = depth - 1
            while word(pending + place * WORD) != block:
                place -= 1
            if find_closing(depth - place, source, begin + seen, end, total, shapes, shapes + listed) < 0:
                for index in range(1, place + 1):
                    put_word(partners + word(pending + index * WORD) * WORD, ALONE)
                break
        stop = min(seen + PART, length)
        found, closing = find_brackets(source, begin + seen, begin + stop, total, shapes, shapes + listed)
        while found != 0:
            place = first_bit(found)
            found &= found - 1
            other = word(pending + (depth - 1) * WORD)
            closes = closing >> place & 1
            pairs = closes if depth > 1 else 0
            put_word(edges + (known + 1) * WORD, seen + place + 1)
            put_word(partners + known * WORD, other if pairs else UNKNOWN - closes)
            put_word(partners + (other if pairs else unused) * WORD, known)
            put_word(pending + depth * WORD, known)
            depth += 1 - closes - pairs
            paired += 2 * pairs
            known += 1
            put_word(blocks + (known * HOT + COST) * WORD, UNREACHED)
        seen = stop
    put_word(progress + SEEN * WORD, seen)
    put_word(progress + BRACKETS * WORD, known)
    put_word(progress + OPEN_ONES * WORD, depth)
    put_word(progress + PAIRED * WORD, paired)
    if seen == length:
        put_word(edges + (known + 1) * WORD, length + 1)


@kernel(inline=True)
def jumps(row: int, bracket: int, shapes: Any, partners: Any, count: int, strict: bool) -> tuple[int, int]:
    """The rows that follow a block if the cell at its bracket (a byte) is zero, and if it is not."""
    block = row // HOT
    if block == count:
        return THE_END, THE_END
    partner = partners[np.uintp(block)]
    taken = (partner + 1) * HOT if partner >= 0 else NOWHERE if strict else row + HOT
    return (row + HOT, taken) if shapes[bracket] > 1 else (taken, row + HOT)


@kernel(inline=True)
def compile_block(
    row: int, source: Any, begin: int, table: Any, shapes: Any, edges: Any, partners: Any, blocks: Any,
    details: Any, actions: Any, count: int, cells: int, halting: bool, strict: bool,
) -> None:  # fmt: skip
    """Writes a block's rows and actions; additions to one cell that follow each other become one.

    Args:
        row: where its hot row begins.
        source: see `find_blocks`, like `begin`, `shapes`, `edges` and `partners`.
        begin: see `source`.
        table: `meanings`.
        shapes: `bracket_shapes`.
        edges: where blocks begin.
        partners: of brackets.
        blocks: hot rows.
        details: `int64[COLD * (program_length + 1)]`, cold rows.
        actions: `int64[program_length]`, written from the block's first instruction on.
        count: how many brackets the program has.
        cells: of the memory.
        halting: a head that passes an edge is a fault.
        strict: a taken bracket without a partner is a fault.
    """
    block = row // HOT
    first, stop = edges[block], edges[block + 1] - 1
    at0 = at1 = raw0 = raw1 = low0 = low1 = high0 = high1 = traits = 0
    last = first
    previous = -1
    for index in range(first, stop):
        byte = np.uintp(source[np.uintp(begin + index)])
        action = table[byte, ACTION] + at0 * table[byte, WEIGHT0] + at1 * table[byte, WEIGHT1]
        kind = table[byte, KIND]
        traits |= kind
        emits = kind & _EMITS
        merges = emits & (action >> SOURCE == previous >> SOURCE) & (action < FROM_HEAD1) & (action >= 0)
        action = action ^ ((action ^ (action + previous)) & 255 & -merges)
        actions[np.uintp(last - merges)] = action
        last += emits - merges
        previous = action if emits else previous
        at0 += table[byte, STEP0]
        at1 += table[byte, STEP1]
        at0 -= cells if at0 >= cells else 0
        at1 -= cells if at1 >= cells else 0
        if halting:
            raw0 += table[byte, RAW0]
            raw1 += table[byte, RAW1]
            low0, high0 = min(low0, raw0), max(high0, raw0)
            low1, high1 = min(low1, raw1), max(high1, raw1)
    cold = row * (COLD // HOT)
    details[cold + FORM] = details[cold + READS] = details[cold + WRITES] = details[cold + LAPS] = 0
    details[cold + CREDIT] = FIRST_CREDIT
    if halting:
        traits |= CHECKED
        details[cold + LOW0], details[cold + HIGH0] = low0, high0
        details[cold + LOW1], details[cold + HIGH1] = low1, high1
    if traits & STREAMS:
        traits |= CHECKED
        for index in range(first, last):
            if actions[index] < 0:
                details[cold + READS] += actions[index] & 255 == READ
                details[cold + WRITES] += actions[index] & 255 == WRITE
    if_zero, if_not = jumps(
        row, source[np.uintp(begin + stop)] if block < count else 0, shapes, partners, count, strict
    )
    blocks[row + FIRST], blocks[row + LAST] = first, last
    blocks[row + COST] = NEVER if traits & HALTS else stop - first + (1 if block < count else 0)
    blocks[row + TRAVEL0], blocks[row + TRAVEL1] = at0, at1
    blocks[row + IF_ZERO], blocks[row + IF_NOT] = if_zero, if_not
    blocks[row + TRAITS] = traits
