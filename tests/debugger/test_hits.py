"""Hits are counted on from the last count that is not later: one too late would count what has not happened yet."""

from __future__ import annotations

from gpdebug.debugger.hits import Count, HitBook, Place

LOOP: Place = (3, "")
OTHER: Place = (5, "cell0 > 1")


def book() -> HitBook:
    made = HitBook()
    for step, hits in ((8, 2), (16, 4)):
        made.note(Count(step, {LOOP: hits}, arrived=False))
    return made


def test_the_best_count_is_the_last_that_is_not_later() -> None:
    assert [book().best(step, [LOOP]).step for step in (7, 8, 15, 16, 99)] == [0, 8, 8, 16, 16]
    assert book().best(7, [LOOP]).hits == {LOOP: 0}


def test_a_count_without_a_place_is_none_for_it() -> None:
    assert book().at(8, [LOOP, OTHER]) is None
    assert book().best(99, [LOOP, OTHER]) == Count(0, {LOOP: 0, OTHER: 0}, arrived=False)


def test_where_the_session_last_stood_is_used_from_there_on() -> None:
    made = book()
    stood = Count(12, {LOOP: 3}, arrived=True)
    made.note(stood)
    assert made.best(12, [LOOP]) is stood
    assert [made.best(step, [LOOP]).step for step in (11, 15, 16)] == [8, 12, 16]
    assert made.at(12, [LOOP]) is None


def test_pruning_forgets_other_steps() -> None:
    made = book()
    made.prune({16})
    assert len(made) == 1
    assert made.at(16, [LOOP]) is not None
