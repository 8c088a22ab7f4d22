"""The total effect of a change: a free run does what the debugger's own branch of that edit does."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.debugger.edits import Edit, Register, SetCells, SetCode, SetInput, SetRegister
from gpdebug.debugger.session import Session
from gpdebug.explain.blank import blanked
from gpdebug.explain.change.changes import BlankSite, BlankStep, Change, FlipTest, Place, Put, TakeSegment
from gpdebug.explain.change.flip import flip_test
from gpdebug.explain.change.free import free_run
from gpdebug.explain.change.frozen import frozen_run
from gpdebug.explain.change.run import Run
from gpdebug.explain.errors import ChangeError
from tests.explain.change.oracle import puts
from tests.explain.change.test_flip import moments
from tests.explain.change.test_frozen import end_of, run_of, shortened
from tests.explain.test_exactness import busy_runs
from tests.vm.runs import Run as Given
from tests.vm.runs import runs
from vm.dialect import BF, BFF_HEADS, TAPE, Io
from vm.program import Program
from vm.state import Status


def edit_of(change: Put, run: Run) -> Edit:
    """The debugger's edit that a change is, at the beginning of a run."""
    state, added = run.start, change.value
    match change.place:
        case Place.CELL:
            old = int(state.memory[change.index]) * change.is_added
            return SetCells(change.index, bytes([(old + added) % 256]))
        case Place.HEAD:
            return SetRegister(Register.HEAD1 if change.index else Register.HEAD0, added)
        case Place.SPARE:
            return SetRegister(Register.SPARE, (state.spare * change.is_added + added) % 256)
    if run.program.dialect.io is Io.REGIONS:
        return edit_of(Put(Place.CELL, run.settings.in_at + change.index, added, change.is_added), run)
    data = bytearray(run.data)
    data[change.index] = (data[change.index] * change.is_added + added) % 256
    return SetInput(bytes(data[state.input_pos :]))


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=80)
def test_a_value_that_is_changed_makes_the_run_of_the_debuggers_branch(data: st.DataObject, chosen: Given) -> None:
    chosen = shortened(chosen)
    run, end = run_of(chosen), end_of(chosen)
    change = data.draw(puts(chosen, end.steps))
    here = run.at(change.step or 0)
    if change.place is Place.INPUT and chosen.program.dialect.io is Io.REGIONS and "r" in chosen.program.text:
        return
    if change.place is Place.INPUT and change.index < here.start.input_pos:
        assert free_run(run, [change]).state == end.snapshot()
        return
    edit = edit_of(change, here)
    session = Session(chosen.program, chosen.data, chosen.settings)
    session.seek(change.step or 0)
    session.edit(edit)
    assert free_run(run, [change]).state == session.to_end().state


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=70)
def test_other_instructions_make_the_run_of_the_debuggers_branch(data: st.DataObject, chosen: Given) -> None:
    chosen = shortened(chosen)
    run, end = run_of(chosen), end_of(chosen)
    if not len(run.code):
        return
    step, first = data.draw(st.integers(1, max(1, end.steps))), data.draw(st.integers(0, len(run.code) - 1))
    if step > end.steps:
        return
    symbol = data.draw(st.sampled_from(sorted(chosen.program.dialect.symbols)))
    session = Session(chosen.program, chosen.data, chosen.settings)
    session.seek(step)
    session.edit(SetCode(first, symbol.encode()))
    assert free_run(run, [TakeSegment(first, first, symbol.encode(), step=step)]).state == session.to_end().state


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=60)
def test_a_blanked_site_is_the_program_with_that_symbol_doing_nothing(data: st.DataObject, chosen: Given) -> None:
    if not len(chosen.program):
        return
    site = data.draw(st.integers(0, len(chosen.program) - 1))
    program = blanked(chosen.program, [site])
    expected = Run.of(program, chosen.data, chosen.settings).end()
    assert free_run(run_of(chosen), [BlankSite(site)]).state == expected


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=60)
def test_a_flipped_test_goes_on_by_itself_and_flipped_twice_is_nothing(data: st.DataObject, chosen: Given) -> None:
    found = moments(chosen)
    if not found:
        return
    step = data.draw(st.sampled_from(found)).steps
    run = run_of(chosen)
    assert free_run(run, [FlipTest(step)]).state == flip_test(run.at(step)).end()
    assert free_run(run, [FlipTest(step), FlipTest(step)]).state == run.end()


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=60)
def test_a_blanked_step_is_the_debuggers_next_instruction_a_step_later(data: st.DataObject, chosen: Given) -> None:
    chosen = shortened(chosen)
    run, end = run_of(chosen), end_of(chosen)
    if not end.steps:
        return
    step = data.draw(st.integers(0, end.steps - 1))
    session = Session(chosen.program, chosen.data, chosen.settings)
    before = session.seek(step).state
    session.edit(SetRegister(Register.PC, before.pc + 1))
    branch = session.to_end().state
    found = free_run(run, [BlankStep(step)]).state
    if branch.status is not Status.STEP_LIMIT:
        assert found.steps in (branch.steps + 1, chosen.settings.limit)
    if found.status is not Status.STEP_LIMIT:
        assert (found.pc, found.memory.tobytes(), found.output) == (branch.pc, branch.memory.tobytes(), branch.output)


