"""Trials that were never run."""

from __future__ import annotations

from gpdebug.evolve.bench.results import Conditions, Results, TaskFacts
from gpdebug.evolve.bench.trial import Trial

CONDITIONS = Conditions(("60s",), 2, {"population": 1000, "islands": 2}, machine="a machine", software={"gpdebug": "1"})


FACTS = TaskFacts(128, 200, "0" * 16)
TEXT = TaskFacts(1, 0, "0" * 16)


def trial(task: str = "add", seed: int = 0, seconds: float = 1.5, *, solved: bool = True, **changes: int) -> Trial:
    facts = {"error": 0 if solved else 9, "held_out_error": 0, "solved_cases": 128 if solved else 120} | changes
    return Trial(task, seed, solved, seconds, 40_000, 12, b"[->+<]>.", **facts, gained=seconds / 4)


def results(*trials: Trial) -> Results:
    tasks = {item.task: FACTS for item in trials}
    return Results(CONDITIONS, tasks, trials)
