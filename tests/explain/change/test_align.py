"""Which byte of an output became which: a byte more or less shifts the others, and is told apart from a changed one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpdebug.explain.change import align as aligning
from gpdebug.explain.change.align import Pair, align
from gpdebug.explain.change.changes import BlankStep
from gpdebug.explain.change.free import free_run
from gpdebug.explain.change.outcome import ByteChange, Difference
from gpdebug.explain.change.run import Run
from vm.dialect import BF, TAPE
from vm.program import Program

OUTPUTS = st.lists(st.tuples(st.sampled_from(b"abc"), st.integers(0, 9)), max_size=8)


def aligned(before: bytes, after: bytes, before_steps: list[int], after_steps: list[int]) -> list[Pair]:
    return list(align(before, np.array(before_steps, np.int64), after, np.array(after_steps, np.int64)))


def difference(program: str, changes: list[BlankStep]) -> Difference:
    run = Run.of(Program.parse(program, BF))
    return Difference(free_run(run), free_run(run, changes))


def test_a_byte_that_is_gone_is_the_one_whose_step_is_gone() -> None:
    assert aligned(b"aab", b"ab", [1, 2, 3], [2, 3]) == [(0, None), (1, 0), (2, 1)]
    assert aligned(b"aab", b"ab", [1, 2, 3], [1, 3]) == [(0, 0), (1, None), (2, 1)]


def test_a_changed_byte_of_the_same_step_stays_that_byte() -> None:
    assert aligned(b"abc", b"axc", [1, 2, 3], [1, 2, 3]) == [(0, 0), (1, 1), (2, 2)]


def test_what_comes_later_is_paired_by_value() -> None:
    assert aligned(b"abcd", b"bcd", [1, 2, 3, 4], [7, 8, 9]) == [(0, None), (1, 0), (2, 1), (3, 2)]


def test_a_region_does_not_shift() -> None:
    assert list(align(b"abc", None, b"bc", None)) == [(0, 0), (1, 1), (2, None)]


@given(OUTPUTS, OUTPUTS)
def test_each_byte_is_in_one_pair_in_order(ours: list[tuple[int, int]], theirs: list[tuple[int, int]]) -> None:
    before, after = bytes(value for value, _ in ours), bytes(value for value, _ in theirs)
    found = aligned(before, after, sorted(step for _, step in ours), sorted(step for _, step in theirs))
    assert [i for i, _ in found if i is not None] == list(range(len(ours)))
    assert [j for _, j in found if j is not None] == list(range(len(theirs)))
    assert (None, None) not in found


def test_where_there_are_very_many_what_differs_is_paired_by_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aligning, "MOST", 3)
    assert aligned(b"xabcy", b"xbcy", [1, 2, 3, 4, 5], [1, 6, 7, 8]) == [(0, 0), (1, None), (2, 1), (3, 2), (4, 3)]
    assert aligned(b"xabay", b"xcdy", [1, 2, 3, 4, 5], [1, 6, 7, 8]) == [(0, 0), (1, 1), (2, 2), (3, None), (4, 3)]


def test_a_difference_tells_what_changed_what_moved_and_what_became_of_a_byte() -> None:
    found = difference("+.+.+.", [BlankStep(1)])
    assert found.bytes == (ByteChange(0, None, 1, None),)
    assert found.moved == 2
    assert [found.output_byte(index) for index in range(3)] == [None, 2, 3]
    assert not found.is_none
    changed = difference("+.>.", [BlankStep(2)])
    assert (changed.bytes, changed.moved) == ((ByteChange(1, 1, 0, 1),), 0)
    with pytest.raises(IndexError):
        found.output_byte(3)


def test_nothing_differs_where_nothing_is_seen() -> None:
    run = Run.of(Program.parse("+>", TAPE))
    assert Difference(free_run(run), free_run(run)).is_none
    assert Difference(free_run(run), free_run(run, [BlankStep(0)])).cells.tolist() == [0]
