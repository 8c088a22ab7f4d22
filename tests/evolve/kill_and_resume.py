"""A program that evolves, is killed by SIGKILL over and over, goes on, and compares with a run that never stopped.

Run by the tests as `python -m tests.evolve.kill_and_resume FOLDER KILLS`; prints one JSON object. The processes that
are killed are forks of this one, in which all is imported and compiled, so that a kill costs a fraction of a second.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from gpdebug.cli import NEGATIVE, main
from gpdebug.store.atomic import is_leftover
from gpdebug.store.lock import LOCK_FILE
from gpdebug.store.run import CHECKPOINT_FILE, HISTORY_FILE, RunFolder

NEW = ["sort", "--seed", "5", "--population", "20"]
TIMES = ("seconds", "programs_per_s")
PATIENCE = 120.0
SLOW_DISK = 0.002
"""Seconds that flushing a file takes, so that kills often fall into the writing of one. What a process wrote outlives
its death, so nothing need really go to the disk."""
GLANCE = 0.0002
"""Seconds between two looks at what a process does."""


def evolving(words: Sequence[str], log: Path, largest: int = resource.RLIM_INFINITY) -> int:
    """A process that carries out `gpdebug evolve` and can write files up to a size; its number."""
    child = os.fork()
    if child:
        return child
    with open(log, "ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest, largest))
    mock.patch.object(os, "fsync", side_effect=lambda _: time.sleep(SLOW_DISK)).start()
    mock.patch("gpdebug.evolve.warmup.warm_up_for").start()
    status = 3
    try:
        status = main(["evolve", *words])
    finally:
        os._exit(status)


def wait_for(happened: Callable[[], bool], child: int) -> None:
    """Waits until something has happened in a process that has not ended."""
    end = time.monotonic() + PATIENCE
    while not happened():
        if os.waitpid(child, os.WNOHANG)[0]:
            raise SystemExit("a process ended before it was killed")
        if time.monotonic() > end:
            raise SystemExit("nothing happens any more")
        time.sleep(GLANCE)


def checkpoint_of(run: Path) -> object:
    """What changes with each checkpoint but the one that a run begins with."""
    try:
        (run / HISTORY_FILE).stat()
        found = (run / CHECKPOINT_FILE).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def unfinished(run: Path) -> list[str]:
    """Files that are being written."""
    names = [name for folder in (run, run / "generations") if folder.is_dir() for name in os.listdir(folder)]
    return [name for name in names if is_leftover(name)]


def kill_at_a_moment(child: int, run: Path, chance: random.Random, kind: str) -> None:
    """Kills after some new checkpoints and a random time, or as soon as a certain file begins to be written."""
    before = checkpoint_of(run)
    wait_for(lambda: checkpoint_of(run) != before, child)
    if kind == "moment":
        time.sleep(chance.uniform(0, 0.08))
    else:
        wait_for(lambda: any(name.startswith(f".{kind}") for name in unfinished(run)), child)
    os.kill(child, signal.SIGKILL)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def opened(path: Path) -> dict[str, Any]:
    """Opens everything that is left; how far it is."""
    run = RunFolder.open(path)
    checkpoint = run.load_checkpoint()
    assert run.writer() is None
    generation = max(island["counters"]["generation"] for island in checkpoint.meta["islands"])
    history, lineage = run.history(), run.lineage()
    assert history["generation"][-1] >= generation
    assert generation in run.generations
    assert np.all(run.population(generation).parents is not None)
    assert len(lineage)
    evaluations = sum(island["counters"]["evaluations"] for island in checkpoint.meta["islands"])
    return {"generation": generation, "evaluations": evaluations, "unfinished": [name[:9] for name in unfinished(path)]}


def differences(one: Path, other: Path) -> list[str]:
    """In what two runs differ that is not a time."""
    first, second = RunFolder.open(one), RunFolder.open(other)
    found = []
    if first.generations[-1] != second.generations[-1]:
        found.append("last generation")
    files = [f"generations/{first.generations[-1]:08d}.parquet", "lineage.parquet", CHECKPOINT_FILE]
    found += [name for name in files if (one / name).read_bytes() != (other / name).read_bytes()]
    here, there = first.history().columns, second.history().columns
    found += [
        name for name in here if name not in TIMES and not np.array_equal(here[name], there[name], equal_nan=True)
    ]
    return found + sorted(set(here) ^ set(there))


def killed_and_resumed(folder: Path, kills: int) -> dict[str, Any]:
    """Kills again and again, then lets it end; the same budget in one go must leave the same."""
    chance = random.Random(11)
    run, log = folder / "killed", folder / "log"
    often = ["--budget", "none", "--save-every", "0s"]
    outcomes = []
    for number in range(kills):
        kind = ("moment", "0", "moment", "lineage", "moment", "history", "run", "moment", "checkpoint")[number % 9]
        words = ["--resume", str(run)] if number else [*NEW, "--out", str(run)]
        child = evolving([*words, *often, "--threads", str(1 + number % 2)], log)
        kill_at_a_moment(child, run, chance, kind)
        outcomes.append(opened(run))
    budget = str(outcomes[-1]["evaluations"] + 1_000)
    for words in (["--resume", str(run)], [*NEW, "--out", str(folder / "whole")]):
        child = evolving([*words, "--budget", budget, "--threads", "1"], log)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        assert status == NEGATIVE, log.read_text()
    return {
        "outcomes": outcomes,
        "differences": differences(run, folder / "whole"),
        "left": sorted(path.name for path in run.iterdir() if is_leftover(path.name) or path.name == LOCK_FILE),
        "full disk": full_disk(folder),
    }


def full_disk(folder: Path) -> dict[str, Any]:
    """No file may grow beyond a size: first not even that of `run.json`, then not that of the last checkpoint."""
    run, whole, log = folder / "full", folder / "whole-full", folder / "full-log"
    new = [*NEW, "--population", "200", "--out"]
    ends = ["--budget", "2k", "--save-every", "0s", "--threads", "1"]
    os.waitpid(evolving([*new, str(whole), *ends], folder / "log"), 0)
    statuses = []
    for most in (1 << 10, (whole / CHECKPOINT_FILE).stat().st_size - 1, resource.RLIM_INFINITY):
        words = ["--resume", str(run)] if run.exists() else [*new, str(run)]
        child = evolving([*words, *ends], log, largest=most)
        statuses.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    return {"statuses": statuses, "differences": differences(run, whole), "said": log.read_text()}


def rehearse(folder: Path, log: Path) -> None:
    """Begins a run, goes on with it and reads it here, so that the children find all that they need in memory."""
    with open(log, "a") as file, redirect_stdout(file), redirect_stderr(file):
        for words in ([*NEW, "--out", str(folder), "--budget", "100"], ["--resume", str(folder), "--budget", "200"]):
            assert main(["evolve", *words, "--threads", "1"]) == NEGATIVE
    opened(folder)


if __name__ == "__main__":
    rehearse(Path(sys.argv[1]) / "rehearsal", Path(sys.argv[1]) / "log")
    print(json.dumps(killed_and_resumed(Path(sys.argv[1]), int(sys.argv[2]))))
