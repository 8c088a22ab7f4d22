from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.grouping import Groups
from gpdebug.evolve.objectives import EXTRA, Wanted, judge
from gpdebug.evolve.selection import MOST_COMPARED, epsilons, lexicase, standings_of, tournament
from vm.state import Status


def measured(
    outputs: list[list[bytes]], wanted: list[bytes], *, circular: bool = False, status: Status = Status.FINISHED
) -> tuple[NDArray[np.int16], NDArray[np.int64], NDArray[np.uint64]]:
    """Objectives, totals and behaviours of programs that gave these outputs."""
    target = Wanted.of(wanted)
    count, cases = len(outputs), len(wanted)
    got = np.zeros((count, cases, target.width), np.uint8)
    lengths = np.array([[len(item) for item in row] for row in outputs], np.int32)
    for program, row in enumerate(outputs):
        for case, item in enumerate(row):
            kept = item[: target.width]
            got[program, case, : len(kept)] = np.frombuffer(kept, np.uint8)
    objectives = np.zeros((count, target.count), np.int16)
    totals, behaviours = np.zeros(count, np.int64), np.zeros(count, np.uint64)
    statuses = np.full((count, cases), status, np.uint8)
    layout = target.outputs, target.lengths, target.rows
    judge((got, lengths, statuses), layout, circular, 0, objectives, totals, behaviours)
    return objectives, totals, behaviours


def test_every_wanted_byte_is_an_objective_and_every_case_has_one_for_its_end() -> None:
    objectives, totals, _ = measured([[b"ab", b"\7"], [b"ac", b"\7"], [b"b", b"\7\7\7"]], [b"ab", b"\7"])
    assert objectives.tolist() == [[0, 0, 0, 0, 0], [0, 1, 0, 0, 0], [1, ord("b"), 1, 0, 32]]
    assert totals.tolist() == [0, 1, 1 + ord("b") + 1 + 32]


def test_extra_bytes_count_up_to_a_bound() -> None:
    objectives, _, _ = measured([[b"a" * (2 + EXTRA)], [b"a" * 90]], [b"a"])
    assert objectives[0, 1] == objectives[1, 1] == 16 * EXTRA


def test_a_run_that_does_not_end_is_never_right() -> None:
    _, totals, _ = measured([[b"ab"]], [b"ab"], status=Status.STEP_LIMIT)
    assert totals[0] == 16


def test_a_missing_zero_is_an_error_though_a_missing_byte_counts_as_zero() -> None:
    _, totals, _ = measured([[b""]], [b"\0"])
    assert totals[0] == 1


def test_circular_errors_go_the_shorter_way_round() -> None:
    plain, _, _ = measured([[b"\xff"]], [b"\1"])
    circular, _, _ = measured([[b"\xff"]], [b"\1"], circular=True)
    assert plain[0, 0] == 254
    assert circular[0, 0] == 2


def test_behaviours_are_equal_exactly_for_equal_outputs() -> None:
    _, _, behaviours = measured([[b"ab", b"c"], [b"ab", b"c"], [b"ac", b"b"], [b"ab", b"cc"]], [b"xx", b"y"])
    assert behaviours[0] == behaviours[1]
    assert len(set(behaviours.tolist())) == 3


def choose_by_tournament(
    totals: list[int], lengths: list[int], size: int, crossover: int = 0, pressure: tuple[list[int], int] = ([], 0)
) -> NDArray[np.int32]:
    parents = np.empty((2_000, 2), np.int32)
    key, children = (1, 0, 0), np.arange(2_000)
    steps = np.array(pressure[0], np.int64), pressure[1]
    tournament(np.array(totals), np.array(lengths), size, steps, crossover, key, children, parents)
    return parents


def test_tournaments_prefer_small_errors_and_among_equals_short_programs() -> None:
    shares = np.bincount(choose_by_tournament([9, 5, 5, 7], [1, 9, 3, 1], 3)[:, 0], minlength=4) / 2_000
    assert shares[2] > shares[1] > shares[3] > shares[0] > 0
    assert abs(shares[2] - (1 - (3 / 4) ** 3)) < 0.04


def test_a_part_of_the_children_has_two_parents() -> None:
    fathers = choose_by_tournament([1, 2, 3, 4], [1, 1, 1, 1], 2, crossover=30)[:, 1]
    assert 0.25 < np.mean(fathers >= 0) < 0.35
    assert np.all(choose_by_tournament([1, 2], [1, 1], 2)[:, 1] == -1)


def groups(sizes: list[int]) -> Groups:
    """Groups of so many neighbours."""
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
    return Groups(starts[:-1], np.arange(starts[-1], dtype=np.int32), starts)


