"""Inputs for the cases of a task: random ones and boundary values, split into two pools without overlap."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from random import Random

EDGES = (0, 1, 2, 127, 128, 253, 254, 255)
TINY = 16
TRAINING = 128
HELD_OUT = 200
PRINTABLE = bytes(range(32, 127))
LETTERS = string.ascii_letters.encode()


@dataclass(frozen=True, slots=True)
class Pools:
    """Inputs to learn from and inputs to be judged by; they share none unless the domain is tiny."""

    training: tuple[bytes, ...]
    held_out: tuple[bytes, ...]


def whole(domain: list[bytes]) -> Pools:
    """Both pools hold a domain that is too small to be split."""
    return Pools(tuple(domain), tuple(domain))


def numbers(count: int, random: Random, keep: Callable[[bytes], bool] = lambda _: True) -> Pools:
    """Single bytes (`count` 1) or pairs of them (2) for which `keep` holds.

    Boundary values (0, 1, 254, 255 and others, also as equal operands) are dealt to both pools by turns.
    """
    domain = [item for item in map(bytes, product(range(256), repeat=count)) if keep(item)]
    if len(domain) <= TINY:
        return whole(domain)
    edges = [item for item in domain if all(byte in EDGES for byte in item)]
    rest = [item for item in domain if item not in set(edges)]
    random.shuffle(rest)
    if count == 1:
        return _deal((edges[::2], edges[1::2]), rest)
    equal = [item for item in rest if item[0] == item[1]][:16]
    return _deal(_like_a_chessboard(edges), equal + [item for item in rest if item[0] != item[1]])


def texts(
    random: Random,
    longest: int = 24,
    alphabet: bytes = PRINTABLE,
    shortest: int = 0,
    shape: Callable[[bytes, Random], bytes] = lambda text, _: text,
) -> Pools:
    """Texts of every length from `shortest` to `longest`, both pools with texts of both extremes.

    The empty text exists once and goes to the training pool.

    Args:
        random: where randomness comes from.
        longest: most bytes of a text before `shape`.
        alphabet: bytes that texts are made of.
        shortest: fewest bytes of a text before `shape`.
        shape: turns a plain text into an input (adds quotes and the like).
    """
    seen: set[bytes] = set()
    pools: list[list[bytes]] = []
    for wanted in (TRAINING, HELD_OUT):
        pool: list[bytes] = []
        lengths = [shortest, *range(shortest, longest + 1), longest]
        for attempt in range(50 * wanted):
            length = lengths[attempt] if attempt < len(lengths) else random.randint(shortest, longest)
            text = shape(bytes(random.choice(alphabet) for _ in range(length)), random)
            if text not in seen:
                seen.add(text)
                pool.append(text)
            if len(pool) == wanted:
                break
        pools.append(pool)
    return Pools(tuple(pools[0]), tuple(pools[1]))


def _like_a_chessboard(edges: list[bytes]) -> tuple[list[bytes], list[bytes]]:
    """Deals pairs so that both pools get every value in both places, and equal operands."""
    place = {value: index for index, value in enumerate(EDGES)}
    dark = [item for item in edges if (place[item[0]] // 2 + place[item[1]]) % 2]
    return dark, [item for item in edges if item not in set(dark)]


def _deal(edges: tuple[list[bytes], list[bytes]], rest: list[bytes]) -> Pools:
    """Completes both pools from `rest`, whose first items go to the pools by turns."""
    training, held_out = list(edges[0]), list(edges[1])
    for turn, item in enumerate(rest):
        choice = training if turn % 2 == 0 else held_out
        if len(choice) < (TRAINING if choice is training else HELD_OUT):
            choice.append(item)
    return Pools(tuple(training), tuple(held_out))
