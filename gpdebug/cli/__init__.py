"""The command line: one module a command, loaded when it is used; errors and exit codes in one place."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from gpdebug import __version__

OK, NEGATIVE, WRONG, INTERRUPTED = 0, 1, 2, 130

COMMANDS = ("open", "evolve", "tasks", "bench", "check", "run", "diff", "script", "explain", "knockout", "scan",
            "minimize", "compare", "blame", "report", "conform", "warmup", "settings", "completion")  # fmt: skip
"""Names of the commands, in the order of the help; each is `command` of the module of that name."""

_EXPECTED = (
    ("vm.errors", "VMError"),
    ("gpdebug.store.errors", "StoreError"),
    ("gpdebug.evolve.errors", "EvolveError"),
    ("gpdebug.debugger.errors", "DebuggerError"),
    ("gpdebug.explain.errors", "ExplainError"),
)
"""Bases of the errors that are about what the user gave; only a module that is loaded can have raised one."""


class Commands(click.Group):
    """A group whose commands are imported when they are asked for, so that no command pays for another's imports."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name, or None."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"gpdebug.cli.{cmd_name}").command
        return command


@click.group(
    cls=Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 a negative answer (a check failed, results differ), "
    "2 wrong usage or bad input, 130 interrupted.",
)
@click.version_option(__version__, message="gpdebug %(version)s")
@click.pass_context
def group(context: click.Context) -> int | None:
    """An interactive debugger and inspector for evolved programs.

    Without a command it shows the sample runs, the runs in this folder and the recent ones.
    """
    if context.invoked_subcommand is None:
        from gpdebug.cli.open import show

        return show()
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a command line.

    Args:
        arguments: without the program's name; None takes the process's own.

    Returns:
        The exit code: 0 done, 1 a negative answer, 2 wrong usage or bad input, 130 interrupted.
    """
    try:
        result = group.main(arguments, prog_name="gpdebug", standalone_mode=False)
    except click.ClickException as error:
        return _wrong_usage(error)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK
    except Exception as error:
        message = readable(error)
        if message is None:
            raise
        click.echo(f"gpdebug: {message}", err=True)
        return WRONG
    return result if isinstance(result, int) else OK


def readable(error: Exception) -> str | None:
    """One line for an error that is about what the user gave, None for one that is our fault."""
    for module, name in _EXPECTED:
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(error, kind):
            return " ".join(str(error).split())
    if isinstance(error, OSError) and error.strerror:
        place = f"{error.filename}: " if error.filename else ""
        return f"{place}{error.strerror[:1].lower()}{error.strerror[1:]}"
    return None


def _wrong_usage(error: click.ClickException) -> int:
    message = " ".join(error.format_message().split())
    context = getattr(error, "ctx", None)
    hint = f" (see {context.command_path} --help)" if isinstance(error, click.UsageError) and context else ""
    click.echo(f"gpdebug: {message}{hint}", err=True)
    return WRONG
