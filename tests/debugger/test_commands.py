from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from gpdebug.debugger.command_edits import EDITS
from gpdebug.debugger.command_keeping import KEEPING
from gpdebug.debugger.command_moves import MOVES
from gpdebug.debugger.command_queries import QUERIES
from gpdebug.debugger.command_snapshots import SNAPSHOTS
from gpdebug.debugger.command_stops import STOPS
from gpdebug.debugger.command_table import TABLE
from gpdebug.debugger.command_views import VIEWS
from gpdebug.debugger.command_why import WHYS
from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.errors import CommandError, DebuggerError
from gpdebug.debugger.moment import StopReason
from gpdebug.debugger.others import Others
from gpdebug.debugger.session import Session
from gpdebug.debugger.snapshot_file import save_snapshot
from gpdebug.store.task import Case, Task
from tests.debugger.conftest import After
from vm.dialect import BF, TAPE
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.scoring import Scorer

REVERSE = "[>]<[.<}]"


EXAMPLE = Program.parse("++[->+<]" * 8, BF.with_settings(memory=64))


@pytest.fixture
def line() -> CommandLine:
    return CommandLine(Session(Program.parse(REVERSE, TAPE), b"abcd", wanted=b"dcba"))


def run(line: CommandLine, *commands: str) -> list[str]:
    """Carries out commands and returns what the last one printed."""
    for command in commands:
        reply = line.execute(command)
    return list(reply.lines)


def step(line: CommandLine) -> int:
    return line.session.moment.step


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        (["step"], 1),
        (["s 20"], 20),
        (["20s"], 20),
        (["20 step"], 20),
        (["s 0x10"], 16),
        (["s 20", "rs 5"], 15),
        (["next"], 9),
        (["n", "rn"], 0),
        (["n 3"], 27),
        (["until 5"], 11),
        (["t 5", "t 5", "rt 5"], 11),
        (["s", "finish"], 9),
        (["s 2", "rf"], 0),
        (["group"], 9),
        (["s 5", "rg"], 4),
        (["c"], 27),
        (["goto 1_2"], 12),
        (["g end"], 27),
        (["g 50%"], 14),
        (["g 0%"], 0),
        (["g 100%"], 27),
        (["g 33.3%"], 9),
        (["g 10", "g +5"], 15),
        (["g 10", "g -3"], 7),
        (["g 10", "g -30"], 0),
        (["g 1,000"], 27),
        (["g 10", "g start"], 0),
        (["g 10", "g 20", "back"], 10),
        (["g 10", "g 20", "back", "forward"], 20),
        (["g 10", "restart"], 0),
        (["break 5", "c"], 11),
        (["b 5", "c 2"], 15),
        (["b 5", "g end", "rc 3"], 15),
        (["b 5 if mem[129] == 99", "c"], 19),
        (["b 5 hit % 3", "c"], 19),
        (["b 5 hits % 3", "c"], 19),
        (["b 5 if h0 < 3 hit == 2", "c"], 19),
        (["b 5 if hits % 3", "c"], 11),
        (["tbreak 5", "c", "c"], 27),
        (["t 5", "break", "c", "rc", "c"], 15),
        (["b 5", "disable 1", "c"], 27),
        (["b 5", "dis all", "en 1", "c"], 11),
        (["b 5", "b 6", "d 1", "c"], 12),
        (["b 5", "condition 1 h0 == 0", "c"], 23),
        (["b 5 if h0 == 0", "condition 1", "c"], 11),
        (["b 5", "hit 1 == 2", "c"], 15),
        (["b 5 hit == 2", "hit 1", "c"], 11),
        (["s 7", "m", "s 9", "restore A"], 7),
    ],
)
def test_commands_go_where_they_say(line: CommandLine, commands: list[str], expected: int) -> None:
    run(line, *commands)
    assert step(line) == expected


def test_a_reply_says_whether_the_session_moved(line: CommandLine) -> None:
    assert line.execute("s").moved
    reply = line.execute("print step")
    assert (reply.moved, reply.lines) == (False, ("step = 1 (0x1)",))
    assert reply.moment is line.session.moment


def test_an_empty_line_does_the_last_step_again_and_nothing_else(line: CommandLine) -> None:
    assert line.execute("").lines == ()
    run(line, "s 3", "", "   ")
    assert step(line) == 9
    run(line, "print pc")
    assert not line.execute("").moved
    run(line, "restart")
    assert not line.execute("").moved


def test_after_a_move_the_place_and_the_next_instruction_are_told(line: CommandLine) -> None:
    assert run(line, "b 5", "c") == [
        "step 11 · breakpoint 1",
        "    5 .  copies 100 'd' from cell 3 to cell 128: 0 → 100",
    ]
    assert run(line, "d 1", "c") == ["step 27 of 27 · end", "      finished: nothing is left to execute"]
    assert run(line, "rc")[0] == "step 0 of 27 · start of history"


