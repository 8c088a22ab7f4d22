"""What comes of changes, in all: direct and total effect, errors on every case, in words."""

from __future__ import annotations

import json

import pytest

from gpdebug.explain.change.present import to_dict, to_lines
from gpdebug.explain.change.run import Run
from gpdebug.explain.change.text import Reader
from gpdebug.explain.change.what_if import CaseErrors, Judge, WhatIf, what_if
from gpdebug.explain.errors import ChangeError, Interrupted
from gpdebug.store.task import Case
from vm.dialect import BF, TAPE, Dialect
from vm.program import Program

CASES = (Case(b"a", b"b"), Case(b"c", b"d"), Case(b"", b"\x01"))


def asked(program: str, text: str, data: bytes = b"", judge: Judge | None = None, dialect: Dialect = BF) -> WhatIf:
    run = Run.of(Program.parse(program, dialect), data)
    return what_if(run, Reader(run).changes(text), judge=judge)


def test_what_goes_by_values_is_the_same_both_ways() -> None:
    found = asked("++[>+++<-]>.", "mem[1]+=1 @18")
    assert found.direct is not None
    assert found.direct.after.output == found.total.after.output == b"\x07"
    assert "all of it goes by values: the run takes the same path" in to_lines(found)


def test_what_goes_through_control_shows_in_the_free_run_only() -> None:
    found = asked("++[>+++<-]>.", "mem[0]+=1 @2")
    assert found.direct is not None
    assert (found.direct.after.output, found.total.after.output) == (b"\x06", b"\x09")
    assert found.direct.cells.tolist() == [0]
    assert any(line.startswith("direct: by values") for line in to_lines(found))
    flipped = asked("++[>+++<-]>.", "flip @2")
    assert any("on the recorded path nothing changes" in line for line in to_lines(flipped))


def test_errors_are_told_on_every_case_if_the_program_is_changed() -> None:
    judge = Judge(CASES, case=1)
    found = asked(",+.", "blank 1", b"c", judge)
    assert found.errors == (CaseErrors(0, 0, None, 1), CaseErrors(1, 0, 1, 1), CaseErrors(2, 0, None, 1))
    assert "errors that change: on 3 of 3 cases, 0 → 3 together" in to_lines(found)
    assert to_lines(found, shown=1)[-2:] == ["  case 1: 0 → 1", "  … and 2 more"]


def test_errors_are_told_on_this_case_if_the_run_is_changed() -> None:
    found = asked(",+.", "mem[0]+=5 @1", b"c", Judge(CASES, case=1))
    assert found.errors == (CaseErrors(1, 0, 5, 5),)
    assert asked(",+.", "mem[0]+=5 @1", b"x", Judge(CASES)).errors == ()


def test_a_byte_less_shifts_the_others_and_is_told_to_be_gone() -> None:
    lines = to_lines(asked("+.+.+.", "blank 1"))
    assert "  byte 0: 1 is gone" in lines
    assert "  2 that keep their value have another place" in lines
    assert any("1 gone" in line for line in lines)


def test_a_new_byte_and_a_changed_one_that_moves_are_told() -> None:
    assert "  new byte 0: 1" in to_lines(asked("+>.", "code[1..0]=."))
    moved = to_lines(asked("+.+.>.", "blank 1; mem[1]=7 @4"))
    assert any("0 → 7, now byte 1" in line for line in moved)


def test_where_instructions_move_there_is_only_a_total_effect() -> None:
    found = asked("+.", "code[0..0]=+++")
    assert found.direct is None
    assert to_dict(found)["direct"] is None
    assert not any("direct effect" in line for line in to_lines(found))


def test_nothing_is_said_to_change_where_nothing_does() -> None:
    assert "nothing changes" in to_lines(asked("+.", "mem[9]=0"))


def test_a_region_of_the_output_is_compared_cell_by_cell() -> None:
    found = asked("[.>}]", "flip @0", b"abc", dialect=TAPE)
    assert found.total.after.output == b""
    assert asked("[.>}]", "flip @8", b"abc", dialect=TAPE).total.bytes[0].before_index == 2


def test_the_same_as_plain_data() -> None:
    told = json.loads(json.dumps(to_dict(asked("+.+.", "blank 1", judge=Judge((Case(b"", b"\x01\x02"),), case=0)))))
    assert told["changes"] == ["blank 1"]
    assert (told["before"]["output"], told["total"]["output"]) == ("0102", "02")
    assert told["total"]["bytes"] == [{"before_index": 0, "after_index": None, "before": 1, "after": None}]
    assert told["total"]["moved"] == 1
    assert told["errors"] == [{"case": 1, "before": 0, "direct": 257, "after": 257}]


def test_nothing_to_change_and_an_interrupt_end_it() -> None:
    run = Run.of(Program.parse("+[]", BF.with_settings(limit=1 << 40)))
    with pytest.raises(ChangeError, match="nothing is changed"):
        what_if(run, [])
    with pytest.raises(Interrupted):
        what_if(run, Reader(run).changes("blank 0"), interrupt=lambda: True)
