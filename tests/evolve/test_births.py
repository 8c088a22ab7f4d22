from __future__ import annotations

import numpy as np
import pytest

from gpdebug.evolve import births
from gpdebug.evolve.births import COLUMNS, OPERATORS, Births, joined
from gpdebug.store.lineage import Lineage
from vm.evaluate import Programs

GENERATIONS = 12
SIZE = 40


def generations(seed: int = 5) -> list[Lineage]:
    """Parts such as a search leaves: each generation's parents are among the one before."""
    random = np.random.default_rng(seed)
    parts = []
    for born in range(GENERATIONS):
        first = born * SIZE
        ids = np.arange(first, first + SIZE)
        parents = random.integers(first - SIZE, first, (SIZE, 2)) if born else np.full((SIZE, 2), -1)
        parts.append(
            Lineage(
                ids=ids.astype(np.int64),
                parents=parents.astype(np.int64),
                operators=OPERATORS,
                operator=random.integers(0, len(OPERATORS), SIZE).astype(np.uint8),
                born=np.full(SIZE, born, np.int32),
                error=random.integers(-1, 9, SIZE),
                programs=Programs.of([bytes(random.integers(43, 47, length).tolist()) for length in range(SIZE)]),
            )
        )
    return parts


LIVING = np.arange((GENERATIONS - 1) * SIZE, GENERATIONS * SIZE, 3)


def assert_same(first: Lineage, second: Lineage) -> None:
    for name in COLUMNS:
        assert np.array_equal(getattr(first, name), getattr(second, name)), name
    assert first.programs.code.tobytes() == second.programs.code.tobytes()
    assert np.array_equal(first.programs.offsets, second.programs.offsets)


def test_the_living_and_their_ancestors_are_what_pruning_the_whole_gives() -> None:
    parts = generations()
    expected = joined(parts).pruned(LIVING)
    assert 0 < len(expected) < GENERATIONS * SIZE
    assert_same(Births(parts).ancestors_of(LIVING), expected)
    assert_same(Births(parts).of(LIVING), expected)


def test_parts_in_another_order_give_the_same() -> None:
    parts = generations()
    expected = joined(parts).pruned(LIVING)
    assert_same(Births([*parts[3:], *parts[:3]]).of(LIVING), expected)
    assert_same(Births([*parts, parts[4]]).of(LIVING), expected)


def test_pruning_now_and_then_forgets_nobody_who_has_descendants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(births, "MOST_SPARE", SIZE // 2)
    parts = generations()
    recorded, most = Births(), 0
    for part in parts:
        recorded.adopt(part)
        recorded.prune(part.ids)
        most = max(most, sum(map(len, recorded._parts)))
    assert most < len(joined(parts))
    assert_same(recorded.of(LIVING), joined(parts).pruned(LIVING))
