"""How far an output is from the wanted one: the scorers, and their meaning in plain Python."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from vm.evaluate import Evaluation, Programs
from vm.state import Status


class Scorer(StrEnum):
    """The measure of one byte; each makes a missing or extra byte worse than any wrong one."""

    BYTES = "bytes"
    """The absolute difference; a missing or extra byte counts 256."""
    CIRCULAR = "circular"
    """The difference modulo 256, `min(d, 256 - d)`; a missing or extra byte counts 256."""
    BITS = "bits"
    """The bits that differ; a missing or extra byte counts 9."""
    EXACT = "exact"
    """1 for an output that differs at all."""


def case_error(scorer: Scorer, got: bytes, wanted: bytes, status: Status) -> int:
    """The error of one run: 0 means the right output from a run that ended by itself.

    Args:
        scorer: the measure.
        got: the output, whole.
        wanted: what it is compared with.
        status: how the run ended; anything but `finished` and `halted` adds 1.
    """
    unended = int(status not in (Status.FINISHED, Status.HALTED))
    if scorer is Scorer.EXACT:
        return int(got != wanted) + unended
    pairs = zip(got, wanted, strict=False)
    length = abs(len(got) - len(wanted))
    if scorer is Scorer.BITS:
        return sum((a ^ b).bit_count() for a, b in pairs) + 9 * length + unended
    differences = [abs(a - b) for a, b in pairs]
    if scorer is Scorer.CIRCULAR:
        differences = [min(difference, 256 - difference) for difference in differences]
    return sum(differences) + 256 * length + unended


def case_errors(scorer: Scorer, evaluation: Evaluation, wanted: Sequence[bytes]) -> NDArray[np.int64]:
    """The errors of all programs on all cases, `int64[programs, cases]`: `case_error`, compiled.

    Args:
        scorer: the measure.
        evaluation: of the programs, at least as wide as the longest wanted output.
        wanted: the outputs to compare with, one for each case.

    Raises:
        ValueError: the evaluation is too narrow, or has another number of cases.
    """
    from vm.score_kernel import score

    if evaluation.outputs.shape[1] != len(wanted):
        raise ValueError(f"{evaluation.outputs.shape[1]} cases were run, {len(wanted)} outputs are wanted")
    if evaluation.outputs.shape[2] < max(map(len, wanted), default=0):
        raise ValueError("outputs were cut shorter than what they are compared with")
    packed = Programs.of(wanted)
    errors = np.zeros(evaluation.lengths.shape, np.int64)
    code = list(Scorer).index(scorer)
    score(code, evaluation.outputs, evaluation.lengths, evaluation.status, packed.code, packed.offsets, errors)
    return errors
