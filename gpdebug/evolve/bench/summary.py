"""What the trials of a task say together: a row of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite
from typing import Any

from gpdebug.evolve.bench import peers
from gpdebug.evolve.bench.results import TaskFacts
from gpdebug.evolve.bench.statistics import median_interval, median_time, of_solved, wilson
from gpdebug.evolve.bench.trial import Trial


@dataclass(frozen=True, slots=True)
class Row:
    """A task's trials in a few figures.

    Attributes:
        task: what it was asked for as.
        trials: how many there are, at least one.
        solved: how many of them are right on all cases, training and held-out.
        rate: bounds of the solve rate, at 95 %.
        trained: how many ended right on all training cases, be it too late.
        proved: how many of these are right on all held-out cases, too; None where none are held out.
        seconds: by when half of them had solved the task; infinite if fewer than half did.
        seconds_interval: bounds of the true median, at 95 %; None for fewer than six trials.
        evaluations: alike, in programs tried.
        programs_per_s: of all trials together.
        shortest: the shortest solution; None if there is none.
        figure: the fastest peer; None if there is none.
        why: what the best trial without a solution lacked; empty if all are solved.
    """

    task: str
    trials: int
    solved: int
    rate: tuple[float, float]
    trained: int
    proved: int | None
    seconds: float
    seconds_interval: tuple[float, float] | None
    evaluations: float
    programs_per_s: float
    shortest: bytes | None
    figure: peers.Figure | None
    why: str

    @property
    def ratio(self) -> float | None:
        """How many times faster than the fastest peer; None if one of the two is not known."""
        return self.figure.seconds / self.seconds if self.figure and isfinite(self.seconds) else None

    def to_dict(self) -> dict[str, Any]:
        """The row as JSON can hold it; null where something is not known."""
        figure = self.figure
        return {
            "task": self.task,
            "seeds": self.trials,
            "solved": self.solved,
            "rate_95": [round(bound, 4) for bound in self.rate],
            "right_on_training": self.trained,
            "right_on_held_out": self.proved,
            "median_seconds": _finite(self.seconds),
            "median_seconds_95": [_finite(bound) for bound in self.seconds_interval] if self.seconds_interval else None,
            "median_evaluations": _finite(self.evaluations),
            "programs_per_s": round(self.programs_per_s),
            "shortest_program": None if self.shortest is None else self.shortest.decode("latin-1"),
            "peer": figure and figure.peer.name,
            "peer_seconds": figure and figure.seconds,
            "peer_solved": figure and figure.solved,
            "peer_extended": figure and figure.extended,
            "times_faster": None if self.ratio is None else round(self.ratio, 3),
            "why": self.why,
        }


def row_of(name: str, facts: TaskFacts, trials: Sequence[Trial]) -> Row:
    """Sums the trials of a task up.

    Args:
        name: of the task, as it was asked for.
        facts: about the task.
        trials: at least one.
    """
    solved = [trial.solved for trial in trials]
    times = of_solved([trial.seconds for trial in trials], solved)
    trained = [trial for trial in trials if trial.error == 0]
    codes = [trial.program for trial in trials if trial.solved]
    return Row(
        task=name,
        trials=len(trials),
        solved=sum(solved),
        rate=wilson(sum(solved), len(trials)),
        trained=len(trained),
        proved=sum(trial.held_out_error == 0 for trial in trained) if facts.held_out else None,
        seconds=median_time(times),
        seconds_interval=median_interval(times),
        evaluations=median_time(of_solved([float(trial.evaluations) for trial in trials], solved)),
        programs_per_s=sum(trial.evaluations for trial in trials) / sum(trial.seconds for trial in trials),
        shortest=min(codes, key=lambda code: (len(code), code), default=None),
        figure=peers.best(name),
        why=_why([trial for trial in trials if not trial.solved], facts.training),
    )


def _why(failed: Sequence[Trial], cases: int) -> str:
    """What the best of the trials that failed lacked."""
    if not failed:
        return ""
    best = min(failed, key=lambda trial: (trial.error, trial.held_out_error, trial.seconds))
    if best.error == 0:
        return "right on training cases only" if best.held_out_error else "solved too late"
    what = f"off by {best.error:,}" if cases == 1 else f"{best.solved_cases:,} of {cases:,} right"
    return f"{what}, stuck since {best.gained:.0f} s" if best.gained < best.seconds / 2 else what


def _finite(value: float) -> float | None:
    return None if value == inf else round(value, 6)
