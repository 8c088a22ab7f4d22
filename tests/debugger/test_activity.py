"""How much happens along a run, and where it writes output."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from gpdebug.debugger import activity
from gpdebug.debugger.activity import Activity
from gpdebug.debugger.edits import SetCells
from gpdebug.debugger.moment import MachineType
from tests.debugger.conftest import After, Open
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import runs
from tests.debugger.test_session_properties import engines, start
from vm.dialect import Io


def counted(oracle: Oracle, length: int) -> tuple[list[int], list[int]]:
    """Changes and outputs of each stretch, from all states of a run."""
    states = oracle.states
    stretches = -(-oracle.total // length)
    changes, outputs = [0] * stretches, [0] * stretches
    for step in range(1, oracle.total + 1):
        before, after = states[step - 1], states[step]
        changes[(step - 1) // length] += not np.array_equal(before.memory, after.memory)
        if oracle.program.dialect.io is Io.STREAMS:
            outputs[(step - 1) // length] += len(after.output) > len(before.output)
    return changes, outputs


@engines
@pytest.mark.parametrize("stretches", [4, 512])
@given(runs(), some.integers(0, 6), some.integers(0, 40))
@settings(max_examples=60)
def test_activity_is_that_of_the_run_in_one_go_or_in_pieces(
    machine: MachineType, stretches: int, oracle: Oracle, patience: int, here: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(activity, "STRETCHES", stretches)
        session = start(oracle, machine)
        session.seek(here)
        session.activity(interrupt=After(patience))
        session.to_end()
        session.seek(here)
        found, is_all = session.activity()
    assert is_all
    assert found.reached == oracle.total
    assert len(found.changes) <= stretches
    changes, outputs = counted(oracle, found.length)
    assert list(found.changes) == changes
    if oracle.program.dialect.io is Io.STREAMS:
        assert list(found.outputs) == outputs
    assert session.moment.step == min(here, oracle.total)
    assert session.step_back().state == oracle.states[max(0, min(here, oracle.total) - 1)]


def test_the_output_is_where_it_is_written_in_the_memory(open_session: Open) -> None:
    session = open_session("+.{.", "tape", memory=8, out_at=4, out_len=2)
    session.to_end()
    assert session.activity()[0] == Activity(1, 4, (1, 1, 0, 1), (0, 1, 0, 0))


def test_each_branch_has_its_own(open_session: Open) -> None:
    session = open_session("+>+>+")
    session.to_end()
    assert session.activity()[0].changes == (1, 0, 1, 0, 1)
    session.seek(2)
    session.edit(SetCells(1, b"\x07"))
    assert session.activity()[0] == Activity(1, 2, (1, 0), (0, 0))
    session.edit(SetCells(2, b"\x07"))
    session.to_end()
    assert session.activity()[0].changes == (1, 0, 1, 0, 1)


def test_where_the_end_is_not_known_it_is_counted_as_far_as_was_seen(open_session: Open) -> None:
    session = open_session("+[>+<]")
    session.seek(9)
    assert session.activity() == (Activity(1, 9, (1, 0, 0, 1, 0, 0, 0, 1, 0), (0,) * 9), True)
    session.seek(1200)
    found, _ = session.activity()
    assert (found.length, found.reached) == (4, 1200)
    assert found.changes == (2, *[1] * 299), "what was counted in shorter stretches is where it was"
