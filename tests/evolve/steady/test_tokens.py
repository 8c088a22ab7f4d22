from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.evolve.arms import ARMS
from gpdebug.evolve.genome import MAX_TOKENS, language_of, written
from gpdebug.evolve.objectives import Wanted
from gpdebug.evolve.options import Arm
from gpdebug.evolve.steady.births import results_for, scratch_for
from gpdebug.evolve.steady.running import clean, run_tokens
from gpdebug.evolve.steady.tokens import Meanings, compile_tokens, meanings_of
from gpdebug.evolve.variation import populate
from gpdebug.store.task import Case, Task
from vm.condition_kernel import output_length
from vm.dialect import BF, BF_EVOLVED, BFX, TAPE, Dialect, Instruction, Io, Other, Primitive
from vm.evaluate import Programs, evaluate
from vm.jit import kernel
from vm.layout import LIMIT, OUT_IS_STREAM, OUT_LENGTH, OUT_START
from vm.raw import address
from vm.scoring import Scorer
from vm.settings import Settings

RICH = Dialect(
    "rich",
    tuple(
        Instruction(symbol, primitive, argument)
        for symbol, primitive, argument in (
            (">", Primitive.MOVE0, 1), ("<", Primitive.MOVE0, -1), ("}", Primitive.MOVE1, 3), ("+", Primitive.ADD, 1),
            ("-", Primitive.ADD, -1), ("6", Primitive.ADD, 6), ("s", Primitive.SET, 5), ("c", Primitive.COPY01, 0),
            ("d", Primitive.COPY10, 0), ("[", Primitive.OPEN, 0), ("]", Primitive.CLOSE, 0), (",", Primitive.READ, 0),
            (".", Primitive.WRITE, 0), ("k", Primitive.STASH, 0), ("u", Primitive.UNSTASH, 0), ("h", Primitive.HALT, 0),
        )
    ),
    other=Other.ERROR,
    io=Io.STREAMS,
    settings=Settings(memory=40, limit=300),
)  # fmt: skip
MACHINES = {
    "tape": TAPE.with_settings(limit=700),
    "tape of seven cells": TAPE.with_settings(memory=7, limit=90, in_at=2, out_at=3, out_len=2),
    "bf": BF.with_settings(limit=700),
    "bfx": BFX.with_settings(memory=20, limit=200),
    "bf-evolved": BF_EVOLVED.with_settings(memory=20, limit=200, eof="halt"),
    "rich": RICH,
    "rich at the edges": RICH.with_settings(edge="halt", eof="keep", out_limit=3, memory=9),
}


@kernel()
def run_all(
    genomes: Any, sizes: Any, meanings: Meanings, cases: Any, got: Any, scratch: Any, wanted: Any, bound: int
) -> None:
    child, ops, pending, memory, dirt, _ = scratch
    child_at, ops_at, effects_at = address(child), address(ops), address(meanings.effects)
    for row in range(len(sizes)):
        child[:256] = genomes[row]
        compile_tokens(
            child_at, sizes[row], effects_at, meanings.cells, meanings.halting, ops_at, address(pending)
        )  # fmt: skip
        for case in range(len(cases[1]) - 1):
            at, stop = cases[1][case], cases[1][case + 1]
            if not meanings.start[4]:
                memory[meanings.start[0] : meanings.start[0] + stop - at] = cases[0][at:stop]
            status, written, dirty, left, _, _ = run_tokens(
                child_at, ops_at, effects_at, address(memory), meanings.cells, address(cases[0]), at, stop,
                address(got[0][row, case]), got[0].shape[2], address(meanings.settings), meanings.halting,
                meanings.start[1], meanings.start[2], address(wanted[0][case]), np.int64(wanted[1][case]), False,
                bound, address(dirt),
            )  # fmt: skip
            length = output_length(memory, meanings.settings, written)
            got[1][row, case], got[2][row, case] = length, status
            got[3][row, case] = meanings.settings[LIMIT] - left
            if meanings.settings[OUT_LENGTH] != OUT_IS_STREAM:
                for index in range(min(length, got[0].shape[2])):
                    got[0][row, case, index] = memory[meanings.settings[OUT_START] + index]
                if stop > at:
                    memory[meanings.start[0] : meanings.start[0] + stop - at] = 0
            clean(memory, dirt, dirty)


@pytest.mark.parametrize("machine", MACHINES)
@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**62), cap=st.integers(4, 120), arm=st.sampled_from(Arm), data=st.data())
def test_a_genome_does_exactly_what_its_program_does(machine: str, seed: int, cap: int, arm: Arm, data: Any) -> None:
    dialect = MACHINES[machine]
    inputs = data.draw(st.lists(st.binary(max_size=4), min_size=1, max_size=3))
    outputs = data.draw(st.lists(st.binary(max_size=6), min_size=len(inputs), max_size=len(inputs)))
    language = language_of(dialect)
    task = Task("any", dialect, tuple(map(Case, inputs, outputs)), (), Scorer.BYTES, "", "")
    material = ARMS[arm].material(task, language, 1)
    genomes, sizes = np.zeros((60, MAX_TOKENS), np.uint16), np.zeros(60, np.int32)
    populate(genomes, sizes, material, (cap, 2_000), (seed, 0, 0), MAX_TOKENS)
    wanted = Wanted.of(outputs)
    meanings = meanings_of(dialect, dialect.settings, language)
    packed = Programs.of(inputs)
    expected = evaluate(written(genomes, sizes, language), inputs, dialect, width=wanted.width)
    got = tuple(np.zeros((60, *array.shape[1:]), array.dtype) for array in results_for(wanted)[:3])
    got = (*got, np.zeros(got[1].shape, np.int64))
    scratch = scratch_for(meanings, dialect.settings.limit, MAX_TOKENS)
    tables = (wanted.outputs, wanted.lengths, wanted.rows)
    run_all(genomes, sizes, meanings, (packed.code, packed.offsets), got, scratch, tables, -1)
    assert np.array_equal(got[2], expected.status)
    assert np.array_equal(got[3], expected.steps)
    assert np.array_equal(got[1], expected.lengths)
    assert np.array_equal(got[0], expected.outputs)
