"""How far an output is from the wanted one: the scorers, and their meaning in plain Python."""

from __future__ import annotations

from enum import StrEnum

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
