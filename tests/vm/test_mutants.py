"""Mutants: what edits write, and that the short cuts of running them change nothing."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vm.runs import Run, runs
from vm import mutant_runs
from vm.dialect import BF, TAPE, Io
from vm.mutant_runs import MutantMachine, MutantRuns, Original, run_original
from vm.mutants import Edit, Mutants
from vm.program import Program
from vm.scoring import Scorer
from vm.settings import Unmatched
from vm.state import Status

EXAMPLES = 60


@st.composite
def originals(draw: st.DrawFn) -> Original:
    """A program on a few cases; now and then with settings that reject stray brackets."""
    run: Run = draw(runs())
    machine = run.settings
    if not len(run.program.unmatched) and draw(st.booleans()):
        machine = dataclasses.replace(machine, unmatched=Unmatched.REJECT)
    inputs = [run.data]
    if run.program.dialect.io is not Io.TAPE:
        inputs += draw(st.lists(st.binary(max_size=len(run.data)), max_size=3))
    wanted = draw(st.none() | st.lists(st.binary(max_size=4), min_size=len(inputs), max_size=len(inputs)))
    return run_original(run.program, inputs, wanted, draw(st.sampled_from(Scorer)), machine)


@st.composite
def mutants_of(draw: st.DrawFn, original: Original) -> Mutants:
    """Mutants of one to three edits at places of their own, some of them with the same symbol again."""
    length = len(original.code)
    symbols = st.sampled_from(sorted(map(ord, original.dialect.symbols)))

    @st.composite
    def edit(draw: st.DrawFn, place: int) -> tuple[Edit, int, int]:
        kind = draw(st.sampled_from(Edit)) if place < length else Edit.INSERT
        return kind, place, 0 if kind is Edit.DELETE else draw(symbols)

    places = st.lists(st.integers(0, length), min_size=1, max_size=3, unique=True)
    return Mutants.of([[draw(edit(place)) for place in draw(places)] for _ in range(draw(st.integers(1, 12)))])


def require_same(fast: MutantRuns, plain: MutantRuns) -> None:
    assert fast.errors.tolist() == plain.errors.tolist()
    assert fast.status.tolist() == plain.status.tolist()
    assert fast.changed.tolist() == plain.changed.tolist()


@given(data=st.data(), room=st.sampled_from([1, 2_000, 1 << 26]))
@settings(max_examples=EXAMPLES, deadline=None)
def test_short_cuts_change_nothing(data: st.DataObject, room: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(mutant_runs, "_MEMORIES", room)
        machine = MutantMachine(data.draw(originals()))
    mutants = data.draw(mutants_of(machine.original))
    require_same(machine.run(mutants), machine.run_plainly(mutants))


def test_one_mutant_leaves_nothing_behind_for_the_next_and_the_first_edit_counts() -> None:
    """Every substitution in a program whose blocks are all gone through several times, one by one and in pairs."""
    program = Program.parse("++[>++[>+<-]<-]>>[<+>-]<.", BF)
    machine = MutantMachine(run_original(program, [b""], settings=BF.settings.with_changes({"limit": 500})))
    plain = [place for place, partner in enumerate(program.partners.tolist()) if partner < 0]
    puts = [(Edit.PUT, place, ord(symbol)) for place in plain for symbol in "+->."]
    mutants = Mutants.of([*([put] for put in puts), *itertools.combinations(puts[::-3], 2)])
    require_same(machine.run(mutants), machine.run_plainly(mutants))


def test_edits_write_what_they_say() -> None:
    edits = [
        [(Edit.PUT, 1, ord("x"))],
        [(Edit.INSERT, 0, ord("x"))],
        [(Edit.INSERT, 3, ord("x"))],
        [(Edit.DELETE, 2, 0)],
        [(Edit.DELETE, 2, 0), (Edit.DELETE, 0, 0), (Edit.INSERT, 3, ord("x"))],
        [],
    ]
    written = Mutants.of(edits).written(b"abc")
    assert [written[row] for row in range(6)] == [b"axc", b"xabc", b"abcx", b"ab", b"bx", b"abc"]
    part = Mutants.of(edits).part(3, 5).written(b"abc")
    assert [part[row] for row in range(2)] == [b"ab", b"bx"]


def test_threads_do_not_change_the_result() -> None:
    original = run_original(Program.parse("[>]<[.<}]+-", TAPE), [b"abc", b"", b"x"])
    machine = MutantMachine(original)
    places = np.arange(11, dtype=np.int64)
    mutants = Mutants.single(places, np.full(11, Edit.DELETE, np.uint8), np.zeros(11, np.uint8))
    require_same(machine.run(mutants, threads=3), machine.run(mutants))


def test_an_instruction_that_cannot_be_executed_is_come_to() -> None:
    settings = TAPE.settings.with_changes({"edge": "halt", "memory": 4})
    original = run_original(Program.parse("+<+", TAPE), [b""], settings=settings)
    assert MutantMachine(original).executions.tolist() == [[1], [1], [0]]


@pytest.mark.parametrize(("code", "limit"), [("+", 0), ("++", 1), ("+[-]+", 4)])
def test_without_its_last_instruction_a_run_that_was_cut_off_just_before_it_has_finished(code: str, limit: int) -> None:
    original = run_original(Program.parse(code, TAPE), [b""], settings=TAPE.settings.with_changes({"limit": limit}))
    mutants = Mutants.of([[(Edit.DELETE, len(code) - 1, 0)]])
    assert original.status.tolist() == [Status.STEP_LIMIT]
    assert MutantMachine(original).executions[-1].tolist() == [0]
    assert MutantMachine(original).run(mutants).status.tolist() == [[Status.FINISHED]]


def test_what_must_be_rejected_has_no_errors() -> None:
    original = run_original(Program.parse("+[-]", BF), [b"", b"a"])
    mutants = Mutants.of([[(Edit.DELETE, 1, 0)], [(Edit.DELETE, 1, 0), (Edit.DELETE, 3, 0)]])
    runs = MutantMachine(original).run(mutants)
    assert runs.errors.tolist() == [[-1, -1], [0, 0]]
    assert runs.status.tolist() == [[0, 0], [1, 1]]
