"""Commands for a run that goes on, a word a line on standard input; the end of input stops the run."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import click

from gpdebug.evolve.control import Control

WORDS = ("pause", "resume", "save", "stop")


def listen(lines: Iterable[str], control: Control, stop: threading.Event) -> threading.Thread:
    """Carries out commands in a thread of its own.

    Args:
        lines: where they come from.
        control: takes those that leave the run going.
        stop: set by `stop`, and when there are no more lines: whoever gave the commands is gone.
    """
    thread = threading.Thread(target=_carry_out, args=(lines, control, stop), daemon=True)
    thread.start()
    return thread


def _carry_out(lines: Iterable[str], control: Control, stop: threading.Event) -> None:
    does = {"pause": control.pause, "resume": control.resume, "save": control.save, "stop": stop.set}
    try:
        for line in lines:
            word = line.strip()
            if word in does:
                does[word]()
            elif word:
                click.echo(f"gpdebug: unknown command {word[:40]!r}: expected {', '.join(WORDS)}", err=True)
    except (OSError, ValueError):
        pass
    finally:
        stop.set()
