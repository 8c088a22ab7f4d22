"""The fast batch evaluator: closed forms, limits inside loops, faults and cycles are exactly what single steps give.

`GPDEBUG_TEST_RUNS=100000 python -m pytest tests/vm/test_blocks.py` compares more random programs than usual.
"""

from __future__ import annotations

import os
import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.vm.runs import EVERYTHING, Run, runs
from vm.blocks import (
    ALONE,
    BRACKETS,
    COLD,
    HOT,
    INVERSE,
    NEAR,
    PAIRED,
    PART,
    SEEN,
    SHIFT,
    UNKNOWN,
    begin_blocks,
    bracket_shapes,
    find_blocks,
    find_closing,
)
from vm.dialect import BF, TAPE, Dialect, Heads, Instruction, Io, Primitive
from vm.evaluate import Programs, evaluate
from vm.loop_forms import ENDLESS, note_rate, passes_left
from vm.machine import Machine
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import Edge, Eof, Settings, Unmatched
from vm.state import Status, output_of

pytestmark = pytest.mark.usefixtures("either_way")

RUNS = int(os.environ.get("GPDEBUG_TEST_RUNS", "3000"))
LOOPS = [
    "[-]", "[>+<-]", "[>]", "[.>}]", "[->+<]", "[[-]>]", "+[", "-]", "[,]", "[.-]", "[+.,]", "[>.<-]", "[>.,<--]",
    "[-.}.{]", "[}.{,+]", "[->,<]", "[7+]", "[0]", "[+++]", "[--]", "[>>+<<----]", "[.+}.{-]", "[s>u<-]", "[->}+<{]",
    "[}]", "[>{]", "[]", "[r]", "[w-]", "[>,<]", "[h]", "[[->+<]>-]",
]  # fmt: skip
LIMITS = [0, 1, 2, 17, 100, 101, 103, 250, 999]


def assert_as_reference(
    codes: list[bytes],
    inputs: list[bytes],
    dialect: Dialect,
    machine: Settings,
    kind: type[ReferenceMachine] | type[Machine] = ReferenceMachine,
) -> None:
    width = 40
    result = evaluate(Programs.of(codes), inputs, dialect, machine, width=width)
    for row, code in enumerate(codes):
        for case, data in enumerate(inputs):
            reference = kind(Program(code, dialect), data, machine)
            reference.run()
            state = reference.snapshot()
            output = output_of(state, dialect, machine)
            about = (code, data, machine)
            assert (result.steps[row, case], result.status[row, case]) == (state.steps, state.status), about
            assert result.lengths[row, case] == len(output), about
            kept = output[:width]
            assert result.outputs[row, case].tobytes() == kept + bytes(width - len(kept)), about


def random_code(chance: random.Random, dialect: Dialect, length: int) -> bytes:
    """Symbols with loops among them."""
    symbols = "".join(dialect.symbols)
    text = ""
    while len(text) < length:
        text += chance.choice(LOOPS) if chance.random() < 0.25 else chance.choice(symbols)
    return "".join(char for char in text if char in symbols).encode()


def random_settings(chance: random.Random) -> Settings:
    memory = chance.choice([1, 2, 3, 7, 16, 64, 100, 256, 300])
    return Settings(
        memory=memory,
        limit=chance.choice(LIMITS),
        edge=chance.choice(list(Edge)),
        unmatched=chance.choice([Unmatched.IGNORE, Unmatched.HALT]),
        eof=chance.choice(list(Eof)),
        out_limit=chance.choice([0, 1, 3, 4096]),
        in_at=chance.randrange(memory),
        out_at=chance.choice([None, chance.randrange(memory)]),
    )


