"""Innermost loops with moving heads, made many passes at once, are exactly what single steps give."""

from __future__ import annotations

import random

import numpy as np
import pytest

from tests.vm.populations import differing, naive
from vm.dialect import TAPE
from vm.evaluate import Programs, evaluate
from vm.loop_bulk import find_on_path, sweep
from vm.settings import Settings

pytestmark = pytest.mark.usefixtures("portable")

MEMORIES = [18, 19, 25, 32, 60, 97, 128, 255, 256, 300]


def moving_loop(chance: random.Random) -> bytes:
    """A loop of a few actions between moves, from heads somewhere."""
    head = chance.choice(["><", "><", "}{", "><}{"])
    start = ">" * chance.randrange(40) + "}" * chance.randrange(40)
    body = ""
    for _ in range(chance.randrange(1, 5)):
        body += chance.choice(head) * chance.choice([0, 1, 1, 1, 2, 3, 7])
        body += chance.choice(["+", "-", "++", "---", ".", ".", ",", ",", ".-", ",+"])
    if chance.random() < 0.7:
        body += chance.choice(head) * chance.choice([1, 1, 2, 5])
    return f"{start}[{body}]".encode()


def filled(chance: random.Random, memory: int) -> bytes:
    """A text for all of the memory, most often without a zero or with a few only."""
    kinds = chance.choice([[1], [1, 2, 3], [1, 2, 3, 255, 254], [9, 40, 41, 200], list(range(1, 256))])
    text = bytearray(chance.choices(kinds, k=memory))
    for _ in range(chance.choice([0, 0, 1, 2])):
        text[chance.randrange(memory)] = 0
    return bytes(text)


def assert_agree(codes: list[bytes], inputs: list[bytes], machine: Settings) -> None:
    programs = Programs.of(codes)
    expected = naive(programs, inputs, TAPE, machine, width=machine.memory)
    wrong = differing(expected, evaluate(programs, inputs, TAPE, machine, width=machine.memory))
    assert not wrong, (codes[wrong[0]], [list(text) for text in inputs], machine)


@pytest.mark.parametrize("memory", MEMORIES)
def test_moving_loops_do_what_the_naive_loop_does(memory: int) -> None:
    chance = random.Random(memory)
    for _ in range(40):
        machine = Settings(memory=memory, limit=chance.randrange(20 * memory), out_at=0, out_len=memory)
        inputs = [filled(chance, memory) for _ in range(2)]
        assert_agree([moving_loop(chance) for _ in range(60)], inputs, machine)


@pytest.mark.parametrize("loop", ["[>-]", "[<++]", "[.{-]", "[,{-]", "[}.]", "[,>-]", "[<.]", "[>->-<]", "[->>+<]"])
def test_a_limit_may_cut_between_any_two_passes(loop: str) -> None:
    chance = random.Random(loop)
    inputs = [filled(chance, 60) for _ in range(3)]
    for limit in range(60, 460, 3):
        machine = Settings(memory=60, limit=limit, out_at=0, out_len=60)
        assert_agree([b"}}}}}}}}}}}}" + loop.encode(), b"{{{" + loop.encode()], inputs, machine)


def test_paths_go_round_the_memory() -> None:
    chance = np.random.default_rng(5)
    for _ in range(2_000):
        cells = int(chance.integers(1, 70))
        memory = chance.integers(0, 9, cells).astype(np.uint8)
        travel = int(chance.integers(1, cells + 1)) if chance.random() < 0.3 else 1
        travel = min(travel, cells - 1) * int(chance.choice([1, -1]))
        cell, count = int(chance.integers(cells)), int(chance.integers(cells + 1))
        path = (cell + travel * np.arange(count)) % cells
        hits = np.flatnonzero(memory[path] == 3)
        expected = int(hits[0]) if len(hits) else count
        assert find_on_path(memory.ctypes.data, cells, cell, travel, count, 3) == expected
        if travel and len(set(path.tolist())) == count:
            keep, amount, rate = (
                int(chance.choice([0, 255])),
                int(chance.integers(999)),
                int(chance.choice([0, 0, 250])),
            )
            after = memory.copy()
            after[path] = (memory[path].astype(int) & keep) + amount + rate * np.arange(count) & 255
            sweep(memory.ctypes.data, cells, cell, travel, count, keep, amount, rate)
            assert memory.tolist() == after.tolist()
