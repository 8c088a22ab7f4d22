from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from gpdebug.debugger.ahead import effect_of
from gpdebug.debugger.brackets import enclosing_loop, partner
from gpdebug.debugger.words import next_words
from gpdebug.explain.meanings import meaning
from tests.debugger.conftest import Open
from tests.debugger.oracle import Oracle
from tests.debugger.strategies import TWO_STASHES, runs
from vm.dialect import BFF, Primitive
from vm.program import Program, bracket_partners
from vm.state import initial_state


@given(runs())
@settings(max_examples=300, deadline=None)
def test_what_is_foreseen_is_what_happens(oracle: Oracle) -> None:
    for before, after in zip(oracle.states, [*oracle.states[1:], None], strict=True):
        effect = effect_of(before, oracle.program, oracle.settings, oracle.data)
        assert next_words(before, effect, oracle.settings, oracle.data)
        if after is None:
            fault = before.status if before.status.is_fault else None
            if before.status.is_fault:
                assert effect is not None
                assert effect.fault is fault
            return
        assert effect is not None
        assert effect.fault is None
        assert effect.instruction == before.pc
        assert after.pc == effect.next_pc
        changed = {int(cell): int(after.memory[cell]) for cell in np.flatnonzero(before.memory != after.memory)}
        foreseen = {} if effect.cell is None else {effect.cell: effect.value}
        assert changed == {cell: value for cell, value in foreseen.items() if before.memory[cell] != value}
        heads = [before.head0, before.head1]
        if effect.head is not None:
            heads[effect.head] = effect.head_to or 0
        assert heads == [after.head0, after.head1]


@given(runs())
@settings(max_examples=100, deadline=None)
def test_brackets_at_a_moment_are_those_of_its_code(oracle: Oracle) -> None:
    for state in oracle.states[:: max(1, oracle.total // 5)]:
        partners = oracle.partners(state.steps)
        for index, primitive in enumerate(oracle.primitives(state.steps)):
            if primitive in (Primitive.OPEN, Primitive.CLOSE):
                found = partner(oracle.program, state, index)
                assert (-1 if found is None else found) == partners[index]
            around = [(o, c) for o, c in enumerate(partners) if o < index <= c]
            assert enclosing_loop(oracle.program, state, index) == (max(around) if around else None)


def test_partners_are_found_across_long_stretches_of_a_self_modifying_program() -> None:
    code = b"[" + b"x" * 20_000 + b"[]" * 3 + b"]" + b"x" * 9_000 + b"]"
    program = Program(code, BFF.with_settings(memory=len(code)))
    state = initial_state(program, b"", program.dialect.settings)
    expected = bracket_partners(program.primitives)
    for index in (0, 20_001, 20_006, 20_007, len(code) - 1):
        found = partner(program, state, index)
        assert (-1 if found is None else found) == expected[index]


@pytest.mark.parametrize(
    ("source", "step", "words"),
    [
        ("[.>}]", 0, "cell 0 is 97, not 0: into the loop"),
        ("[.>}]", 1, "copies 97 'a' from cell 0 to cell 128: 0 → 97"),
        ("[.>}]", 2, "head0 moves from cell 0 to cell 1, which holds 98 'b'"),
        ("[.>}]", 3, "head1 moves from cell 128 to cell 129, which holds 0"),
        ("[.>}]", 4, "cell 1 is 98, not 0: back to 1"),
        ("[.>}]", 8, "cell 2 is 0: out of the loop"),
        ("[.>}]", 9, "finished: nothing is left to execute"),
        ("<[+]", 1, "cell 255 is 0: past the loop to 4"),
        ("<", 0, "head0 moves from cell 0 past the edge to cell 255, which holds 0"),
        ("}},", 2, "copies 0 from cell 130 to cell 0: 97 → 0"),
        ("+-", 1, "cell 0: 98 → 97"),
        ("]", 0, "cell 0 is 97, not 0; this bracket has no partner and does nothing"),
    ],
)
def test_the_next_instruction_of_a_tape_in_plain_words(open_session: Open, source: str, step: int, words: str) -> None:
    session = open_session(source, "tape", b"ab")
    session.seek(step)
    assert session.next_words() == words


@pytest.mark.parametrize(
    ("source", "step", "changes", "words"),
    [
        (",.", 0, {}, "reads input byte 0, 120 'x': cell 0: 0 → 120"),
        (",.", 1, {}, "writes 120 'x' from cell 0 as output byte 0"),
        ("+,,", 2, {}, "the input is at its end: cell 0: 120 → 0"),
        ("+,,", 2, {"eof": "keep"}, "the input is at its end: cell 0 stays 120"),
        ("+,,", 2, {"eof": "halt"}, "fault input_exhausted: the input is at its end"),
        ("<", 0, {"edge": "halt"}, "fault out_of_bounds: head0 cannot move from cell 0 past the first cell"),
        (">", 0, {"edge": "halt", "memory": 1},
         "fault out_of_bounds: head0 cannot move from cell 0 past the last cell"),
        ("..", 1, {"out_limit": 1}, "fault output_limit: the output is full, its limit is 1"),
        ("+]", 1, {"unmatched": "halt"}, "fault unmatched_bracket: cell 0 is 1, but this bracket has no partner to "
         "jump to"),
        ("++", 1, {"limit": 1}, "the limit of 1 steps is reached"),
    ],
)  # fmt: skip
def test_the_next_instruction_of_a_stream_dialect_in_plain_words(
    open_session: Open, source: str, step: int, changes: dict[str, object], words: str
) -> None:
    session = open_session(source, "bf", b"x", **changes)
    session.seek(step)
    assert session.next_words() == words


def test_every_primitive_has_words_for_what_it_means_and_does() -> None:
    program = Program.parse("+s>u0n!", TWO_STASHES)
    oracle = Oracle(program, b"", TWO_STASHES.settings)
    words = [
        next_words(state, effect_of(state, program, TWO_STASHES.settings, b""), TWO_STASHES.settings, b"")
        for state in oracle.states
    ]
    assert words == [
        "cell 0: 0 → 200",
        "saves 200 from cell 0: spare register 0 → 200",
        "head0 moves from cell 0 to cell 1, which holds 0",
        "fetches 200 from the spare register to cell 1: 0 → 200",
        "cell 1: 200 → 255",
        "does nothing",
        "ends the run",
        "halted: the program ended the run",
    ]
    assert len({meaning(primitive, 1, 5) for primitive in Primitive}) == len(Primitive)


@pytest.mark.parametrize(
    ("primitive", "argument", "words"),
    [
        (Primitive.MOVE0, 1, "head0 1 cell right"),
        (Primitive.MOVE1, -3, "head1 3 cells left"),
        (Primitive.ADD, 5, "add 5"),
        (Primitive.ADD, -1, "subtract 1"),
        (Primitive.SET, -1, "set the cell to 255"),
    ],
)
def test_what_an_instruction_means(primitive: Primitive, argument: int, words: str) -> None:
    assert meaning(primitive, argument) == words
