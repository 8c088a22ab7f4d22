"""A blanked instruction does nothing, takes its step, and the others keep their indices: in every dialect."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.explain.blank import blank_symbol, blanked
from gpdebug.explain.errors import ChangeError
from tests.explain.test_exactness import busy_runs
from tests.vm.runs import EVERYTHING, EVERYTHING_LIVING, Run, runs
from vm.dialect import BF, BFF, BFF_HEADS, TAPE, Dialect, Instruction, Primitive
from vm.machine import Machine
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import Unmatched
from vm.state import State


def run_by_hand(run: Run, site: int) -> State:
    """The run in which the instruction of a site is executed as nothing: of a program that is no memory."""
    primitives = run.program.primitives.copy()
    primitives[site] = Primitive.NOP

    program = Program(run.program.code.tobytes(), run.program.dialect)
    program.__dict__["primitives"] = primitives
    machine = ReferenceMachine(run.program, run.data, run.settings)
    machine.program = program
    machine.run()
    return machine.snapshot()


@given(st.data(), runs() | busy_runs())
@settings(deadline=None, max_examples=70)
def test_it_is_the_reference_run_of_the_program_with_that_symbol_doing_nothing(
    data: st.DataObject, run: Run
) -> None:  # fmt: skip
    if not len(run.program) or run.program.dialect.self_modifying:
        return
    site = data.draw(st.integers(0, len(run.program) - 1))
    machine = Machine(blanked(run.program, [site]), run.data, run.settings)
    machine.run()
    assert machine.snapshot() == run_by_hand(run, site)


@pytest.mark.parametrize("dialect", [TAPE, BF, BFF, BFF_HEADS, EVERYTHING, EVERYTHING_LIVING])
def test_every_dialect_has_a_byte_for_it(dialect: Dialect) -> None:
    extended, symbol = blank_symbol(dialect)
    assert symbol
    assert extended.table[0][symbol] == Primitive.NOP
    assert extended.symbols.items() >= dialect.symbols.items()


def test_a_program_that_is_its_memory_holds_another_byte() -> None:
    machine = Machine(blanked(Program.parse("+++.", BFF), [1]), b"", BFF.settings)
    machine.run()
    assert (machine.snapshot().memory[0], machine.snapshot().memory[1]) == (ord("+") + 2, ord(" "))


def test_a_bracket_alone_leaves_its_partner_to_the_rule() -> None:
    program = Program.parse("+[>+<-]", TAPE)
    left = blanked(program, [6])
    assert left.unmatched.tolist() == [1]
    with pytest.raises(Exception, match=r"instruction 1\) has no partner"):
        Machine(left, b"", replace(TAPE.settings, unmatched=Unmatched.REJECT))


def test_what_cannot_be_blanked_is_refused() -> None:
    with pytest.raises(ChangeError, match="there is no instruction 4: the program has instructions 0 to 3"):
        blanked(Program.parse("++++", TAPE), [4])
    full = Dialect("full", tuple(Instruction(chr(byte), Primitive.ADD, 1) for byte in range(256)))
    with pytest.raises(ChangeError, match="every byte is a symbol of full"):
        blank_symbol(full)