def test_a_logpoint_prints_on_the_way(line: CommandLine) -> None:
    assert run(line, 'log 5 "pass {hits}: \\"{cell0}\\"" hit % 2') == [
        "set logpoint 1 at 5 '.' hit % 2 'pass {hits}: \"{cell0}\"'"
    ]
    assert run(line, "c")[:2] == ['step 15: pass 2: "99"', 'step 23: pass 4: "97"']


def test_info_tells_stops_with_their_hits(line: CommandLine) -> None:
    assert run(line, "info b") == ["no stops are set: 'break 12' sets one"]
    run(line, "b 5 if h0 > 1", "tbreak 6", "b 0", "disable 3", "g 20")
    assert run(line, "info b") == [
        "breakpoint 1 at 5 '.' if h0 > 1 · hit 2 times up to now",
        "temporary breakpoint 2 at 6 '<' · hit 3 times up to now",
        "breakpoint 3 at 0 '[' · disabled",
    ]
    assert run(line, "delete 2", "delete 3", "restart", "b 0", "g 1", "info b")[-1].endswith(" · hit once up to now")


def test_info_tells_snapshots_registers_and_the_run(line: CommandLine) -> None:
    assert run(line, "info snapshots")[0].startswith("no snapshots")
    run(line, "s 5", "m", "m there a note of words")
    assert run(line, "i s") == ["A        step 5", "there    step 5  a note of words"]
    assert "head0        2   cell 2 = 99 (0x63, 'c')" in run(line, "info r")
    assert run(line, "info run")[2] == "length   not known yet steps, 5 seen"


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        ("x/4xb 0", ["       0: 61 62 63 64                                      abcd"]),
        ("x/2d 256 - 1", ["     255:    0"]),
        ("x/3u", ["       0:  97  98  99"]),
        ("x/5c 1", ["       1: b c d · ·"]),
        ("x/20 250", ["     250: 00 00 00 00 00 00                                ......"]),
        ("p mem[0] + 100", ["mem[0] + 100 = 197 (0xc5, -59 signed)"]),
        ("p -5", ["-5 = -5 (-0x5)"]),
        ("p 'a'", ["'a' = 97 (0x61, 'a')"]),
        ("output", ["output ''", "wanted 'dcba'"]),
        (
            "where",
            ["step 0 · start", "    0 [  cell 0 is 97, not 0: into the loop", "      loop 0 to 2: 4 passes ahead"],
        ),
    ],
)
def test_commands_that_show(line: CommandLine, command: str, lines: list[str]) -> None:
    assert run(line, command) == lines


def test_listing_marks_the_place_and_the_stops(line: CommandLine) -> None:
    run(line, "b 4", "s")
    assert run(line, "list")[:5] == [
        "       0 [  loop to 2 while cell ≠ 0",
        "→      1 >  head0 1 cell right",
        "       2 ]  end of the loop from 0",
        "       3 <  head0 1 cell left",
        " ●     4 [  loop to 8 while cell ≠ 0",
    ]
    assert run(line, "g end", "list")[-1] == "the program ends at 9"


def test_diffs_as_text_and_as_json(line: CommandLine) -> None:
    run(line, "m", "g end", "m")
    assert run(line, "diff A B")[0] == "A → B: 4 cells changed"
    assert run(line, "diff B A")[0] == "B → A: 4 cells changed"
    assert run(line, "diff B") == ["B → now: no difference"]
    assert json.loads(run(line, "diff/j A now")[0])["changed_cells"] == 4
    assert run(line, "forget A") == ["forgot snapshot A"]


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("foo", "no command 'foo'; 'help'", 0),
        ("  nxt", "did you mean 'next'?", 2),
        ("reverse", "'reverse' can be reverse-step, reverse-next", 0),
        ("step x", "expected a number of steps, found 'x'", 5),
        ("step 1 2", "expected nothing more, found '2'", 7),
        ("step 0", "from 1", 5),
        ("until", "expected the index of an instruction", 5),
        ("until a", "expected the index of an instruction, found 'a'", 6),
        ("goto", "expected a step, a share", 4),
        ("goto 5x", "found '5x'", 5),
        ("goto 150%", "0% to 100%", 5),
        ("break x", "expected the index of an instruction, 'if' or 'hit', found 'x'", 6),
        ("break 1 if", "expected a condition behind 'if'", 10),
        ("break 1 if mem[", "expected a value", 15),
        ("break 1 if  pc === 3", "expected a value", 17),
        ("break 1 when pc", "expected 'if CONDITION', 'hit RULE'", 8),
        ("break 1 hit > 3", "expected 'if CONDITION', 'hit RULE'", 8),
        ("log 1 text", "expected a message in quotes", 6),
        ('log 1 "a {pc +}"', "expected a value", 14),
        ('log 1 "a" if foo', "unknown name 'foo'", 13),
        ("condition 1 )", "expected a value", 12),
        ("print", "expected an expression", 5),
        ("print 1 +", "expected a value", 9),
        ("x/4z", "x/COUNT", 2),
        ("x 256", "cells are 0 to 255", 2),
        ("x 1 1", "expected an operator", 4),
        ("info", "expected one of stops, snapshots", 4),
        (
            "info moon",
            "expected one of stops, snapshots, displays, bookmarks, mark, registers, loops, run, found 'moon'",
            5,
        ),
        ("5restart", "takes no count before it", 0),
        ("step/4", "takes nothing behind a slash", 4),
        ("delete", "the numbers of stops, or 'all'", 6),
        ("restore", "expected the name of a snapshot", 7),
        ("diff/x A", "expected diff, diff/a (all cells), diff/c (what changed back, too) or diff/j (JSON)", 5),
        ("diff A B C", "expected two moments at most, found 'C'", 9),
        ("diff A >", "expected a file behind '>'", 8),
        ("snapshot every", "expected a number of steps", 14),
        ("snapshot every 5 by 3", "expected 'from STEP' or 'to STEP', found 'by'", 17),
        ("forget", "expected the names of snapshots, or 'all'", 6),
        ("help foo", "no command 'foo'", 5),
    ],
)
def test_an_error_says_what_was_expected_and_where(line: CommandLine, text: str, message: str, column: int) -> None:
    line.session.stops.add(0)
    before = line.session.moment
    with pytest.raises(CommandError, match=re.escape(message)) as error:
        line.execute(text)
    assert error.value.column == column
    assert line.session.moment is before
    assert len(line.session.stops) == 1, "a command that fails sets nothing"


