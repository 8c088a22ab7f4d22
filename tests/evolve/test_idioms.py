from __future__ import annotations

import numpy as np
import pytest

from gpdebug.evolve import catalogue
from gpdebug.evolve.arms import ARMS
from gpdebug.evolve.genome import language_of, written
from gpdebug.evolve.idioms import COUNT, LONGEST_BODY, MEMORY, STEP_LIMIT, draw_loops, scratch_for_loops
from gpdebug.evolve.options import Arm
from gpdebug.evolve.steady.arm import CONSTANTS
from gpdebug.evolve.steady.tokens import meanings_of
from vm.dialect import BF, BF_EVOLVED, TAPE, Dialect
from vm.machine import Machine
from vm.program import Program
from vm.state import State, Status


@pytest.mark.parametrize("dialect", [TAPE, BF, BF_EVOLVED.with_settings(edge="halt")])
def test_idioms_end_and_change_something_and_every_other_one_counts_by_one(dialect: Dialect) -> None:
    machine = dialect.with_settings(memory=MEMORY, in_at=0, out_at=None, out_len=None, limit=STEP_LIMIT)
    language, scratch = language_of(machine), scratch_for_loops()
    tokens, sizes = np.zeros((COUNT, LONGEST_BODY + 2), np.uint16), np.zeros(COUNT, np.int32)
    meanings = meanings_of(machine, machine.settings, language)
    assert draw_loops(meanings, language, 5, tokens, sizes, scratch) == COUNT
    loops = written(tokens, sizes, language)
    first, second = meanings.start[1:3].tolist()
    moment = State(0, first, second, 0, Status.RUNNING, 0, 0, scratch[4][1].copy(), b"")
    assert np.count_nonzero(moment.memory) > 5
    for row in range(COUNT):
        run = Machine(Program(loops[row], machine))
        run.restore(moment)
        run.run(budget=STEP_LIMIT)
        end = run.snapshot()
        assert end.status in (Status.FINISHED, Status.HALTED), loops[row]
        assert (end.head0, end.head1, end.output, end.memory.tobytes()) != (
            moment.head0, moment.head1, moment.output, moment.memory.tobytes()
        ), loops[row]  # fmt: skip
        if row % 2 and loops[row].count(b">") == loops[row].count(b"<") == 0:
            assert abs(loops[row].count(b"+") - loops[row].count(b"-")) == 1, loops[row]


def test_an_arm_that_inserts_no_idioms_has_none() -> None:
    task = catalogue.find("text:hi")
    language = language_of(task.dialect)
    assert len(CONSTANTS.material(task, language, 1).idioms) == 0
    assert len(ARMS[Arm.LONG].material(task, language, 1).idioms) == COUNT
