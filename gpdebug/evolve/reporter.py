"""Telling how far a run is: reports now and then, with nothing of the history and no improvement left out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

import numpy as np

from gpdebug.evolve.budget import Budget
from gpdebug.evolve.champion import Champion
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.genome import language_of
from gpdebug.evolve.island import Island
from gpdebug.evolve.judging import errors_on
from gpdebug.evolve.live import Improvement, Leader, Report, State
from gpdebug.evolve.packed import OPERATORS
from gpdebug.evolve.run import Progress, Run
from gpdebug.store.info import RunStatus
from vm.evaluate import Programs

PER_SECOND = 4
SHARE = 0.05
"""Of the time, at most, that looking at the leaders may take."""
MOST_ROWS = 60
"""Rows of the history in one report."""
MOST_LEADERS = 12
MOST_CASES = 256
"""Cases up to which the errors on each are told, and more than one individual of an island."""

_STATES = {RunStatus.SOLVED: State.SOLVED, RunStatus.INTERRUPTED: State.INTERRUPTED}


class Reporter:
    """Follows a run by its progress."""

    def __init__(self, run: Run, budget: Budget, write: Callable[[Report], None]) -> None:
        """Begins.

        Args:
            run: which.
            budget: what it may use.
            write: takes the reports.
        """
        self._run, self._budget, self._write = run, budget, write
        self._due = 0.0
        self._rows: list[Mapping[str, float]] = []
        self._improvements: list[Improvement] = []
        self._champion = run.engine.champion
        self._saved: int | None = None
        self._leaders = Leaders(run.engine)

    def progressed(self, progress: Progress) -> None:
        """Takes in how far the run is, and reports it if that is due; pauses and new saves are told at once."""
        self._rows.append(progress.row)
        champion = progress.champion
        if champion is not None and (self._champion is None or champion.rank < self._champion.rank):
            self._improvements.append(self._improved(progress, champion))
            self._champion = champion
        if progress.is_paused or progress.saved != self._saved or time.monotonic() >= self._due:
            self._saved = progress.saved
            begun = time.monotonic()
            self._report(progress, State.PAUSED if progress.is_paused else State.RUNNING)
            self._due = begun + max(1 / PER_SECOND, (time.monotonic() - begun) / SHARE)

    def ended(self, status: RunStatus) -> None:
        """Reports how the run ended."""
        self._report(self._run.progress(self._budget), _STATES.get(status, State.FINISHED))

    def _improved(self, progress: Progress, champion: Champion) -> Improvement:
        return Improvement(
            progress.generation,
            champion.error,
            champion.held_out_error,
            champion.code,
            self._leaders.operator_of(champion.code),
        )

    def _report(self, progress: Progress, state: State) -> None:
        champion = progress.champion
        if champion is None:
            return
        evaluations, rate = progress.evaluations, progress.programs_per_s
        rows, improvements = _thinned(self._rows), tuple(self._improvements)
        self._rows, self._improvements = [], []
        self._write(
            Report(
                state=state,
                generation=progress.generation,
                evaluations=evaluations,
                seconds=progress.seconds,
                programs_per_s=rate,
                error=champion.error,
                held_out_error=champion.held_out_error,
                solved_cases=champion.solved_cases,
                code=champion.code,
                budget_used=progress.budget_used,
                seconds_left=self._budget.left(progress.session_seconds, evaluations, rate),
                saved=progress.saved,
                islands=len(self._run.engine.islands),
                rows=rows,
                leaders=self._leaders.now(),
                improvements=improvements,
            )
        )


class Leaders:
    """The best individuals of every island, as selection sees them, measured on all training cases."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._language = language_of(engine.task.dialect)
        self._known: dict[bytes, tuple[int, ...]] = {}

    def now(self) -> tuple[Leader, ...]:
        """Those that live now, the best first; programs that occur several times once."""
        engine = self._engine
        each = max(1, MOST_LEADERS // len(engine.islands)) if len(engine.task.training) <= MOST_CASES else 1
        found = {code: place for island in engine.islands for code, place in self._best(island, each).items()}
        self._measure(list(found))
        leaders = [self._leader(code, *place) for code, place in found.items()]
        return tuple(sorted(leaders, key=lambda leader: (leader.error, len(leader.code), leader.id)))

    def operator_of(self, code: bytes) -> str:
        """The variation that made a program, if it is among the best; else nothing."""
        for island in self._engine.islands:
            place = self._best(island, 1).get(code)
            if place is not None:
                return OPERATORS[int(island.crowd.operators[place[1]])]
        return ""

    def _best(self, island: Island, count: int) -> dict[bytes, tuple[Island, int]]:
        """The best different programs of an island, and the rows of their individuals."""
        crowd = island.crowd
        few = np.argpartition(crowd.totals, min(4 * count, len(crowd) - 1))[: 4 * count]
        rows = few[np.lexsort((crowd.ids[few], crowd.lengths[few], crowd.totals[few]))]
        programs = crowd.take(rows).programs(self._language)
        found: dict[bytes, tuple[Island, int]] = {}
        for place, row in enumerate(rows.tolist()):
            if len(found) < count:
                found.setdefault(programs[place], (island, row))
        return found

    def _measure(self, codes: list[bytes]) -> None:
        task = self._engine.task
        self._known = {code: self._known[code] for code in codes if code in self._known}
        new = [code for code in codes if code not in self._known]
        if new:
            errors, _ = errors_on(task, Programs.of(new), task.training)
            self._known |= {code: tuple(row) for code, row in zip(new, errors.tolist(), strict=True)}

    def _leader(self, code: bytes, island: Island, row: int) -> Leader:
        crowd, errors = island.crowd, self._known[code]
        return Leader(
            island=island.index,
            id=int(crowd.ids[row]),
            code=code,
            error=sum(errors),
            solved_cases=errors.count(0),
            errors=errors if len(errors) <= MOST_CASES else (),
            operator=OPERATORS[int(crowd.operators[row])],
            born=int(crowd.born[row]),
        )


def _thinned(rows: list[Mapping[str, float]]) -> tuple[Mapping[str, float], ...]:
    """At most `MOST_ROWS` of them, each generation once, the last one always."""
    rows = list({row["generation"]: row for row in rows if row}.values())
    every = -(-len(rows) // MOST_ROWS) or 1
    return tuple(reversed(rows[::-1][::every]))
