from __future__ import annotations

from gpdebug.evolve.bench.results import Conditions, Results
from gpdebug.evolve.bench.session import Session
from gpdebug.evolve.bench.trial import Glance, measure
from gpdebug.evolve.budget import Budget
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.tasks import load

SMALL = SearchSettings(seed=3, population=100)


def test_a_trial_ends_with_a_program_that_is_right_and_is_the_same_on_any_number_of_threads() -> None:
    task = load("xor")
    first, second = (measure("xor", task, SMALL, Budget(seconds=300), threads=threads) for threads in (1, 2))
    assert first is not None
    assert second is not None
    assert first.solved
    assert (first.error, first.held_out_error, first.solved_cases) == (0, 0, 4)
    assert (first.program, first.evaluations) == (second.program, second.evaluations)
    assert 0 < first.gained <= first.seconds


def test_a_solution_that_is_found_when_the_budget_is_spent_does_not_count() -> None:
    task = load("xor")
    found = measure("xor", task, SMALL, Budget(evaluations=10**9))
    assert found is not None
    late = measure("xor", task, SMALL, Budget(evaluations=found.evaluations - 1))
    assert late is not None
    assert late.error == 0
    assert not late.solved


def test_an_interrupted_trial_says_nothing() -> None:
    assert measure("sort", load("sort"), SMALL, Budget(seconds=300), interrupted=lambda: True) is None


def test_a_session_measures_what_is_missing_and_stops_when_it_is_asked_to() -> None:
    tasks = {"sort": load("sort")}
    results = Results(Conditions.here(("300",), 1, {}), {})
    session = Session(results, tasks, lambda seed: SearchSettings(seed=seed, population=20), Budget(evaluations=300))
    seen: list[tuple[str, int]] = []

    def glanced(name: str, seed: int, glance: Glance) -> None:
        assert glance.evaluations > 0
        seen.append((name, seed))

    for trial in session.trials("sort", range(2), glanced):
        results.trials.append(trial)
    assert [trial.seed for trial in results.trials] == [0, 1]
    assert set(seen) == {("sort", 0), ("sort", 1)}
    assert [trial.seed for trial in session.trials("sort", range(3))] == [2]
    assert list(session.trials("sort", range(9), interrupted=lambda: True)) == []
