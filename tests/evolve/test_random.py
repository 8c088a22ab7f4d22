from __future__ import annotations

import numpy as np

from gpdebug.evolve import choices
from gpdebug.evolve.random import below, draw, seek


def test_the_generator_gives_the_published_numbers_of_splitmix64() -> None:
    stream = np.array([1234567], np.uint64)
    assert [int(draw(stream)) for _ in range(5)] == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ]


def test_a_stream_depends_on_every_part_of_its_key_and_on_nothing_else() -> None:
    stream = np.zeros(1, np.uint64)
    firsts = []
    keys = [(1, 2, 3, 4), (0, 2, 3, 4), (1, 0, 3, 4), (1, 2, 0, 4), (1, 2, 3, 0), (2, 1, 3, 4), (1, 2, 3, 4)]
    for key in keys:
        seek(stream, *key)
        firsts.append(int(draw(stream)))
    assert firsts[0] == firsts[-1]
    assert len(set(firsts)) == len(keys) - 1


def test_whole_numbers_stay_below_their_bound_and_are_even() -> None:
    stream = np.zeros(1, np.uint64)
    seek(stream, 5, 0, 0, 0)
    counts = np.bincount([below(stream, 7) for _ in range(14_000)], minlength=7)
    assert len(counts) == 7
    assert counts.min() > 1_800
    assert counts.max() < 2_200


def test_a_sample_has_no_number_twice_and_is_the_same_for_a_key() -> None:
    first = choices.sample(choices.keyed(1, 2), 8, 100)
    assert first == choices.sample(choices.keyed(1, 2), 8, 100)
    assert first != choices.sample(choices.keyed(2, 2), 8, 100)
    assert len(set(first)) == 8
    assert choices.sample(choices.keyed(1), 8, 3) == [0, 1, 2]
