"""A pseudo-terminal that runs the program and times what comes back: for the benchmarks of the screens."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

ROOT = Path(__file__).resolve().parents[2]


class Terminal:
    """`python -m gpdebug` on a terminal of its own."""

    def __init__(
        self, arguments: Sequence[str], width: int = 160, height: int = 45, environment: Mapping[str, str] | None = None
    ) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.started = time.perf_counter()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "gpdebug", *arguments],
            stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, start_new_session=True,
            env={**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})},
        )  # fmt: skip
        os.close(slave)
        self.received = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def read(self, seconds: float) -> bytes:
        """What comes within some time; empty if nothing does, or the program has ended."""
        try:
            if select.select([self._master], [], [], seconds)[0]:
                chunk = os.read(self._master, 1 << 16)
                self.received += chunk
                return chunk
        except OSError:
            pass
        return b""

    def write(self, keys: bytes) -> None:
        """Presses keys."""
        os.write(self._master, keys)

    def read_for(self, seconds: float) -> bytes:
        """All that comes within some time."""
        until, chunks = time.perf_counter() + seconds, []
        while (left := until - time.perf_counter()) > 0:
            chunks.append(self.read(left))
        return b"".join(chunks)

    def wait_for(self, words: bytes, seconds: float = 60) -> float:
        """Reads until some bytes have come; when, in seconds since the start."""
        while words not in self.received:
            if not self.read(0.05) and (
                self._process.poll() is not None or time.perf_counter() - self.started > seconds
            ):
                sys.exit(f"{words!r} never came; the terminal got:\n{self.received.decode(errors='replace')[-3000:]}")
        return time.perf_counter() - self.started

    def settle(self, quiet: float = 0.4) -> None:
        """Reads until nothing comes for a while."""
        while self.read(quiet):
            pass

    def frame_time(self, key: bytes, quiet: float = 0.03) -> float:
        """Seconds from a key to the last byte of what it changed on the screen."""
        begun = time.perf_counter()
        os.write(self._master, key)
        if not self.read(2):
            sys.exit(f"{key!r} changed nothing on the screen")
        last = time.perf_counter()
        while self.read(quiet):
            last = time.perf_counter()
        return last - begun
