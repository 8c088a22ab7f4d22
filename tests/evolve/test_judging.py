from __future__ import annotations

from random import Random

import numpy as np

from gpdebug.evolve.crowd import Crowd
from gpdebug.evolve.judging import FARTHER, HORIZON, Judge
from gpdebug.store.task import Case, Task
from vm.dialect import BF, TAPE
from vm.evaluate import Programs
from vm.scoring import Scorer

TEXT = bytes(range(1, HORIZON + FARTHER // 2 + 1))


def task() -> Task:
    """A constant that is longer than the first horizon."""
    cases = tuple(Case(bytes([number]), TEXT) for number in range(3))
    return Task("long", BF.with_settings(limit=3_000), cases, (), Scorer.BYTES, "", "")


def judge(*, one_by_one: bool = True) -> Judge:
    made = Judge(task(), circular=False, limit=3_000, one_by_one=one_by_one)
    made.choose(2, Random(1))
    return made


def measured(by: Judge, *sources: str) -> Crowd:
    crowd = Crowd.of_size(len(sources), by.objectives)
    by.measure(crowd, Programs.of([source.encode() for source in sources]))
    return crowd


NEAR = "+." * HORIZON
WHOLE = "+." * len(TEXT)


def test_bytes_beyond_the_horizon_do_not_count_until_somebody_is_right_up_to_there() -> None:
    by = judge()
    assert measured(by, NEAR, WHOLE, NEAR + ".").totals.tolist() == [0, 0, 0]
    assert not by.solves(NEAR.encode())
    assert by.extend()
    assert by.horizon == HORIZON + FARTHER
    totals = measured(by, NEAR, WHOLE).totals
    assert totals[0] > 0 == totals[1]


def test_a_horizon_stays_where_nobody_was_right() -> None:
    by = judge()
    measured(by, NEAR)
    assert not by.extend()
    assert by.horizon == HORIZON


def test_beyond_the_horizon_what_is_there_in_order_still_makes_a_difference() -> None:
    by = judge()
    crowd = measured(by, NEAR, WHOLE)
    assert crowd.objectives[:, by.wanted.count :].tolist() == [[FARTHER // 2, 0, FARTHER // 2] * 2, [0, 0, 0] * 2]
    assert crowd.behaviours[0] != crowd.behaviours[1]


def test_the_horizon_is_near_again_after_a_restart_and_is_what_it_was_after_an_interruption() -> None:
    by = judge()
    by.solves(NEAR.encode())
    by.extend()
    other = judge()
    other.resume(by.active, by.horizon)
    assert np.array_equal(other.wanted.outputs, by.wanted.outputs)
    by.choose(2, Random(2))
    assert by.horizon == HORIZON


def test_where_objectives_are_only_summed_all_bytes_count() -> None:
    by = judge(one_by_one=False)
    crowd = measured(by, NEAR, WHOLE)
    assert crowd.objectives.shape[1] == by.wanted.count == 2 * (len(TEXT) + 1)
    assert crowd.totals[0] > 0 == crowd.totals[1]


def test_who_is_challenged_gets_up_to_two_cases_that_it_fails_from_all_over_the_pool() -> None:
    cases = tuple(Case(bytes([number]), bytes([number])) for number in range(9))
    echoes = Task("echo", BF.with_settings(limit=3_000), cases, (), Scorer.BYTES, "", "")
    by = Judge(echoes, circular=False, limit=3_000, one_by_one=True)
    by.activate([3, 1])
    assert by.challenge(b"+++.")
    assert by.active == [3, 1, 0, 5]
    assert [bytes(item) for item in sorted(by.inputs)] == [b"\0", b"\1", b"\3", b"\5"]
    assert not by.challenge(b",.")
    assert by.active == [3, 1, 0, 5]


def test_who_fails_only_at_what_is_active_gets_no_other_cases() -> None:
    by = judge()
    by.activate([0, 1, 2])
    assert not by.challenge(b"")
    assert by.active == [0, 1, 2]


PAIRS = tuple(Case(bytes([number]), bytes([number, 2 * number, 0])) for number in range(12))


def in_sequence(active: list[int]) -> Judge:
    task = Task("numbers", TAPE.with_settings(limit=3_000, out_len=3), PAIRS, (), Scorer.BYTES, "", "")
    by = Judge(task, circular=True, limit=3_000, in_sequence=True)
    by.activate(active)
    return by


def test_of_numbers_in_sequence_each_counts_as_soon_as_somebody_is_right_on_all_before_it() -> None:
    by = in_sequence([3, 5])
    first, both = ".", ".}[->++<]>."
    assert by.horizon == by.seen == 1
    assert measured(by, first, both, "+.").totals.tolist() == [0, 0, 2]
    assert not by.solves(first.encode())
    assert by.extend()
    assert by.horizon == 2
    totals = measured(by, first, both).totals
    assert totals[0] > 0 == totals[1]
    assert not by.solves(both.encode())
    assert by.extend()
    assert by.horizon == 3
    assert by.seen > 3
    assert by.solves(both.encode())


def test_a_number_that_is_wrong_in_other_cases_does_not_move_the_horizon_but_makes_them_active() -> None:
    by = in_sequence([3])
    assert not by.solves(b"[-]+++.")
    assert by.extend()
    assert by.horizon == 1
    assert by.active == [3, 0, 1]
