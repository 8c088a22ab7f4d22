"""Loops gone through by their trace: ways that change, limits and faults inside of a pass, streams, and states that
come back, are exactly what single steps give.
"""

from __future__ import annotations

import random

import pytest

from tests.vm.populations import differing, naive
from tests.vm.runs import EVERYTHING
from vm.dialect import BF, TAPE, Dialect
from vm.evaluate import Programs, evaluate
from vm.settings import Edge, Eof, Settings, Unmatched

pytestmark = pytest.mark.usefixtures("portable")

BODIES = ["+", "-", ">", "<", "}", "{", ".", ",", ">+<", "->+<", "s", "u", "r", "w", "0", "7"]
INNER = ["[-]", "[>]", "[<-]", "[.}]", "[->+<]", "[]", "[[-]>]", "[+[>]<]", "][", "[", "]", "]]"]


def nested_loop(chance: random.Random, dialect: Dialect) -> bytes:
    """A loop with brackets in it, which is entered."""
    symbols = set("".join(dialect.symbols))
    text = "".join(chance.choices(BODIES, k=chance.randrange(6))) + "+["
    for _ in range(chance.randrange(1, 4)):
        text += "".join(chance.choices(BODIES, k=chance.randrange(5))) + chance.choice(INNER)
    text += "".join(chance.choices(BODIES, k=chance.randrange(4))) + "]" * chance.randrange(1, 3)
    return "".join(char for char in text if char in symbols).encode()


def assert_agree(codes: list[bytes], inputs: list[bytes], dialect: Dialect, machine: Settings) -> None:
    programs = Programs.of(codes)
    expected = naive(programs, inputs, dialect, machine, width=60)
    wrong = differing(expected, evaluate(programs, inputs, dialect, machine, width=60))
    assert not wrong, (codes[wrong[0]], inputs, dialect.name, machine)


@pytest.mark.parametrize("dialect", [TAPE, BF, EVERYTHING], ids=lambda dialect: dialect.name)
def test_nested_loops_do_what_the_naive_loop_does(dialect: Dialect) -> None:
    chance = random.Random(11)
    for _ in range(60):
        memory = chance.choice([1, 2, 5, 16, 60, 256])
        machine = Settings(
            memory=memory,
            limit=chance.choice([40, 90, 400, chance.randrange(3_000)]),
            edge=chance.choice(list(Edge)),
            unmatched=chance.choice([Unmatched.IGNORE, Unmatched.HALT]),
            eof=chance.choice(list(Eof)),
            out_limit=chance.choice([1, 7, 4096]),
            out_at=memory // 2,
        )
        inputs = [bytes(chance.choices((0, 1, 2, 9), k=min(memory, 5))) for _ in range(2)]
        assert_agree([nested_loop(chance, dialect) for _ in range(60)], inputs, dialect, machine)


@pytest.mark.parametrize("limit", range(300, 340))
def test_a_limit_may_cut_a_pass_anywhere(limit: int) -> None:
    codes = [b"+[>+[-]<[>]<]", b"+[>[-]+<+]", b"-[}.[-]>-]", b"+[>+>+[<]<[-]>]", b"+[]][>+]+[<]"]
    assert_agree(codes, [b"", b"\3\1"], TAPE, Settings(memory=31, limit=limit, out_at=0, out_len=31))


def test_output_and_input_may_end_inside_of_a_pass() -> None:
    codes = [b"+[>,[-]+.<]", b"+[>,[.-]+..<]", b"+[.[.]+.,]"]
    for out_limit in range(20, 26):
        for eof in Eof:
            machine = Settings(memory=9, limit=2_000, out_limit=out_limit, eof=eof)
            assert_agree(codes, [b"", bytes(range(1, 23)), bytes(30)], BF, machine)