@given(runs() | busy_runs())
@settings(deadline=None, max_examples=60)
def test_nothing_changed_is_the_run_as_it_was(chosen: Given) -> None:
    found = free_run(run_of(chosen))
    end = end_of(chosen)
    assert found.state == end.snapshot()
    if found.written is not None:
        assert len(found.written) == len(found.output)


def test_steps_that_write_output_are_told() -> None:
    run = Run.of(Program.parse("+.+.+[.-]", BF))
    found = free_run(run, [BlankStep(1)])
    assert found.output == b"\x02\x03\x02\x01"
    assert found.written is not None
    assert found.written.tolist() == [3, 6, 9, 12]


def test_a_segment_of_another_length_moves_what_is_behind_it() -> None:
    run = Run.of(Program.parse("+.+.", BF))
    assert free_run(run, [TakeSegment(1, 1, b"...")]).output == b"\x01\x01\x01\x02"
    assert free_run(run, [TakeSegment(0, 0, b""), TakeSegment(2, 2, b"++")]).output == b"\x00\x02"
    with pytest.raises(ChangeError, match="only at the beginning of the run"):
        free_run(run, [TakeSegment(1, 1, b"...", step=1)])


def test_a_program_that_says_where_the_heads_start_is_loaded_anew() -> None:
    run = Run.of(Program.parse("\x05\x06+", BFF_HEADS))
    assert free_run(run, [TakeSegment(0, 0, b"\x07")], to_step=0).state.head0 == 7
    assert free_run(run, [Put(Place.CELL, 0, 7)], to_step=0).state.head0 == 5


def test_what_cannot_be_done_is_refused() -> None:
    run = Run.of(Program.parse("+[-]", BF))
    refused: list[tuple[list[Change], str]] = [
        ([BlankStep(5)], "no instruction is executed at step 4: the run is over|there is no step 5"),
        ([BlankStep(4)], "no instruction is executed at step 4: the run is over"),
        (
            [BlankSite(0), Put(Place.CELL, 0, 1, step=4)],
            "no step 4: with what is changed before the run ends at step 2",
        ),
        ([FlipTest(0)], r"instruction 0 \+ is executed, which is no test"),
        ([FlipTest(1), BlankStep(1)], "both flipped and blanked"),
        ([BlankSite(1)], "such a program is refused: .*has no partner; 'blank pair 1' takes both"),
        ([Put(Place.HEAD, 0, 30_000)], "head0 cannot be at cell 30,000: cells are 0 to 29,999"),
        ([TakeSegment(0, 0, b"x")], "what is written out cannot be taken: .*'x' is no symbol of bf"),
    ]
    for changes, says in refused:
        with pytest.raises(ChangeError, match=says):
            free_run(run, changes)
    with pytest.raises(ChangeError, match="step 0 lies before step 2, where this run begins"):
        free_run(run.at(2), [BlankStep(0)])


def test_a_pair_of_brackets_leaves_its_body_to_run_once() -> None:
    run = Run.of(Program.parse("[+.]", TAPE))
    assert free_run(run, [BlankSite(0, is_pair=True)]).state.memory[0] == 1
    assert free_run(run, [BlankSite(3, is_pair=True)]).state.memory[0] == 1
    both = Run.of(Program.parse("[+.]", BF))
    assert free_run(both, [BlankSite(0), BlankSite(3)]).output == b"\x01"


def test_where_the_input_lies_in_cells_what_is_added_to_it_is_added_to_its_cell() -> None:
    run = Run.of(Program.parse("+++", TAPE), b"\x05")
    change = Put(Place.INPUT, 0, 2, True, 1)
    assert free_run(run, [change]).state.memory[0] == frozen_run(run, [change]).state.memory[0] == 10
