"""`gpdebug report`: what it writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.examples import ran

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


def test_a_file_that_is_there_stays_unless_it_is_forced(capsys: Captured, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine")
    refused = ran(capsys, "report", ",.", "--out", str(page))
    assert refused.code == 2
    assert "is there already; choose another name, or write over it with --force" in refused.err
    assert page.read_text() == "mine"
    assert ran(capsys, "report", ",.", "--out", str(page), "--force").code == 0
    assert page.read_text("utf-8").startswith("<!DOCTYPE html>")


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


def test_a_case_is_named_once(capsys: Captured, tmp_path: Path) -> None:
    result = ran(capsys, "report", "reverse:4", "--case", "5", "--out", str(tmp_path / "a.html"))
    assert "--case 5: the program is named with case 4: give one of them" in result.err
