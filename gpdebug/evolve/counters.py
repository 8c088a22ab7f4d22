"""How far an island is: a few numbers that a checkpoint holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Counters:
    """Where an island stands, apart from who lives on it.

    Attributes:
        generation: how many have passed.
        evaluations: programs tried.
        births: individuals made.
        restarts: how often it began again.
        cap: the tokens a program may have, if the arm draws that; else those of the best one, where it is shortened
            from time to time when that was done last.
        best: the smallest total error since the restart.
        best_at: evaluations when that was reached.
    """

    generation: int = 0
    evaluations: int = 0
    births: int = 0
    restarts: int = -1
    cap: int = 0
    best: int = 0
    best_at: int = 0
