"""`gpdebug report`: what it writes, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from gpdebug.debugger import session_file
from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.session import Session
from gpdebug.debugger.session_file import SessionFile
from gpdebug.store.dialects import find_dialect
from tests.cli.examples import ran
from vm.program import Program

Captured = pytest.CaptureFixture[str]


def test_a_page_of_a_saved_run(capsys: Captured, tmp_path: Path) -> None:
    page = tmp_path / "reverse.html"
    result = ran(capsys, "report", "reverse:4", "--output", "2", "--title", "Why?", "--out", str(page))
    assert (result.code, result.out) == (0, "")
    root = ElementTree.fromstring(page.read_text("utf-8"))
    assert root.findtext(".//h1") == "Why?"
    assert root.findtext(".//section[@id='why']/h2") == "Why is output byte 2 = 62 '>'?"


def test_the_command_in_it_makes_it_again(capsys: Captured, tmp_path: Path) -> None:
    page, again = tmp_path / "a.html", tmp_path / "b.html"
    asked = ["report", ",+.", "--dialect", "bf", "--input", "x y", "--memory", "9", "--kinds", "all", "--date", "1 May"]
    assert ran(capsys, *asked, "--out", str(page)).code == 0
    root = ElementTree.fromstring(page.read_text("utf-8"))
    written = str(root.findtext(".//section[@id='origin']/pre/code"))
    assert written == (
        "gpdebug report ,+. --dialect bf --memory 9 --input 'x y' --kinds all --date '1 May' --out report.html"
    )
    assert ran(capsys, *asked, "--out", str(again)).code == 0
    assert page.read_bytes() == again.read_bytes()


def test_a_program_in_a_file_is_called_by_its_name(capsys: Captured, tmp_path: Path) -> None:
    program, page = tmp_path / "echo.bf", tmp_path / "page.html"
    program.write_text("an echo: ,[.,]")
    assert ran(capsys, "report", str(program), "--input", "hi", "--out", str(page)).code == 0
    root = ElementTree.fromstring(page.read_text("utf-8"))
    assert root.findtext(".//h1") == "echo.bf"
    written = str(root.findtext(".//section[@id='origin']/pre/code"))
    assert written == f"gpdebug report {program} --dialect bf --input hi --out report.html"


def test_a_file_that_is_there_stays_unless_it_is_forced(capsys: Captured, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine")
    refused = ran(capsys, "report", ",.", "--out", str(page))
    assert refused.code == 2
    assert "is there already; choose another name, or write over it with --force" in refused.err
    assert page.read_text() == "mine"
    assert ran(capsys, "report", ",.", "--out", str(page), "--force").code == 0
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_the_circuit_is_written_as_the_page_has_it(capsys: Captured, tmp_path: Path) -> None:
    page, svg, dot, graph = (tmp_path / name for name in ("page.html", "c.svg", "c.dot", "c.json"))
    asked = ["report", "++[>+++<-]>.", "--dialect", "bf", "--kinds", "all", "--prune", "0.5,0.9", "--without", "scans"]
    files = ["--out", str(page), "--svg", str(svg), "--dot", str(dot), "--graph", str(graph)]
    assert ran(capsys, *asked, *files).code == 0
    assert svg.read_text("utf-8") in page.read_text("utf-8")
    nodes = json.loads(graph.read_text("utf-8"))["nodes"]
    assert (
        svg.read_text("utf-8").count('<g class="node ')
        == len(nodes)
        == dot.read_text("utf-8").count(" [label=")
        - len([line for line in dot.read_text("utf-8").splitlines() if "->" in line and " [label=" in line])
    )
    assert ran(capsys, *asked, *files).code == 2
    twice = ran(capsys, *asked, "--out", str(tmp_path / "x"), "--svg", str(tmp_path / "x"))
    assert "name a different file for each" in twice.err
    none = ran(capsys, *asked[:-1], "circuit", "--out", str(tmp_path / "y"), "--svg", str(tmp_path / "z"))
    assert "--svg: the report has no circuit to write" in none.err


def test_a_program_is_judged_by_the_cases_of_a_file(capsys: Captured, tmp_path: Path) -> None:
    cases, page = tmp_path / "cases.jsonl", tmp_path / "page.html"
    cases.write_text('{"input": "ab", "output": "ba"}\n{"input": "x", "output": "y", "held_out": true}\n')
    asked = ["report", "[>]<[.<}]", "--dialect", "tape", "--cases", str(cases), "--case", "2", "--out", str(page)]
    assert ran(capsys, *asked).code == 0
    root = ElementTree.fromstring(page.read_text("utf-8"))
    assert "right on its training case and on 0 of 1 held-out case" in "".join(root.itertext())
    assert "On case 2: " in "".join(root.itertext())
    assert "has cases of its own" in ran(capsys, "report", "reverse", "--cases", str(cases), "--out", "x.html").err


def test_the_notes_of_a_session_are_in_it_if_they_are_asked_for(
    capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_file, "user_data_path", lambda *_, **__: tmp_path)
    program = Program.parse("++[>+++<-]>.", find_dialect("bf"))
    session, file = Session(program, b"in"), SessionFile(program)
    command = CommandLine(session)
    for line in ('break 2 note "the loop"', "break 3", "goto 4", "snapshot A a moment", "bookmark last the end"):
        command.execute(line)
    file.begin(session)
    assert file.save(session) is None
    page = tmp_path / "page.html"
    asked = [
        "report",
        program.text,
        "--dialect",
        "bf",
        "--input",
        "in",
        "--without",
        "scans",
        "--force",
        "--out",
        str(page),
    ]
    assert ran(capsys, *asked, "--notes").code == 0
    found = ElementTree.fromstring(page.read_text("utf-8")).find(".//section[@id='notes']/dl")
    assert found is not None
    assert [(pair.findtext("dt"), pair.findtext("dd")) for pair in found] == [
        ("breakpoint 1, at 2 '['", "the loop"),
        ("snapshot A, step 4", "a moment"),
        ("bookmark last, step 4", "the end"),
    ]
    ran(capsys, *asked)
    assert ElementTree.fromstring(page.read_text("utf-8")).find(".//section[@id='notes']") is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--out", "{}"], "is a folder; name a file"),
        (["--out", "{}/none/page.html"], "there is no folder"),
        (["--out", "{}/a.html", "--without", "luck"], "'luck' is no part of a report; expected"),
        (["--out", "{}/a.html", "--output", "0", "--jump", "1"], "one of --output N"),
        (["--out", "{}/a.html", "--output", "9"], "there is no output byte 9"),
        (["--out", "{}/a.html", "--case", "2"], "there is no case 2: there are none, only the given input"),
        ([], "Missing option '--out'"),
    ],
)
def test_what_cannot_be_reported_is_refused_in_one_line(
    arguments: list[str], says: str, capsys: Captured, tmp_path: Path
) -> None:
    result = ran(capsys, "report", ",.", *(argument.format(tmp_path) for argument in arguments))
    assert result.code == 2
    assert says in result.err
    assert result.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_program_that_cannot_be_loaded_is_refused_with_the_place(capsys: Captured, tmp_path: Path) -> None:
    result = ran(capsys, "report", "+]", "--dialect", "bf", "--out", str(tmp_path / "a.html"))
    assert (result.code, result.err) == (2, "gpdebug: line 1, column 2: ']' (instruction 1) has no partner\n")


def test_a_case_is_named_once(capsys: Captured, tmp_path: Path) -> None:
    result = ran(capsys, "report", "reverse:4", "--case", "5", "--out", str(tmp_path / "a.html"))
    assert "--case 5: the program is named with case 4: give one of them" in result.err
