from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.objectives import EXTRA, Wanted, judge
from gpdebug.evolve.selection import epsilons, lexicase, tournament
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
    judge((got, lengths, statuses), layout, circular, objectives, totals, behaviours)
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


def choose_by_tournament(totals: list[int], lengths: list[int], size: int, crossover: int = 0) -> NDArray[np.int32]:
    parents = np.empty((2_000, 2), np.int32)
    tournament(np.array(totals), np.array(lengths), size, crossover, (1, 0, 0), np.arange(2_000), parents)
    return parents


def test_tournaments_prefer_small_errors_and_among_equals_short_programs() -> None:
    shares = np.bincount(choose_by_tournament([9, 5, 5, 7], [1, 9, 3, 1], 3)[:, 0], minlength=4) / 2_000
    assert shares[2] > shares[1] > shares[3] > shares[0] > 0
    assert abs(shares[2] - (1 - (3 / 4) ** 3)) < 0.04


def test_a_part_of_the_children_has_two_parents() -> None:
    fathers = choose_by_tournament([1, 2, 3, 4], [1, 1, 1, 1], 2, crossover=30)[:, 1]
    assert 0.25 < np.mean(fathers >= 0) < 0.35
    assert np.all(choose_by_tournament([1, 2], [1, 1], 2)[:, 1] == -1)


def choose_by_lexicase(
    objectives: list[list[int]], members: list[int], starts: list[int], slack: list[int] | None = None
) -> list[int]:
    parents = np.empty((1_000, 2), np.int32)
    columns = np.array(objectives, np.int16).T.copy()
    lexicase(
        columns, np.array(members, np.int32), np.array(starts, np.int32), np.array(slack or [0] * len(columns)), 0,
        (1, 0, 0), np.arange(1_000), parents,
    )  # fmt: skip
    return [int(np.sum(parents[:, 0] == member)) for member in range(len(members))]


def test_lexicase_chooses_specialists_and_never_who_is_worse_at_everything() -> None:
    chosen = choose_by_lexicase([[0, 50], [50, 0], [10, 10], [60, 60]], [0, 1, 2, 3], [0, 1, 2, 3, 4])
    assert chosen[2] == chosen[3] == 0
    assert 400 < chosen[0] < 600


def test_lexicase_takes_a_group_first_and_then_anyone_of_it() -> None:
    chosen = choose_by_lexicase([[0, 5], [5, 0]], [0, 2, 3, 1], [0, 3, 4])
    assert 400 < chosen[1] < 600
    assert min(chosen[0], chosen[2], chosen[3]) > 100


def test_epsilon_lexicase_lets_pass_what_is_nearly_as_good() -> None:
    errors = [[0, 50], [50, 0], [2, 1], [60, 60]]
    assert choose_by_lexicase(errors, [0, 1, 2, 3], [0, 1, 2, 3, 4])[2] == 0
    assert choose_by_lexicase(errors, [0, 1, 2, 3], [0, 1, 2, 3, 4], slack=[2, 1]) == [0, 0, 1_000, 0]
    assert choose_by_lexicase(errors, [0, 1, 2, 3], [0, 1, 2, 3, 4], slack=[2, 0])[0] == 0


def test_epsilons_are_the_median_absolute_deviations_of_all_individuals() -> None:
    random = np.random.default_rng(3)
    for groups in (1, 2, 7, 40):
        objectives = random.integers(0, 300, (5, groups)).astype(np.int16)
        sizes = random.integers(1, 5, groups)
        everyone = np.repeat(objectives, sizes, axis=1).astype(float)
        spread = np.median(np.abs(everyone - np.median(everyone, axis=1, keepdims=True)), axis=1)
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32)
        assert epsilons(objectives, starts).tolist() == np.floor(spread).tolist()
