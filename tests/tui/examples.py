"""Populations and runs for the tests of the screens: made from a seed, the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gpdebug.store.history import History
from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Population
from gpdebug.store.task import Case, Task
from gpdebug.tui.sources import Growth
from vm.dialect import TAPE
from vm.evaluate import Programs

LANGUAGE = TAPE.with_settings(limit=300)
REVERSE = b"[>]<[.<}]"
OPERATORS = ("random", "point", "insert", "delete", "segment", "crossover")


def task(cases: int = 8) -> Task:
    texts = [bytes(range(97, 97 + length)) for length in range(cases)]
    return Task(name="reverse", dialect=LANGUAGE, training=tuple(Case(text, text[::-1]) for text in texts))


def population(count: int = 200, *, generation: int | None = 200, cases: int = 8) -> Population:
    """Programs of 0 to 59 random symbols with made-up errors; the first is right."""
    random = np.random.default_rng(7 + (generation or 0))
    lengths = random.integers(0, 60, count)
    lengths[:1] = len(REVERSE)
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
    code = np.frombuffer(b"><}{+-.,[]", np.uint8)[random.integers(0, 10, int(offsets[-1]))].copy()
    code[: len(REVERSE)] = np.frombuffer(REVERSE, np.uint8)[: len(code)]
    errors = np.maximum(0, random.normal(0, 40, (count, cases))).astype(np.int64) * random.integers(0, 6, (count, 1))
    errors[:, -1] += 1
    errors[:1] = 0
    return Population(
        name="programs.jsonl" if generation is None else "reverse",
        dialect=LANGUAGE,
        task=None if generation is None else task(cases),
        generation=generation,
        programs=Programs(code, offsets),
        ids=np.arange(4000, 4000 + count, dtype=np.int64),
        parents=random.integers(0, 4000, (count, 2)),
        operators=OPERATORS,
        operator=random.integers(0, len(OPERATORS), count).astype(np.uint8),
        born=random.integers(0, (generation or 0) + 1, count).astype(np.int32),
        island=(np.arange(count) % 2).astype(np.int16),
        errors=errors,
        error=errors.sum(axis=1),
        steps=random.integers(20, 120_000, count),
    )


def history(generations: int = 201) -> History:
    """A search that solves its task thirty generations before the end."""
    random = np.random.default_rng(1)
    falling = np.exp(np.linspace(7, 0, generations)) * random.uniform(0.8, 1, generations)
    best = np.minimum.accumulate(falling).astype(np.int64)
    best[-30:] = 0
    return History(
        {
            "generation": np.arange(generations),
            "best": best,
            "median": best * 1.5 + 40 * random.uniform(0.5, 1, generations),
            "diversity": np.clip(0.9 - np.arange(generations) / 400 + random.normal(0, 0.03, generations), 0, 1),
        }
    )


class Run:
    """A run that lies in memory."""

    def __init__(self, count: int = 200, saved: Sequence[int] = (0, 10, 50, 100, 150, 200)) -> None:
        self._count = count
        self._saved = tuple(saved)

    @property
    def name(self) -> str:
        return "reverse"

    @property
    def individuals(self) -> Individuals:
        return Individuals(self.population(None))

    @property
    def folder(self) -> None:
        return None

    @property
    def task(self) -> Task:
        return task()

    def generations(self) -> Sequence[int]:
        return self._saved

    def population(self, generation: int | None) -> Population:
        return population(self._count, generation=self._saved[-1] if generation is None else generation)

    def history(self) -> History:
        return history(self._saved[-1] + 1)

    def growth(self) -> Growth:
        return Growth()
