"""Sessions with some of everything, saved and opened again."""

from __future__ import annotations

from pathlib import Path

from gpdebug.debugger.edits import Register, SetCells, SetRegister
from gpdebug.debugger.session import Session
from gpdebug.debugger.session_file import SessionFile
from gpdebug.debugger.stop_list import StopList
from vm.dialect import BF, TAPE
from vm.program import Program

PROGRAM = Program.parse("++[->+<]", BF.with_settings(memory=64))
REVERSE = Program.parse("[>]<[.<}]", TAPE)


def begun(tmp_path: Path, program: Program, data: bytes = b"") -> tuple[Session, SessionFile]:
    """Opens a program of which nothing is restored yet."""
    session = Session(program, data)
    file = SessionFile(program, folder=tmp_path)
    file.begin(session)
    return session, file


def reopened(
    tmp_path: Path, program: Program = PROGRAM, data: bytes = b"", *, name: str | None = None
) -> tuple[Session, SessionFile]:
    """Opens a program again, as the screens do."""
    session = Session(program, data)
    file = SessionFile(program, name=name, folder=tmp_path)
    file.restore(session)
    return session, file


def saved(tmp_path: Path, session: Session, *, name: str | None = None, **options: bool) -> SessionFile:
    file = SessionFile(session.program, name=name, folder=tmp_path)
    file.begin(session)
    assert file.save(session, **options) is None
    return file


def described(stops: StopList) -> list[tuple[str, bool, str | None]]:
    return [(str(stop).split(" at ", 1)[1], stop.enabled, stop.misfit) for stop in stops]


def set_stops(session: Session) -> None:
    session.stops.add(2, condition="mem[3] > 5", rule="% 3")
    session.stops.add(4, message="cell {mem[1]}")
    session.stops.enable(session.stops.add(7, temporary=True).id, False)


def full_session() -> Session:
    """A session with some of everything."""
    session = Session(REVERSE, b"abcd")
    session.stops.add(5, condition="h0 > 1", note="the copy")
    session.watches.add("sum = mem[0] + mem[1]")
    session.seek(5)
    session.take_snapshot("A", "a note")
    session.set_bookmark("early", "ü")
    session.edit(SetCells(1, b"xy"), SetRegister(Register.HEAD0, 2), name="other")
    session.seek(9)
    session.set_bookmark("on_other")
    session.take_snapshot("B")
    session.edit(SetCells(0, b"q"))
    session.seek(4, branch="main")
    session.set_mark("A")
    session.switch("other")
    return session
