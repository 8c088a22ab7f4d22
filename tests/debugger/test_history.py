from __future__ import annotations

from gpdebug.debugger.history import MAX_VISITS, History, Visit


def test_walking_moves_the_present_visit_and_jumping_adds_one() -> None:
    history = History()
    history.walk(Visit(3))
    history.jump(Visit(100))
    history.walk(Visit(101))
    assert history.back() == Visit(3)
    assert history.back() is None
    assert history.forward() == Visit(101)
    assert history.forward() is None


def test_a_jump_forgets_what_lay_ahead() -> None:
    history = History()
    history.jump(Visit(10))
    history.jump(Visit(20))
    history.back()
    history.jump(Visit(30))
    assert history.forward() is None
    assert [history.back(), history.back()] == [Visit(10), Visit(0)]


def test_a_jump_to_the_same_place_is_none() -> None:
    history = History()
    history.jump(Visit(10))
    history.jump(Visit(10))
    assert history.back() == Visit(0)


def test_only_so_many_visits_are_kept() -> None:
    history = History()
    for step in range(1, 2 * MAX_VISITS):
        history.jump(Visit(step))
    back = 0
    while history.back() is not None:
        back += 1
    assert back == MAX_VISITS - 1
    assert history.forward() == Visit(MAX_VISITS + 1)
