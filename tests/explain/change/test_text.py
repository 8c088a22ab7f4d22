"""Changes as they are written: read, told again the same way, and refused with a column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpdebug.explain.change.changes import BlankSite, BlankStep, Change, FlipTest, Place, Put, TakeSegment, changes_text
from gpdebug.explain.change.run import Run
from gpdebug.explain.change.text import Reader
from gpdebug.explain.change.why_not import Executed, Goal, Printed, Written
from gpdebug.explain.errors import ChangeError
from tests.explain.change.oracle import changes
from tests.vm.runs import Run as Given
from vm.dialect import BF
from vm.program import Program

RUN = Run.of(Program.parse("++[>+++<-]>.,.", BF), b"ab")
OTHER = Program.parse("+++++>>>", BF)


def reader(now: int | None = None) -> Reader:
    return Reader(RUN, now, find_program=lambda name: OTHER)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("blank 12", [BlankSite(12)]),
        ("blank pair 2", [BlankSite(2, is_pair=True)]),
        ("blank 12 @1,0", [BlankSite(12, step=10)]),
        ("blank @3", [BlankStep(3)]),
        ("flip @2+3; blank @4", [FlipTest(5), BlankStep(4)]),
        ("mem[3]=7 @12", [Put(Place.CELL, 3, 7, step=12)]),
        ("mem[3] = 'b'", [Put(Place.CELL, 3, 98)]),
        ("mem[h0]+=1 @4", [Put(Place.CELL, 1, 1, True, 4)]),
        ("cell0 -= cell0 @4", [Put(Place.CELL, 1, 0, True, 4)]),
        ("head1=4;spare=2", [Put(Place.HEAD, 1, 4), Put(Place.SPARE, 0, 2)]),
        ('mem[1]="a;"', [Put(Place.CELL, 1, 97), Put(Place.CELL, 2, 59)]),
        ("mem[1..2]=0", [Put(Place.CELL, 1, 0), Put(Place.CELL, 2, 0)]),
        ("input[1]='@'", [Put(Place.INPUT, 1, 64)]),
        ("code[3]=>", [TakeSegment(3, 3, b">")]),
        ('code[3..5]="+"', [TakeSegment(3, 5, b"+")]),
        ("code[3..2]=++", [TakeSegment(3, 2, b"++")]),
        ("take 1..2 of parent", [TakeSegment(1, 2, b"++", "parent")]),
        ('take 0 of "a b"[4..6]', [TakeSegment(0, 0, b"+>>", '"a b"[4..6]')]),
    ],
)
def test_what_is_written_is_meant_and_is_written_so_again(text: str, means: list[Change]) -> None:
    found = reader().changes(text)
    assert found == tuple(means)
    assert reader().changes(changes_text(found)) == found


def test_without_a_step_it_is_now() -> None:
    assert reader(7).changes("flip; mem[h0]=1; blank") == (
        FlipTest(7), Put(Place.CELL, 1, 1, step=7), BlankStep(7)
    )  # fmt: skip
    assert reader(7).changes("blank 3; input[0]=1") == (BlankSite(3), Put(Place.INPUT, 0, 1))


@given(st.data())
def test_every_change_can_be_written(data: st.DataObject) -> None:
    change = data.draw(changes(Given(RUN.program, RUN.data, RUN.settings), 19))
    assert reader().changes(str(change)) == (change,)


@pytest.mark.parametrize(
    ("text", "says", "column"),
    [
        ("", "expected blank", 0),
        ("blank 1;", "expected blank", 8),
        ("blank", "say at which step, as in blank @120", 5),
        ("flip", "say at which step, as in flip @120", 4),
        ("flip 3 @2", "expected flip @STEP, found '3'", 5),
        ("blank 1; foo=3", "found 'foo'", 9),
        ("mem=3", r"expected mem\[INDEX\]", 3),
        ("h0[1]=3", "h0 takes no index", 2),
        ("mem[3]", "expected = and a value", 6),
        ("mem[3]==3", "expected = and a value", 6),
        ("mem[3]=", "expected a value", 7),
        ("mem[3", "expected ]", 5),
        ("mem[3]=(1", "expected", 9),
        ("mem[30000]=1", "there is no cell 30000: there are 30,000", 4),
        ("mem[5..3]=1", "there is no cell 5..3", 4),
        ("input[2]=1", "there is no input byte 2: there are 2", 6),
        ('mem[0]=""', "expected a value", 7),
        ("code[0]+=1", "instructions are set, not added to", 8),
        ("take 1..2", "expected take FROM..TO of PROGRAM", 0),
        ("take 1..99 of x", "x has no instructions 1 to 99: it has 8", 14),
        ("blank 3 @x", "unknown name 'x'", 9),
        ("blank 3 @-1", "there is no step -1", 9),
    ],
)
def test_what_means_nothing_is_refused_at_its_column(text: str, says: str, column: int) -> None:
    with pytest.raises(ChangeError, match=says) as error:
        reader().changes(text)
    assert error.value.column == column


def test_where_there_are_no_other_programs_none_can_be_taken_from() -> None:
    with pytest.raises(ChangeError, match="there is no other program to take from"):
        Reader(RUN).changes("take 1..2 of parent")


@pytest.mark.parametrize(
    ("text", "means"),
    [("mem[h0+2]", Written(2)), (" out[1] ", Printed(1)), ("code[3]", Executed(3)), ("3+1", Executed(4))],
)
def test_what_did_not_happen_is_read_as_of_now(text: str, means: Goal) -> None:
    assert reader().goal(text) == means


@pytest.mark.parametrize(("text", "column"), [("", 0), ("mem[)]", 4), ("12 12", 3)])
def test_what_cannot_happen_is_refused_at_its_column(text: str, column: int) -> None:
    with pytest.raises(ChangeError) as error:
        reader().goal(text)
    assert error.value.column == column
