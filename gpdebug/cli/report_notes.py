"""The user's notes for a report: those of stops, snapshots and bookmarks of the session that is saved."""

from __future__ import annotations

from gpdebug.debugger.machines import machine_for
from gpdebug.debugger.session import Session
from gpdebug.debugger.session_file import SessionFile
from gpdebug.explain.report.contents import Note
from vm.program import Program
from vm.settings import Settings


def saved_notes(program: Program, data: bytes, settings: Settings, name: str | None) -> tuple[Note, ...]:
    """What the user wrote about a program and its run; nothing is changed in what is saved.

    Args:
        program: that was debugged.
        data: its input.
        settings: of its machine.
        name: what its session is saved under; None: exactly this program.
    """
    session = Session(program, data, settings, machine=machine_for(program, data, settings))
    file = SessionFile(program, name=name)
    file.begin(session)
    file.restore_lists(session)
    file.restore_snapshots(session)
    file.restore_run(session, stand=False)
    found = [Note(f"{stop.kind} {stop.id}, {stop.where}", stop.note) for stop in session.stops]
    found += [Note(f"snapshot {kept.name}, step {kept.step:,}", kept.note) for kept in session.snapshots]
    found += [Note(f"bookmark {kept.name}, step {kept.step:,}", kept.note) for kept in session.bookmarks]
    return tuple(note for note in found if note.text)
