"""Compiles what a search needs, ahead of the first one."""

from __future__ import annotations

from gpdebug.evolve import catalogue
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.settings import SearchSettings

_SEARCHES = (("sort", 20), ("echo", 500), ("text:hi", 100))
"""Tasks and populations: one goes on, for the kernels of every generation, one is solved and shortened, one is a
constant."""
_ROUNDS = 3


def warm_up() -> None:
    """Runs tiny searches that between them use every kernel."""
    for name, population in _SEARCHES:
        engine = Engine(catalogue.find(name), SearchSettings(population=population))
        for _ in range(_ROUNDS):
            engine.advance()
        engine.close()
