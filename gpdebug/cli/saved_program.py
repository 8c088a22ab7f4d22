"""Individuals of saved runs, as the command line names them: `reverse`, `reverse#57`, `reverse#57^`, `reverse#57:3`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gpdebug.cli.machine_options import chosen_settings

if TYPE_CHECKING:
    from gpdebug.store.individuals import Individuals
    from gpdebug.store.population import Individual
    from vm.program import Program
    from vm.settings import Settings

_NAME = re.compile(r"(?P<run>.+?)(?:#(?P<id>\d+))?(?P<parent>\^\d*)?(?::(?P<case>\d+))?")


@dataclass(frozen=True, slots=True, eq=False)
class Saved:
    """An individual of a saved run, and what it runs on.

    Attributes:
        name: what to call it: `reverse#57:3`.
        program: its program.
        data: its input: of the case that is named, else the given one, else of the first case.
        wanted: the output that is wanted for that; None if it is no case.
        settings: of its machine.
        case: the number of the case that is named, or None.
        individual: itself.
        individuals: of its run.
    """

    name: str
    program: Program
    data: bytes
    wanted: bytes | None
    settings: Settings
    case: int | None
    individual: Individual
    individuals: Individuals


def find_saved(text: str, data: bytes | None, options: dict[str, Any]) -> Saved | None:
    """The individual that a text names; None if it does not begin with a saved run, a population or a sample run.

    Args:
        text: the run; behind it `#57` for an individual, the best one without; `^` for its first parent, `^2` for its
            second; `:3` for the third case.
        data: the input where no case is named; None: that of the first case.
        options: the settings that are given.

    Raises:
        click.UsageError: there is no such parent or case.
        StoreError: there is no such individual, or a file is wrong.
    """
    match = _NAME.fullmatch(text)
    individuals = None if match is None else _opened(match["run"])
    if match is None or individuals is None:
        return None
    found = individuals.best() if match["id"] is None else individuals.find(int(match["id"]))
    if match["parent"]:
        parents, number = individuals.parents(found), int(match["parent"][1:] or 1)
        if not 1 <= number <= len(parents):
            raise click.UsageError(f"{text}: #{found.id} has {len(parents)} parents")
        found = parents[number - 1]
    name = f"{individuals.name}#{found.id}" + (f":{match['case']}" if match["case"] else "")
    settings = individuals.dialect.settings.with_changes(chosen_settings(options))
    inputs, wanted = _case(individuals, text, match["case"], data)
    case = None if match["case"] is None else int(match["case"])
    return Saved(name, individuals.program(found), inputs, wanted, settings, case, found, individuals)


def _opened(name: str) -> Individuals | None:
    """The individuals of a saved run, a population or a sample run; None for what is none of these."""
    from gpdebug.store.individuals import Individuals
    from gpdebug.store.opening import open_path
    from gpdebug.store.rows import ROW_SUFFIXES
    from gpdebug.store.samples import samples
    from vm.program import Program

    path = Path(name)
    try:
        is_saved = path.is_dir() or (path.is_file() and path.suffix.lower() in (".parquet", *ROW_SUFFIXES))
    except (OSError, ValueError):
        return None
    if not is_saved and name not in samples():
        return None
    opened = open_path(name)
    return None if isinstance(opened, Program) else Individuals(opened)


def _case(individuals: Individuals, text: str, number: str | None, data: bytes | None) -> tuple[bytes, bytes | None]:
    """The input, and the output that is wanted for it."""
    task = individuals.task
    cases = () if task is None else (*task.training, *task.held_out)
    if number is None and data is not None:
        return data, None
    if number is None and not cases:
        return b"", None
    index = 1 if number is None else int(number)
    if not 1 <= index <= len(cases):
        raise click.UsageError(f"{text}: there are cases 1 to {len(cases)}" if cases else f"{text}: there are no cases")
    return cases[index - 1].input, cases[index - 1].output
