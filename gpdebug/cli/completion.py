"""`gpdebug completion SHELL`: the script that teaches a shell our commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
def command(shell: str) -> None:
    r"""Print a completion script for bash, zsh or fish.

    For bash and zsh, put this into the shell's start file:

    \b
        eval "$(gpdebug completion bash)"

    For fish:

    \b
        gpdebug completion fish > ~/.config/fish/completions/gpdebug.fish
    """
    from gpdebug.cli import group

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    click.echo(kind(group, {}, "gpdebug", "_GPDEBUG_COMPLETE").source())
