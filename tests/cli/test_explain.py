"""`gpdebug explain`: the answer in words and as JSON, for programs and saved runs, and what it refuses."""

from __future__ import annotations

import doctest
import json
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.examples import ran

Captured = pytest.CaptureFixture[str]
README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
TIMES = "++[>+++<-]>."


@pytest.mark.parametrize("name", ["explain", "what if", "circuit", "tour by value", "tour by address", "tour, what if"])
def test_the_example_of_the_readme_is_what_it_prints(name: str, capsys: Captured) -> None:
    example = rf"<!-- tested: {name} -->\n```console\n\$ gpdebug explain (.*?)\n(.*?)```"
    block = re.search(example, README, re.DOTALL)
    assert block is not None
    result = ran(capsys, "explain", *shlex.split(block[1]))
    assert (result.code, result.out) == (0, block[2])


@pytest.mark.parametrize("name", ["explain", "what if", "circuit"])
def test_the_example_in_python_does_what_it_says(name: str) -> None:
    block = re.search(rf"<!-- tested: {name} in Python -->\n```pycon\n(.*?)```", README, re.DOTALL)
    assert block is not None
    report: list[str] = []
    test = doctest.DocTestParser().get_doctest(block[1], {}, "README", "README.md", 0)
    assert doctest.DocTestRunner().run(test, out=report.append).failed == 0, "".join(report)


def test_the_same_as_one_object(capsys: Captured) -> None:
    told = json.loads(ran(capsys, "explain", TIMES, "--dialect", "bf", "--output", "0", "--json").out)
    assert (told["value"], told["sum"], told["replayed"]) == (6, 6, 6)
    assert told["kinds"] == ["value"]
    loop = next(node for node in told["nodes"] if "loop" in node)
    assert loop["loop"] == {
        "passes": 2, "counter": 0, "step": -1, "cells": [{"cell": 1, "each_pass": 3, "effect": 1}]
    }  # fmt: skip
    counted = [edge for edge in told["edges"] if edge["target"] == loop["step"] and edge["weight"] == 3]
    assert [(edge["source"], edge["cell"], edge["effect"]) for edge in counted] == [(1, 1, 3)]
    names = {leaf["name"] for leaf in told["leaves"]} | {node["step"] for node in told["nodes"]}
    assert all(edge["source"] in names and edge["target"] in names for edge in told["edges"])


def test_kinds_add_what_else_it_depends_on(capsys: Captured) -> None:
    asked = ["explain", "[>]<[.<}]", "--dialect", "tape", "--input", "abc", "--output", "1"]
    by_value = ran(capsys, *asked).out
    assert "input byte 1 is 98 'b' in cell 1" in by_value
    assert "head1" not in by_value
    everything = ran(capsys, *asked, "--kinds", "all").out
    assert "moves head1 1 cell right, to cell 129" in everything
    assert "cell 2 is 99, not 0: into the loop" in everything
    assert "followed by value, address, control and code" in everything


def test_a_jump_and_a_cell_at_a_step(capsys: Captured) -> None:
    jump = ran(capsys, "explain", TIMES, "--dialect", "bf", "--jump", "9").out
    assert jump.startswith("at step 9 instruction 9 finds that cell 0 is 1, not 0: back into the loop\n")
    cell = ran(capsys, "explain", TIMES, "--dialect", "bf", "--cell", "1@7").out
    assert cell.startswith("cell 1 at step 7 is 3, written at step 6 by instruction 6 +\n")
    assert "loop, " not in cell
    assert ran(capsys, "explain", TIMES, "--dialect", "bf", "--cell", "7").out.startswith(
        "cell 7 at step 19 is 0, never written\n"
    )


def test_a_saved_run_is_explained_on_a_case(capsys: Captured) -> None:
    by_name = ran(capsys, "explain", "reverse:4", "--output", "2")
    assert by_name.code == 0
    assert "input byte 0 is" in by_name.out
    assert ran(capsys, "explain", "reverse", "--case", "4", "--output", "2").out == by_name.out


def test_loops_can_be_kept_apart(capsys: Captured) -> None:
    apart = ran(capsys, "explain", TIMES, "--dialect", "bf", "--output", "0", "--apart").out
    assert "loop, " not in apart
    assert "3 + 3 = 6" in apart


def test_what_is_not_shown_and_what_lies_before_the_window_is_told(capsys: Captured) -> None:
    program = "+>" * 80 + "+."
    long = ["explain", program, "--dialect", "bf", "--output", "0", "--kinds", "all"]
    result = ran(capsys, *long).out
    hidden = re.search(r"… (\d+) of (\d+) lines are not shown", result)
    assert hidden is not None
    assert int(hidden[2]) - int(hidden[1]) == 60
    assert "not shown" not in ran(capsys, *long, "--all").out
    cut = ran(capsys, *long, "--window", "8").out
    assert "looked at from step" in cut
    assert "by then" in cut
    assert "checked: " in cut


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "one of --output N, --cell C@STEP, --jump STEP, --what-if CHANGES and --why-not WHAT"),
        (["--output", "0", "--cell", "1"], "one of --output N"),
        (["--output", "9"], "there is no output byte 9: this run has 1 byte of output"),
        (["--cell", "x"], "'x' is no cell; expected one as 3, 3@120 or 3@end"),
        (["--cell", "30000"], "the memory has cells 0 to 29,999"),
        (["--cell", "1@99"], "there is no step 99: this run has 19 steps"),
        (["--jump", "0"], "instruction 0 is executed, which is no bracket"),
        (["--jump", "19"], "no instruction is executed at step 19"),
        (
            ["--output", "0", "--kinds", "value,luck"],
            "'luck' is no kind of dependence: expected value, control",
        ),
        (["--output", "0", "--case", "1"], "is no saved run"),
    ],
)
def test_what_cannot_be_explained_is_refused_in_one_line(arguments: list[str], says: str, capsys: Captured) -> None:
    result = ran(capsys, "explain", TIMES, "--dialect", "bf", *arguments)
    assert result.code == 2
    assert says in result.err
    assert result.err.count("\n") == 1


