from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from gpdebug.evolve import catalogue
from gpdebug.evolve.births import joined
from gpdebug.evolve.champion import Champion
from gpdebug.evolve.engine import FEW, Engine
from gpdebug.evolve.errors import ResumeError
from gpdebug.evolve.island import Island
from gpdebug.evolve.judging import errors_on
from gpdebug.evolve.options import Arm, Replacement
from gpdebug.evolve.record import Snapshot, lineage_of, restore, save, state_of
from gpdebug.evolve.report import Report
from gpdebug.evolve.rows import row_of
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.variation import Operator
from gpdebug.store.check import check
from gpdebug.store.history import History
from gpdebug.store.info import RunInfo
from gpdebug.store.lineage import Lineage
from gpdebug.store.population import Population
from gpdebug.store.run import RunFolder
from gpdebug.store.task import Case, Task
from vm.evaluate import Programs
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.scoring import case_error
from vm.state import output_of

Errors = NDArray[np.int64]
HARD = catalogue.find("sort")
COLUMNS = ("ids", "parents", "operator", "born", "island", "errors", "error", "steps")


def advanced(engine: Engine, rounds: int) -> Engine:
    for _ in range(rounds):
        engine.advance()
    return engine


def population_of(engine: Engine) -> Population:
    (population,) = Snapshot.of(engine).measured(engine.task, "a")
    return population


def ancestors_of(engine: Engine) -> Lineage:
    population = population_of(engine)
    assert population.error is not None
    return joined(list(lineage_of(engine, population.error)))


def assert_same(first: Population, second: Population) -> None:
    assert first.generation == second.generation
    assert first.programs.code.tobytes() == second.programs.code.tobytes()
    for column in COLUMNS:
        assert np.array_equal(getattr(first, column), getattr(second, column)), column


def test_a_search_is_the_same_on_any_number_of_threads() -> None:
    settings = SearchSettings(seed=5, population=60, islands=3)
    engines = [advanced(Engine(HARD, settings, threads=threads), 12) for threads in (1, 2, 4)]
    for engine in engines[1:]:
        assert_same(population_of(engines[0]), population_of(engine))
        assert engine.champion == engines[0].champion
        assert str(engine.rows) == str(engines[0].rows)


