from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from gpdebug.evolve import catalogue
from gpdebug.evolve.arms import ARMS
from gpdebug.evolve.genome import MAX_TOKENS, instructions, language_of, tidy, written
from gpdebug.evolve.idioms import COUNT, random_loops
from gpdebug.evolve.mutation import Material
from gpdebug.evolve.operators import OPERATORS
from gpdebug.evolve.options import Arm
from gpdebug.evolve.random import seek
from gpdebug.evolve.variation import Operator, breed, fit, populate
from vm.dialect import BF, BFX, TAPE, Dialect, Instruction, Primitive
from vm.evaluate import Programs
from vm.program import Program

LANGUAGE = language_of(TAPE)
TASK = catalogue.find("hello-user")
MATERIALS = {arm: ARMS[arm].material(TASK, LANGUAGE, 1) for arm in Arm}

Genomes = tuple[NDArray[np.uint16], NDArray[np.int32]]


def random_population(count: int, material: Material, caps: tuple[int, int], seed: int) -> Genomes:
    genomes, sizes = np.zeros((count, MAX_TOKENS), np.uint16), np.zeros(count, np.int32)
    populate(genomes, sizes, material, caps, (seed, 0, 0), MAX_TOKENS)
    return genomes, sizes


def children_of(
    old: Genomes,
    material: Material,
    caps: tuple[int, int],
    seed: int,
    father: bool,
    changes: tuple[int, int] = (0, 0),
) -> Genomes:
    count = len(old[1])
    parents = np.stack([np.arange(count), np.roll(np.arange(count), 1) if father else np.full(count, -1)], axis=1)
    new = np.zeros((count, MAX_TOKENS), np.uint16), np.zeros(count, np.int32)
    operators = np.zeros(count, np.uint8)
    breed(
        old, new, parents.astype(np.int32), operators, material, caps, (seed, 0, 1), np.arange(count), MAX_TOKENS,
        changes,
    )  # fmt: skip
    return new


def assert_sound(genomes: Genomes, caps: tuple[int, int]) -> Programs:
    programs = written(*genomes, LANGUAGE)
    for index in range(len(programs)):
        assert genomes[1][index] <= caps[0]
        assert instructions(genomes[0][index], genomes[1][index]) == len(programs[index]) <= caps[1]
        assert not len(Program(programs[index], TAPE).unmatched)
    return programs


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**62),
    arm=st.sampled_from(Arm),
    token_cap=st.integers(4, 160),
    instruction_cap=st.integers(4, 600),
    father=st.booleans(),
)
def test_generation_after_generation_is_balanced_and_within_the_caps(
    seed: int, arm: Arm, token_cap: int, instruction_cap: int, father: bool
) -> None:
    caps = token_cap, instruction_cap
    population = random_population(40, MATERIALS[arm], caps, seed)
    assert_sound(population, caps)
    for generation in range(4):
        population = children_of(population, MATERIALS[arm], caps, seed + generation, father, (20, 10))
        assert_sound(population, caps)


def test_a_child_depends_on_its_key_and_not_on_who_else_is_born() -> None:
    caps = 60, 600
    old = random_population(50, MATERIALS[Arm.LONG], caps, 3)
    both = np.stack([np.arange(50), np.arange(50)[::-1]], axis=1).astype(np.int32)
    results = []
    for rows in (np.arange(50), np.array([7, 31])):
        new = np.zeros((len(rows), MAX_TOKENS), np.uint16), np.zeros(len(rows), np.int32)
        breed(
            old, new, both[rows], np.zeros(len(rows), np.uint8), MATERIALS[Arm.LONG], caps, (3, 1, 9), rows, MAX_TOKENS
        )
        results.append(written(*new, LANGUAGE))
    assert [results[0][7], results[0][31]] == [results[1][0], results[1][1]]


def test_most_children_differ_from_their_mother_but_are_like_her() -> None:
    caps = 60, 600
    old = random_population(300, MATERIALS[Arm.LONG], caps, 5)
    new = children_of(old, MATERIALS[Arm.LONG], caps, 6, father=False)
    mothers, children = written(*old, LANGUAGE), written(*new, LANGUAGE)
    assert sum(mothers[i] != children[i] for i in range(300)) > 270
    assert np.median(np.abs(mothers.lengths - children.lengths)) < 15


@pytest.mark.parametrize("index", range(len(OPERATORS)))
def test_every_mutation_alone_changes_programs(index: int) -> None:
    weights = np.cumsum([int(place == index) for place in range(len(OPERATORS))])
    material = MATERIALS[Arm.LONG]._replace(weights=weights)
    caps = 100, 600
    old = random_population(60, material, caps, 8)
    programs, children = written(*old, LANGUAGE), assert_sound(children_of(old, material, caps, 9, False), caps)
    assert sum(programs[i] != children[i] for i in range(60)) > 20