def test_a_tape_without_output_says_what_to_explain_instead(capsys: Captured) -> None:
    result = ran(capsys, "explain", "+", "--dialect", "bff", "--output", "0")
    assert "explain a cell instead" in result.err
    assert "program byte 0 is 43 '+' in cell 0" in ran(capsys, "explain", "+", "--dialect", "bff", "--cell", "0").out


def test_what_comes_of_changes(capsys: Captured) -> None:
    result = ran(capsys, "explain", TIMES, "--dialect", "bf", "--what-if", "blank 6", "--what-if", "mem[1]+=1 @3")
    assert result.code == 0
    assert result.out.startswith("what if blank 6; mem[1]+=1 @3\n")
    assert "  byte 0: 6 → 5" in result.out
    told = json.loads(ran(capsys, "explain", TIMES, "--dialect", "bf", "--what-if", "blank 6", "--json").out)
    assert (told["before"]["output"], told["total"]["output"]) == ("06", "04")


def test_a_segment_of_another_program_on_all_cases_of_a_saved_run(capsys: Captured) -> None:
    result = ran(capsys, "explain", "reverse:4", "--what-if", "take 0..9 of reverse^")
    assert result.code == 0
    assert "cases" in result.out
    given = ran(capsys, "explain", TIMES, "--dialect", "bf", "--what-if", 'take 0..1 of "+++++"[0..4]').out
    assert "  byte 0: 6 → 15" in given


def test_why_something_did_not_happen(capsys: Captured) -> None:
    result = ran(capsys, "explain", "[>+<]", "--dialect", "bf", "--why-not", "mem[1]")
    assert result.code == 0
    assert "at step 0 instruction 0 finds that cell 0 is 0: past the loop" in result.out
    told = json.loads(ran(capsys, "explain", "[>+<]", "--dialect", "bf", "--why-not", "2", "--json").out)
    assert told["flips"] == ["flip @0"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--what-if", "blank 99"], "there is no instruction 99: instructions are 0 to 11"),
        (["--what-if", "blank; mem"], "--what-if 'blank; mem' (column 6): say at which step"),
        (["--why-not", "out[0]"], "output byte 0 is written by step 18: ask why it is what it is"),
        (["--why-not", "x y"], "--why-not 'x y' (column 1): unknown name 'x'"),
        (["--why-not", "2", "--what-if", "blank 2"], "one of --output N"),
        (["--what-if", "blank 2", "--scores"], "scores and circuits are of an explanation"),
        (["--why-not", "2", "--circuit"], "scores and circuits are of an explanation"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_one_line(
    arguments: list[str], says: str, capsys: Captured
) -> None:
    result = ran(capsys, "explain", TIMES, "--dialect", "bf", *arguments)
    assert result.code == 2
    assert says in result.err
    assert result.err.count("\n") == 1


def test_the_scores_of_an_explanation(capsys: Captured) -> None:
    asked = ["explain", TIMES, "--dialect", "bf", "--output", "0", "--kinds", "all", "--scores"]
    result = ran(capsys, *asked).out
    assert "scores of its 12 instructions:" in result
    assert "necessity    11 of 11 (100%) are needed" in result
    assert json.loads(ran(capsys, *asked, "--json").out)["scores"]["necessity"] == 1.0
    assert "stability" in ran(capsys, "explain", "reverse:4", "--output", "1", "--scores").out


def test_a_circuit_is_drawn_and_written_as_files(capsys: Captured, tmp_path: Path) -> None:
    asked = ["explain", TIMES, "--dialect", "bf", "--output", "0"]
    svg, dot = tmp_path / "why.svg", tmp_path / "why.dot"
    drawn = ran(capsys, *asked, "--svg", str(svg), "--dot", str(dot))
    assert drawn.code == 0
    assert "◉ 18 . output byte 0 = 6" in drawn.out
    assert "↻ 2–16 [>+++<-] 2× cell 1 +3" in drawn.out
    assert svg.read_text("utf-8").startswith("<svg ")
    assert dot.read_text("utf-8").startswith("digraph")
    told = json.loads(ran(capsys, *asked, "--circuit", "--json").out)
    assert [node["kind"] for node in told["nodes"]] == ["leaf", "leaf", "run of equal steps", "loop", "criterion"]
    assert told["hidden"] == {"nodes": 0, "edges": 0, "tests": 0}


def test_a_circuit_is_pruned_as_far_as_it_is_said(capsys: Captured) -> None:
    asked = ["explain", "[>]<[.<}]", "--dialect", "tape", "--input", "abc", "--output", "1", "--kinds", "all"]
    pruned = ran(capsys, *asked, "--circuit", "--prune", "0.5,0.9").out
    assert re.search(r"\n\d+ of \d+ nodes and \d+ of \d+ edges: those of most influence\n", pruned)
    assert "most influence" not in ran(capsys, *asked, "--circuit", "--prune", "1,1").out
    for wrong, said in (("1", "no pair of shares"), ("0.5,2", "at most 1, not 2"), ("x,y", "no pair of shares")):
        refused = ran(capsys, *asked, "--prune", wrong)
        assert refused.code == 2
        assert said in refused.err
