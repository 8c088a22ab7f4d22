"""Hits are counted on from the last count that is not later: one too late would count what has not happened yet."""

from __future__ import annotations

from gpdebug.debugger.hits import Count, Counted, HitBook

LOOP = Counted(3, "")
OTHER = Counted(5, "cell0 > 1")


def book() -> HitBook:
    made = HitBook()
    for step, hits in ((8, 2), (16, 4)):
        made.note(Count(step, {LOOP: hits}))
    return made


def steps(made: HitBook, *wanted: int) -> list[int | None]:
    found = [made.best(step, {LOOP}) for step in wanted]
    return [None if count is None else count.step for count in found]


def test_the_best_count_is_the_last_that_is_not_later() -> None:
    assert steps(book(), 7, 8, 15, 16, 99) == [None, 8, 8, 16, 16]


def test_a_count_without_a_place_is_none_for_it() -> None:
    assert book().best(99, {LOOP, OTHER}) is None


def test_a_rule_makes_other_firings_of_the_same_hits() -> None:
    assert book().best(99, {Counted(3, "", "% 2")}) is None


def test_where_the_session_last_stood_is_used_from_there_on() -> None:
    made = book()
    made.stand(Count(12, {LOOP: 3}))
    assert steps(made, 11, 12, 15, 16) == [8, 12, 12, 16]


def test_pruning_forgets_other_steps() -> None:
    made = book()
    made.prune({16})
    assert len(made) == 1
    assert steps(made, 15, 16) == [None, 16]
