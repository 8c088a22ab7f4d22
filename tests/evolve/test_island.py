from __future__ import annotations

import numpy as np
import pytest

from gpdebug.evolve import catalogue
from gpdebug.evolve.arms import ARMS
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.island import CHALLENGES, Island
from gpdebug.evolve.options import Arm
from gpdebug.evolve.record import restore, state_of
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.variation import Operator
from vm.dialect import BF, TAPE, Dialect
from vm.program import Program

HARD = catalogue.find("sort")


def island(generations: int, index: int = 0, dialect: Dialect = TAPE, **choices: object) -> Island:
    settings = SearchSettings.of({"seed": 4, "population": 40, **choices})
    result = Island(catalogue.find("sort", dialect), settings, index)
    result.advance(generations)
    return result


@pytest.mark.parametrize(("elites", "staying"), [(0, 1), (10, 4), (50, 20)])
def test_as_many_stay_as_asked_for_and_they_are_the_best(elites: int, staying: int) -> None:
    before = island(3, elites=elites)
    crowd = before.crowd.take(np.arange(40))
    before.advance(1)
    stayed = np.isin(crowd.ids, before.crowd.ids)
    assert stayed.sum() == staying
    assert crowd.totals[stayed].max() <= crowd.totals[~stayed].min()


def test_of_equals_the_faster_ones_stay_if_that_is_wanted() -> None:
    before = island(4, elites=30, ties="faster")
    crowd = before.crowd.take(np.arange(40))
    before.advance(1)
    stayed = np.isin(crowd.ids, before.crowd.ids)
    last = crowd.totals[stayed].max()
    assert crowd.steps.min() > 0
    assert crowd.steps[stayed & (crowd.totals == last)].max() <= crowd.steps[~stayed & (crowd.totals == last)].min(
        initial=10**9
    )


def test_each_generation_sees_a_part_of_the_training_cases_and_all_see_the_same() -> None:
    sampled = island(1, down_sampling=5)
    seen = set()
    for _ in range(8):
        sampled.advance(1)
        active = sampled.state()[1]["active"]
        assert len(active) == len(HARD.training) * 5 // 100
        seen.add(tuple(active))
        totals = sampled.crowd.totals.copy()
        sampled._measure(sampled.crowd)
        assert np.array_equal(totals, sampled.crowd.totals)
    assert len(seen) == 8


def test_nobody_behaves_like_another_where_children_are_made_again_often_enough() -> None:
    def different(retries: int) -> int:
        return len(np.unique(island(12, retries=retries).crowd.behaviours))

    assert different(0) < different(10)


def test_programs_of_thousands_of_instructions_evolve_in_rows_that_are_wide_enough() -> None:
    evolved = island(
        4, population=12, arms="long", max_tokens=3_000, max_instructions=5_000, start_tokens=1_500, growth=500
    )
    crowd = evolved.crowd
    assert crowd.genomes.shape == (12, 3_000)
    assert crowd.sizes.max() > 256
    assert crowd.lengths.max() <= 5_000
    for code in (evolved.programs()[row] for row in range(12)):
        assert not len(Program(code, HARD.dialect).unmatched)
    assert island(0, 1).crowd.genomes.shape[1] == 32


def test_where_caps_follow_the_best_it_is_shortened_before_they_grow() -> None:
    searching = island(1, dialect=BF, population=60)
    start, growth = ARMS[Arm.LONG].start_tokens, ARMS[Arm.LONG].growth
    shortened = 0
    for _ in range(40):
        before = searching.counters.cap
        best = int(searching.crowd.sizes[searching.crowd.best()])
        searching.advance(1)
        crowd, cap = searching.crowd, searching.counters.cap
        assert crowd.sizes[crowd.born == searching.counters.generation].max() <= max(cap, start) + growth
        assert cap == before if best <= before + growth // 2 else cap <= best
        shortened += int((crowd.operators == Operator.SHORTENED).sum())
    assert shortened


def test_where_outputs_are_regions_caps_follow_the_best_as_it_is() -> None:
    searching = island(1, arms="long")
    for _ in range(20):
        best = int(searching.crowd.sizes[searching.crowd.best()])
        searching.advance(1)
        assert searching.counters.cap == best
        assert not (searching.crowd.operators == Operator.SHORTENED).any()


def test_a_shorter_form_is_as_good_at_everything_and_takes_the_place_of_the_worst() -> None:
    searching = island(3, dialect=BF)
    crowd = searching.crowd
    row = int(np.argmax(crowd.sizes))
    was, objectives, worst = crowd.ids.copy(), crowd.objectives[row].copy(), int(crowd.totals.max())
    length, totals = int(crowd.lengths[row]), crowd.totals.copy()
    searching._slim(row)
    (place,) = np.flatnonzero(crowd.ids != was)
    assert totals[place] == worst
    assert (crowd.objectives[place] <= objectives).all()
    assert crowd.lengths[place] < length
    assert crowd.parents[place].tolist() == [was[row], -1]


def test_a_checkpoint_tells_nothing_of_who_was_there_before() -> None:
    settings = SearchSettings(seed=3, population=30, islands=2)
    whole, stopped, resumed = (Engine(HARD, settings) for _ in range(3))
    for _ in range(9):
        whole.advance()
    for _ in range(4):
        stopped.advance()
    restore(resumed, *state_of(stopped))
    for _ in range(5):
        resumed.advance()
    first, second = state_of(whole), state_of(resumed)
    assert first[1] == second[1]
    assert all(np.array_equal(column, second[0][name]) for name, column in first[0].items())


def test_while_nobody_is_better_than_the_best_the_cases_that_it_fails_become_active() -> None:
    stuck = island(1, arms="long", patience=5_000)
    while stuck.counters.evaluations - stuck.counters.best_at < 5_000 // CHALLENGES:
        before = stuck.state()[1]["active"], stuck.counters.best_at, stuck.counters.restarts
        stuck.advance(1)
    active, now = stuck.state()[1]["active"], stuck.counters
    assert (now.best_at, now.restarts) == before[1:]
    assert set(active) > set(before[0])
    assert now.best == stuck.crowd.totals.min()
