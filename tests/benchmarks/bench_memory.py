"""The most memory that evolving a large population takes, all of the command: search, lineage and saving.

Run as `python -m tests.benchmarks.bench_memory [POPULATION [EVALUATIONS]]`; prints, asserts nothing, takes minutes.
Programs have up to 256 instructions, and at once about as many as are allowed.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from gpdebug.store.run import RunFolder

SEARCH = ("text:hello world", "--islands", "1")
SETTINGS = ("arms=long", "max_instructions=256", "start_tokens=100", "patience=1000000000")


def evolved(path: Path, population: int, evaluations: int) -> int:
    """Bytes of memory that a run takes at most."""
    command = [sys.executable, "-m", "gpdebug", "evolve", *SEARCH, "--out", str(path)]
    command += ["--population", str(population), "--budget", str(evaluations)]
    for setting in SETTINGS:
        command += ["--set", setting]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    return os.wait4(process.pid, 0)[2].ru_maxrss * 1024


def main(population: int, evaluations: int) -> None:
    """One run, after a small one for which everything is compiled, if need be: that takes memory, too."""
    with tempfile.TemporaryDirectory() as folder:
        evolved(Path(folder) / "small", 100, 1_000)
        path = Path(folder) / "run"
        peak = evolved(path, population, evaluations)
        run = RunFolder.open(path)
        history = run.history()
        print(
            f"{population:,} programs of {history['mean_length'][-1]:.0f} instructions on average,"
            f" {history['generation'][-1] + 1:.0f} generations, {len(run.lineage()):,} ancestors: {peak / 1e9:.2f} GB"
        )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [1_000_000, 6_000_000][len(given) :]))
