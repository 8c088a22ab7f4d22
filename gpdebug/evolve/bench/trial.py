"""One search of one task with one seed, measured: how it ended, after how long, with what program."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gpdebug.evolve.budget import Budget
from gpdebug.evolve.engine import Engine
from gpdebug.evolve.settings import SearchSettings
from gpdebug.store.fields import Fields
from gpdebug.store.rows import bytes_of
from gpdebug.store.task import Task


@dataclass(frozen=True, slots=True)
class Trial:
    """How a search ended.

    Attributes:
        task: the task as it was asked for.
        seed: of its random numbers.
        solved: right on all cases, training and held-out, within the budget.
        seconds: from the begin of the search, with everything loaded, to its end.
        evaluations: programs tried.
        generation: the last one.
        program: the best one.
        error: of the best one on the training cases.
        held_out_error: of the best one on the held-out cases.
        solved_cases: training cases that the best one is right on.
        gained: seconds after which the error was as small as at the end.
    """

    task: str
    seed: int
    solved: bool
    seconds: float
    evaluations: int
    generation: int
    program: bytes
    error: int
    held_out_error: int
    solved_cases: int
    gained: float

    def to_dict(self) -> dict[str, Any]:
        """The trial as JSON can hold it."""
        return {
            "task": self.task,
            "seed": self.seed,
            "solved": self.solved,
            "seconds": round(self.seconds, 6),
            "evaluations": self.evaluations,
            "generation": self.generation,
            "error": self.error,
            "held_out_error": self.held_out_error,
            "solved_cases": self.solved_cases,
            "gained": round(self.gained, 6),
            "program": self.program.decode("latin-1"),
        }

    @classmethod
    def from_dict(cls, data: object, key: str) -> Trial:
        """Reads a trial.

        Raises:
            StoreError: names the wrong key and what was expected there.
        """
        fields = Fields(data, key)
        return cls(
            task=fields.text("task"),
            seed=fields.integer("seed"),
            solved=fields.boolean("solved"),
            seconds=fields.number("seconds"),
            evaluations=fields.integer("evaluations"),
            generation=fields.integer("generation"),
            program=bytes_of({"program": fields.text("program")}, "program"),
            error=fields.integer("error"),
            held_out_error=fields.integer("held_out_error"),
            solved_cases=fields.integer("solved_cases"),
            gained=fields.number("gained"),
        )


@dataclass(frozen=True, slots=True)
class Glance:
    """How far a search is: what is told while it goes on."""

    seconds: float
    evaluations: int
    error: int


def measure(
    source: str,
    task: Task,
    settings: SearchSettings,
    budget: Budget,
    *,
    threads: int = 1,
    glanced: Callable[[Glance], None] = lambda _: None,
    interrupted: Callable[[], bool] = lambda: False,
) -> Trial | None:
    """Searches once, without saving anything.

    Args:
        source: what the trial calls the task.
        task: what is wanted.
        settings: with the seed.
        budget: one that is exceeded, be it by the last round, is not kept: then it is not solved.
        threads: of the engine.
        glanced: called after each round.
        interrupted: asked after each round.

    Returns:
        The trial; None if it was interrupted, since it says nothing then.
    """
    started = time.perf_counter()
    engine = Engine(task, settings, threads=threads)
    best, gained = None, 0.0
    try:
        while True:
            engine.advance()
            engine.rows = []
            seconds = time.perf_counter() - started
            champion = engine.champion
            assert champion is not None
            if best is None or champion.error < best:
                best, gained = champion.error, seconds
            spent = budget.is_spent(seconds, engine.evaluations)
            if spent or engine.solved:
                break
            if interrupted():
                return None
            glanced(Glance(seconds, engine.evaluations, champion.error))
    finally:
        engine.close()
    return Trial(
        task=source,
        seed=settings.seed,
        solved=engine.solved and not spent,
        seconds=seconds,
        evaluations=engine.evaluations,
        generation=engine.generation,
        program=champion.code,
        error=champion.error,
        held_out_error=champion.held_out_error,
        solved_cases=champion.solved_cases,
        gained=gained,
    )
