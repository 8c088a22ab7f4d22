"""Time from process start to the first frame of `gpdebug open SOURCE`, on a terminal of its own.

    python tests/benchmarks/bench_first_frame.py [SOURCE] [--runs N]

The first frame has arrived when the terminal has received the title line; the target is a median of 0.6 s.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.terminal import Terminal

TARGET = 0.6


def first_frame(source: str) -> float:
    """Seconds from the start of the process until its terminal shows what the title line begins with."""
    arguments, word = (["open", source], Path(source).stem) if source != "home" else ([], "gpdebug")
    with Terminal(arguments, environment={"GPDEBUG_EXIT_AFTER_FIRST_FRAME": "1"}) as terminal:
        seconds = terminal.wait_for(word.encode())
        terminal.settle(0.1)
        return seconds


def main() -> None:
    """Prints every time and the median."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", default="home")
    parser.add_argument("--runs", type=int, default=11)
    arguments = parser.parse_args()
    times = [first_frame(arguments.source) for _ in range(arguments.runs + 1)][1:]
    print(" ".join(f"{seconds:.3f}" for seconds in times))
    median = statistics.median(times)
    print(f"first frame of {arguments.source}: median {median:.3f} s of {len(times)}, target {TARGET} s")
    sys.exit(int(median > TARGET))


if __name__ == "__main__":
    main()
