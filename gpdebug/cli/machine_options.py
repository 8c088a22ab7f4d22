"""The options that set up a machine, the same for every command that runs a program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from vm.settings import Edge, Eof, Unmatched

Function = TypeVar("Function", bound=Callable[..., Any])


def _cells(context: click.Context, option: click.Parameter, value: str | None) -> int | str | None:
    """A number of cells, or `zero`: up to the first zero cell."""
    if value is None or value == "zero":
        return value
    try:
        return int(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is neither a number nor 'zero'", context, option) from None


_OPTIONS = (
    click.option("--dialect", metavar="D", help="A dialect by name, or a TOML file."),
    click.option("--memory", type=int, metavar="M", help="Cells of memory, 1 to 2^24."),
    click.option("--limit", type=int, metavar="N", help="Steps after which the run ends."),
    click.option("--edge", type=click.Choice([str(choice) for choice in Edge]), help="A head past an edge."),
    click.option(
        "--unmatched", type=click.Choice([str(choice) for choice in Unmatched]), help="A bracket without partner."
    ),
    click.option("--eof", type=click.Choice([str(choice) for choice in Eof]), help="`read` after the last byte."),
    click.option("--out-limit", type=int, metavar="N", help="Bytes that may be written."),
    click.option("--in-at", type=int, metavar="A", help="First cell of the input region."),
    click.option("--out-at", type=int, metavar="A", help="First cell of the output region."),
    click.option("--out-len", metavar="N|zero", callback=_cells, help="Cells of output."),
)
SETTINGS = ("memory", "limit", "edge", "unmatched", "eof", "out_limit", "in_at", "out_at", "out_len")


def machine_options(function: Function) -> Function:
    """Adds `--dialect` and one option for each setting."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def chosen_settings(options: dict[str, Any]) -> dict[str, Any]:
    """The settings that were given, as `Settings.with_changes` takes them."""
    return {key: options[key] for key in SETTINGS if options[key] is not None}
