"""A trace is the last steps of a run, or of its way to a step or an output byte, and no more than was asked for."""

from __future__ import annotations

import pytest

from gpdebug.explain.trace import trace_run
from vm.dialect import BF
from vm.machine import Machine
from vm.program import Program

COUNTS = Program.parse("+[>++++++++[->+.<]<]", BF.with_settings(limit=500))


def whole() -> list[list[int]]:
    records: list[list[int]] = trace_run(COUNTS).records.tolist()
    assert len(records) > 40
    return records


@pytest.mark.parametrize("window", [1, 2, 3, 7, 40, 1_000])
def test_of_a_longer_run_the_last_steps_are_kept(window: int) -> None:
    everything = whole()
    trace = trace_run(COUNTS, window=window)
    kept = len(trace)
    assert kept == len(everything) if window >= len(everything) else window * 3 // 4 <= kept <= window
    assert trace.records.tolist() == everything[-kept:]
    assert trace.first == len(everything) - kept
    assert trace.end.steps == len(everything)


@pytest.mark.parametrize("step", [0, 1, 17, 40])
def test_it_goes_to_a_step_and_begins_at_a_later_moment(step: int) -> None:
    assert trace_run(COUNTS, to_step=step).records.tolist() == whole()[:step]
    machine = Machine(COUNTS)
    machine.step(9)
    later = trace_run(COUNTS, to_step=40, start=machine.snapshot())
    assert later.first == 9
    assert later.records.tolist() == whole()[9:40]


def test_a_run_that_goes_on_is_followed_no_further_than_to_the_output_byte() -> None:
    trace = trace_run(COUNTS, output_byte=1, window=8)
    assert len(trace.end.output) == 2
    assert trace.end.steps < len(whole())
