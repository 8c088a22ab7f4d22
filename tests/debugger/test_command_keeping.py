from __future__ import annotations

import re

import pytest

from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.errors import CommandError, DebuggerError
from gpdebug.debugger.session import Session
from tests.debugger.conftest import After
from tests.debugger.test_commands import run, step
from vm.dialect import BF, TAPE
from vm.program import Program


@pytest.fixture
def line() -> CommandLine:
    return CommandLine(Session(Program.parse("[>]<[.<}]", TAPE), b"abcd", wanted=b"dcba"))


def test_displays_are_told_after_each_move_and_only_then(line: CommandLine) -> None:
    assert run(line, "display cell0") == ["1: cell0 = 97 (0x61, 'a')"]
    run(line, "display sum = mem[0] + mem[1]")
    assert run(line, "s")[2:] == ["1: cell0 = 97 (0x61, 'a')", "2: sum = 195 (0xc3, -61 signed)"]
    assert run(line, "s")[2] == "1: cell0 = 98 (0x62, 'b')  was 97, +1"
    assert run(line, "rs")[2] == "1: cell0 = 97 (0x61, 'a')  was 98, -1"
    assert run(line, "p pc") == ["pc = 1 (0x1)"]
    assert run(line, "display") == run(line, "info displays") == run(line, "s", "rs")[2:]


def test_displays_and_bookmarks_are_told_as_json(line: CommandLine) -> None:
    run(line, "display x = cell0", "s", "s", "bm here a note")
    shown = line.execute("display").details
    kept = line.execute("bookmarks").details
    assert shown is not None
    assert kept is not None
    assert shown() == {"displays": [{"number": 1, "expression": "cell0", "name": "x", "value": 98, "before": 97}]}
    assert kept() == {"bookmarks": [{"name": "here", "step": 2, "note": "a note", "branch": 0}]}


def test_a_display_can_be_changed_and_removed(line: CommandLine) -> None:
    run(line, "display pc", "display step", "display h0", "s")
    assert run(line, "display 2 = where = pc + 1") == ["2: where = 2 (0x2)  was 1, +1"]
    assert run(line, "undisplay 1 3") == ["no longer displayed: pc", "no longer displayed: h0"]
    assert run(line, "undisplay all") == ["no longer displayed: where = pc + 1"]
    assert run(line, "display")[0].startswith("nothing is displayed")


def test_a_change_of_an_expression_or_a_display_is_found_in_both_directions(line: CommandLine) -> None:
    run(line, "display mem[128]", "change 1")
    assert step(line) == 12
    run(line, "change mem[129]")
    assert step(line) == 16
    run(line, "")
    assert (step(line), line.session.moment.at_end) == (27, True)
    run(line, "rch 1")
    assert step(line) == 12
    run(line, "rch 1")
    assert step(line) == 0


def test_bookmarks_are_set_listed_gone_to_and_deleted(line: CommandLine) -> None:
    assert run(line, "bookmarks") == ["no bookmarks are set: 'bookmark' sets one here"]
    assert run(line, "s 5", "bookmark") == ["bookmark b1 at step 5"]
    assert run(line, "s 5", "bm there the  second") == ["bookmark there at step 10"]
    assert run(line, "rename b1 here", "note here first of all") == ["here     step 5  first of all"]
    assert run(line, "bookmarks") == ["here     step 5  first of all", "there    step 10  the  second"]
    run(line, "goto here")
    assert step(line) == 5
    assert run(line, "note here") == ["here     step 5"]
    assert run(line, "unbookmark there") == ["deleted bookmark there"]
    assert run(line, "bm", "unbookmark all") == ["deleted bookmark here", "deleted bookmark b1"]


