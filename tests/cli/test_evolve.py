from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gpdebug.cli import INTERRUPTED, NEGATIVE, OK, WRONG, main
from gpdebug.evolve.options import OPTIONS
from gpdebug.store.run import RunFolder

KEYS = {"solved", "error", "held_out_error", "evaluations", "seconds", "program"}


def test_a_task_is_solved_and_the_run_can_be_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "xor"
    assert main(["evolve", "xor", "--out", str(out), "--seed", "2", "--threads", "1"]) == OK
    said = capsys.readouterr().out
    assert "solved in generation" in said
    assert f"gpdebug open {out}" in said
    command = RunFolder.open(out).info.command
    assert command == ("gpdebug", "evolve", "xor", "--out", str(out), "--seed", "2", "--threads", "1")


def test_the_last_line_of_json_is_the_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evolve", "text:hi", "--out", str(tmp_path / "hi"), "--json"]) == OK
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all(line.keys() >= KEYS for line in lines)
    assert lines[-1]["solved"] is True
    assert lines[-1]["error"] == lines[-1]["held_out_error"] == 0
    assert lines[-1]["program"].count(".") == 2


def test_a_spent_budget_is_a_negative_answer_and_can_be_raised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "sort")
    assert main(["evolve", "sort", "--out", out, "--population", "30", "--budget", "500"]) == NEGATIVE
    said = capsys.readouterr().out
    assert "not solved within the budget" in said
    assert f"gpdebug evolve --resume {out}" in said
    assert main(["evolve", "--resume", out, "--budget", "1k", "--json"]) == NEGATIVE
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert last["evaluations"] >= 1_000


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        (["reverze", "--out", "OUT"], "did you mean reverse"),
        (["reverse"], "--out DIR"),
        ([], "TASK"),
        (["reverse", "--out", "OUT", "--budget", "soon"], "60s"),
        (["reverse", "--out", "OUT", "--population", "1"], "population"),
        (["reverse", "--out", "OUT", "--set", "selection=lottery"], "selection must be tournament, lexicase or"),
        (["reverse", "--out", "OUT", "--set", "selektion=lexicase"], "did you mean selection"),
        (["reverse", "--out", "OUT", "--set", "lexicase"], "NAME=VALUE"),
        (["reverse", "--out", "OUT", "--settings", "nowhere.toml"], "nowhere.toml"),
        (["--resume", "OUT", "--set", "crossover=3"], "leave out --set"),
        (["reverse", "--out", "OUT", "--dialect", "bff"], "bff"),
        (["reverse", "--out", "OUT", "--dialect", "nowhere.toml"], "nowhere.toml"),
        (["gone.jsonl", "--out", "OUT"], "gone.jsonl"),
        (["reverse", "--resume", "OUT", "--seed", "1"], "leave out TASK, --seed"),
        (["--resume", "OUT"], "no such folder"),
    ],
)
def test_wrong_usage_is_one_line_and_nothing_is_begun(
    arguments: list[str], what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["evolve", *(str(out) if word == "OUT" else word for word in arguments)]) == WRONG
    captured = capsys.readouterr()
    assert what in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert not out.exists()


def test_settings_are_kept_by_the_run_and_one_by_one_ones_come_before_those_of_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / "search.toml", str(tmp_path / "out")
    file.write_text('population = 30\ncrossover = 10\nmutation = "umad"\n')
    words = ["sort", "--out", out, "--budget", "200", "--settings", str(file), "--set", "crossover=20"]
    assert main(["evolve", *words]) == NEGATIVE
    settings = RunFolder.open(out).info.settings
    assert settings == {"seed": 0, "population": 30, "islands": 2, "crossover": 20, "mutation": "umad:1"}
    assert main(["evolve", "--resume", out, "--budget", "400"]) == NEGATIVE


def test_all_settings_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evolve", "--list-settings"]) == OK
    said = capsys.readouterr().out
    assert all(f"\n{name}=" in said for name in OPTIONS)


