"""`gpdebug diff`: files, programs, individuals and cases; what differs, and an exit code that says whether."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from gpdebug.debugger.session import Session
from gpdebug.debugger.snapshot_file import save_snapshot
from gpdebug.store.individuals import Individuals
from gpdebug.store.run import RunFolder
from gpdebug.store.samples import find_sample
from tests.cli.examples import ran

Captured = pytest.CaptureFixture[str]
REVERSE = "[>]<[.<}]"


@pytest.fixture(scope="module")
def individuals() -> Individuals:
    path = find_sample("reverse")
    assert path is not None
    return Individuals(RunFolder.open(path))


def test_two_steps_of_a_program(capsys: Captured) -> None:
    result = ran(capsys, "diff", f"{REVERSE}@5", f"{REVERSE}@9", "--input", "ab")
    assert (result.code, result.err) == (1, "")
    assert result.out.splitlines() == [
        "[>]<[.<}], step 5 → [>]<[.<}], step 9: 1 cell changed",
        "step            5 → 9",
        "pc              3 → 7",
        "head0           2 → 0",
        "output          '' → 'b'",
        " cell 128       00 → 62     0 →  98   +98   · → 'b'",
    ]


def test_nothing_differs_is_0(capsys: Captured) -> None:
    result = ran(capsys, "diff", "++-", "+-+@50%", "--dialect", "tape")
    assert result.code == 1
    result = ran(capsys, "diff", REVERSE, f"{REVERSE}@end", "--input", "ab")
    assert (result.code, result.out) == (0, "[>]<[.<}], step 15 → [>]<[.<}], step 15: no difference\n")


def test_a_run_without_a_step_is_taken_at_that_of_the_other(capsys: Captured) -> None:
    for operands in ([f"{REVERSE}@7", "[.>}]"], [REVERSE, "[.>}]@7"]):
        data = json.loads(ran(capsys, "diff", *operands, "--input", "abc", "--json").out)
        assert data["before"] == "[>]<[.<}], step 7"
        assert data["after"] == "[.>}], step 7"
        assert "program" in data["sources"]


def test_snapshot_files(tmp_path: Path, capsys: Captured) -> None:
    session = Session.open(REVERSE, "abc")
    files = []
    for step in (3, 12):
        session.seek(step)
        files.append(str(save_snapshot(session.take_snapshot(), tmp_path / f"{step}.json")))
    data = json.loads(ran(capsys, "diff", *files, "--json").out)
    assert (data["before"], data["after"]) == ("3.json", "12.json")
    assert data == session.diff("A", "B").to_dict() | {"before": "3.json", "after": "12.json"}
    result = ran(capsys, "diff", files[0], REVERSE, "--input", "abc")
    assert (result.code, result.out) == (0, "3.json → [>]<[.<}], step 3: no difference\n")
    (tmp_path / "3.json").write_text('{"format": "gpdebug-snapshot", "version": 1}')
    assert "is damaged" in ran(capsys, "diff", *files).err


def test_individuals_parents_and_cases_of_a_run(individuals: Individuals, capsys: Captured) -> None:
    best = individuals.best()
    parent = individuals.parents(best)[0]
    by_sign = ran(capsys, "diff", "reverse^", f"reverse#{best.id}")
    by_id = ran(capsys, "diff", f"reverse#{parent.id}", "reverse")
    assert by_sign.out == by_id.out
    assert f"reverse#{parent.id}, step" in by_id.out
    cases = json.loads(ran(capsys, "diff", "reverse:6@20", "reverse:7@20", "--json").out)
    task = individuals.task
    assert task is not None
    assert cases["sources"]["input"] == [task.training[5].input.hex(), task.training[6].input.hex()]
    assert ran(capsys, "diff", "reverse:1", "reverse").code == 0


def test_all_cells_a_bound_and_a_file(tmp_path: Path, capsys: Captured) -> None:
    options = ["--input", "ab", "--memory", "16"]
    lines = ran(capsys, "diff", f"{REVERSE}@0", f"{REVERSE}@end", *options, "--all").out.splitlines()
    assert lines[-2:] == [
        "       8: 00 00 00 00 00 00 00 00   62 61 00 00 00 00 00 00",
        "                                    ^^ ^^",
    ]
    lines = ran(capsys, "diff", f"{REVERSE}@0", f"{REVERSE}@end", *options, "--cells", "1").out.splitlines()
    assert lines[-1] == "… and 1 more cell"
    for name in ("d.json", "d.txt"):
        result = ran(capsys, "diff", f"{REVERSE}@0", f"{REVERSE}@end", *options, "--out", str(tmp_path / name))
        assert (result.code, result.out) == (1, f"{tmp_path / name}\n")
    assert json.loads((tmp_path / "d.json").read_text())["changed_cells"] == 2
    assert (tmp_path / "d.txt").read_text().splitlines()[0].endswith("2 cells changed")


@pytest.mark.parametrize(
    ("operands", "says"),
    [
        (["reverse#999999999", "reverse"], "no individual #999999999 is stored"),
        (["reverse:999", "reverse"], "there are cases 1 to"),
        (["reverse^9", "reverse"], "parents"),
        (["no/such.json", "+"], "no/such.json"),
        (["+@9", "+"], "there is no step 9: the run ends at step 1"),
        (["gone.bf@3", "+"], "gone.bf: no such file"),
        (["+"], "Missing argument 'AFTER'"),
    ],
)
def test_what_cannot_be_compared_is_told_with_exit_code_2(operands: list[str], says: str, capsys: Captured) -> None:
    result = ran(capsys, "diff", *operands)
    assert result.code == 2
    assert says in result.err
    assert result.err.count("\n") == 1


def test_what_changed_back_in_between(tmp_path: Path, capsys: Captured) -> None:
    options = ["--input", "@", "--dialect", "tape", "--cumulative"]
    result = ran(capsys, "diff", "+-+->+@0", "+-+->+@end", *options)
    assert result.code == 1
    assert result.out.splitlines()[-2:] == [
        "1 cell changed and changed back",
        " cell 0         40    64   '@'   4 changes, last written at step 3",
    ]
    file = str(save_snapshot(Session.open("+-+->+", "@", dialect="tape").take_snapshot(), tmp_path / "a.json"))
    assert "1 cell changed and changed back" in ran(capsys, "diff", file, "+-+->+@4", *options).out
    assert "name a program" in ran(capsys, "diff", file, file, "--cumulative").err
    assert "is no moment of this run" in ran(capsys, "diff", "++@1", "+-@2", *options).err
