from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from gpdebug.evolve import births, packed
from gpdebug.evolve.births import Births, joined, together
from gpdebug.evolve.packed import OPERATORS
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


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of a hundred births, the code of most of them compressed."""
    monkeypatch.setattr(births, "AT_ONCE", 100)
    monkeypatch.setattr(packed, "MUCH", 1_000)


def assert_same(first: Lineage, second: Lineage) -> None:
    for name in ("ids", "parents", "operator", "born", "error"):
        assert np.array_equal(getattr(first, name), getattr(second, name)), name
    assert first.programs.code.tobytes() == second.programs.code.tobytes()
    assert np.array_equal(first.programs.offsets, second.programs.offsets)


def kept(recorded: Births, living: NDArray[np.int64] = LIVING) -> Lineage:
    """The living and their ancestors; forgets everyone else."""
    recorded.keep(living)
    parts = list(recorded.parts())
    assert [len(part) for part in parts[:-1]] == [births.AT_ONCE] * (len(parts) - 1)
    assert 0 < len(parts[-1]) <= births.AT_ONCE
    return joined(parts)


def test_the_living_and_their_ancestors_are_what_pruning_the_whole_gives() -> None:
    parts = generations()
    expected = joined(parts).pruned(LIVING)
    assert 0 < len(expected) < GENERATIONS * SIZE
    assert_same(Births(parts).ancestors_of(LIVING), expected)
    assert_same(kept(Births(parts)), expected)


def test_parts_in_another_order_give_the_same() -> None:
    parts = generations()
    expected = joined(parts).pruned(LIVING)
    assert_same(kept(Births([*parts[3:], *parts[:3]])), expected)
    assert_same(kept(Births([*parts, parts[4]])), expected)


def test_pruning_now_and_then_forgets_nobody_who_has_descendants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(births, "MOST_SPARE", SIZE // 2)
    parts = generations()
    recorded, most = Births(), 0
    for part in parts:
        recorded.adopt(part)
        recorded.prune(part.ids)
        most = max(most, len(recorded))
    assert most < len(joined(parts))
    assert_same(kept(recorded), joined(parts).pruned(LIVING))


def test_what_is_left_does_not_depend_on_when_it_was_pruned_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(births, "MOST_SPARE", SIZE // 2)
    parts = generations()
    once, often = Births(parts), Births()
    for number, part in enumerate(parts):
        often.adopt(part)
        often.prune(part.ids)
        if number % 4 == 3:
            often.keep(part.ids)
            often = Births.restored(often.state())
    once.keep(LIVING)
    often.keep(LIVING)
    first, second = once.state(), often.state()
    assert first.keys() == second.keys()
    for name in first:
        assert np.array_equal(first[name], second[name]), name
    assert_same(kept(Births.restored(first)), joined(parts).pruned(LIVING))


def test_code_that_is_packed_takes_little_memory() -> None:
    programs = Programs.of([b"+-[>]<" * 50] * 90)
    lineage = replace(joined(generations()).part(0, 90), programs=programs)
    part = packed.Packed.of(lineage)
    assert isinstance(part.code, bytes)
    assert len(part.code) < len(programs.code) / 10
    assert_same(part.lineage(), lineage)


def test_islands_are_put_together_in_the_order_of_ids_and_nobody_twice() -> None:
    parts = generations()
    first, second = Births(parts[:7]), Births([*parts[7:], parts[2]])
    whole = list(together([first, second]))
    assert [len(part) for part in whole[:-1]] == [births.AT_ONCE] * (len(whole) - 1)
    assert_same(joined(whole), joined(parts))
    assert [len(part) for part in together([Births(), Births()])] == [0]


def test_errors_are_measured_once_on_lines_of_first_parents() -> None:
    parts = [replace(part, error=np.full(len(part), births.UNKNOWN)) for part in generations()]
    whole = joined(parts).pruned(LIVING)
    on_line = whole.on_first_lines(LIVING)
    measured: list[bytes] = []

    def rest(programs: Programs, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        measured.extend(programs[row] for row in rows.tolist())
        return programs.lengths[rows]

    recorded = Births(parts)
    error = np.arange(len(LIVING))[::-1].copy()
    for _ in range(2):
        recorded.keep(LIVING)
        recorded.measure(LIVING[::-1].copy(), error[::-1].copy(), rest)
    expected = np.full(len(whole), births.UNKNOWN)
    expected[on_line] = whole.programs.lengths[on_line]
    expected[whole.rows_of(LIVING)] = error
    assert np.array_equal(joined(list(recorded.parts())).error, expected)
    assert len(measured) == len(on_line) - len(LIVING)
