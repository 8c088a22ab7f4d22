"""`gpdebug script`: commands from a file, transcripts that replay, one object a command."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.examples import Ran, ran

Captured = pytest.CaptureFixture[str]

SCRIPT = """\
# where the second byte is copied
open '[>]<[.<}]' --input abc

snapshot before the copying
break 5 hit == 2
continue
diff before
goto end
output
"""


def objects(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def written(folder: Path, text: str, name: str = "a.txt") -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def test_a_script_prints_its_commands_and_what_they_tell(tmp_path: Path, capsys: Captured) -> None:
    result = ran(capsys, "script", written(tmp_path, SCRIPT))
    assert (result.code, result.err) == (0, "")
    lines = result.out.splitlines()
    assert lines[:4] == [
        "> open '[>]<[.<}]' --dialect tape --input abc",
        "> snapshot before the copying",
        "snapshot before of step 0",
        "> break 5 hit == 2",
    ]
    assert "before → now: 1 cell changed" in lines
    assert lines[-1] == "output 'cba'"


def test_a_transcript_is_a_script_that_prints_itself(tmp_path: Path, capsys: Captured) -> None:
    transcript = ran(capsys, "script", written(tmp_path, SCRIPT)).out
    file = written(tmp_path, "# a bug report\n\n" + transcript, "b.txt")
    assert ran(capsys, "script", file).out == transcript
    result = ran(capsys, "script", "--check", written(tmp_path, transcript, "c.txt"))
    assert (result.code, result.out) == (0, "")


def test_listings_and_notes_with_odd_characters_are_no_commands_when_a_transcript_replays(
    tmp_path: Path, capsys: Captured
) -> None:
    script = "open '[>]<[.<}]' --input abc\nlist\nbookmark here a\u2028> b\x0bc\n"
    file = tmp_path / "c.txt"
    file.write_text(ran(capsys, "script", written(tmp_path, script)).out, "utf-8")
    assert ran(capsys, "script", "--check", str(file)) == Ran(0, "", "")


def test_check_shows_what_is_printed_now_and_ends_with_1(tmp_path: Path, capsys: Captured) -> None:
    transcript = ran(capsys, "script", written(tmp_path, SCRIPT)).out
    result = ran(capsys, "script", "--check", written(tmp_path, transcript.replace("'cba'", "'abc'")))
    assert result.code == 1
    assert "-output 'abc'" in result.out.splitlines()
    assert "+output 'cba'" in result.out.splitlines()


def test_json_is_an_object_a_command_and_state_is_that_of_run(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = written(tmp_path, "step 3\ndiff/j start\nstate\ngoto end\nsta now\n")
    result = ran(capsys, "script", file, "[>]<[.<}]", "--input", "ab", "--memory", "16", "--json")
    opened, stepped, diffed, state, _, final = objects(result.out)
    assert opened["command"] == "open '[>]<[.<}]' --dialect tape --memory 16 --input ab"
    assert (stepped["moment"]["step"], stepped["moment"]["reason"], stepped["moved"]) == (3, "step", True)
    assert stepped["moment"]["branch"] == 0
    assert diffed["details"]["changes"]["step"] == [0, 3]
    assert state["steps"] == 3
    assert final == json.loads(ran(capsys, "run", "[>]<[.<}]", "--input", "ab", "--memory", "16", "--json").out)


def test_commands_come_from_standard_input(capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("s 2\nprint pc\n"))
    result = ran(capsys, "script", "-", "-[->+<]", "--dialect", "tape", "--limit", "50")
    assert result.out.splitlines()[0] == "> open '-[->+<]' --dialect tape --limit 50"
    assert result.out.splitlines()[-1] == "pc = 2 (0x2)"


def test_someone_at_a_terminal_is_told_what_is_wrong_and_goes_on(
    capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = io.StringIO("nonsense\nprint 1\n")
    monkeypatch.setattr(typed, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", typed)
    result = ran(capsys, "script", "-", "+", "--dialect", "tape")
    assert result.code == 0
    assert "error: standard input, line 1: 'nonsense', column 1: there is no command 'nonsense'" in result.out
    assert result.out.endswith("1 = 1 (0x1)\n")


@pytest.mark.parametrize(
    ("script", "line", "says"),
    [
        ("step\n", 1, "no program is open: begin with 'open PROGRAM'"),
        ("open '+' --dialect tape\n\n# note\nstep x\n", 4, "'step x', column 6: expected a number of steps"),
        ("open '+' --dialect tape\nrestore A\n", 2, "there is no snapshot A"),
        ("open '+'  --memory\n", 1, "open: Option '--memory' requires an argument"),
        ("open 'x\n", 1, "open: No closing quotation"),
        ("open\n", 1, "open: Missing argument 'PROGRAM'"),
    ],
)
def test_an_error_names_the_line_and_ends_with_2(
    script: str, line: int, says: str, tmp_path: Path, capsys: Captured
) -> None:
    result = ran(capsys, "script", written(tmp_path, script))
    assert result.code == 2
    assert f"a.txt, line {line}: " in result.err
    assert says in result.err
    assert result.err.count("\n") == 1


def test_an_error_is_an_object_too(tmp_path: Path, capsys: Captured) -> None:
    result = ran(capsys, "script", written(tmp_path, "open '+' --dialect tape\nfoo\n"), "--json")
    assert objects(result.out)[-1] == {
        "command": "foo", "error": "there is no command 'foo'; 'help' lists the commands"
    }  # fmt: skip
    assert result.code == 2


def test_wrong_usage_is_told(tmp_path: Path, capsys: Captured) -> None:
    assert "no such file" in ran(capsys, "script", str(tmp_path / "none")).err
    assert "go with a PROGRAM" in ran(capsys, "script", written(tmp_path, "step"), "--memory", "5").err
    (tmp_path / "raw").write_bytes(b"\xff\xfe")
    assert "is no text" in ran(capsys, "script", str(tmp_path / "raw"), "+").err
    assert "needs a transcript" in ran(capsys, "script", "--check", "-").err


def test_a_program_given_on_the_command_line_takes_the_place_of_the_scripts(tmp_path: Path, capsys: Captured) -> None:
    result = ran(capsys, "script", written(tmp_path, "open '+'\ng end\noutput"), "[.>}]", "--input", "xy")
    assert result.out.splitlines()[0] == "> open '[.>}]' --dialect tape --input xy"
    assert result.out.splitlines()[-1] == "output 'xy'"


def test_input_that_cannot_be_typed_is_in_the_transcript_in_hex(tmp_path: Path, capsys: Captured) -> None:
    result = ran(capsys, "script", written(tmp_path, "where"), "[.>}]", "--input-hex", "00ff")
    assert result.out.splitlines()[0] == "> open '[.>}]' --dialect tape --input-hex 00ff"
    file = tmp_path / "soup.bff"
    file.write_bytes(bytes(range(128)))
    result = ran(capsys, "script", written(tmp_path, "where"), str(file))
    assert result.out.splitlines()[0] == f"> open {file} --dialect bff"


def test_an_individual_of_a_run_is_opened_with_its_case_and_its_parents(tmp_path: Path, capsys: Captured) -> None:
    script = written(tmp_path, "open reverse:3\noutput\ndiff parent\ndiff case:1 case:2\n")
    result = ran(capsys, "script", script)
    lines = result.out.splitlines()
    assert (result.code, lines[0]) == (0, "> open reverse:3")
    assert lines[3].startswith("wanted ")
    assert any(line.startswith("parent #") for line in lines)
    assert any(line.startswith("case 1 → case 2") for line in lines)
    assert ran(capsys, "script", "--check", written(tmp_path, result.out, "t.txt")).code == 0
    again = ran(capsys, "script", written(tmp_path, "info run"), "reverse", "--input", "own", "--limit", "9")
    assert again.out.splitlines()[0] == "> open reverse --limit 9 --input own"
    assert "that or an input, not both" in ran(capsys, "script", script, "reverse:3", "--input", "own").err
    assert "reverse:999: there are cases 1 to" in ran(capsys, "script", script, "reverse:999").err
