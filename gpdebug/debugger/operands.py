"""What can be compared, as users write it: `A`, `now`, `1204`, `50%`, `case:3`, `parent@500`, a file."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from gpdebug.debugger.bookmarks import MARK
from gpdebug.debugger.diff import Side
from gpdebug.debugger.edits import Situation
from gpdebug.debugger.errors import MoveError, SnapshotError
from gpdebug.debugger.others import Others
from gpdebug.debugger.snapshot_file import load_snapshot
from gpdebug.debugger.snapshots import NOW, Snapshot
from gpdebug.debugger.timeline import Control
from gpdebug.debugger.whole_numbers import whole_number
from vm.state import State, output_of

if TYPE_CHECKING:
    from gpdebug.debugger.comparing import Comparing

EXPECTED = (
    "a snapshot, a bookmark, now, last, mark, start, end, a step, 50%, +N, -N, branch:N, case:N, id:N, parent "
    "(these with @STEP, too) or a file"
)
START, END, LAST = "start", "end", "last"

Operand = str | int | Snapshot | Side
"""A moment: as users write it, a step, or the moment itself."""

_BRANCH = "branch:"
_STEP = re.compile(r"([+-]?)(\d[\d,_]*)|(\d+(?:\.\d+)?)%")


def sides_of(session: Comparing, before: Operand, after: Operand, control: Control) -> tuple[Side, Side]:
    """Two moments; another run without a step of its own is taken at the step of the other side.

    Raises:
        SnapshotError: there is no such moment, or its file is wrong.
        MoveError: the search for one was interrupted.
    """
    if _follows(before) and not _follows(after):
        second = side_of(session, after, control)
        return side_of(session, before, control, second.state.steps), second
    first = side_of(session, before, control)
    return first, side_of(session, after, control, first.state.steps)


def side_of(session: Comparing, operand: Operand, control: Control, at: int | None = None) -> Side:
    """The moment that an operand means; the session stays where it is.

    Args:
        session: which run.
        operand: the moment.
        control: how the call is watched.
        at: the step of another run that has none of its own; None: where the session stands.

    Raises:
        SnapshotError: there is none, or its file is wrong.
        MoveError: the search for it was interrupted.
    """
    if isinstance(operand, Side):
        return operand
    if isinstance(operand, Snapshot):
        return operand.side
    if isinstance(operand, int):
        return _at(session, operand, f"step {operand:,}", control)
    if operand in session.snapshots:
        return session.snapshots[operand].side
    run, at_sign, step = operand.partition("@")
    if _is_name(run):
        return _other(session, run, step if at_sign else None, control, at)
    if "/" in operand or operand.endswith(".json"):
        return load_snapshot(operand).side
    return _own(session, operand, control)


def _follows(operand: Operand) -> bool:
    return isinstance(operand, str) and _is_name(operand)


def is_run(operand: str) -> bool:
    """Whether an operand means a moment of another run."""
    return _is_name(operand.partition("@")[0])


def _is_name(text: str) -> bool:
    """Whether a text names another run."""
    return Others.is_name(text) or (text.startswith(_BRANCH) and "@" not in text)


def _own(session: Comparing, operand: str, control: Control) -> Side:
    """A moment of the session's own run."""
    moment = session.moment
    if operand == NOW:
        return _named(session, NOW, moment.state)
    if operand == LAST:
        if moment.previous is None:
            raise SnapshotError("there is no stop before this one yet")
        return _named(session, "last stop", moment.previous)
    if operand == MARK:
        if session.mark is None:
            raise SnapshotError("no mark is set: 'mark' sets it here")
        return _at(session, session.mark.step, MARK, control, session.mark.branch)
    if operand in session.bookmarks:
        place = session.bookmarks[operand]
        return _at(session, place.step, operand, control, place.branch)
    if operand == START:
        return _at(session, 0, START, control)
    match = _STEP.fullmatch(operand)
    if match is None and operand != END:
        names = ", ".join(snapshot.name for snapshot in session.snapshots) or "there are none"
        raise SnapshotError(f"there is no moment {operand!r}: expected {EXPECTED} (snapshots: {names})")
    if match is None or match[3] is not None:
        total = session.find_end(interrupt=control.interrupt, on_progress=control.on_progress)
        if total is None:
            raise MoveError("interrupted before the end of the run was found")
        step = total if match is None else share_of(total, match[3])
        return _at(session, step, END if match is None else f"step {step:,}", control)
    number, here = whole_number(match[2]), moment.step
    step = {"": number, "+": here + number, "-": max(0, here - number)}[match[1]]
    return _at(session, step, f"step {step:,}", control)


def _other(session: Comparing, run: str, step: str | None, control: Control, at: int | None) -> Side:
    """A moment of another run, or of a branch of this one."""

    def reached(number: int | None) -> Side:
        if run.startswith(_BRANCH):
            return _on_branch(session, run.removeprefix(_BRANCH), number, control)
        other = session.others.find(run, session.program, session.data)
        return session.others.side(other, number, session.settings, control)

    if step is None:
        return reached(session.moment.step if at is None else at)
    match = _STEP.fullmatch(step)
    if step in (START, END):
        found = reached(0 if step == START else None)
    elif match is None or match[1]:
        raise SnapshotError(f"behind {run}@ comes a step, a share as 50%, start or end, not {step!r}")
    else:
        share = match[3] is not None
        found = reached(share_of(reached(None).state.steps, match[3]) if share else whole_number(match[2]))
    return replace(found, name=f"{found.name}, step {found.state.steps:,}")


def _on_branch(session: Comparing, branch: str, step: int | None, control: Control) -> Side:
    """A moment of a branch, or its last one if it is shorter; without a step its last one."""
    label = session.branches[branch].label
    found = session.situation_at(
        session.settings.limit if step is None else step,
        branch=branch,
        interrupt=control.interrupt,
        on_progress=control.on_progress,
    )
    if found is None:
        raise MoveError(f"interrupted before branch {label} was run so far")
    name = f"branch {label}" + (" (its end)" if step not in (None, found.state.steps) else "")
    return _situated(name, found)


def share_of(total: int, percent: str) -> int:
    """The step at a share of a run."""
    return round(total * min(100.0, float(percent)) / 100)


def _at(session: Comparing, step: int, name: str, control: Control, branch: int | None = None) -> Side:
    if step < 0:
        raise SnapshotError(f"there is no step {step:,}: a run starts at step 0")
    found = session.situation_at(step, branch=branch, interrupt=control.interrupt, on_progress=control.on_progress)
    if found is None:
        raise MoveError(f"interrupted before step {step:,} was reached")
    if found.state.steps != step:
        raise SnapshotError(f"there is no step {step:,}: the run ends at step {found.state.steps:,}")
    return _situated(name, found)


def _situated(name: str, found: Situation) -> Side:
    output = output_of(found.state, found.program.dialect, found.settings)
    return Side(name, found.state, output, found.program, found.data, found.settings)


def _named(session: Comparing, name: str, state: State) -> Side:
    output = output_of(state, session.program.dialect, session.settings)
    return Side(name, state, output, session.program, session.data, session.settings)
