"""Runs the mutants of a scan in parts: it says how far it is, and can be given up between two of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gpdebug.explain.scan.subject import ScanError, ScanInterrupted, Subject
from vm.mutant_runs import MutantRuns
from vm.mutants import Mutants

MOST_RUNS = 1 << 26
"""Runs of one scan, mutants times cases: their results take 10 bytes each."""
_MOMENT = 0.1
"""Seconds between two calls of a watch, about."""
_FEWEST, _MOST = 1 << 10, 1 << 20
"""Runs between them at least and at most."""

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
    count, cases = len(mutants), subject.cases
    require_room(count, cases)
    result = MutantRuns(
        np.empty((count, cases), np.int64), np.empty((count, cases), np.uint8), np.empty((count, cases), np.bool_)
    )
    for first, runs in run_parts(subject, mutants, watch):
        part = slice(first, first + len(runs.errors))
        result.errors[part], result.status[part], result.changed[part] = runs.errors, runs.status, runs.changed
    return result


def run_parts(subject: Subject, mutants: Mutants, watch: Watch = ALONE) -> Iterator[tuple[int, MutantRuns]]:
    """Runs mutants on every case, as many at a time as take a moment; gives the first of them and what they did.

    Raises:
        ScanInterrupted: the watch says so.
    """
    count, first, runs_at_once = len(mutants), 0, _FEWEST
    while first < count:
        watch.tell(first, count)
        last = min(first + max(1, runs_at_once // subject.cases), count)
        began = time.perf_counter()
        runs = subject.machine.run(mutants.part(first, last), threads=watch.thread_count)
        took = time.perf_counter() - began
        runs_at_once = min(max(int(runs_at_once * min(_MOMENT / max(took, 1e-6), 4)), _FEWEST), _MOST)
        yield first, runs
        first = last
    watch.tell(count, count)


def joined(parts: Sequence[MutantRuns], cases: int) -> MutantRuns:
    """Parts of a result as one."""
    empty = MutantRuns(np.zeros((0, cases), np.int64), np.zeros((0, cases), np.uint8), np.zeros((0, cases), np.bool_))
    return MutantRuns(
        np.concatenate([empty.errors, *(part.errors for part in parts)]),
        np.concatenate([empty.status, *(part.status for part in parts)]),
        np.concatenate([empty.changed, *(part.changed for part in parts)]),
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
