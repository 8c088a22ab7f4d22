from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from gpdebug.evolve import catalogue
from gpdebug.evolve.bench.results import Results, TaskFacts
from gpdebug.store.errors import StoreError
from tests.evolve.bench.examples import CONDITIONS, results, trial


def test_results_survive_their_file(tmp_path: Path) -> None:
    before = results(trial(), trial(seed=1, solved=False, held_out_error=3))
    before.save(tmp_path / "b.json")
    after = Results.load(tmp_path / "b.json")
    assert after.conditions == before.conditions
    assert after.tasks == before.tasks
    assert after.trials == before.trials


def test_results_go_on_where_a_file_stopped(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    results(trial()).save(path)
    more = Results(CONDITIONS, results(trial("xor")).tasks)
    more.go_on(path)
    assert more.has("add", 0)
    assert not more.has("add", 1)
    assert set(more.tasks) == {"add", "xor"}
    assert set(Results.load(path).tasks) == {"add", "xor"}


def test_what_was_measured_otherwise_is_not_mixed_in(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    before = results(trial())
    before.save(path)
    for changes, said in (
        ({"budget": ("30s",)}, "budget 60s, now 30s"),
        ({"threads": 1}, "threads 2, now 1"),
        ({"settings": {"population": 9, "islands": 2}}, "population 9"),
        ({"software": {"gpdebug": "2"}}, "gpdebug 1, now gpdebug 2"),
    ):
        with pytest.raises(StoreError, match=said):
            Results(replace(CONDITIONS, **changes), before.tasks).go_on(path)
    with pytest.raises(StoreError, match="cases of add"):
        Results(CONDITIONS, {"add": TaskFacts(128, 200, "1" * 16)}).go_on(path)


def test_the_digest_of_a_task_changes_with_its_cases_and_limits() -> None:
    task = catalogue.find("xor")
    assert TaskFacts.of(task) == TaskFacts.of(catalogue.find("xor"))
    for other in (
        replace(task, training=task.training[:-1]),
        replace(task, dialect=task.dialect.with_settings(limit=9)),
    ):
        assert TaskFacts.of(other).digest != TaskFacts.of(task).digest


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "another"}, "no results"),
        ({"version": 99}, "no results"),
        ({"tasks": {}}, "tasks: 'add' is missing"),
        ({"conditions": {"budget": ["60s"]}}, "conditions.threads"),
        ({"trials": [{"task": "add"}]}, r"trials\[0\].seed"),
        ({"conditions": {"budget": ["soon"]}}, "conditions.budget 'soon'"),
        ({"trials": 3}, "trials: expected a list"),
    ],
)
def test_a_file_that_holds_no_results_is_named_with_what_is_wrong(
    change: dict[str, object], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "b.json"
    results(trial()).save(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(StoreError, match=said) as raised:
        Results.load(path)
    assert str(raised.value).startswith(str(path))


def test_a_file_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b.json").write_text("{")
    for name in ("b.json", "gone.json"):
        with pytest.raises(StoreError, match=name):
            Results.load(tmp_path / name)
