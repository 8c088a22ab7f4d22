from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gpdebug.cli import INTERRUPTED, OK, WRONG, main

TINY = ["--population", "60", "--budget", "300k", "--threads", "1"]


def test_a_row_a_task_tells_rate_time_and_program(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "xor", "sort", "--seeds", "2", "--seed", "5", "--population", "60", "--budget", "3k"]) == OK
    said = capsys.readouterr().out
    assert "seeds 5 to 6, at most 3k each, population 60" in said
    rows = {line.split()[0]: line.split() for line in said.splitlines() if line.strip()}
    assert rows["sort"][1] == "0/2"
    assert "of 128 right" in said
    assert rows["xor"][1] in ("0/2", "1/2", "2/2")


def test_what_is_measured_is_kept_continued_and_printed_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "b.json")
    assert main(["bench", "xor", "--seeds", "1", *TINY, "--out", out, "--json"]) == OK
    first = json.loads(capsys.readouterr().out)
    assert (first["task"], first["seeds"], first["solved"]) == ("xor", 1, 1)
    before = json.loads(Path(out).read_text())["trials"]
    assert main(["bench", "xor", "--seeds", "2", *TINY, "--out", out, "--json"]) == OK
    assert json.loads(capsys.readouterr().out)["seeds"] == 2
    after = json.loads(Path(out).read_text())["trials"]
    assert after[:1] == before
    assert [trial["seed"] for trial in after] == [0, 1]
    assert main(["bench", "--from", out, "--markdown"]) == OK
    assert "| `xor` | 2/2 |" in capsys.readouterr().out
    empty = json.loads(Path(out).read_text()) | {"trials": []}
    (tmp_path / "empty.json").write_text(json.dumps(empty))
    assert main(["bench", "--from", str(tmp_path / "empty.json")]) == WRONG
    assert "nothing was measured yet" in capsys.readouterr().err
    assert main(["bench", "xor", *TINY[:-1], "2", "--out", out]) == WRONG
    assert "threads 1, now 2; choose another file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ([], "--peers"),
        (["reverze"], "did you mean reverse"),
        (["xor", "--budget", "none"], "never end"),
        (["xor", "--budget", "soon"], "60s"),
        (["xor", "--seeds", "0"], "--seeds"),
        (["xor", "--seed", "-1"], "seed"),
        (["xor", "--seed", str(2**63 - 1), "--seeds", "2"], "seed"),
        (["xor", "--population", "1"], "population"),
        (["xor", "--dialect", "bff"], "bff"),
        (["xor", "--json", "--markdown"], "one of"),
        (["xor", "--from", "OUT"], "leave out"),
        (["--from", "OUT"], "no such file"),
        (["xor", "--out", "OUT/b.json"], "cannot be written"),
    ],
)
def test_wrong_usage_is_one_line_and_nothing_is_measured(
    arguments: list[str], what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "out")
    assert main(["bench", *(word.replace("OUT", out) for word in arguments)]) == WRONG
    captured = capsys.readouterr()
    assert what in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


def test_ctrl_c_prints_what_there_is(tmp_path: Path) -> None:
    out = tmp_path / "b.json"
    words = ["bench", "xor", "sort", "--seeds", "1", "--population", "60", "--budget", "1h", "--out", str(out)]
    process = subprocess.Popen(
        [sys.executable, "-m", "gpdebug", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    line = ""
    while not line.startswith("xor"):
        line = process.stdout.readline()
    os.kill(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=300)
    assert process.returncode == INTERRUPTED
    assert "1/1" in line
    assert "sort " not in said
    assert "Peer: AI-Programmer" in said
    assert [trial["task"] for trial in json.loads(out.read_text())["trials"]] == ["xor"]
