"""Passes of an innermost loop with a moving head, many at once: action by action, not pass by pass.

One head moves by `travel` cells a pass along its *path*, the other is at rest. As long as the path does not come round
to where it began, nor to a cell of the head at rest, every cell of it is met by each action at most once: first by the
one furthest ahead, and so on. Action by action over all passes, in this order, therefore does the same. An action adds
something to the cells of the path, or sets them, to a value from the cell at rest; what it copies to a cell at rest
only counts in the last pass.

Head0 moves: the cell that a pass is followed by the test of has met all actions ahead of the head. The loop ends at the
first cell that is then zero; one comparison a cell finds it, eight of them in a word. Head0 is at rest: its cell
changes by the same amount in every pass, or is copied from the path.

Passes are made up to the last but one before the loop ends, or the path meets something: who calls makes the next one.
"""

from __future__ import annotations

from typing import Any

from numpy import int64, uint64

from vm.blocks import (
    CONSTANT,
    DISTANCE_MASK,
    FROM_HEAD1,
    SOURCE,
    TARGET,
    TO_HEAD1,
)
from vm.jit import kernel
from vm.loop_forms import passes_left, split_rate
from vm.raw import WORD, byte, put_byte, put_word, word

UNFIT = -1
"""No passes of this loop can be made at once."""
WIDEST = 12
"""Most cells from the rearmost to the foremost that actions of a pass change; all of them are looked at."""
ONES = uint64(0x0101010101010101)
LOW_BITS, HIGH_BITS = uint64(0x7F7F7F7F7F7F7F7F), uint64(0x8080808080808080)


@kernel(inline=True)
def signed(distance: int, cells: int) -> int:
    """A distance modulo the memory, as the shorter way."""
    return distance - cells if 2 * distance > cells else distance


@kernel(inline=True)
def around(cell: int, cells: int) -> int:
    """A cell that is less than one round too far."""
    return cell - cells if cell >= cells else cell


@kernel(inline=True)
def whole(distance: int, stride: int) -> int:
    """How often a stride fits: a division takes as long as a dozen passes."""
    return distance if stride == 1 else distance // stride


@kernel(inline=True)
def from_to(cell: int, other: int, travel: int, cells: int) -> int:
    """How many cells lie from one cell to another in the direction of the path."""
    beyond = other - cell if travel > 0 else cell - other
    return beyond + cells if beyond < 0 else beyond


@kernel(inline=True)
def _has_byte(cells: int, wanted: Any) -> Any:
    """Whether one of eight cells is `wanted`, which is in all bytes of a word."""
    other = uint64(cells) ^ wanted
    return (((other & LOW_BITS) + LOW_BITS) | other | LOW_BITS) != uint64(-1)


@kernel(inline=True)
def _in_each(value: int) -> Any:
    """A word of eight cells with the same value: unsigned, since signed numbers must not overflow."""
    return uint64(value & 255) * ONES


@kernel(inline=True)
def _plus(cells: Any, amounts: Any) -> Any:
    """Eight cells with an amount added to each."""
    return ((cells & LOW_BITS) + (amounts & LOW_BITS)) ^ ((cells ^ amounts) & HIGH_BITS)


@kernel()
def find_on_path(memory: int, cells: int, cell: int, travel: int, count: int, value: int) -> int:
    """How many of `count` cells of a path come before the first that is `value`.

    Args:
        memory: its address.
        cells: of the memory.
        cell: the first of the path.
        travel: from one to the next.
        count: how many are looked at.
        value: what is looked for.
    """
    passed = 0
    wanted = _in_each(value)
    while passed < count:
        if travel == 1:
            while count - passed >= WORD and cell + WORD <= cells and not _has_byte(word(memory + cell), wanted):
                passed += WORD
                cell += WORD
        elif travel == -1:
            while count - passed >= WORD and cell >= WORD and not _has_byte(word(memory + cell - WORD + 1), wanted):
                passed += WORD
                cell -= WORD
        cell -= cells if cell >= cells else 0
        for _ in range(min(WORD, count - passed)):
            if byte(memory + cell) == value:
                return passed
            passed += 1
            cell += travel
            cell += cells if cell < 0 else 0
            cell -= cells if cell >= cells else 0
    return passed