def test_islands_take_turns_while_they_do_little_and_go_side_by_side_then(monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[int] = []
    advance = Island.advance

    def spied(island: Island, generations: int) -> None:
        threads.append(threading.get_ident())
        advance(island, generations)

    monkeypatch.setattr(Island, "advance", spied)
    engine = Engine(HARD, SearchSettings(population=50, arms=Arm.LONG), threads=2)
    while engine.evaluations <= FEW:
        engine.advance()
    assert set(threads) == {threading.get_ident()}
    threads.clear()
    engine.advance()
    assert threading.get_ident() not in threads
    threads.clear()
    Engine(HARD, SearchSettings(population=FEW, arms=Arm.LONG), threads=2).advance()
    assert threading.get_ident() not in threads
    assert len(threads) == 2


def test_another_seed_is_another_search() -> None:
    first, second = (
        population_of(advanced(Engine(HARD, SearchSettings(seed=seed, population=60)), 3)) for seed in (1, 2)
    )
    assert first.programs.code.tobytes() != second.programs.code.tobytes()


@pytest.mark.parametrize("rounds", [0, 1, 9])
def test_a_restored_search_goes_on_exactly_as_one_that_was_never_stopped(rounds: int) -> None:
    settings = SearchSettings(seed=3, population=60)
    whole = advanced(Engine(HARD, settings), rounds + 8)
    stopped = advanced(Engine(HARD, settings), rounds)
    resumed = Engine(HARD, settings, threads=2)
    restore(resumed, *state_of(stopped))
    advanced(resumed, 8)
    assert_same(population_of(whole), population_of(resumed))
    assert str(resumed.rows) == str(whole.rows[-len(resumed.rows) :])
    assert resumed.champion == whole.champion
    first, second = ancestors_of(whole), ancestors_of(resumed)
    assert np.array_equal(first.ids, second.ids)
    assert np.array_equal(first.parents, second.parents)
    assert first.programs.code.tobytes() == second.programs.code.tobytes()


def test_a_state_holds_nothing_that_is_left_of_the_dead() -> None:
    arrays, _ = state_of(advanced(Engine(HARD, SearchSettings(seed=3, population=60)), 9))
    genomes, sizes = arrays["0.crowd.genomes"], arrays["0.crowd.sizes"]
    assert not genomes[np.arange(genomes.shape[1]) >= sizes[:, None]].any()
    assert genomes[np.arange(genomes.shape[1]) < sizes[:, None]].all()


def test_a_state_of_another_search_is_refused() -> None:
    arrays, meta = state_of(advanced(Engine(HARD, SearchSettings(population=20)), 1))
    with pytest.raises(ResumeError, match="other settings"):
        restore(Engine(HARD, SearchSettings(population=30)), arrays, meta)
    with pytest.raises(ResumeError, match="damaged"):
        restore(Engine(HARD, SearchSettings(population=20)), {}, meta)


def test_the_history_has_a_row_for_every_generation_and_the_best_is_what_the_task_says() -> None:
    engine = advanced(Engine(HARD, SearchSettings(seed=1, population=60)), 8)
    assert [row["generation"] for row in engine.rows] == list(range(engine.generation + 1))
    assert engine.champion is not None
    assert min(row["best"] for row in engine.rows) == engine.champion.error == error_of(engine.champion.code, False)
    assert engine.champion.held_out_error == error_of(engine.champion.code, True)
    assert np.all(np.diff([row["evaluations"] for row in engine.rows]) > 0)
    assert engine.rows[-1]["evaluations"] == engine.evaluations
    assert all(row["evaluations"] > 0 and 0 < row["diversity"] <= 1 for row in engine.rows)
    assert all(0 < row["mean_steps"] <= HARD.dialect.settings.limit for row in engine.rows)


def error_of(code: bytes, held_out: bool) -> int:
    total = 0
    for case in HARD.held_out if held_out else HARD.training:
        machine = ReferenceMachine(Program(code, HARD.dialect), case.input)
        machine.run()
        state = machine.snapshot()
        output = output_of(state, HARD.dialect, HARD.dialect.settings)
        total += case_error(HARD.scorer, output, case.output, state.status)
    return total


@pytest.mark.parametrize(("name", "seed"), [("echo", 1), ("xor", 0), ("text:hi", 4), ("reverse", 2), ("double", 1)])
def test_easy_tasks_are_solved_and_the_solution_is_in_the_population(name: str, seed: int) -> None:
    task = catalogue.find(name)
    engine = Engine(task, SearchSettings(seed=seed), threads=2)
    while not engine.solved and engine.generation < 200:
        engine.advance()
    assert engine.solved
    assert engine.champion is not None
    population = population_of(engine)
    assert population.error is not None
    right = [population.programs[row] for row in np.flatnonzero(population.error == 0).tolist()]
    assert engine.champion.code == min(right, key=len)
    assert len(engine.champion.code) <= 8 if name == "echo" else True


def test_of_several_solutions_only_the_best_is_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    shortened: list[int] = []
    shorten = Island.shorten

    def spied(island: Island) -> bytes:
        shortened.append(island.index)
        return shorten(island)

    monkeypatch.setattr(Island, "shorten", spied)
    engine = Engine(catalogue.find("text:hi"), SearchSettings(seed=1, islands=4))
    while not engine.solved:
        engine.advance()
    solutions = {island.index: len(island.solution.code) for island in engine.islands if island.solution is not None}
    assert len(solutions) > 1
    assert shortened == [min(solutions, key=solutions.__getitem__)]
    assert engine.champion is not None
    assert len(engine.champion.code) <= min(solutions.values())


def test_the_lineage_leads_from_everyone_alive_to_the_first_generation() -> None:
    engine = advanced(Engine(HARD, SearchSettings(seed=2, population=60)), 10)
    population, lineage = population_of(engine), ancestors_of(engine)
    assert np.all(np.isin(population.ids, lineage.ids))
    begun = lineage.parents[:, 0] < 0
    assert np.all(np.isin(lineage.parents[~begun].ravel(), [-1, *lineage.ids]))
    assert np.all(lineage.born[begun] == 0)
    assert {lineage.operators[index] for index in lineage.operator[begun]} == {"random"}
    assert population.error is not None
    rows = lineage.rows_of(population.ids)
    assert np.array_equal(lineage.error[rows], population.error)
    assert [lineage.programs[int(row)] for row in rows[:50]] == [population.programs[row] for row in range(50)]
    line = lineage.descent(int(population.ids[7]))
    oldest = int(line[0])
    assert lineage.ids[oldest] not in population.ids
    assert lineage.error[oldest] == error_of(lineage.programs[oldest], held_out=False)
    on_lines = np.unique(np.concatenate([lineage.descent(int(id)) for id in population.ids]))
    assert np.array_equal(np.flatnonzero(lineage.error >= 0), on_lines)
    assert len(on_lines) < len(lineage)


def test_each_ancestor_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = advanced(Engine(HARD, SearchSettings(seed=2, population=60)), 5)
    first = ancestors_of(engine)
    measured: list[int] = []

    def spied(task: Task, programs: Programs, cases: tuple[Case, ...], threads: int) -> tuple[Errors, Errors]:
        measured.append(len(programs))
        return errors_on(task, programs, cases, threads)

    advanced(engine, 2)
    population = population_of(engine)
    assert population.error is not None
    monkeypatch.setattr("gpdebug.evolve.record.errors_on", spied)
    second = joined(list(lineage_of(engine, population.error)))
    known = second.ids[second.error >= 0]
    both = np.intersect1d(first.ids[first.error >= 0], known)
    assert len(both) > 10
    assert np.array_equal(first.error[first.rows_of(both)], second.error[second.rows_of(both)])
    count = sum(measured)
    assert count == len(known) - len(np.union1d(both, population.ids)) > 0
    assert np.array_equal(joined(list(lineage_of(engine, population.error))).error, second.error)
    assert sum(measured) == count


def test_a_large_population_that_saves_room_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = SearchSettings(seed=2, population=60, migration=2, replacement=Replacement.GENERATIONAL)
    usual, frugal, resumed = (Engine(HARD, settings) for _ in range(3))
    advanced(usual, 9)
    monkeypatch.setattr("gpdebug.evolve.island.LARGE", 60)
    advanced(frugal, 6)
    save(frugal, RunFolder.create(tmp_path / "run", RunInfo.of_task(HARD, settings={}, seed=2, command=[])))
    for island in frugal.islands:
        assert len(island._spare) == 0
        assert island.crowd.genomes.shape[1] < usual.islands[island.index].crowd.genomes.shape[1]
    restore(resumed, *state_of(frugal))
    for engine in (frugal, resumed):
        advanced(engine, 3)
        for (name, first), second in zip(state_of(usual)[0].items(), state_of(engine)[0].values(), strict=True):
            assert name == "0.births.error" or name == "1.births.error" or np.array_equal(first, second), name


def test_a_solution_is_shortened_alike_where_room_is_saved(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for large in (10**9, 60):
        monkeypatch.setattr("gpdebug.evolve.island.LARGE", large)
        engine = Engine(catalogue.find("xor"), SearchSettings(seed=2, population=60))
        while not engine.solved:
            engine.advance()
        assert engine.champion is not None
        found.append((engine.generation, engine.champion.code))
    assert found[0] == found[1]


def test_a_large_population_is_measured_and_stored_piece_by_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = advanced(Engine(HARD, SearchSettings(seed=2, population=60)), 3)
    whole = population_of(engine)
    monkeypatch.setattr("gpdebug.evolve.record.AT_ONCE", 50)
    assert [len(part) for part in Snapshot.of(engine).measured(HARD, "a")] == [50, 50, 20]
    info = RunInfo.of_task(HARD, settings=engine.settings.to_dict(), seed=2, command=["gpdebug", "evolve", "sort"])
    folder = RunFolder.create(tmp_path / "run", info)
    save(engine, folder)
    folder.save_history(History.of(engine.rows))
    folder.save_checkpoint(*state_of(engine))
    assert_same(whole, folder.population(engine.generation))
    assert check(tmp_path / "run").findings == ()


def test_the_success_of_an_operator_is_the_share_of_its_children_that_live_and_are_better_than_their_parent() -> None:
    island = Island(HARD, SearchSettings(seed=1, population=300, islands=1), 0)
    island.advance(4)
    old, before = island.crowd, island.counters.evaluations
    parents = {int(id): int(total) for id, total in zip(old.ids, old.totals, strict=True)}
    island.advance(1)
    report, now = island.reports[-1], island.crowd
    assert report.tried.sum() == island.counters.evaluations - before
    better = dict.fromkeys(Operator, 0)
    for row in np.flatnonzero(now.born == island.counters.generation).tolist():
        better[Operator(now.operators[row])] += bool(now.totals[row] < parents[int(now.parents[row, 0])])
    assert report.better.tolist() == list(better.values())
    assert report.better.sum() > 0
    assert np.all(report.better <= report.tried)


def test_a_row_of_the_history_sums_up_the_islands() -> None:
    def report(errors: list[int], tried: list[int], better: list[int], steps: float) -> Report:
        counts = (np.pad(some, (0, len(Operator) - 3)) for some in (tried, better))
        return Report(3, 10, b"+", np.array(errors, float), 4.0, 0.5, steps, *counts)

    champion = Champion(b"+", 1, 2, 7)
    reports = [report([0, 4], [5, 8, 0], [5, 2, 0], 10.0), report([8, 12, 16], [0, 8, 0], [0, 2, 0], 30.0)]
    row = row_of(3, 20, champion, reports)
    assert (row["generation"], row["evaluations"], row["best"], row["held_out"]) == (3, 20, 1, 7)
    assert (row["q1"], row["median"], row["q3"], row["mean_steps"]) == (4, 8, 12, 20)
    assert row["success_mutation"] == 0.25
    assert np.isnan(row["success_one_point"])
    assert "success_random" not in row
