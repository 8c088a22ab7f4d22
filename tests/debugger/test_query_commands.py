"""Questions about the whole run on the command line."""

from __future__ import annotations

import pytest

from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.errors import CommandError
from gpdebug.debugger.session import Session
from vm.dialect import BF
from vm.program import Program

COUNTDOWN = "+++++[>+<-]>."


@pytest.fixture
def line() -> CommandLine:
    return CommandLine(Session(Program.parse(COUNTDOWN, BF)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("find first 1", "written mem[1]: step 8, by instruction 7: cell 1: 0 → 1"),
        ("find next change 0..1", "changed mem[0..1]: step 1, by instruction 0: cell 0: 0 → 1"),
        ("find last 1", "written mem[1]: not before now"),
        ("find 3 at 6", "instruction 6 about to run: step 16"),
        ("find 9 at 6", "instruction 6 about to run: not 9 times in the whole run"),
        ("find all at 6", "instruction 6 about to run: steps 6, 11, 16, 21, 26"),
        ("find count write 1", "written mem[1]: 5 times in the whole run"),
        ("find count mem[7]", "written mem[7]: 0 times in the whole run"),
        ("find first when mem[1] > 3", "mem[1] > 3 becomes true: step 23, by instruction 7: cell 1: 3 → 4"),
        ("find output 0", "output byte 0: step 33, by instruction 12: writes 5 from cell 1 as output byte 0"),
        ("find output 1", "output byte 1: not written"),
    ],
)
def test_a_question_is_answered_without_going_there(line: CommandLine, text: str, said: str) -> None:
    reply = line.execute(text)
    assert reply.lines == (said,)
    assert not reply.moved


def test_one_can_go_there(line: CommandLine) -> None:
    assert line.execute("find/g 3 at 6").moment.step == 16
    assert line.execute("last 1").moment.step == 13
    assert line.execute("").moment.step == 8
    assert line.execute("coming read 1").moment.step == 13
    assert line.execute("find/g last when cell0 == 3").moment.step == 3


def test_a_branch_is_told_from_its_run(line: CommandLine) -> None:
    line.execute("goto 3")
    line.execute("set mem[0] = 9")
    said = "this run and that of branch:0 differ from step 3 on; their ways part at step 31"
    assert line.execute("find split branch:0").lines == (said,)
    assert line.execute("find split branch:1").lines == (
        "this run and that of branch:1 are the same from beginning to end",
    )


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("find", "expected last, next, first, a number, all or count", 4),
        ("find moon 3", "found 'moon'", 5),
        ("find last", "expected cells", 9),
        ("find last when mem[", "expected a value", 19),
        ("find/x last 3", "expected find or find/g", 5),
        ("find last read h0", "only cells are read", 15),
    ],
)
def test_a_wrong_question_says_what_was_expected(line: CommandLine, text: str, message: str, column: int) -> None:
    with pytest.raises(CommandError, match=message) as error:
        line.execute(text)
    assert error.value.column == column
