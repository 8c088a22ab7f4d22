"""Compiles what a search needs, ahead of the first one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from gpdebug.evolve import catalogue
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.record import Snapshot, lineage_of, state_of
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
    """Runs a tiny search for a task, and makes all that saving needs ready.

    So loading, or even compiling, counts for no search's time and budget.
    """
    import pyarrow.parquet  # noqa: F401 - files are written with it

    engine = _search(task, replace(settings, population=_FEW))
    snapshot = Snapshot.of(engine)
    errors = [part.error for part in snapshot.measured(task, "") if part.error is not None]
    list(lineage_of(engine, np.concatenate(errors)))
    state_of(engine)


def _search(task: Task, settings: SearchSettings) -> Engine:
    engine = Engine(task, settings)
    for _ in range(_ROUNDS):
        engine.advance()
    engine.close()
    return engine
