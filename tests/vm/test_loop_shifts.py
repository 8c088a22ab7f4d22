"""Loops that do the same again some cells further are exactly what single steps give."""

from __future__ import annotations

import random

import pytest

from tests.vm.populations import differing, naive
from tests.vm.test_loop_bulk import filled
from vm.dialect import BF, TAPE, Dialect
from vm.evaluate import Programs, evaluate

pytestmark = pytest.mark.usefixtures("portable")


def shifting(chance: random.Random, symbols: str) -> bytes:
    """A loop that moves head0, mostly with a loop inside."""
    body = ""
    for _ in range(chance.randrange(1, 7)):
        body += chance.choice(["", ">", ">", "<", ">>", "<<<"]) + "".join(chance.choices(symbols, k=3))
        body += chance.choice(["", "", "", "[-]", "[>+<-]", "[<.>-]", ">[-]<"])
    return f"{'>' * chance.randrange(30)}{'}' * chance.randrange(30)}+[{body}{chance.choice('+-')}]".encode()


@pytest.mark.parametrize("dialect", [BF, TAPE], ids=["bf", "tape"])
@pytest.mark.parametrize("memory", [3, 17, 40, 256, 300, 1_000])
def test_the_same_again_further_on(memory: int, dialect: Dialect) -> None:
    chance = random.Random(memory)
    for _ in range(20):
        machine = dialect.settings.with_changes({"memory": memory, "limit": chance.randrange(200, 9_000)})
        if dialect is BF:
            machine = machine.with_changes({"out_limit": chance.choice([3, 50, 9_999])})
        codes = [shifting(chance, chance.choice(["+-.,", "+-", "+.", "+-,"])) for _ in range(60)]
        programs = Programs.of(codes)
        inputs = [filled(chance, min(5, machine.memory - machine.in_at)) for _ in range(2)]
        for width in (0, memory):
            expected = naive(programs, inputs, dialect, machine, width=width)
            wrong = differing(expected, evaluate(programs, inputs, dialect, machine, width=width))
            assert not wrong, (codes[wrong[0]], inputs, machine, width)
