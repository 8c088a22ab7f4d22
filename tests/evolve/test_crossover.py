from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gpdebug.evolve import catalogue
from gpdebug.evolve.arms import arm_of
from gpdebug.evolve.crossover import homologous, one_point, splice, two_point
from gpdebug.evolve.genome import MAX_TOKENS, language_of
from gpdebug.evolve.options import RECOMBINATIONS, Arm
from gpdebug.evolve.random import seek
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.variation import Operator, breed, populate
from vm.dialect import TAPE

TASK = catalogue.find("hello-user")
LANGUAGE = language_of(TAPE)
CROSSOVERS: dict[str, Callable[..., int]] = {
    "one-point": one_point,
    "segment-inserted": lambda child, size, other, other_size, stream: splice(
        child, size, other, other_size, False, stream
    ),
    "segment-replaced": lambda child, size, other, other_size, stream: splice(
        child, size, other, other_size, True, stream
    ),
    "two-point": two_point,
    "homologous": homologous,
}


def crossed(name: str, mother: list[int], father: list[int], seed: int) -> list[int]:
    """The child of two lists of tokens."""
    row = np.zeros(600, np.uint16)
    row[: len(mother)] = mother
    stream = np.zeros(1, np.uint64)
    seek(stream, seed, 0, 0, 0)
    other = np.array([*father, 0], np.uint16)
    size = CROSSOVERS[name](row, len(mother), other, len(father), stream)
    return [int(token) for token in row[:size]]


def is_head_and_tail(child: list[int], mother: list[int], father: list[int]) -> bool:
    return any(
        child[:cut] == mother[:cut]
        and child[cut:] == (father[len(father) - (len(child) - cut) :] if cut < len(child) else [])
        for cut in range(min(len(child), len(mother)) + 1)
        if len(child) - cut <= len(father)
    )


tokens = st.lists(st.integers(1, 6), max_size=30)


@settings(max_examples=60, deadline=None)
@given(mother=tokens, father=tokens, seed=st.integers(0, 10_000))
def test_one_point_and_homologous_children_are_a_head_and_a_tail(
    mother: list[int], father: list[int], seed: int
) -> None:
    for name in ("one-point", "homologous"):
        assert is_head_and_tail(crossed(name, mother, father, seed), mother, father), name


@settings(max_examples=60, deadline=None)
@given(mother=tokens, father=tokens, seed=st.integers(0, 10_000))
def test_two_point_children_keep_the_size_and_every_place(mother: list[int], father: list[int], seed: int) -> None:
    child = crossed("two-point", mother, father, seed)
    assert len(child) == len(mother)
    taken = [place for place, token in enumerate(child) if token != mother[place]]
    assert all(child[place] == father[place] for place in range(min(taken, default=0), max(taken, default=-1) + 1))


@settings(max_examples=60, deadline=None)
@given(mother=tokens, father=tokens, seed=st.integers(0, 10_000))
def test_spliced_children_hold_a_segment_of_the_other_parent(mother: list[int], father: list[int], seed: int) -> None:
    father = [token + 10 for token in father]
    inserted = crossed("segment-inserted", mother, father, seed)
    assert [token for token in inserted if token < 10] == mother
    for child in (inserted, crossed("segment-replaced", mother, father, seed)):
        segment = [token for token in child if token > 10]
        assert any(father[at : at + len(segment)] == segment for at in range(len(father) + 1))
        assert bool(segment) == bool(father)


def test_homologous_cuts_go_where_the_parents_are_alike() -> None:
    common = list(range(1, 41))
    for seed in range(40):
        assert crossed("homologous", common, [99, 98, 97, *common], seed) == common
        assert crossed("homologous", [90, 91, *common], common, seed)[-39:] == common[1:]
    assert {len(crossed("one-point", common, common, seed)) for seed in range(40)} != {40}


@pytest.mark.parametrize("name", RECOMBINATIONS)
def test_the_chosen_crossover_is_the_only_one_and_is_recorded(name: str) -> None:
    arm = arm_of(SearchSettings.of({"recombination": name}), Arm.LONG)
    material = arm.material(TASK, LANGUAGE, 1)
    genomes, sizes = np.zeros((30, MAX_TOKENS), np.uint16), np.zeros(30, np.int32)
    populate(genomes, sizes, material, (60, 600), (1, 0, 0), MAX_TOKENS)
    new: tuple[NDArray[np.uint16], NDArray[Any]] = np.zeros_like(genomes), np.zeros_like(sizes)
    operators = np.zeros(30, np.uint8)
    parents = np.stack([np.arange(30), np.arange(30)[::-1]], axis=1).astype(np.int32)
    breed((genomes, sizes), new, parents, operators, material, (60, 600), (1, 0, 1), np.arange(30), MAX_TOKENS)
    assert {str(Operator(operator)).replace(" ", "-") for operator in operators.tolist()} == {name}
