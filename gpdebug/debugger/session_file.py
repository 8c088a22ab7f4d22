"""Sessions saved between visits: a folder a program in the user's data folder, each file written whole or not at all.

`session.json` says what is kept: stops and watches, which are of the program; snapshots; and for each run (program,
input, settings) its branches, bookmarks, mark and position. Whole states lie beside it, see `state_store`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from platformdirs import user_data_path

from gpdebug.debugger import session_records as records
from gpdebug.debugger.errors import DebuggerError, SnapshotError
from gpdebug.debugger.moment import Interrupt, Moment, ProgressCallback
from gpdebug.debugger.session import Session
from gpdebug.debugger.session_folders import SESSION, prune
from gpdebug.debugger.session_records import Capture, Record, entries_of
from gpdebug.debugger.state_store import StateStore
from gpdebug.debugger.stop_records import from_record
from gpdebug.debugger.watches import watch_from_dict
from gpdebug.store.atomic import write_atomically
from gpdebug.store.errors import StoreError
from gpdebug.wording import counted
from vm.errors import ConditionError
from vm.program import Program

_Entry = TypeVar("_Entry")

KIND = "gpdebug-session"
FORMAT = 2
MOST_INPUT = 1 << 16
"""Bytes of an input up to which it is saved, to be run again."""

_WRONG = (KeyError, TypeError, ValueError, AttributeError, DebuggerError, ConditionError)


class SessionFile:
    """Where the session of one program is kept.

    What it cannot use it keeps as it was: entries it cannot read, snapshots whose file is missing, what belongs to
    another version of the program. A file that is damaged, foreign or of a newer gpdebug is never touched, nor is one
    that another gpdebug wrote in the meantime.

    Attributes:
        path: the file; it need not exist.
        notes: what the user should know about what was read.
    """

    def __init__(
        self, program: Program, *, name: str | None = None, folder: Path | None = None, fresh: bool = False
    ) -> None:
        """Reads the file, if there is one.

        Args:
            program: what is debugged.
            name: what the user knows the program by (a path), so that its session is found again after it was
                changed; None: exactly this program.
            folder: where the files are; None: the user's data folder.
            fresh: begin without what is saved; it is set aside when something else is saved.
        """
        self._program = program
        self._name = program.hash if name is None else name
        root = user_data_path("gpdebug", appauthor=False) if folder is None else folder
        self._folder = root / "sessions" / _short_hash(self._name)
        self.path = self._folder / SESSION
        self.notes: list[str] = []
        self._store = StateStore(self._folder)
        self._document: Record = {}
        self._unread: dict[str, list[Any]] = {"stops": [], "watches": [], "snapshots": []}
        self._captured = self._wrote = 0
        self._pending: Record | None = None
        self._unread_run: Record = {}
        self._lock = Lock()
        self._is_writable = True
        self._to_set_aside = fresh and self.path.exists()
        self._written: bytes | None = None
        if not fresh:
            self._read()
            if not self._document and self._is_writable:
                self._read_old_stops(
                    [root / "stops" / f"{_short_hash(each)}.json" for each in (self._name, program.hash)]
                )

    @property
    def last_input(self) -> bytes | None:
        """The input that was run last, if it is known."""
        try:
            return base64.b64decode(self._document["input"], validate=True)
        except (KeyError, TypeError, ValueError):
            return None

    @property
    def has_content(self) -> bool:
        """Whether anything is saved."""
        return bool(self._document)

    @property
    def distance(self) -> int:
        """Steps that have to be run to restore what is saved about the run that was begun."""
        record = self._pending or {}
        steps = [branch.get("fork") for branch in entries_of(record, "branches") if isinstance(branch, dict)]
        match record.get("position"):
            case {"step": int(step), **rest} if "state" not in rest:
                steps.append(step)
        return max((step for step in steps if isinstance(step, int)), default=0)

    # restoring

    def restore(
        self, session: Session, *, interrupt: Interrupt | None = None, on_progress: ProgressCallback | None = None
    ) -> Moment:
        """Restores everything into a session that has just begun; the steps below, one after the other."""
        self.begin(session)
        self.restore_lists(session)
        self.restore_snapshots(session)
        return self.restore_run(session, interrupt=interrupt, on_progress=on_progress)

    def begin(self, session: Session) -> None:
        """A session begins, on this or another input: what is saved about its run stays saved until it is restored."""
        run = self._document.get("runs", {}).get(records.run_of(session))
        self._pending, self._unread_run = run if isinstance(run, dict) else None, {}
        branches = [branch for branch in entries_of(self._pending or {}, "branches") if isinstance(branch, dict)]
        numbers = [branch.get("number") for branch in branches]
        session.branches.skip(max((number for number in numbers if isinstance(number, int)), default=0))

    def restore_lists(self, session: Session) -> None:
        """Sets the saved stops and watches, which takes no time."""
        stops = self._read_each("stops", from_record)
        misfits = sum(stop.misfit is not None for stop in session.stops.adopt(stops))
        for watch in self._read_each("watches", watch_from_dict):
            session.watches.adopt(watch)
        if self._document.get("program", self._program.hash) != self._program.hash:
            self.notes.append("what was saved is of another version of this program")
        if misfits:
            self.notes.append(f"{misfits} of {len(session.stops)} stops no longer fit it and are flagged")
        unread = len(self._unread["stops"]) + len(self._unread["watches"])
        if unread:
            self.notes.append(f"{counted(unread, 'record')} of {self.path} cannot be read and stay as they are")

    def restore_snapshots(self, session: Session) -> None:
        """Sets the saved snapshots, of all inputs and versions of the program."""
        entries = self._unread["snapshots"]
        references = [records.reference_of(entry) for entry in entries]
        known = [reference for reference in references if reference is not None]
        loaded = dict(zip(known, self._store.load(known), strict=True))
        problems, self._unread["snapshots"] = [], []
        for entry, reference in zip(entries, references, strict=True):
            try:
                found = loaded[reference] if reference is not None else SnapshotError("no file is named")
                if isinstance(found, SnapshotError):
                    raise found
                session.snapshots.add(
                    replace(found, name=entry["name"], note=str(entry["note"]), branch=int(entry["branch"]))
                )
            except _WRONG as error:
                self._unread["snapshots"].append(entry)
                problems.append(str(error))
        if problems:
            self.notes.append(f"{counted(len(problems), 'snapshot')} cannot be read: {problems[0]}")

    def restore_run(
        self,
        session: Session,
        *,
        stand: bool = True,
        interrupt: Interrupt | None = None,
        on_progress: ProgressCallback | None = None,
    ) -> Moment:
        """Restores branches, bookmarks, mark and position of the run that was begun.

        Interrupted, it stands at a definite step.

        Args:
            session: of this program.
            stand: go to the saved position, too; else stay.
            interrupt: ends the call early; what was not restored by then stays saved.
            on_progress: is told which step it has come to.
        """
        here, record = session.moment, self._pending or {}
        failed: Record = {
            "branches": records.grow_branches(session, entries_of(record, "branches"), interrupt, on_progress),
        }
        failed["bookmarks"] = records.set_bookmarks(session, entries_of(record, "bookmarks"))
        if not records.restore_mark(session, self._store, record.get("mark")):
            failed["mark"] = record.get("mark")
        self._pending, self._unread_run = None, failed
        place = record.get("position")
        if not stand or not records.restore_position(session, self._store, place, interrupt, on_progress):
            session.seek(here.step, branch=here.branch)
        missing = sum(map(len, (failed["branches"], failed["bookmarks"]))) + (failed.get("mark") is not None)
        if missing:
            self.notes.append(f"{counted(missing, 'record')} of the run cannot be restored and stay saved")
        return session.settle() if stand else session.moment

    @staticmethod
    def words(session: Session) -> str:
        """What a session holds, to say what has come back: `2 stops, 1 watch, step 1,204`; no text for nothing."""
        lists = ((session.stops, "stop"), (session.watches, "watch"), (session.snapshots, "snapshot"))
        parts = [_counted(len(kept), noun) for kept, noun in lists if len(kept)]
        if len(session.branches) > 1:
            parts.append(_counted(len(session.branches) - 1, "branch"))
        if len(session.bookmarks):
            parts.append(_counted(len(session.bookmarks), "bookmark"))
        if session.mark is not None:
            parts.append(f"the mark at step {session.mark.step:,}")
        if session.moment.step:
            parts.append(f"at step {session.moment.step:,}")
        return ", ".join(parts)

    # saving

    @staticmethod
    def version(session: Session) -> tuple[object, ...]:
        """Changes whenever something changes that is to be saved."""
        lists = (session.stops, session.snapshots, session.watches, session.bookmarks, session.branches)
        place = (session.moment.branch, session.moment.step)
        return (id(session), *(kept.revision for kept in lists), id(session.mark), place)

    def save(self, session: Session, *, leaving: bool = False) -> str | None:
        """Writes the session; returns what the user should know, once, if that cannot be done.

        Args:
            session: of this program.
            leaving: it is left now: the state it stands at is saved, too, if running there takes time.
        """
        return self.write(self.capture(session, leaving=leaving))

    def capture(self, session: Session, *, leaving: bool = False) -> Capture:
        """What there is to save, which takes no time; to be called where the session is used."""
        self._captured += 1
        unread = self._pending or self._unread_run
        return Capture.of(session, self._captured, unread, is_left=leaving)

    def write(self, capture: Capture) -> str | None:
        """Writes what was captured, which can take a while, in any thread; an older one than the last is left out.

        Returns:
            What the user should know, once, if it cannot be done.
        """
        with self._lock:
            if not self._is_writable or capture.number < self._wrote or (capture.is_empty and self._written is None):
                return None
            self._wrote = capture.number
            try:
                problem = self._foreign_change()
                if problem is None:
                    self._set_aside()
                    self._write(capture)
                    return None
            except (OSError, StoreError) as error:
                problem = str(error)
            self._is_writable = False
            return f"this session is not kept for the next time: {problem}"

    def _write(self, capture: Capture) -> None:
        states = [kept for kept in (*capture.snapshots, capture.mark, capture.position) if kept is not None]
        references = {
            id(kept): records.reference_record(each)
            for kept, each in zip(states, self._store.keep(states), strict=True)
        }
        snapshots = [
            {"name": kept.name, "note": kept.note, "branch": kept.branch, **references[id(kept)]}
            for kept in capture.snapshots
        ]
        document = {
            "kind": KIND,
            "format": FORMAT,
            "name": self._name,
            "program": self._program.hash,
            "dialect": self._program.dialect.name,
            "saved": datetime.now(UTC).isoformat(timespec="seconds"),
            "input": base64.b64encode(capture.data).decode() if len(capture.data) <= MOST_INPUT else None,
            "stops": [*capture.stops, *self._unread["stops"]],
            "watches": [*capture.watches, *self._unread["watches"]],
            "snapshots": [*snapshots, *self._unread["snapshots"]],
            "runs": {**self._document.get("runs", {}), capture.run: capture.record(references)},
        }
        content = (json.dumps(document, indent=1) + "\n").encode()
        if not self._folder.exists():
            self._folder.mkdir(parents=True)
            prune(self._folder.parent)
        write_atomically(self.path, content)
        self._document, self._written = document, content
        self._store.sweep(set(_files(document)))

    def _foreign_change(self) -> str | None:
        """What is wrong if the file is not as this session last saw it."""
        try:
            found = self.path.read_bytes()
        except FileNotFoundError:
            return None
        if found == self._written or self._to_set_aside:
            return None
        return f"another gpdebug changed {self.path} in the meantime; it is left as it is"

    def _set_aside(self) -> None:
        """Moves an older session out of the way, if the user began without it."""
        if self._to_set_aside:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
            self._folder.rename(self._folder.with_name(f"{self._folder.name}.{stamp}"))
            self._to_set_aside = False

    # reading

    def _read(self) -> None:
        try:
            content = self.path.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            self._leave_alone(f"cannot be read ({error})")
            return
        try:
            data = json.loads(content)
        except (ValueError, RecursionError) as error:
            self._leave_alone(f"is damaged ({error})")
            return
        if not isinstance(data, dict) or data.get("kind") != KIND:
            self._leave_alone("is no session of gpdebug")
        elif data.get("format") != FORMAT:
            self._leave_alone(f"has format {data.get('format')!r}, this gpdebug reads format {FORMAT}")
        elif not isinstance(data.get("runs"), dict):
            self._leave_alone("is damaged (there are no runs in it)")
        else:
            self._document, self._written = data, content
            self._unread = {key: entries_of(data, key) for key in self._unread}

    def _read_old_stops(self, paths: Iterable[Path]) -> None:
        """Takes the stops from a file of earlier versions, which kept nothing else; it stays as it is."""
        for path in paths:
            try:
                data = json.loads(path.read_bytes())
            except (FileNotFoundError, NotADirectoryError):
                continue
            except (OSError, ValueError, RecursionError) as error:
                self.notes.append(f"saved stops: {path} cannot be read ({error}); it is left as it is")
                continue
            if isinstance(data, dict) and data.get("format") in (1, 2) and isinstance(data.get("stops"), list):
                self._document = {"program": data.get("program", self._program.hash), "stops": data["stops"]}
                self._unread["stops"] = data["stops"]
                return
            self.notes.append(f"saved stops: {path} is none that this gpdebug reads; it is left as it is")

    def _leave_alone(self, what: str) -> None:
        self._is_writable = False
        self.notes.append(f"saved session: {self.path} {what}; it is left as it is, remove it to save sessions again")

    def _read_each(self, key: str, read: Callable[[Any], _Entry]) -> list[_Entry]:
        """The entries of a list that can be read; the others are kept to be saved again."""
        found = []
        entries, self._unread[key] = self._unread[key], []
        for entry in entries:
            try:
                found.append(read(entry))
            except _WRONG:
                self._unread[key].append(entry)
        return found


def _counted(number: int, noun: str) -> str:
    return counted(number, noun) if number == 1 or not noun.endswith("ch") else f"{number:,} {noun}es"


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _files(data: object) -> Iterable[str]:
    """The names of all files that a document refers to, wherever they stand."""
    match data:
        case {"file": str(name)}:
            yield name
        case dict():
            for value in data.values():
                yield from _files(value)
        case list():
            for value in data:
                yield from _files(value)
