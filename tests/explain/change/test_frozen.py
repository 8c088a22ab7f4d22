"""The direct effect of a change: what the definitions say, and exactly what a slice tells of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.explain.change.changes import BlankSite, BlankStep, Change, FlipTest, Place, Put, TakeSegment
from gpdebug.explain.change.frozen import frozen_run
from gpdebug.explain.change.run import Run
from gpdebug.explain.criteria import CellAt, OutputByte
from gpdebug.explain.errors import ChangeError
from gpdebug.explain.slices import slice_of
from tests.explain.change.oracle import changes, keep_to_path
from tests.explain.test_exactness import busy_runs, criteria, flow_of
from tests.vm.runs import Run as Given
from tests.vm.runs import runs
from vm.dialect import BF, BFF, TAPE, Io, Primitive
from vm.program import Program
from vm.reference import ReferenceMachine


def run_of(given_run: Given) -> Run:
    return Run.of(given_run.program, given_run.data, given_run.settings)


def shortened(given_run: Given) -> Given:
    return replace(given_run, settings=replace(given_run.settings, limit=min(given_run.settings.limit, 300)))


def end_of(given_run: Given) -> ReferenceMachine:
    machine = ReferenceMachine(given_run.program, given_run.data, given_run.settings)
    machine.run()
    return machine


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=80)
def test_it_is_what_the_definitions_say(data: st.DataObject, chosen: Given) -> None:
    chosen = shortened(chosen)
    end = end_of(chosen)
    made = data.draw(st.lists(changes(chosen, end.steps), max_size=3, unique_by=lambda change: change.step or 0))
    found = frozen_run(run_of(chosen), made)
    kept = keep_to_path(chosen, made)
    assert (found.state.memory.tobytes(), found.state.spare) == (bytes(kept.memory), kept.spare)
    assert (found.state.pc, found.state.head0, found.steps, found.status) == (end.pc, end.head0, end.steps, end.status)
    if chosen.program.dialect.io is Io.STREAMS:
        assert found.output == bytes(kept.output)
        assert found.written is not None
        assert len(found.written) == len(found.output)


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=80)
def test_one_more_in_a_source_changes_the_criterion_by_the_effect_that_the_slice_tells(
    data: st.DataObject, chosen: Given
) -> None:
    flow = flow_of(chosen)
    criterion, value = data.draw(criteria(flow))
    found = slice_of(flow, criterion)
    stores = [step for step in range(len(flow)) if flow.written[step] >= 0 or flow.primitive(step) is Primitive.STASH]
    if not stores:
        return
    step = data.draw(st.sampled_from(stores))
    spare = flow.primitive(step) is Primitive.STASH
    source = Put(Place.SPARE if spare else Place.CELL, 0 if spare else int(flow.written[step]), 1, True, step + 1)
    to_step = criterion.step if isinstance(criterion, CellAt) else None
    outcome = frozen_run(run_of(chosen), [source], to_step=to_step)
    if isinstance(criterion, OutputByte) and chosen.program.dialect.io is Io.STREAMS:
        after = outcome.output[criterion.index]
    else:
        after = int(outcome.state.memory[found.root.cell])
    assert (after - value) % 256 == (found.effect(step) or 0)


def test_a_blanked_write_is_gone_and_the_others_stay() -> None:
    run = Run.of(Program.parse("+.+.+.", BF))
    assert frozen_run(run, [BlankStep(3)]).output == b"\x01\x03"
    assert frozen_run(run, [BlankSite(3)]).output == b"\x01\x03"


def test_a_test_that_goes_the_other_way_changes_nothing_on_the_path() -> None:
    run = Run.of(Program.parse("++[>+++<-]>.", BF))
    assert frozen_run(run, [FlipTest(2)]).output == b"\x06"


def test_a_head_is_elsewhere_for_one_step() -> None:
    found = frozen_run(Run.of(Program.parse("+++", BF)), [Put(Place.HEAD, 0, 5, step=1)])
    assert found.state.memory[[0, 5]].tolist() == [2, 1]


def test_an_instruction_that_is_another_one_goes_on_as_the_recorded_one_did() -> None:
    run = Run.of(Program.parse("+>+<.", BF))
    assert frozen_run(run, [TakeSegment(1, 1, b"+")]).output == b"\x02"


def test_what_was_written_before_the_run_begins_is_kept() -> None:
    run = Run.of(Program.parse("+.+.", BF)).at(2)
    found = frozen_run(run, [BlankStep(2)])
    assert found.output == b"\x01\x01"
    assert found.written is not None
    assert found.written.tolist() == [-1, 3]


def test_what_cannot_be_changed_is_refused() -> None:
    run = Run.of(Program.parse("+>.", TAPE), b"a")
    refused: list[tuple[Change, str]] = [
        (Put(Place.CELL, 256, 1), "there is no cell 256: cells are 0 to 255"),
        (Put(Place.INPUT, 1, 1), "there is no input byte 1: the input has bytes 0 to 0"),
        (Put(Place.CELL, 0, 256), "a byte is 0 to 255, or -128 to 127, not 256"),
        (Put(Place.CELL, 0, 1, step=4), "there is no step 4: the run ends at step 3"),
        (TakeSegment(0, 1, b"+"), "there is no path to keep to"),
        (BlankSite(3), "there is no instruction 3: instructions are 0 to 2"),
        (BlankSite(0, is_pair=True), "instruction 0 is no bracket: blank it alone"),
    ]
    for change, says in refused:
        with pytest.raises(ChangeError, match=says):
            frozen_run(run, [change])


def test_a_long_run_is_followed_in_parts() -> None:
    program = Program.parse("+[>+++[->+<]<]", BF.with_settings(limit=600_000, memory=100))
    run = Run.of(program)
    found = frozen_run(run, [Put(Place.CELL, 50, 7, step=500_000)])
    assert np.flatnonzero(found.state.memory != run.end().memory).tolist() == [50]


def test_a_changed_byte_of_the_input_is_read_where_the_recorded_one_was() -> None:
    run = Run.of(Program.parse(",.,.", BF), b"ab")
    assert frozen_run(run, [Put(Place.INPUT, 1, ord("x"))]).output == b"ax"
    assert frozen_run(run, [Put(Place.INPUT, 0, ord("x"), step=1)]).output == b"ab"


def test_an_instruction_of_a_living_program_is_another_one_until_the_run_writes_it() -> None:
    program = Program.parse("{.     +", BFF.with_settings(memory=8))
    assert frozen_run(Run.of(program), [TakeSegment(7, 7, b"-")]).state.memory[0] == ord("{")
    assert frozen_run(Run.of(program), [TakeSegment(7, 7, b"-", step=2)]).state.memory[0] == ord("{") - 1