@pytest.mark.parametrize(
    "text",
    ["delete 7", "condition 7", "hit 1 foo", "restore A", "until 99", "break 99", "finish", "back",
     "forget B", 'log 1 "{"', "snapshot now", "diff A", "diff last", "diff 9999999 now", "diff no/such.json",
     "load no-such.json", "save A", "rename A B", "note A text", "snapshot every 0", "snapshot every 1 from 5 to 2",
     "state nowhere"],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_with_the_reason(line: CommandLine, text: str) -> None:
    line.session.stops.add(0)
    with pytest.raises(DebuggerError, match=r".{15}"):
        line.execute(text)
    assert len(line.session.stops) == 1


def test_every_command_of_the_table_is_there_with_help_and_examples_that_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save_snapshot(Session(EXAMPLE, b"x").take_snapshot("bug"), "bug.json")
    actions = {**MOVES, **STOPS, **SNAPSHOTS, **KEEPING, **EDITS, **QUERIES, **WHYS, **VIEWS}
    assert {entry.name for entry in TABLE} == {*actions, "help"}
    words = [word for entry in TABLE for word in (entry.name, *entry.aliases)]
    assert len(words) == len(set(words))
    for entry in TABLE:
        assert entry.examples
        assert entry.usage.startswith(entry.name)
        for example in entry.examples:
            session = Session(EXAMPLE, b"x")
            cases = Case(b"x", b""), Case(b"y", b"")
            session.others = Others(ReferenceMachine, Task("t", BF, cases, (), Scorer.BYTES))
            line = CommandLine(session)
            run(line, "set cell0 = 77", "s", "set cell0 = 7", "switch 0")
            run(line, "b 3", "b 4", "s 3", "m", "m B", "g 60", "display pc", "bm", "mark", "g 55", "back")
            line.execute(example)
        assert entry.usage in run(line, f"help {entry.name}")[0]
        assert any(entry.name in text for text in run(line, "help"))


@pytest.mark.parametrize(
    ("prefix", "completions"),
    [
        ("st", ["step", "state"]),
        ("rest", ["restart", "restore"]),
        ("info s", ["info stops", "info snapshots"]),
        ("goto e", ["goto end"]),
        ("delete ", ["delete 1", "delete 2", "delete all"]),
        ("d 1 a", ["d 1 all"]),
        ("restore ", ["restore A"]),
        ("diff A n", ["diff A now"]),
        ("diff A la", ["diff A last"]),
        ("help rest", ["help restart", "help restore"]),
        ("step ", []),
        ("nonsense ", []),
    ],
)  # fmt: skip
def test_completion(line: CommandLine, prefix: str, completions: list[str]) -> None:
    run(line, "b 1", "b 2", "m")
    assert line.complete(prefix) == completions


def test_a_share_of_a_run_that_does_not_end_in_time_is_given_up() -> None:
    line = CommandLine(Session(Program.parse("+[]", BF.with_settings(limit=1 << 60))))
    reply = line.execute("goto 50%", interrupt=After(3))
    assert not reply.moved
    assert "interrupted" in reply.lines[0]
    assert line.execute("c", interrupt=After(3)).moment.reason is StopReason.INTERRUPTED
