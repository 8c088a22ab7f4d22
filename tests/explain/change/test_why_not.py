"""Why something did not happen: the tests that are named, flipped, make it happen."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.explain.change.free import free_run
from gpdebug.explain.change.present_why_not import to_dict, to_lines
from gpdebug.explain.change.run import Run
from gpdebug.explain.change.why_not import Executed, Goal, Printed, WhyNot, Written, why_not
from gpdebug.explain.dataflow import dataflow
from gpdebug.explain.errors import CriterionError, Interrupted
from gpdebug.explain.trace import trace_run
from tests.explain.change.test_frozen import run_of, shortened
from tests.explain.test_exactness import busy_runs
from tests.vm.runs import Run as Given
from tests.vm.runs import runs
from vm.dialect import BF, BFF, TAPE, Dialect
from vm.program import Program


def asked(program: str, goal: Goal, data: bytes = b"", dialect: Dialect = BF, until: int | None = None) -> WhyNot:
    return why_not(Run.of(Program.parse(program, dialect), data), goal, until=until)


def happens(goal: Goal, found: WhyNot) -> bool:
    """Whether it does in the run that comes of the flips: looked up in what is recorded of its last part."""
    last = found.tests[-1].step
    before = free_run(found.run, found.flips, to_step=last + 1).state
    run = Run(found.run.program, found.run.data, found.run.settings, before)
    flow = dataflow(trace_run(run.program, run.data, run.settings, start=run.start))
    match goal:
        case Executed():
            reached = np.append(flow.instructions, flow.trace.end.pc)
            return bool((reached == goal.instruction).any())
        case Written():
            return bool((flow.written == goal.cell).any())
    return len(flow.trace.end.output) > goal.byte


@st.composite
def goals(draw: st.DrawFn, run: Run) -> Goal:
    kinds: list[type[Goal]] = [Written, Printed, *([Executed] if len(run.code) else [])]
    kind = draw(st.sampled_from(kinds))
    if kind is Executed:
        return Executed(draw(st.integers(0, len(run.code) - 1)))
    return (
        Written(draw(st.integers(0, run.settings.memory - 1))) if kind is Written else Printed(draw(st.integers(0, 3)))
    )


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=35)
def test_the_tests_that_are_named_let_control_in_once_they_are_flipped(data: st.DataObject, chosen: Given) -> None:
    run = run_of(shortened(chosen))
    try:
        found = why_not(run, data.draw(goals(run)))
    except CriterionError:
        return
    if found.tests:
        assert found.reached is not None
        assert happens(found.goal, found)
        assert all(story.is_confirmed for story in found.stories)


@given(st.data(), busy_runs())
@settings(deadline=None, max_examples=60)
def test_an_instruction_inside_a_loop_that_was_passed_by_is_always_let_in(data: st.DataObject, chosen: Given) -> None:
    run = run_of(chosen)
    flow = dataflow(trace_run(run.program, run.data, run.settings))
    partners = run.program.partners
    if run.program.dialect.self_modifying or run.end().status.name != "FINISHED":
        return
    executed = set(flow.instructions.tolist())
    inside = [pc + 1 for pc in executed if partners[pc] > pc + 1 and pc + 1 not in executed]
    if inside:
        found = why_not(run, Executed(data.draw(st.sampled_from(inside))))
        assert len(found.tests) == 1
        assert found.tests[0].instruction == found.goal.instruction - 1  # type: ignore[union-attr]


def test_a_loop_that_is_passed_by_names_its_test_and_the_story_of_its_cell() -> None:
    found = asked(",[-]>[+.]", Executed(6), b"a")
    assert [(test.instruction, test.cell, test.value) for test in found.tests] == [(5, 1, 0)]
    lines = to_lines(found)
    assert lines[0] == "instruction 6 is never executed"
    assert any("instruction 5 finds that cell 1 is 0: past the loop" in line for line in lines)
    assert any("cell 1 starts as 0" in line for line in lines)


def test_where_one_test_is_not_enough_each_is_named() -> None:
    found = asked("[[[+]]]", Written(0))
    assert [test.instruction for test in found.tests] == [0, 1, 2]
    assert [str(flip) for flip in found.flips] == ["flip @0", "flip @1", "flip @2"]
    assert "flipped, these 3, once each, cell 0 is written at step 3" in to_lines(found)


def test_an_endless_loop_names_the_test_that_stays_in_it() -> None:
    found = asked("+[]+", Executed(3), dialect=BF.with_settings(limit=1000))
    assert [(test.instruction, test.jumped) for test in found.tests] == [(2, True)]
    assert any("when it reaches its limit of 1,000 steps" in line for line in to_lines(found))


def test_a_run_that_is_cut_off_says_when_it_would_have_happened() -> None:
    found = asked("+++++>+", Written(1), dialect=BF.with_settings(limit=4))
    assert (found.tests, found.past_end) == ((), 7)
    test, end = to_lines(found)[2:]
    assert test == "no test turned control away from it"
    assert end.startswith(
        "the run is at instruction 4 when it reaches its limit of 4 steps; if it went on, cell 1 would"
    )
    assert end.endswith(" be written at step 6")


def test_a_fault_and_the_end_of_the_program_are_told() -> None:
    fault = asked("<+>+", Written(0), dialect=BF.with_settings(edge="halt"))
    assert fault.past_end is not None
    assert any(
        "the run ends at step 0, instruction 0: out_of_bounds; if it went on" in line for line in to_lines(fault)
    )
    assert "the run comes to the end of the program after 1 step" in to_lines(asked("+", Written(3)))
    tried = to_lines(asked("+[>+<-]", Written(9)))
    assert any("flipping a test does not bring it about: " in line for line in tried)


def test_a_byte_of_a_region_is_a_matter_of_the_cell_that_ends_it() -> None:
    found = asked("[.>}]", Printed(3), b"ab", TAPE)
    assert found.goal == Written(130)
    with pytest.raises(CriterionError, match="the output ends before cell 128, which holds 0 although it is written"):
        asked(".", Printed(0), b"", TAPE)


def test_in_a_program_that_modifies_itself() -> None:
    found = asked("[-]+", Executed(90), dialect=BFF)
    assert found.end.steps > 0
    assert found.tests or found.past_end is not None or found.tried


def test_what_happens_later_is_told_so() -> None:
    found = asked("+>+.", Written(1), until=1)
    assert to_lines(found) == ["cell 1 is not written by step 1; it is later, at step 2"]


def test_what_did_happen_or_cannot_is_refused() -> None:
    refused: list[tuple[Goal, str]] = [
        (Written(0), "cell 0 is written, first by step 0: ask why it holds what it holds"),
        (Executed(1), "instruction 1 is executed at step 1"),
        (Executed(0), "instruction 0 is executed at step 0"),
        (Printed(0), "output byte 0 is written by step 1: ask why it is what it is"),
        (Executed(7), "there is no instruction 7: instructions are 0 to 1"),
        (Written(30_000), "there is no cell 30,000"),
        (Printed(-1), "there cannot be an output byte -1"),
    ]
    for goal, says in refused:
        with pytest.raises(CriterionError, match=says):
            asked("+.", goal)
    with pytest.raises(CriterionError, match="bff has no output; ask for a cell instead"):
        asked("+", Printed(0), dialect=BFF)


def test_it_can_be_interrupted() -> None:
    with pytest.raises(Interrupted):
        why_not(Run.of(Program.parse("+[>+<-]", BF)), Written(9), interrupt=lambda: True)


def test_the_same_as_plain_data() -> None:
    told = json.loads(json.dumps(to_dict(asked("[+]", Executed(1)))))
    assert told["flips"] == ["flip @0"]
    assert told["tests"][0]["finds"] == "at step 0 instruction 0 finds that cell 0 is 0: past the loop"
    assert told["end"] == {"step": 1, "instruction": 3, "status": "finished"}
