from __future__ import annotations

import io
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from gpdebug.store.errors import StoreError
from gpdebug.store.info import RunInfo
from gpdebug.store.opening import open_path, open_population
from gpdebug.store.population import Population
from gpdebug.store.run import RunFolder
from gpdebug.store.samples import samples
from tests.store.examples import population, reverse_task
from vm.dialect import BF, TAPE
from vm.program import Program


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    info = RunInfo.of_task(reverse_task(), settings={}, seed=7, command=["gpdebug", "evolve", "reverse"])
    folder = RunFolder.create(tmp_path / "reverse-1", info)
    folder.save_generation(population(generation=3))
    return folder


def test_a_run_is_opened_by_its_folder_and_what_is_in_it(run: RunFolder) -> None:
    for path in (run.path, run.path / "run.json", run.path / "generations", f"{run.path}/"):
        opened = open_path(path)
        assert isinstance(opened, RunFolder)
        assert opened.path == run.path
        assert opened.info == run.info
    with pytest.raises(StoreError, match="is a run in tape, not bf; leave out --dialect"):
        open_path(run.path, BF)


def test_a_generation_by_itself_knows_its_run(run: RunFolder) -> None:
    opened = open_path(run.path / "generations" / "00000003.parquet")
    assert isinstance(opened, Population)
    assert (opened.name, opened.generation, opened.task) == ("reverse-1", 3, reverse_task())


def test_a_population_that_left_its_run_still_knows_its_dialect(run: RunFolder, tmp_path: Path) -> None:
    shutil.copy(run.generation_path(3), tmp_path / "best.parquet")
    opened = open_path(tmp_path / "best.parquet")
    assert isinstance(opened, Population)
    assert (opened.name, opened.generation, opened.task) == ("best", 3, None)
    assert opened.dialect == reverse_task().dialect
    assert open_population(tmp_path / "best.parquet", TAPE).dialect is TAPE


def test_programs_and_lists_of_programs_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("[>]<[.<}]")
    assert isinstance(open_path(tmp_path / "a.txt"), Program)
    (tmp_path / "a.csv").write_text("program\n+\n")
    assert isinstance(open_path(tmp_path / "a.csv"), Population)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b",[.,]")))
    piped = open_path("-", BF)
    assert isinstance(piped, Program)
    assert piped.dialect is BF


def test_an_empty_population_opens(run: RunFolder) -> None:
    whole = population(generation=5)
    nobody = Population(
        name="x", dialect=whole.dialect, programs=replace(whole.programs, offsets=np.zeros(1, np.int64)),
        ids=np.zeros(0, np.int64), generation=5, errors=np.zeros((0, 5), np.int64),
    )  # fmt: skip
    run.save_generation(nobody)
    opened = open_path(run.generation_path(5))
    assert isinstance(opened, Population)
    assert len(opened) == 0


def test_samples_are_found_by_name_in_the_package_and_beside_it(
    run: RunFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site" / "gpdebug"
    monkeypatch.setattr("gpdebug.store.samples._PACKAGE", package)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert samples() == {}
    for folder in (package.parent / "sample_runs", package / "sample_runs"):
        shutil.copytree(run.path, folder / "reverse")
        for source in ("reverse", "sample_runs/reverse", "sample_runs/reverse/"):
            opened = open_path(source)
            assert isinstance(opened, RunFolder)
            assert opened.path == folder / "reverse"
    shutil.copytree(run.path, Path("reverse"))
    local = open_path("reverse")
    assert isinstance(local, RunFolder)
    assert local.path == Path("reverse")
    with pytest.raises(StoreError, match=r"other/reverse: no such file or run"):
        open_path("other/reverse")


def test_what_is_not_there_is_told_with_what_may_be_meant(run: RunFolder, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"revers-1: no such file or run; did you mean .*/reverse-1\?"):
        open_path(tmp_path / "revers-1")
    with pytest.raises(StoreError, match="no such file or run; check the path"):
        open_path(tmp_path / "zzz")
    for source in ("", "a\0b", "x" * 5_000):
        with pytest.raises(StoreError, match=r"no such|is no run"):
            open_path(source)


def test_what_is_no_run_and_no_program_is_told(run: RunFolder, tmp_path: Path) -> None:
    (tmp_path / "d.toml").write_text("")
    with pytest.raises(StoreError, match=r"is a dialect, no program; open a program with --dialect .*d\.toml"):
        open_path(tmp_path / "d.toml")
    with pytest.raises(StoreError, match=r"is no run: it has no run\.json; there are runs in it: reverse-1"):
        open_path(tmp_path)
    with pytest.raises(StoreError, match=r"run\.json"):
        open_path(tmp_path / "nowhere" / "run.json")
    file = run.generation_path(3)
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(StoreError, match=r"00000003\.parquet: no readable Parquet file"):
        open_path(file)


def test_opening_a_run_imports_neither_arrow_nor_compiled_code(run: RunFolder) -> None:
    code = (
        "import sys; from gpdebug.store.opening import open_path; from gpdebug.store import check, library, verify\n"
        f"print(open_path({str(run.path)!r}).generations, library.entries_in(__import__('pathlib').Path('.'))[:0])\n"
        "heavy = ('numba', 'llvmlite', 'pyarrow', 'textual')\n"
        "print([name for name in heavy if name in sys.modules])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout == "[3] []\n[]\n"


def test_loading_a_population_imports_no_compiled_code(run: RunFolder) -> None:
    code = (
        "import sys; from gpdebug.store.opening import open_path\n"
        f"print(len(open_path({str(run.generation_path(3))!r})), 'numba' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout == "12 False\n"
