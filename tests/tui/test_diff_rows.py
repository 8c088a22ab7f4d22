"""The lines of the diff screen, and the moments that it offers."""

from __future__ import annotations

import pytest

from gpdebug.debugger.diff import Diff
from gpdebug.debugger.edits import SetCells
from gpdebug.debugger.session import Session
from gpdebug.tui.diff_rows import register_rows
from gpdebug.tui.moment_choices import choices_of
from gpdebug.tui.widgets.rows import Row
from tests.vm.runs import EVERYTHING
from vm.program import Program

BOTH = Session(Program.parse("+sr0", EVERYTHING), b"\7")


def lines(rows: list[Row]) -> list[str]:
    return ["".join(text for text, _ in row.words) for row in rows]


@pytest.mark.parametrize(("before", "after", "shown"), [(0, 1, False), (1, 2, True), (2, 1, True), (2, 3, True)])
def test_the_spare_register_is_shown_where_it_holds_something(before: int, after: int, shown: bool) -> None:
    found = lines(register_rows(BOTH.diff(before, after), uses_head1=False))
    assert any(line.startswith("spare") for line in found) == shown


@pytest.mark.parametrize(("differing", "cut"), [(4 * 64, False), (5 * 64, True)])
def test_of_two_long_programs_twelve_lines_are_shown(differing: int, cut: bool) -> None:
    one, other = [Session(Program.parse(symbol * differing, EVERYTHING)).take_snapshot("a").side for symbol in "+-"]
    found = lines(register_rows(Diff(one, other), uses_head1=False))
    assert any("and more" in line for line in found) == cut


def test_a_moment_is_offered_once_whatever_it_is_called_by() -> None:
    session = Session(Program.parse("+++", EVERYTHING))
    session.take_snapshot("same")
    session.seek(1)
    session.set_bookmark("same")
    session.set_bookmark("kept")
    session.edit(SetCells(3, b"x"))
    names = [choice.operand for choice in choices_of(session)]
    assert names == ["now", "last", "same", "kept", "start", "end", "branch:0"]
