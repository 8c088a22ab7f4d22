"""`gpdebug check`: what is wrong with a folder, told to people and to scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gpdebug.store.info import RunInfo
from gpdebug.store.run import RunFolder
from tests.cli.examples import ran
from tests.store.examples import population, reverse_task


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    info = RunInfo.of_task(reverse_task(), settings={}, seed=7, command=["gpdebug", "evolve", "reverse"])
    folder = RunFolder.create(tmp_path / "run", info)
    folder.save_generation(population(12, 0))
    return folder


def test_a_good_run_is_said_to_be_good(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "check", str(run.path), "--sample", "5")
    assert (done.code, done.err) == (0, "")
    assert done.out.splitlines()[-1] == f"{run.path}: 1 generation, 12 programs, 5 run again: 3 notes"


def test_an_error_is_told_and_exits_with_one(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    file = run.generation_path(0)
    file.write_bytes(file.read_bytes()[:300])
    done = ran(capsys, "check", str(run.path))
    assert done.code == 1
    assert "error: generations/00000000.parquet: no readable Parquet file" in done.out


def test_scripts_get_one_object(run: RunFolder, capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(ran(capsys, "check", str(run.path), "--json").out)
    assert (report["ok"], report["generations"], report["programs"], report["rerun"]) == (True, 1, 12, 12)
    assert [finding["where"] for finding in report["findings"]] == [
        "history.parquet",
        "lineage.parquet",
        "checkpoint.npz",
    ]


def test_what_is_no_run_is_one_line_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "check", str(tmp_path))
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert "is no run: it has no run.json" in done.err
