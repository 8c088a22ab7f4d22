"""Programs as machine code in lanes: on many cases at once they do what the naive loop does on each."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vm.populations import evolved_programs, random_programs
from tests.vm.test_native_code import NO_HALT, assert_as_naive, has_little_room
from vm import native_code, native_rows
from vm.dialect import BF, BFX, TAPE, Dialect
from vm.settings import Eof, Settings, Unmatched

CASES = (4, 16, 17, 64, 70)
needs_vectors = pytest.mark.skipif(
    not (native_code.is_possible() and native_rows.has_vectors()), reason="no such instructions here"
)


def inputs_of(count: int, longest: int) -> list[bytes]:
    """Inputs of several lengths, alike in their first bytes so that lanes part late."""
    chance = random.Random(count)
    return [b"ab"[: chance.randrange(3)] + chance.randbytes(chance.randrange(longest + 1)) for _ in range(count)]


@given(
    codes=st.lists(st.binary(max_size=80), min_size=1, max_size=6),
    dialect=st.sampled_from([TAPE, BF, BFX, NO_HALT]),
    memory=st.sampled_from([1, 2, 3, 7, 100, 255, 256, 257, 1000]),
    eof=st.sampled_from([Eof.ZERO, Eof.KEEP]),
    unmatched=st.sampled_from([Unmatched.IGNORE, Unmatched.HALT]),
    limit=st.sampled_from([0, 1, 17, 499, 500, 501, 3_999, 4_000, 4_001, 9_000]),
    cases=st.sampled_from(CASES),
)
@settings(max_examples=250)
def test_any_program_does_what_the_naive_loop_does(
    codes: list[bytes], dialect: Dialect, memory: int, eof: Eof, unmatched: Unmatched, limit: int, cases: int
) -> None:
    symbols = sorted(dialect.symbols)
    codes = ["".join(symbols[byte % len(symbols)] for byte in code).encode() for code in codes]
    machine = Settings(memory=memory, limit=limit, eof=eof, unmatched=unmatched)
    assert_as_naive(codes, [data[:memory] for data in inputs_of(cases, 6)], dialect, machine)


@pytest.mark.parametrize("cases", CASES)
def test_populations(cases: int) -> None:
    codes = random_programs(60, 200) + random_programs(60, 30) + evolved_programs(60, "reverse")
    codes += evolved_programs(60, "triple") + evolved_programs(40, "hello-user")
    assert_as_naive(codes, inputs_of(cases, 8), TAPE, TAPE.settings.with_changes({"limit": 3_000}))


@pytest.mark.parametrize("limit", [40, 700, 5_000, 30_000])
def test_loops_whose_passes_are_skipped(limit: int) -> None:
    """Those that add, with head1 moving or not; those that copy; those that never end in some lanes."""
    codes = [
        b">[-]<[->+<]>.", b"[->++<}]>[<+>-]", b"[<+++.>-]", b"[-->++<]>[->+<]", b"[>[->+<]<-]", b"[[-}]>.]",
        b"[.>,+<--]", b"[,>.<-]", b"[->+<]" * 40, b"+[>++++[->+>+<<]>>[-<<+>>]<<<-]", b"[-[+>+<--]>[-]<]",
        b"[" + b"+" * 600 + b"-" * 601 + b"]>.", b"[]", b"[+-]", b"[->+", b"]->[+]",
    ]  # fmt: skip
    inputs = [bytes([value, 7, value % 5]) for value in range(1, 255, 4)]
    assert_as_naive(codes, inputs, TAPE, Settings(memory=256, limit=limit))
    assert_as_naive(codes, inputs[:16], TAPE, Settings(memory=256, limit=limit, unmatched=Unmatched.HALT))


def test_lanes_that_part_at_each_pass_and_come_together_again() -> None:
    codes = [
        b",[[-.]>,]",
        b",[.,]",
        b"+[,[>+<-]>[<+>-]<.]",
        b",[-[-[-[>+.<]]]]",
        b",+[-[->+<]>[-<+>]<,+]",
        b",[>,]<[.<]",
    ]
    for eof in (Eof.ZERO, Eof.KEEP):
        for cases in CASES:
            machine = Settings(memory=300, limit=3_900, eof=eof)
            assert_as_naive(codes, inputs_of(cases, 12), BF, machine)


@pytest.mark.parametrize("limit", range(0, 60, 3))
def test_a_limit_may_cut_a_block_anywhere(limit: int) -> None:
    codes = [b",[[->+<]>.,]", b"++[>+++.<-]>", b",.,.+[.,]"]
    assert_as_naive(codes, inputs_of(20, 5), BF, Settings(memory=30, limit=limit))


def test_output_of_any_length_is_kept() -> None:
    """Narrower and wider than eight bytes, up to the end of the memory, and of lanes whose memory is turned."""
    codes = [b"[>]" + b"+.}" * 20, b"+" * 7 + b".}" * 140, b"[.>}]", b"[>]+[<.}]", b"}" * 120 + b"+.}" * 30]
    assert_as_naive(codes, inputs_of(40, 9), TAPE, Settings(memory=256, limit=2_000))
    assert_as_naive(codes, inputs_of(16, 9), TAPE, Settings(memory=150, limit=2_000))
    assert_as_naive([b"+[.]", b"+++[.-]", b",[..,]"], inputs_of(16, 9), BF, Settings(memory=30, limit=3_000))


@needs_vectors
def test_code_that_finds_no_room_is_run_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for size in (native_code.CODE_AT + 64, 8_000, 40_000):
        has_little_room(monkeypatch, size)
        codes = random_programs(100, 60) + random_programs(20, 900) + [b"+" * 3_000 + b"[->+<]" * 200]
        assert_as_naive(codes, inputs_of(16, 5), TAPE, Settings(memory=256, limit=6_000))


def test_without_vectors_the_results_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    native_rows.has_vectors.cache_clear()
    monkeypatch.setattr(native_rows, "has_vectors", lambda: False)
    assert len(native_rows.row_templates(TAPE, TAPE.settings, native_rows.NARROW)) == 0
    codes = random_programs(30, 60)
    assert_as_naive(codes, inputs_of(16, 5), TAPE, Settings(memory=251, limit=2_003))


def test_a_group_that_stops_before_its_first_pass_has_made_none() -> None:
    """The block is made just when one lane has no step left: that was taken for a whole pass by all of them."""
    inputs = [b"\x0f", b"", b"", b":"]
    for turns in (17, 18):
        code = b"[>+<-]" + b"[{]" * turns + b">.[-+.0]"
        assert_as_naive([code], inputs, NO_HALT, Settings(memory=257, limit=294 + turns, eof=Eof.KEEP))


def test_a_period_ends_where_copies_are_right() -> None:
    """All passes of the inner loop but the last one are skipped; the limit is whole periods away then."""
    assert_as_naive([b"+[[-}[.-]{-]"], [b"\xb7\x1aU"] * 4, TAPE, Settings(memory=5, limit=9_000))


def test_a_loop_that_is_come_to_anew_has_not_made_a_pass() -> None:
    """After as many steps as are made at once the run is where it began, but by the loop around."""
    assert_as_naive(
        [b"->+<]>[+.>[,-..{+}],}<]"], [b"", b"\1\3", b"", b""], TAPE,
        Settings(memory=16, limit=3_000, unmatched=Unmatched.HALT),
    )  # fmt: skip


PARTED = ["[>]", "[>}]", "+", "-", ">", "<", "}", "{", ".", ",", "[-}]", "[-]", "[->+<]", "[>+<-]", "[.>}]", "[,}]"]


@pytest.mark.parametrize("seed", range(4))
def test_loops_that_lanes_come_to_by_ways_of_their_own(seed: int) -> None:
    """A group that waits for others at a loop has made no pass of it, though they may have."""
    chance = random.Random(seed)
    codes = [b"[>][-}]+[{+},-]--]].-.", b",{[,}]>+[,]-,>>", b"-[<>.},]>[,]"]
    for _ in range(400):
        body = "".join(chance.choices("+-.,><{}", k=chance.randrange(1, 9)))
        moved = body.count(">") - body.count("<")
        body += "<" * moved if moved > 0 else ">" * -moved
        front, rest = chance.choices(PARTED, k=chance.randrange(1, 8)), chance.choices("+-.,><{}[]", k=4)
        codes.append("".join([*front, "[", body, "]", *rest]).encode())
    for cases, memory in ((16, 7), (16, 256), (64, 7)):
        inputs = [bytes(chance.choices(range(1, 250), k=chance.randrange(1, 6))) for _ in range(cases)]
        assert_as_naive(codes, inputs, TAPE, Settings(memory=memory, limit=chance.choice([300, 700, 3_000])))
