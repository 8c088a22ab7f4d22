"""What a session file says about one run: branches as edits to make again, bookmarks, the mark, the position."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from gpdebug.debugger.bookmarks import Mark, bookmark_from_dict
from gpdebug.debugger.edits import Edit, from_dict, to_dict
from gpdebug.debugger.errors import BookmarkError, DebuggerError, SnapshotError
from gpdebug.debugger.moment import Interrupt, ProgressCallback, StopReason
from gpdebug.debugger.session import Session
from gpdebug.debugger.snapshots import Snapshot
from gpdebug.debugger.state_store import Reference, StateStore

FAR = 1 << 20
"""Steps from which on the state of the position is saved with it, so that nothing has to run to come back."""

Record = dict[str, Any]
"""Plain data, as JSON holds it."""


def branch_records(session: Session) -> list[Record]:
    """The branches that edits forked, each after its parent."""
    forked = sorted((branch for branch in session.branches if branch.parent is not None), key=lambda each: each.number)
    return [
        {
            "number": branch.number,
            "name": branch.name,
            "parent": branch.parent,
            "fork": branch.fork,
            "edits": [to_dict(edit) for edit in branch.edits],
        }
        for branch in forked
    ]


def grow_branches(
    session: Session, records: Iterable[Any], interrupt: Interrupt | None, on_progress: ProgressCallback | None
) -> list[Any]:
    """Makes the edits of saved branches again, under their old numbers; returns the records of those it could not.

    The session stands on the last one afterwards. Interrupted, it leaves the rest.
    """
    failed = []
    for record in records:
        if interrupt is not None and interrupt.is_set():
            failed.append(record)
            continue
        try:
            number, name, parent, fork, edits = _branch_of(record)
            session.branches.reserve(number)
            moment = session.seek(fork, branch=parent, interrupt=interrupt, on_progress=on_progress)
            if moment.step != fork or moment.reason is StopReason.INTERRUPTED:
                failed.append(record)
                continue
            session.edit(*edits, name=name)
        except (DebuggerError, LookupError, TypeError, ValueError):
            failed.append(record)
    return failed


def _branch_of(record: Any) -> tuple[int, str, int, int, list[Edit]]:
    match record:
        case {"number": int(number), "name": str(name), "parent": int(parent), "fork": int(fork), "edits": list(edits)}:
            return number, name, parent, fork, [from_dict(edit) for edit in edits]
    raise ValueError(f"this is no branch: {record!r}")


def set_bookmarks(session: Session, records: Iterable[Any]) -> list[Any]:
    """Sets saved bookmarks; returns the records of those it could not: they are none, or their branch is not there."""
    failed = []
    for record in records:
        try:
            kept = bookmark_from_dict(record)
            if kept.branch not in session.branches:
                failed.append(record)
                continue
            session.bookmarks.add(kept)
        except BookmarkError:
            failed.append(record)
    return failed


def mark_snapshot(session: Session) -> Snapshot | None:
    """The state of the mark with the run it is of, or None."""
    mark = session.mark
    if mark is None or mark.branch not in session.branches:
        return None
    stretch = session.branches.limb(mark.branch).timeline.checkpoints.at(mark.step)
    return Snapshot("mark", mark.state, mark.output, stretch.program, stretch.data, session.settings, "", mark.branch)


def position_snapshot(session: Session) -> Snapshot | None:
    """The state of the present moment with the run it is of, if it is far from the start; else None."""
    moment = session.moment
    if moment.step < FAR:
        return None
    return Snapshot(
        "position", moment.state, moment.output, moment.program, moment.data, session.settings, "", moment.branch
    )


def restore_mark(session: Session, store: StateStore, record: Any) -> bool:
    """Sets a saved mark; whether that was possible."""
    match record:
        case {"name": str(name), "branch": int(branch), "state": state}:
            found = load_state(store, state)
            if found is not None and branch in session.branches:
                session.mark = Mark(found.state, found.output, name, branch)
                return True
    return False


def restore_position(
    session: Session,
    store: StateStore,
    record: Any,
    interrupt: Interrupt | None,
    on_progress: ProgressCallback | None,
) -> bool:
    """Goes to a saved position; whether that was possible, if only up to where it was interrupted."""
    match record:
        case {"branch": int(branch), "step": int(step)} if step >= 0 and branch in session.branches:
            found = load_state(store, record.get("state"))
            try:
                if found is not None and found.step == step:
                    session.restore(replace(found, branch=branch))
                    return True
            except DebuggerError:
                pass
            session.seek(step, branch=branch, interrupt=interrupt, on_progress=on_progress)
            return True
    return False


def reference_record(reference: Reference) -> Record:
    """A reference as JSON."""
    return {"file": reference.file, "digest": reference.digest}


def reference_of(record: Any) -> Reference | None:
    """Reads what `reference_record` wrote; None if it is none."""
    match record:
        case {"file": str(file), "digest": str(digest)}:
            return Reference(file, digest)
    return None


def load_state(store: StateStore, record: Any) -> Snapshot | None:
    """The state that a record refers to, or None."""
    reference = reference_of(record)
    found = None if reference is None else store.load([reference])[0]
    return None if isinstance(found, SnapshotError) else found
