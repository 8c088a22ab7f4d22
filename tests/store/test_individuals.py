from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from gpdebug.store.errors import StoreError
from gpdebug.store.individuals import Individuals
from gpdebug.store.info import RunInfo
from gpdebug.store.run import RunFolder
from gpdebug.store.samples import find_sample
from tests.store.examples import REVERSE, population, reverse_task


@pytest.fixture
def reverse() -> RunFolder:
    path = find_sample("reverse")
    assert path is not None
    return RunFolder.open(path)


def test_anyone_who_is_stored_is_found_and_is_who_the_files_say(reverse: RunFolder) -> None:
    individuals = Individuals(reverse)
    newest = reverse.population(reverse.generations[-1])
    for row in range(0, len(newest), 17):
        assert individuals.find(int(newest.ids[row])) == newest.individual(row)
    lineage = reverse.lineage()
    for row in range(0, len(lineage), 41):
        found = individuals.find(int(lineage.ids[row]))
        assert found.code == lineage.programs[row]
        assert found.parents == tuple(parent for parent in lineage.parents[row].tolist() if parent >= 0)
    oldest = reverse.population(reverse.generations[0])
    assert individuals.find(int(oldest.ids[-1])).code == oldest.programs[len(oldest) - 1]


def test_the_line_of_parents_is_that_of_the_lineage(reverse: RunFolder) -> None:
    individuals = Individuals(reverse)
    one = individuals.best()
    assert one.error == 0
    lineage = reverse.lineage()
    line = [one.id]
    while one.parents:
        one = individuals.parents(one)[0]
        line.append(one.id)
    assert line[::-1] == lineage.ids[lineage.descent(line[0])].tolist()
    with pytest.raises(StoreError, match="made from nothing: it has no parents"):
        individuals.parents(one)


def test_a_population_by_itself_has_no_one_else() -> None:
    alone = replace(population(), ids=np.arange(12, dtype=np.int64) * 10, parents=None)
    individuals = Individuals(alone)
    assert individuals.program(individuals.best()).text == REVERSE
    assert individuals.find(110).row == 11
    with pytest.raises(StoreError, match="no individual #5 is stored"):
        individuals.find(5)
    with pytest.raises(StoreError, match="parents of #110 are not stored"):
        individuals.parents(individuals.find(110))


def test_a_run_without_generations_says_so(tmp_path: Path) -> None:
    task = reverse_task()
    run = RunFolder.create(tmp_path / "run", RunInfo(dialect=task.dialect, task=task))
    with pytest.raises(StoreError, match="no generation is saved yet"):
        Individuals(run).best()
