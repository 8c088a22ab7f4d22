"""A minimal core keeps its criterion, and nothing more can go from it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpdebug.explain.scan.minimise import Core, Keep, KeepByte, Order, minimise
from gpdebug.explain.scan.running import Watch
from gpdebug.explain.scan.subject import ScanError, ScanInterrupted, Subject
from gpdebug.store.task import Case
from tests.explain.scan.examples import Ran, by_reference, subject_of, subjects
from vm.dialect import BF, TAPE
from vm.program import Program


def holds(subject: Subject, keep: Keep | KeepByte, code: bytes) -> bool:
    """Whether a criterion holds for a code, by the reference machine."""
    own, ran = by_reference(subject, subject.original.code), by_reference(subject, code)
    if ran[0].error < 0:
        return False
    if isinstance(keep, KeepByte):
        at = slice(keep.index, keep.index + 1)
        return ran[keep.case].output[at] == own[keep.case].output[at]
    pairs: list[tuple[Ran, Ran]] = list(zip(ran, own, strict=True))
    if keep is Keep.ERRORS:
        return all(a.error <= b.error for a, b in pairs)
    return all((a.output, a.status) == (b.output, b.status) for a, b in pairs)


def require_minimal(core: Core) -> None:
    code = core.program.code.tobytes()
    assert bytes(np.frombuffer(core.subject.original.code, np.uint8)[core.kept]) == code
    assert holds(core.subject, core.keep, code)
    units = [[site] for site in range(len(code))]
    units += [[at, to] for at, to in enumerate(core.program.partners.tolist()) if to > at]
    units += [[site, site + 1] for site in range(len(code) - 1)]
    for unit in units:
        without = bytes(byte for at, byte in enumerate(code) if at not in unit)
        assert not holds(core.subject, core.keep, without)


@given(subjects(), st.sampled_from(Keep), st.sampled_from(Order), st.integers(0, 3))
@settings(max_examples=30, deadline=None)
def test_the_criterion_holds_and_nothing_more_can_go(subject: Subject, keep: Keep, order: Order, seed: int) -> None:
    core = minimise(subject, keep, order=order, seed=seed)
    require_minimal(core)
    again = minimise(subject, keep, order=order, seed=seed)
    assert again.kept.tolist() == core.kept.tolist()
    assert again.tried == core.tried


def test_what_does_nothing_goes() -> None:
    subject = subject_of("+->><<[>]<[.<}]-+", TAPE, (b"abc", b"cba"), (b"", b""), (b"xy", b"yx"), limit=300)
    core = minimise(subject)
    assert core.program.text == "[>]<[.<}]"
    require_minimal(core)


def test_one_byte_of_the_output_needs_less_than_all() -> None:
    subject = subject_of("++.>+++.>,.", BF, (b"Z", b"\x02\x03Z"))
    core = minimise(subject, KeepByte(0, 0))
    assert core.program.text == "++."
    require_minimal(core)
    core = minimise(subject, KeepByte(0, 2))
    require_minimal(core)
    assert str(core.keep) == "output byte 2 of case 1"


def test_a_byte_that_is_not_there_is_refused() -> None:
    subject = subject_of("+.", BF, (b"", b"\x01"))
    with pytest.raises(ScanError, match="no output byte 1 on case 1: its output has 1"):
        minimise(subject, KeepByte(0, 1))
    with pytest.raises(ScanError, match="no case 2: there are 1"):
        minimise(subject, KeepByte(1, 0))


def test_it_can_be_given_up() -> None:
    subject = Subject.of_cases(Program.parse("+-" * 50 + ".", BF), [Case(b"", b"\x00")])
    asked: list[int] = []

    def interrupted() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(ScanInterrupted):
        minimise(subject, watch=Watch(interrupted=interrupted))
    assert len(asked) == 4
