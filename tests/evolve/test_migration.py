from __future__ import annotations

import numpy as np

from gpdebug.evolve import catalogue
from gpdebug.evolve.births import joined, together
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.record import restore, state_of
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.variation import Operator

HARD = catalogue.find("sort")
SETTINGS = SearchSettings(seed=7, population=40, islands=3, migration=3, migrants=4)


def advanced(engine: Engine, until: int) -> Engine:
    while engine.generation < until:
        engine.advance()
    return engine


def state(engine: Engine) -> list[list[bytes]]:
    return [[island.programs().code.tobytes(), island.crowd.ids.tobytes()] for island in engine.islands]


def immigrants(engine: Engine, island: int) -> list[int]:
    crowd = engine.islands[island].crowd
    return [int(id) for id in crowd.ids[crowd.operators == Operator.MIGRATION]]


def test_the_best_of_each_island_go_to_the_next_one_when_it_is_time() -> None:
    engine = advanced(Engine(HARD, SETTINGS), 2)
    assert not any(immigrants(engine, island) for island in range(3))
    advanced(engine, 3)
    assert any(immigrants(engine, island) for island in range(3))
    for index, island in enumerate(engine.islands):
        source = engine.islands[index - 1].crowd
        came = np.isin(island.crowd.ids, immigrants(engine, index))
        assert came.sum() <= 4
        assert np.all(np.isin(island.crowd.parents[came, 0] % 3, [(index - 1) % 3]))
        programs, from_where = island.programs(), engine.islands[index - 1].programs()
        for row in np.flatnonzero(came).tolist():
            origin = np.flatnonzero(source.ids == island.crowd.parents[row, 0])
            if origin.size:
                assert programs[row] == from_where[int(origin[0])]
        assert len(np.unique(island.crowd.ids)) == len(island.crowd) == 40


def test_immigrants_are_measured_on_the_cases_of_their_new_island() -> None:
    engine = advanced(Engine(HARD, SETTINGS), 3)
    for island in engine.islands:
        before = island.crowd.totals.copy(), island.crowd.objectives.copy()
        island._measure(island.crowd)
        assert np.array_equal(before[0], island.crowd.totals)
        assert np.array_equal(before[1], island.crowd.objectives)


def test_who_came_from_another_island_descends_from_its_first_generation() -> None:
    engine = advanced(Engine(HARD, SETTINGS), 14)
    for island in engine.islands:
        island.births.keep(island.crowd.ids)
    lineage = joined(list(together([island.births for island in engine.islands])))
    assert np.all(np.diff(lineage.ids) > 0)
    assert np.all(lineage.parents.max(axis=1) < lineage.ids)
    begun = lineage.parents[:, 0] < 0
    assert np.all(np.isin(lineage.parents[~begun].ravel(), [-1, *lineage.ids]))
    assert np.all(lineage.operator[begun] == Operator.RANDOM)
    moved = np.flatnonzero(lineage.operator == Operator.MIGRATION)
    assert moved.size
    for row in moved.tolist():
        parent = int(lineage.rows_of(lineage.parents[row, :1])[0])
        assert lineage.programs[row] == lineage.programs[parent]
        assert lineage.ids[row] % 3 == (lineage.ids[parent] + 1) % 3


def test_migration_depends_neither_on_threads_nor_on_interruptions() -> None:
    whole = advanced(Engine(HARD, SETTINGS), 20)
    threads = advanced(Engine(HARD, SETTINGS, threads=3), 20)
    assert state(whole) == state(threads)
    for stop in (2, 3, 7):
        stopped = advanced(Engine(HARD, SETTINGS), stop)
        resumed = Engine(HARD, SETTINGS, threads=2)
        restore(resumed, *state_of(stopped))
        assert state(advanced(resumed, 20)) == state(whole)


def test_islands_with_longer_programs_send_only_what_fits() -> None:
    settings = SearchSettings(seed=2, population=60, islands=2, migration=10, migrants=20)
    engine = advanced(Engine(HARD, settings), 40)
    for island in engine.islands:
        assert island.crowd.sizes.max() <= island.crowd.genomes.shape[1]
    short = engine.islands[1]
    assert short.crowd.sizes.max() <= short.counters.cap
