from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gpdebug.store.check import Severity, check
from gpdebug.store.errors import StoreError
from gpdebug.store.history import History
from gpdebug.store.info import RunInfo, RunStatus
from gpdebug.store.lineage import Lineage
from gpdebug.store.population import Population
from gpdebug.store.run import RunFolder
from gpdebug.store.symbols import unmatched_rows
from gpdebug.store.task import Case, Task
from gpdebug.store.verify import SAMPLE, sample_rows
from tests.store.examples import population, random_codes, reverse_task
from vm.dialect import BF, BFF, TAPE, Dialect
from vm.evaluate import Programs
from vm.program import Program


def lineage_of(last: Population) -> Lineage:
    assert last.operator is not None
    assert last.born is not None
    assert last.error is not None
    return Lineage(
        ids=last.ids,
        parents=np.full((len(last), 2), -1, np.int64),
        operators=last.operators,
        operator=last.operator,
        born=last.born,
        error=last.error,
        programs=last.programs,
    )


@pytest.fixture
def run(tmp_path: Path) -> RunFolder:
    info = RunInfo.of_task(reverse_task(), settings={}, seed=7, command=["gpdebug", "evolve", "reverse"])
    folder = RunFolder.create(tmp_path / "run", info)
    for generation in (0, 3):
        folder.save_generation(population(12, generation))
    folder.save_lineage(lineage_of(population(12, 3)))
    folder.save_history(History.of({"generation": g, "best": 0} for g in range(4)))
    folder.save_checkpoint({"a": np.arange(3)}, {})
    return folder


def found(run: RunFolder) -> list[str]:
    return [str(finding) for finding in check(run.path).findings]


def test_a_run_in_which_nothing_is_wrong(run: RunFolder) -> None:
    looked_at: list[str] = []
    report = check(run.path, progress=looked_at.append)
    assert report.ok
    assert report.findings == ()
    assert (report.generations, report.programs, report.rerun) == (2, 24, 24)
    assert report.lines() == [f"{run.path}: 2 generations, 24 programs, 24 run again: nothing wrong"]
    assert looked_at == [
        "run.json",
        "generations/00000000.parquet",
        "generations/00000003.parquet",
        "history.parquet",
        "lineage.parquet",
    ]
    assert check(run.path / "run.json").ok
    assert check(run.path / "generations").ok


def test_everything_that_is_wrong_with_run_json_is_told_at_once(run: RunFolder) -> None:
    data = json.loads((run.path / "run.json").read_text())
    data["dialect"]["edge"] = "wrap"
    data["seed"] = "x"
    data["status"] = "lost"
    (run.path / "run.json").write_text(json.dumps(data))
    messages = found(run)
    assert messages[0].startswith("error: run.json: dialect.edge: unknown key; expected one of name")
    assert messages[1:] == [
        "error: run.json: seed: expected a whole number, not 'x'",
        "error: run.json: status: expected one of running, solved, finished, interrupted, not 'lost'",
    ]
    assert not check(run.path).ok


@pytest.mark.parametrize("text", ["", "{}", '{"format": "gpdebug-run", "version": 7}'])
def test_a_run_json_that_cannot_be_read_is_told(run: RunFolder, text: str) -> None:
    (run.path / "run.json").write_text(text)
    (message,) = found(run)
    assert message.startswith("error: run.json: ")


def test_files_that_do_not_belong_there_are_told(run: RunFolder) -> None:
    (run.path / "notes.txt").write_text("")
    (run.path / ".run.json.12-0123abcd.tmp").write_text("")
    (run.path / "generations" / "last.parquet").write_text("")
    generation = run.generation_path(3)
    (run.path / "generations" / "3.parquet").write_bytes(generation.read_bytes())
    report = check(run.path)
    assert [str(finding) for finding in report.findings] == [
        "note: unfinished files of processes that were killed: .run.json.12-0123abcd.tmp; they may be deleted",
        "note: files that are no part of a run: notes.txt",
        "warning: generations: files that are not read: last.parquet; name a file by its generation, as in"
        " 00000012.parquet",
        "error: generations: stored more than once: 3; keep one file a generation",
    ]
    assert report.lines()[-1].endswith("1 error, 1 warning, 2 notes")


def test_what_is_missing_is_told(run: RunFolder) -> None:
    for file in ("history.parquet", "lineage.parquet", "checkpoint.npz"):
        (run.path / file).unlink()
    for generation in run.generations:
        run.generation_path(generation).unlink()
    report = check(run.path)
    assert report.ok
    assert {finding.where: finding.severity for finding in report.findings} == {
        "generations": Severity.WARNING,
        "history.parquet": Severity.NOTE,
        "lineage.parquet": Severity.NOTE,
        "checkpoint.npz": Severity.NOTE,
    }
    run.set_status(RunStatus.SOLVED)
    assert "checkpoint.npz" not in {finding.where for finding in check(run.path).findings}


