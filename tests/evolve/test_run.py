from __future__ import annotations

import os
import socket
from pathlib import Path

import numpy as np
import pytest

from gpdebug.evolve import catalogue
from gpdebug.evolve.budget import Budget
from gpdebug.evolve.errors import ResumeError
from gpdebug.evolve.pace import Pace
from gpdebug.evolve.run import Progress, Run
from gpdebug.evolve.settings import SearchSettings
from gpdebug.store.check import check
from gpdebug.store.errors import StoreError
from gpdebug.store.info import RunStatus
from gpdebug.store.lock import Writer
from gpdebug.store.run import RunFolder

HARD = catalogue.find("sort")
SETTINGS = SearchSettings(seed=4, population=40)


def begun(path: Path) -> Run:
    return Run.begin(path, HARD, SETTINGS, command=["gpdebug", "evolve", "sort"])


def last_files(path: Path) -> tuple[bytes, bytes]:
    """The last generation and the lineage, as they are on disk."""
    folder = RunFolder.open(path)
    return folder.generation_path(folder.generations[-1]).read_bytes(), (path / "lineage.parquet").read_bytes()


def test_an_interrupted_run_ends_bit_for_bit_where_the_uninterrupted_one_does(tmp_path: Path) -> None:
    budget = Budget(evaluations=3_000)
    assert begun(tmp_path / "whole").go(budget) is RunStatus.FINISHED
    stops = iter([False, False, True] + [False] * 3 + [True] + [False] * 100)
    run = begun(tmp_path / "parts")
    status = run.go(budget, interrupted=lambda: next(stops))
    interruptions = 0
    while status is RunStatus.INTERRUPTED:
        interruptions += 1
        assert RunFolder.open(tmp_path / "parts").info.status is RunStatus.INTERRUPTED
        run = Run.resume(tmp_path / "parts", threads=2)
        status = run.go(budget, interrupted=lambda: next(stops))
    assert interruptions == 2
    assert last_files(tmp_path / "whole") == last_files(tmp_path / "parts")
    whole, parts = (RunFolder.open(tmp_path / name).history() for name in ("whole", "parts"))
    columns = set(whole.columns) - {"seconds", "programs_per_s"}
    assert columns >= {"generation", "evaluations", "best", "q1", "median", "q3", "success_mutation", "held_out"}
    for column in columns:
        assert np.array_equal(whole[column], parts[column], equal_nan=True), column
    assert np.all(np.diff(parts["seconds"]) > 0)


def test_a_run_that_was_killed_goes_on_from_its_last_milestone(tmp_path: Path) -> None:
    budget = Budget(evaluations=3_000)
    begun(tmp_path / "whole").go(budget)
    rounds = 0

    def killed(_: Progress) -> None:
        nonlocal rounds
        rounds += 1
        if rounds == 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begun(tmp_path / "killed").go(budget, progressed=killed, save_every=0)
    folder = RunFolder.open(tmp_path / "killed")
    assert folder.info.status is RunStatus.RUNNING
    assert folder.generations[-1] > 3
    Run.resume(tmp_path / "killed").go(budget)
    assert last_files(tmp_path / "whole") == last_files(tmp_path / "killed")


def test_when_a_run_is_saved_does_not_change_what_it_finds(tmp_path: Path) -> None:
    budget = Budget(evaluations=6_000)
    begun(tmp_path / "often").go(budget, save_every=0)
    begun(tmp_path / "whole").go(budget, save_every=1e9)
    often, whole = RunFolder.open(tmp_path / "often"), RunFolder.open(tmp_path / "whole")
    assert len(often.generations) > 9
    assert len(whole.generations) == 1
    assert last_files(tmp_path / "often") == last_files(tmp_path / "whole")


def test_milestones_are_stored_as_far_as_there_is_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    budget = Budget(evaluations=3_600)
    shares = {"at once": iter([1e9] * 999), "never": iter([0.0] * 999), "later": iter([0.0] * 8 + [1e9] * 999)}
    stored = {}
    for name, share in shares.items():
        monkeypatch.setattr(Pace, "may_store", lambda *_, share=share: next(share) > 0)
        begun(tmp_path / name).go(budget)
        stored[name] = RunFolder.open(tmp_path / name).generations
        assert check(tmp_path / name).findings == ()
    last = stored["at once"][-1]
    assert stored["at once"][:6] == [0, 1, 2, 4, 8, stored["at once"][5]]
    assert stored["never"] == [last]
    assert stored["later"] == stored["at once"]
    assert last_files(tmp_path / "at once") == last_files(tmp_path / "never") == last_files(tmp_path / "later")


