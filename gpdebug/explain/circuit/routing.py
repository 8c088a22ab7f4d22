"""Leads the lines of a gap between two layers: each net turns on one row of the gap, its track, or goes straight down.

This is channel routing: two nets that overlap get different tracks (the left-edge algorithm, Hashimoto and Stevens
1971), and where one begins in the column in which another ends, the first turns above the other. A circle of such
demands is broken by a net that turns twice, in a column that is free.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wire:
    """The part of a net that lies in a gap.

    Attributes:
        net: its number.
        top: the column in which it begins.
        bottoms: those in which it ends.
    """

    net: int
    top: int
    bottoms: tuple[int, ...]

    @property
    def first(self) -> int:
        """Its leftmost column."""
        return min(self.top, *self.bottoms)

    @property
    def last(self) -> int:
        """Its rightmost column."""
        return max(self.top, *self.bottoms)

    @property
    def is_straight(self) -> bool:
        """It needs no track."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Turn:
    """A wire and the row on which it turns.

    Attributes:
        wire: with its columns.
        row: counted from the first of the gap; None: it is straight.
        begin: the row in which it begins: -1, or where the part of the net before it turns.
        ends_at: the row in which it ends: None, the end of the gap, or where the part of the net after it turns.
    """

    wire: Wire
    row: int | None
    begin: int = -1
    ends_at: int | None = None


def route(wires: Iterable[Wire]) -> tuple[list[Turn], int]:
    """Gives wires their rows.

    Returns:
        The wires with their rows, and how many rows there are that wires turn on.
    """
    pieces, joints = _without_circles(list(wires))
    above = _demands(pieces, joints)
    rows = _tracks(pieces, above)
    before = {after: first for first, after in joints}
    after = dict(joints)
    turns = [
        Turn(
            piece,
            row,
            rows[before[number]] or 0 if number in before else -1,
            rows[after[number]] if number in after else None,
        )
        for number, (piece, row) in enumerate(zip(pieces, rows, strict=True))
    ]
    return turns, 1 + max((row for row in rows if row is not None), default=-1)


def _without_circles(pieces: list[Wire]) -> tuple[list[Wire], list[tuple[int, int]]]:
    """Splits wires until no circle of demands is left; says which pieces were one, the upper first."""
    joints: list[tuple[int, int]] = []
    while True:
        number = _in_circle(pieces, _demands(pieces, joints))
        if number is None:
            return pieces, joints
        wire = pieces[number]
        taken = {column for piece in pieces for column in (piece.top, *piece.bottoms)}
        free = next(
            column
            for distance in range(1, len(taken) + wire.last + 2)
            for column in (wire.top + distance, wire.top - distance)
            if column >= 0 and column not in taken
        )
        joints = [(len(pieces) if first == number else first, after) for first, after in joints]
        pieces = [*pieces, Wire(wire.net, free, wire.bottoms)]
        pieces[number] = Wire(wire.net, wire.top, (free,))
        joints.append((number, len(pieces) - 1))


def _demands(pieces: list[Wire], joints: list[tuple[int, int]]) -> list[set[int]]:
    """Of each wire, which others turn above it."""
    begins = {piece.top: number for number, piece in enumerate(pieces) if number not in {after for _, after in joints}}
    halves = {first for first, _ in joints}
    above: list[set[int]] = [set() for _ in pieces]
    for number, piece in enumerate(pieces):
        for column in () if number in halves else piece.bottoms:
            other = begins.get(column)
            if other is not None and other != number and not piece.is_straight:
                above[number].add(other)
    for first, after in joints:
        above[after].add(first)
    return above


def _in_circle(pieces: list[Wire], above: list[set[int]]) -> int | None:
    """A wire that has to turn above itself, or None."""
    waits = [len(others) for others in above]
    below: list[list[int]] = [[] for _ in pieces]
    for number, others in enumerate(above):
        for other in others:
            below[other].append(number)
    ready = [number for number, count in enumerate(waits) if not count]
    while ready:
        for lower in below[ready.pop()]:
            waits[lower] -= 1
            if not waits[lower]:
                ready.append(lower)
    stuck = [number for number, count in enumerate(waits) if count]
    if not stuck:
        return None
    number, seen = stuck[0], set[int]()
    while number not in seen:
        seen.add(number)
        number = min(other for other in above[number] if waits[other])
    return number


def _tracks(pieces: list[Wire], above: list[set[int]]) -> list[int | None]:
    """The row of each wire: the first below all that turn above it in which it overlaps with none."""
    rows: list[int | None] = [None] * len(pieces)
    done = {number for number, piece in enumerate(pieces) if piece.is_straight}
    waiting = sorted((number for number in range(len(pieces)) if number not in done), key=lambda n: _rank(pieces[n]))
    taken: list[list[tuple[int, int]]] = []
    while waiting:
        number = next(number for number in waiting if above[number] <= done)
        waiting.remove(number)
        done.add(number)
        piece = pieces[number]
        row = max((1 + found for found in (rows[other] for other in above[number]) if found is not None), default=0)
        while row < len(taken) and any(piece.first <= last and first <= piece.last for first, last in taken[row]):
            row += 1
        if row == len(taken):
            taken.append([])
        taken[row].append((piece.first, piece.last))
        rows[number] = row
    return rows


def _rank(wire: Wire) -> tuple[int, int]:
    """Wires that lead right turn the earlier the further right they are, those that lead left the other way round."""
    leads_right = wire.bottoms[-1] > wire.top
    return (0, -wire.top) if leads_right else (1, wire.top)
