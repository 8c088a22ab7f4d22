"""Passes of a loop with head0 at rest, many at once, whatever its cells depend on; with brackets inside, too.

After a pass every cell at rest is one of them as it was before, its *root*, plus an amount, or a constant. From root to
root one comes to a constant or to a cycle, in which every cell changes by the same amount from one round to the next.
So a cell's value after any number of passes is a few additions and a multiplication, and the pass in which it is first
zero, or not zero, is known: the first pass in which a *guard* fails, a cell that must be zero, or must not, for the
loop to go on the same way (as in `vm.loop_traces`; a loop without brackets inside has one, its own).

Head1 may move as long as nothing is copied from it, and its path does not meet a cell at rest: what is copied to it
is then written by one sweep over the path for each copy, the foremost first.
"""

from __future__ import annotations

from vm.blocks import CONSTANT, DISTANCE_MASK, FROM_HEAD1, SOURCE, TARGET, TO_HEAD1
from vm.jit import kernel
from vm.loop_bulk import UNFIT, around, from_to, signed, sweep, whole
from vm.loop_forms import CONSTANT_ROOT, ENDLESS, passes_left, split_rate
from vm.raw import WORD, byte, put_byte, put_word, word

MOST_NOTED = 32
"""Most actions of a pass."""
CELL, ROOT, AMOUNT, VALUE = 0, WORD, 2 * WORD, 3 * WORD
"""What is noted of a cell at rest: which it is; its root, counted among those noted, and the amount; its new value."""
CELL_SIZE = 4 * WORD
MARK_ROOT, MARK_AMOUNT, MARK_AT = 0, WORD, 2 * WORD
"""What is noted of a guard or a copy to head1's path: its value as for a cell; 1 if it must be zero, or where to."""
MARK_SIZE = 3 * WORD
GUARDS = (2 * MOST_NOTED + 1) * CELL_SIZE
SWEEPS = GUARDS + (MOST_NOTED + 1) * MARK_SIZE
NOTES = (SWEEPS + MOST_NOTED * MARK_SIZE) // WORD
"""Words of scratch that are needed."""


@kernel(inline=True)
def _noted(notes: int, known: int, cell: int) -> int:
    """Where a cell is among those noted; it is added behind them if it is not."""
    index = 0
    while index < known and word(notes + index * CELL_SIZE + CELL) != cell:
        index += 1
    if index == known:
        put_word(notes + index * CELL_SIZE + CELL, cell)
        put_word(notes + index * CELL_SIZE + ROOT, index)
        put_word(notes + index * CELL_SIZE + AMOUNT, 0)
    return index


@kernel(inline=True)
def note_action(
    notes: int, known: int, sweeps: int, constant: bool, of: int, amount: int, on_path: bool, to: int
) -> tuple[int, int]:  # fmt: skip
    """Notes what an action does.

    Args:
        notes: address of `int64[NOTES]`.
        known: how many cells are noted.
        sweeps: how many copies to the path are.
        constant: the amount is the value.
        of: the cell that is read, otherwise.
        amount: what is added.
        on_path: the target is on head1's path, and head1 moves.
        to: the target, in the first pass.

    Returns:
        `known` and `sweeps`.
    """
    root = CONSTANT_ROOT
    if not constant:
        source = _noted(notes, known, of)
        known = max(known, source + 1)
        root = word(notes + source * CELL_SIZE + ROOT)
        amount += word(notes + source * CELL_SIZE + AMOUNT)
    if on_path:
        _put_mark(notes + SWEEPS + sweeps * MARK_SIZE, root, amount, to)
        return known, sweeps + 1
    target = _noted(notes, known, to)
    put_word(notes + target * CELL_SIZE + ROOT, root)
    put_word(notes + target * CELL_SIZE + AMOUNT, amount)
    return max(known, target + 1), sweeps


