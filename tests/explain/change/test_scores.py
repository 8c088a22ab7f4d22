"""How good an explanation is, measured by running parts of the program: each score against the run that defines it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.explain.answer import explain
from gpdebug.explain.blank import blanked
from gpdebug.explain.change.present_scores import to_dict, to_lines
from gpdebug.explain.change.run import Run
from gpdebug.explain.change.scores import Scores, instructions_of, scores_of
from gpdebug.explain.criteria import CellAt, Criterion, JumpAt, OutputByte
from gpdebug.explain.errors import Interrupted
from gpdebug.explain.parts import Kind
from tests.explain.change.test_frozen import shortened
from tests.explain.test_exactness import busy_runs
from tests.vm.runs import Run as Given
from tests.vm.runs import runs
from vm.dialect import BF, BFF, BFF_HEADS, TAPE, Dialect
from vm.program import Program

ALL = ~Kind(0)


def scored(
    program: str, criterion: Criterion, kinds: Kind = ALL, *, dialect: Dialect = BF, data: bytes = b"",
    inputs: tuple[bytes, ...] = (),
) -> Scores:  # fmt: skip
    return scores_of(explain(Program.parse(program, dialect), data, dialect.settings, criterion, kinds), inputs)


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=12)
def test_a_member_is_needed_if_the_program_without_it_makes_another_value(data: st.DataObject, chosen: Given) -> None:
    chosen = shortened(chosen)
    end = Run.of(chosen.program, chosen.data, chosen.settings).end()
    cell = data.draw(st.integers(0, chosen.settings.memory - 1))
    kinds = data.draw(st.sampled_from([Kind.VALUE, ALL]))
    explanation = explain(chosen.program, chosen.data, chosen.settings, CellAt(cell), kinds)
    found = scores_of(explanation)
    assert found.is_exact
    for member in found.members:
        program = blanked(chosen.program, member.instructions)
        changed = Run.of(program, chosen.data, chosen.settings).end()
        assert member.is_needed == (changed.memory[cell] != end.memory[cell])
    without = blanked(chosen.program, sorted(found.instructions))
    lost = Run.of(without, chosen.data, chosen.settings).end().memory[cell] != end.memory[cell]
    assert found.is_lost_without == lost


def test_all_that_a_byte_depends_on_is_enough_and_what_it_does_not_is_not_in_it() -> None:
    found = scored(">+<++[>+++<-]>.[-]<<", OutputByte(0))
    assert found.is_sufficient
    assert found.is_lost_without
    assert found.instructions == frozenset(range(15)) - {18, 19}
    assert found.necessity > 0.9
    assert found.coverage == 1.0


def test_a_byte_is_kept_though_those_before_it_are_gone() -> None:
    found = scored("+.>++.>+++.", OutputByte(1))
    assert found.is_sufficient
    assert not found.instructions & {0, 1}
    assert {member.instructions: member.is_needed for member in found.members}[(5,)]
    region = scored(".>}.", OutputByte(1), dialect=TAPE, data=b"ab")
    assert region.is_sufficient
    assert 0 not in region.instructions


def test_without_the_loop_values_alone_are_not_enough() -> None:
    found = scored("+++[>+<-]>>+<.", OutputByte(0), Kind.VALUE)
    assert found.is_exact
    assert not found.is_sufficient
    assert not scored("+++[>+<-]>>+<.", OutputByte(0), ALL).instructions & {11}
    assert any("a free run loses it" in line for line in to_lines(found))


def test_what_two_do_alike_is_needed_by_neither_but_lost_without_both() -> None:
    found = scored("+[->[-]+<]+[->[-]+<]>.", OutputByte(0), ALL)
    spare = [member for member in found.members if not member.is_needed]
    assert found.is_lost_without
    assert 0 < found.necessity < 1
    assert spare
    assert any("not needed: " in line for line in to_lines(found))


def test_a_jump_and_a_cell_at_a_step_are_kept_at_that_step() -> None:
    jump = scored("++[>+++<-]>.", JumpAt(9))
    assert jump.is_sufficient
    assert {member.instructions: member.is_needed for member in jump.members}[(0,)]
    assert scored("++[>+++<-]>.", CellAt(1, 7)).is_sufficient
    assert not jump.cases


def test_what_is_cut_off_is_not_covered() -> None:
    program = Program.parse("+" * 40 + "." * 3, BF)
    cut = explain(program, b"", BF.settings, OutputByte(2), window=8)
    assert scores_of(cut).coverage == 0.0
    assert 0.0 < scores_of(explain(Program.parse(",+>,.", BF), b"ab", BF.settings, OutputByte(0))).coverage <= 1.0


def test_over_cases_it_tells_which_instructions_are_in_it_on_each() -> None:
    found = scored(",[->+<]>.", OutputByte(0), data=b"a", inputs=(b"a", b"b", b"\x00"))
    assert len(found.cases) == 2
    assert found.cases[0] == found.instructions
    assert found.cases[1] is not None
    assert found.cases[1] < found.instructions
    assert found.stability is not None
    assert found.stability < 1
    assert any("of 2 other cases that have it" in line for line in to_lines(found))
    none = scored(",[.[-]]", OutputByte(0), data=b"a", inputs=(b"\x00",))
    assert none.cases == (None,)
    assert none.stability is None
    assert any("none of 1 other cases has it" in line for line in to_lines(none))


@pytest.mark.parametrize(("dialect", "program"), [(BFF, "+>+<[->+<]"), (BFF_HEADS, "\x10\x11+>+"), (TAPE, "+>+")])
def test_a_program_that_is_its_memory_keeps_the_bytes_that_are_read(dialect: Dialect, program: str) -> None:
    found = scored(program, CellAt(16), dialect=dialect)
    assert found.is_exact
    assert found.is_sufficient


def test_a_part_of_it_can_be_scored() -> None:
    explanation = explain(Program.parse("+>++<.", BF), b"", BF.settings, OutputByte(0), ALL)
    whole = instructions_of(explanation)
    assert whole == {0, 1, 4, 5}
    part = scores_of(explanation, [b"x"], instructions=whole - {4})
    assert not part.is_sufficient
    assert part.instructions == whole - {4}
    assert not part.cases


def test_the_same_as_plain_data() -> None:
    told = json.loads(json.dumps(to_dict(scored("+.", OutputByte(0), inputs=(b"x",)))))
    assert told["members"] == [{"instructions": [0], "needed": True}, {"instructions": [1], "needed": True}]
    assert (told["sufficient"], told["lost_without"], told["necessity"], told["coverage"]) == (True, True, 1.0, 1.0)
    assert told["cases"] == [[0, 1]]


def test_it_can_be_interrupted() -> None:
    found = explain(Program.parse(",.", BF), b"a", BF.settings, OutputByte(0))
    with pytest.raises(Interrupted):
        scores_of(found, [b"b"], interrupt=lambda: True)


def test_a_byte_that_is_only_data_is_kept_where_the_program_is_its_memory() -> None:
    assert scored("}.", CellAt(1), Kind.VALUE, dialect=BFF).is_sufficient
