from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gpdebug.store.errors import StoreError
from gpdebug.store.population import Individual, Population
from gpdebug.store.ragged import join, take
from tests.store.examples import REVERSE, population, random_codes
from vm.dialect import TAPE
from vm.evaluate import Programs


def test_an_individual_is_its_row() -> None:
    whole = population()
    assert whole.individual(0) == Individual(
        row=0, id=100, code=REVERSE.encode(), parents=(), operator="random", born=0, island=0,
        errors=(0, 0, 0, 0, 0), error=0, steps=whole.individual(0).steps,
    )  # fmt: skip
    last = whole.individual(-1)
    assert (last.row, last.parents, last.operator, last.born) == (11, (22, 23), "crossover", 3)
    assert whole.program(0).text == REVERSE
    with pytest.raises(IndexError):
        whole.individual(12)


def test_columns_that_a_file_lacks_are_none_in_an_individual() -> None:
    bare = Population(name="x", dialect=TAPE, programs=Programs.of([b"+"]), ids=np.zeros(1, np.int64))
    assert bare.individual(0) == Individual(row=0, id=0, code=b"+")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"ids": np.arange(11)}, "column ids: has 11 rows, there are 12 programs"),
        ({"parents": np.zeros((12, 3), np.int64)}, r"column parents: has the shape \(12, 3\)"),
        ({"born": np.zeros(12, np.int64)}, "column born: expected int32, not int64"),
        ({"errors": np.zeros((12, 4), np.int64)}, "column errors: has 4 cases, the task has 5"),
        ({"error": np.zeros((12, 1), np.int64)}, "column error: has the shape"),
        ({"operator": np.full(12, 3, np.uint8)}, "column operator: 3 has no name among 3"),
    ],
)
def test_columns_that_do_not_fit_are_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(StoreError, match=message):
        replace(population(), **change)


def test_programs_are_picked_and_joined_as_lists_are() -> None:
    codes = random_codes(50)
    programs = Programs.of(codes)
    rows = np.array([3, 3, 49, 0, 7])
    picked = take(programs, rows)
    assert [picked[i] for i in range(5)] == [codes[row] for row in rows]
    part = Programs(programs.code, programs.offsets[10:21])
    joined = join([part, Programs.of([]), picked])
    assert [joined[i] for i in range(len(joined))] == codes[10:20] + [codes[row] for row in rows]
    assert len(join([])) == 0
    assert len(take(programs, np.zeros(0, np.intp))) == 0
