"""States: what the output is, and when two moments are the same."""

from __future__ import annotations

import numpy as np
import pytest

from vm.dialect import BF, TAPE
from vm.machine import Machine
from vm.program import Program
from vm.settings import Settings
from vm.state import describe, initial_state, output_of


@pytest.mark.parametrize("length", [0, 1, 4095, 4096, 4097, 12_288, 50_000, 70_000])
def test_a_region_ends_before_its_first_zero(length: int) -> None:
    settings = Settings(memory=140_000)
    machine = Machine(Program.parse("", TAPE), settings=settings)
    state = machine.snapshot()
    memory = state.memory.copy()
    memory[70_000 : 70_000 + length] = 7
    machine.restore(type(state)(0, 0, 0, 0, state.status, 0, 0, memory, b""))
    assert output_of(machine.snapshot(), TAPE, settings) == b"\x07" * length


def test_a_region_of_fixed_length_keeps_its_zeros() -> None:
    state = initial_state(Program.parse("", TAPE), b"ab", Settings(memory=8, out_at=0, out_len=4))
    assert output_of(state, TAPE, Settings(memory=8, out_at=0, out_len=4)) == b"ab\0\0"


def test_streams_put_out_what_was_written() -> None:
    machine = Machine(Program.parse("+.+.", BF))
    machine.run()
    described = describe(machine.snapshot(), BF, BF.settings)
    assert (described["output"], described["status"], described["input_pos"]) == ("0102", "finished", 0)


def test_moments_are_equal_when_all_of_them_is() -> None:
    machine = Machine(Program.parse("+>", TAPE))
    first = machine.snapshot()
    assert first == machine.snapshot()
    machine.step()
    assert first != machine.snapshot()
    with pytest.raises(ValueError, match="read-only"):
        first.memory[0] = np.uint8(1)
