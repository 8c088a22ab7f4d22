from __future__ import annotations

import pytest

from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.errors import CommandError
from gpdebug.debugger.session import Session
from vm.dialect import BF, TAPE, Dialect
from vm.program import Program


def line_of(source: str = "[>]<[.<}]", dialect: Dialect = TAPE, data: bytes = b"abcd") -> CommandLine:
    return CommandLine(Session(Program.parse(source, dialect), data, wanted=b"dcba"))


def run(line: CommandLine, *commands: str) -> list[str]:
    for command in commands:
        reply = line.execute(command)
    return list(reply.lines)


@pytest.mark.parametrize(
    ("command", "start", "cells"),
    [
        ("set mem[3] = 7", 3, b"\x07"),
        ("set mem[3]=-1", 3, b"\xff"),
        ("set mem[h1 + 2] = mem[0] + 1", 130, b"b"),
        ("set mem[mem[200]] = 'x'", 0, b"x"),
        ("set mem[20..24] = 9", 20, b"\x09" * 5),
        ('set mem[20..24] = "ab"', 20, b"ababa"),
        ('set mem[20] = "ab"', 20, b"ab"),
        ("set mem[20] = 0x61 62 63", 20, b"abc"),
        ("set mem[20] = 0x616263", 20, b"abc"),
        ("set mem[20] = 0x61", 20, b"a"),
        ("set cell0 = 5", 0, b"\x05"),
        ('set cell1 = "xy"', 128, b"xy"),
        ('set input = "xy"', 0, b"xy\0\0"),
    ],
)
def test_cells_are_set(command: str, start: int, cells: bytes) -> None:
    line = line_of()
    run(line, command)
    assert line.session.moment.state.memory[start : start + len(cells)].tobytes() == cells


@pytest.mark.parametrize(
    ("command", "expression", "value"),
    [("set pc = 5", "pc", 5), ("set h0 = 7", "h0", 7), ("set head1 = h0 + 1", "h1", 1), ("set pc=9", "pc", 9)],
)
def test_registers_are_set(command: str, expression: str, value: int) -> None:
    line = line_of()
    run(line, command)
    assert line.session.value(expression) == value


def test_instructions_are_set() -> None:
    line = line_of("++++++", BF, b"")
    run(line, "set code[2] = -", "set code[3..4] = <")
    assert line.session.program.text == "++-<<+"


def test_what_is_not_read_yet_is_set() -> None:
    line = line_of(",.,.", BF)
    run(line, "s 2", "set input = xyz")
    assert line.session.data == b"axyz"


@pytest.mark.parametrize(
    ("command", "at", "message"),
    [
        ("set", "", "expected what to set"),
        ("set foo = 3", "foo", "expected mem"),
        ("set mem = 3", "mem", r"expected mem\[INDEX\]"),
        ("set pc[3] = 3", "[3]", "takes no index"),
        ("set mem[3 = 3", "", "expected ]"),
        ("set mem[3] 3", " 3", "expected ="),
        ("set mem[3] == 3", " ==", "expected ="),
        ("set mem[3] =", "", "expected a value"),
        ("set mem[foo] = 3", "foo", "foo"),
        ("set mem[3] = foo", "foo", "foo"),
        ("set mem[300] = 3", "300", "there is no cell 300: cells are 0 to 255"),
        ("set mem[3..2] = 3", "2]", "an index from 3"),
        ("set mem[3] = 256", "256", "a cell holds 0 to 255"),
        ('set mem[3..4] = "abc"', '"abc"', "at most 2 bytes"),
        ("set pc = 10", "10", "pc is 0 to 9"),
        ("set h0 = 256", "256", "head0 is 0 to 255"),
        ("set code[1] = q", "q", "no symbol of tape"),
        ("set code[9] = +", "9", "there is no instruction 9"),
        ("switch 3", "3", "no branch 3"),
        ("delete-branch main", "main", "it stays"),
        ("branch two.words!", "two", "begins with a letter"),
    ],
)
def test_what_is_wrong_is_pointed_at(command: str, at: str, message: str) -> None:
    line = line_of()
    with pytest.raises(CommandError, match=message) as caught:
        line.execute(command)
    assert caught.value.column == (command.index(at) if at else len(command))
    assert len(line.session.branches) == 1


def test_an_edit_says_on_which_branch_one_is_now() -> None:
    line = line_of()
    assert run(line, "s 5", "set mem[0] = 7")[:2] == ["branch 1: cell 0 = 7", "step 5 on branch 1 · edited"]
    assert run(line, "set pc = 5")[0] == "branch 1: cell 0 = 7, pc = 5"
    assert run(line, "switch main")[0] == "step 5 on main"


def test_setting_what_is_so_already_is_no_error() -> None:
    line = line_of()
    assert run(line, "set mem[1] = 'b'") == ["nothing changes: cell 1 = 98 'b' already"]
    assert len(line.session.branches) == 1


def test_branches_are_listed_named_and_deleted() -> None:
    line = line_of()
    run(line, "s 5", "set mem[0] = 7", "branch seven", "goto end", "goto 9", "set pc = 0")
    assert run(line, "branches") == [
        "  0 main                 5+ steps",
        "    1 seven              27 steps  from step 5: cell 0 = 7",
        "*     2                  9+ steps  from step 9: pc = 0",
    ]
    reply = line.execute("branches")
    assert reply.details is not None
    assert [entry["current"] for entry in reply.details()["branches"]] == [False, False, True]
    assert run(line, "switch 0", "delete-branch seven") == ["deleted seven, branch 2"]
    assert run(line, "branches")[0] == "* 0 main                 5+ steps"


def test_names_of_branches_are_completed() -> None:
    line = line_of()
    run(line, "set pc = 3", "branch other")
    assert line.complete("switch o") == ["switch other"]
    assert "set input =" in line.complete("set ")
