"""Births: a child of one or two parents by crossover and mutations, always within the caps and balanced."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.genome import MAX_TOKENS, Language, Tokens, instructions, tidy
from gpdebug.evolve.mutation import Material, cut, insert_idiom, mutate, new_token, open_gap
from gpdebug.evolve.random import Stream, below, seek
from vm.jit import kernel

ONE_MORE = 60
"""Percent of births that get another mutation after each one: 1 + Geometric(0.4) in all."""


class Operator(IntEnum):
    """How an individual came to be."""

    RANDOM = 0
    MUTATION = 1
    ONE_POINT = 2
    SEGMENT_INSERTED = 3
    SEGMENT_REPLACED = 4
    SHORTENED = 5

    def __str__(self) -> str:
        return self.name.lower().replace("_", " ")


MUTATION = int(Operator.MUTATION)
"""The crossovers follow it, in the order of `cross`."""


@kernel()
def fit(genome: Tokens, size: int, language: Language, token_cap: int, instruction_cap: int, stream: Stream) -> Any:
    """Tidies a genome and takes tokens out, at random, until it is within both caps."""
    size = tidy(genome, size, language)
    while size > token_cap:
        surplus = size - token_cap
        at = below(stream, size - surplus + 1)
        size = tidy(genome, cut(genome, size, at, at + surplus), language)
    while instructions(genome, size) > instruction_cap:
        at = below(stream, size)
        size = tidy(genome, cut(genome, size, at, at + 1), language)
    return size


@kernel()
def one_point(child: Tokens, size: int, other: Tokens, other_size: int, stream: Stream) -> Any:
    """The head of one parent and the tail of another, cut at independent points. Needs `tidy`."""
    head = below(stream, size + 1)
    tail = below(stream, other_size + 1)
    size = head + other_size - tail
    child[head:size] = other[tail:other_size]
    return size


@kernel()
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
        child[at : at + width] = other[start : start + width]
    return grown


@kernel()
def cross(child: Tokens, size: int, other: Tokens, other_size: int, stream: Stream) -> tuple[Any, Any]:
    """One of the three crossovers, all equally likely: the new size, and which `Operator` it was. Needs `tidy`."""
    kind = below(stream, 3)
    if kind == 0:
        size = one_point(child, size, other, other_size, stream)
    else:
        size = splice(child, size, other, other_size, kind == 2, stream)
    return size, MUTATION + 1 + kind


@kernel()
def random_genome(genome: Tokens, material: Material, token_cap: int, stream: Stream) -> Any:
    """A genome from scratch: a few new tokens and idioms, up to half the cap."""
    size = 0
    wanted = 1 + below(stream, max(token_cap // 2, 2))
    while size < wanted:
        if below(stream, 8) == 0:
            size = insert_idiom(genome, size, material, stream)
        else:
            genome[size] = new_token(material, stream)
            size += 1
    return size


@kernel()
def populate(
    genomes: NDArray[np.uint16],
    sizes: NDArray[np.int32],
    material: Material,
    caps: tuple[int, int],
    key: tuple[int, int, int],
) -> None:
    """Fills a population with random genomes.

    Args:
        genomes: `uint16[n, MAX_TOKENS]`, filled.
        sizes: `int32[n]`, filled.
        material: what genomes are made from.
        caps: most tokens and most instructions.
        key: seed, island, generation.
    """
    stream = np.zeros(1, np.uint64)
    row = np.zeros(2 * MAX_TOKENS, np.uint16)
    for index in range(len(sizes)):
        seek(stream, key[0], key[1], key[2], index)
        size = random_genome(row, material, caps[0], stream)
        size = fit(row, size, material.language, caps[0], caps[1], stream)
        genomes[index, :size] = row[:size]
        sizes[index] = size


@kernel()
def breed(
    old: tuple[NDArray[np.uint16], NDArray[np.int32]],
    new: tuple[NDArray[np.uint16], NDArray[np.int32]],
    parents: NDArray[np.int32],
    operators: NDArray[np.uint8],
    material: Material,
    caps: tuple[int, int],
    key: tuple[int, int, int],
    individuals: NDArray[np.int64],
) -> None:
    """Makes a child for each pair of chosen parents.

    Args:
        old: genomes `uint16[n, MAX_TOKENS]` and sizes `int32[n]` to take parents from.
        new: the same for m children, filled.
        parents: `int32[m, 2]`; the second is -1 where there is no crossover (and for which none was drawn).
        operators: `uint8[m]`, filled.
        material: what mutations build from.
        caps: most tokens and most instructions.
        key: seed, island, generation.
        individuals: `int64[m]`, the last part of each child's key.
    """
    stream = np.zeros(1, np.uint64)
    row = np.zeros(2 * MAX_TOKENS, np.uint16)
    for index in range(len(individuals)):
        seek(stream, key[0], key[1], key[2], individuals[index])
        mother, father = parents[index, 0], parents[index, 1]
        size = np.int64(old[1][mother])
        row[:size] = old[0][mother, :size]
        operators[index] = MUTATION
        if father >= 0:
            size, operators[index] = cross(row, size, old[0][father], np.int64(old[1][father]), stream)
            size = tidy(row, size, material.language)
        while True:
            size = tidy(row, mutate(row, size, material, stream), material.language)
            if below(stream, 100) >= ONE_MORE:
                break
        size = fit(row, size, material.language, caps[0], caps[1], stream)
        new[0][index, :size] = row[:size]
        new[1][index] = size
