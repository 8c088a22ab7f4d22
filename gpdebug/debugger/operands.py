"""What can be compared, as users write it: `A`, `now`, `1204`, `50%`, `case:3`, `parent@500`, a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gpdebug.debugger.bookmarks import MARK
from gpdebug.debugger.diff import Side
from gpdebug.debugger.errors import MoveError, SnapshotError
from gpdebug.debugger.moment import Interrupt, ProgressCallback
from gpdebug.debugger.snapshot_file import load_snapshot
from gpdebug.debugger.snapshots import NOW, Snapshot
from vm.state import State, output_of

if TYPE_CHECKING:
    from gpdebug.debugger.inspector import Inspector

EXPECTED = "a snapshot, a bookmark, 'now', 'last', 'mark', 'start', 'end', a step, 50%, +N, -N or a file"
START, END, LAST = "start", "end", "last"

Operand = str | int | Snapshot | Side
"""A moment: as users write it, a step, or the moment itself."""

_STEP = re.compile(r"([+-]?)(\d[\d,_]*)|(\d+(?:\.\d+)?)%")


@dataclass(frozen=True, slots=True)
class Watched:
    """How a long search for a moment is watched from outside."""

    interrupt: Interrupt | None = None
    on_progress: ProgressCallback | None = None


def side_of(session: Inspector, operand: Operand, watched: Watched) -> Side:
    """The moment that an operand means; the session stays where it is.

    Raises:
        SnapshotError: there is none, or its file is wrong.
        MoveError: the search for it was interrupted.
    """
    if isinstance(operand, Side):
        return operand
    if isinstance(operand, Snapshot):
        return operand.side
    if isinstance(operand, int):
        return _at(session, operand, f"step {operand:,}", watched)
    if operand == NOW:
        moment = session.moment
        return Side(NOW, moment.state, moment.output, session.program, session.data, session.settings)
    if operand == LAST:
        return _last(session)
    if operand in session.snapshots:
        return session.snapshots[operand].side
    if operand == MARK:
        if session.mark is None:
            raise SnapshotError("no mark is set: 'mark' sets it here")
        return _named(session, MARK, session.mark.state)
    if operand in session.bookmarks:
        place = session.bookmarks[operand]
        return _at(session, place.step, operand, watched, place.branch)
    if "/" in operand or operand.endswith(".json"):
        return load_snapshot(operand).side
    step = _step(session, operand, watched)
    return _at(session, step, operand if operand in (START, END) else f"step {step:,}", watched)


def _step(session: Inspector, text: str, watched: Watched) -> int:
    """The step that a text means."""
    if text == START:
        return 0
    match = _STEP.fullmatch(text)
    if match is None and text != END:
        names = ", ".join(snapshot.name for snapshot in session.snapshots) or "there are none"
        raise SnapshotError(f"there is no moment {text!r}: expected {EXPECTED} (snapshots: {names})")
    if match is not None and match[3] is None:
        number, here = int(re.sub("[,_]", "", match[2])), session.moment.step
        return {"": number, "+": here + number, "-": max(0, here - number)}[match[1]]
    total = session.find_end(interrupt=watched.interrupt, on_progress=watched.on_progress)
    if total is None:
        raise MoveError("interrupted before the end of the run was found")
    return total if match is None else round(total * min(100.0, float(match[3])) / 100)


def _at(session: Inspector, step: int, name: str, watched: Watched, branch: int | None = None) -> Side:
    if step < 0:
        raise SnapshotError(f"there is no step {step:,}: a run starts at step 0")
    found = session.situation_at(step, branch=branch, interrupt=watched.interrupt, on_progress=watched.on_progress)
    if found is None:
        raise MoveError(f"interrupted before step {step:,} was reached")
    if found.state.steps != step:
        raise SnapshotError(f"there is no step {step:,}: the run ends at step {found.state.steps:,}")
    output = output_of(found.state, found.program.dialect, found.settings)
    return Side(name, found.state, output, found.program, found.data, found.settings)


def _last(session: Inspector) -> Side:
    previous = session.moment.previous
    if previous is None:
        raise SnapshotError("there is no stop before this one yet")
    return _named(session, "last stop", previous)


def _named(session: Inspector, name: str, state: State) -> Side:
    output = output_of(state, session.program.dialect, session.settings)
    return Side(name, state, output, session.program, session.data, session.settings)