@kernel(inline=True)
def _put_mark(mark: int, root: int, amount: int, at: int) -> None:
    put_word(mark + MARK_ROOT, root)
    put_word(mark + MARK_AMOUNT, amount)
    put_word(mark + MARK_AT, at)


@kernel(inline=True)
def note_guard(notes: int, known: int, guards: int, cell: int, zero: bool) -> int:
    """Notes a cell that must be zero at this place of a pass, or must not; returns how many cells are noted."""
    tested = _noted(notes, known, cell)
    root, amount = word(notes + tested * CELL_SIZE + ROOT), word(notes + tested * CELL_SIZE + AMOUNT)
    _put_mark(notes + GUARDS + guards * MARK_SIZE, root, amount, 1 if zero else 0)
    return max(known, tested + 1)  # type: ignore[no-any-return]


@kernel(inline=True)
def _once_around(notes: int, node: int) -> tuple[int, int]:
    """How many cells the cycle of one has, and the amount of a round."""
    length, rate = 1, word(notes + node * CELL_SIZE + AMOUNT)
    other = word(notes + node * CELL_SIZE + ROOT)
    while other != node:
        rate += word(notes + other * CELL_SIZE + AMOUNT)
        other = word(notes + other * CELL_SIZE + ROOT)
        length += 1
    return length, rate


@kernel()
def _first_failure(notes: int, known: int, guard: int, memory: int, most: int) -> int:
    """How many passes are made before the one in which a guard fails, at most `most`."""
    node, total = word(guard + MARK_ROOT), word(guard + MARK_AMOUNT)
    zero = word(guard + MARK_AT) != 0
    passes = 0
    while passes < most:
        constant = node == CONSTANT_ROOT
        value = total if constant else total + byte(memory + word(notes + node * CELL_SIZE + CELL))
        if (value & 255 == 0) != zero:
            return passes
        if constant:
            return most
        if (passes >= known or word(notes + node * CELL_SIZE + ROOT) == node) and (not zero or passes > 2 * known):
            break
        total += word(notes + node * CELL_SIZE + AMOUNT)
        node = word(notes + node * CELL_SIZE + ROOT)
        passes += 1
    if zero or passes >= most:
        return most
    length, rate = _once_around(notes, node)
    shift, inverse = split_rate(rate)
    for ahead in range(length):
        value = total + byte(memory + word(notes + node * CELL_SIZE + CELL)) & 255
        rounds = 0 if value == 0 else passes_left(value, shift, inverse)
        if rounds < ENDLESS:
            most = min(most, passes + ahead + rounds * length)
        total += word(notes + node * CELL_SIZE + AMOUNT)
        node = word(notes + node * CELL_SIZE + ROOT)
    return most


@kernel(inline=True)
def _value_after(notes: int, known: int, node: int, memory: int, passes: int) -> int:
    """A cell's value after some passes."""
    total = walked = 0
    while walked < min(passes, known) and node != CONSTANT_ROOT and word(notes + node * CELL_SIZE + ROOT) != node:
        total += word(notes + node * CELL_SIZE + AMOUNT)
        node = word(notes + node * CELL_SIZE + ROOT)
        walked += 1
    if node == CONSTANT_ROOT:
        return total
    if walked < passes:
        length, rate = _once_around(notes, node)
        rest = passes - walked
        rounds = rest if length == 1 else rest // length
        total += (rounds & 255) * rate
        for _ in range(rest - rounds * length):
            total += word(notes + node * CELL_SIZE + AMOUNT)
            node = word(notes + node * CELL_SIZE + ROOT)
    return total + byte(memory + word(notes + node * CELL_SIZE + CELL))  # type: ignore[no-any-return]