def test_random_programs_do_what_the_reference_does() -> None:
    chance = random.Random(4)
    for _ in range(RUNS // 20):
        dialect, machine = chance.choice([TAPE, BF, EVERYTHING]), random_settings(chance)
        codes = [random_code(chance, dialect, chance.choice([3, 8, 20, 60])) for _ in range(10)]
        room = min(9, machine.memory - machine.in_at)
        inputs = [bytes(chance.choices((0, 1, 2, 7, 255), k=chance.randrange(room + 1))) for _ in range(2)]
        assert_as_reference(codes, inputs, dialect, machine)


@given(runs().filter(lambda run: run.program.dialect.io is not Io.TAPE))
@settings(deadline=None, max_examples=150)
def test_any_run_ends_as_in_the_reference(run: Run) -> None:
    assert_as_reference([run.program.code.tobytes()], [run.data, b""], run.program.dialect, run.settings)


@pytest.mark.parametrize("edge", Edge)
@pytest.mark.parametrize("memory", [1, 5, 256])
@pytest.mark.parametrize("loop", LOOPS)
def test_a_limit_may_cut_a_loop_anywhere(loop: str, memory: int, edge: Edge) -> None:
    codes = [f"{start}{loop}+7".encode() for start in ("+", "---", ">++}+{<p")]
    for limit in (*range(24), 60, 61, 62, 63, 64, 65, 400, 1201):
        machine = Settings(memory=memory, limit=limit, edge=edge, out_at=memory // 2, out_limit=9)
        assert_as_reference(codes, [b"", b"\x03"], EVERYTHING, machine)


@pytest.mark.parametrize("edge", Edge)
@pytest.mark.parametrize("memory", [3, 7, 100, 256])
def test_runs_of_one_symbol_may_go_round_the_memory_and_be_cut_anywhere(memory: int, edge: Edge) -> None:
    codes = [f"+7}}{char * 50}-.{char * 19}p,{char * 8}+.".encode() for char in EVERYTHING.symbols if char not in "[]"]
    for limit in (*range(0, 30, 3), 51, 54, 55, 60, 62, 70, 75, 76, 79, 99):
        machine = Settings(memory=memory, limit=limit, edge=edge, in_at=1, out_at=0, out_len=3, out_limit=60)
        assert_as_reference(codes, [b"", b"\x05\x09"], EVERYTHING, machine, Machine)


@pytest.mark.parametrize("unmatched", [Unmatched.IGNORE, Unmatched.HALT])
@pytest.mark.parametrize("length", [PART - 1, PART, PART + 1, 3 * PART, NEAR + 2 * PART + 1])
def test_brackets_and_partners_may_lie_far_apart(length: int, unmatched: Unmatched) -> None:
    middles = ["+-" * (length // 2), "[-]" * (length // 3), "[>" * (length // 2), "]<" * (length // 2)]
    codes = [
        f"{before}{middle}{after}".encode()
        for middle in middles
        for before in ("", "+", "[", "+[", "[[", "-]+[")
        for after in ("", "]", "+]", "]]+", "-]]>+]")
    ]
    for limit in (3, length, length + 2, length + 9):
        machine = Settings(limit=limit, unmatched=unmatched, out_at=0, out_len=20)
        assert_as_reference(codes, [b""], TAPE, machine, Machine)


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_brackets_are_found_wherever_a_program_lies(data: st.DataObject) -> None:
    """Among others or alone, with several symbols that open or close, as far as is asked for."""
    symbols = {"(": "open", "{": "open", "]": "close", ")": "close", "+": "add 1"}
    dialect = Dialect.from_dict({"name": "round", "based_on": "tape", "symbols": symbols})
    shapes = bracket_shapes(dialect)
    chance, sizes = data.draw(st.randoms()), st.integers(0, 3 * PART)
    before, code, after = (bytes(chance.choices(b"({])+", k=data.draw(sizes))) for _ in range(3))
    brackets = [index for index, symbol in enumerate(code) if shapes[symbol]]
    partners = Program(code, dialect).partners
    found = np.zeros((4, len(code) + 4), np.int64)
    blocks = np.zeros((len(code) + 1) * HOT, np.int64)
    source = np.frombuffer(before + code + after, np.uint8).copy()
    begin_blocks(found[0], found[2], blocks, found[3])
    for block in sorted(data.draw(st.lists(st.integers(0, len(brackets)), max_size=3))):
        find_blocks(
            block, False, source, len(before), len(before) + len(code), shapes, found[0], found[1], found[2], blocks,
            found[3],
        )  # fmt: skip
        count = found[3, BRACKETS]
        assert count > block or count == len(brackets)
        assert found[0, 1 : count + 1].tolist() == [place + 1 for place in brackets[:count]]
        expected = [brackets.index(place) if place >= 0 else -1 for place in partners[brackets].tolist()]
        expected = [other if max(other, index) < count else -1 for index, other in enumerate(expected[:count])]
        assert [other if other >= 0 else -1 for other in found[1, :count].tolist()] == expected
        assert found[3, PAIRED] == sum(other >= 0 for other in expected)


@given(st.data())
@settings(deadline=None, max_examples=200)
def test_a_partner_is_found_however_far_away_or_known_to_be_none(data: st.DataObject) -> None:
    shapes, chance = bracket_shapes(TAPE), data.draw(st.randoms())
    pieces = st.lists(st.tuples(st.sampled_from(["[", "]", "[]", "[[]]", "+", "[]]"]), st.integers(0, 2 * NEAR)))
    code = "".join(symbol * count for symbol, count in data.draw(pieces)).encode()
    code = bytes(chance.choices(b"[]+", [8, 8, 16], k=data.draw(st.integers(1, PART)))) + code
    brackets = [index for index, symbol in enumerate(code) if shapes[symbol]]
    places = Program(code, TAPE).partners[brackets].tolist()
    found = np.zeros((4, len(code) + 4), np.int64)
    blocks = np.zeros((len(code) + 1) * HOT, np.int64)
    source = np.frombuffer(code, np.uint8).copy()
    begin_blocks(found[0], found[2], blocks, found[3])
    for block in sorted(data.draw(st.lists(st.integers(0, max(len(brackets) - 1, 0)), max_size=4))):
        if block < len(brackets):
            for partner in (False, True):
                find_blocks(
                    block, partner, source, 0, len(code), shapes, found[0], found[1], found[2], blocks, found[3]
                )
            partner_at = brackets.index(places[block]) if places[block] >= 0 else None
            assert found[1, block] == partner_at if partner_at is not None else found[1, block] in (UNKNOWN, ALONE)
            assert found[1, block] != UNKNOWN or found[3, SEEN] == len(code)
    for block, partner in enumerate(found[1, : found[3, BRACKETS]].tolist()):
        assert partner in (UNKNOWN, ALONE) or brackets[partner] == places[block]
        assert partner != ALONE or places[block] < 0


TWO_CLOSERS = Dialect("two that close", (*BF.instructions, Instruction("|", Primitive.CLOSE)))
CLOSERS = Dialect("two that close and none that opens", (*TWO_CLOSERS.instructions[:4], *TWO_CLOSERS.instructions[5:]))
CLOSER_FIRST = Dialect("swapped", (Instruction("]", Primitive.OPEN), Instruction("[", Primitive.CLOSE)))


@pytest.mark.parametrize("dialect", [BF, CLOSER_FIRST, TWO_CLOSERS, CLOSERS])
@given(data=st.data())
@settings(max_examples=150)
def test_where_so_many_open_brackets_are_closed(dialect: Dialect, data: st.DataObject) -> None:
    symbols = data.draw(st.sampled_from(["[]", "[]+", "[[]", "[]]+++", "[]|", "[[[[]+++++"]))
    size, seed = data.draw(st.integers(0, 5 * PART)), data.draw(st.integers(0, 10**6))
    before, behind = data.draw(st.integers(0, 2 * PART)), data.draw(st.integers(0, 2 * PART))
    count = data.draw(st.integers(1, 3 * PART))
    chance = random.Random(seed)
    code = "".join(chance.choices(symbols, k=before + size + behind)).encode()
    source, shapes = np.frombuffer(code + b"+", np.uint8), bracket_shapes(dialect)
    place, depth = before, count
    while place < before + size and depth > 0:
        shape = int(shapes[code[place]])
        depth += (shape == 1) - (shape == 3)
        place += 1
    first = int(shapes.ctypes.data)
    found = find_closing(
        count, int(source.ctypes.data), before, before + size, len(source), first, first + len(shapes)
    )  # fmt: skip
    assert found == (place - 1 if depth == 0 else -1)


def test_the_passes_of_a_loop_are_counted_right() -> None:
    for rate in range(256):
        details = np.zeros(COLD, np.int64)
        note_rate(details, 0, rate)
        for value in range(1, 256):
            expected = next((k for k in range(1, 257) if (value + k * rate) % 256 == 0), ENDLESS)
            assert passes_left(value, int(details[SHIFT]), int(details[INVERSE])) == expected


@pytest.mark.parametrize(
    "code", ["+[]", "+[>+<]", "[--]", "+[}]", "+[>+<[>]+<]", "+[[-]+]", "+[.}]", "+[>>+[<]+]", "+[>[-]<[->+<]+]"]
)
def test_endless_loops_take_no_time(code: str) -> None:
    machine = TAPE.settings.with_changes({"limit": 10**17, "out_len": 64})
    result = evaluate(Programs.of([code.encode()]), [b"ab\x00c"], TAPE, machine, width=1)
    assert (result.steps[0, 0], result.status[0, 0]) == (10**17, Status.STEP_LIMIT)


def test_a_state_that_comes_back_leaves_the_rest_of_the_steps_exact() -> None:
    codes = [b"+[>+[>]+<+]", b"+[>+<[>]+<]", b"-[.}>+<]", b"+[[->+<]>-]", b"+[>[-]<[->+<]+]", b"-[>}.-,]"]
    for limit in (2_000, 9_011):
        machine = Settings(memory=11, limit=limit, out_at=0, out_len=11)
        assert_as_reference(codes, [b"a", b"\x01\x02\x03"], TAPE, machine)


def test_a_state_with_another_spare_register_has_not_come_back() -> None:
    for limit in range(2_000, 2_007):
        machine = Settings(memory=3, limit=limit, out_at=0, out_len=3)
        assert_as_reference([b">+[<u+s0>]"], [b""], EVERYTHING, machine)


def test_a_state_with_more_of_the_input_read_has_not_come_back() -> None:
    machine = Settings(memory=3, limit=5_000)
    assert_as_reference([b"+[,]", b"+[,[>]<.]"], [b"\x01" * 900 + b"\0" + b"\x01"], BF, machine)


def test_heads_that_the_tape_places_start_in_the_midst_of_a_program() -> None:
    dialect = replace(TAPE, name="placed", heads=Heads.TAPE)
    assert_as_reference([b"[[.>}]+", b"+", b"+]-[]"], [b"ab", b"\x05\x09\x01"], dialect, Settings(memory=40, limit=99))


def test_the_largest_memory_and_the_largest_moves() -> None:
    symbols = {">": "move0 2147483647", "<": "move0 -16777215", "}": "move1 -2147483648"} | {
        symbol: str(instruction) for symbol, instruction in TAPE.symbols.items() if symbol not in "><}"
    }
    dialect = Dialect.from_dict({"name": "far", "based_on": "tape", "symbols": symbols})
    machine = Settings(memory=1 << 24, limit=300, out_at=(1 << 24) - 1, out_len=1)
    assert_as_reference([b"+[>+<<+}.>]", b"+++[>+<-]>[<]}."], [b"abc"], dialect, machine)
