"""Random choices outside the kernels, by `Random.random`: the one method whose numbers Python promises to keep."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


def keyed(*key: int) -> Random:
    """Random numbers for a key."""
    return Random(" ".join(map(str, key)))


def below(random: Random, bound: int) -> int:
    """A whole number from 0 to `bound` - 1."""
    return int(random.random() * bound)


def pick(random: Random, items: Sequence[Item]) -> Item:
    """One item."""
    return items[below(random, len(items))]


def sample(random: Random, count: int, bound: int) -> list[int]:
    """`count` different whole numbers from 0 to `bound` - 1 (all of them if there are fewer), ascending."""
    numbers = list(range(bound))
    for place in range(min(count, bound)):
        other = place + below(random, bound - place)
        numbers[place], numbers[other] = numbers[other], numbers[place]
    return sorted(numbers[:count])