def test_a_solved_run_tells_the_whole_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpdebug.evolve.pace.SAVING", 1e9)
    task = catalogue.find("xor")
    run = Run.begin(tmp_path / "xor", task, SearchSettings(seed=2), command=["gpdebug", "evolve", "xor"])
    seen: list[Progress] = []
    assert run.go(Budget(evaluations=10_000_000), progressed=seen.append) is RunStatus.SOLVED
    folder = RunFolder.open(tmp_path / "xor")
    assert folder.info.status is RunStatus.SOLVED
    assert folder.info.command == ("gpdebug", "evolve", "xor")
    assert folder.info.seed == 2
    assert folder.generations[0] == 0
    population = folder.population(folder.generations[-1])
    lineage = folder.lineage()
    assert population.error is not None
    assert seen[-1].champion is not None
    solvers = np.flatnonzero(population.error == 0)
    best = min(solvers.tolist(), key=lambda row: len(population.programs[row]))
    assert population.programs[best] == seen[-1].champion.code
    line = lineage.descent(int(population.ids[best]))
    assert lineage.born[line[0]] == 0
    assert lineage.error[line[-1]] == 0
    assert folder.history()["best"][-1] == 0
    with pytest.raises(ResumeError, match="solved already"):
        Run.resume(tmp_path / "xor")


def test_a_folder_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.txt").write_text("years of work")
    with pytest.raises(StoreError, match="thesis"):
        begun(tmp_path / "taken")
    assert [path.name for path in (tmp_path / "taken").iterdir()] == ["thesis.txt"]


def test_what_holds_no_run_or_no_checkpoint_cannot_be_resumed(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="nowhere"):
        Run.resume(tmp_path / "nowhere")
    begun(tmp_path / "cleared").go(Budget(evaluations=500), save_every=0)
    (tmp_path / "cleared" / "checkpoint.npz").unlink()
    with pytest.raises(ResumeError, match="no checkpoint"):
        Run.resume(tmp_path / "cleared")


def test_a_run_that_was_killed_before_it_was_saved_begins_again(tmp_path: Path) -> None:
    budget = Budget(evaluations=1_000)
    begun(tmp_path / "whole").go(budget)
    del (run := begun(tmp_path / "killed")).folder
    del run
    Run.resume(tmp_path / "killed").go(budget)
    assert last_files(tmp_path / "whole") == last_files(tmp_path / "killed")


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ({"search": 0, "gpdebug": "0.0.7"}, "made by gpdebug 0.0.7, whose search goes on otherwise"),
        ({"search": None}, "goes on otherwise"),
        ({"settings": {"seed": 5}}, "with other settings"),
        ({"task": "x"}, "of another task"),
    ],
)
def test_what_another_search_saved_is_refused_before_any_work(
    tmp_path: Path, damage: dict[str, object], message: str
) -> None:
    begun(tmp_path / "run").go(Budget(evaluations=500))
    folder = RunFolder.open(tmp_path / "run")
    checkpoint = folder.load_checkpoint()
    folder.save_checkpoint(checkpoint.arrays, checkpoint.meta | damage)
    before = {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}
    with pytest.raises(ResumeError, match=message):
        Run.resume(tmp_path / "run")
    assert before == {path: path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}


def test_one_process_at_a_time_goes_on_with_a_run_and_readers_are_not_hindered(tmp_path: Path) -> None:
    seen: list[str] = []

    def look(_: Progress) -> None:
        folder = RunFolder.open(tmp_path / "run")
        assert folder.writer() == Writer(os.getpid(), socket.gethostname())
        if folder.has_checkpoint and not seen:
            assert check(tmp_path / "run").ok
            with pytest.raises(StoreError, match="is at work on this run; wait until it ends, or end it: kill") as told:
                Run.resume(tmp_path / "run")
            seen.append(str(told.value))

    begun(tmp_path / "run").go(Budget(evaluations=1_000), progressed=look, save_every=0)
    assert f"process {os.getpid()} on {socket.gethostname()}" in seen[0]
    assert RunFolder.open(tmp_path / "run").writer() is None
    Run.resume(tmp_path / "run").go(Budget(evaluations=1_200))


def test_the_history_of_a_solved_run_ends_with_the_solution(tmp_path: Path) -> None:
    task = catalogue.find("reverse")
    run = Run.begin(tmp_path / "run", task, SearchSettings(seed=1), command=["gpdebug", "evolve", "reverse"])
    assert run.go(Budget(evaluations=2_000_000)) is RunStatus.SOLVED
    history = RunFolder.open(tmp_path / "run").history()
    assert (history["best"][-1], history["held_out"][-1]) == (0, 0)
    assert np.all(np.diff(history["best"]) <= 0)
    assert np.all(np.diff(history["evaluations"]) > 0)
    assert history["evaluations"][-1] == run.evaluations
    assert check(tmp_path / "run").findings == ()
