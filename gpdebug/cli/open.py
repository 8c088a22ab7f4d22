"""`gpdebug open SOURCE`: the screens on a run, a population or a program."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from gpdebug.store.errors import StoreError

if TYPE_CHECKING:
    from gpdebug.store.opening import Opened


def complete_source(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What a shell completes: sample runs that begin so, then files."""
    from gpdebug.store.samples import samples

    names = [CompletionItem(name, help="sample run") for name in samples() if name.startswith(incomplete)]
    return [*names, CompletionItem(incomplete, type="file")]


@click.command()
@click.argument("source", shell_complete=complete_source)
@click.option("-d", "--dialect", help="Language of a program: a name, or a TOML file; else guessed from its symbols.")
@click.option("--fresh", is_flag=True, help="Begin without the stops, snapshots and so on of earlier sessions.")
def command(source: str, dialect: str | None, fresh: bool) -> int:
    """Open a run, a population or a program.

    SOURCE is a run folder, a list of programs (.jsonl, .csv, .parquet), a program file, - for a program on standard
    input, or the name of a sample run.
    """
    from gpdebug.store.opening import open_path

    language = None
    if dialect is not None:
        from gpdebug.store.dialects import find_dialect

        language = find_dialect(dialect)
    opened = open_path(source, language)
    if source == "-":
        _take_keys_from_terminal()
    if source == "-":
        return show(opened, "standard input", fresh=fresh)
    return show(opened, Path(source).name, source=source, fresh=fresh)


def show(opened: Opened | None = None, title: str = "", *, source: str | None = None, fresh: bool = False) -> int:
    """Runs the screens until the user leaves them.

    Args:
        opened: what to begin with; None: home.
        title: what to call a program.
        source: the file it is from.
        fresh: begin without what is saved of earlier sessions.

    Returns:
        The exit code.

    Raises:
        StoreError: there is no terminal.
    """
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, sys.__stderr__)):
        raise StoreError("the screens need a terminal", hint="for scripts there are: gpdebug run, evolve, check")
    from gpdebug.tui.app import GpdebugApp

    app = GpdebugApp(opened, title=title, source=source, fresh=fresh)
    app.run()
    app.evolutions.end(lambda text: click.echo(text, err=True))
    return app.return_code or 0


def _take_keys_from_terminal() -> None:
    """Standard input was the program; the keys come from the terminal itself."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY)
    except OSError:
        raise StoreError("there is no terminal to show the screens on", hint="use: gpdebug run -") from None
    os.dup2(terminal, 0)
    os.close(terminal)
