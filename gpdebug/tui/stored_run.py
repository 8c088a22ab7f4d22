"""A run as its folder tells it, in the form in which a process that evolves tells it: for runs that go on elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from gpdebug.evolve.live import Improvement, Leader, Report, State
from gpdebug.store.history import History
from gpdebug.store.info import RunStatus
from gpdebug.store.population import Population
from gpdebug.store.run import RunFolder

MOST_ROWS = 4_000
"""Rows of the history that are kept for the curve; of more, every second one."""
MOST_LEADERS = 12
NOT_MEASURED = -1
"""The held-out error where the history does not tell it: it does for the best program of the run, dead or alive."""

_STATES = {
    RunStatus.SOLVED: State.SOLVED,
    RunStatus.FINISHED: State.FINISHED,
    RunStatus.INTERRUPTED: State.INTERRUPTED,
}


@dataclass(frozen=True, slots=True)
class Stored:
    """What a folder tells at a moment.

    Attributes:
        report: how far the run is; None before a generation is saved.
        saved: the generations that are.
        status: how it stands.
        writer: who goes on with it; empty if nobody does.
        written: when the last generation was saved, in seconds since 1970; None if none is.
    """

    report: Report | None
    saved: tuple[int, ...]
    status: RunStatus
    writer: str
    written: float | None


def read_stored(folder: RunFolder) -> Stored:
    """Reads a run anew; with a large population this takes a while, so call it in a thread.

    Raises:
        StoreError: a file is wrong, or is just being replaced.
        OSError: a file is gone.
    """
    saved = tuple(folder.generations)
    writer = (str(folder.writer()) if folder.writer() else "another process") if folder.is_growing else ""
    state = State.RUNNING if writer else _STATES.get(folder.info.status, State.INTERRUPTED)
    report = _report(folder.history(), folder.population(saved[-1]), state, saved[-1]) if saved else None
    written = folder.generation_path(saved[-1]).stat().st_mtime if saved else None
    return Stored(report, saved, folder.info.status, writer, written)


def rows_of(history: History) -> list[Mapping[str, float]]:
    """Its rows, of many every so many, the last one always."""
    count = len(history)
    every = max(1, -(-count // MOST_ROWS))
    return [history.row(place) for place in range((count - 1) % every, count, every)] if count else []


def _report(history: History, population: Population, state: State, saved: int) -> Report:
    leaders = _leaders(population)
    last = history.row(-1) if len(history) else {}
    best = leaders[0] if leaders else None
    is_champion = best is not None and best.error == last.get("best")
    held_out = last.get("held_out", np.nan) if is_champion else np.nan
    return Report(
        state=state,
        generation=max(saved, int(last.get("generation", 0))),
        evaluations=int(last.get("evaluations", 0)),
        seconds=_known(last.get("seconds")),
        programs_per_s=_known(last.get("programs_per_s")),
        error=best.error if best else 0,
        held_out_error=NOT_MEASURED if np.isnan(held_out) else int(held_out),
        solved_cases=best.solved_cases if best else 0,
        code=best.code if best else b"",
        saved=saved,
        islands=int(population.island.max(initial=0)) + 1 if population.island is not None else 1,
        rows=tuple(rows_of(history)),
        leaders=leaders,
        improvements=_improvements(history),
    )


def _known(value: float | None) -> float:
    return 0.0 if value is None or np.isnan(value) else value


def _leaders(population: Population) -> tuple[Leader, ...]:
    """The best different programs."""
    count = len(population)
    if not count:
        return ()
    lengths = np.asarray(population.programs.lengths)
    errors = np.zeros(count, np.int64) if population.error is None else population.error
    found: dict[bytes, Leader] = {}
    for row in np.lexsort((lengths, errors)).tolist():
        code = bytes(population.programs[row])
        if code not in found:
            found[code] = _leader(population, row)
        if len(found) == MOST_LEADERS:
            break
    return tuple(found.values())


def _leader(population: Population, row: int) -> Leader:
    one = population.individual(row)
    errors = one.errors or ()
    return Leader(
        island=one.island or 0,
        id=one.id,
        code=one.code,
        error=one.error or 0,
        solved_cases=list(errors).count(0),
        errors=tuple(int(error) for error in errors),
        operator=one.operator or "",
        born=one.born or 0,
    )


def _improvements(history: History) -> tuple[Improvement, ...]:
    """Where the best error fell; by which program is not stored."""
    if not len(history):
        return ()
    best, held_out = history["best"], history.columns.get("held_out")
    places = np.flatnonzero(np.diff(best, prepend=best[0] + 1) < 0).tolist()
    return tuple(
        Improvement(
            int(history["generation"][place]),
            int(best[place]),
            NOT_MEASURED if held_out is None or np.isnan(held_out[place]) else int(held_out[place]),
            b"",
        )
        for place in places
    )
