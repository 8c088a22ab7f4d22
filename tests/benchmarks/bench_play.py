"""Playing at full speed on a terminal of 160x45: frames drawn and steps run, a second.

    python tests/benchmarks/bench_play.py

An endless program of nested loops, with 64 KiB of memory. The frames are counted in what comes out of a
pseudo-terminal: each shows another step. The target is 30 frames and 50 million steps a second at the same time.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.benchmarks.terminal import ROOT, Terminal

FRAMES, STEPS = 30, 50_000_000
SECONDS = 5.0
_STEP = re.compile(rb"step ([\d,]+)")


def main() -> None:
    """Prints the figures; exits 1 if the target is missed."""
    subprocess.run([sys.executable, "-m", "gpdebug", "warmup"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "endless.bf").write_text("+[>++++++++[>++++[>++<-]<-]>>[-]<<<]")
        (folder / "long.toml").write_text(
            f'name = "long"\nbased_on = "bf"\n[settings]\nmemory = {1 << 16}\nlimit = {1 << 40}\n'
        )
        command = ["open", str(folder / "endless.bf"), "--dialect", str(folder / "long.toml")]
        with Terminal(command, environment={"XDG_DATA_HOME": name, "XDG_CONFIG_HOME": name}) as terminal:
            terminal.wait_for(b"instructions")
            terminal.settle(2)
            terminal.write(b"+" * 20 + b" ")
            terminal.read_for(2)
            started = time.perf_counter()
            out = terminal.read_for(SECONDS)
            seconds = time.perf_counter() - started
    steps = [int(match.replace(b",", b"")) for match in dict.fromkeys(_STEP.findall(out))]
    frames, speed = len(steps) / seconds, (steps[-1] - steps[0]) / seconds
    print(f"{frames:.0f} frames/s, {speed / 1e6:.0f} million steps/s")
    if frames < FRAMES or speed < STEPS:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
