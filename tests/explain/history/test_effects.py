"""What each edit does: exactly what the reference machine makes of the programs with it alone and with all but it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.explain.errors import Interrupted
from gpdebug.explain.history import effects as module
from gpdebug.explain.history import outcomes as runs
from gpdebug.explain.history.alignment import align
from gpdebug.explain.history.effects import ByteChange, TooDifferentError, byte_changes, effects
from gpdebug.explain.history.outcomes import Cases, outcomes
from vm.dialect import BF, TAPE, Dialect
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.scoring import Scorer, case_error
from vm.state import output_of

CASES = Cases((b"ab", b"", b"xyz"), (b"ba", b"", b"zyx"), 2)
LANGUAGES = (TAPE.with_settings(memory=16, limit=200), BF.with_settings(memory=16, limit=200))


def run(code: bytes, data: bytes, wanted: bytes, dialect: Dialect) -> tuple[bytes, int] | None:
    """Output and error by the reference machine; None if the program is rejected."""
    program = Program(code, dialect)
    if dialect.name == "bf" and program.unmatched.size:
        return None
    machine = ReferenceMachine(program, data)
    machine.run()
    output = output_of(machine.snapshot(), dialect, machine.settings)
    return output, case_error(Scorer.BYTES, output, wanted, machine.status)


@settings(max_examples=40, deadline=None)
@given(st.data(), st.sampled_from(LANGUAGES))
def test_effects_are_those_of_reference_runs(data: st.DataObject, dialect: Dialect) -> None:
    symbols = st.sampled_from([ord(symbol) for symbol in dialect.symbols])
    before, after = (bytes(data.draw(st.lists(symbols, max_size=14))) for _ in range(2))
    found = align(before, after, dialect)
    result = effects(found, CASES, dialect)
    assert CASES.wanted is not None
    for case, (given_bytes, wanted) in enumerate(zip(CASES.inputs, CASES.wanted, strict=True)):
        ends = [run(code, given_bytes, wanted, dialect) for code in (before, after)]
        for hunk in range(len(found.hunks)):
            with_it = result.together[hunk]
            others = [other for other in range(len(found.hunks)) if other not in with_it]
            for code, end, change, moved in (
                (found.applied(with_it), ends[0], result.errors_alone, result.bytes_alone(hunk, case)),
                (found.applied(others), ends[1], result.errors_last, result.bytes_last(hunk, case)),
            ):
                tried = run(code, given_bytes, wanted, dialect)
                assert change is not None
                if tried is None or end is None:
                    assert change[hunk, case] == 0
                    assert moved == ()
                    continue
                sign = 1 if change is result.errors_alone else -1
                assert change[hunk, case] == sign * (tried[1] - end[1])
                outputs = (end[0], tried[0])[::sign]
                assert moved == byte_changes(*outputs)
                assert bool(moved) == (outputs[0] != outputs[1])
    for hunk in range(len(found.hunks)):
        assert hunk in result.together[hunk]
        if dialect.name == "tape":
            assert result.together[hunk] == (hunk,)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(97, 99), max_size=8).map(bytes), st.lists(st.integers(97, 99), max_size=8).map(bytes))
def test_the_changes_of_an_output_make_the_new_one_of_the_old(old: bytes, new: bytes) -> None:
    changes = byte_changes(old, new)
    gone = {change.index for change in changes if change.now_at is None}
    put = {change.now_at: change.new for change in changes if change.now_at is not None}
    kept = iter([byte for index, byte in enumerate(old) if index not in gone | {c.index for c in changes}])
    assert bytes(put[place] if place in put else next(kept) for place in range(len(new))) == new  # type: ignore[misc]
    for change in changes:
        assert change.index is None or old[change.index] == change.old
        assert change.now_at is None or new[change.now_at] == change.new
        assert change.old != change.new


def test_a_byte_less_only_shifts_the_rest() -> None:
    assert byte_changes(b"hello", b"hllo") == (ByteChange(1, None, ord("e"), None),)


def test_brackets_of_a_pair_are_tried_together_where_one_alone_is_rejected() -> None:
    found = align(b"+++.>+.", b"[+++].>++.", BF)
    result = effects(found, Cases((b"",), (b"\x03\x01",), 1), BF)
    assert [hunk.new for hunk in found.hunks] == [b"[", b"]", b"+"]
    assert result.together == ((0, 1), (0, 1), (2,))
    assert [result.error_alone(hunk) for hunk in range(3)] == [3, 3, 1]
    assert [result.error_last(hunk) for hunk in range(3)] == [3, 3, 1]
    assert effects(found, Cases((b"",)), BF, BF.settings.with_changes({"unmatched": "ignore"})).together[0] == (0,)


def test_a_program_that_cannot_be_run_has_no_error() -> None:
    found = align(b"+.", b"+.]", BF)
    result = effects(found, Cases((b"",), (b"\x01",), 1), BF)
    assert (result.error_alone(0), result.error_last(0)) == (None, None)
    assert result.ends.error(1) is None
    assert result.bytes_alone(0, 0) == ()
    assert result.changes_anything(0)


def test_what_an_edit_adds_to_the_error_is_the_difference_that_it_makes() -> None:
    found = align(b"+++.>.", b"+++++.>.--", BF)
    result = effects(found, Cases((b"",), (b"\x03\x00",), 1), BF)
    assert [hunk.new for hunk in found.hunks] == [b"++", b"--"]
    assert [result.error_alone(hunk) for hunk in range(2)] == [2, 0]
    assert [result.error_last(hunk) for hunk in range(2)] == [2, 0]


def test_each_byte_knows_the_edits_that_it_needs() -> None:
    found = align(b"+.>+.>+.", b"+.>++.>+++.", BF)
    result = effects(found, Cases((b"",)), BF)
    assert result.movers(0) == {1: (0,), 2: (1,)}
    assert result.errors_last is None
    assert result.changes_anything(0)


def test_what_does_nothing_is_told() -> None:
    found = align(b"+.", b"+.><", BF)
    result = effects(found, Cases((b"",)), BF)
    assert [result.changes_anything(hunk) for hunk in range(len(found.hunks))] == [False]


def test_programs_that_have_little_in_common_are_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_HUNKS", 1)
    with pytest.raises(TooDifferentError, match="differ in 2 places, too many to try each of them"):
        effects(align(b"+.>+.>+.", b"+.>++.>+++.", BF), Cases((b"",)), BF)


def test_many_runs_are_made_in_parts_and_can_be_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "RUNS_AT_ONCE", 1)
    told: list[tuple[int, int]] = []
    outcomes([b"+.", b"]", b"++."], Cases((b"",)), BF, progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 2), (1, 2)]
    with pytest.raises(Interrupted):
        outcomes([b"+.", b"++."], Cases((b"",)), BF, interrupt=lambda: bool(len(told)))
