"""Batch evaluation on very many programs: what the naive loop does, which others hold against the reference.

Some thousands each time; hundreds of thousands, some minutes, by `python -m pytest -m long`. `GPDEBUG_TEST_SEED=7`
draws others.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace

import pytest

from tests.vm.populations import differing, last_generation, naive
from tests.vm.runs import EVERYTHING
from tests.vm.test_blocks import LOOPS
from tests.vm.test_native_code import NO_HALT
from vm.dialect import BF, BF_EVOLVED, BFX, TAPE, Dialect
from vm.evaluate import Programs, evaluate
from vm.settings import Edge, Eof, Settings, Unmatched

pytestmark = pytest.mark.usefixtures("either_way")

SEED = int(os.environ.get("GPDEBUG_TEST_SEED", "0"))
AT_ONCE = 250
WALKS = [
    "[+>]", "[->+>]", "[.{]", "[{-.]", "[>,]", "[,<+]", "[><..>-]", "[.>.}<]", "[>>-<+]", "[<.}>]", "[+}]", "[}-.}.]",
    "[->[->+>+<<]>>[-<<+>>]<<<]", "[>[>]<[-]<]", "[,>.<]", "[->+<[>]<]", "[[->+<]>]",
]  # fmt: skip
SAMPLES = ("hello", "hello-user", "reverse", "triple")


def random_text(chance: random.Random, dialect: Dialect, length: int) -> bytes:
    """Symbols with loops among them; some programs are long, repeat a piece and have runs, as evolved ones."""
    symbols = "".join(dialect.symbols)
    loops = chance.choice([0.0, 0.1, 0.4])
    parts: list[str] = []
    while sum(map(len, parts)) < length:
        drawn = chance.random()
        if drawn < loops:
            parts.append(chance.choice(LOOPS + WALKS))
        elif drawn > 0.97 and parts:
            parts.append("".join(parts[-8:]))
        elif drawn > 0.94:
            parts.append(chance.choice(symbols) * chance.randrange(40))
        else:
            parts.append(chance.choice(symbols))
    return "".join(char for char in "".join(parts) if char in symbols).encode()


def changed(chance: random.Random, code: bytes) -> bytes:
    """A program with a few symbols replaced, inserted and deleted."""
    child = bytearray(code)
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(child) + 1)
        child[place : place + chance.randrange(2)] = bytes(chance.choices(b"><}{+-.,[]", k=chance.randrange(3)))
    return bytes(child)


def drawn_settings(chance: random.Random, dialect: Dialect) -> Settings:
    memory = chance.choice([1, 2, 3, 7, 16, 100, 128, 256, 256, 300, 1000])
    return replace(
        dialect.settings,
        memory=memory,
        limit=chance.choice([0, 1, 30, 100, 500, 3_000, chance.randrange(5_000), chance.randrange(40_000)]),
        edge=chance.choice(list(Edge)),
        unmatched=chance.choice([Unmatched.IGNORE, Unmatched.HALT]),
        eof=chance.choice(list(Eof)),
        out_limit=chance.choice([0, 1, 3, 100, 4096]),
        in_at=chance.randrange(memory),
        out_at=chance.choice([None, chance.randrange(memory)]),
    )


def assert_all_agree(seed: int, batches: int) -> None:
    """Runs `batches` times `AT_ONCE` programs, half of them evolved ones, each with settings of its own."""
    chance = random.Random(seed)
    evolved = {name: last_generation(name) for name in SAMPLES}
    for batch in range(batches):
        dialect = chance.choice([TAPE, TAPE, BF, BF_EVOLVED, EVERYTHING])
        settings = drawn_settings(chance, dialect)
        if batch % 2:
            population = evolved[chance.choice(SAMPLES)]
            dialect, codes = TAPE, [changed(chance, chance.choice(population)) for _ in range(AT_ONCE)]
        else:
            longest = chance.choice([8, 30, 120, 700])
            codes = [random_text(chance, dialect, chance.randrange(longest)) for _ in range(AT_ONCE)]
        room = min(9, settings.memory - settings.in_at)
        inputs = [bytes(chance.choices((0, 1, 2, 97, 255), k=chance.randrange(room + 1))) for _ in range(2)]
        programs = Programs.of(codes)
        expected = naive(programs, inputs, dialect, settings, width=40)
        got = evaluate(programs, inputs, dialect, settings, width=40)
        wrong = differing(expected, got)
        assert not wrong, (codes[wrong[0]], inputs, dialect.name, settings)


def test_thousands_of_programs_do_what_the_naive_loop_does() -> None:
    assert_all_agree(SEED, 40)


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_hundreds_of_thousands_of_programs_do_what_the_naive_loop_does(part: int) -> None:
    assert_all_agree(1_000 * (SEED + 1) + part, 200)


FRONTS = ("[>]", "[>}]", "[-}]", "[-]", "[->+<]", "[>+<-]", "[.>}]", "[,}]", "[<]", "[[-]>]", "[-[->+<]>]", "[->+>+<<]")


def nested_loop(chance: random.Random, symbols: str, depth: int) -> str:
    """A loop, mostly one whose heads come back, perhaps with another one in it."""
    body = "".join(chance.choices(symbols, k=chance.randrange(1, 8)))
    if depth and chance.random() < 0.5:
        place = chance.randrange(len(body) + 1)
        body = body[:place] + nested_loop(chance, symbols, depth - 1) + body[place:]
    for on, back, often in (("><", "<>", 0.7), ("}{", "{}", 0.3)):
        if set(on) <= set(symbols) and chance.random() < often:
            moved = body.count(on[0]) - body.count(on[1])
            body += back[0] * moved if moved > 0 else back[1] * -moved
    return f"[{body}]"


def text_with_loops(chance: random.Random, symbols: str) -> bytes:
    """Loops behind what sets memory and heads differently in each case."""
    fronts = [front for front in FRONTS if set(front) <= set(symbols) | set("[]")]
    parts = [
        chance.choice(fronts) if chance.random() < 0.45 else chance.choice(symbols) for _ in range(chance.randrange(9))
    ]
    for _ in range(chance.randrange(1, 3)):
        parts += [nested_loop(chance, symbols, 2), *chance.choices(symbols + "[]", k=chance.randrange(4))]
    return "".join(parts).encode()


def assert_loops_agree(seed: int, batches: int) -> None:
    """Runs `batches` times `AT_ONCE` programs whose cases come to loops by different ways, on up to 130 cases."""
    chance = random.Random(seed)
    for _ in range(batches):
        dialect = chance.choice([TAPE, TAPE, BF, BFX, EVERYTHING, NO_HALT])
        symbols = "".join(symbol for symbol in dialect.symbols if symbol not in "[]h")
        codes = [text_with_loops(chance, symbols) for _ in range(AT_ONCE)]
        memory = chance.choice([1, 2, 5, 7, 16, 256, 257, 1000])
        settings = drawn_settings(chance, dialect).with_changes({"memory": memory, "in_at": 0, "out_at": None})
        values, longest = range(chance.choice([3, 5, 250])), min(6, memory + 1)
        cases = chance.choice([1, 2, 3, 4, 9, 16, 17, 64, 70, 130])
        inputs = [bytes(chance.choices(values, k=chance.randrange(longest))) for _ in range(cases)]
        programs = Programs.of(codes)
        expected = naive(programs, inputs, dialect, settings, width=40)
        wrong = differing(expected, evaluate(programs, inputs, dialect, settings, width=40))
        assert not wrong, (codes[wrong[0]], inputs, dialect.name, settings)


def test_loops_that_cases_come_to_by_different_ways() -> None:
    assert_loops_agree(SEED, 20)


@pytest.mark.long
@pytest.mark.parametrize("part", range(10))
def test_many_loops_that_cases_come_to_by_different_ways(part: int) -> None:
    assert_loops_agree(1_000 * (SEED + 2) + part, 200)
