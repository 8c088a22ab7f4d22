"""Loops that move head0 and do the same over and over, each time some cells further: passes skipped at once.

Each head's *window* are the cells from the rearmost to the foremost that a pass reads or writes there. What a pass does
depends on nothing else. If after a pass the windows, that of head0 moved on with it, hold what they held before it, and
the cells that come into it next are those that just came, the next pass does the same again: it leaves the same cells
behind. So passes are skipped as long as the cells ahead go on in the same way and head0's window does not come to that
of head1.
"""

from __future__ import annotations

from vm.jit import kernel
from vm.loop_bulk import signed, sweep
from vm.raw import WORD, byte, put_byte, put_word, word

WIDEST = 24
"""Most cells of a window."""
HEAD, TRAVEL, BACK, FRONT, SEEN = 0, WORD, 2 * WORD, 3 * WORD, 4 * WORD
"""Of a window: where its head is, how far a pass moves that (signed), its first and last cell as distances ahead of the
head in its direction, and what its cells held."""
WINDOW_SIZE = SEEN + (WIDEST + 1) * WORD
EMPTY = 1 << 30


@kernel(inline=True)
def begin_window(window: int, head: int, travel: int, cells: int) -> None:
    """Begins to note a window, at an address; `travel` is modulo the memory."""
    put_word(window + HEAD, head)
    put_word(window + TRAVEL, signed(travel, cells))
    put_word(window + BACK, EMPTY)
    put_word(window + FRONT, -EMPTY)


@kernel(inline=True)
def note_cell(window: int, distance: int, cells: int) -> None:
    """Notes that a pass reads or writes a cell at a distance from a window's head, modulo the memory."""
    ahead = signed(distance, cells)
    ahead = -ahead if word(window + TRAVEL) < 0 else ahead
    put_word(window + BACK, min(word(window + BACK), ahead))
    put_word(window + FRONT, max(word(window + FRONT), ahead))


@kernel(inline=True)
def _cell(window: int, ahead: int, cells: int) -> tuple[int, int]:
    """The cell at a distance ahead of a window's head, and which way the next one is."""
    way = -1 if word(window + TRAVEL) < 0 else 1
    return (word(window + HEAD) + way * ahead) % cells, way


@kernel(inline=True)
def _next(cell: int, way: int, cells: int) -> int:
    cell += way
    return cells - 1 if cell < 0 else 0 if cell == cells else cell


@kernel()
def keep_window(window: int, memory: int, cells: int) -> bool:
    """Keeps what the cells of a window hold; whether it is not too wide for that."""
    back, front = word(window + BACK), word(window + FRONT)
    if front - back >= min(WIDEST, cells):
        return False
    cell, way = _cell(window, back, cells)
    for ahead in range(front - back + 1):
        put_word(window + SEEN + ahead * WORD, byte(memory + cell))
        cell = _next(cell, way, cells)
    return True


@kernel()
def _passes_ahead(window: int, memory: int, cells: int, most: int) -> int:
    """After another pass: how many more of the same kind a window allows. Its head moves on."""
    back, front, travel = word(window + BACK), word(window + FRONT), word(window + TRAVEL)
    put_word(window + HEAD, (word(window + HEAD) + travel) % cells)
    if front < back:
        return most
    cell, way = _cell(window, back, cells)
    for ahead in range(front - back + 1):
        if byte(memory + cell) != word(window + SEEN + ahead * WORD):
            return 0
        cell = _next(cell, way, cells)
    if travel == 0:
        return most
    stride = abs(travel)
    room = min(most * stride, cells - 1 - stride - (front - back))
    before, _ = _cell(window, front + 1 - stride, cells)
    same = 0
    while same < room and byte(memory + cell) == byte(memory + before):
        cell, before = _next(cell, way, cells), _next(before, way, cells)
        same += 1
    return same // stride  # type: ignore[no-any-return]


@kernel(inline=True)
def _reach(window: int, passes: int, cells: int) -> tuple[int, int]:
    """The lowest cell that a window comes to from one pass before to so many after, and how many cells that are."""
    head, travel = word(window + HEAD), word(window + TRAVEL)
    back, front, stride = word(window + BACK), word(window + FRONT), abs(travel)
    lowest = back - stride if travel >= 0 else -(front + passes * stride)
    return (head + lowest) % cells, front - back + 1 + (passes + 1) * stride


@kernel()
def _move_window(window: int, memory: int, cells: int, passes: int) -> None:
    """Leaves behind what a window leaves in so many passes, and puts it where it is then."""
    back, front, stride = word(window + BACK), word(window + FRONT), abs(word(window + TRAVEL))
    cell, way = _cell(window, back, cells)
    before, _ = _cell(window, back - stride, cells)
    if stride == 1:
        sweep(memory, cells, cell, way, passes, 0, byte(memory + before), 0)
    else:
        for _ in range(passes * stride):
            put_byte(memory + cell, byte(memory + before))
            cell, before = _next(cell, way, cells), _next(before, way, cells)
    cell, _ = _cell(window, back + passes * stride, cells)
    for ahead in range(front - back + 1):
        put_byte(memory + cell, word(window + SEEN + ahead * WORD))
        cell = _next(cell, way, cells)


@kernel()
def repeat_passes(windows: int, memory: int, cells: int, most: int) -> int:
    """After the pass that follows `keep_window`: makes passes of the same kind; returns how many.

    Args:
        windows: address of the windows of head0 and of head1, which may be `EMPTY`.
        memory: its address.
        cells: of the memory.
        most: passes that the limits allow.
    """
    other = windows + WINDOW_SIZE
    passes = min(_passes_ahead(windows, memory, cells, most), _passes_ahead(other, memory, cells, most))
    while passes > 0 and word(other + FRONT) >= word(other + BACK):
        start0, length0 = _reach(windows, passes, cells)
        start1, length1 = _reach(other, passes, cells)
        if (start1 - start0) % cells >= length0 and (start0 - start1) % cells >= length1:
            break
        passes //= 2
    if passes > 0:
        _move_window(windows, memory, cells, passes)
    return passes  # type: ignore[no-any-return]
