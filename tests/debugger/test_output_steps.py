from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.debugger.commands import CommandLine
from gpdebug.debugger.errors import MoveError
from gpdebug.debugger.moment import MachineType, StopReason
from gpdebug.debugger.session import Session
from tests.debugger.conftest import Open
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import runs
from vm.dialect import Io
from vm.machine import Machine
from vm.reference import ReferenceMachine


def test_bytes_of_a_stream_are_gone_to_one_by_one_in_both_directions(open_session: Open) -> None:
    session = open_session("+.++.>.")
    assert [session.step_output().output for _ in range(3)] == [b"\1", b"\1\3", b"\1\3\0"]
    assert session.moment.at_end
    assert session.step_output().reason is StopReason.END
    assert [session.step_output_back().step for _ in range(3)] == [5, 2, 0]
    assert session.moment.reason is StopReason.START_OF_HISTORY


def test_a_byte_of_a_region_is_a_change_of_it(open_session: Open) -> None:
    session = open_session("+++.}.<.", "tape", data=b"\0", memory=8, out_at=4, out_len=2)
    assert [(session.step_output().step, session.moment.output) for _ in range(2)] == [(4, b"\3\0"), (6, b"\3\3")]
    assert session.step_output().reason is StopReason.END
    assert session.step_output_back().step == 6


def test_where_there_is_no_output_that_is_said(open_session: Open) -> None:
    session = open_session("[-]", "bff")
    for move in (session.step_output, session.step_output_back):
        with pytest.raises(MoveError, match="have no output"):
            move()


def test_output_bytes_by_command(open_session: Open) -> None:
    line = CommandLine(open_session("+.++.>."))
    assert line.execute("byte 2").moment.step == 5
    assert line.execute("rb").moment.step == 2


@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@given(runs(), st.integers(0, 300))
@settings(max_examples=80)
def test_output_bytes_are_those_of_the_list_of_all_states(machine: MachineType, oracle: Oracle, when: int) -> None:
    if oracle.program.dialect.io is not Io.STREAMS:
        return
    session = Session(oracle.program, oracle.data, oracle.settings, machine=machine)
    here = session.seek(when).step
    written = [b.steps for a, b in zip(oracle.states, oracle.states[1:], strict=False) if len(b.output) > len(a.output)]
    assert session.step_output().step == next((step for step in written if step > here), oracle.total)
    session.seek(here)
    assert session.step_output_back().step == max((step for step in written if step < here), default=0)
