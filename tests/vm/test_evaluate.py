"""Batch evaluation: packing, bounds, rejection, and the same result on any number of threads."""

from __future__ import annotations

import random

import numpy as np
import pytest

from vm.dialect import BF, BFF, TAPE, Dialect, Instruction, Primitive
from vm.errors import InputError, ProgramError
from vm.evaluate import Programs, evaluate
from vm.scoring import Scorer, case_error, case_errors
from vm.settings import Settings
from vm.state import Status

pytestmark = pytest.mark.usefixtures("either_way")


def random_codes(count: int) -> list[bytes]:
    chance = random.Random(5)
    return [bytes(chance.choices(b"><}{+-.,[]", k=chance.randrange(40))) for _ in range(count)]


def test_programs_are_packed_and_come_back() -> None:
    codes = [b"+", b"", b"[.>}]"]
    programs = Programs.of(codes)
    assert [programs[index] for index in range(len(programs))] == codes
    assert programs[-1] == codes[-1]
    assert programs.lengths.tolist() == [1, 0, 5]
    with pytest.raises(IndexError):
        programs[3]


def test_threads_do_not_change_the_result() -> None:
    programs = Programs.of(random_codes(101))
    settings = TAPE.settings.with_changes({"limit": 500})
    one, three = (
        evaluate(programs, [b"ab", b"\x00\xff"], TAPE, settings, width=8, threads=threads) for threads in (1, 3)
    )
    assert np.array_equal(one.outputs, three.outputs)
    assert np.array_equal(one.steps, three.steps)
    assert np.array_equal(one.status, three.status)
    assert np.array_equal(one.lengths, three.lengths)


def test_outputs_are_cut_and_their_lengths_are_not() -> None:
    result = evaluate(Programs.of([b"+[.+]"]), [b""], BF, width=4)
    assert result.outputs[0, 0].tolist() == [1, 2, 3, 4]
    assert result.lengths[0, 0] == 255


def test_no_programs_and_no_cases_are_ordinary() -> None:
    assert evaluate(Programs.of([]), [b"x"], TAPE, width=1).outputs.shape == (0, 1, 1)
    assert evaluate(Programs.of([b"+"]), [], TAPE, width=1).steps.shape == (1, 0)


def test_a_program_that_keeps_timing_out_is_given_up() -> None:
    settings = TAPE.settings.with_changes({"limit": 50})
    result = evaluate(Programs.of([b"+[]"]), [b"", b"", b""], TAPE, settings, width=1, most_timeouts=2)
    assert result.status.tolist() == [[Status.STEP_LIMIT, Status.STEP_LIMIT, Status.RUNNING]]


def test_what_is_found_for_a_batch_is_not_used_for_another_one() -> None:
    """It depends on the dialect, the settings, the inputs and how many timeouts are allowed; each changes by itself."""
    moving = Dialect("moving", (Instruction("+", Primitive.MOVE0, 1), *TAPE.instructions[4:]), io=TAPE.io)
    machine = TAPE.settings.with_changes({"limit": 50})
    less = machine.with_changes({"limit": 20})

    def steps(inputs: list[bytes], dialect: Dialect, settings: Settings, most: int | None) -> list[list[int]]:
        programs = Programs.of([b"+[]"])
        return evaluate(programs, inputs, dialect, settings, width=2, most_timeouts=most).steps.tolist()  # type: ignore[no-any-return]

    for _ in range(2):
        assert steps([b"", b""], TAPE, machine, None) == [[50, 50]]
        assert steps([b"", b""], moving, machine, None) == [[2, 2]]
        assert steps([b"", b""], TAPE, machine, None) == [[50, 50]]
        assert steps([b"", b""], TAPE, less, None) == [[20, 20]]
        assert steps([b"", b"\xff"], TAPE, less, None) == [[20, 2]]
        assert steps([b"", b"\xff"], TAPE, less, 1) == [[20, 0]]
        assert steps([b""], TAPE, less, 1) == [[20]]


@pytest.mark.parametrize("memory", [300, 5_000])
def test_a_run_finds_nothing_of_what_others_have_left_however_far_away(memory: int) -> None:
    """Each of three heads is taken as far as few steps can, to both sides of where it starts, and leaves something."""
    far = Dialect(
        "far", (*BF.instructions, Instruction("j", Primitive.MOVE0, 7), Instruction("k", Primitive.MOVE0, -7))
    )
    for distance in range(1, 30):
        codes = [move * distance + "+" for move in "jk><"] + [move * distance + "." for move in "jk><"]
        streams = evaluate(Programs.of(map(str.encode, codes)), [b""], far, Settings(memory=memory), width=1)
        assert not streams.outputs.any()
        codes = [move * distance + what for what in (".", "[.]") for move in "><}{"]
        machine = Settings(memory=memory, in_at=memory // 3, out_at=memory // 2, limit=200)
        inputs = [b"\x07\x08\x09", b"", b"\x05"]
        regions = evaluate(Programs.of(map(str.encode, codes)), inputs, TAPE, machine, width=40)
        alone = [
            [evaluate(Programs.of([code.encode()]), [data], TAPE, machine, width=40) for data in inputs]
            for code in codes
        ]
        assert np.array_equal(regions.outputs, [[each.outputs[0, 0] for each in row] for row in alone])
        assert np.array_equal(regions.steps, [[each.steps[0, 0] for each in row] for row in alone])


def test_a_rejected_program_is_named() -> None:
    with pytest.raises(ProgramError, match=r"program 1: line 1, column 2: '\['"):
        evaluate(Programs.of([b"+", b"+[", b"-"]), [b""], BF, width=1)


def test_a_rejected_program_is_named_where_the_program_is_the_memory() -> None:
    settings = BFF.settings.with_changes({"unmatched": "reject"})
    with pytest.raises(ProgramError, match=r"program 2: line 1, column 1: '\]'"):
        evaluate(Programs.of([b"[+]", b"", b"]"]), [b""], BFF, settings, width=1)


def test_what_does_not_fit_is_refused_before_anything_runs() -> None:
    with pytest.raises(InputError, match="case 1: the input has 300 bytes"):
        evaluate(Programs.of([b"+"]), [b"", bytes(300)], TAPE, width=1)
    with pytest.raises(InputError, match="case 0: bff takes no input"):
        evaluate(Programs.of([b"+"]), [b"x"], BFF, width=1)
    with pytest.raises(InputError, match="a program has 129 bytes"):
        evaluate(Programs.of([bytes(129)]), [b""], BFF, width=1)


@pytest.mark.parametrize("scorer", Scorer)
def test_compiled_errors_are_the_plain_ones(scorer: Scorer) -> None:
    programs = Programs.of(random_codes(80))
    inputs, wanted = [b"ab", b"\x01\xfe\x80"], [b"ba", b"\xff"]
    settings = TAPE.settings.with_changes({"limit": 300})
    result = evaluate(programs, inputs, TAPE, settings, width=200)
    errors = case_errors(scorer, result, wanted)
    for program in range(len(programs)):
        for case in range(2):
            got = result.outputs[program, case, : result.lengths[program, case]].tobytes()
            expected = case_error(scorer, got, wanted[case], Status(int(result.status[program, case])))
            assert errors[program, case] == expected


def test_scoring_refuses_what_cannot_be_compared() -> None:
    result = evaluate(Programs.of([b"+"]), [b""], TAPE, width=1)
    with pytest.raises(ValueError, match="cut shorter"):
        case_errors(Scorer.BYTES, result, [b"abc"])
    with pytest.raises(ValueError, match="1 cases were run, 2 outputs"):
        case_errors(Scorer.BYTES, result, [b"", b""])
