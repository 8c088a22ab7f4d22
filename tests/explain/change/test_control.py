"""Which tests may have turned control away: those that never came out otherwise first, nearest, then latest."""

from __future__ import annotations

from gpdebug.explain.change.control import Turn, turns
from gpdebug.explain.trace import trace_run
from vm.dialect import BF
from vm.program import Program


def found(program: str, instruction: int | None = None) -> list[int]:
    return [turn.instruction for turn in turns(trace_run(Program.parse(program, BF)), instruction)]


def test_brackets_that_always_came_out_the_same_come_first_the_latest_of_them_before() -> None:
    assert found("+++[-]>[+]") == [7, 3, 5, 5, 5]


def test_the_nearest_to_an_instruction_comes_before_later_ones() -> None:
    assert found("+[>[X+]>[Y-]<<-]".replace("X", ".").replace("Y", "."), 4) == [3, 15, 8]


def test_what_does_not_lead_to_the_instruction_is_left_out() -> None:
    assert found("[.]+[-]", 1) == [0]
    assert found("[.]>[+]", 5) == [4, 0]


def test_a_turn_tells_what_the_bracket_saw() -> None:
    assert turns(trace_run(Program.parse("++>[.]", BF))) == [Turn(3, 3, 1, 0, True)]
