"""Endless loops whose passes change nothing are found, and only they: alone and side by side."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.vm.test_native_code import NO_HALT, assert_as_naive
from vm.blocks import meanings
from vm.dialect import TAPE
from vm.jit import kernel
from vm.native_make import BEGIN, SOURCE, words_of_state
from vm.raw import address
from vm.settings import Settings, Unmatched
from vm.still_loops import MOVES_ON, find_written

STILL = [b"+[.]", b"+}[,>.<]", b">+[,>.<]", b"+[..-+.]", b"}}+[.{.}]", b"+[>,<.]", b"+[->+.<+]", b"}++[-+,.]"]
LATER = [
    b"+++}>>+[-<.>,]",  # a value goes round by three cells
    b"+>++}}<[.>{.>}.<<]",  # two values change places
    b"+}[.}]", b"+}[,>.<}]",  # head1 goes on: at last over cells that are other ones
    b"+[>+<.]", b"+>+++<[>-[-]<.]", b"+}>+[<,+.>]",
]  # fmt: skip
LEAVES = [b"++[-.]", b"+}+{[,-}.{]", b",[>.<-}.{]"]


def test_what_a_pass_writes() -> None:
    table = meanings(TAPE, TAPE.settings)
    state = np.zeros(words_of_state(20), np.int64)

    def written(code: bytes, h0: int, h1: int, cells: int) -> list[int]:
        source, found = np.frombuffer(code, np.uint8), np.zeros(20, np.int64)
        state[[SOURCE, BEGIN]] = source.ctypes.data, 0
        many = _find(state, len(code), table, h0, h1, cells, found)
        return [MOVES_ON] if many == MOVES_ON else found[:many].tolist()

    assert written(b"+>-<]", 0, 5, 256) == [0, 1]
    assert written(b"<.>,]", 0, 5, 256) == [5, 0]
    assert written(b"{.}]", 3, 0, 256) == [255]
    assert written(b"><{}]", 0, 5, 256) == []
    assert written(b".}]", 0, 5, 256) == [MOVES_ON]


@kernel()
def _find(state, cost, table, h0, h1, cells, found):  # type: ignore[no-untyped-def]
    return find_written(address(state), 0, cost, address(table), h0, h1, cells, found)


@pytest.mark.parametrize("limit", [300, 499, 503, 1_700, 3_001, 20_000])
@pytest.mark.parametrize("memory", [3, 256, 300])
def test_results_are_the_naive_ones(limit: int, memory: int) -> None:
    chance = random.Random(limit)
    inputs = [bytes(chance.choices(range(4), k=chance.randrange(4))) for _ in range(64)]
    codes = STILL + LATER + LEAVES + [b">" * turns + code for turns in (1, 2) for code in STILL + LATER]
    machine = Settings(memory=memory, limit=limit)
    for cases in (1, 3, 16, 64):
        assert_as_naive(codes, inputs[:cases], TAPE, machine)


def test_what_is_known_of_a_loop_holds_for_the_next_case() -> None:
    """To look whether anything changes in it spoils nothing that was found out on the case before."""
    machine = Settings(memory=16, limit=969)
    assert_as_naive([b"[>>+<<----]", b"[>.<--]"], [b"\1", b"a\xffaa\0\0\xff", b"aa"], TAPE, machine)


@pytest.mark.parametrize("seed", range(40, 60))
def test_what_another_group_had_in_its_cells_is_not_compared(seed: int) -> None:
    chance = random.Random(seed)
    values = range(chance.choice([3, 5, 250]))
    inputs = [bytes(chance.choices(values, k=chance.randrange(6))) for _ in range(64)]
    code = b"[>+<-]}-,}<[0>+<,}]-,[...[-.{],]"
    assert_as_naive([code], inputs, NO_HALT, Settings(memory=5, limit=9_000, unmatched=Unmatched.HALT))


@pytest.mark.parametrize("seed", range(4))
def test_any_loop_of_copies(seed: int) -> None:
    """In front of it something that sets memory and heads differently in each lane."""
    chance = random.Random(seed)
    codes = [
        b"".join(
            bytes(chance.choices(symbols, k=chance.randrange(1, most)))
            for symbols, most in ((b"><{}+-.,", 12), (b"[]>}", 5), (b"><{}+-.,", 6))
        )
        + b"["
        + bytes(chance.choices(b"><{}.,.,+-", k=chance.randrange(1, 9)))
        + b"]"
        + bytes(chance.choices(b"><{}+-.,[]", k=4))
        for _ in range(400)
    ]
    inputs = [bytes(chance.choices(range(3), k=chance.randrange(6))) for _ in range(17)]
    for count in (1, 3, 17):
        assert_as_naive(codes, inputs[:count], TAPE, Settings(memory=chance.choice([5, 256]), limit=2_000))
