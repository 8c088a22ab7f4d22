from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gpdebug.store.errors import StoreError
from gpdebug.store.history import History
from gpdebug.store.info import RunInfo, RunStatus, Summary
from gpdebug.store.run import RunFolder
from tests.store.examples import population, reverse_task
from tests.store.test_lineage import family
from vm.dialect import BF

SETTINGS = {"population": 12, "crossover": 0.3, "arms": ["S", "T"]}


def info() -> RunInfo:
    return RunInfo.of_task(reverse_task(), settings=SETTINGS, seed=7, command=["gpdebug", "evolve", "reverse"])


def history(generations: int = 4) -> History:
    return History.of(
        {"generation": g, "best": max(9 - g, 0), "seconds": g / 10, "evaluations": 12 * g} for g in range(generations)
    )


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    folder = RunFolder.create(tmp_path / "run", info())
    folder.save_generation(population(generation=3))
    folder.save_history(history())
    folder.save_lineage(family())
    folder.save_checkpoint({"codes": np.arange(5)}, {"generation": 3})
    return folder


def test_a_run_is_found_again_as_it_was_stored(run: RunFolder) -> None:
    opened = RunFolder.open(run.path)
    assert opened.info == run.info
    assert opened.info.task == reverse_task()
    assert opened.info.settings == SETTINGS
    assert opened.info.command == ("gpdebug", "evolve", "reverse")
    assert opened.info.created is not None
    assert abs((opened.info.created - datetime.now(UTC)).total_seconds()) < 60
    assert set(opened.info.software) == {"gpdebug", "python", "numpy", "numba", "pyarrow"}
    assert opened.name == "run"
    assert opened.generations == [3]
    assert opened.history()["seconds"].tolist() == history()["seconds"].tolist()
    lineage = opened.lineage()
    assert lineage.ids.tolist() == family().ids.tolist()
    assert lineage.parents.tolist() == family().parents.tolist()
    assert [lineage.programs[row] for row in range(7)] == [family().programs[row] for row in range(7)]
    checkpoint = opened.load_checkpoint()
    assert checkpoint.arrays["codes"].tolist() == [0, 1, 2, 3, 4]
    assert checkpoint.meta == {"generation": 3}


def test_a_summary_tells_how_far_a_run_has_come(run: RunFolder) -> None:
    summary = RunFolder.open(run.path).info.summary
    assert summary == Summary(generation=3, best=6, evaluations=36, seconds=0.3, held_out=None, curve=(9, 8, 7, 6))
    run.save_history(history(10_000))
    longer = RunFolder.open(run.path).info.summary
    assert longer is not None
    assert len(longer.curve) == 60
    assert (longer.curve[0], longer.curve[-1], longer.generation) == (9, 0, 9_999)


def test_a_status_is_kept(run: RunFolder) -> None:
    run.set_status(RunStatus.SOLVED)
    opened = RunFolder.open(run.path)
    assert opened.info.status is RunStatus.SOLVED
    assert opened.info.summary == run.info.summary


def test_a_new_run_is_empty(tmp_path: Path) -> None:
    folder = RunFolder.open(RunFolder.create(tmp_path / "deep" / "er" / "run", info()).path)
    assert folder.generations == []
    assert len(folder.history()) == 0
    assert len(folder.lineage()) == 0
    assert folder.info.summary is None
    assert not folder.has_checkpoint
    with pytest.raises(StoreError, match="no checkpoint to resume from"):
        folder.load_checkpoint()


def test_an_empty_folder_becomes_a_run_but_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    run = RunFolder.create(tmp_path / "empty", info())
    with pytest.raises(StoreError, match="empty: holds a run already; choose another folder"):
        RunFolder.create(run.path, info())
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("precious")
    with pytest.raises(StoreError, match=r"is not empty: it holds thesis.txt;"):
        RunFolder.create(tmp_path / "other", info())
    with pytest.raises(StoreError, match=r"thesis\.txt: is there already, and no folder"):
        RunFolder.create(tmp_path / "other" / "thesis.txt", info())
    with pytest.raises(StoreError, match="cannot be written"):
        RunFolder.create(tmp_path / "other" / "thesis.txt" / "run", info())


def test_generations_are_listed_as_the_folder_grows_whatever_their_zeros(run: RunFolder) -> None:
    run.save_generation(population(generation=12))
    folder = run.path / "generations"
    (folder / "00000012.parquet").rename(folder / "12.parquet")
    (folder / "notes.parquet").write_bytes(b"")
    (folder / "7.txt").write_bytes(b"")
    assert run.generations == [3, 12]
    assert run.population(12).generation == 12
    run.save_generation(population(generation=12))
    assert sorted(path.name for path in folder.iterdir()) == [
        "00000003.parquet",
        "12.parquet",
        "7.txt",
        "notes.parquet",
    ]