@kernel()
def sweep(memory: int, cells: int, cell: int, travel: int, count: int, keep: int, amount: int, rate: int) -> None:
    """Changes the cells of a path: what `keep` masks of them, and an amount that grows by `rate` from cell to cell.

    Args:
        memory: its address.
        cells: of the memory.
        cell: the first of the path.
        travel: from one to the next.
        count: how many are changed.
        keep: of each, 255 or 0.
        amount: added to the first.
        rate: see `amount`.
    """
    while count > 0:
        if travel == 1 or travel == -1:
            run = min(count, cells - cell if travel > 0 else cell + 1)
            place = memory + (cell if travel > 0 else cell - run + 1)
            lowest, slope = amount if travel > 0 else amount + (run - 1) * rate, rate * travel
            stop = place + run
            kept, added, more = _in_each(keep), _in_each(lowest), _in_each(WORD * slope)
            if slope == 0:
                while place + WORD <= stop:
                    put_word(place, int64(_plus(uint64(word(place)) & kept, added)))
                    place += WORD
            elif run >= WORD:
                for lane in range(WORD):
                    added = _plus(added, uint64(lane * slope & 255) << uint64(8 * lane))
                while place + WORD <= stop:
                    put_word(place, int64(_plus(uint64(word(place)) & kept, added)))
                    added = _plus(added, more)
                    place += WORD
            while place < stop:
                put_byte(place, (byte(place) & keep) + lowest + (place - stop + run) * slope)
                place += 1
            count -= run
            amount += run * rate
            cell = 0 if travel > 0 else cells - 1
        else:
            while count > 0 and 0 <= cell < cells:
                put_byte(memory + cell, (byte(memory + cell) & keep) + amount)
                cell += travel
                amount += rate
                count -= 1
            cell += cells if cell < 0 else 0
            cell -= cells if cell >= cells else 0


@kernel()
def passes_at_once(
    first: int, last: int, actions: int, memory: int, cells: int, h0: int, h1: int, travel0: int, travel1: int,
    most: int,
) -> int:  # fmt: skip
    """Makes passes of a loop, fewer than `most`; who calls moves the heads. `UNFIT` if there are never any.

    After them the cells that are copied to at rest are not right: the next pass, which must follow and does not come to
    them on the path, makes them so.

    Args:
        first: the first action of its only block.
        last: behind its last one.
        actions: address of the program's.
        memory: its address.
        cells: of the memory.
        h0: where head0 is.
        h1: where head1 is.
        travel0: how far head0 moves in a pass, modulo the memory.
        travel1: head1, too.
        most: passes that the limit allows.
    """
    travel0, travel1 = signed(travel0, cells), signed(travel1, cells)
    copies = outward = 0
    for index in range(first, last):
        action = word(actions + index * WORD)
        copies += 1 if action & (FROM_HEAD1 | TO_HEAD1) else 0
        outward |= action & TO_HEAD1
    if travel0 != 0 and (travel1 == 0 or copies == 0):
        return _with_moving_head0(first, last, actions, memory, cells, h0, h1, travel0, most)  # type: ignore[no-any-return]
    if travel0 == 0 and travel1 != 0 and copies == 1 and not outward:
        return _with_moving_head1(first, last, actions, memory, cells, h0, h1, travel1, most)  # type: ignore[no-any-return]
    return UNFIT


@kernel(inline=True)
def _ahead(action: int, travel: int, cells: int) -> int:
    """How far an action's cell on head0's path is ahead of the head."""
    distance = signed(action >> (SOURCE if action & TO_HEAD1 else TARGET) & DISTANCE_MASK, cells)
    return distance if travel > 0 else -distance  # type: ignore[no-any-return]


