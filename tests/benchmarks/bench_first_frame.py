"""Time from process start to the first frame of `gpdebug open SOURCE`, on a terminal of its own.

    python tests/benchmarks/bench_first_frame.py [SOURCE] [--runs N]

The first frame has arrived when the terminal has received the title line; the target is a median of 0.6 s.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = 0.6


def first_frame(source: str, word: bytes) -> float:
    """Seconds from the start of the process until its terminal shows a word of the first frame."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 160, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    environment["GPDEBUG_EXIT_AFTER_FIRST_FRAME"] = "1"
    command = [sys.executable, "-m", "gpdebug", *([] if source == "home" else ["open", source])]
    started = time.perf_counter()
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env=environment)
    os.close(slave)
    try:
        seen, shown = _until(process, master, word, started)
    finally:
        process.kill()
        process.wait()
        os.close(master)
    if shown is None:
        sys.exit(f"the first frame never came; the terminal got:\n{seen.decode(errors='replace')[-2000:]}")
    return shown


def _until(process: subprocess.Popen[bytes], master: int, word: bytes, started: float) -> tuple[bytes, float | None]:
    """Reads until the word has come, and then until the process has ended by itself."""
    seen, shown = b"", None
    while time.perf_counter() - started < 30:
        try:
            if select.select([master], [], [], 0.05)[0]:
                seen += os.read(master, 65536)
            elif process.poll() is not None:
                break
        except OSError:
            break
        if shown is None and word in seen:
            shown = time.perf_counter() - started
    return seen, shown


def main() -> None:
    """Prints every time and the median."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", default="home")
    parser.add_argument("--runs", type=int, default=11)
    arguments = parser.parse_args()
    word = b"gpdebug" if arguments.source == "home" else Path(arguments.source).stem.encode()
    times = [first_frame(arguments.source, word) for _ in range(arguments.runs + 1)][1:]
    print(" ".join(f"{seconds:.3f}" for seconds in times))
    median = statistics.median(times)
    print(f"first frame of {arguments.source}: median {median:.3f} s of {len(times)}, target {TARGET} s")
    sys.exit(int(median > TARGET))


if __name__ == "__main__":
    main()
