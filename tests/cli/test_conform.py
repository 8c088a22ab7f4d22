"""`gpdebug conform`: a line a path, the first difference, and an exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gpdebug.cli import main
from vm.conformance import PATHS

VECTORS = Path(__file__).parent.parent / "fixtures" / "vectors" / "tape.jsonl"


def test_agreement_is_a_line_a_path_and_exit_code_0(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    few = tmp_path / "few.jsonl"
    few.write_text("\n\n".join(VECTORS.read_text().splitlines()[:3]))
    assert main(["conform", str(few)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(PATHS)
    assert all(line.endswith("3 of 3 agree") for line in lines)


def test_a_difference_is_shown_and_exit_code_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    first, second = (json.loads(line) for line in VECTORS.read_text().splitlines()[:2])
    second["final"]["steps"] += 1
    wrong = tmp_path / "wrong.jsonl"
    wrong.write_text(f"{json.dumps(first)}\n{json.dumps(second)}\n")
    assert main(["conform", str(wrong)]) == 1
    shown = capsys.readouterr().out
    assert shown.count("1 of 2 agree") == len(PATHS)
    steps = second["final"]["steps"]
    assert f"line 2, at the end: steps should be {steps}, is {steps - 1}" in shown


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "holds no vectors"),
        ("{", "line 1: Expecting"),
        ('{"dialect": "perl"}', "line 1: dialect: expected one of"),
        ("\udc80", "not a text file"),
    ],
)
def test_a_file_that_holds_no_vectors_is_refused(
    text: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "vectors.jsonl"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert main(["conform", str(file)]) == 2
    assert message in capsys.readouterr().err


def test_a_missing_file_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conform", "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl" in capsys.readouterr().err
