"""What a session file says about one run: branches as edits to make again, bookmarks, the mark, the position."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from gpdebug.debugger.bookmarks import Mark, bookmark_from_dict
from gpdebug.debugger.edits import Edit, from_dict, to_dict
from gpdebug.debugger.errors import BookmarkError, DebuggerError, SnapshotError
from gpdebug.debugger.moment import Interrupt, ProgressCallback, StopReason
from gpdebug.debugger.session import Session
from gpdebug.debugger.snapshots import Snapshot
from gpdebug.debugger.state_store import Reference, StateStore, run_key
from gpdebug.debugger.stop_records import to_record

FAR = 1 << 16
"""Steps from which on the state of the position is saved with it, so that nothing has to run to come back."""

Record = dict[str, Any]
"""Plain data, as JSON holds it."""


def run_of(session: Session) -> str:
    """Names the run that a session began with."""
    root = session.branches.limb(0).timeline.checkpoints.stretches[0]
    return run_key(root.program, root.data, session.settings)


def entries_of(record: Record, key: str) -> list[Any]:
    """A list in a record; empty if there is none."""
    found = record.get(key)
    return found if isinstance(found, list) else []


@dataclass(frozen=True, slots=True, eq=False)
class Capture:
    """All of a session that is saved, as it was at one moment; nothing in it changes any more.

    Attributes:
        number: of one file, the later the higher.
        run: names the run that the session began with.
        data: its input.
        stops, watches, branches, bookmarks: as JSON.
        snapshots: all of them.
        place: the position, as JSON.
        mark, position: with their states, or None: there is no mark, or the position is found again without.
        unread: what is saved of the run and not restored, if only not yet.
    """

    number: int
    run: str
    data: bytes
    stops: tuple[Record, ...]
    watches: tuple[Record, ...]
    branches: tuple[Record, ...]
    bookmarks: tuple[Record, ...]
    snapshots: tuple[Snapshot, ...]
    place: Record
    mark: Snapshot | None
    position: Snapshot | None
    unread: Record

    @classmethod
    def of(cls, session: Session, number: int, unread: Record, *, is_left: bool) -> Capture:
        """What a session is now; `is_left`: it is not looked at any more after that."""
        moment = session.moment
        return cls(
            number,
            run_of(session),
            session.branches.limb(0).timeline.checkpoints.stretches[0].data,
            stops=tuple(map(to_record, session.stops)),
            watches=tuple(watch.to_dict() for watch in session.watches),
            branches=tuple(branch_records(session)),
            bookmarks=tuple(kept.to_dict() for kept in session.bookmarks),
            snapshots=tuple(session.snapshots),
            place={"branch": moment.branch, "step": moment.step},
            mark=_mark_snapshot(session),
            position=_position_snapshot(session) if is_left else None,
            unread=unread,
        )

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that would be missed."""
        kept = (*self.stops, *self.watches, *self.branches, *self.bookmarks, *self.snapshots)
        return not kept and self.mark is None and self.place["step"] == 0

    def record(self, references: Mapping[int, Record]) -> Record:
        """The run as JSON.

        Args:
            references: where the states are, by the `id` of their snapshots.
        """
        unread = self.unread
        record: Record = {
            "branches": [*self.branches, *entries_of(unread, "branches")],
            "bookmarks": [*self.bookmarks, *entries_of(unread, "bookmarks")],
            "position": dict(self.place),
        }
        if self.position is not None:
            record["position"]["state"] = references[id(self.position)]
        elif self.place["step"] == 0 and unread.get("position") is not None:
            record["position"] = unread["position"]
        mark = self.mark
        if mark is not None:
            state = references[id(mark)]
            record["mark"] = {"name": mark.name, "branch": mark.branch, "step": mark.step, "state": state}
        elif unread.get("mark") is not None:
            record["mark"] = unread["mark"]
        return record


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


def _mark_snapshot(session: Session) -> Snapshot | None:
    """The state of the mark with the run it is of, or None."""
    mark = session.mark
    if mark is None or mark.branch not in session.branches:
        return None
    stretch = session.branches.limb(mark.branch).timeline.checkpoints.at(mark.step)
    return Snapshot(
        mark.name, mark.state, mark.output, stretch.program, stretch.data, session.settings, "", mark.branch
    )


def _position_snapshot(session: Session) -> Snapshot | None:
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
