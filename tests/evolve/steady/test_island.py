from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from gpdebug.evolve import catalogue
from gpdebug.evolve.ancestry import with_descendants
from gpdebug.evolve.arms import SHORT_WEIGHTS
from gpdebug.evolve.births import joined
from gpdebug.evolve.crowd import Crowd
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.judging import Judge
from gpdebug.evolve.record import Snapshot, lineage_of, restore, state_of
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.steady.arm import CONSTANTS, SteadyArm, for_numbers
from gpdebug.evolve.steady.births import LOGGED
from gpdebug.evolve.steady.island import SteadyIsland
from gpdebug.store.lineage import Lineage
from gpdebug.store.task import Case, Task
from vm.dialect import TAPE
from vm.evaluate import Programs
from vm.scoring import Scorer

TEXT = catalogue.find("text:a much longer text, which nobody finds before 40 rounds are over")
IMPATIENT = replace(CONSTANTS, patience=400, population=100)
SHORT = replace(IMPATIENT, weights=SHORT_WEIGHTS, token_caps=(24, 32), active=8, circular=True, long_runs=0)
SEQUENCE = replace(for_numbers(catalogue.find("fibonacci-4")), patience=400, pace=4, token_caps=(16, 24))
DIVERSE = [(TEXT, IMPATIENT), (catalogue.find("subtract"), SHORT), (catalogue.find("trim-left"), IMPATIENT)]
SEARCHES = [*DIVERSE, (catalogue.find("fibonacci-4"), SEQUENCE)]
COLUMNS = ("sizes", "ids", "parents", "operators", "born", "lengths", "totals", "behaviours", "errors", "steps")


def kept(island: SteadyIsland) -> Lineage:
    """Everyone alive and all their ancestors."""
    island.births.keep(island.crowd.ids)
    return joined(list(island.births.parts()))


def assert_same(first: SteadyIsland, second: SteadyIsland) -> None:
    assert first.counters == second.counters
    for column in COLUMNS:
        assert np.array_equal(getattr(first.crowd, column), getattr(second.crowd, column)), column
    assert first.programs().code.tobytes() == second.programs().code.tobytes()
    one, other = kept(first), kept(second)
    assert np.array_equal(one.ids, other.ids)
    assert np.array_equal(one.parents, other.parents)
    assert one.programs.code.tobytes() == other.programs.code.tobytes()


def island(task: Task, arm: SteadyArm, seed: int = 1) -> SteadyIsland:
    return SteadyIsland(task, SearchSettings(seed=seed), 0, arm)