@pytest.mark.parametrize("file", ["generations/00000003.parquet", "history.parquet", "lineage.parquet"])
def test_a_damaged_file_is_told_and_the_others_are_checked(run: RunFolder, file: str) -> None:
    whole = (run.path / file).read_bytes()
    (run.path / file).write_bytes(whole[: len(whole) // 2])
    (run.path / "checkpoint.npz").write_bytes(b"PK")
    messages = found(run)
    assert messages[0].startswith(f"error: {file}: no readable Parquet file: ")
    assert messages[-1].startswith("error: checkpoint.npz: no readable checkpoint: ")


def change(name: str, row: int | tuple[int, ...], value: int) -> Callable[[Population], Population]:
    def changed(items: Population) -> Population:
        column = getattr(items, name).copy()
        column[row] = value
        changes: dict[str, Any] = {name: column}
        return replace(items, **changes)

    return changed


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (change("ids", 5, 100), "column id: 100 is there 2 times; an id names one program"),
        (change("steps", 5, -4), "column steps: row 5 is negative"),
        (change("error", 0, 9), "column error: row 0 says 9, its errors sum to 0"),
        (change("errors", (0, 2), 9), "#100 (row 0): error on case 2 is stored as 9, but is 0; it was computed by"),
        (change("steps", 0, 9), "#100 (row 0): steps is stored as 9, but is "),
        (change("born", 4, 12), "column born: row 4 was born in generation 12, a later one"),
        (lambda items: replace(items, programs=Programs.of([b"+"] * 12)), "more values of the sample differ"),
    ],
)
def test_values_that_cannot_be_are_told(
    run: RunFolder, damage: Callable[[Population], Population], message: str
) -> None:
    run.save_generation(damage(population(12, 3)))
    messages = found(run)
    assert any(text.startswith("error: generations/00000003.parquet: ") and message in text for text in messages)
    assert not check(run.path).ok


def test_in_a_small_run_one_wrong_value_anywhere_is_found(run: RunFolder) -> None:
    many = population(80, 3)
    row = next(row for row in range(80) if row not in sample_rows(many, SAMPLE))
    assert many.steps is not None
    run.save_generation(change("steps", row, int(many.steps[row]) + 1)(many))
    assert any(f"(row {row}): steps is stored as" in text for text in found(run))


def test_wrong_lengths_and_numbers_in_a_file_of_another_tool_are_told(run: RunFolder) -> None:
    file = run.generation_path(3)
    table = pq.read_table(file)
    wrong = table.set_column(table.schema.get_field_index("length"), "length", pa.array([9, *[1] * 11]))
    pq.write_table(wrong, file)
    assert any("column length: row 1 says 1, its program has" in text for text in found(run))
    pq.write_table(table.set_column(table.schema.get_field_index("length"), "length", pa.array(["x"] * 12)), file)
    assert any("column length: expected whole numbers, not string" in text for text in found(run))
    pq.write_table(table.select(["program"]), file)
    (message,) = [text for text in found(run) if "00000003" in text]
    assert "note" in message
    assert "not stored: parents, operator, born, errors, error, steps" in message
    run.generation_path(0).rename(run.path / "generations" / "1.parquet")
    assert any("generations/1.parquet: says that it is generation 0; rename the file" in text for text in found(run))


def test_a_generation_of_another_dialect_is_told(run: RunFolder) -> None:
    run.info = replace(run.info, dialect=TAPE, task=None)
    run.save_generation(replace(population(12, 3), dialect=TAPE, task=None))
    assert any("00000003.parquet: its dialect is not that of run.json" in text for text in found(run))


def test_a_history_that_does_not_fit_is_told(run: RunFolder) -> None:
    run.save_history(History.of([{"generation": 0, "best": 7}, {"generation": 1, "best": 7}]))
    assert found(run) == [
        "warning: history.parquet: ends at generation 1, but stored are also 3",
        "warning: history.parquet: generation 0: best is 7, but a stored program has error 0",
    ]
    data = json.loads((run.path / "run.json").read_text())
    data["summary"]["best"] = 5
    (run.path / "run.json").write_text(json.dumps(data))
    assert any(text.startswith("warning: run.json: summary: is not that of history.parquet") for text in found(run))


def test_a_lineage_that_cannot_be_is_told(run: RunFolder) -> None:
    whole = lineage_of(population(12, 3))
    parents = whole.parents.copy()
    parents[3] = (99, 105)
    parents[8] = (107, -1)
    codes = [whole.programs[row] for row in range(12)]
    codes[6] = b"+"
    rows = np.arange(11)
    run.save_lineage(replace(whole, parents=parents, programs=Programs.of(codes)).take(rows))
    messages = found(run)
    for message in (
        "warning: lineage.parquet: #103 has the parent #99, which is not there (1 like it); store every ancestor",
        "error: lineage.parquet: #103 has the parent #105; a parent has a smaller id than its child",
        "error: lineage.parquet: #108 was born in an earlier generation than its parent #107",
        "warning: lineage.parquet: #111 of the last generation is not there (1 like it)",
        "error: lineage.parquet: #106 has another program than in the last generation",
    ):
        assert any(text.startswith(message) for text in messages), (message, messages)


