"""`why` on the command line: what is explained is the moment where the session stands, on its branch."""

from __future__ import annotations

import pytest

from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.errors import CommandError, DebuggerError
from gpdebug.debugger.session import Session
from vm.dialect import BF, TAPE
from vm.program import Program

TIMES = "++[>+++<-]>."


def line(program: str = TIMES, data: str = "") -> CommandLine:
    dialect = BF if program == TIMES else TAPE
    return CommandLine(Session(Program.parse(program, dialect), data.encode()))


def test_a_byte_of_the_output_is_explained_from_anywhere_after_it() -> None:
    commands = line()
    commands.execute("goto end")
    reply = commands.execute("why out[0]")
    assert reply.lines[0] == "output byte 0 is 6, written at step 18 by instruction 11 ."
    assert any("loop, 2 passes: cell 1 gets 2 × 3" in text for text in reply.lines)
    assert not reply.moved
    assert reply.details is not None
    assert reply.details()["sum"] == 6


def test_a_cell_is_explained_as_it_is_now() -> None:
    commands = line()
    commands.execute("goto 7")
    assert commands.execute("why mem[h0]").lines[0] == "cell 1 at step 7 is 3, written at step 6 by instruction 6 +"
    commands.execute("goto 3")
    assert commands.execute("why mem[1]").lines[0] == "cell 1 at step 3 is 0, never written"


def test_the_jump_that_comes_next_is_explained_with_the_kinds_that_are_asked_for() -> None:
    commands = line()
    commands.execute("goto 9")
    reply = commands.execute("why jump value,control")
    assert reply.lines[0] == "at step 9 instruction 9 finds that cell 0 is 1, not 0: back into the loop"
    assert any("cell 0 is 2, not 0: into the loop" in text for text in reply.lines)


def test_a_region_of_the_output_is_explained_as_it_is_now() -> None:
    commands = line("[>]<[.<}]", "ab")
    commands.execute("goto end")
    reply = commands.execute("why out[1]")
    assert reply.lines[0].startswith("cell 129 at step")
    assert any("input byte 0 is 97 'a' in cell 0" in text for text in reply.lines)


def test_on_a_branch_it_begins_where_the_branch_forks() -> None:
    commands = line()
    commands.execute("goto 7")
    commands.execute("set mem[1] = 40")
    assert any("cell 1 is 40 '(' by then" in text for text in commands.execute("why mem[1]").lines)
    commands.execute("goto end")
    reply = commands.execute("why out[0]")
    assert reply.lines[0].startswith("output byte 0 is 43 '+'")
    assert any("looked at from step 7 on" in text for text in reply.lines)
    commands.execute("goto 3")
    assert commands.execute("why mem[0]").lines[0] == "cell 0 at step 3 is 2, written at step 1 by instruction 1 +"


def test_an_edited_start_is_no_input_byte() -> None:
    commands = line("[>]<[.<}]", "ab")
    commands.execute("set mem[0] = 'x'")
    commands.execute("goto end")
    assert any("cell 0 starts as 120 'x'" in text for text in commands.execute("why out[1]").lines)


@pytest.mark.parametrize(
    ("text", "column"), [("why", 3), ("why me", 4), ("why mem[", 4), ("why mem[(]", 9), ("why out[0] luck", 11)]
)
def test_what_cannot_be_understood_is_pointed_at(text: str, column: int) -> None:
    commands = line()
    commands.execute("goto end")
    with pytest.raises(CommandError) as error:
        commands.execute(text)
    assert error.value.column == column


def test_what_does_not_exist_is_refused() -> None:
    commands = line()
    for text, says in [
        ("why out[0]", "there is no output byte 0 yet: the output has 0 bytes"),
        ("why mem[30000]", "the memory has cells 0 to 29,999"),
        ("why jump", "which is no bracket"),
    ]:
        with pytest.raises(DebuggerError, match=says):
            commands.execute(text)