@kernel()
def make_passes(
    notes: int, known: int, guards: int, sweeps: int, memory: int, cells: int, travel: int, most: int
) -> int:  # fmt: skip
    """Makes as many of the passes that are noted as all guards hold in; returns how many; heads are the caller's.

    Args:
        notes: see `note_action`, like `known` and `sweeps`.
        known: of cells.
        guards: how many are noted.
        sweeps: of copies to the path.
        memory: its address.
        cells: of the memory.
        travel: how far head1 moves in a pass, modulo the memory.
        most: passes that the limit allows.
    """
    travel = signed(travel, cells)
    stride = abs(travel)
    for sweep_at in range(notes + SWEEPS, notes + SWEEPS + sweeps * MARK_SIZE, MARK_SIZE):
        root = word(sweep_at + MARK_ROOT)
        if root != CONSTANT_ROOT and word(notes + root * CELL_SIZE + ROOT) != root:
            return 0
        for index in range(known):
            cell = word(notes + index * CELL_SIZE + CELL)
            most = min(most, whole(from_to(word(sweep_at + MARK_AT), cell, travel, cells), stride))
    for guard in range(notes + GUARDS, notes + GUARDS + guards * MARK_SIZE, MARK_SIZE):
        most = min(most, _first_failure(notes, known, guard, memory, most))
    if most <= 0:
        return 0
    origin, beyond = word(notes + CELL), cells
    while sweeps > 0 and beyond > 0:
        foremost = 0
        for sweep_at in range(notes + SWEEPS, notes + SWEEPS + sweeps * MARK_SIZE, MARK_SIZE):
            ahead = from_to(origin, word(sweep_at + MARK_AT), travel, cells)
            foremost = ahead if foremost < ahead < beyond else foremost
        for sweep_at in range(notes + SWEEPS, notes + SWEEPS + sweeps * MARK_SIZE, MARK_SIZE):
            to, root = word(sweep_at + MARK_AT), word(sweep_at + MARK_ROOT)
            if foremost > 0 and from_to(origin, to, travel, cells) == foremost:
                amount, rate = word(sweep_at + MARK_AMOUNT), 0
                if root != CONSTANT_ROOT:
                    amount += byte(memory + word(notes + root * CELL_SIZE + CELL))
                    rate = word(notes + root * CELL_SIZE + AMOUNT)
                sweep(memory, cells, to, travel, most, 0, amount, rate)
        beyond = foremost
    for index in range(known):
        put_word(notes + index * CELL_SIZE + VALUE, _value_after(notes, known, index, memory, most))
    for index in range(known):
        put_byte(memory + word(notes + index * CELL_SIZE + CELL), word(notes + index * CELL_SIZE + VALUE))
    return most


@kernel()
def block_passes(
    first: int, last: int, actions: int, notes: int, memory: int, cells: int, h0: int, h1: int, travel: int, most: int
) -> int:  # fmt: skip
    """Makes passes of a loop of one block, up to the one that ends it, which is to be made next; returns how many, or
    `UNFIT`.

    Args:
        first: its first action.
        last: behind its last one; none is special.
        actions: address of the program's.
        notes: see `note_action`.
        memory: see `make_passes`, like all that follow.
        cells: of the memory.
        h0: where head0 is; it does not move.
        h1: where head1 is.
        travel: of head1.
        most: passes that the limit allows.
    """
    if last - first > MOST_NOTED:
        return UNFIT
    known = sweeps = 0
    for index in range(first, last):
        action = word(actions + index * WORD)
        if travel != 0 and action & FROM_HEAD1:
            return UNFIT
        of = around((action >> SOURCE & DISTANCE_MASK) + (h1 if action & FROM_HEAD1 else h0), cells)
        to = around((action >> TARGET & DISTANCE_MASK) + (h1 if action & TO_HEAD1 else h0), cells)
        known, sweeps = note_action(
            notes, known, sweeps, action & CONSTANT != 0, of, action & 255, travel != 0 and action & TO_HEAD1 != 0, to
        )  # fmt: skip
    known = note_guard(notes, known, 0, h0, False)
    return make_passes(notes, known, 1, sweeps, memory, cells, travel, most)  # type: ignore[no-any-return]
