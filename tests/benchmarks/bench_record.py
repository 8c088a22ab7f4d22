"""What the record of a run costs: lineage, history and saving, as a share of the time of a search without them.

Run as `python -m tests.benchmarks.bench_record [EVALUATIONS]`; prints times of the processor and shares, and asserts
nothing. The same search, one thread, is made bare and with more and more of its record, by turns, and the smaller time
of two counts.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from gpdebug.evolve import catalogue
from gpdebug.evolve.births import Births
from gpdebug.evolve.budget import Budget
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.run import Run
from gpdebug.evolve.settings import SearchSettings
from gpdebug.evolve.warmup import warm_up, warm_up_for

TASKS = ("sort", "max", "fibonacci", "text:The quick brown fox jumps over it.")
TURNS = 2
SETTINGS = SearchSettings(seed=3)


@contextmanager
def without(*parts: str) -> Iterator[None]:
    """Leaves out parts of the record: `lineage`, `history`."""
    patches: list[Any] = []
    if "lineage" in parts:
        patches += [mock.patch.object(Births, name, return_value=None) for name in ("add", "prune")]
    if "history" in parts:
        patches.append(mock.patch("gpdebug.evolve.engine.row_of", return_value={}))
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()


def searched(task: str, evaluations: int, *left_out: str) -> float:
    """Seconds that a search alone takes."""
    with without(*left_out):
        engine = Engine(catalogue.find(task), SETTINGS)
        began = time.process_time()
        while engine.evaluations < evaluations and not engine.solved:
            engine.advance()
        engine.close()
        return time.process_time() - began


def recorded(task: str, evaluations: int) -> tuple[float, int, int]:
    """Seconds of a whole run with all it leaves behind; how many generations are stored, and how many ancestors."""
    with tempfile.TemporaryDirectory() as folder:
        run = Run.begin(Path(folder) / "run", catalogue.find(task), SETTINGS, command=[])
        began = time.process_time()
        run.go(Budget(evaluations=evaluations))
        return time.process_time() - began, len(run.folder.generations), len(run.folder.lineage())


def measure(task: str, evaluations: int) -> None:
    """One task: a line."""
    bare, lineage, history, whole = [], [], [], []
    warm_up_for(catalogue.find(task), SETTINGS)
    for _ in range(TURNS):
        bare.append(searched(task, evaluations, "lineage", "history"))
        lineage.append(searched(task, evaluations, "history"))
        history.append(searched(task, evaluations))
        seconds, generations, ancestors = recorded(task, evaluations)
        whole.append(seconds)
    base, *others = (min(times) for times in (bare, lineage, history, whole))
    shares = "".join(f"{100 * (seconds / base - 1):11.1f} %" for seconds in others)
    print(f"{task[:20]:<20}{base:9.2f} s{shares}{generations:9}{ancestors:11,}", flush=True)


def main(evaluations: int) -> None:
    """Every task."""
    warm_up()
    columns = "".join(f"{name:>13}" for name in ("lineage", "+ history", "+ saving"))
    print(f"{'task':<20}{'bare':>11}{columns}{'stored':>9}{'ancestors':>11}")
    for task in TASKS:
        measure(task, evaluations)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