def test_the_short_arm_makes_no_long_runs_of_its_own_and_the_long_arm_takes_lengths_from_the_cases() -> None:
    def longest(arm: Arm) -> int:
        genomes, sizes = random_population(300, MATERIALS[arm], (40, 600), 4)
        adds = np.isin(genomes >> 8, np.flatnonzero(LANGUAGE.kinds == 1)) & (np.arange(MAX_TOKENS) < sizes[:, None])
        return int((genomes & 255)[adds].max())

    assert longest(Arm.SHORT) <= 6
    assert longest(Arm.LONG) > 60
    assert ord("H") in MATERIALS[Arm.LONG].counts
    assert ord("e") - ord("H") in MATERIALS[Arm.LONG].counts


@pytest.mark.parametrize("dialect", [TAPE, BF])
def test_idioms_are_short_loops_all_different_and_the_same_for_a_seed(dialect: Dialect) -> None:
    language = language_of(dialect)
    tokens, sizes = random_loops(dialect, language, 7)
    again, _ = random_loops(dialect, language, 7)
    other, _ = random_loops(dialect, language, 8)
    assert np.array_equal(tokens, again)
    assert not np.array_equal(tokens, other)
    assert len(sizes) == COUNT
    assert np.all(tokens[:, 0] >> 8 == language.open)
    assert np.all(tokens[np.arange(COUNT), sizes - 1] >> 8 == language.close)
    assert len({row.tobytes() for row in tokens}) == COUNT


def test_operators_have_readable_names() -> None:
    assert [str(operator) for operator in Operator] == [
        "random", "mutation", "one point", "segment inserted", "segment replaced", "shortened", "two point",
        "homologous", "migration",
    ]  # fmt: skip


def test_every_symbol_of_a_dialect_is_used_also_those_that_set_a_cell_or_halt() -> None:
    symbols = (*TAPE.instructions, *(Instruction(str(digit), Primitive.SET, digit * 16) for digit in range(10)))
    dialect = Dialect("digits", (*symbols, Instruction("!", Primitive.HALT)), io=TAPE.io)
    language = language_of(dialect)
    material = ARMS[Arm.LONG].material(TASK, language, 1)
    programs = written(*random_population(400, material, (60, 600), 2), language)
    assert set(programs.code.tobytes()) == {ord(instruction.symbol) for instruction in dialect.instructions}


def test_only_what_adds_or_moves_can_be_undone() -> None:
    setting = (Instruction("a", Primitive.SET, 5), Instruction("b", Primitive.SET, -5))
    dialect = Dialect("set", (*TAPE.instructions, *setting), io=TAPE.io)
    language = language_of(dialect)
    undone = {chr(symbol): other for symbol, other in zip(language.symbols, language.inverse, strict=True)}
    assert undone["a"] == undone["b"] == -1
    assert chr(language.symbols[undone[">"]]) == "<"


def test_what_is_far_too_long_is_cut_to_the_cap_and_stays_balanced() -> None:
    symbol = int(LANGUAGE.plain[0]) << 8
    row = np.array(
        [LANGUAGE.open << 8 | 1, *[symbol | 255, int(LANGUAGE.plain[1]) << 8 | 200] * 100, LANGUAGE.close << 8 | 1]
    )
    for seed in range(20):
        genome = row.astype(np.uint16)
        stream = np.zeros(1, np.uint64)
        seek(stream, seed, 0, 0, 0)
        size = fit(genome, len(genome), LANGUAGE, 150, 2_000, stream)
        assert 0 < size <= 150
        assert 1_500 < instructions(genome, size) <= 2_000
        assert tidy(genome.copy(), size, LANGUAGE) == size


def test_where_all_changes_are_trades_only_runs_are_changed() -> None:
    material = MATERIALS[Arm.LONG]._replace(one_more=0)
    plus, dot = (np.flatnonzero(LANGUAGE.symbols == ord(symbol))[0] << 8 for symbol in "+.")
    genomes = np.zeros((200, MAX_TOKENS), np.uint16)
    genomes[:, :4] = [plus | 90, dot | 1, plus | 80, dot | 1]
    new = children_of((genomes, np.full(200, 4, np.int32)), material, (160, 600), 1, father=False, changes=(100, 0))
    sound = assert_sound(new, (160, 600))
    programs = [bytes(sound[index]) for index in range(len(sound))]
    assert all(program.count(b".") == 2 and not program.strip(b"+-.") for program in programs)
    assert len(set(programs)) > 20
    sums = [program.count(b"+") - program.count(b"-") for program in programs]
    assert 90 + 80 in [total for total, program in zip(sums, programs, strict=True) if program.index(b".") != 90]


def test_symbols_that_set_a_cell_count_as_two_and_those_near_the_wanted_bytes_come_most_often() -> None:
    task = catalogue.find("text:ps", BFX)
    language = language_of(BFX)
    plain = ARMS[Arm.LONG].material(task, language, 1).language.plain
    symbols = bytes(language.symbols[plain]).decode()
    sets = [symbol for symbol in symbols if symbol in "0123456789abcdef"]
    assert set(sets) == set("0123456789abcdef")
    assert abs(len(sets) / symbols.count("+") - 2) < 0.2
    assert sets.count("7") == max(map(sets.count, sets)) > 8 * sets.count("3")
    assert np.array_equal(MATERIALS[Arm.LONG].language.plain, LANGUAGE.plain)
