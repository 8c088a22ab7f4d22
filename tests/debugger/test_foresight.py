"""Where stops would stop a run, foreseen for all of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from gpdebug.debugger.edits import SetCells
from gpdebug.debugger.foresight import Thinned
from gpdebug.debugger.moment import MachineType
from gpdebug.debugger.places import Event
from tests.debugger.conftest import After, Open
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import runs
from tests.debugger.test_session_properties import Wanted, engines, set_stops, start, wanted_stops

COUNTDOWN = "+++++[>+<-]>."


@engines
@given(runs(), wanted_stops, some.integers(0, 6), some.integers(0, 40))
@settings(max_examples=100)
def test_the_steps_at_which_stops_stop_a_run_are_foreseen_in_one_go_or_in_pieces(
    machine: MachineType, oracle: Oracle, wanted: list[Wanted], patience: int, here: int
) -> None:
    session = start(oracle, machine)
    firings, logs = set_stops(session, oracle, wanted)
    session.to_end()
    session.seek(here)
    session.foresee(interrupt=After(patience))
    steps, is_all = session.foresee()
    assert is_all
    assert steps.tolist() == sorted(step for step, fired in firings.items() if set(fired) - logs)
    assert session.step_back().state == oracle.states[max(0, min(here, oracle.total) - 1)]


def test_what_is_foreseen_follows_the_stops_and_the_branch(open_session: Open) -> None:
    session = open_session(COUNTDOWN)
    session.to_end()
    stop = session.stops.watch_cells(1)
    assert session.foresee()[0].tolist() == [8, 13, 18, 23, 28]
    session.stops.set_condition(stop.id, "mem[1] > 3")
    assert session.foresee()[0].tolist() == [23, 28]
    session.stops.catch(Event.OVER)
    assert session.foresee()[0].tolist() == [23, 28, 33]
    session.seek(10)
    session.edit(SetCells(1, b"\x03"))
    session.to_end()
    assert session.foresee()[0].tolist() == [13, 18, 23, 28, 33]


def test_where_the_end_is_not_known_it_is_foreseen_as_far_as_was_seen_and_then_further(open_session: Open) -> None:
    session = open_session("+[>+<]")
    session.stops.watch_cells(1)
    session.seek(10)
    assert session.foresee()[0].tolist() == [4, 8]
    session.seek(20)
    assert session.foresee()[0].tolist() == [4, 8, 12, 16, 20]


@pytest.mark.parametrize("piece", [1, 7, 1000])
def test_of_very_many_steps_the_first_of_each_stretch_are_kept(piece: int) -> None:
    thinned, steps = Thinned(most=64), np.arange(3, 20_000, 3)
    for at in range(0, len(steps), piece):
        thinned.add(steps[at : at + piece])
    assert thinned.count == len(steps)
    assert 32 <= len(thinned.steps) <= 64
    assert thinned.steps[0] == 3
    assert np.isin(thinned.steps, steps).all()
    assert len(set(np.diff(thinned.steps // 512).tolist())) <= 2