@kernel()
def _with_moving_head0(
    first: int, last: int, actions: int, memory: int, cells: int, h0: int, h1: int, travel: int, most: int
) -> int:
    """`passes_at_once` where head0 moves by `travel` and head1 is at rest, or not used."""
    stride = abs(travel)
    foremost = rearmost = read = written = 0
    for index in range(first, last):
        action = word(actions + index * WORD)
        ahead = _ahead(action, travel, cells)
        foremost, rearmost = max(foremost, ahead), min(rearmost, ahead)
        read |= 1 if action & FROM_HEAD1 else 0
        written |= 1 if action & TO_HEAD1 else 0
    if (read and written) or foremost - rearmost > WIDEST:
        return UNFIT
    room = cells - 1 - foremost + rearmost
    for index in range(first, last):
        action = word(actions + index * WORD)
        if action & (FROM_HEAD1 | TO_HEAD1):
            cell = around(h1 + (action >> (TARGET if action & TO_HEAD1 else SOURCE) & DISTANCE_MASK), cells)
            beyond = from_to(h0, cell, travel, cells)
            if beyond - cells >= rearmost:
                return 0
            room = min(room, beyond - 1 - foremost)
    passes = min(most - 1, whole(room, stride))
    if passes <= 0:
        return 0
    steady = whole(foremost + stride - 1, stride)
    tried = 1
    while tried <= passes:
        cell = h0 + tried * travel
        cell = cell + cells if cell < 0 else around(cell, cells)
        keep, amount = 255, 0
        reached = foremost
        while reached > 0:
            for index in range(first, last):
                action = word(actions + index * WORD)
                if (
                    not action & TO_HEAD1 and _ahead(action, travel, cells) == reached
                    and reached <= tried * stride and (stride == 1 or reached % stride == 0)
                ):  # fmt: skip
                    amount += action & 255
                    if action & (CONSTANT | FROM_HEAD1):
                        keep, amount = 0, action & 255
                        if action & FROM_HEAD1:
                            amount += byte(memory + around(h1 + (action >> SOURCE & DISTANCE_MASK), cells))
            reached -= 1
        if tried < steady or keep == 0:
            if (byte(memory + cell) & keep) + amount & 255 == 0:
                passes = tried - 1
            elif tried >= steady:
                tried = passes
        else:
            passes = tried - 1 + find_on_path(memory, cells, cell, travel, passes - tried + 1, -amount & 255)
            tried = passes
        tried += 1
    reached = foremost
    while reached >= rearmost:
        for index in range(first, last):
            action = word(actions + index * WORD)
            if not action & TO_HEAD1 and _ahead(action, travel, cells) == reached:
                keep, amount = 0 if action & (CONSTANT | FROM_HEAD1) else 255, action & 255
                if action & FROM_HEAD1:
                    amount += byte(memory + around(h1 + (action >> SOURCE & DISTANCE_MASK), cells))
                cell = around(h0 + (action >> TARGET & DISTANCE_MASK), cells)
                sweep(memory, cells, cell, travel, passes, keep, amount, 0)
        reached -= 1
    return passes  # type: ignore[no-any-return]


@kernel()
def _with_moving_head1(
    first: int, last: int, actions: int, memory: int, cells: int, h0: int, h1: int, travel: int, most: int
) -> int:
    """`passes_at_once` where head1 moves by `travel`, head0 is at rest, and one action copies from head1."""
    stride = abs(travel)
    copy = word(actions + first * WORD)
    for index in range(first, last):
        copy = word(actions + index * WORD) if word(actions + index * WORD) & FROM_HEAD1 else copy
    here = copy >> TARGET & DISTANCE_MASK
    path = around(h1 + (copy >> SOURCE & DISTANCE_MASK), cells)
    passes = min(most - 1, whole(cells - 1, stride))
    rate = tested_rate = 0
    met = False
    for index in range(first, last):
        action = word(actions + index * WORD)
        rest = action >> TARGET & DISTANCE_MASK
        if action == copy:
            met = True
        elif action & CONSTANT:
            return UNFIT
        else:
            tested_rate += action & 255 if rest == 0 else 0
            rate += action & 255 if rest == here and met else 0
        passes = min(passes, whole(from_to(path, around(h0 + rest, cells), travel, cells) - 1, stride))
    passes = min(passes, whole(from_to(path, h0, travel, cells) - 1, stride))
    if passes <= 0:
        return 0
    if here == 0:
        passes = find_on_path(memory, cells, path, travel, passes, -rate & 255)
    else:
        shift, inverse = split_rate(tested_rate)
        passes = min(passes, passes_left(byte(memory + h0), shift, inverse) - 1)
    for index in range(first, last):
        action = word(actions + index * WORD)
        if action != copy:
            cell = memory + around(h0 + (action >> TARGET & DISTANCE_MASK), cells)
            put_byte(cell, byte(cell) + (action & 255) * (passes & 255))
    return passes  # type: ignore[no-any-return]
