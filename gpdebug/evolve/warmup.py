"""Compiles what a search needs, ahead of the first one."""

from __future__ import annotations

from dataclasses import replace

from gpdebug.evolve import catalogue
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.settings import SearchSettings
from gpdebug.store.task import Task

_SEARCHES = (("sort", 20), ("echo", 500), ("text:hi", 100))
"""Tasks and populations: one goes on, for the kernels of every generation, one is solved and shortened, one is a
constant."""
_FEW = 20
_ROUNDS = 3


def warm_up() -> None:
    """Runs tiny searches that between them use every kernel."""
    for name, population in _SEARCHES:
        _search(catalogue.find(name), SearchSettings(population=population))


def warm_up_for(task: Task, settings: SearchSettings) -> None:
    """Runs a tiny search for a task, so that loading, or even compiling, counts for no search's time and budget."""
    _search(task, replace(settings, population=_FEW))


def _search(task: Task, settings: SearchSettings) -> None:
    engine = Engine(task, settings)
    for _ in range(_ROUNDS):
        engine.advance()
    engine.close()
