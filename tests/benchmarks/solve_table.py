"""How often, how fast and with what program `gpdebug evolve` solves tasks, from a cold start, as a Markdown table.

    python tests/benchmarks/solve_table.py --seeds 10 --budget 60s add reverse text:hello

Every run is a process of its own with the default settings: seconds count from its start to its end, loading and
saving included. Compiled kernels are in the cache unless the very first run has to make them.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

TASKS = ("text:hello", "echo", "reverse", "length", "xor", "add", "subtract", "double")


@dataclass(frozen=True, slots=True)
class Result:
    """One run."""

    solved: bool
    evaluations: int
    seconds: float
    program: str


def run_once(task: str, seed: int, budget: str, folder: Path) -> Result:
    """Evolves once in a process of its own."""
    out = folder / f"{task.replace(':', '-')}-{seed}"
    words = ["evolve", task, "--out", str(out), "--seed", str(seed), "--budget", budget, "--json"]
    started = time.perf_counter()
    process = subprocess.run([sys.executable, "-m", "gpdebug", *words], capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if process.returncode > 1:
        raise SystemExit(f"{' '.join(words)}: {process.stderr}")
    last = json.loads(process.stdout.splitlines()[-1])
    return Result(last["solved"], last["evaluations"], seconds, last["program"])


def row_of(task: str, results: list[Result]) -> str:
    """One line of the table."""
    solved = [result for result in results if result.solved]
    cells = [f"`{task}`", f"{len(solved)}/{len(results)}"]
    if solved:
        shortest = min((result.program for result in solved), key=len)
        cells += [
            f"{statistics.median(result.seconds for result in solved):.1f}",
            f"{max(result.seconds for result in solved):.1f}",
            f"{statistics.median(result.evaluations for result in solved):,.0f}",
            f"`{abbreviated(shortest)}`",
        ]
    else:
        cells += ["-"] * 4
    return f"| {' | '.join(cells)} |"


def abbreviated(program: str) -> str:
    """A program with its long runs as a count."""
    out = ""
    index = 0
    while index < len(program):
        end = index
        while end < len(program) and program[end] == program[index]:
            end += 1
        out += program[index:end] if end - index < 5 else f"{program[index]}{{{end - index}}}"
        index = end
    return out


def main() -> None:
    """Prints the table, a row as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tasks", nargs="*", default=TASKS)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--budget", default="60s")
    arguments = parser.parse_args()
    print("| task | solved | median s | slowest s | median evaluations | shortest program |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        for task in arguments.tasks:
            results = [run_once(task, seed, arguments.budget, Path(folder)) for seed in range(arguments.seeds)]
            print(row_of(task, results), flush=True)


if __name__ == "__main__":
    main()
