"""`gpdebug knockout`, `scan` and `minimize`: what they print, as one object, and what they refuse."""

from __future__ import annotations

import doctest
import json
import re
from pathlib import Path

import pytest

from tests.cli.examples import ran

Captured = pytest.CaptureFixture[str]
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
ADDER = ["+-,>,[<+>-]<.", "--dialect", "bf"]


@pytest.mark.parametrize("name", ["knockout", "scan", "minimize", "tour, minimize"])
def test_the_example_of_the_readme_is_what_it_prints(name: str, capsys: Captured) -> None:
    example = rf"<!-- tested: {name} -->\n```console\n\$ gpdebug (\w+) (.*?)\n(.*?)```"
    block = re.search(example, README, re.DOTALL)
    assert block is not None
    arguments = [word.strip("'") for word in re.findall(r"'.*?'|\S+", block[2])]
    result = ran(capsys, block[1], *arguments)
    assert (result.code, result.out) == (0, block[3])


def test_the_example_in_python_does_what_it_says() -> None:
    block = re.search(r"<!-- tested: scans in Python -->\n```pycon\n(.*?)```", README, re.DOTALL)
    assert block is not None
    report: list[str] = []
    test = doctest.DocTestParser().get_doctest(block[1], {}, "README", "README.md", 0)
    assert doctest.DocTestRunner().run(test, out=report.append).failed == 0, "".join(report)


def test_knock_outs_as_one_object(capsys: Captured) -> None:
    told = json.loads(ran(capsys, "knockout", *ADDER, "--input", "ab", "--pairs", "9", "--json").out)
    assert [site["symbol"] for site in told["sites"]] == list(ADDER[0])
    assert told["own_outputs"] is True
    assert told["sites"][0] == {
        "site": 0, "symbol": "+", "executed": [1], "effect": "intron", "error": 0, "errors": [0], "other": 0
    }  # fmt: skip
    assert told["sites"][5] == {
        "site": 5, "symbol": "[", "executed": [1], "effect": "lethal", "error": None, "errors": None, "other": None
    }  # fmt: skip
    assert [(pair["site"], pair["to"], pair["effect"]) for pair in told["pairs"]] == [(5, 10, "harmful")]
    assert told["back_ups"] == []
    assert told["back_ups_tried"] == 1
    assert sum(told["counts"].values()) == len(ADDER[0])


def test_a_saved_run_is_judged_by_its_cases(capsys: Captured) -> None:
    told = json.loads(ran(capsys, "knockout", "reverse", "--case", "3", "--json").out)
    assert (len(told["cases"]), told["own_outputs"], told["error"]) == (1, False, 0)
    named = json.loads(ran(capsys, "knockout", "reverse:3", "--json").out)
    assert named == told


def test_a_file_of_cases_judges_a_program(capsys: Captured, tmp_path: Path) -> None:
    cases = tmp_path / "cases.jsonl"
    rows = [{"input_hex": "0102", "output_hex": "03"}, {"input_hex": "0505", "output_hex": "0a", "held_out": True}]
    cases.write_text("\n".join(map(json.dumps, rows)))
    told = json.loads(ran(capsys, "knockout", *ADDER, "--cases", str(cases), "--json").out)
    assert [(case["wanted_hex"], case["error"]) for case in told["cases"]] == [("03", 0)]
    told = json.loads(
        ran(capsys, "knockout", *ADDER, "--cases", str(cases), "--held-out", "--scorer", "exact", "--json").out
    )  # fmt: skip
    assert [case["wanted_hex"] for case in told["cases"]] == ["03", "0a"]
    assert told["error_of_nothing"] == 2


def test_a_map_by_case_and_the_rows_of_the_table(capsys: Captured) -> None:
    result = ran(capsys, "knockout", *ADDER, "--input", "ab", "--by-case", "--top", "2", "--sort", "-executed").out
    lines = result.splitlines()
    assert lines[5].startswith("case 1  ··")
    table = lines[lines.index(next(line for line in lines if line.startswith("site"))) :]
    assert [line.split()[0] for line in table[1:3]] == ["0", "1"]
    assert table[3] == "… 12 more"


def test_an_empty_program_has_nothing_to_blank_and_can_be_added_to(capsys: Captured) -> None:
    result = ran(capsys, "knockout", "", "--dialect", "bf")
    assert result.out == "0 instructions on 1 case, compared with what it puts out itself\nblanked one by one: none\n"
    assert "8 mutants: " in ran(capsys, "scan", "", "--dialect", "bf", "--unmatched", "ignore").out


def test_a_scan_of_some_instructions_with_its_map(capsys: Captured) -> None:
    asked = ["scan", *ADDER, "--input", "ab", "--sites", "0-1", "--limit", "2000"]
    told = json.loads(ran(capsys, *asked, "--json").out)
    assert {mutant["site"] for mutant in told["mutants"]} == {0, 1}
    assert len(told["mutants"]) == 2 * (1 + 7 + 8)
    result = ran(capsys, *asked, "--map", "--top", "0").out
    assert "\ninsert ,  " in result
    assert "robustness" in result
    assert "… " not in result
    alone = json.loads(ran(capsys, "scan", *ADDER, "--input", "ab", "--sites", "1", "--limit", "2000", "--json").out)
    assert alone["mutants"] == [mutant for mutant in told["mutants"] if mutant["site"] == 1]


def test_a_minimal_core_as_one_object_and_of_one_byte(capsys: Captured) -> None:
    told = json.loads(ran(capsys, "minimize", *ADDER, "--input", "ab", "--json").out)
    assert (told["core"], told["kept"]) == (",>,[<+>-]<.", list(range(2, 13)))
    several = ["minimize", "++.>+++.", "--dialect", "bf", "--keep", "output:1"]
    assert json.loads(ran(capsys, *several, "--json").out)["core"] == ".+++."
    shuffled = ran(capsys, *several, "--order", "random", "--seed", "3")
    assert "order random, seed 3" in shuffled.out
    assert ran(capsys, *several, "--order", "random", "--seed", "3").out == shuffled.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["knockout", *ADDER, "--case", "1"], "has no cases: it is no saved run with a task; give --cases FILE"),
        (["knockout", *ADDER, "--input", "a", "--case", "1"], "give an input or cases, not both"),
        (["knockout", "reverse:3", "--case", "1"], "reverse:3 names a case"),
        (["knockout", "reverse", "--case", "9999"], "--case: there are cases 1 to"),
        (["knockout", *ADDER, "--sort", "luck"], "there is no column 'luck': there are site, to"),
        (["knockout", "nothing.bf"], "nothing.bf: no such file"),
        (["knockout", *ADDER, "--cases", "none.jsonl"], "none.jsonl"),
        (["scan", *ADDER, "--sites", "x"], "'x' names no instructions; expected them as 12 or 12-40"),
        (["scan", *ADDER, "--sites", "10-40"], "the program has no instructions 10 to 40: it has 13"),
        (["scan", "[", "--dialect", "bf"], "has no partner"),
        (["minimize", *ADDER, "--keep", "luck"], "expected errors, outputs or output:N, not 'luck'"),
        (["minimize", *ADDER, "--keep", "output:5"], "there is no output byte 5 on case 1: its output has 1"),
        (["minimize", "reverse", "--keep", "output:0"], "Name it with --case N"),
    ],
)
def test_what_cannot_be_scanned_is_refused_in_one_line(arguments: list[str], says: str, capsys: Captured) -> None:
    result = ran(capsys, *arguments)
    assert result.code == 2
    assert says in result.err
    assert result.err.count("\n") == 1
