from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from gpdebug.store.population import Population
from gpdebug.store.verify import run_compiled, run_reference, sample_rows, verify
from tests.store.examples import population, reverse_task
from vm.dialect import BF
from vm.evaluate import Programs


@pytest.mark.parametrize("compiled", [False, True])
def test_a_population_as_it_was_stored_has_no_mismatch(compiled: bool) -> None:
    verification = verify(population(100), sample=20, compiled=compiled)
    assert verification.ok
    assert verification.programs == 20


@pytest.mark.parametrize("compiled", [False, True])
def test_every_value_that_differs_is_told(compiled: bool) -> None:
    whole = population(12)
    assert whole.errors is not None
    assert whole.steps is not None
    errors, steps = whole.errors.copy(), whole.steps.copy()
    errors[4, 2] += 7
    steps[9] -= 1
    wrong = replace(whole, errors=errors, steps=steps)
    verification = verify(wrong, compiled=compiled)
    assert not verification.ok
    texts = [str(mismatch) for mismatch in verification.mismatches]
    assert texts == [
        f"#104 (row 4): error on case 2 is stored as {errors[4, 2]:,}, but is {errors[4, 2] - 7:,}",
        f"#109 (row 9): steps is stored as {steps[9]:,}, but is {steps[9] + 1:,}",
    ]


def test_a_program_that_was_changed_is_told() -> None:
    whole = population(12)
    codes = [whole.programs[row] for row in range(12)]
    codes[0] = codes[0][:-1]
    assert {mismatch.row for mismatch in verify(replace(whole, programs=Programs.of(codes))).mismatches} == {0}


def test_what_is_not_stored_is_not_compared() -> None:
    whole = population(12)
    assert verify(replace(whole, task=None)).programs == 0
    assert verify(replace(whole, errors=None, error=None, steps=None)).programs == 0
    assert whole.error is not None
    only_sums = replace(whole, errors=None, steps=None, error=whole.error + 1)
    assert [(found.what, found.case) for found in verify(only_sums).mismatches] == [("error", None)] * 12
    empty = Population(
        name="x", dialect=whole.dialect, task=whole.task, programs=Programs.of([]), ids=np.zeros(0, np.int64),
        error=np.zeros(0, np.int64),
    )  # fmt: skip
    assert verify(empty).ok


def test_a_sample_holds_the_best_and_others_from_everywhere() -> None:
    whole = population(200)
    assert whole.error is not None
    error = whole.error.copy()
    error[[13, 77, 154]] = -1
    rows = sample_rows(replace(whole, error=error), 20)
    assert {13, 77, 154} <= set(rows.tolist())
    assert len(rows) == len(set(rows.tolist())) == 20
    assert rows.tolist() == sorted(rows)
    assert max(np.diff(rows)) <= 60
    assert len(sample_rows(replace(whole, error=None, errors=None), 20)) == 20
    assert len(sample_rows(whole, 500)) == 200
    assert error[sample_rows(replace(whole, error=error), 1)].tolist() == [-1]
    assert verify(whole, sample=0).programs == 0


def test_a_program_that_cannot_be_loaded_is_a_problem_not_a_crash() -> None:
    task = replace(reverse_task(), dialect=BF)
    broken = Population(
        name="x", dialect=BF, task=task, programs=Programs.of([b"[["]), ids=np.arange(1), error=np.zeros(1, np.int64)
    )
    for compiled in (False, True):
        verification = verify(broken, compiled=compiled)
        assert not verification.ok
        assert "has no partner" in verification.problem


def test_both_machines_agree() -> None:
    whole = population(100)
    assert whole.task is not None
    slow, fast = run_reference(whole.programs, whole.task), run_compiled(whole.programs, whole.task)
    assert np.array_equal(slow.errors, fast.errors)
    assert np.array_equal(slow.steps, fast.steps)


def test_a_sample_is_smaller_where_runs_are_long() -> None:
    whole = population(100)
    assert whole.steps is not None
    assert whole.task is not None
    steps = whole.steps.copy()
    steps[:] = 1 << 29
    endless = replace(whole.task, dialect=whole.task.dialect.with_settings(limit=1 << 40))
    brief = Programs.of([b"+"] * 100)
    assert verify(replace(whole, task=endless, steps=steps, programs=brief), compiled=False).programs == 2
    assert verify(replace(whole, task=endless, steps=None, programs=brief), compiled=False).programs == 1
