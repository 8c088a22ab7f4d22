"""Stops of every kind as they are written on the command line, and what they say they are."""

from __future__ import annotations

import pytest

from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.errors import CommandError, StopError
from gpdebug.debugger.session import Session
from vm.dialect import BF, TAPE
from vm.program import Program

COUNTDOWN = "+++++[>+<-]>."


@pytest.fixture
def line() -> CommandLine:
    return CommandLine(Session(Program.parse(COUNTDOWN, BF)))


def run(line: CommandLine, *texts: str) -> list[str]:
    return [each for text in texts for each in line.execute(text).lines]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("watch 1", "set watchpoint 1 changed mem[1]"),
        ("watch/w mem[1]", "set watchpoint 1 written mem[1]"),
        ("rwatch 3..7", "set watchpoint 1 read mem[3..7]"),
        ("rw mem[0x3 .. 7]", "set watchpoint 1 read mem[3..7]"),
        ("awatch mem[h1-1..h1+2]", "set watchpoint 1 read or written mem[h1-1..h1+2]"),
        ("watch mem[h0]", "set watchpoint 1 changed mem[h0]"),
        ("watch h0", "set watchpoint 1 changed h0"),
        ("watch mem[3] > 5 if pc == 2 hit % 3", "set watchpoint 1 changed mem[3] > 5 if pc == 2 hit % 3"),
        ("watch mem[h0+mem[1]]", "set watchpoint 1 changed mem[h0+mem[1]]"),
        ("catch output if out[0] == 5", "set catchpoint 1 on output if out[0] == 5"),
        ('catch fault log "at {pc}"', "set logpoint 1 on fault 'at {pc}'"),
        ("break 6 snapshot once", "set temporary breakpoint 1 at 6 '>' snapshot"),
        ("break 6 if hits == 3", "set breakpoint 1 at 6 '>' if hits == 3"),
        ("break 6 if step > 3 hit == 3 note 'inner \"loop\"'", "set breakpoint 1 at 6 '>' if step > 3 hit == 3"),
    ],
)
def test_a_stop_is_set_as_it_is_written(line: CommandLine, text: str, said: str) -> None:
    assert run(line, text) == [said]


def test_a_range_may_wrap_around_the_end_of_the_memory() -> None:
    line = CommandLine(Session(Program.parse("+<+", TAPE)))
    assert run(line, "watch 255..0") == ["set watchpoint 1 changed mem[255..256]"]
    assert run(line, "c", "c")[::2] == [
        "step 1 · watchpoint 1: mem[0] 0 → 1 by 0 +",
        "step 3 of 3 · end, watchpoint 1: mem[255] 0 → 1 by 2 +",
    ]


@pytest.mark.parametrize(
    ("text", "expected", "column"),
    [
        ("watch", "expected a cell", 5),
        ("watch mem[", "expected a value, found the end", 10),
        ("rwatch h0 + 1", "only cells can be watched for reads and writes", 7),
        ("watch/x 3", "expected watch or watch/w", 6),
        ("catch moon", "expected one of output, input, end, fault, limit, over, found 'moon'", 6),
        ("break 3 if", "expected a condition behind 'if'", 10),
        ("break 3 hit % 2 hit % 3", "rule stands twice", 8),
        ("break 3 log '{pc +}'", "expected a value", 18),
    ],
)
def test_what_is_wrong_is_said_at_its_column(line: CommandLine, text: str, expected: str, column: int) -> None:
    with pytest.raises(CommandError, match=expected.replace("(", r"\(")) as error:
        line.execute(text)
    assert error.value.column == column
    assert not len(line.session.stops)


def test_cells_that_are_not_there_are_refused(line: CommandLine) -> None:
    with pytest.raises(StopError, match="there is no cell 70,000: cells are 0 to 29,999"):
        line.execute("watch 70000")


def test_a_watchpoint_stops_after_the_write_in_both_directions(line: CommandLine) -> None:
    run(line, "watch 1 if mem[1] >= 4")
    assert run(line, "c")[0] == "step 23 · watchpoint 1: mem[1] 3 → 4 by 7 +"
    assert run(line, "p mem[1]") == ["mem[1] = 4 (0x4)"]
    assert run(line, "c")[0] == "step 28 · watchpoint 1: mem[1] 4 → 5 by 7 +"
    assert run(line, "c")[0] == "step 33 of 33 · end"
    assert run(line, "rc")[0] == "step 28 of 33 · watchpoint 1: mem[1] 4 → 5 by 7 +"


def test_a_stop_waits_for_the_one_that_arms_it(line: CommandLine) -> None:
    run(line, "break 12", "break 6 hit == 3", "break 8 after 2")
    assert run(line, "disable 1", "c")[-2:][0] == "step 16 · breakpoint 2"
    assert run(line, "c")[0] == "step 18 · breakpoint 3"
    assert run(line, "rc", "rc")[2].startswith("step 0")
    assert run(line, "after 3")[0] == "breakpoint 3 at 8 '<'"
    assert run(line, "c")[0] == "step 8 · breakpoint 3"


def test_a_stop_cannot_wait_for_itself_nor_for_one_that_goes(line: CommandLine) -> None:
    run(line, "break 6", "break 8 after 1", "tbreak 9")
    with pytest.raises(StopError, match="stop 1 would wait for itself"):
        line.execute("after 1 2")
    with pytest.raises(StopError, match="it cannot arm another"):
        line.execute("after 1 3")


def test_what_an_ended_run_came_to_is_logged(line: CommandLine) -> None:
    run(line, "catch over log 'out {out[0]}'")
    assert run(line, "c")[0] == "step 33: out 5"


def test_a_stop_takes_a_snapshot_each_time(line: CommandLine) -> None:
    run(line, "log 6 '' if step > 10 snapshot hit % 2", "c")
    assert [taken.name for taken in line.session.snapshots] == ["b1.16", "b1.26"]


def test_a_stop_has_a_note(line: CommandLine) -> None:
    run(line, "break 6 note 'the loop'")
    assert run(line, "info b") == ["breakpoint 1 at 6 '>' · not hit up to now · the loop"]
    run(line, "note 1 another")
    assert "another" in run(line, "info b")[0]
