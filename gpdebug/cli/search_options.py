"""Options of a search, for every command that evolves: one for each of `SearchSettings`, except the seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from gpdebug.evolve.settings import SearchSettings

Command = TypeVar("Command", bound=Callable[..., Any])

OPTIONS = {
    "population": click.option(
        "--population", type=int, default=1_000, show_default=True, help="Individuals of an island."
    ),
    "islands": click.option(
        "--islands", type=int, default=2, show_default=True, help="Searches side by side; results depend on it."
    ),
}
"""By the name of the setting."""


def search_options(command: Command) -> Command:
    """Adds the options to a command, in their order."""
    for option in reversed(OPTIONS.values()):
        command = option(command)
    return command


def settings_of(options: Mapping[str, Any], seed: int) -> SearchSettings:
    """The settings that were given, with a seed.

    Raises:
        SearchError: a value is out of range.
    """
    from gpdebug.evolve.settings import SearchSettings

    return SearchSettings(seed=seed, **{name: options[name] for name in OPTIONS})
