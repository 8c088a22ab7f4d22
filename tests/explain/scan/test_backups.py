"""Back-ups are exactly the pairs of neutral places that are harmful together."""

from __future__ import annotations

import itertools

from hypothesis import given, settings

from gpdebug.explain.blank import blanked
from gpdebug.explain.scan.backups import BackUps, find_back_ups
from gpdebug.explain.scan.knockout import knock_out
from gpdebug.explain.scan.present import back_up_lines
from gpdebug.explain.scan.subject import Subject
from tests.explain.scan.examples import by_reference, subject_of, subjects
from vm.dialect import TAPE


def total(subject: Subject, sites: set[int]) -> int | None:
    """The error with some sites blanked, by the reference machine; None if it cannot be loaded."""
    ran = by_reference(subject, blanked(subject.program, sorted(sites)).code.tobytes())
    return None if ran[0].error < 0 else sum(each.error for each in ran)


def expected(subject: Subject) -> list[tuple[set[int], set[int]]]:
    partners = subject.program.partners.tolist()
    units = [{site} for site in range(len(partners)) if partners[site] < 0]
    units += [{site, to} for site, to in enumerate(partners) if to > site]
    units = sorted((unit for unit in units if total(subject, unit) == subject.error), key=min)
    found = []
    for one, other in itertools.combinations(units, 2):
        error = total(subject, one | other)
        if error is None or error > subject.error:
            found.append((one, other))
    return found


def told(found: BackUps) -> list[tuple[set[int], set[int]]]:
    units = [set(unit) for unit in found.units.tolist()]
    return [(units[one], units[other]) for one, other in sorted(found.pairs.tolist())]


@given(subjects(longest=10))
@settings(max_examples=40, deadline=None)
def test_they_are_the_neutral_pairs_that_are_harmful_together(subject: Subject) -> None:
    found = find_back_ups(knock_out(subject))
    assert told(found) == expected(subject)
    assert found.untried == 0
    for (one, other), error in zip(found.pairs.tolist(), found.outcomes.totals.tolist(), strict=True):
        both = {*found.units[one].tolist(), *found.units[other].tolist()}
        assert error == (total(subject, both) if total(subject, both) is not None else -1)


def test_two_loops_that_do_the_same_back_each_other_up() -> None:
    subject = subject_of("[-][-]", TAPE, (b"\x05", b""), out_at=0)
    found = find_back_ups(knock_out(subject))
    assert told(found) == [({0, 2}, {4})]  # either the first runs once and the second clears, or the first clears


def test_when_there_are_too_many_the_nearest_are_tried_and_the_others_counted() -> None:
    subject = subject_of("+-" * 3 + "[-]" * 3, TAPE, (b"\x05", b""), out_at=0)
    knocked = knock_out(subject)
    all_of_them = find_back_ups(knocked)
    some = find_back_ups(knocked, most_pairs=2 * len(all_of_them.units))
    pairs = len(all_of_them.units) * (len(all_of_them.units) - 1) // 2
    assert some.reach == 2
    assert some.untried > 0
    assert some.untried + some.tried == pairs
    near = [pair for pair in sorted(all_of_them.pairs.tolist()) if pair[1] - pair[0] <= some.reach]
    assert sorted(some.pairs.tolist()) == near
    assert f"not tried: {some.untried} pairs" in back_up_lines(some)[1]
