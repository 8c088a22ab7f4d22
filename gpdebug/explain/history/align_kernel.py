"""Alignment by dynamic programming with affine gaps, to one program or to two that it may jump between, compiled.

O. Gotoh, An improved algorithm for matching biological sequences, 1982; with jumps, R. Spang, M. Rehmsmeier, J. Stoye,
A novel approach to remote homology detection: jumping alignments, 2002. Here costs are made small, not scores great.

Rows are places in the child, 0 to its length. Columns are places in the first parent, then, from `edge` on, in the
second: a column stands behind the symbol of its number, the first column of each parent before all of its symbols.
"""

from __future__ import annotations

from typing import Any

from vm.jit import kernel

SWAP, OPEN_NEW, EACH_NEW, OPEN_GONE, EACH_GONE, JUMP = range(6)
"""Costs: two symbols that differ as a pair; a piece that only the child has, and each symbol of it; a piece that only
the parent has, and each symbol of it; going on in the other parent."""

PAIR, NEW, GONE, JUMPED = range(4)
"""How the cheapest way comes to a place: two bits of a move."""
BEGINS_NEW, BEGINS_GONE = 4, 8
"""Whether a piece begins with this symbol: further bits."""

FAR = 1 << 29
NOTHING = -1


@kernel()
def _first_row(begin: int, edge: int, costs: Any, row: Any) -> None:
    """The costs before the child's first symbol: `row`, `int32[2, columns]`, written."""
    row[:, :] = FAR
    row[0, begin] = 0
    for column in range(begin + 1, edge):
        row[0, column] = costs[OPEN_GONE] + (column - begin) * costs[EACH_GONE]
    row[0, edge:] = costs[JUMP]


@kernel()
def _fill_parent(symbol: int, parents: Any, first: int, end: int, costs: Any, best: Any, new: Any, moves: Any) -> Any:
    """One row of one parent; returns the column of its smallest cost."""
    diagonal = best[first]
    begins = best[first] + costs[OPEN_NEW] <= new[first]
    new[first] = min(best[first] + costs[OPEN_NEW], new[first]) + costs[EACH_NEW]
    best[first] = new[first]
    moves[first] = NEW | (BEGINS_NEW if begins else 0)
    smallest = first
    gone = FAR
    for column in range(first + 1, end):
        above = best[column]
        move = 0
        if above + costs[OPEN_NEW] <= new[column]:
            new[column] = above + costs[OPEN_NEW]
            move |= BEGINS_NEW
        new[column] += costs[EACH_NEW]
        if best[column - 1] + costs[OPEN_GONE] <= gone:
            gone = best[column - 1] + costs[OPEN_GONE]
            move |= BEGINS_GONE
        gone += costs[EACH_GONE]
        cost = diagonal if parents[column] == symbol else diagonal + costs[SWAP]
        if new[column] < cost:
            cost = new[column]
            move = (move & ~3) | NEW
        if gone < cost:
            cost = gone
            move = (move & ~3) | GONE
        diagonal = above
        best[column] = cost
        moves[column] = move
        if cost < best[smallest]:
            smallest = column
    return smallest


@kernel("void(uint8[::1],uint8[::1],int64,int64,int64[::1],int64,int64,int32[:,::1],uint8[:,::1],int32[:,::1])")
def fill(
    child: Any, parents: Any, begin: int, edge: int, costs: Any,
    first: int, last: int, row: Any, moves: Any, sources: Any,
) -> None:  # fmt: skip
    """Goes on from row `first` to row `last`.

    Args:
        child: `uint8[length]`.
        parents: `uint8[columns]`: the symbol that each column stands behind.
        begin: the column of the first parent to begin at.
        edge: the first column of the second parent; the number of columns if there is none.
        costs: `int64[6]`.
        first: the row whose costs `row` holds; row 0 is computed.
        last: the last row.
        row: `int32[2, columns]`: cheapest costs, and of ways that end with a symbol that is new; changed.
        moves: `uint8[at least last - first, columns]`, written: how the cheapest ways come to the rows after `first`.
        sources: `int32[as many, 2]`, written: the columns from which ways jump to the first and to the second parent.
    """
    if first == 0:
        _first_row(begin, edge, costs, row)
    best, new = row[0], row[1]
    columns = len(parents)
    for at in range(first, last):
        how = moves[at - first]
        one = _fill_parent(child[at], parents, 0, edge, costs, best, new, how)
        if edge == columns:
            continue
        other = _fill_parent(child[at], parents, edge, columns, costs, best, new, how)
        sources[at - first, 0], sources[at - first, 1] = other, one
        to_first, to_second = best[other] + costs[JUMP], best[one] + costs[JUMP]
        for column in range(columns):
            cost = to_first if column < edge else to_second
            if cost < best[column]:
                best[column] = cost
                how[column] = (how[column] & ~3) | JUMPED


@kernel("void(int64,int64,int64[::1],uint8[:,::1],int32[:,::1],int32[::1])")
def trace(edge: int, first: int, place: Any, moves: Any, sources: Any, pairs: Any) -> None:
    """Follows the cheapest way back to row `first`.

    Args:
        edge: the first column of the second parent.
        first: the row before those of `moves`.
        place: `int64[3]`: row, column and how the way goes on (`PAIR`: as is cheapest, else `NEW` or `GONE`); changed.
        moves: as `fill` wrote them.
        sources: as `fill` wrote them.
        pairs: `int32[length of the child]`, written: the column that each symbol is paired with, or `NOTHING`.
    """
    row, column, mode = place[0], place[1], place[2]
    while row > first:
        move = moves[row - 1 - first, column]
        if mode == PAIR:
            mode = move & 3
            if mode == PAIR:
                row -= 1
                pairs[row] = column
                column -= 1
            elif mode == JUMPED:
                mode = PAIR
                column = sources[row - 1 - first, 0 if column < edge else 1]
        elif mode == NEW:
            row -= 1
            pairs[row] = NOTHING
            mode = PAIR if move & BEGINS_NEW else NEW
        else:
            column -= 1
            mode = PAIR if move & BEGINS_GONE else GONE
    place[0], place[1], place[2] = row, column, mode