def test_a_history_that_cannot_be_true_is_told(run: RunFolder) -> None:
    row = {"generation": 3, "best": 0, "q1": 5, "median": 4, "q3": 4, "diversity": 1.5, "success_mutation": -0.1}
    run.save_history(History.of([{"generation": 0, "best": 9}, row]))
    messages = found(run)
    assert "error: history.parquet: generation 3: q1 is greater than median" in messages
    assert "error: history.parquet: generation 3: diversity is 1.5, not 0 to 1" in messages
    assert "error: history.parquet: generation 3: success_mutation is -0.1, not 0 to 1" in messages


def task_with(dialect: Dialect, *cases: Case, held_out: tuple[Case, ...] = ()) -> Task:
    return Task(name="t", dialect=dialect, training=cases, held_out=held_out)


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (task_with(TAPE, Case(b"a", b"b\0")), "training[0]: no program can be right: its output holds a zero"),
        (task_with(TAPE, Case(b"", b"x" * 129)), "its output has 129 bytes, but there is room for 128"),
        (
            task_with(TAPE.with_settings(out_len=2), Case(b"", b"xy"), held_out=(Case(b"a", b"x"),)),
            "held_out[0]: no program can be right: its output has 1 bytes, but always 2 are copied out",
        ),
        (task_with(BF.with_settings(out_limit=1), Case(b"", b"xy")), "its output has 2 bytes, but there is room for 1"),
        (task_with(TAPE, Case(b"a", b"b"), Case(b"a", b"c")), "training[1]: wants another output for the same input"),
        (
            task_with(TAPE, Case(b"a", b"b"), held_out=(Case(b"b", b"c"), Case(b"a", b"b"))),
            "held_out[1]: is a training case as well (1 of 2 are)",
        ),
        (task_with(TAPE, Case(b"a", b"b")), "note: run.json: task.held_out: has no case"),
        (task_with(BFF), "note: run.json: task.training: has no case"),
    ],
)
def test_a_task_that_cannot_be_solved_or_told_is_told(tmp_path: Path, task: Task, message: str) -> None:
    run = RunFolder.create(tmp_path / "run", RunInfo.of_task(task, settings={}, seed=1, command=["x"]))
    assert any(message in text for text in found(run))


def test_programs_that_cannot_be_loaded_are_told(tmp_path: Path) -> None:
    for dialect, code, message in (
        (BF, b"[[]", "row 1 has a bracket without a partner, which bf rejects; 1 of 2 programs cannot be run"),
        (BFF, b"+" * 129, "row 1 has 129 bytes, the memory it is only 128 cells"),
    ):
        task = task_with(dialect, Case(b"", b""))
        run = RunFolder.create(tmp_path / dialect.name, RunInfo.of_task(task, settings={}, seed=1, command=["x"]))
        programs = Programs.of([b"+", code])
        items = Population(
            name="x", dialect=dialect, task=task, programs=programs, ids=np.arange(2), generation=0,
            error=np.zeros(2, np.int64),
        )  # fmt: skip
        run.save_generation(items)
        assert any(message in text for text in found(run))
        assert any("the sample cannot be run" in text for text in found(run))


@pytest.mark.parametrize("seed", range(5))
def test_unmatched_programs_are_found_as_one_by_one(seed: int) -> None:
    codes = [b"", *random_codes(300, seed), b"][", b"[]", b""]
    rows = unmatched_rows(Programs.of(codes), TAPE)
    assert rows.tolist() == [row for row, code in enumerate(codes) if Program(code, TAPE).unmatched.size]
    assert unmatched_rows(Programs.of([b"", b""]), TAPE).tolist() == []


def test_a_population_by_itself_is_checked(run: RunFolder, tmp_path: Path) -> None:
    assert check(run.generation_path(3)).lines() == [
        f"{run.generation_path(3)}: 1 generation, 12 programs, 12 run again: nothing wrong"
    ]
    (tmp_path / "a.csv").write_text("program,id\n+,1\n-,1\n")
    report = check(tmp_path / "a.csv")
    assert [finding.where for finding in report.findings] == ["a.csv", "a.csv"]
    assert not report.ok


def test_what_is_no_run_and_no_population_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.bf").write_text("+.")
    with pytest.raises(StoreError, match=r"a\.bf: is no run and no population; run a program with: gpdebug run"):
        check(tmp_path / "a.bf")
    with pytest.raises(StoreError, match="no such file or run"):
        check(tmp_path / "none")
    with pytest.raises(StoreError, match="is no run"):
        check(tmp_path)


def test_a_folder_of_another_tool_is_checked_with_what_it_has(tmp_path: Path) -> None:
    document = {"format": "gpdebug-run", "version": 1, "dialect": {"name": "mine", "based_on": "tape"}, "colour": 1}
    (tmp_path / "run.json").write_text(json.dumps(document))
    (tmp_path / "generations").mkdir()
    pq.write_table(pa.table({"program": ["+", "[-]"]}), tmp_path / "generations" / "0.parquet")
    report = check(tmp_path)
    assert report.ok
    assert [str(finding) for finding in report.findings][:2] == [
        "note: run.json: keys that are not known, and not read: colour",
        "note: run.json: does not tell seed, command, software, created; with these others can make the run again",
    ]
