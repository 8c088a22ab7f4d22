"""Runs the mutants of a scan in parts: it says how far it is, and can be given up between two of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gpdebug.explain.scan.subject import ScanError, ScanInterrupted, Subject
from vm.mutant_runs import MutantRuns
from vm.mutants import Mutants

MOST_RUNS = 1 << 26
"""Runs of one scan, mutants times cases: their results take 10 bytes each."""
_RUNS_AT_ONCE = 1 << 14

Progress = Callable[[int, int], None]
"""Is called with how many mutants are done and how many there are."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who looks on while a scan runs.

    Attributes:
        progressed: called with how many mutants are done and how many there are; at the end, too.
        interrupted: asked now and then whether to give up.
        threads: how many run mutants; the result does not depend on it. None: one a core.
    """

    progressed: Progress | None = None
    interrupted: Callable[[], bool] | None = None
    threads: int | None = None

    @property
    def thread_count(self) -> int:
        """How many threads run mutants."""
        return self.threads or os.cpu_count() or 1

    def tell(self, done: int, total: int) -> None:
        """Says how far it is.

        Raises:
            ScanInterrupted: it is to be given up.
        """
        if self.progressed is not None:
            self.progressed(done, total)
        if self.interrupted is not None and self.interrupted():
            raise ScanInterrupted(f"interrupted after {done:,} of {total:,} mutants")


ALONE = Watch()
"""Nobody looks on."""


def run_all(subject: Subject, mutants: Mutants, watch: Watch = ALONE) -> MutantRuns:
    """Runs every mutant on every case.

    Raises:
        ScanError: there are more runs than a result may hold.
        ScanInterrupted: the watch says so.
    """
    require_room(len(mutants), subject.cases)
    return joined([runs for _, runs in run_parts(subject, mutants, watch)], subject.cases)


def run_parts(subject: Subject, mutants: Mutants, watch: Watch = ALONE) -> Iterator[tuple[int, MutantRuns]]:
    """Runs mutants on every case, some at a time; gives the first of them and what they did.

    Raises:
        ScanInterrupted: the watch says so.
    """
    count = len(mutants)
    size = max(1, _RUNS_AT_ONCE // subject.cases)
    for first in range(0, count, size):
        watch.tell(first, count)
        part = mutants.part(first, min(first + size, count))
        yield first, subject.machine.run(part, threads=watch.thread_count)
    watch.tell(count, count)


def joined(parts: Sequence[MutantRuns], cases: int) -> MutantRuns:
    """Parts of a result as one."""
    empty = MutantRuns(np.zeros((0, cases), np.int64), np.zeros((0, cases), np.uint8), np.zeros((0, cases), np.bool_))
    parts = [empty, *parts]
    return MutantRuns(
        np.concatenate([part.errors for part in parts]),
        np.concatenate([part.status for part in parts]),
        np.concatenate([part.changed for part in parts]),
    )


def require_room(mutants: int, cases: int) -> None:
    """Refuses a scan whose result would be too large.

    Raises:
        ScanError: says how many runs it would be.
    """
    if mutants * cases > MOST_RUNS:
        raise ScanError(
            f"{mutants:,} mutants on {cases:,} cases are {mutants * cases:,} runs, a scan holds {MOST_RUNS:,}: choose"
            " fewer cases or a part of the program"
        )
