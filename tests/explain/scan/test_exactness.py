"""Every entry of a scan is what the reference machine makes of that very mutant."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from gpdebug.explain.blank import blanked
from gpdebug.explain.scan.knockout import knock_out
from gpdebug.explain.scan.mutation import scan_mutations
from gpdebug.explain.scan.outcomes import Effect, Outcomes
from gpdebug.explain.scan.subject import Subject
from tests.explain.scan.examples import Ran, by_reference, subjects
from vm.mutants import Edit


def require_same(outcomes: Outcomes, row: int, expected: list[Ran], own: list[Ran]) -> None:
    assert outcomes.errors[row].tolist() == [ran.error for ran in expected]
    assert outcomes.status[row].tolist() == [ran.status for ran in expected]
    changed = [(ran.status, ran.output) != (mine.status, mine.output) for ran, mine in zip(expected, own, strict=True)]
    rejected = [ran.error < 0 for ran in expected]
    assert (outcomes.changed[row] | outcomes.rejected[row]).tolist() == np.logical_or(changed, rejected).tolist()


@given(subjects())
@settings(max_examples=40, deadline=None)
def test_a_knock_out_is_the_run_of_the_program_with_a_blank_in_it(subject: Subject) -> None:
    found = knock_out(subject)
    own = by_reference(subject, subject.original.code)
    for site in range(len(subject.program)):
        code = blanked(subject.program, [site]).code.tobytes()
        require_same(found.sites, site, by_reference(subject, code), own)
    for row, pair in enumerate(found.brackets.tolist()):
        code = blanked(subject.program, pair).code.tobytes()
        require_same(found.pairs, row, by_reference(subject, code), own)


@given(subjects(longest=8))
@settings(max_examples=40, deadline=None)
def test_a_mutation_is_the_run_of_the_edited_program(subject: Subject) -> None:
    found = scan_mutations(subject)
    own = by_reference(subject, subject.original.code)
    code, seen = subject.original.code, 0
    for place in range(len(code) + 1):
        for column, kind in enumerate(found.kinds):
            symbol = bytes([kind.symbol])
            edited = {
                Edit.PUT: code[:place] + symbol + code[place + 1 :],
                Edit.INSERT: code[:place] + symbol + code[place:],
                Edit.DELETE: code[:place] + code[place + 1 :],
            }[kind.edit]
            row = int(found.rows[place, column])
            is_one = kind.edit is Edit.INSERT or (place < len(code) and edited != code)
            assert (row >= 0) == (is_one or (kind.edit is Edit.DELETE and place < len(code)))
            if row >= 0:
                seen += 1
                require_same(found.outcomes, row, by_reference(subject, edited), own)
    assert seen == len(found.outcomes)


@given(subjects())
@settings(max_examples=40, deadline=None)
def test_effects_are_what_their_definition_says(subject: Subject) -> None:
    found = knock_out(subject)
    own = by_reference(subject, subject.original.code)
    for site in range(len(subject.program)):
        expected = by_reference(subject, blanked(subject.program, [site]).code.tobytes())
        total, before = sum(ran.error for ran in expected), sum(ran.error for ran in own)
        same = [(a.status, a.output) for a in expected] == [(b.status, b.output) for b in own]
        reached = bool(subject.executions[site].any())
        if expected[0].error < 0 or (total > before and total >= subject.nothing):
            effect = Effect.LETHAL
        elif total != before:
            effect = Effect.HARMFUL if total > before else Effect.BENEFICIAL
        elif not same:
            effect = Effect.NEUTRAL
        else:
            effect = Effect.INTRON if reached else Effect.NEVER_EXECUTED
        assert Effect(int(found.sites.effects[site])) is effect
