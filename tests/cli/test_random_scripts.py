"""Whatever was typed in a session, its transcript replays to the same result."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.errors import DebuggerError
from gpdebug.debugger.session import Session
from tests.cli.examples import ran
from tests.debugger.lines import BEGINNING, random_line
from vm.errors import VMError

PROGRAMS = [
    ("tape", "[>]<[.<}]", "abcd"), ("bf", ",[.,]", "ab"), ("bf", "++++[>++++[>.+<-]<-]", ""), ("tape", "+[>+]", ""),
    ("bff", "<<<<+[>nnnnn", ""), ("bf", "+[]", ""), ("bf", "<", ""),
]  # fmt: skip
LINES = 100


def typed(random: Random, commands: CommandLine) -> list[str]:
    """Lines that a session has carried out."""
    done = []
    for number in range(LINES):
        line = BEGINNING[number] if number < len(BEGINNING) else random_line(random, commands)
        is_new = bool(line.strip()) and not line.strip().startswith(("#", ">"))
        try:
            if is_new:
                commands.execute(line)
                done.append(line)
        except (DebuggerError, VMError):
            continue
    return done


@pytest.mark.parametrize("seed", range(14))
def test_a_transcript_of_any_lines_replays_to_the_same_result(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    dialect, source, data = PROGRAMS[seed % len(PROGRAMS)]
    for folder in ("typed", "replayed", "again"):
        (tmp_path / folder).mkdir()
    monkeypatch.chdir(tmp_path / "typed")
    session = Session.open(source, data, dialect=dialect, limit=500)
    commands = CommandLine(session)
    lines = typed(Random(seed), commands)
    state = commands.execute("state").details
    assert state is not None

    options = ["--dialect", dialect, "--limit", "500", *(["--input", data] if data else [])]
    script, transcript = tmp_path / "script.txt", tmp_path / "transcript.txt"
    script.write_text("\n".join([*lines, "state"]) + "\n", "utf-8")
    monkeypatch.chdir(tmp_path / "replayed")
    replayed = ran(capsys, "script", str(script), source, *options)
    assert (replayed.code, replayed.err) == (0, ""), lines
    transcript.write_text(replayed.out, "utf-8", newline="\n")
    monkeypatch.chdir(tmp_path / "again")
    checked = ran(capsys, "script", "--check", str(transcript))
    assert (checked.code, checked.out, checked.err) == (0, "", ""), lines
    told = ran(capsys, "script", "--json", str(transcript)).out.splitlines()[-1]
    assert json.loads(told) == json.loads(json.dumps(state())), lines
