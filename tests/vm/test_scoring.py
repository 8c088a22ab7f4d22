from __future__ import annotations

import pytest

from vm.scoring import Scorer, case_error
from vm.state import Status


@pytest.mark.parametrize(
    ("scorer", "got", "wanted", "error"),
    [
        (Scorer.BYTES, b"\x00\xff", b"\xff\x00", 510),
        (Scorer.BYTES, b"ab", b"abc", 256),
        (Scorer.BYTES, b"abc", b"b", 1 + 512),
        (Scorer.CIRCULAR, b"\x00\xff", b"\xff\x01", 3),
        (Scorer.CIRCULAR, b"\x80", b"\x00", 128),
        (Scorer.CIRCULAR, b"", b"x", 256),
        (Scorer.BITS, b"\x0f\x01", b"\xf0\x00", 9),
        (Scorer.BITS, b"\x0f", b"\x0f\x00", 9),
        (Scorer.EXACT, b"ab", b"ac", 1),
        (Scorer.EXACT, b"ab", b"ab", 0),
        (Scorer.EXACT, b"", b"ab", 1),
    ],
)
def test_a_scorer_measures_what_it_says(scorer: Scorer, got: bytes, wanted: bytes, error: int) -> None:
    assert case_error(scorer, got, wanted, Status.FINISHED) == error
    assert case_error(scorer, got, wanted, Status.HALTED) == error


@pytest.mark.parametrize("scorer", list(Scorer))
@pytest.mark.parametrize("status", [Status.STEP_LIMIT, Status.OUT_OF_BOUNDS, Status.OUTPUT_LIMIT, Status.RUNNING])
def test_a_right_output_of_a_run_that_did_not_end_by_itself_is_not_solved(scorer: Scorer, status: Status) -> None:
    assert case_error(scorer, b"ok", b"ok", status) == 1
