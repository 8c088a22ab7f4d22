"""A run in a process of its own: started, followed by its lines, told what to do; it saves itself if we are gone."""

from __future__ import annotations

import contextvars
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import gpdebug
from gpdebug.evolve.errors import ReportError
from gpdebug.evolve.live import Preparation, Report, read_line

COMMAND = (sys.executable, "-m", "gpdebug", "evolve")
_KEPT = 20
LAST_WORDS = 5.0
"""Seconds to wait for the errors of a process that has ended; another one of its own may hold them open."""
INTERRUPTED = 130
EXPECTED = (0, 1, INTERRUPTED)
"""Exit codes of a run that ended by itself: solved, budget spent, interrupted."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the process ended.

    Attributes:
        code: its exit code, negative for a signal.
        problem: what went wrong, in its own words; empty if nothing did.
    """

    code: int
    problem: str = ""


class Remote:
    """A process that evolves.

    Commands go to its standard input. When that ends, since we stopped, were killed or our terminal was closed, it
    saves the run and ends. It has a session of its own, so that the terminal's signals do not reach it.
    """

    def __init__(self, told: Callable[[Report | Preparation], object], ended: Callable[[Ending], object]) -> None:
        """Starts nothing yet.

        Args:
            told: takes what the process tells, in a thread.
            ended: takes how it ended, in a thread, after all reports.
        """
        self._told, self._ended = told, ended
        self._process: subprocess.Popen[str] | None = None
        self._errors: deque[str] = deque(maxlen=_KEPT)
        self._strange = ""
        self._is_over = False
        self._listening: threading.Thread | None = None

    def start(self, words: Sequence[str], command: Sequence[str] = COMMAND) -> None:
        """Starts it.

        Args:
            words: arguments of `gpdebug evolve`.
            command: what runs it.

        Raises:
            OSError: no process can be started.
        """
        path = os.pathsep.join(filter(None, [str(Path(gpdebug.__file__).parents[1]), os.environ.get("PYTHONPATH")]))
        self._process = subprocess.Popen(
            [*command, *words, "--json", "--commands"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
            text=True, encoding="utf-8", errors="replace", bufsize=1, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        self._listening = _in_a_thread(self._read_errors)
        _in_a_thread(self._follow)

    @property
    def is_alive(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def tell(self, word: str) -> None:
        """Sends a command: `pause`, `resume`, `save` or `stop`; none to a process that has ended."""
        if self._process is not None and self._process.stdin is not None:
            with suppress(OSError, ValueError):
                self._process.stdin.write(word + "\n")

    def kill(self) -> None:
        """Ends it at once, whatever it does; what is saved remains."""
        if self._process is not None:
            self._process.kill()

    def end(self, patience: float) -> bool:
        """Has it save and end, and waits for that.

        Returns:
            Whether it did within so many seconds.
        """
        process = self._process
        if process is None:
            return True
        if process.stdin is not None:
            with suppress(OSError, ValueError):
                process.stdin.close()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _follow(self) -> None:
        process = self._process
        assert process is not None
        for line in _lines(process.stdout):
            try:
                told = read_line(line)
            except ReportError as error:
                self._strange = str(error)
            else:
                self._is_over = isinstance(told, Report) and told.state.is_over
                self._told(told)
        code = process.wait()
        if self._listening is not None:
            self._listening.join(LAST_WORDS)
        if process.stdin is not None:
            with suppress(OSError, ValueError):
                process.stdin.close()
        self._ended(Ending(code, self._problem(code)))

    def _read_errors(self) -> None:
        assert self._process is not None
        for line in _lines(self._process.stderr):
            self._errors.append(line.rstrip())

    def _problem(self, code: int) -> str:
        said = [line for line in self._errors if line.strip()]
        ours = [line.removeprefix("gpdebug: ") for line in said if line.startswith("gpdebug: ")]
        if code == INTERRUPTED or (code in EXPECTED and (self._is_over or not said)):
            return self._strange
        if code < 0:
            with suppress(ValueError):
                return f"the process that evolved was killed ({signal.Signals(-code).name})"
        last = next(iter([*ours[-1:], *said[-1:], self._strange]), "")
        return last or f"the process that evolved ended with exit code {code}"


def _in_a_thread(work: Callable[[], None]) -> threading.Thread:
    """Calls something beside what goes on."""
    thread = threading.Thread(target=contextvars.copy_context().run, args=(work,), daemon=True)
    thread.start()
    return thread


def _lines(stream: IO[str] | None) -> Iterable[str]:
    """The lines of a pipe, until it is closed from either side."""
    with suppress(OSError, ValueError):
        if stream is not None:
            with stream:
                yield from stream
