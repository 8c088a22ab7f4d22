"""The moments that can be compared, as a list to choose from: the run's own, then other runs."""

from __future__ import annotations

from collections.abc import Iterator

from gpdebug.debugger.bookmarks import MARK
from gpdebug.debugger.operands import END, LAST, START
from gpdebug.debugger.session import Session
from gpdebug.debugger.snapshots import NOW
from gpdebug.store.typed_bytes import show_bytes
from gpdebug.tui.screens.moments import Choice


def choices_of(session: Session) -> list[Choice]:
    """All moments that have a name."""
    return [*_own(session), *_others(session)]


def _own(session: Session) -> Iterator[Choice]:
    moment = session.moment
    yield Choice(NOW, moment.step, str(moment.reason))
    if moment.previous is not None:
        yield Choice(LAST, moment.previous.steps, "the stop before this one")
    if session.mark is not None:
        yield Choice(MARK, session.mark.step, "changes are measured from it", "changed")
    for taken in session.snapshots:
        note = taken.note if taken.data == session.data else f"another input  {taken.note}".rstrip()
        yield Choice(taken.name, taken.step, note, "snapshot")
    for kept in session.bookmarks:
        if kept.name not in session.snapshots:
            yield Choice(kept.name, kept.step, f"bookmark  {kept.note}".rstrip(), "snapshot")
    yield Choice(START, 0, "nothing has run")
    yield Choice(END, session.total_steps, "the end of the run")


def _others(session: Session) -> Iterator[Choice]:
    """Other runs, each at the step of the other side."""
    for branch in session.branches:
        if len(session.branches) > 1 and branch.number != session.moment.branch:
            yield Choice(f"branch:{branch.number}", None, f"branch {branch.label}")
    cases = session.others.cases
    for name in session.others.names:
        kind, _, number = name.partition(":")
        if kind == "case":
            case = cases[int(number) - 1]
            yield Choice(name, None, f"{show_bytes(case.input, 14)} → {show_bytes(case.output, 14)}")
        else:
            yield Choice(name, None, "the program that was changed" if name == "parent" else "its other parent")
