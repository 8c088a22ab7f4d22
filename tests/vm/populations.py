"""Many programs at once, random and evolved, and a naive interpreter to run them on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from gpdebug.store.run import RunFolder
from vm.batch_kernel import batch_plain
from vm.dialect import Dialect
from vm.evaluate import Evaluation, Programs, pack_start
from vm.layout import decode_words, pack_settings
from vm.settings import MAX_LIMIT, Settings

SAMPLES = Path(__file__).parents[2] / "sample_runs"
SYMBOLS = "><}{+-.,[]"


def random_programs(count: int, length: int, symbols: str = SYMBOLS) -> list[bytes]:
    chance = random.Random(length)
    return ["".join(chance.choices(symbols, k=length)).encode() for _ in range(count)]


def last_generation(name: str) -> list[bytes]:
    """Of a saved run."""
    run = RunFolder.open(SAMPLES / name)
    population = run.population(run.generations[-1])
    return [population.programs[index] for index in range(len(population.programs))]


def evolved_programs(count: int, name: str) -> list[bytes]:
    """The last generation of a saved run, as often as needed, each with one symbol replaced."""
    chance = random.Random(7)
    codes = last_generation(name)
    children = []
    for index in range(count):
        code = bytearray(codes[index % len(codes)])
        if code:
            code[chance.randrange(len(code))] = ord(chance.choice(SYMBOLS))
        children.append(bytes(code))
    return children


def empty_result(programs: int, cases: int, width: int) -> Evaluation:
    return Evaluation(
        np.zeros((programs, cases, width), np.uint8), np.zeros((programs, cases), np.int32),
        np.zeros((programs, cases), np.int64), np.zeros((programs, cases), np.uint8),
    )  # fmt: skip


def naive(
    programs: Programs, inputs: Sequence[bytes], dialect: Dialect, settings: Settings, *, width: int
) -> Evaluation:  # fmt: skip
    """`vm.evaluate.evaluate` by the plain loop, one word an instruction; not for self-modifying programs."""
    result, packed = empty_result(len(programs), len(inputs), width), Programs.of(inputs)
    batch_plain(
        programs.code, programs.offsets, 0, len(programs), packed.code, packed.offsets,
        decode_words(dialect, settings), pack_settings(dialect, settings), pack_start(dialect, settings, MAX_LIMIT),
        settings.memory, result.outputs, result.lengths, result.steps, result.status,
    )  # fmt: skip
    return result


def differing(one: Evaluation, other: Evaluation) -> list[int]:
    """The programs that two evaluations do not tell the same of."""
    differs = np.zeros(len(one.steps), np.bool_)
    for field in Evaluation.__slots__:
        unequal = getattr(one, field) != getattr(other, field)
        differs |= unequal.reshape(len(differs), -1).any(axis=1)
    return [int(index) for index in np.flatnonzero(differs)]