def test_the_function_of_the_readme_makes_a_task_and_is_not_executed_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    block = re.search(r"<!-- tested: task in Python -->\n```python\n(.*?)```", readme, re.DOTALL)
    assert block is not None
    (tmp_path / "following.py").write_text(block[1], "utf-8")
    out = str(tmp_path / "following")
    arguments = ["--population", "20", "--budget", "41"]
    assert main(["evolve", f"{tmp_path / 'following.py'}:letters", "--out", out, *arguments]) == NEGATIVE
    task = RunFolder.open(out).info.task
    assert task is not None
    assert (len(task.training), len(task.held_out)) == (128, 200)
    assert all(bytes(byte + 1 for byte in case.input) == case.output for case in task.training)
    (tmp_path / "following.py").write_text("raise SystemExit('executed')")
    assert main(["evolve", "--resume", out, "--budget", "200"]) == NEGATIVE
    assert "executed" not in capsys.readouterr().err


def test_a_run_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert main(["evolve", "sort", "--out", str(out), "--population", "20", "--budget", "40"]) == NEGATIVE
    before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert main(["evolve", "sort", "--out", str(out)]) == WRONG
    assert "holds a run already" in capsys.readouterr().err
    assert before == {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_sigterm_save_and_say_how_to_go_on(sent: signal.Signals, tmp_path: Path) -> None:
    out = tmp_path / "sort"
    words = ["evolve", "sort", "--out", str(out), "--population", "40", "--json", "--budget", "none"]
    process = subprocess.Popen(
        [sys.executable, "-m", "gpdebug", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for _ in range(3):
        process.stdout.readline()
    os.kill(process.pid, sent)
    said, errors = process.communicate(timeout=300)
    assert process.returncode == INTERRUPTED
    assert f"gpdebug evolve --resume {out}" in errors
    last = json.loads(said.splitlines()[-1])
    history = RunFolder.open(out).history()
    assert last["generation"] == history["generation"][-1] == RunFolder.open(out).generations[-1]
    assert RunFolder.open(out).has_checkpoint


@pytest.fixture
def process(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that evolves in the folder `run` and takes commands."""
    words = ["evolve", "sort", "--out", str(tmp_path / "run"), "--population", "40", "--budget", "none"]
    with subprocess.Popen(
        [sys.executable, "-m", "gpdebug", *words, "--json", "--commands"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def told(process: subprocess.Popen[str], state: str) -> dict[str, Any]:
    """The next line of some state."""
    assert process.stdout is not None
    return next(data for line in process.stdout if (data := json.loads(line))["state"] == state)


def test_commands_on_standard_input_pause_go_on_save_and_stop(process: subprocess.Popen[str], tmp_path: Path) -> None:
    assert process.stdin is not None
    told(process, "running")
    process.stdin.write("pause\nnonsense\n")
    paused = told(process, "paused")
    assert paused["saved"] == paused["generation"]
    process.stdin.write("resume\n")
    assert told(process, "running")["generation"] > paused["generation"]
    process.stdin.write("stop\n")
    assert told(process, "interrupted")["saved"] == RunFolder.open(tmp_path / "run").generations[-1]
    assert process.wait(300) == INTERRUPTED
    assert process.stderr is not None
    assert "unknown command 'nonsense'" in process.stderr.read()


def test_a_run_is_saved_when_whoever_commands_it_is_gone(process: subprocess.Popen[str], tmp_path: Path) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    told(process, "running")
    process.stdout.close()
    process.stdin.close()
    assert process.wait(300) == INTERRUPTED
    run = RunFolder.open(tmp_path / "run")
    assert run.info.status == "interrupted"
    assert run.history()["generation"][-1] == run.generations[-1]


@pytest.mark.parametrize("by", ["stop", "end of input"])
def test_compiling_is_told_and_need_not_be_waited_for_to_stop(
    by: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setenv("GPDEBUG_CACHE_DIR", str(tmp_path / "cold"))
    process: subprocess.Popen[str] = request.getfixturevalue("process")
    assert process.stdin is not None
    assert process.stdout is not None
    next(line for line in process.stdout if "compiling once" in told_in(line, "starting"))
    if by == "stop":
        process.stdin.write("stop\n")
    else:
        process.stdin.close()
    assert all(told_in(line, "starting") for line in process.stdout)
    assert process.wait(300) == INTERRUPTED
    folder = RunFolder.open(tmp_path / "run")
    assert folder.info.status == "interrupted"
    assert not folder.generations


def told_in(line: str, state: str) -> str:
    """What is done in a line of a state."""
    data = json.loads(line)
    assert data["state"] == state
    return str(data["doing"])
