from __future__ import annotations

from gpdebug.debugger.history import MAX_VISITS, History


def test_walking_moves_the_present_visit_and_jumping_adds_one() -> None:
    history = History()
    history.walk(3)
    history.jump(100)
    history.walk(101)
    assert history.back() == 3
    assert history.back() is None
    assert history.forward() == 101
    assert history.forward() is None


def test_a_jump_forgets_what_lay_ahead() -> None:
    history = History()
    history.jump(10)
    history.jump(20)
    history.back()
    history.jump(30)
    assert history.forward() is None
    assert [history.back(), history.back()] == [10, 0]


def test_a_jump_to_the_same_place_is_none() -> None:
    history = History()
    history.jump(10)
    history.jump(10)
    assert history.back() == 0


def test_only_so_many_visits_are_kept() -> None:
    history = History()
    for step in range(1, 2 * MAX_VISITS):
        history.jump(step)
    back = 0
    while history.back() is not None:
        back += 1
    assert back == MAX_VISITS - 1
    assert history.forward() == MAX_VISITS + 1
