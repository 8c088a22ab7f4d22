"""The two settings of an island's search, measured side by side: what each arm does differently."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.genome import Language
from gpdebug.evolve.mutation import Material
from gpdebug.evolve.selection import Selection
from gpdebug.evolve.settings import Arm
from gpdebug.store.task import Task

TOURNAMENT_SIZE = 3
CROSSOVER = 50
"""Percent of children with two parents."""

LONGEST = 2_000
"""Instructions of a program of the long arm; with 600, texts of 13 letters were out of reach."""

_SHORT_WEIGHTS = (6, 6, 4, 4, 2, 2, 2, 2, 2, 10, 1)
_LONG_WEIGHTS = (6, 6, 4, 4, 2, 2, 2, 2, 2, 2, 1)


@dataclass(frozen=True, slots=True)
class ArmSettings:
    """How one arm searches.

    Attributes:
        selection: how parents are chosen.
        circular: an error of a byte is counted modulo 256.
        long_runs: percent of new `+ -` tokens that are runs.
        weights: of `mutation.OPERATORS`.
        token_caps: one is drawn at each restart; none: the best individual's tokens and a few more.
        patience: evaluations without a better best before a restart, for a cap of 16 tokens where caps are drawn.
        active: cases that are looked at from the start.
    """

    selection: Selection
    circular: bool
    long_runs: int
    weights: tuple[int, ...]
    token_caps: tuple[int, ...]
    patience: int
    active: int

    def caps(self, drawn: int, best_size: int) -> tuple[int, int]:
        """Most tokens and most instructions of a child."""
        if self.token_caps:
            return drawn, 3 * drawn
        return min(max(best_size + 12, 24), 160), LONGEST

    def patience_with(self, drawn: int) -> int:
        """Evaluations without a better best before a restart."""
        return self.patience * drawn // 16 if self.token_caps else self.patience

    def material(
        self, task: Task, language: Language, idioms: tuple[NDArray[np.uint16], NDArray[np.int32]]
    ) -> Material:
        """What mutations build from."""
        return Material(
            language=language,
            counts=_suggested_counts(task) if self.long_runs else np.zeros(0, np.uint8),
            long_runs=self.long_runs,
            idioms=idioms[0],
            idiom_sizes=idioms[1],
            weights=np.cumsum(self.weights),
        )


ARMS = {
    Arm.SHORT: ArmSettings(Selection.TOURNAMENT, True, 0, _SHORT_WEIGHTS, (12, 16, 16, 24, 32), 40_000, 8),
    Arm.LONG: ArmSettings(Selection.LEXICASE, False, 33, _LONG_WEIGHTS, (), 200_000, 10),
}


def _suggested_counts(task: Task) -> NDArray[np.uint8]:
    """Bytes of the cases and the steps between neighbours in an output, each as the shorter way round."""
    values: list[int] = []
    for case in task.training:
        values += case.input
        values += case.output
        values += [(b - a) % 256 for a, b in zip(case.output, case.output[1:], strict=False)]
    counts = np.array([min(value, 256 - value) for value in values if value], np.uint8)
    return counts
