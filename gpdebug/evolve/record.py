"""What an engine leaves behind: populations, lineage, and everything it needs to go on later."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug import __version__
from gpdebug.evolve.ancestry import picked
from gpdebug.evolve.births import Births, together
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.errors import ResumeError
from gpdebug.evolve.judging import errors_on
from gpdebug.evolve.packed import OPERATORS
from gpdebug.store.lineage import Lineage
from gpdebug.store.population import Population
from gpdebug.store.ragged import join, part
from gpdebug.store.run import RunFolder
from gpdebug.store.task import Task
from vm.evaluate import Programs

SEARCH_VERSION = 5
"""Of what a search does for a seed: raised with each release in which that is other than in the one before."""
AT_ONCE = 16_384
"""Individuals that are measured and stored at once: those of a large population never have all their errors in memory
at the same time."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A population as it was, to be measured and stored later: a copy of everyone, island by island.

    Attributes:
        generation: when.
        programs: everyone's.
        ids, parents, operator, born, island: columns of a `Population`.
    """

    generation: int
    programs: Programs
    ids: NDArray[np.int64]
    parents: NDArray[np.int64]
    operator: NDArray[np.uint8]
    born: NDArray[np.int32]
    island: NDArray[np.int16]

    @classmethod
    def of(cls, engine: Engine) -> Snapshot:
        """Everyone alive."""
        crowds = [island.crowd for island in engine.islands]
        return cls(
            generation=engine.generation,
            programs=join([island.programs() for island in engine.islands]),
            ids=np.concatenate([crowd.ids for crowd in crowds]),
            parents=np.concatenate([crowd.parents for crowd in crowds]),
            operator=np.concatenate([crowd.operators for crowd in crowds]),
            born=np.concatenate([crowd.born for crowd in crowds]),
            island=np.repeat(np.arange(len(crowds), dtype=np.int16), [len(crowd) for crowd in crowds]),
        )

    def measured(self, task: Task, name: str, threads: int = 1) -> Iterator[Population]:
        """Everyone, in pieces and at least one, with errors on all training cases."""
        for first in range(0, max(len(self.programs), 1), AT_ONCE):
            rows = slice(first, first + AT_ONCE)
            some = part(self.programs, first, first + AT_ONCE)
            errors, steps = errors_on(task, some, task.training, threads)
            yield Population(
                name=name,
                dialect=task.dialect,
                task=task,
                generation=self.generation,
                programs=some,
                ids=self.ids[rows],
                parents=self.parents[rows],
                operators=OPERATORS,
                operator=self.operator[rows],
                born=self.born[rows],
                island=self.island[rows],
                errors=errors,
                error=errors.sum(axis=1),
                steps=steps.sum(axis=1),
            )


def store(snapshot: Snapshot, engine: Engine, folder: RunFolder, threads: int = 1) -> NDArray[np.int64]:
    """Measures and stores a generation; everyone's error: `int64[n]`.

    Raises:
        StoreError: it cannot be written.
    """
    totals: list[NDArray[np.int64]] = []

    def parts() -> Iterator[Population]:
        for measured in snapshot.measured(engine.task, folder.name, threads):
            assert measured.error is not None
            totals.append(measured.error)
            yield measured

    folder.save_generation_in_parts(snapshot.generation, parts())
    return np.concatenate(totals)


def save(engine: Engine, folder: RunFolder, threads: int = 1) -> None:
    """Stores the population and the lineage; what only makes the next generation faster goes to make room.

    Raises:
        StoreError: something cannot be written.
    """
    for island in engine.islands:
        island.release()
    errors = store(Snapshot.of(engine), engine, folder, threads)
    folder.save_lineage_in_parts(lineage_of(engine, errors, threads))


def lineage_of(engine: Engine, error: NDArray[np.int64], threads: int = 1) -> Iterator[Lineage]:
    """Everyone alive and all their ancestors; on lines of first parents with errors on all training cases.

    Args:
        engine: the search.
        error: of everyone alive, island by island.
        threads: that share the measuring.

    Returns:
        Parts of one lineage, each of greater ids than those before, at least one.
    """

    def measure(programs: Programs, rows: NDArray[np.intp]) -> NDArray[np.int64]:
        totals = [np.zeros(0, np.int64)]
        for first in range(0, len(rows), AT_ONCE):
            some = picked(programs, rows[first : first + AT_ONCE])
            totals.append(errors_on(engine.task, some, engine.task.training, threads)[0].sum(axis=1))
        return np.concatenate(totals)

    edges = np.cumsum([len(island.crowd) for island in engine.islands])[:-1]
    for island, known in zip(engine.islands, np.split(error, edges), strict=True):
        island.births.keep(island.crowd.ids)
        island.births.measure(island.crowd.ids, known, measure)
    return together([island.births for island in engine.islands])


def state_of(engine: Engine) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """Arrays and plain data from which `restore` makes an engine that goes on exactly like this one."""
    arrays: dict[str, NDArray[Any]] = {}
    meta: dict[str, Any] = {**_identity(engine), "gpdebug": __version__, "islands": []}
    for island in engine.islands:
        columns, plain = island.state()
        island.births.keep(island.crowd.ids)
        columns |= {f"births.{name}": column for name, column in island.births.state().items()}
        arrays |= {f"{island.index}.{name}": column for name, column in columns.items()}
        meta["islands"].append(plain)
    meta["champion"] = engine.champion.code.hex() if engine.champion else None
    return arrays, meta


def restore(engine: Engine, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> None:
    """Makes a fresh engine be where another one was when `state_of` was taken.

    Raises:
        ResumeError: the state is of another search, or incomplete.
    """
    _require_same(engine, meta)
    try:
        for island, plain in zip(engine.islands, meta["islands"], strict=True):
            prefix = f"{island.index}."
            columns = {key.removeprefix(prefix): value for key, value in arrays.items() if key.startswith(prefix)}
            births = {key.removeprefix("births."): value for key, value in columns.items() if key.startswith("births.")}
            island.restore(columns, plain, Births.restored(births))
        if meta["champion"] is not None:
            engine.crown(bytes.fromhex(meta["champion"]))
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise ResumeError(f"the checkpoint is incomplete or damaged ({error!r}); start a new run") from None


def _identity(engine: Engine) -> dict[str, Any]:
    """What a state only fits to."""
    return {"search": SEARCH_VERSION, "settings": engine.settings.to_dict(), "task": _digest(engine.task)}


def _digest(task: Task) -> str:
    return hashlib.sha256(json.dumps(task.to_dict(), sort_keys=True).encode()).hexdigest()


def _require_same(engine: Engine, meta: Mapping[str, Any]) -> None:
    """Refuses a state that this search would not go on from as the one that left it would have.

    Raises:
        ResumeError: says what differs, and what to do.
    """
    here = _identity(engine)
    if meta.get("search") != here["search"]:
        maker = meta.get("gpdebug", "an earlier version")
        raise ResumeError(
            f"the checkpoint was made by gpdebug {maker}, whose search goes on otherwise than that of {__version__}, so"
            f" the run would end elsewhere; go on with gpdebug {maker}, or start a new run"
        )
    if meta.get("settings") != here["settings"]:
        raise ResumeError("the checkpoint is of a search with other settings than run.json; start a new run")
    if meta.get("task") != here["task"]:
        raise ResumeError(
            "the checkpoint is of another task than run.json: its dialect, cases or scorer were changed since; put them"
            " back, or start a new run"
        )
