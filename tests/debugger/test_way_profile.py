from __future__ import annotations

import numpy as np

from gpdebug.debugger.edits import Register, SetCells, SetCode, SetRegister
from gpdebug.debugger.session import Session
from gpdebug.debugger.way_profile import WayProfiler
from vm.dialect import BF
from vm.profile import Profiler
from vm.program import Program


def counted(session: Session, step: int) -> WayProfiler:
    profiler = WayProfiler(session.way, session.settings)
    while not profiler.advance(session.way, step, 3):
        pass
    return profiler


def test_without_edits_it_counts_as_the_profiler_does() -> None:
    session = Session(Program.parse("++[>++[>+<-]<-]", BF))
    plain = Profiler(session.program, b"", session.settings)
    plain.advance(20, 100)
    mine, wanted = counted(session, 20).profile(), plain.profile()
    assert (mine.executions == wanted.executions).all()
    assert (mine.write_step == wanted.write_step).all()


def test_over_forks_it_counts_what_each_stretch_ran() -> None:
    session = Session(Program.parse("+>+>+>+", BF))
    session.seek(2)
    session.edit(SetCode(4, b"-"))
    session.seek(4)
    session.edit(SetRegister(Register.PC, 0), SetCells(9, b"x"))
    session.to_end()
    profile = counted(session, 11).profile()
    assert profile.steps == 11
    assert profile.executions.tolist() == [2, 2, 2, 2, 1, 1, 1]
    assert np.flatnonzero(profile.writes).tolist() == [0, 1, 2, 3, 4, 5]
    assert profile.write_step[9] == -1


def test_counts_of_another_way_are_not_gone_on_with() -> None:
    session = Session(Program.parse("+>+>+>+", BF))
    session.to_end()
    main = counted(session, 5)
    assert main.leads_along(session.way)
    session.seek(3)
    session.edit(SetCells(9, b"x"))
    assert not main.leads_along(session.way)
    branch = counted(session, 5)
    session.switch(0)
    assert not branch.leads_along(session.way)
    assert counted(session, 3).leads_along(session.way)