def test_bookmarks_tell_their_branch_and_that_it_is_gone(line: CommandLine) -> None:
    assert run(line, "s 3", "set mem[1] = 9", "bm y", "bookmarks") == ["y        step 3 on branch 1"]
    run(line, "switch 0", "goto y")
    assert line.session.moment.branch == 1
    run(line, "switch 0", "delete-branch 1")
    with pytest.raises(DebuggerError, match="there is no branch 1"):
        line.execute("goto y")


def test_the_mark_tells_how_much_has_changed_since(line: CommandLine) -> None:
    assert run(line, "info mark") == ["no mark is set: 'mark' sets it here"]
    assert run(line, "s 3", "mark") == ["mark at step 3: the memory is as it was"]
    assert run(line, "g end", "info mark") == ["mark at step 3: 4 cells are different now"]
    assert run(line, "mark 12") == ["mark at step 12: 3 cells are different now"]
    run(line, "g mark")
    assert step(line) == 12
    assert run(line, "m", "mark A") == ["mark at step 12 (A): the memory is as it was"]
    assert run(line, "mark off", "info mark")[0].startswith("no mark is set")


def test_an_interrupted_mark_stays_where_it_was() -> None:
    line = CommandLine(Session(Program.parse("+[]", BF.with_settings(limit=1 << 60))))
    run(line, "mark")
    reply = line.execute("mark 1,000,000,000,000", interrupt=After(3))
    assert "interrupted" in reply.lines[0]
    assert run(line, "info mark")[0].startswith("mark at step 0")


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("display mem[", "expected a value", 12),
        ("display  x = mem[", "expected a value", 17),
        ("display 1 = mem[", "expected a value", 16),
        ("display pc = 3", "==", 11),
        ("undisplay", "the numbers of displays, or 'all'", 9),
        ("undisplay x", "the numbers of displays, or 'all'", 10),
        ("change", "an expression or the number of a display", 6),
        ("rch mem[", "expected a value", 8),
        ("unbookmark", "the names of bookmarks, or 'all'", 10),
        ("rename b1", "its new name", 9),
        ("rename b1 c d", "expected nothing more", 12),
        ("bookmarks 1", "expected nothing more", 10),
        ("mark mark", "a step, a snapshot, a bookmark or 'off'", 5),
        ("mark 1 2", "expected nothing more", 7),
        ("goto moon", "a bookmark or 'mark', found 'moon'", 5),
    ],
)
def test_an_error_says_what_was_expected_and_where(line: CommandLine, text: str, message: str, column: int) -> None:
    run(line, "display pc", "bm")
    with pytest.raises(CommandError, match=re.escape(message)) as error:
        line.execute(text)
    assert error.value.column == column
    assert [watch.text for watch in line.session.watches] == ["pc"]
    assert [kept.name for kept in line.session.bookmarks] == ["b1"]


@pytest.mark.parametrize(
    "text", ["undisplay 1 2", "display 2 = pc", "change 2", "bookmark b1", "bookmark now", "unbookmark b1 b2",
             "rename b2 c",
             "rename b1 end", "note b2", "mark b2", "goto mark"]
)  # fmt: skip
def test_what_cannot_be_done_is_refused_and_changes_nothing(line: CommandLine, text: str) -> None:
    run(line, "display pc", "bm")
    with pytest.raises(DebuggerError, match=r".{12}"):
        line.execute(text)
    assert [watch.text for watch in line.session.watches] == ["pc"]
    assert [kept.name for kept in line.session.bookmarks] == ["b1"]
    assert line.session.mark is None


@pytest.mark.parametrize(
    ("prefix", "completions"),
    [
        ("undisplay ", ["undisplay 1", "undisplay all"]),
        ("g ", ["g start", "g end", "g 50%", "g mark", "g b1"]),
        ("mark ", ["mark A", "mark b1", "mark off"]),
        ("note b", ["note b1"]),
        ("info bo", ["info bookmarks"]),
    ],
)
def test_completion(line: CommandLine, prefix: str, completions: list[str]) -> None:
    run(line, "display pc", "bm", "m", "mark")
    assert line.complete(prefix) == completions
