"""A test that goes the other way: what the machine does then, for every dialect and rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.explain.change.flip import flip_test, flipped_trace, partner_at_start, primitive_at
from gpdebug.explain.change.run import Run
from gpdebug.explain.dataflow import dataflow
from gpdebug.explain.errors import ChangeError
from gpdebug.explain.trace import trace_run
from tests.explain.test_exactness import busy_runs
from tests.vm.runs import Run as Given
from tests.vm.runs import runs
from vm.dialect import BF, BFF, Primitive
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import Unmatched
from vm.state import State, Status


def moments(given_run: Given) -> list[State]:
    """The moments of a run at which a bracket is next."""
    run = Run.of(given_run.program, given_run.data, given_run.settings)
    machine = ReferenceMachine(given_run.program, given_run.data, given_run.settings)
    found: list[State] = []
    while len(found) < 40:
        before = machine.snapshot()
        if primitive_at(replace(run, start=before)) in (Primitive.OPEN, Primitive.CLOSE):
            found.append(before)
        if not machine.step():
            break
    return found


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=70)
def test_it_goes_where_the_bracket_would_go_if_its_cell_were_zero_or_not(data: st.DataObject, chosen: Given) -> None:
    found = moments(chosen)
    if not found:
        return
    state = data.draw(st.sampled_from(found))
    run = Run(chosen.program, chosen.data, chosen.settings, state)
    after = flip_test(run).start
    as_it_was = ReferenceMachine(chosen.program, chosen.data, chosen.settings)
    as_it_was.restore(replace(state, status=Status.RUNNING))
    as_it_was.step()
    goes_on, partner = state.pc + 1, partner_at_start(run)
    if partner >= 0:
        assert {as_it_was.pc, after.pc} == {goes_on, partner + 1}
        assert after.status is Status.RUNNING
    elif chosen.settings.unmatched is Unmatched.IGNORE:
        assert as_it_was.pc == after.pc == goes_on
    else:
        assert {as_it_was.status, after.status} == {Status.RUNNING, Status.UNMATCHED_BRACKET}
    assert np.array_equal(after.memory, state.memory)
    assert (after.head0, after.head1, after.output) == (state.head0, state.head1, state.output)


def test_a_loop_that_was_passed_by_is_entered_once() -> None:
    trace = trace_run(Program.parse(">[+>+<-]>.", BF))
    after = flipped_trace(trace, 1, budget=100)
    assert after.first == 2
    flow = dataflow(after)
    assert sorted(set(flow.written[flow.written >= 0].tolist())) == [1, 2]
    assert after.end.output == b"\x01"


def test_the_budget_bounds_what_is_written_down() -> None:
    trace = trace_run(Program.parse("[+]", BF))
    assert len(flipped_trace(trace, 0, budget=7)) == 7


def test_in_a_program_that_modifies_itself_the_partner_is_that_of_then() -> None:
    trace = trace_run(Program.parse("[<+]" + "+" * 20, BFF))
    assert flipped_trace(trace, 0, budget=1).start.pc == 4


def test_what_is_no_test_is_refused() -> None:
    trace = trace_run(Program.parse("+", BF))
    with pytest.raises(ChangeError, match=r"at step 0 instruction 0 \+ is executed, which is no test"):
        flipped_trace(trace, 0, budget=1)
    with pytest.raises(ChangeError, match="no instruction is executed at step 1: the run is over"):
        flipped_trace(trace, 1, budget=1)
    with pytest.raises(ChangeError, match="there is no step 2: the run ends at step 1"):
        flipped_trace(trace, 2, budget=1)
