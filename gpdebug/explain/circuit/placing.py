"""Gives each vertex its column, so that few lines bend.

Vertices are aligned with the middle one of those above, as by Brandes and Köpf (Fast and simple horizontal coordinate
assignment, 2001); where a net passes layers it wins every conflict, and so is straight. What is aligned is one block.
Blocks are packed to the left, and then drawn to the middle of what they are connected to, as far as there is room.
"""

from __future__ import annotations

from itertools import pairwise

from gpdebug.explain.circuit.layers import BETWEEN, Segment
from gpdebug.explain.circuit.ports import Ports

SWEEPS = 4


def place(layers: list[list[int]], gaps: list[list[Segment]], ports: Ports) -> list[int]:
    """The column of each vertex: its first one.

    Args:
        layers: the vertices of each layer from left to right.
        gaps: what connects each layer with the next.
        ports: where lines begin and end.
    """
    blocks = _Blocks(layers, gaps, ports)
    blocks.pack()
    for _ in range(SWEEPS):
        blocks.draw_near(to_the_right=True)
        blocks.draw_near(to_the_right=False)
    columns = [blocks.base[block] + offset for block, offset in zip(blocks.block, blocks.offset, strict=True)]
    first = min(columns, default=0)
    return [column - first for column in columns]


class _Blocks:
    """Vertices that stand under each other, and move together."""

    def __init__(self, layers: list[list[int]], gaps: list[list[Segment]], ports: Ports) -> None:
        count = len(ports.widths)
        self.block, self.offset = list(range(count)), [0] * count
        self._align(layers, gaps, ports)
        self.base = [0] * count
        self._rooms: dict[tuple[int, int], int] = {}
        for layer in layers:
            for left, right in pairwise(layer):
                pair = (self.block[left], self.block[right])
                room = self.offset[left] + ports.widths[left] + BETWEEN - self.offset[right]
                self._rooms[pair] = max(room, self._rooms.get(pair, room))
        self._order = self._sorted()
        self._lefts: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        self._rights: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        for (left, right), room in self._rooms.items():
            self._lefts[right].append((left, room))
            self._rights[left].append((right, room))
        self._pulls: list[list[tuple[int, int]]] = [[] for _ in range(count)]
        for segment in (segment for gap in gaps for segment in gap):
            upper, lower = self.block[segment.upper], self.block[segment.lower]
            if upper != lower:
                distance = self._upper_end(segment, ports) - self._lower_end(segment, ports)
                self._pulls[lower].append((upper, distance))
                self._pulls[upper].append((lower, -distance))

    def _upper_end(self, segment: Segment, ports: Ports) -> int:
        return self.offset[segment.upper] + ports.begin(segment)

    def _lower_end(self, segment: Segment, ports: Ports) -> int:
        return self.offset[segment.lower] + ports.end(segment)

    def _align(self, layers: list[list[int]], gaps: list[list[Segment]], ports: Ports) -> None:
        """Aligns vertices with those above; what would cross a net that passes two layers gives way to it."""
        passing = {segment.lower for gap in gaps for segment in gap if segment.edge is None}
        for number, gap in enumerate(gaps):
            upper = {vertex: at for at, vertex in enumerate(layers[number])}
            arriving: dict[int, list[tuple[int, Segment]]] = {vertex: [] for vertex in layers[number + 1]}
            for segment in sorted(gap, key=lambda one: upper[one.upper]):
                arriving[segment.lower].append((upper[segment.upper], segment))
            fixed = [
                found[0][0] if vertex in passing and found[0][1].upper in passing else None
                for vertex, found in arriving.items()
            ]
            limits = _limits(fixed, len(upper))
            reached = -1
            for (vertex, found), own, limit in zip(arriving.items(), fixed, limits, strict=True):
                middle = (len(found) - 1) // 2
                for at, segment in found[middle : middle + 2 - len(found) % 2]:
                    if at > reached and (own is not None or at < limit):
                        reached = at
                        self.block[vertex] = self.block[segment.upper]
                        self.offset[vertex] = self._upper_end(segment, ports) - ports.end(segment)
                        break

    def _sorted(self) -> list[int]:
        """The blocks, each after all that stand to its left."""
        waits, rights = dict.fromkeys(self.block, 0), dict[int, list[int]]()
        for left, right in self._rooms:
            waits[right] += 1
            rights.setdefault(left, []).append(right)
        ready = sorted((block for block, count in waits.items() if not count), reverse=True)
        found = []
        while ready:
            block = ready.pop()
            found.append(block)
            for right in rights.get(block, ()):
                waits[right] -= 1
                if not waits[right]:
                    ready.append(right)
        return found

    def pack(self) -> None:
        """Puts every block as far to the left as it goes."""
        for block in self._order:
            self.base[block] = max((self.base[left] + room for left, room in self._lefts[block]), default=0)

    def draw_near(self, to_the_right: bool) -> None:
        """Moves each block towards the middle of what it is connected to, as far as its neighbours let it."""
        for block in reversed(self._order) if to_the_right else self._order:
            pulls = sorted(self.base[other] + distance for other, distance in self._pulls[block])
            if not pulls:
                continue
            wanted = pulls[(len(pulls) - 1) // 2]
            if to_the_right:
                most = min((self.base[right] - room for right, room in self._rights[block]), default=wanted)
                self.base[block] = max(self.base[block], min(wanted, most))
            else:
                least = max((self.base[left] + room for left, room in self._lefts[block]), default=wanted)
                self.base[block] = min(self.base[block], max(wanted, least))


def _limits(fixed: list[int | None], count: int) -> list[int]:
    """Of each vertex of a layer, the first place above that is taken by a passing net to its right."""
    limits, least = [], count
    for at in reversed(fixed):
        limits.append(least)
        least = least if at is None else min(least, at)
    return limits[::-1]
