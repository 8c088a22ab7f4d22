"""The time before a run begins: what is loaded and compiled is told, and one need not wait for it to leave."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from gpdebug.cli import INTERRUPTED
from gpdebug.store.errors import StoreError

if TYPE_CHECKING:
    from gpdebug.evolve.run import Run

_LOOK = 0.1
"""Seconds between two looks at whether to leave."""


def preparing(*, in_lines: bool) -> Callable[[str], None]:
    """What takes the words about what is waited for.

    Args:
        in_lines: as JSON on standard output; else a line on standard error that is written over, if that is a terminal.
    """
    from gpdebug.evolve.live import Preparation

    def say(doing: str) -> None:
        if in_lines:
            with suppress(BrokenPipeError):  # the first report tells
                click.echo(Preparation(doing).to_line())
        elif sys.stderr.isatty():
            click.echo(f"\r\033[K{doing} …", nl=False, err=True)

    return say


def prepare(begin: Callable[[], Run], path: str, say: Callable[[str], None], interrupted: threading.Event) -> Run:
    """Begins a run, loads and compiles what its search needs, and leaves the process at once where it is interrupted.

    Args:
        begin: makes the run.
        path: where it is kept.
        say: takes what is waited for.
        interrupted: looked at meanwhile.
    """
    made: list[Run] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            made.append(_prepared(begin, say))
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive() and not interrupted.is_set():
        thread.join(_LOOK)
    if failed:
        raise failed[0]
    if interrupted.is_set():
        _leave(path)
    return made[0]


def _prepared(begin: Callable[[], Run], say: Callable[[str], None]) -> Run:
    from gpdebug.evolve.warmup import warm_up_for
    from vm.jit import telling

    with telling(lambda name, before: say(f"compiling once, for this machine: {name} ({before + 1:,})")):
        run = begin()
        say("loading the search")
        warm_up_for(run.engine.task, run.engine.settings)
    return run


def _leave(path: str) -> None:
    """Ends the process now: the compiler cannot be stopped and would be waited for."""
    from gpdebug.store.info import RunStatus
    from gpdebug.store.run import RunFolder

    said = "interrupted"
    with suppress(StoreError):
        folder = RunFolder.open(path)
        writer = folder.writer()
        if writer is not None and writer.pid == os.getpid() and folder.info.status is RunStatus.RUNNING:
            folder.set_status(RunStatus.INTERRUPTED)
        said += f"; go on with: gpdebug evolve --resume {path}"
    start = "\r\033[K" if sys.stderr.isatty() else ""
    click.echo(f"{start}{said}", err=True)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(INTERRUPTED)