def choose_by_lexicase(
    objectives: list[list[int]],
    sizes: list[int] | None = None,
    slack: list[int] | None = None,
    children: int = 1_000,
    pressure: tuple[list[int], int] = ([], 0),
) -> NDArray[np.intp]:
    """How often each individual became a parent."""
    sizes = sizes or [1] * len(objectives)
    table = np.repeat(np.array(objectives, np.int16), sizes, axis=0)
    parents = np.empty((children, 2), np.int32)
    allowed = np.array(slack or [0] * table.shape[1])
    steps = np.array(pressure[0], np.int64), pressure[1]
    lexicase(standings_of(table, groups(sizes), allowed), steps, 0, (1, 0, 0), np.arange(children), parents)
    return np.bincount(parents[:, 0], minlength=len(table))


def test_lexicase_chooses_specialists_and_never_who_is_worse_at_everything() -> None:
    chosen = choose_by_lexicase([[0, 50], [50, 0], [10, 10], [60, 60]])
    assert chosen[2] == chosen[3] == 0
    assert 400 < chosen[0] < 600


def test_lexicase_takes_a_group_first_and_then_anyone_of_it() -> None:
    chosen = choose_by_lexicase([[0, 5], [5, 0]], [3, 1])
    assert 400 < chosen[3] < 600
    assert min(chosen[:3]) > 100


def test_lexicase_is_exact_however_many_are_best_at_something() -> None:
    many = [[0, 9 + index % 7, index % 5] for index in range(400)]
    few = [[5, 0, 7]]
    chosen = choose_by_lexicase(many + few, children=3_000)
    assert 0.29 < chosen[400] / 3_000 < 0.38
    best = [index for index, errors in enumerate(many) if errors[2] == 0]
    assert all(many[index] == [0, 9, 0] for index in np.flatnonzero(chosen[:400]) if many[index][2] == 0)
    assert chosen[:400].sum() == chosen[best].sum() + sum(chosen[index] for index in range(400) if index not in best)


def test_of_a_huge_population_each_parent_is_the_best_of_a_sample() -> None:
    count = 2 * MOST_COMPARED
    objectives = [[0, 9]] * (count // 10) + [[5, 5]] * (count * 9 // 10)
    chosen = choose_by_lexicase(objectives, children=200)
    assert 60 < chosen[: count // 10].sum() < 140
    assert np.count_nonzero(chosen) > 190


def test_step_pressure_prefers_fast_programs_beyond_ties() -> None:
    totals, steps = [5, 6], [900, 3]
    without = choose_by_tournament(totals, [1, 1], 3)[:, 0]
    assert np.mean(without == 1) < 0.2
    for percent in (50, 100):
        chosen = choose_by_tournament(totals, [1, 1], 3, pressure=(steps, percent))[:, 0]
        once, twice = 1 / 8, 1 - (7 / 8) ** 2
        assert abs(np.mean(chosen == 1) - (once + (twice - once) * percent / 100)) < 0.03


def test_step_pressure_prefers_fast_programs_among_those_that_lexicase_chooses() -> None:
    objectives, steps = [[0, 50], [50, 0], [60, 60]], [900, 3, 1]
    assert 400 < choose_by_lexicase(objectives)[1] < 600
    chosen = choose_by_lexicase(objectives, pressure=(steps, 100))
    assert 700 < chosen[1] < 800
    assert chosen[2] == 0
    alike = choose_by_lexicase([[1, 1]], [4], pressure=([9, 9, 2, 9], 100))
    assert abs(alike[2] / 1_000 - (1 - (3 / 4) ** 2)) < 0.05
    many = choose_by_lexicase([[0]] * (2 * MOST_COMPARED), pressure=([7, 8] * MOST_COMPARED, 100))
    assert abs(many[::2].sum() / 1_000 - 0.75) < 0.05


def test_epsilon_lexicase_lets_pass_what_is_nearly_as_good() -> None:
    errors = [[0, 50], [50, 0], [2, 1], [60, 60]]
    assert choose_by_lexicase(errors)[2] == 0
    assert choose_by_lexicase(errors, slack=[2, 1]).tolist() == [0, 0, 1_000, 0]
    assert choose_by_lexicase(errors, slack=[2, 0])[0] == 0


def test_what_is_nearly_as_good_is_measured_by_those_who_are_left() -> None:
    """The third is best at the second objective, but gone if the first objective comes first."""
    chosen = choose_by_lexicase([[0, 8], [1, 6], [5, 4]], slack=[1, 2])
    assert 200 < chosen[0] < 300
    assert chosen[2] == 0


def test_epsilons_are_the_median_absolute_deviations() -> None:
    random = np.random.default_rng(3)
    for count in (1, 2, 7, 40):
        objectives = random.integers(0, 300, (count, 5)).astype(np.int16)
        spread = np.median(np.abs(objectives - np.median(objectives, axis=0)), axis=0)
        assert epsilons(objectives).tolist() == np.floor(spread).tolist()
