"""Crossover: a child of two parents, each way a kernel that changes the first one's copy and returns its new size.

What may lose the balance of brackets says so and relies on `genome.tidy` afterwards.
"""

from __future__ import annotations

from typing import Any

from gpdebug.evolve.genome import Tokens
from gpdebug.evolve.mutation import Material, cut, drawn, open_gap
from gpdebug.evolve.random import Stream, below
from vm.jit import kernel

CONTEXT = 8
"""Tokens on each side of a cut that are compared."""
FIRST = 2
FURTHER = 6
"""The `variation.Operator` of the first crossover, and of the fourth one: in between is what came before that."""


@kernel(inline=True)
def one_point(child: Tokens, size: int, other: Tokens, other_size: int, stream: Stream) -> Any:
    """The head of one parent and the tail of another, cut at independent points. Needs `tidy`."""
    head = below(stream, size + 1)
    tail = below(stream, other_size + 1)
    return _join(child, head, other, tail, other_size)


@kernel(inline=True)
def _join(child: Tokens, head: int, other: Tokens, tail: int, other_size: int) -> Any:
    """The first `head` tokens of one and those of the other from `tail` on."""
    for index in range(tail, other_size):
        child[head + index - tail] = other[index]
    return head + other_size - tail


@kernel(inline=True)
def splice(child: Tokens, size: int, other: Tokens, other_size: int, replacing: bool, stream: Stream) -> Any:
    """Puts a segment of another parent into the child, in the place of one of its own or between. Needs `tidy`."""
    if other_size == 0:
        return size
    start = below(stream, other_size)
    width = 1 + below(stream, other_size - start)
    at = below(stream, size + 1)
    if replacing and at < size:
        size = cut(child, size, at, at + 1 + below(stream, size - at))
    grown = open_gap(child, size, at, width)
    if grown > size:
        for index in range(width):
            child[at + index] = other[start + index]
    return grown


@kernel(inline=True)
def two_point(child: Tokens, size: int, other: Tokens, other_size: int, stream: Stream) -> Any:
    """Takes a segment of another parent in the place of the same tokens of the child. Needs `tidy`.

    Same place and same length, as in Francone, Conrads, Banzhaf, Nordin: Homologous crossover in genetic programming,
    GECCO 1999; the size stays.
    """
    common = min(size, other_size)
    first = below(stream, common + 1)
    second = below(stream, common + 1)
    for index in range(min(first, second), max(first, second)):
        child[index] = other[index]
    return size


@kernel(inline=True)
def homologous(child: Tokens, size: int, other: Tokens, other_size: int, stream: Stream) -> Any:
    """The head of one parent and the tail of another, cut where they are most alike. Needs `tidy`.

    The first parent's cut is random; the second one's is where most tokens around it are the same, up to `CONTEXT` on
    each side, and among equals the nearest. After Platel, Clergue, Collard: Maximum homologous crossover for linear
    genetic programming, EuroGP 2003, which aligns the parents as a whole; this looks around one cut, in linear time.
    """
    head = below(stream, size + 1)
    best = tail = -1
    for place in range(other_size + 1):
        alike = 0
        while alike < min(head, place, CONTEXT) and child[head - 1 - alike] == other[place - 1 - alike]:
            alike += 1
        after = 0
        while after < min(size - head, other_size - place, CONTEXT) and child[head + after] == other[place + after]:
            after += 1
        alike += after
        if alike > best or (alike == best and abs(place - head) < abs(tail - head)):
            best = alike
            tail = place
    return _join(child, head, other, tail, other_size)


@kernel(inline=True)
def cross(
    child: Tokens, size: int, other: Tokens, other_size: int, material: Material, stream: Stream
) -> tuple[Any, Any]:
    """A crossover drawn by weight: the new size, and which `variation.Operator` it was. Needs `tidy`."""
    kind = drawn(material.crossovers, stream)
    if kind == 0:
        size = one_point(child, size, other, other_size, stream)
    elif kind < 3:
        size = splice(child, size, other, other_size, kind == 2, stream)
    elif kind == 3:
        size = two_point(child, size, other, other_size, stream)
    else:
        size = homologous(child, size, other, other_size, stream)
    return size, FIRST + kind if kind < 3 else FURTHER - 3 + kind
