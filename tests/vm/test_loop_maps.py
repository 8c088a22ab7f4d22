"""Loops with head0 at rest, made many passes at once, are exactly what single steps give; so is counted output."""

from __future__ import annotations

import random

import pytest

from tests.vm.populations import differing, naive
from tests.vm.test_loop_bulk import assert_agree, filled
from vm.dialect import BF
from vm.evaluate import Programs, evaluate
from vm.settings import Eof, Settings

pytestmark = pytest.mark.usefixtures("portable")


def resting(chance: random.Random, symbols: str, *, moves: str, back: dict[str, str]) -> str:
    """A few instructions between moves after which a head is back where it was."""
    body, undone = "", ""
    for _ in range(chance.randrange(1, 6)):
        step = chance.choice(["", *moves])
        body += step + "".join(chance.choices(symbols, k=chance.randrange(1, 4)))
        undone += back.get(step, "")
    return body + undone


BACK = {">": "<", "<": ">", "}": "{", "{": "}"}


@pytest.mark.parametrize("memory", [3, 4, 7, 18, 60, 255, 256, 300])
def test_loops_that_copy_between_cells_at_rest(memory: int) -> None:
    chance = random.Random(memory)
    for _ in range(25):
        machine = Settings(memory=memory, limit=chance.randrange(4_000), out_at=0, out_len=memory)
        codes = []
        for _ in range(60):
            start = ">" * chance.randrange(memory) + "}" * chance.randrange(memory)
            body = resting(chance, "+-.,.,", moves="><}{", back=BACK)
            inner = resting(chance, "+-.,", moves="><}{", back=BACK)
            body += chance.choice(["", "", f"[{inner}]", ">[-]<", "<[>+<-]>"])
            codes.append(f"{start}[{body}]".encode())
        assert_agree(codes, [filled(chance, memory) for _ in range(2)], machine)


@pytest.mark.parametrize("memory", [5, 18, 60, 97, 256, 300])
def test_loops_that_copy_to_a_path(memory: int) -> None:
    chance = random.Random(memory)
    for _ in range(25):
        machine = Settings(memory=memory, limit=chance.randrange(12 * memory), out_at=0, out_len=memory)
        codes = []
        for _ in range(60):
            start = ">" * chance.randrange(memory) + "}" * chance.randrange(memory)
            body = resting(chance, "+-...", moves="><", back=BACK)
            for _ in range(chance.randrange(1, 6)):
                at = chance.randrange(len(body) + 1)
                body = body[:at] + chance.choice(["}", "}", "{", "}}", "}}}.", "."]) + body[at:]
            body += chance.choice(["", "", ">[-]<", "[.]", "[>.<-]"])
            codes.append(f"{start}[{body}]".encode())
        assert_agree(codes, [filled(chance, memory) for _ in range(2)], machine)


@pytest.mark.parametrize("eof", list(Eof))
def test_loops_that_read_and_write(eof: Eof) -> None:
    chance = random.Random(eof)
    for _ in range(25):
        machine = BF.settings.with_changes(
            {"limit": chance.randrange(3_000), "memory": 30, "eof": eof, "out_limit": chance.choice([0, 3, 50, 999])}
        )
        codes = []
        for _ in range(60):
            body = resting(chance, "+-.,..", moves="><", back=BACK)
            inner = resting(chance, "+-.,", moves="><", back=BACK)
            body += chance.choice(["", "", f"[{inner}]", ">[-]<", "<[>+<-]>", ">"])
            codes.append(f"+[{body}]".encode())
        programs, inputs = Programs.of(codes), [filled(chance, chance.randrange(1, 6)) for _ in range(2)]
        for width in (0, 2, 40, 1_000):
            expected = naive(programs, inputs, BF, machine, width=width)
            wrong = differing(expected, evaluate(programs, inputs, BF, machine, width=width))
            assert not wrong, (codes[wrong[0]], inputs, machine, width)


def test_an_endless_loop_that_writes_ends_at_once() -> None:
    machine = BF.settings.with_changes({"limit": 10**12, "out_limit": 10**9})
    codes = [b"+[.]", b"+[.++[>]<]", b"+[>+[.,]<]", b"++[>+[-.+.]<]", b"+[->+<>[-<+>.]<.]"]
    evaluation = evaluate(Programs.of(codes), [b"x"], BF, machine, width=4)
    assert (evaluation.lengths == 10**9).all()
