"""`what if` and `why not` on the command line: of the run where the session stands, which stays as it is."""

from __future__ import annotations

import pytest

from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.errors import CommandError, DebuggerError
from gpdebug.debugger.session import Session
from vm.dialect import BF
from vm.program import Program

TIMES = "++[>+++<-]>.[-]>[+.]"


def line(wanted: bytes | None = None) -> CommandLine:
    return CommandLine(Session(Program.parse(TIMES, BF), wanted=wanted))


def told(commands: CommandLine, text: str) -> str:
    reply = commands.execute(text)
    assert not reply.moved
    return "\n".join(reply.lines)


def test_a_change_is_of_now_and_the_session_stays() -> None:
    commands = line()
    commands.execute("goto 2")
    assert "  byte 0: 6 → 9" in told(commands, "what if mem[h0]+=1")
    assert told(commands, "what if flip").startswith("what if flip @2\n")
    assert commands.session.moment.step == 2
    assert len(commands.session.branches) == 1


def test_the_wanted_output_gives_the_errors() -> None:
    reply = line(wanted=b"\x06").execute("what if blank 4")
    assert reply.details is not None
    assert reply.details()["errors"] == [{"case": 1, "before": 0, "direct": 2, "after": 2}]


def test_on_a_branch_it_is_the_branch_that_is_changed() -> None:
    commands = line()
    commands.execute("goto 18")
    commands.execute("set mem[1] = 40")
    commands.execute("goto end")
    assert "byte 0: 40 '(' is gone" in told(commands, "what if blank 11")
    with pytest.raises(DebuggerError, match="step 3 lies before step 18, where this run begins"):
        commands.execute("what if blank @3")
    commands.execute("goto 2")
    assert "byte 0: 6 → 9" in told(commands, "what if mem[0]=3")


def test_why_not_names_the_test() -> None:
    commands = line()
    commands.execute("goto end")
    assert "instruction 16 finds that cell 2 is 0: past the loop" in told(commands, "why not 17")
    assert "cell 2 is never written" in told(commands, "why not mem[h0]")
    commands.execute("goto 3")
    assert told(commands, "why not out[0]") == "output byte 0 is not written by step 3; it is later, at step 18"


@pytest.mark.parametrize(
    ("text", "column"),
    [("what", 4), ("what for", 5), ("what if", 7), ("what if blank x", 14), ("why not", 7), ("why not mem[", 12),
     ("what if take 1..2 of parent", 8)],
)  # fmt: skip
def test_what_cannot_be_understood_is_pointed_at(text: str, column: int) -> None:
    with pytest.raises(CommandError) as error:
        line().execute(text)
    assert error.value.column == column


def test_what_cannot_be_done_is_refused() -> None:
    with pytest.raises(DebuggerError, match="instruction 0 is executed at step 0"):
        line().execute("why not 0")
    with pytest.raises(DebuggerError, match="which is no test"):
        line().execute("what if flip")
