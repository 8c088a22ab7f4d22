"""Programs as machine code: whatever they do, they do what the naive loop and the reference do."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.vm.populations import differing, naive, random_programs
from tests.vm.runs import EVERYTHING
from tests.vm.test_blocks import assert_as_reference
from vm import native_code
from vm.dialect import BF, BFX, TAPE, Dialect, Instruction
from vm.evaluate import Programs, evaluate
from vm.settings import Eof, Settings, Unmatched
from vm.state import Status

NO_HALT = Dialect(
    "everything but halt",
    tuple(Instruction(i.symbol, i.primitive, i.argument) for i in EVERYTHING.instructions if i.symbol != "h"),
    io=EVERYTHING.io,
)
needs_code = pytest.mark.skipif(not native_code.is_possible(), reason="no machine code for this processor or system")


def assert_as_naive(codes: list[bytes], inputs: list[bytes], dialect: Dialect, machine: Settings) -> None:
    programs = Programs.of(codes)
    wrong = differing(
        naive(programs, inputs, dialect, machine, width=60), evaluate(programs, inputs, dialect, machine, width=60)
    )
    assert not wrong, (codes[wrong[0]], machine)


def has_little_room(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Leaves batches only so many bytes of the memory for code."""
    whole: dict[int, NDArray[np.uint8]] = {}

    def take(begins: bytes) -> NDArray[np.uint8]:
        room = native_code.take_room(begins)
        little = room[:size]
        whole[id(little)] = room
        return little

    def give(begins: bytes, little: NDArray[np.uint8]) -> None:
        native_code.give_room(begins, whole.pop(id(little)))

    monkeypatch.setattr("vm.evaluate.take_room", take)
    monkeypatch.setattr("vm.evaluate.give_room", give)


@given(
    codes=st.lists(st.binary(max_size=80), min_size=1, max_size=8),
    dialect=st.sampled_from([TAPE, BF, BFX, NO_HALT]),
    memory=st.sampled_from([1, 2, 3, 7, 100, 255, 256, 257, 1000, 70_000]),
    eof=st.sampled_from([Eof.ZERO, Eof.KEEP]),
    unmatched=st.sampled_from([Unmatched.IGNORE, Unmatched.HALT]),
    limit=st.sampled_from([0, 1, 17, 499, 500, 501, 3_999, 4_000, 4_001, 20_000]),
    data=st.binary(max_size=6),
)
@settings(max_examples=300)
def test_any_program_does_what_the_naive_loop_does(
    codes: list[bytes], dialect: Dialect, memory: int, eof: Eof, unmatched: Unmatched, limit: int, data: bytes
) -> None:
    symbols = sorted(dialect.symbols)
    codes = ["".join(symbols[byte % len(symbols)] for byte in code).encode() for code in codes]
    machine = Settings(memory=memory, limit=limit, eof=eof, unmatched=unmatched)
    assert_as_naive(codes, [data[:memory], b""], dialect, machine)


@pytest.mark.parametrize("dialect", [TAPE, BF], ids=["tape", "bf"])
def test_long_programs_with_loops_across_what_is_made_at_once(dialect: Dialect) -> None:
    """Brackets that lie far apart, are jumped over before there is code for what is between, and come back."""
    chance = random.Random(11)
    symbols, codes = "".join(dialect.symbols), []
    for _ in range(300):
        parts = ["+", "[", "-" * chance.randrange(200), "[", "".join(chance.choices(symbols, k=chance.randrange(150)))]
        parts += ["]", ">+<", "]", "[", "".join(chance.choices(symbols, k=90)), "]", "+[", "-]"]
        chance.shuffle(parts)
        codes.append("".join(parts).encode())
    for unmatched in (Unmatched.IGNORE, Unmatched.HALT):
        machine = Settings(memory=256, limit=3_000, unmatched=unmatched)
        assert_as_naive(codes, [b"\x02a", b""], dialect, machine)


def test_runs_of_one_symbol_are_one_instruction() -> None:
    codes = [b"+" * 300 + b"[.>}-]", b">" * 700 + b"+" * 8 + b"<" * 9, b"}" * 130 + b"." * 20, b"+>" * 200]
    for memory in (1, 100, 256, 1000):
        assert_as_reference(codes, [b"ab"[:memory]], TAPE, Settings(memory=memory, limit=2_000))


@pytest.mark.parametrize("limit", range(0, 40))
def test_a_limit_may_cut_a_block_anywhere(limit: int) -> None:
    codes = [b"++[>+++.<-]>", b",.,.+[.,]"]
    assert_as_reference(codes, [b"xy"], BF, Settings(memory=30, limit=limit))
    assert_as_reference([*codes, b"+[->}.+{<]"], [b"xy"], TAPE, Settings(memory=256, limit=limit))


@needs_code
def test_code_that_finds_no_room_is_run_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for a few programs only, and for none at all of the longer ones."""
    for size in (native_code.CODE_AT + 64, 4_000, 20_000):
        has_little_room(monkeypatch, size)
        codes = random_programs(200, 60) + random_programs(40, 900) + [b"+" * 3_000 + b"[->+<]" * 200]
        assert_as_naive(codes, [b"ab", b""], TAPE, Settings(memory=256, limit=6_000))


@needs_code
def test_threads_have_code_of_their_own() -> None:
    programs = Programs.of(random_programs(2_000, 50))
    machine = Settings(memory=256, limit=900)
    expected = naive(programs, [b"ab"], TAPE, machine, width=60)
    assert not differing(expected, evaluate(programs, [b"ab"], TAPE, machine, width=60, threads=4))


def test_what_cannot_be_code_is_known() -> None:
    def rows(dialect: Dialect, **changes: object) -> int:
        return len(native_code.templates(dialect, dialect.settings.with_changes(changes)))

    assert rows(TAPE) == rows(BFX) == 256
    assert rows(TAPE, edge="halt") == rows(BF, eof="halt") == rows(EVERYTHING) == 0


def test_without_code_the_results_are_the_same(portable: None) -> None:
    result = evaluate(
        Programs.of([b"++[>++<-]>.", b"+[]"]), [b""], BF, BF.settings.with_changes({"limit": 99}), width=2
    )
    assert result.outputs[0, 0, 0] == 4
    assert result.status.tolist() == [[Status.FINISHED], [Status.STEP_LIMIT]]


def test_it_can_be_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    native_code.is_possible.cache_clear()
    monkeypatch.setenv("GPDEBUG_NATIVE", "0")
    assert not native_code.is_possible()
    room = native_code.take_room(native_code.frame())
    assert len(room) == 0
    native_code.give_room(native_code.frame(), room)
    monkeypatch.delenv("GPDEBUG_NATIVE")
    native_code.is_possible.cache_clear()
