"""Families of programs, made by random births: the ancestry is known, as a run would store it."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Population
from gpdebug.store.task import Task
from tests.store.examples import reverse_task
from vm.evaluate import Programs

OPERATORS = ("random", "mutation", "crossover")
SYMBOLS = b"><}{+-.,[]"


def family(seed: int, count: int = 40, *, task: Task | None = None) -> Individuals:
    """Some programs made from nothing, the others of one or two of those before them."""
    generator = random.Random(seed)
    codes: list[bytes] = []
    parents = np.full((count, 2), -1, np.int64)
    for number in range(count):
        if number < 4:
            codes.append(bytes(generator.choices(SYMBOLS, k=generator.randrange(3, 20))))
            continue
        parents[number, 0] = generator.randrange(number)
        child = bytearray(codes[parents[number, 0]])
        if generator.random() < 0.4:
            parents[number, 1] = generator.randrange(number)
            other = codes[parents[number, 1]]
            at, start = generator.randrange(len(child) + 1), generator.randrange(len(other) + 1)
            child[at:at] = other[start : start + generator.randrange(10)]
        at = generator.randrange(len(child) + 1)
        child[at : at + generator.randrange(3)] = bytes(generator.choices(SYMBOLS, k=generator.randrange(3)))
        codes.append(bytes(child[:60]))
    return Individuals(stored(codes, parents, task or reverse_task()))


def stored(codes: list[bytes], parents: NDArray[np.int64] | None, task: Task) -> Population:
    """Programs with the ids 10, 11, …; parents are places among them, -1 for none."""
    count = len(codes)
    return Population(
        name="family",
        dialect=task.dialect,
        task=task,
        programs=Programs.of(codes),
        ids=np.arange(10, 10 + count, dtype=np.int64),
        parents=None if parents is None else np.where(parents >= 0, parents + 10, -1),
        operators=OPERATORS,
        operator=None if parents is None else (parents >= 0).sum(axis=1).astype(np.uint8),
        born=np.arange(count, dtype=np.int32),
    )
