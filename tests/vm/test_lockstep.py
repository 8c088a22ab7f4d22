"""Runs side by side end exactly as one after the other do, however the lanes part and come together again.

`GPDEBUG_TEST_RUNS=100000 python -m pytest tests/vm/test_lockstep.py` compares more programs than usual.
"""

from __future__ import annotations

import os
import random

import numpy as np
import pytest

from tests.vm.runs import EVERYTHING
from tests.vm.test_blocks import LOOPS, random_code, random_settings
from vm.batch_kernel import batch_plain
from vm.dialect import BF, TAPE, Dialect
from vm.evaluate import Evaluation, Programs, evaluate, pack_start
from vm.layout import decode_words, pack_settings
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import MAX_LIMIT, Edge, Eof, Settings
from vm.state import Status, output_of

pytestmark = pytest.mark.usefixtures("either_way")

RUNS = int(os.environ.get("GPDEBUG_TEST_RUNS", "3000"))
WIDTH = 40
CASES = [4, 5, 16, 17, 63, 64, 65, 130, 300]
BYTES = [(5,), (0, 1, 2, 7, 255), tuple(range(256))]


def plainly(
    programs: Programs, inputs: list[bytes], dialect: Dialect, settings: Settings, most: int = MAX_LIMIT
) -> Evaluation:
    """What the plain loop, one instruction at a time and case after case, gives."""
    count, cases, packed = len(programs), len(inputs), Programs.of(inputs)
    result = Evaluation(
        np.zeros((count, cases, WIDTH), np.uint8), np.zeros((count, cases), np.int32),
        np.zeros((count, cases), np.int64), np.zeros((count, cases), np.uint8),
    )  # fmt: skip
    batch_plain(
        programs.code, programs.offsets, 0, count, packed.code, packed.offsets, decode_words(dialect, settings),
        pack_settings(dialect, settings), pack_start(dialect, settings, most), settings.memory,
        result.outputs, result.lengths, result.steps, result.status,
    )  # fmt: skip
    return result


def assert_as_plainly(
    codes: list[bytes], inputs: list[bytes], dialect: Dialect, settings: Settings, most: int | None = None
) -> Evaluation:
    programs = Programs.of(codes)
    expected = plainly(programs, inputs, dialect, settings, MAX_LIMIT if most is None else most)
    got = evaluate(programs, inputs, dialect, settings, width=WIDTH, most_timeouts=most)
    for field in Evaluation.__slots__:
        same = getattr(expected, field) == getattr(got, field)
        if not same.all():
            row, case = np.argwhere(~same)[0][:2]
            pytest.fail(f"{field} of {codes[row]!r} on {inputs[case]!r}, case {case} of {len(inputs)}, {settings}")
    return got


def random_inputs(chance: random.Random, cases: int, room: int) -> list[bytes]:
    alphabet = chance.choice(BYTES)
    return [bytes(chance.choices(alphabet, k=chance.randrange(room + 1))) for _ in range(cases)]


