"""Where two runs part, held against the reference machine step by step."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.explain.history import divergence as module
from gpdebug.explain.history.alignment import Alignment, align
from gpdebug.explain.history.divergence import Divergence, Place, divergence
from vm.dialect import BF, BFF, TAPE, Dialect
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.settings import Settings
from vm.state import State, Status, output_of

SMALL = {
    TAPE: TAPE.settings.with_changes({"memory": 16, "limit": 300}),
    BF: BF.settings.with_changes({"memory": 16, "limit": 300, "unmatched": "ignore"}),
    BFF: BFF.settings.with_changes({"memory": 32, "limit": 300}),
}


def states(code: bytes, dialect: Dialect, machine_settings: Settings, data: bytes) -> list[State]:
    """Every moment of a run, the last one included."""
    machine = ReferenceMachine(Program(code, dialect), data, machine_settings)
    found = [machine.snapshot()]
    while machine.step():
        found.append(machine.snapshot())
    return [*found[:-1], machine.snapshot()] if machine.settle() is not None else found


def seen(state: State, dialect: Dialect) -> tuple[int, ...]:
    """What an instruction finds."""
    second = () if dialect is BF else (int(state.memory[state.head1]), state.head1)
    first = int(state.memory[state.head0]), state.head0
    return (*first, *second, state.spare, state.input_pos, len(state.output))


def expected(found: Alignment, dialect: Dialect, data: tuple[bytes, bytes]) -> tuple[object, ...]:
    """The first shared moments that are unlike, steps where the state differs and where the way does; and how many are
    not.
    """
    partner = {place: int(index) for place, index in enumerate(found.partners) if index >= 0}
    gone = {index for hunk in found.hunks for index in range(hunk.at, hunk.end)}
    runs = [
        states(code, dialect, SMALL[dialect], given)
        for code, given in zip((found.before, found.after), data, strict=True)
    ]

    def number(pc: int, which: int) -> int | None:
        if pc >= len((found.before, found.after)[which]):
            return pc - which * (len(found.after) - len(found.before))
        return partner.get(pc) if which else (None if pc in gone else pc)

    walks = [
        [(number(state.pc, which), state) for state in run[:-1] if number(state.pc, which) is not None]
        for which, run in enumerate(runs)
    ]
    state = None
    for passed, ((mine, one), (theirs, other)) in enumerate(zip(*walks, strict=False)):
        if mine != theirs:
            return state, (one.steps, other.steps), passed
        if state is None and seen(one, dialect) != seen(other, dialect):
            state = (one.steps, other.steps)
    shared = min(map(len, walks))
    if len(walks[0]) == len(walks[1]):
        return state, None, shared
    ends = [
        walk[shared][1].steps if shared < len(walk) else run[-1].steps for walk, run in zip(walks, runs, strict=True)
    ]
    return state, tuple(ends), shared


def told(found: Divergence) -> tuple[object, ...]:
    state, path = (
        None if parting is None else (parting.before.step, parting.after.step) for parting in (found.state, found.path)
    )
    assert found.path is None or found.path.shared == found.shared
    return state, path, found.shared


@settings(max_examples=80, deadline=None)
@given(st.data(), st.sampled_from(list(SMALL)), st.sampled_from([1, 7, 1 << 14]))
def test_runs_part_where_the_reference_says(data: st.DataObject, dialect: Dialect, stretch: int) -> None:
    symbols = st.sampled_from([ord(symbol) for symbol in dialect.symbols])
    one = bytes(data.draw(st.lists(symbols, max_size=20)))
    other = bytearray(one)
    for _ in range(data.draw(st.integers(0, 3))):
        at = data.draw(st.integers(0, len(other)))
        other[at : at + data.draw(st.integers(0, 2))] = bytes(data.draw(st.lists(symbols, max_size=2)))
    text = st.just(b"") if dialect is BFF else st.binary(max_size=3)
    inputs = data.draw(text), data.draw(text)
    found = align(one, bytes(other), dialect)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "STRETCH", stretch)
        result = divergence(found, dialect, SMALL[dialect], inputs)
    assert told(result) == expected(found, dialect, inputs)
    assert result.is_whole
    for code, given_bytes, output in zip((one, bytes(other)), inputs, result.outputs, strict=True):
        last = states(code, dialect, SMALL[dialect], given_bytes)[-1]
        assert output == output_of(last, dialect, SMALL[dialect])


def test_an_edit_is_no_difference_before_it_brings_one_about() -> None:
    before, after = b"++>[-]<[->+<]>.", b"++>[-]+-<[->++<]>."
    result = divergence(align(before, after, BF), BF, BF.settings, (b"", b""))
    first, second = result.edits
    assert first is None
    assert second is not None
    assert (second.step, second.instruction) == (4, 6)
    assert result.state is not None
    assert (result.state.before.step, result.state.after.step) == (9, 12)
    assert [(found.name, found.before, found.after) for found in result.state.unlike] == [
        ("the cell under head0", 1, 2)
    ]
    assert result.path is None
    assert (result.outputs, result.byte) == ((b"\x02", b"\x04"), 0)


def test_two_inputs_of_one_program_part_at_the_test_that_decides() -> None:
    code = b",[.,]"
    result = divergence(align(code, code, BF), BF, BF.settings, (b"ab", b"a"))
    assert result.path is not None
    assert result.path.before == Place(5, 2)
    assert result.path.after == Place(5, None, Status.FINISHED)
    assert result.byte == 1


def test_a_run_that_is_too_long_is_compared_as_far_as_it_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_STEPS", 100)
    monkeypatch.setattr(module, "STRETCH", 10)
    result = divergence(align(b"+[]", b"+[]", BF), BF, BF.settings, (b"", b""))
    assert not result.is_whole
    assert result.shared == 100
