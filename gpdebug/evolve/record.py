"""What an engine leaves behind: populations, lineage, and everything it needs to go on later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.births import OPERATORS, UNKNOWN, Births, joined
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.errors import ResumeError
from gpdebug.evolve.judging import errors_on
from gpdebug.store.lineage import Lineage
from gpdebug.store.population import Population
from gpdebug.store.ragged import join, take
from vm.evaluate import Programs

MOST_ANCESTORS = 20_000
"""Ancestors whose errors are measured; those of more remain unknown."""

_COLUMNS = ("ids", "parents", "operator", "born", "error")


def population_of(engine: Engine, name: str, threads: int = 1) -> Population:
    """Everyone alive, with errors on all training cases."""
    crowds = [island.crowd for island in engine.islands]
    programs = join([island.programs() for island in engine.islands])
    errors, steps = errors_on(engine.task, programs, engine.task.training, threads)
    return Population(
        name=name,
        dialect=engine.task.dialect,
        task=engine.task,
        generation=engine.generation,
        programs=programs,
        ids=np.concatenate([crowd.ids for crowd in crowds]),
        parents=np.concatenate([crowd.parents for crowd in crowds]),
        operators=OPERATORS,
        operator=np.concatenate([crowd.operators for crowd in crowds]),
        born=np.concatenate([crowd.born for crowd in crowds]),
        island=np.repeat(np.arange(len(crowds)), [len(crowd) for crowd in crowds]).astype(np.int16),
        errors=errors,
        error=errors.sum(axis=1),
        steps=steps.sum(axis=1),
    )


def lineage_of(engine: Engine) -> Lineage:
    """Everyone alive and all their ancestors, errors unknown."""
    return joined([island.births.of(island.crowd.ids) for island in engine.islands])


def with_errors(engine: Engine, lineage: Lineage, threads: int = 1) -> Lineage:
    """A lineage with the errors on all training cases, as far as there are not too many."""
    rows = np.arange(len(lineage))[-MOST_ANCESTORS:]
    error = np.full(len(lineage), UNKNOWN, np.int64)
    error[rows] = errors_on(engine.task, take(lineage.programs, rows), engine.task.training, threads)[0].sum(axis=1)
    return Lineage(
        ids=lineage.ids, parents=lineage.parents, operators=lineage.operators, operator=lineage.operator,
        born=lineage.born, error=error, programs=lineage.programs,
    )  # fmt: skip


def state_of(engine: Engine) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays and plain data from which `restore` makes an engine that goes on exactly like this one."""
    arrays: dict[str, NDArray[Any]] = {}
    meta: dict[str, Any] = {"settings": engine.settings.to_dict(), "islands": []}
    for island in engine.islands:
        columns, plain = island.state()
        lineage = island.births.of(island.crowd.ids)
        columns |= {f"births.{name}": getattr(lineage, name) for name in _COLUMNS}
        columns |= {"births.code": lineage.programs.code, "births.offsets": lineage.programs.offsets}
        arrays |= {f"{island.index}.{name}": column for name, column in columns.items()}
        meta["islands"].append(plain)
    meta["champion"] = engine.champion.code.hex() if engine.champion else None
    return arrays, meta


def restore(engine: Engine, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> None:
    """Makes a fresh engine be where another one was when `state_of` was taken.

    Raises:
        ResumeError: the state is of another search, or incomplete.
    """
    if meta.get("settings") != engine.settings.to_dict():
        raise ResumeError("the checkpoint is of a search with other settings; start a new run")
    try:
        for island, plain in zip(engine.islands, meta["islands"], strict=True):
            prefix = f"{island.index}."
            columns = {key.removeprefix(prefix): value for key, value in arrays.items() if key.startswith(prefix)}
            programs = Programs(columns["births.code"], columns["births.offsets"])
            lineage = Lineage(
                operators=OPERATORS, programs=programs, **{name: columns[f"births.{name}"] for name in _COLUMNS}
            )
            island.restore(columns, plain, Births([lineage]))
        if meta["champion"] is not None:
            engine.crown(bytes.fromhex(meta["champion"]))
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise ResumeError(f"the checkpoint is incomplete or damaged ({error!r}); start a new run") from None
