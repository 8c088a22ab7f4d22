"""What two programs share, and the edits that make one of the other: hunks, each of which can be applied by itself."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.history.pairing import pair, pair_what_is_left
from vm.dialect import Dialect, Primitive

_Piece = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Hunk:
    """An edit: a piece of one program, and what is in its place in the other one.

    Attributes:
        at: index of its first instruction in the program before; of an insertion, of the instruction behind it.
        old: the instructions that go; empty for an insertion.
        to: index of its first instruction in the program after.
        new: those that come; empty for a deletion.
    """

    at: int
    old: bytes
    to: int
    new: bytes

    @property
    def end(self) -> int:
        """The first index behind it in the program before."""
        return self.at + len(self.old)

    @property
    def to_end(self) -> int:
        """The first index behind it in the program after."""
        return self.to + len(self.new)


@dataclass(frozen=True)
class Alignment:
    """Two programs side by side.

    Attributes:
        before: code of one.
        after: code of the other.
        hunks: what differs, in order; everything between two hunks is the same in both.
    """

    before: bytes
    after: bytes
    hunks: tuple[Hunk, ...]

    @cached_property
    def partners(self) -> NDArray[np.int32]:
        """`int32[length of after]`: the same instruction's index in the program before, -1 in a hunk."""
        partners = np.arange(len(self.after), dtype=np.int32)
        for hunk in self.hunks:
            partners[hunk.to : hunk.to_end] = -1
            partners[hunk.to_end :] = np.arange(len(self.after) - hunk.to_end) + hunk.end
        return partners

    @property
    def shared(self) -> int:
        """How many instructions both have."""
        return len(self.after) - sum(len(hunk.new) for hunk in self.hunks)

    def applied(self, chosen: Collection[int]) -> bytes:
        """The program before with some of the hunks: with none it is `before`, with all `after`.

        Args:
            chosen: numbers of hunks, from 0.
        """
        parts, at = [], 0
        for number, hunk in enumerate(self.hunks):
            parts += [self.before[at : hunk.at], hunk.new if number in chosen else hunk.old]
            at = hunk.end
        return b"".join([*parts, self.before[at:]])

    def alone(self, number: int) -> bytes:
        """The program before with one hunk only."""
        return self.applied((number,))

    def without(self, number: int) -> bytes:
        """The program after with all hunks but one."""
        return self.applied([other for other in range(len(self.hunks)) if other != number])

    def turned_round(self) -> Alignment:
        """The same from the program after to the one before."""
        hunks = tuple(Hunk(hunk.to, hunk.new, hunk.at, hunk.old) for hunk in self.hunks)
        return Alignment(self.after, self.before, hunks)

    def columns(self) -> Iterable[tuple[int | None, int | None]]:
        """Both programs one above the other: pairs of indices, None for a gap."""
        at = 0
        for hunk in (*self.hunks, Hunk(len(self.before), b"", len(self.after), b"")):
            shift = hunk.to - hunk.at
            yield from ((index, index + shift) for index in range(at, hunk.at))
            for place in range(max(len(hunk.old), len(hunk.new))):
                yield (
                    hunk.at + place if place < len(hunk.old) else None,
                    hunk.to + place if place < len(hunk.new) else None,
                )
            at = hunk.end


def align(before: bytes, after: bytes, dialect: Dialect) -> Alignment:
    """Aligns two programs of a dialect; the same programs always give the same hunks.

    Instructions are paired so that the costs are smallest: 4 for a pair that differs, 3 + its length for a piece that
    only one of the two has (Gotoh 1982). What lies between two hunks and is shorter than both of them is taken for
    chance and becomes part of one hunk (after N. Fraser, Diff Strategies, 2006). An insertion or deletion that could
    as well stand further left or right, as that of a `+` among others, stands where its brackets are balanced best,
    of such places at the last.

    Args:
        before: code of one.
        after: code of the other.
        dialect: which of their symbols are brackets.
    """
    return _slid_to_balance(before, after, _hunks(before, after, pair(after, before)), dialect)


def align_birth(parent: bytes, child: bytes, dialect: Dialect) -> Alignment:
    """Aligns a child with its first parent: as `align` does, unless it is the parent with pieces left out.

    Then nothing is exchanged and nothing is chance: as few pieces go as can be.

    Args:
        parent: code of the parent.
        child: code of the child.
        dialect: which of their symbols are brackets.
    """
    pairs = pair_what_is_left(child, parent)
    if pairs is None:
        return align(parent, child, dialect)
    return _slid_to_balance(parent, child, _as_hunks(parent, child, _pieces(parent, child, pairs)), dialect)