@pytest.mark.parametrize(("task", "arm"), SEARCHES)
def test_it_does_not_matter_how_many_generations_are_done_at_once(
    task: Task, arm: SteadyArm, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, parts = island(task, arm), island(task, arm)
    whole.advance(121)
    monkeypatch.setattr("gpdebug.evolve.steady.island.FIRST_LOG", 20)
    monkeypatch.setattr("gpdebug.evolve.steady.island.LOG", 50)
    parts = island(task, arm)
    for generations in (1, 1, 7, 50, 2, 60):
        parts.advance(generations)
    assert whole.counters.restarts > 0
    assert whole.counters.generation == 120
    assert_same(whole, parts)


def test_a_large_population_has_room_for_children_that_are_longer_than_the_first_programs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("gpdebug.evolve.island.LARGE", 10)
    large = island(TEXT, replace(IMPATIENT, patience=1_000_000))
    large.advance(2)
    first = int(large.crowd.sizes.max())
    large.advance(60)
    assert large.crowd.sizes.max() > 2 * first
    assert np.all(large.crowd.sizes <= large.crowd.genomes.shape[1])
    again = island(TEXT, replace(IMPATIENT, patience=1_000_000))
    monkeypatch.undo()
    again.advance(62)
    assert_same(large, again)


def test_there_are_as_many_individuals_as_the_arm_says_unless_another_number_is_asked_for() -> None:
    for asked, size in ((SearchSettings().population, 100), (60, 60), (400, 400)):
        searched = SteadyIsland(TEXT, SearchSettings(population=asked), 0, IMPATIENT)
        searched.advance(1)
        assert len(searched.crowd) == size


def test_a_generation_is_so_many_births_for_each_individual_as_the_pace_says() -> None:
    arm = replace(IMPATIENT, population=20, patience=1_000_000, pace=3)
    searched = island(TEXT, arm)
    searched.advance(1)
    for generation in range(1, 5):
        searched.advance(1)
        assert searched.counters.generation == generation
        assert searched.counters.births == 20 + 3 * 20 * generation


class Checked(SteadyIsland):
    """Looks at what the kernel left before anything is measured again."""

    newborn = 0

    def _record(self, progress: NDArray[np.int64]) -> None:
        crowd = self.crowd
        self.newborn += int(progress[LOGGED])
        measured = crowd.take(np.arange(len(crowd)))
        self._judge.measure(measured, measured.programs(self._language))
        assert np.array_equal(crowd.totals, measured.totals)
        assert np.array_equal(crowd.behaviours, measured.behaviours)
        assert np.array_equal(crowd.lengths, measured.lengths)
        super()._record(progress)


@pytest.mark.parametrize(("task", "arm"), SEARCHES)
def test_errors_and_behaviours_are_those_of_the_evaluator(task: Task, arm: SteadyArm) -> None:
    checked = Checked(task, SearchSettings(seed=2), 0, replace(arm, patience=50_000))
    for _ in range(60):
        checked.advance(1)
    assert checked.newborn > 100


@pytest.mark.parametrize(("task", "arm"), DIVERSE)
def test_behaviours_become_different_and_the_best_only_gets_better(task: Task, arm: SteadyArm) -> None:
    searched = island(task, replace(arm, patience=1_000_000))
    bests: list[int] = []
    asked: list[int] = []
    for _ in range(60):
        searched.advance(10)
        if asked != searched._judge.active:
            asked, bests = searched._judge.active, []
        bests.append(int(searched.crowd.totals.min()))
    assert bests == sorted(bests, reverse=True)
    assert bests[-1] < bests[0]
    assert searched.reports[-1].diversity > 0.9


def test_whoever_has_living_descendants_is_found() -> None:
    random = np.random.default_rng(3)
    for _ in range(30):
        ids = np.cumsum(random.integers(1, 4, 40))
        parents = np.full((40, 2), -1)
        for row in range(1, 40):
            parents[row] = random.choice(np.append(ids[:row], [-1, 0]), 2)
        living = np.sort(random.choice(ids, 4, replace=False))
        kin = dict(zip(ids.tolist(), parents.tolist(), strict=True))
        wanted, front = set[int](), set(living.tolist())
        while front:
            wanted |= front
            front = {parent for child in front for parent in kin[child] if parent in kin} - wanted
        assert set(ids[with_descendants(ids, parents, living, 2)].tolist()) == wanted


def engine_after(rounds: int, threads: int = 1) -> Engine:
    engine = Engine(TEXT, SearchSettings(seed=3, population=60), threads=threads)
    for _ in range(rounds):
        engine.advance()
    return engine


def test_a_restored_engine_goes_on_exactly_as_one_that_was_never_stopped_on_any_number_of_threads() -> None:
    whole, stopped = engine_after(40), engine_after(22, threads=2)
    resumed = Engine(TEXT, SearchSettings(seed=3, population=60), threads=2)
    restore(resumed, *state_of(stopped))
    for _ in range(18):
        resumed.advance()
    for first, second in zip(whole.islands, resumed.islands, strict=True):
        assert isinstance(first, SteadyIsland)
        assert isinstance(second, SteadyIsland)
        assert_same(first, second)
    assert str(whole.rows[-len(resumed.rows) :]) == str(resumed.rows)
    assert whole.champion == resumed.champion


def test_the_lineage_leads_from_everyone_alive_to_random_programs() -> None:
    engine = engine_after(60)
    (population,) = Snapshot.of(engine).measured(engine.task, "a")
    assert population.error is not None
    lineage = joined(list(lineage_of(engine, population.error)))
    assert np.all(np.isin(population.ids, lineage.ids))
    begun = lineage.parents[:, 0] < 0
    assert 0 < begun.sum() < len(lineage) / 2
    assert np.all(np.isin(lineage.parents[~begun].ravel(), [-1, *lineage.ids]))
    assert {lineage.operators[index] for index in lineage.operator[begun]} == {"random"}
    rows = lineage.rows_of(population.ids)
    assert [lineage.programs[int(row)] for row in rows] == [population.programs[row] for row in range(len(rows))]


def test_several_numbers_are_learned_one_after_the_other_by_programs_that_do_the_same_for_each() -> None:
    def follow(pair: bytes) -> bytes:
        return bytes([(pair[0] + number) % 256 for number in (1, 2, 3)])

    cases = tuple(Case(bytes([number, 0]), follow(bytes([number, 0]))) for number in range(0, 60, 3))
    task = Task("next", TAPE.with_settings(limit=3_000, out_len=3), cases, cases, Scorer.BYTES, "", "")
    searched = SteadyIsland(task, SearchSettings(seed=3), 0, for_numbers(task))
    searched.advance(1)
    sources = [searched.programs()[row] for row in range(len(searched.crowd))]
    assert all(source == 3 * source[: len(source) // 3] for source in sources)
    while searched.solution is None and searched.counters.evaluations < 1_000_000:
        searched.advance(10)
    assert searched.solution is not None


@pytest.mark.parametrize(("task", "arm"), SEARCHES)
def test_steps_are_those_of_the_evaluator(task: Task, arm: SteadyArm) -> None:
    searched = island(task, arm)
    measured = Judge.measure
    counted: list[NDArray[np.int64]] = []

    def spied(judge: Judge, crowd: Crowd, programs: Programs) -> None:
        counted.append(crowd.steps.copy())
        measured(judge, crowd, programs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Judge, "measure", spied)
        searched.advance(40)
    assert np.any(searched.crowd.born > 0)
    assert np.array_equal(counted[-1], searched.crowd.steps)


@pytest.mark.parametrize("kind", [
    {"replacement": "steady"},
    {"replacement": "generational", "selection": "tournament"},
    {"replacement": "generational", "selection": "lexicase", "arms": "long"},
])  # fmt: skip
def test_step_pressure_makes_populations_fast(kind: dict[str, object]) -> None:
    steps = []
    for pressure in (0, 100):
        settings = SearchSettings.of(
            {"islands": 1, "population": 200, "arms": "short", "step_pressure": pressure} | kind
        )
        engine = Engine(catalogue.find("sort"), settings)
        while engine.generation < 60:
            engine.advance()
        steps.append(np.mean([row["mean_steps"] for row in engine.rows]))
    assert steps[1] < 0.85 * steps[0]


@pytest.mark.parametrize("name", ["text:hi", "text:hello", "text:Brainfuck"])
def test_texts_are_solved(name: str) -> None:
    engine = Engine(catalogue.find(name), SearchSettings(seed=1))
    while not engine.solved and engine.evaluations < 3_000_000:
        engine.advance()
    assert engine.champion is not None
    assert engine.champion.is_solution
    assert engine.rows[-1]["best"] == 0


def test_a_task_of_many_cases_is_solved_on_all_of_them() -> None:
    task = catalogue.find("length")
    searched = island(task, replace(CONSTANTS, active=4), seed=4)
    while searched.solution is None and searched.counters.evaluations < 1_000_000:
        searched.advance(100)
    assert searched.solution is not None
    short = searched.shorten()
    assert len(short) <= len(searched.solution.code)
