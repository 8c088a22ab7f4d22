"""`gpdebug compare` and `gpdebug blame`: in words and as JSON, for programs and saved runs, and what they refuse."""

from __future__ import annotations

import doctest
import json
import re
import shutil
from pathlib import Path

import pytest

from gpdebug.store.samples import samples
from tests.cli.examples import ran

Captured = pytest.CaptureFixture[str]
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


@pytest.mark.parametrize("command", ["compare", "blame"])
def test_the_example_of_the_readme_is_what_it_prints(command: str, capsys: Captured) -> None:
    example = rf"<!-- tested: {command} -->\n```console\n\$ gpdebug (.*?)\n(.*?)```"
    block = re.search(example, README, re.DOTALL)
    assert block is not None
    result = ran(capsys, *(word.strip("'") for word in block[1].split()))
    expected = block[2].split("…\n")
    assert result.code == 0
    assert result.out.startswith(expected[0])
    for part in expected[1:]:
        assert part in result.out


def test_a_child_and_its_parent(capsys: Captured) -> None:
    told = ran(capsys, "compare", "reverse#33330^", "reverse#33330").out
    assert "b is a child of a, made by mutation in generation 99\n" in told
    assert "451 instructions in both, 2 edits from a to b\n" in told
    assert re.search(r"2 +448–452 +– +takes out \]\+\[,> +−266 +−266\n", told)
    assert "byte 0: 110 'n' → 112 'p'   needs edit 2\n" in told
    assert "output on case 2, 'p':\n" in told
    assert "a is a child of b" in ran(capsys, "compare", "reverse#33330", "reverse#33330^").out


def test_the_same_as_one_object(capsys: Captured) -> None:
    told = json.loads(ran(capsys, "compare", "reverse#33330^", "reverse#33330", "--json").out)
    assert told["child"] == told["after"]["id"] == 33330
    assert (told["before"]["error"], told["after"]["error"]) == (266, 0)
    edits = told["edits"]
    text = told["before"]["program"]
    for edit in reversed(edits):
        start, end = edit["before"]
        assert text[start:end] == edit["old"]
        text = text[:start] + edit["new"] + text[end:]
    assert text == told["after"]["program"]
    assert [(edit["alone"]["error"], edit["last"]["error"]) for edit in edits] == [(0, 0), (-266, -266)]
    training = edits[1]["last"]["errors"][:128]
    assert sum(training) == -266
    assert edits[1]["last"]["bytes"] == [{"before": 0, "after": 0, "old": 110, "new": 112}]
    assert told["needs"] == [{"byte": 0, "edits": [1]}]
    assert told["divergence"]["state"]["unlike"]["head0"] == [2, 3]


def test_one_program_on_two_cases(capsys: Captured) -> None:
    told = ran(capsys, "compare", "reverse#33330:3", "reverse#33330:5").out
    assert "the same program\n" in told
    assert "after 4 shared instructions, the last of them instruction 3 [ of a at step 3" in told
    assert "edits without which" not in told


def test_two_programs_on_an_input(capsys: Captured) -> None:
    asked = ["compare", ",+.", ",++.>", "--dialect", "bf", "--input", "a"]
    told = ran(capsys, *asked).out
    assert "output on 'a':\n  a 'b'\n  b 'c'\n  byte 0: 98 'b' → 99 'c'   needs edit 1\n" in told
    assert re.search(r"2 +– +4 +puts in > +no output changes\n", told)
    edits = json.loads(ran(capsys, *asked, "--json").out)["edits"]
    assert [edit["changes_anything"] for edit in edits] == [True, False]


def test_a_program_is_compared_with_one_of_a_run_in_its_language(capsys: Captured) -> None:
    told = ran(capsys, "compare", "reverse#33330", "+-+").out
    assert re.search(r"b  \+-\+ +3 instructions +error [\d,]+ ", told)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["+", "++", "--case", "1"], "--case: neither of the two is of a run with cases"),
        (["reverse#33330", "reverse#33330^", "--case", "999"], "there are cases 1 to 328"),
        (["reverse#33330", "reverse#33330^", "--case", "1", "--input", "a"], "give a case or an input, not both"),
        (["reverse#33330", "hello#309148"], "reverse#33330 is in tape, hello#309148 in bf"),
        (["reverse#33330", "reverse#999999"], "no individual #999999 is stored"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_line(arguments: list[str], says: str, capsys: Captured) -> None:
    result = ran(capsys, "compare", *arguments)
    assert result.code == 2
    assert says in result.err
    assert result.err.count("\n") == 1


def test_blame_tells_who_brought_what_and_the_births_that_mattered(capsys: Captured) -> None:
    told = ran(capsys, "blame", "reverse#33330", "--each").out
    assert told.startswith("reverse#33330: 454 instructions, error 0\n")
    assert re.search(r"#33330 +99 +mutation +3 +266 → 0 +0\n", told)
    assert re.search(r" 256–258  \+,> +#33330 · generation 99 · mutation\n", told)
    assert "  #29506 · generation 89 · mutation · error 34,856 → 1,280 · 123 more cases right\n" in told
    assert "alone +37,058), better only with others\n" in told
    assert told.endswith("      takes out ]+[,> at 451: −266\n")


def test_blame_as_one_object_accounts_for_every_instruction(capsys: Captured) -> None:
    told = json.loads(ran(capsys, "blame", "reverse#33330", "--json").out)
    assert len(told["source"]) == len(told["program"]) == 454
    for place, source in enumerate(told["source"]):
        assert place in told["brought"][source]["instructions"]
    assert [step["error"] for step in told["line"]][-2:] == [266, 0]
    last = told["line"][-1]
    assert (last["matters"], [edit["last"] for edit in last["edits"]]) == (True, [0, -266])


def test_individuals_are_named_in_several_ways(capsys: Captured) -> None:
    first = ran(capsys, "blame", "reverse", "33170").out
    assert first.startswith("reverse#33170: ")
    for other in (["reverse", "#33170"], ["reverse#33170"], ["reverse#33330^"], ["reverse", "33330^"]):
        assert ran(capsys, "blame", *other).out == first


def test_a_run_without_lineage_says_what_is_missing(tmp_path: Path, capsys: Captured) -> None:
    run = tmp_path / "theirs"
    shutil.copytree(samples()["reverse"], run)
    (run / "lineage.parquet").unlink()
    for file in sorted((run / "generations").iterdir())[:-1]:
        file.unlink()
    orphan = re.search(r"#(\d+) +\d+ +unknown parents ", ran(capsys, "blame", str(run)).out)
    assert orphan is not None
    result = ran(capsys, "blame", str(run), orphan[1])
    assert result.code == 2
    assert re.search(r"its parent #\d+ is not stored, so nobody knows which of its instructions are older", result.err)
    assert result.err.count("\n") == 1
    programs = tmp_path / "programs.csv"
    programs.write_text("program\n+.\n")
    assert "nothing is stored about its parents" in ran(capsys, "blame", str(programs)).err
    assert "is no saved run" in ran(capsys, "blame", "+.").err
    assert "is no individual" in ran(capsys, "blame", "reverse", "best").err


def test_the_example_in_python_does_what_it_says() -> None:
    block = re.search(r"<!-- tested: blame in Python -->\n```pycon\n(.*?)```", README, re.DOTALL)
    assert block is not None
    report: list[str] = []
    test = doctest.DocTestParser().get_doctest(block[1], {}, "README", "README.md", 0)
    assert doctest.DocTestRunner().run(test, out=report.append).failed == 0, "".join(report)
