"""Key to frame on a population of a million rows, on a terminal of 160x45.

    python tests/benchmarks/bench_frames.py [--rows N]

Keys go into a pseudo-terminal, the time runs until the last byte of what they changed has come out; the target is
50 ms for 95 of 100 keys.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


from gpdebug.store.info import RunInfo
from gpdebug.store.run import RunFolder
from tests.benchmarks.terminal import Terminal
from tests.tui.examples import history, population, task

TARGET = 0.05
KEYS = {
    "down": b"\x1b[B",
    "page down": b"\x1b[6~",
    "page up": b"\x1b[5~",
    "last row": b"\x1b[F",
    "first row": b"\x1b[H",
}


def main() -> None:
    """Prints the median and the 95th percentile of each key."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        run = RunFolder.create(Path(folder) / "run", RunInfo.of_task(task(16), settings={}, seed=1, command=()))
        run.save_generation(population(rows, generation=200, cases=16))
        run.save_history(history())
        with Terminal(["open", str(run.path)], environment={"XDG_DATA_HOME": folder}) as terminal:
            print(f"{rows:,} rows are there after {terminal.wait_for(b'individuals'):.2f} s")
            terminal.settle(4)
            everything: list[float] = []
            for name, key in KEYS.items():
                times = [terminal.frame_time(key) for _ in range(40 if name not in ("last row", "first row") else 1)]
                everything += times
                middle, most = np.percentile(times, [50, 95]) * 1000
                print(f"{name:10}  median {middle:5.1f} ms  p95 {most:5.1f} ms")
    worst = float(np.percentile(everything, 95))
    print(f"all keys: p95 {worst * 1000:.1f} ms, target {TARGET * 1000:.0f} ms")
    sys.exit(int(worst > TARGET))


if __name__ == "__main__":
    main()
