"""A folder written by the example in the README, and one with every optional part, both without gpdebug."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from gpdebug.store.check import check
from gpdebug.store.opening import open_path
from gpdebug.store.run import RunFolder


def test_the_least_that_opens(tmp_path: Path) -> None:
    run = tmp_path / "my-run"
    (run / "generations").mkdir(parents=True)
    pq.write_table(pa.table({"program": [b"[>]<[.<}]", b"[.>}]"]}), run / "generations" / "0.parquet")
    run_json = {"format": "gpdebug-run", "version": 1, "dialect": {"name": "tape", "based_on": "tape"}}
    (run / "run.json").write_text(json.dumps(run_json))
    opened = open_path(run)
    assert isinstance(opened, RunFolder)
    assert opened.population(0).program(1).text == "[.>}]"
    assert check(run).ok


def test_everything_another_tool_may_write(tmp_path: Path) -> None:
    run_json = {
        "format": "gpdebug-run",
        "version": 1,
        "dialect": {"name": "streams", "based_on": "bf", "settings": {"limit": 100, "memory": 8}},
        "task": {
            "name": "echo",
            "scorer": "exact",
            "training": [{"input": "a", "output": [97]}, {"input_base64": "Yg==", "output_numbers": "98"}],
            "held_out": [{"input_hex": "63", "output": "c"}],
        },
        "status": "solved",
        "created": "2030-01-31T12:00:00",
        "command": ["other-tool"],
        "seed": 0,
        "software": {"other-tool": "3"},
        "summary": {"generation": 1, "best": 0, "seconds": 0.5, "curve": [2, 0]},
    }
    (tmp_path / "run.json").write_text(json.dumps(run_json))
    (tmp_path / "generations").mkdir()
    columns = {
        "id": pa.array([4, 2], pa.uint16()),
        "parent0": [2, None],
        "parent1": [None, None],
        "operator": ["copied", None],
        "born": [1, 0],
        "errors": [[0, 0], [1, 1]],
        "steps": [4, 4],
        "program": [",.", ".."],
        "colour": ["red", "blue"],
    }
    pq.write_table(pa.table(columns), tmp_path / "generations" / "1.parquet", compression="snappy")
    history = {"generation": [0, 1], "best": [2, 0], "median": [2.5, None]}
    pq.write_table(pa.table(history), tmp_path / "history.parquet", compression="none")
    lineage = {"id": [4, 2], "parent0": [2, -1], "program": [",.", ".."]}
    pq.write_table(pa.table(lineage), tmp_path / "lineage.parquet")
    report = check(tmp_path)
    assert report.findings == ()
    assert report.rerun == 2
    run = RunFolder.open(tmp_path)
    best = run.population(1).individual(0)
    assert (best.id, best.code, best.parents, best.operator, best.error) == (4, b",.", (2,), "copied", 0)
    assert run.lineage().ids[run.lineage().descent(4)].tolist() == [2, 4]
