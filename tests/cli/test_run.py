"""`gpdebug run`: any program, any setting, the state that scripts rely on."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from gpdebug.cli import main

FIXTURES = Path(__file__).parent.parent / "fixtures" / "vectors"
OPTIONS = ("dialect", "memory", "limit", "edge", "unmatched", "eof", "out_limit", "in_at", "out_at", "out_len")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["run", *arguments, "--json"]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["run", *arguments]) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    return message


@pytest.mark.parametrize("name", ["tape", "bf", "bff"])
def test_it_does_what_the_vectors_say(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in (FIXTURES / f"{name}.jsonl").read_text().splitlines()[:25]:
        vector = json.loads(line)
        if "tape" in vector:
            program = tmp_path / "soup.bin"
            program.write_bytes(bytes.fromhex(vector["tape"]))
            source = str(program)
        else:
            source = vector["program"]
        options = [f"--{key.replace('_', '-')}={vector[key]}" for key in OPTIONS if key in vector]
        found = run(capsys, source, "--input-hex", vector.get("input", ""), *options)
        assert found == vector["final"]


def test_a_long_run_goes_on_in_the_compiled_machine(capsys: pytest.CaptureFixture[str]) -> None:
    found = run(capsys, "+[>+<]", "--dialect", "tape", "--limit", "3000001")
    assert (found["steps"], found["status"]) == (3_000_001, "step_limit")
    assert found["memory"].startswith(f"01{750_000 % 256:02x}")


def test_a_program_comes_from_a_file_or_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "reverse.txt"
    file.write_text("[>]<[.<}]\n")
    assert run(capsys, str(file), "--input", "abc")["output"] == b"cba".hex()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"[.>}]")))
    assert run(capsys, "-", "--input", "abc")["output"] == b"abc".hex()


def test_a_program_may_begin_with_a_dash_and_may_be_empty(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "-[->+<]", "--dialect", "tape", "--limit", "1")["memory"].startswith("ff00")
    assert run(capsys, "", "--dialect", "bf")["status"] == "finished"


def test_an_h_in_a_program_that_begins_with_a_dash_asks_for_no_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "-+ hello", "--dialect", "bf", "--memory", "1")["memory"] == "00"
    for asked in ("-h", "--help"):
        assert main(["run", asked]) == 0
        assert capsys.readouterr().out.startswith("Usage: gpdebug run")


def test_what_is_meant_as_a_file_is_not_run_as_a_program(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "gone.bf: no such file" in refused(capsys, str(tmp_path / "gone.bf"))
    assert "is a folder" in refused(capsys, str(tmp_path))
    assert "gone: no such file, and as a program it has no instruction" in refused(capsys, "gone")
    assert run(capsys, ".")["steps"] == 1


def test_output_is_bytes_and_the_ending_is_on_standard_error(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["run", "++++++++[>++++++++<-]>+.", "--dialect", "bf"]) == 0
    captured = capfdbinary.readouterr()
    assert captured.out == b"A"
    assert b"finished after 108 steps, 1 byte of output" in captured.err


def test_a_fault_is_told_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "+<", "--dialect", "tape", "--edge", "halt"]) == 0
    assert "out_of_bounds at instruction 1 after 1 step, 0 bytes" in capsys.readouterr().err


def test_wrong_usage_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "'x' is no symbol of tape" in refused(capsys, "+x", "--dialect", "tape")
    assert "has no partner" in refused(capsys, "+[", "--dialect", "bf")
    assert "perl" in refused(capsys, "+", "--dialect", "perl")
    assert "memory must be 1 to 16,777,216" in refused(capsys, "+", "--memory", "0")
    assert "the input has 3 bytes" in refused(capsys, "+", "--dialect", "tape", "--memory", "2", "--input", "abc")
    assert "not bytes in hex" in refused(capsys, "+", "--input-hex", "0g")
    assert "'→' is no byte" in refused(capsys, "+", "--input", "a→")
    assert "not both" in refused(capsys, "+", "--input", "a", "--input-hex", "00")
    assert "neither a number nor 'zero'" in refused(capsys, "+", "--out-len", "few")
    folder = tmp_path / "d.toml"
    folder.write_text("name = 'd'\nbased_on = 'bf'\nmemory = 5\n")
    assert "memory: unknown key" in refused(capsys, "+", "--dialect", str(folder))