def _slid_to_balance(before: bytes, after: bytes, hunks: list[Hunk], dialect: Dialect) -> Alignment:
    """Moves insertions and deletions to where their brackets are balanced best."""
    depths = np.zeros(256, np.int64)
    depths[dialect.table[0] == Primitive.OPEN] = 1
    depths[dialect.table[0] == Primitive.CLOSE] = -1
    slid: list[Hunk] = []
    for number, hunk in enumerate(hunks):
        low = slid[-1].end + 1 if slid else 0
        high = hunks[number + 1].at - 1 if number + 1 < len(hunks) else len(before)
        slid.append(_slid(hunk, before, low, high, depths))
    return Alignment(before, after, tuple(slid))


def _hunks(before: bytes, after: bytes, pairs: NDArray[np.int32]) -> list[Hunk]:
    """The pieces between the pairs that are equal; what lies between two of them and is shorter than both is in one."""
    pieces: list[_Piece] = []
    for piece in _pieces(before, after, pairs):
        pieces.append(piece)
        while len(pieces) > 1 and pieces[-1][0] - pieces[-2][1] < min(_size(pieces[-2]), _size(pieces[-1])):
            last = pieces.pop()
            pieces[-1] = (pieces[-1][0], last[1], pieces[-1][2], last[3])
    return _as_hunks(before, after, pieces)


def _pieces(before: bytes, after: bytes, pairs: NDArray[np.int32]) -> list[_Piece]:
    """The pieces between the pairs that are equal: where each begins and ends in the one and in the other."""
    old, new = np.frombuffer(before, np.uint8), np.frombuffer(after, np.uint8)
    ours = np.flatnonzero(pairs >= 0)
    ours = ours[new[ours] == old[pairs[ours]]]
    theirs = pairs[ours].astype(np.int64)
    starts = np.stack([np.append(-1, theirs) + 1, np.append(-1, ours) + 1], axis=1)
    ends = np.stack([np.append(theirs, len(before)), np.append(ours, len(after))], axis=1)
    gaps = np.flatnonzero((ends > starts).any(axis=1))
    return [
        (at, end, to, to_end)
        for (at, to), (end, to_end) in zip(starts[gaps].tolist(), ends[gaps].tolist(), strict=True)
    ]


def _as_hunks(before: bytes, after: bytes, pieces: list[_Piece]) -> list[Hunk]:
    return [Hunk(at, before[at:end], to, after[to:to_end]) for at, end, to, to_end in pieces]


def _size(piece: _Piece) -> int:
    return max(piece[1] - piece[0], piece[3] - piece[2])


def _slid(hunk: Hunk, before: bytes, low: int, high: int, depths: NDArray[np.int64]) -> Hunk:
    """An insertion or deletion at the last of those places where its brackets are balanced best.

    Args:
        hunk: the edit.
        before: the whole program before.
        low: the first place that it may begin at.
        high: the last place that it may end at.
        depths: `int64[256]`: 1 for an opening bracket, -1 for a closing one.
    """
    if bool(hunk.old) == bool(hunk.new):
        return hunk
    text = hunk.old or hunk.new
    end, last = hunk.end, hunk.end
    while last < high and before[last] == text[(last - end) % len(text)]:
        last += 1
    turned = (last - end) % len(text)
    text = text[turned:] + text[:turned]
    places = [(last - end, text)]
    for by in range(last - end - 1, max(last - end - len(text), low - hunk.at - 1), -1):
        if before[hunk.at + by] != text[-1]:
            break
        text = text[-1:] + text[:-1]
        places.append((by, text))
    by, text = min(places, key=lambda place: (_unbalanced(place[1], depths), -place[0]))
    return Hunk(hunk.at + by, text if hunk.old else b"", hunk.to + by, text if hunk.new else b"")


def _unbalanced(text: bytes, depths: NDArray[np.int64]) -> int:
    """How many brackets of a piece have no partner in it."""
    depth = np.cumsum(depths[np.frombuffer(text, np.uint8)])
    closing = max(0, -int(depth.min(initial=0)))
    return closing + int(depth[-1]) + closing if len(text) else 0
