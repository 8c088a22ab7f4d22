from __future__ import annotations

import threading
from pathlib import Path

import pytest

from gpdebug.evolve.budget import Budget
from gpdebug.evolve.control import Control
from gpdebug.evolve.errors import ReportError
from gpdebug.evolve.judging import errors_on
from gpdebug.evolve.live import Report, State
from gpdebug.evolve.reporter import Reporter
from gpdebug.evolve.run import Progress, Run
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.tasks import load
from vm.evaluate import Programs

SETTINGS = SearchSettings(seed=3, population=40, islands=2)


def run_of(path: Path) -> Run:
    return Run.begin(path, load("sort"), SETTINGS, command=())


def reports_of(run: Run, evaluations: int) -> list[Report]:
    reports: list[Report] = []
    budget = Budget(evaluations=evaluations)
    reporter = Reporter(run, budget, reports.append)
    reporter.ended(run.go(budget, progressed=reporter.progressed))
    return reports


def test_reports_tell_the_whole_history_and_every_improvement(tmp_path: Path) -> None:
    run = run_of(tmp_path / "run")
    reports = reports_of(run, 3_000)
    rows = [row for report in reports for row in report.rows]
    history = run.folder.history()
    assert [row["generation"] for row in rows] == sorted({row["generation"] for row in rows})
    assert rows[-1]["generation"] == history["generation"][-1] == reports[-1].generation == reports[-1].saved
    errors = [improvement.error for report in reports for improvement in report.improvements]
    assert errors[0] >= errors[-1] == reports[-1].error == history["best"][-1]
    assert reports[-1].state is State.FINISHED


def test_leaders_are_the_best_of_each_island_with_their_errors_on_all_cases(tmp_path: Path) -> None:
    run = run_of(tmp_path / "run")
    last = reports_of(run, 500)[-1]
    assert {leader.island for leader in last.leaders} == {0, 1}
    assert len({leader.code for leader in last.leaders}) == len(last.leaders)
    population = run.folder.population(run.engine.generation)
    for leader in last.leaders:
        errors, _ = errors_on(run.engine.task, Programs.of([leader.code]), run.engine.task.training)
        assert leader.errors == tuple(errors[0].tolist())
        assert leader.error == sum(leader.errors)
        (row,) = (population.ids == leader.id).nonzero()[0]
        assert population.programs[int(row)] == leader.code
        assert population.individual(int(row)).operator == leader.operator
    worst = max(leader.error for leader in last.leaders)
    assert population.error is not None
    assert worst <= sorted(population.error.tolist())[-1]


def test_a_report_is_the_same_after_it_was_a_line(tmp_path: Path) -> None:
    for report in reports_of(run_of(tmp_path / "run"), 500):
        again = Report.from_line(report.to_line())
        assert again.to_line() == report.to_line()
        assert (again.leaders, again.improvements, again.code) == (report.leaders, report.improvements, report.code)


@pytest.mark.parametrize("line", ["", "garbage", "[1]", "{}", '{"state": "running"}', '{"a":' * 100_000])
def test_what_is_no_report_is_refused(line: str) -> None:
    with pytest.raises(ReportError, match="no report of a run"):
        Report.from_line(line)


def test_a_run_saves_when_it_is_asked_to(tmp_path: Path) -> None:
    run, control = run_of(tmp_path / "run"), Control()
    saved: list[int | None] = []

    asked: list[int] = []

    def progressed(progress: Progress) -> None:
        if progress.generation > 16 and not asked:
            asked.append(progress.generation)
            control.save()
        saved.append(progress.saved)

    run.go(Budget(evaluations=8_000), progressed=progressed, control=control)
    assert asked[0] in run.folder.generations
    assert asked[0] in saved


def test_a_paused_run_waits_saved_and_its_result_is_that_of_one_that_went_on(tmp_path: Path) -> None:
    one, other = run_of(tmp_path / "one"), run_of(tmp_path / "other")
    control = Control()
    paused: list[tuple[int, int | None]] = []

    def progressed(progress: Progress) -> None:
        if progress.is_paused:
            paused.append((progress.generation, progress.saved))
            threading.Timer(0.01, control.resume).start()
        elif progress.generation >= 10 and not paused:
            control.pause()

    one.go(Budget(evaluations=3_000), progressed=progressed, control=control)
    other.go(Budget(evaluations=3_000))
    assert len(paused) == 1
    assert paused[0][0] == paused[0][1]
    assert one.engine.champion == other.engine.champion
    assert one.folder.history()["median"].tolist() == other.folder.history()["median"].tolist()


def test_a_paused_run_can_be_stopped(tmp_path: Path) -> None:
    run, control, stop = run_of(tmp_path / "run"), Control(), threading.Event()

    def progressed(progress: Progress) -> None:
        control.pause()
        if progress.is_paused:
            stop.set()

    run.go(Budget(), progressed=progressed, control=control, interrupted=stop.is_set)
    assert run.folder.info.status == "interrupted"
    assert run.engine.generation == 0


def test_the_time_of_a_pause_is_not_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run, control, clock = run_of(tmp_path / "run"), Control(), iter(range(10_000))
    monkeypatch.setattr("gpdebug.evolve.run.time.perf_counter", lambda: float(next(clock)))
    seconds: list[float] = []

    def progressed(progress: Progress) -> None:
        if progress.is_paused:
            for _ in range(1_000):
                next(clock)
            control.resume()
        elif not seconds:
            control.pause()
        seconds.append(progress.session_seconds)

    run.go(Budget(evaluations=300), progressed=progressed, control=control)
    assert seconds[-1] < 200
