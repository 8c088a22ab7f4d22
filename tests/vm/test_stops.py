"""Stops in small: which of them fire at which step, on the reference and in the kernels."""

from __future__ import annotations

import pytest

from tests.vm.runs import EVERYTHING
from vm.conditions import parse
from vm.dialect import TAPE, Dialect
from vm.machine import Machine
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.state import Pause
from vm.stops import Cells, Change, HitKind, HitRule, Place, Stop, StopSet, Stream
from vm.touch import Access

STREAMING = Dialect.from_dict(EVERYTHING.to_dict() | {"name": "streaming", "io": "streams"}).with_settings(memory=16)


def firings(machine: type[ReferenceMachine] | type[Machine], source: str, *places: Place) -> dict[int, list[int]]:
    """Which stops fire at each step at which some do."""
    run = machine(Program.parse(source, STREAMING), b"a")
    stops, found = StopSet([Stop(place) for place in places]), {}
    while run.run(stops) is Pause.STOP:
        found[run.steps] = [index for index, fired in enumerate(stops.fired.tolist()) if fired]
    return found


@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@pytest.mark.parametrize(
    ("source", "places", "expected"),
    [
        (">s", [Cells(1, access=Access.READ)], {2: [0]}),
        ("0+0", [Cells(0)], {2: [0], 3: [0]}),
        ("0+0", [Cells(0, access=Access.WRITE)], {1: [0], 2: [0], 3: [0]}),
        (">>>+", [Cells(1, 2, access=Access.WRITE), Cells(3, access=Access.WRITE)], {4: [1]}),
        (">+", [Cells(-1, 2, 0, Access.WRITE), Cells(1, 1, 1, Access.WRITE)], {2: [0, 1]}),
        ("w+w", [Stream(Access.OUTPUT), 2], {1: [0], 2: [1], 3: [0]}),
        ("r+r", [Stream(Access.INPUT), 2], {1: [0], 2: [1]}),
        (".", [Change(parse("cell1")), Change(parse("step"))], {1: [1]}),
        ("}+.", [Change(parse("cell1")), Change(parse("pc"))], {1: [1], 2: [1], 3: [0, 1]}),
        ("+", [Change(parse("mem[0]"))], {1: [0]}),
    ],
)
def test_stops_fire_at_these_steps(
    machine: type[ReferenceMachine] | type[Machine], source: str, places: list[Place], expected: dict[int, list[int]]
) -> None:
    assert firings(machine, source, *places) == expected


@pytest.mark.parametrize("count", [0, -1])
def test_a_hit_rule_needs_a_count_of_at_least_1(count: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        HitRule(HitKind.EVERY, count)


@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@pytest.mark.parametrize("length", [None, 3])
def test_behind_the_end_of_the_output_there_is_no_byte(
    machine: type[ReferenceMachine] | type[Machine], length: int | None
) -> None:
    run = machine(Program.parse("+.", TAPE.with_settings(out_at=0, out_len=length)), b"ab")
    assert run.run(StopSet([Stop(1, parse("out[len(out)] == -1 and out[-1] == -1 and out[0] == 98"))])) is Pause.STOP


@pytest.mark.parametrize("machine", [ReferenceMachine, Machine])
@pytest.mark.parametrize("text", ["out[0]", "len(out)"])
def test_the_first_cell_of_an_output_region_is_watched(
    machine: type[ReferenceMachine] | type[Machine], text: str
) -> None:
    run = machine(Program.parse("+", TAPE.with_settings(out_at=0)))
    assert run.run(StopSet([Stop(Change(parse(text)))])) is Pause.STOP
