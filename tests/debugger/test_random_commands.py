"""Any lines typed into the command line are carried out or refused in words, and leave the right state."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from gpdebug.debugger.commands import CommandLine, Reply
from gpdebug.debugger.errors import DebuggerError
from gpdebug.debugger.moment import MachineType
from gpdebug.debugger.session import Session
from tests.debugger.fresh import FreshRun
from tests.debugger.lines import BEGINNING, BIG, random_line
from tests.debugger.strategies import any_run
from vm.errors import VMError
from vm.machine import Machine
from vm.reference import ReferenceMachine

LINES = 100


@pytest.mark.usefixtures("short_runs_with_many_checkpoints")
@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@pytest.mark.parametrize("seed", range(20))
def test_any_lines_are_carried_out_or_refused_and_leave_the_state_of_a_fresh_run(
    machine: MachineType, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    random = Random(seed)
    run = any_run(random)
    session = Session(run.program, run.data, run.settings, machine=machine, wanted=b"ab", checkpoint_bytes=1 << 18)
    fresh, commands = FreshRun(run.program, run.data, run.settings, ReferenceMachine), CommandLine(session)
    done: list[str] = []
    for number in range(LINES):
        line = BEGINNING[number] if number < len(BEGINNING) else random_line(random, commands)
        done.append(line)
        before = session.moment
        try:
            reply = carried_out(commands, line)
            if reply is None:
                assert session.moment is before, "what is refused moves nothing"
            fresh.check(session, session.moment)
        except BaseException as error:
            error.add_note(f"seed {seed}, {run.program.source!r}, lines {done!r}")
            raise


def carried_out(commands: CommandLine, line: str) -> Reply | None:
    """What came of a line; None if it was refused."""
    try:
        return commands.execute(line)
    except (DebuggerError, VMError):
        return None


WITH_NUMBERS = (
    "s #", "rs #", "#s", "goto #", "goto #%", "goto +#", "b #", "b 1 hit == #", "b 1 hit >= #", "b 1 hit % #",
    "b 1 after #", "b 1 if pc == #", "watch #", "watch #..#", "watch 3..#", "watch mem[#]", "watch mem[h0+#]",
    "watch mem[h0..h0+#]", "find # at 3", "find last #", "find output #", "find split case:#", "diff #", "diff case:#",
    "diff branch:#", "x/# 3", "x #", "list #", "p #", "p # * #", "p mem[#]", "set mem[#] = 3", "set mem[0..#] = 3",
    "set pc = #", "set code[#] = +", "mark #", "until #", "change #", "display # = pc", "undisplay #", "switch #",
    "delete #", "condition # pc", "hit 1 == #", "note # x", "after 1 #", "state #", "snapshot every #",
    "snapshot every 3 from #", "snapshot every 3 from 1 to #", "log 1 '{#}'",
)  # fmt: skip


@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@pytest.mark.parametrize("number", ["09", BIG, "9" * 5000, "0" * 5000 + "1"], ids=["09", "30", "5000", "zeros"])
def test_numbers_of_any_length_are_understood_or_refused(machine: MachineType, number: str) -> None:
    for line in WITH_NUMBERS:
        session = Session.open("+[>+<-].+.", dialect="bf", limit=300)
        session.use(machine)
        commands = CommandLine(session)
        for each in ("b 0", line.replace("#", number), "c", "rc", "info b"):
            carried_out(commands, each)
