"""How steady-state islands search."""

from __future__ import annotations

from dataclasses import dataclass

from gpdebug.evolve.arms import ArmSettings
from gpdebug.evolve.options import Selection

DOUBLED = 8
"""Restarts after which the next ones are twice as patient, so that no search starves."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SteadyArm(ArmSettings):
    """How a steady-state island searches.

    Attributes:
        population: individuals, unless fewer are asked for.
        victims: how many random ones a victim is the worst of; a parent is the best of `tournament`.
        trades: percent of changes that are `changes.trade`.
        parts: percent of changes that are `changes.part`.
    """

    population: int
    victims: int
    trades: int
    parts: int

    def token_bounds(self, drawn: int) -> tuple[int, int, int]:
        """The smallest and the largest cap, and how far it is above the tokens of the best in between: see `caps`."""
        return self.caps(drawn, 0)[0], self.caps(drawn, self.width)[0], 0 if self.token_caps else self.growth

    def patience_after(self, restarts: int, drawn: int) -> int:
        """Evaluations without a better best before the next restart, after so many."""
        return self.patience_with(drawn) << min(max(restarts, 0) // DOUBLED, 20)


CONSTANTS = SteadyArm(
    selection=Selection.TOURNAMENT,
    circular=False,
    long_runs=33,
    weights=(6, 6, 4, 4, 2, 2, 2, 1, 2, 0, 1, 0),
    token_caps=(),
    patience=200_000,
    active=1,
    tournament=3,
    crossover=30,
    one_more=40,
    population=300,
    victims=3,
    trades=30,
    parts=20,
)
"""For tasks that want one constant: few loops, since a text needs none and those that do not end take most time."""
