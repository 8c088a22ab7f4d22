"""A program that makes a run in a process killed at every system call that matters, and opens what is left.

Run by the tests as `python -m tests.store.kill_at_every_instant FOLDER`; prints one JSON object.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from gpdebug.store.errors import StoreError
from gpdebug.store.history import History
from gpdebug.store.info import RunInfo
from gpdebug.store.run import RunFolder
from tests.store.examples import population, reverse_task

KILLED = 17


class Executioner:
    """Kills the process at the n-th system call, before or after it takes place, a write being half done."""

    def __init__(self, calls: int) -> None:
        self.left = calls

    def count(self, before: Callable[[], None] = lambda: None) -> None:
        self.left -= 1
        if self.left == 0:
            before()
            os._exit(KILLED)

    def watch(self) -> None:
        for name in ("mkdir", "rename", "replace", "fsync"):
            setattr(os, name, self._watched(getattr(os, name)))

    def _watched(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def watched(*args: Any, **options: Any) -> Any:
            if call.__name__ == "fsync":
                self.count(lambda: _cut_in_half(args[0]))
            self.count()
            result = call(*args, **options)
            self.count()
            return result

        return watched


def _cut_in_half(handle: int) -> None:
    try:
        os.ftruncate(handle, os.fstat(handle).st_size // 2)
    except OSError:
        return  # a folder


def make(path: Path) -> None:
    """Two checkpoints of a run, as an evolution saves them."""
    info = RunInfo.of_task(reverse_task(), settings={}, seed=1, command=["test"])
    run = RunFolder.create(path, info)
    for generation in (0, 1):
        run.save_generation(population(6, generation))
        run.save_history(History.of({"generation": g, "best": 5 - g} for g in range(generation + 1)))
        run.save_checkpoint({"generation": np.array(generation)}, {"generation": generation})


def look(path: Path) -> dict[str, Any]:
    """What a reader finds in what was left."""
    if not path.exists():
        return {"exists": False}
    run = RunFolder.open(path)
    assert run.info.task == reverse_task()
    for generation in run.generations:
        assert np.array_equal(run.population(generation).programs.code, population(6, generation).programs.code)
    checkpoint = run.load_checkpoint().meta["generation"] if run.has_checkpoint else -1
    history = run.history()
    assert checkpoint < len(history) or checkpoint == -1
    assert all(generation in run.generations for generation in range(checkpoint + 1))
    left = len(run.leftovers())
    run.remove_leftovers()
    run.save_history(history if len(history) else History.of([{"generation": 0, "best": 1}]))
    return {"exists": True, "checkpoint": checkpoint, "leftovers": left}


def in_a_process(work: Callable[[], None]) -> int:
    """Runs something in a child and gives its exit status."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        work()
    except StoreError as error:
        print(error, file=sys.stderr)
        os._exit(1)
    os._exit(0)


def killed_after(calls: int, path: Path) -> int:
    """Makes a run in a process that dies at its n-th call; its exit status."""

    def work() -> None:
        Executioner(calls).watch()
        make(path)

    return in_a_process(work)


def main(folder: Path) -> None:
    """Kills once for every call there is, and reports what each time was left."""
    import pyarrow.parquet  # noqa: F401 - the children share it

    outcomes = []
    for calls in range(1, 1_000):
        path = folder / str(calls) / "run"
        path.parent.mkdir()
        status = killed_after(calls, path)
        outcomes.append({"status": status, **look(path)})
        if status != KILLED:
            break
    print(json.dumps(outcomes))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