def test_a_population_of_another_language_or_of_no_generation_is_not_stored(run: RunFolder) -> None:
    other = reverse_task().dialect.with_settings(memory=99)
    with pytest.raises(StoreError, match="settings of the population's dialect tape differ"):
        run.save_generation(replace(population(), dialect=other))
    with pytest.raises(StoreError, match="the population is in bf, the run in tape"):
        run.save_generation(replace(population(), dialect=BF))
    with pytest.raises(StoreError, match="expected a number from 0, not None"):
        run.save_generation(replace(population(), generation=None))


def test_a_generation_that_is_not_stored_is_told(run: RunFolder) -> None:
    with pytest.raises(StoreError, match=r"00000004\.parquet: no such file"):
        run.population(4)


def test_paths_that_are_no_run_are_told(tmp_path: Path, run: RunFolder) -> None:
    with pytest.raises(StoreError, match="none: no such folder; check the path"):
        RunFolder.open(tmp_path / "none")
    with pytest.raises(StoreError, match=r"run\.json: not a folder"):
        RunFolder.open(run.path / "run.json")
    with pytest.raises(StoreError, match=r"is no run: it has no run\.json; there are runs in it: run"):
        RunFolder.open(tmp_path)
    with pytest.raises(StoreError, match=r"is no run: it has no run\.json; make one with: gpdebug evolve"):
        RunFolder.open(run.path / "generations")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data.update(version=2), "version: written in version 2 .* reads up to 1; upgrade it"),
        (lambda data: data.update(version=0), "version: expected 1, not 0"),
        (lambda data: data.update(version="1"), "version: expected a whole number, not '1'"),
        (lambda data: data.pop("version"), "version: missing"),
        (lambda data: data.update(format="other"), "format: expected 'gpdebug-run', not 'other'"),
        (lambda data: data.pop("dialect"), "dialect: missing; expected an object"),
        (lambda data: data["dialect"].update(edge="wrap"), "dialect.edge: unknown key"),
        (lambda data: data["dialect"]["settings"].update(memory=0), "dialect.settings: memory must be 1 to"),
        (lambda data: data.update(task=[]), r"task: expected an object, not \[\]"),
        (lambda data: data["task"]["training"][2].update(input_hex="zz"), r"task.training\[2\].input_hex: 'zz'"),
        (lambda data: data["task"]["training"][0].update(input_hex="00" * 300), r"training\[0\]: .* 300 bytes"),
        (lambda data: data.update(seed="seven"), "seed: expected a whole number, not 'seven'"),
        (lambda data: data.update(settings=None), "settings: expected an object, not None"),
        (lambda data: data.update(software={"numpy": 2}), "software.numpy: expected a text, not 2"),
        (lambda data: data.update(command=["a", 1]), "command: expected a list of texts, not 1"),
        (lambda data: data.update(created="yesterday"), "created: expected a time .* not 'yesterday'"),
        (lambda data: data.update(status="lost"), "status: expected one of running, solved"),
        (lambda data: data.update(summary={"generation": 1}), "summary.best: missing"),
        (
            lambda data: data.update(summary={"generation": 1, "best": 2, "curve": [0.5]}),
            "summary.curve: expected whole",
        ),
    ],
)
def test_a_wrong_key_of_run_json_is_named(
    run: RunFolder, change: Callable[[dict[str, Any]], object], message: str
) -> None:
    file = run.path / "run.json"
    data = json.loads(file.read_text())
    change(data)
    file.write_text(json.dumps(data))
    with pytest.raises(StoreError, match=message) as caught:
        RunFolder.open(run.path)
    assert str(caught.value).startswith(str(file))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "not JSON: line 1, column 1"),
        (b'{"format": "gpdebug-run",', "not JSON: line 1"),
        (b"[]", "the document: expected an object"),
        (b"{}", "format: expected"),
        (b"[" * 100_000, "not JSON"),
        (b'{"format": "\xff"}', "byte 12 is not UTF-8"),
    ],
)
def test_a_damaged_run_json_is_told(run: RunFolder, text: bytes, message: str) -> None:
    (run.path / "run.json").write_bytes(text)
    with pytest.raises(StoreError, match=message):
        RunFolder.open(run.path)


def test_a_folder_of_another_tool_needs_only_a_format_a_version_and_a_dialect(tmp_path: Path) -> None:
    text = '{"format": "gpdebug-run", "version": 1, "dialect": {"name": "mine", "based_on": "tape"}}'
    (tmp_path / "run.json").write_text(text)
    run = RunFolder.open(tmp_path)
    assert (run.info.task, run.info.seed, run.info.created, run.generations) == (None, None, None, [])
    assert run.info.status is RunStatus.FINISHED


def test_leftovers_of_killed_processes_are_ignored_and_can_be_removed(run: RunFolder) -> None:
    for folder in (run.path, run.path / "generations"):
        (folder / ".x.parquet.123-0123abcd.tmp").write_bytes(b"half")
    opened = RunFolder.open(run.path)
    assert opened.generations == [3]
    assert len(opened.leftovers()) == 2
    opened.remove_leftovers()
    assert opened.leftovers() == []
    assert len(opened.population(3)) == 12
