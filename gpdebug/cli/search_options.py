"""Options of a search, for every command that evolves: all of `SearchSettings` except the seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from gpdebug.evolve.settings import SearchSettings

Command = TypeVar("Command", bound=Callable[..., Any])


def _list_settings(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        click.echo(listed(), nl=False)
        context.exit()


OPTIONS = {
    "population": click.option("--population", type=int, help="Individuals of an island.  [default: 1000]"),
    "islands": click.option(
        "--islands", type=int, help="Searches side by side; results depend on it.  [default: 2]"
    ),
    "set": click.option(
        "--set", multiple=True, metavar="NAME=VALUE",
        help="How to search, such as selection=lexicase or crossover=30; see --list-settings. Can be repeated.",
    ),
    "settings": click.option("--settings", metavar="FILE", help="The same from a .toml file of lines NAME = VALUE."),
}  # fmt: skip
"""By the name of the parameter."""


def search_options(command: Command) -> Command:
    """Adds the options to a command, in their order."""
    command = click.option(
        "--list-settings", is_flag=True, is_eager=True, expose_value=False, callback=_list_settings,
        help="Show every setting, its values and its default.",
    )(command)  # fmt: skip
    for option in reversed(OPTIONS.values()):
        command = option(command)
    return command


def settings_of(options: Mapping[str, Any], seed: int) -> SearchSettings:
    """The settings that were given, with a seed: what is set one by one comes before what a file says.

    Raises:
        SearchError: a name is unknown, or a value is none of those that it can have.
        StoreError: the file cannot be read.
    """
    from gpdebug.evolve.settings import SearchSettings
    from gpdebug.evolve.settings_file import read_settings

    choices = {} if options["settings"] is None else read_settings(options["settings"])
    choices |= {name: options[name] for name in ("population", "islands") if options[name] is not None}
    for text in options["set"]:
        name, equals, value = text.partition("=")
        if not equals:
            raise click.UsageError(f"--set {text}: expected NAME=VALUE, such as selection=lexicase")
        choices[name.strip()] = value.strip()
    return SearchSettings.of({**choices, "seed": seed})


def listed() -> str:
    """All settings as a text."""
    from gpdebug.evolve.options import OPTIONS

    lines = ["Every setting can be auto: it is chosen by the kind of task then, as told after 'auto'.", ""]
    for name, option in OPTIONS.items():
        lines += [f"{name}={option.values.allowed()}", f"    {option.what}; auto: {option.auto}"]
        lines += [f"    [{option.paper}]"] if option.paper else []
    return "\n".join(lines) + "\n"
