"""The most memory that evolving a large population takes, all of the command: search, lineage and saving.

Run as `python -m tests.benchmarks.bench_memory [POPULATION [EVALUATIONS]]`; prints, asserts nothing, takes minutes.
Programs have up to 256 instructions, and at once about as many as are allowed.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from gpdebug.store.run import RunFolder

SEARCH = ("text:hello world", "--islands", "1")
SETTINGS = ("arms=long", "max_instructions=256", "start_tokens=100", "patience=1000000000")


def main(population: int, evaluations: int) -> None:
    """One run."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        command = [sys.executable, "-m", "gpdebug", "evolve", *SEARCH, "--out", str(path)]
        command += ["--population", str(population), "--budget", str(evaluations)]
        for setting in SETTINGS:
            command += ["--set", setting]
        subprocess.run(command, check=False, stdout=subprocess.DEVNULL)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        run = RunFolder.open(path)
        history = run.history()
        print(
            f"{population:,} programs of {history['mean_length'][-1]:.0f} instructions on average,"
            f" {history['generation'][-1] + 1:.0f} generations, {len(run.lineage()):,} ancestors: {peak / 1e9:.2f} GB"
        )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [1_000_000, 6_000_000][len(given) :]))
