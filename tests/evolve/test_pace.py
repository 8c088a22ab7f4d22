from __future__ import annotations

from gpdebug.evolve.pace import ALWAYS, LONGEST_UNSAVED, RARELY, SAVING, Pace


def test_milestones_leave_time_to_save_the_end() -> None:
    pace = Pace(spent=1.0, milestone=0.5, whole=2.0)
    assert pace.may_store(3.51 / SAVING)
    assert not pace.may_store(3.49 / SAVING)


def test_a_moment_to_store_milestones_is_there_in_any_case() -> None:
    assert Pace(spent=ALWAYS - 0.31, milestone=0.1, whole=0.2).may_store(0.01)
    assert not Pace(spent=ALWAYS - 0.29, milestone=0.1, whole=0.2).may_store(0.01)


def test_the_moment_is_not_there_to_save_everything() -> None:
    assert not Pace(milestone=0.01, whole=0.02).may_save(0.039 / SAVING)
    assert Pace(milestone=0.01, whole=0.02).may_save(0.041 / SAVING)


def test_what_the_end_will_take_is_guessed_from_milestones_until_it_is_known() -> None:
    pace = Pace()
    pace.stored(1.0)
    pace.stored(0.5)
    assert not pace.may_store(4.49 / SAVING)
    assert pace.may_store(4.51 / SAVING)
    pace.saved(10.0)
    assert not pace.may_store(22.4 / SAVING)
    assert pace.may_store(22.6 / SAVING)


def test_a_run_is_saved_once_a_minute_unless_that_takes_long() -> None:
    assert not Pace(whole=1.0).must_save(LONGEST_UNSAVED - 1)
    assert Pace(whole=1.0).must_save(LONGEST_UNSAVED)
    assert not Pace(whole=LONGEST_UNSAVED).must_save(RARELY * LONGEST_UNSAVED - 1)