def test_random_programs_do_side_by_side_what_they_do_one_after_the_other() -> None:
    chance = random.Random(11)
    for _ in range(RUNS // 20):
        dialect, settings = chance.choice([TAPE, BF, EVERYTHING]), random_settings(chance)
        codes = [random_code(chance, dialect, chance.choice([3, 8, 20, 60, 200])) for _ in range(20)]
        inputs = random_inputs(chance, chance.choice(CASES), min(9, settings.memory - settings.in_at))
        assert_as_plainly(codes, inputs, dialect, settings, chance.choice([None, None, 1, 3, 70]))


@pytest.mark.parametrize("edge", Edge)
@pytest.mark.parametrize("eof", Eof)
def test_a_limit_may_cut_the_loops_of_many_lanes_anywhere(edge: Edge, eof: Eof) -> None:
    codes = [f"{start}{loop}+7".encode() for loop in LOOPS for start in ("r", ">++}+{<p", "[->+<]>")]
    inputs = [bytes([first, second]) for first in (0, 1, 2, 3, 254, 255) for second in (0, 1, 4)] + [b"", b"\x03"]
    for limit in (*range(24), 60, 61, 64, 400, 1201):
        settings = Settings(memory=50, limit=limit, edge=edge, eof=eof, out_at=5, out_limit=9)
        assert_as_plainly(codes, inputs, EVERYTHING, settings)


def test_lanes_that_part_and_join_agree_with_the_reference() -> None:
    inputs = [bytes([1 + case % 7] * (case % 5)) for case in range(30)]
    settings = Settings(memory=32, limit=900, out_at=16, out_len=16)
    codes = [b"[>]<[.<}]", b"[->[>]+<[<]>]", b"[[-]>]", b"+[>[-<+>]<]", b"[.>}]+[>[->+<]<]", b">[<[-}+.{]>-]"]
    got = evaluate(Programs.of(codes), inputs, TAPE, settings, width=16)
    for row, code in enumerate(codes):
        for case, data in enumerate(inputs):
            machine = ReferenceMachine(Program(code, TAPE), data, settings)
            machine.run()
            state = machine.snapshot()
            assert (got.steps[row, case], got.status[row, case]) == (state.steps, state.status), (code, data)
            assert got.outputs[row, case].tobytes() == output_of(state, TAPE, settings), (code, data)


@pytest.mark.parametrize("cases", [16, 64])
def test_long_code_is_run_plainly_up_to_where_each_lane_ends(cases: int) -> None:
    """Lanes come to it with different numbers of steps left, so that the limit cuts it at different places."""
    inputs = [bytes([1 + case % 9, case % 3]) for case in range(cases)]
    codes = [
        f"{loop}{middle}{end}".encode()
        for loop in ("[-]", "[->+<]", "[>]", "[-}]")
        for middle in ("+" * 40 + ">>}.-,", "+->.<,}{" * 9, "w" * 12 + "r+w", "+++s>>u" * 5 + "<r")
        for end in ("", "[+]", "h+", "[>-]+")
    ]
    for limit in (20, 29, 47, 61, 80, 200):
        for edge, eof in ((Edge.WRAP, Eof.KEEP), (Edge.HALT, Eof.HALT)):
            settings = Settings(memory=40, limit=limit, edge=edge, eof=eof, out_at=3, out_limit=9)
            assert_as_plainly(codes, inputs, EVERYTHING, settings)


@pytest.mark.parametrize("cases", [13, 40])
def test_lanes_of_one_block_with_heads_apart_run_on_and_meet_again(cases: int) -> None:
    inputs = [bytes([2] * (1 + case % 5) + [0] + [1] * (case % 3)) for case in range(cases)]
    codes = [b"[>]>[>]<[<]<[<.}]", b"[>-]<[<+.}]>[>]+", b"[[>]<-[<]>]", b"[-}[.}]>[>]<]", b"[-}]>[-{]<[.}+]"]
    for limit in (30, 77, 200, 1500):
        settings = Settings(memory=60, limit=limit, out_at=30, out_len=20)
        assert_as_plainly(codes, inputs, TAPE, settings)


@pytest.mark.parametrize("cases", [16, 64])
def test_lanes_with_different_passes_of_a_loop_are_right_far_from_the_limit(cases: int) -> None:
    inputs = [bytes([1 + case * 5 % 250, case % 4]) for case in range(cases)]
    codes = [b"[-}]+.", b"[->+}<]+,.", b"[->+<]>[-<+>].", b"[--}]>.", b"[+++}]>[-<.>]", b"[>.<->++<]>[-}]+."]
    for limit in (4_000, 20_000):
        assert_as_plainly(codes, inputs, TAPE, Settings(memory=50, limit=limit, out_at=0, out_len=40))


@pytest.mark.parametrize("cases", [16, 64])
def test_lanes_whose_heads_went_different_ways_go_on_together(cases: int) -> None:
    """Head0 by the length of the input, head1 by a byte of it, near and far from each other, also past the edges."""
    inputs = [bytes([1 + case % 7] * (1 + case % 6)) + bytes([0, case * 37 % 256]) for case in range(cases)]
    ways = ("[>}]", "[>]", "[<{]", "[-}]", "[{-->]", "[>}]>[-}]", ">>>>>>[-{]<[<]", "[-}]>[>]")
    codes = [
        f"{way}{straight}{loop}".encode()
        for way in ways
        for straight in ("+.>,<", "+++>.}.{,-", "+" * 30 + ">" * 20 + ".}" * 9 + ",-.")
        for loop in ("", "[->+<]+", "[.>,-]", "[->+}<]<.", "+[.>+}<-]", "[>[>}]<.,-]", "[[-]>}.+]")
    ]
    for limit in (70, 200, 3_000):
        for memory, out_at in ((40, 0), (64, 30)):
            settings = Settings(memory=memory, limit=limit, out_at=out_at, out_len=memory - out_at)
            assert_as_plainly(codes, inputs, TAPE, settings)


def test_endless_loops_of_many_lanes_take_no_time() -> None:
    settings = TAPE.settings.with_changes({"limit": 10**17})
    codes = [b"+[]", b"+[>+<]", b"[--]", b"+[}]", b"+[>+<[>]+<]", b"+[[-]+]", b"+[.}]", b"[-]+[>[-]<[->+<]+]"]
    codes += [b"+[[>]+[-}]+.<]", b"+[[>]>[<]+<+]", b"+[[>]<[-]+[<]<+>+]", b"+[-}>+[>]<[<]+>>[>}]+]"]
    got = evaluate(Programs.of(codes), [bytes([case, 7]) for case in range(1, 100, 2)], TAPE, settings, width=1)
    assert (got.status == Status.STEP_LIMIT).all()
    assert (got.steps == 10**17).all()


def test_equal_inputs_have_equal_results() -> None:
    chance = random.Random(2)
    codes = [random_code(chance, TAPE, 60) for _ in range(200)]
    got = assert_as_plainly(codes, [b"abc"] * 80, TAPE, TAPE.settings.with_changes({"limit": 700}))
    assert (got.steps == got.steps[:, :1]).all()


@pytest.mark.parametrize("most", [1, 2, 5, 30])
def test_a_program_is_given_up_after_as_many_timeouts_as_one_case_after_the_other(most: int) -> None:
    codes = [b"[]", b"[-->]", b"+[]", b"-", b"[>]<[.<}]"]
    inputs = [bytes([case]) for case in range(100)]
    got = assert_as_plainly(codes, inputs, TAPE, TAPE.settings.with_changes({"limit": 500}), most)
    assert (got.status[2] == Status.STEP_LIMIT).sum() == most


def test_a_large_memory_and_much_output_are_handled() -> None:
    inputs = [bytes([case]) * 3 for case in range(20)]
    for memory, out_limit in ((9_000, 20), (30, 40_000)):
        settings = Settings(memory=memory, out_limit=out_limit, limit=3_000)
        assert_as_plainly([b"+[>+.,<.]", b",[.,]", b"+[<+]"], inputs, BF, settings)
