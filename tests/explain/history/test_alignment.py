"""Two programs side by side: the cheapest alignment there is, hunks that can be applied one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gpdebug.explain.history import pairing
from gpdebug.explain.history.alignment import align, align_birth
from gpdebug.explain.history.pairing import COSTS, JUMPING_COSTS, pair, pair_what_is_left
from vm.dialect import TAPE
from vm.program import Program

FAR = 1 << 30

codes = st.sampled_from([b"+", b"+-", b"+-[]", b"+-[]<>.,"]).flatmap(
    lambda symbols: st.lists(st.sampled_from(symbols), max_size=12).map(bytes)
)


def price(child: bytes, parent: bytes, pairs: list[int]) -> int:
    """What an alignment costs, by the definition."""
    swap, begin_new, each_new, begin_gone, each_gone, _ = COSTS
    total = at = place = 0
    for index, other in [*((i, j) for i, j in enumerate(pairs) if j >= 0), (len(child), len(parent))]:
        assert index >= at
        assert other >= place
        total += (begin_new + each_new * (index - at)) * (index > at)
        total += (begin_gone + each_gone * (other - place)) * (other > place)
        if index < len(child):
            total += swap * (child[index] != parent[other])
        at, place = index + 1, other + 1
    return total


def cheapest(child: bytes, first: bytes, second: bytes | None = None) -> int:
    """The smallest cost: every way there is, with at most one jump between two symbols of the child."""
    swap, begin_new, each_new, begin_gone, each_gone, jump = COSTS if second is None else JUMPING_COSTS
    parents = [first] if second is None else [first, second]
    costs: dict[tuple[int, int, str], int] = {(0, 0, "pair"): 0}
    for index in range(len(child) + 1):
        for which, parent in enumerate(parents):
            for place in range(len(parent)):
                here = min(costs.get((which, place, kind), FAR) for kind in ("pair", "new", "gone"))
                gone = costs.get((which, place, "gone"), FAR)
                _lower(costs, (which, place + 1, "gone"), min(here + begin_gone, gone) + each_gone)
        lowest = {
            which: min((costs[key] for key in costs if key[0] == which), default=FAR) for which in range(len(parents))
        }
        for which, parent in enumerate(parents):
            for place in range(len(parent) + 1):
                for other in range(len(parents)):
                    if other != which:
                        _lower(costs, (which, place, "pair"), lowest[other] + jump)
        if index == len(child):
            break
        following: dict[tuple[int, int, str], int] = {}
        for (which, place, kind), cost in costs.items():
            parent = parents[which]
            _lower(following, (which, place, "new"), cost + (0 if kind == "new" else begin_new) + each_new)
            if place < len(parent):
                unlike = child[index] != parent[place]
                _lower(following, (which, place + 1, "pair"), cost + swap * unlike)
        costs = following
    ends = [(which, len(parent)) for which, parent in enumerate(parents)]
    return min(costs.get((*end, kind), FAR) for end in ends for kind in ("pair", "new", "gone"))


def _lower(costs: dict[tuple[int, int, str], int], key: tuple[int, int, str], cost: int) -> None:
    costs[key] = min(cost, costs.get(key, FAR))


@settings(max_examples=50, deadline=None)
@given(codes, codes)
def test_no_other_alignment_is_cheaper(child: bytes, parent: bytes) -> None:
    assert price(child, parent, pair(child, parent).tolist()) == cheapest(child, parent)


@settings(max_examples=100, deadline=None)
@given(codes, codes, codes, st.integers(1, 200))
def test_alignments_that_are_kept_in_parts_are_the_same(child: bytes, one: bytes, other: bytes, kept: int) -> None:
    whole = pair(child, one), pair(child, one, other)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairing, "MOVES_AT_ONCE", kept)
        parts = pair(child, one), pair(child, one, other)
    assert all(np.array_equal(a, b) for a, b in zip(whole, parts, strict=True))


@settings(max_examples=150, deadline=None)
@example(b"++-++", b"+++", b"+-++")
@given(codes, codes, codes)
def test_a_child_of_two_parents_is_written_as_cheaply_as_can_be(child: bytes, one: bytes, other: bytes) -> None:
    swap, begin_new, each_new, begin_gone, _, jump = JUMPING_COSTS
    pairs = pair(child, one, other).tolist()
    total, parent, place, was_new = 0, 0, 0, False
    for index, to in enumerate(pairs):
        if to < 0:
            total += each_new + begin_new * (not was_new)
        else:
            in_second, at = int(to >= len(one)), to - len(one) * (to >= len(one))
            if in_second != parent:
                total += jump
            elif at != place:
                total += begin_gone if at > place else 2 * jump
            total += swap * (child[index] != (one, other)[in_second][at])
            parent, place = in_second, at + 1
        was_new = to < 0
    total += 0 if place == len((one, other)[parent]) else min(begin_gone, jump)
    assert total == cheapest(child, one, other)


def test_what_a_second_parent_gave_is_told_from_what_is_new() -> None:
    first, second = b"++++[>++<-]>.", b",.,.[-]<<>>,.,."
    child = first[:4] + second[3:12] + first[4:8] + b"{" + first[8:]
    pairs = pair(child, first, second).tolist()
    assert pairs[:4] == [0, 1, 2, 3]
    assert pairs[4:13] == [len(first) + index for index in range(3, 12)]
    assert pairs[13:17] == [4, 5, 6, 7]
    assert pairs[17] == -1
    assert pairs[18:] == list(range(8, 13))


@settings(max_examples=100, deadline=None)
@given(codes, codes)
def test_all_hunks_make_one_program_of_the_other_and_none_leave_it(before: bytes, after: bytes) -> None:
    found = align(before, after, TAPE)
    assert found.applied(range(len(found.hunks))) == after
    assert found.applied(()) == before
    for number, hunk in enumerate(found.hunks):
        assert hunk.old != hunk.new
        assert before[hunk.at : hunk.end] == hunk.old
        assert after[hunk.to : hunk.to_end] == hunk.new
        assert found.alone(number) == before[: hunk.at] + hunk.new + before[hunk.end :]
        assert found.without(number) == after[: hunk.to] + hunk.old + after[hunk.to_end :]


@settings(max_examples=80, deadline=None)
@given(codes, codes)
def test_partners_are_equal_ascend_and_are_all_that_is_in_no_hunk(before: bytes, after: bytes) -> None:
    found = align(before, after, TAPE)
    pairs = [(int(index), place) for place, index in enumerate(found.partners) if index >= 0]
    assert pairs == sorted(pairs)
    assert all(before[index] == after[place] for index, place in pairs)
    assert len(pairs) == found.shared == len(before) - sum(len(hunk.old) for hunk in found.hunks)
    both = [(a, b) for a, b in found.columns() if a is not None and b is not None]
    assert set(pairs) <= set(both)
    assert [a for a, _ in found.columns() if a is not None] == list(range(len(before)))
    assert [b for _, b in found.columns() if b is not None] == list(range(len(after)))


def test_an_inserted_loop_is_told_as_a_loop() -> None:
    (hunk,) = align(b"+[>][-]<", b"+[>][>][-]<", TAPE).hunks
    assert hunk.new == b"[>]"
    (hunk,) = align(b"+[>][>][-]<", b"+[>][-]<", TAPE).hunks
    assert (hunk.old, hunk.at) == (b"[>]", 4)


def test_chance_between_two_large_edits_is_part_of_one() -> None:
    assert len(align(b">>>>+<<<<", b"....+,,,,", TAPE).hunks) == 1
    assert len(align(b">++++<", b".++++,", TAPE).hunks) == 2
    assert len(align(b">+<", b".+,", TAPE).hunks) == 2


def test_one_more_of_many_equal_ones_is_the_last() -> None:
    (hunk,) = align(b"+++.", b"++++.", TAPE).hunks
    assert (hunk.at, hunk.to, hunk.new) == (3, 3, b"+")


@settings(max_examples=80, deadline=None)
@given(codes, codes)
def test_a_piece_stands_at_the_last_place_where_its_brackets_are_balanced_best(before: bytes, after: bytes) -> None:
    found = align(before, after, TAPE)
    for number, hunk in enumerate(found.hunks):
        following = found.hunks[number + 1].at if number + 1 < len(found.hunks) else len(before) + 1
        if (bool(hunk.old) == bool(hunk.new)) or hunk.end + 1 >= following:
            continue
        text = hunk.old or hunk.new
        further = text[1:] + text[:1]
        same = (
            before[: hunk.at + 1] + before[hunk.end + 1 :]
            if hunk.old
            else before[: hunk.at + 1] + further + before[hunk.at + 1 :]
        )
        if same == found.alone(number):
            assert strays(further) > strays(text)


def strays(text: bytes) -> int:
    return len(Program(text, TAPE).unmatched)


def fewest_pieces(child: bytes, parent: bytes) -> int | None:
    """How few pieces leave the child when they go out of the parent; None if that cannot be."""
    best: dict[tuple[int, bool], int] = {(0, False): 0}
    for symbol in parent:
        following: dict[tuple[int, bool], int] = {}
        for (at, is_out), pieces in best.items():
            out = at, True
            following[out] = min(following.get(out, FAR), pieces + (not is_out))
            if at < len(child) and child[at] == symbol:
                following[at + 1, False] = min(following.get((at + 1, False), FAR), pieces)
        best = following
    ends = [pieces for (at, _), pieces in best.items() if at == len(child)]
    return min(ends, default=None)


@settings(max_examples=80, deadline=None)
@given(codes, st.data())
def test_a_child_that_lost_pieces_lost_as_few_as_can_be_and_nothing_else(parent: bytes, data: st.DataObject) -> None:
    kept = data.draw(st.lists(st.booleans(), min_size=len(parent), max_size=len(parent)))
    child = bytes(symbol for symbol, stays in zip(parent, kept, strict=True) if stays)
    found = align_birth(parent, child, TAPE)
    assert all(not hunk.new for hunk in found.hunks)
    assert found.applied(range(len(found.hunks))) == child
    assert len(found.hunks) == fewest_pieces(child, parent)
    back = found.turned_round()
    assert (back.before, back.after, back.applied(range(len(back.hunks)))) == (child, parent, parent)


@settings(max_examples=80, deadline=None)
@given(codes, codes)
def test_other_children_are_aligned_as_any_two_programs(parent: bytes, child: bytes) -> None:
    pairs = pair_what_is_left(child, parent)
    assert (pairs is None) == (fewest_pieces(child, parent) is None)
    if pairs is None:
        assert align_birth(parent, child, TAPE) == align(parent, child, TAPE)
