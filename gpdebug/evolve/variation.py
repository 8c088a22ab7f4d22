"""Births: a child of one or two parents by crossover and mutations, always within the caps and balanced."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.crossover import cross
from gpdebug.evolve.genome import SLACK, Language, Tokens, instructions, tidy
from gpdebug.evolve.mutation import Material, cut, insert_idiom, lent, new_token
from gpdebug.evolve.operators import mutate
from gpdebug.evolve.random import Stream, below, seek
from gpdebug.evolve.steady.changes import part, trade
from vm.jit import borrowed, kernel


class Operator(IntEnum):
    """How an individual came to be."""

    RANDOM = 0
    MUTATION = 1
    ONE_POINT = 2
    SEGMENT_INSERTED = 3
    SEGMENT_REPLACED = 4
    SHORTENED = 5
    TWO_POINT = 6
    HOMOLOGOUS = 7
    MIGRATION = 8

    def __str__(self) -> str:
        return self.name.lower().replace("_", " ")


MUTATION = int(Operator.MUTATION)


@kernel()
def fit(genome: Tokens, size: int, language: Language, token_cap: int, instruction_cap: int, stream: Stream) -> Any:
    """Tidies a genome and takes neighbouring tokens out, at a random place, until it is within both caps."""
    size = tidy(genome, size, language)
    while size > token_cap:
        surplus = size - token_cap
        at = below(stream, size - surplus + 1)
        size = tidy(genome, cut(genome, size, at, at + surplus), language)
    surplus = instructions(genome, size) - instruction_cap
    while surplus > 0:
        first = end = below(stream, size)
        while surplus > 0 and end < size:
            surplus -= genome[end] & 255
            end += 1
        while surplus > 0:
            first -= 1
            surplus -= genome[first] & 255
        size = tidy(genome, cut(genome, size, first, end), language)
        surplus = instructions(genome, size) - instruction_cap
    return size


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
    width: int,
) -> None:
    """Fills a population with random genomes.

    Args:
        genomes: `uint16[n, width]`, filled.
        sizes: `int32[n]`, filled.
        material: what genomes are made from.
        caps: most tokens and most instructions.
        key: seed, island, generation.
        width: most tokens of a genome, ever: the room to work in, on which what is made depends.
    """
    stream = np.zeros(1, np.uint64)
    row = np.zeros(2 * width + SLACK, np.uint16)
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
    width: int,
    changes: tuple[int, int] = (0, 0),
) -> None:
    """Makes a child for each pair of chosen parents.

    Args:
        old: genomes `uint16[n, width]` and sizes `int32[n]` to take parents from.
        new: the same for m children, filled.
        parents: `int32[m, 2]`; the second is -1 where there is no crossover (and for which none was drawn).
        operators: `uint8[m]`, filled.
        material: what mutations build from.
        caps: most tokens and most instructions.
        key: seed, island, generation.
        individuals: `int64[m]`, the last part of each child's key.
        width: see `populate`.
        changes: percent of mutations that are a `trade`, and a `part`.
    """
    stream = np.zeros(1, np.uint64)
    row = np.zeros(2 * width + SLACK, np.uint16)
    _breed(old, new, parents, operators, lent(material), caps, key, individuals, row, stream, changes)


@kernel()
def _breed(
    old: Any, new: Any, parents: Any, operators: Any, material: Material, caps: Any, key: Any, individuals: Any,
    row: Any, stream: Any, changes: tuple[int, int],
) -> None:  # fmt: skip
    """`breed` with what it holds: here it is only borrowed."""
    row, stream, genomes, children = borrowed(row), borrowed(stream), borrowed(old[0]), borrowed(new[0])
    for index in range(len(individuals)):
        seek(stream, key[0], key[1], key[2], individuals[index])
        mother, father = parents[index, 0], parents[index, 1]
        size = np.int64(old[1][mother])
        for place in range(size):
            row[place] = genomes[mother, place]
        operators[index] = MUTATION
        if father >= 0:
            size, operators[index] = cross(row, size, genomes[father], np.int64(old[1][father]), material, stream)
            size = tidy(row, size, material.language)
        while True:
            change = below(stream, 100)
            if change < changes[0]:
                size = trade(row, size, material, stream)
            elif change < changes[0] + changes[1]:
                size = part(row, size, material, stream)
            else:
                size = mutate(row, size, material, stream)
            size = tidy(row, size, material.language)
            if below(stream, 100) >= material.one_more:
                break
        size = fit(row, size, material.language, caps[0], caps[1], stream)
        for place in range(size):
            children[index, place] = row[place]
        new[1][index] = size
