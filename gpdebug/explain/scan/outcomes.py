"""What became of mutants: their errors case by case, and what that makes of each of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.scan.subject import Subject
from vm.mutant_runs import NO_ERROR, MutantRuns


class Effect(IntEnum):
    """What a change does to the program, on all cases together; the first that holds, from the last to the first.

    The error is the sum over all cases.
    """

    NEVER_EXECUTED = 0
    """No case changes, and none comes to the place in the original."""
    INTRON = 1
    """No case changes: each puts out the same and ends in the same way, though some come to the place."""
    NEUTRAL = 2
    """Some case changes; the error is the same."""
    BENEFICIAL = 3
    """The error is smaller."""
    HARMFUL = 4
    """The error is larger."""
    LETHAL = 5
    """The error is larger, and no smaller than that of a program that puts out nothing; or the mutant cannot be
    loaded at all."""

    @property
    def is_neutral(self) -> bool:
        """The error is the same."""
        return self <= Effect.NEUTRAL

    def __str__(self) -> str:
        return self.name.lower().replace("_", " ")


@dataclass(frozen=True, eq=False)
class Outcomes:
    """What some mutants of a program did.

    Attributes:
        subject: the program.
        errors: `int64[mutants, cases]`; -1 for a mutant that cannot be loaded.
        status: `uint8[mutants, cases]`: how the run ended, a `vm.state.Status`; `RUNNING` (0) for a mutant that cannot
            be loaded.
        changed: `bool[mutants, cases]`: the output or the status is another than the original's.
        reached: `bool[mutants, cases]`: the original comes to the place that was changed.
    """

    subject: Subject
    errors: NDArray[np.int64]
    status: NDArray[np.uint8]
    changed: NDArray[np.bool_]
    reached: NDArray[np.bool_]

    @classmethod
    def of(cls, subject: Subject, runs: MutantRuns, reached: NDArray[np.bool_]) -> Outcomes:
        """What runs came to."""
        return cls(subject, runs.errors, runs.status, runs.changed, reached)

    def __len__(self) -> int:
        return len(self.errors)

    @cached_property
    def rejected(self) -> NDArray[np.bool_]:
        """Which mutants cannot be loaded: a bracket has no partner and the settings reject that, or a self-modifying
        program is larger than the memory. `bool[mutants]`.
        """
        return np.asarray((self.errors == NO_ERROR).any(axis=1))

    @cached_property
    def totals(self) -> NDArray[np.int64]:
        """The error on all cases together, -1 for a mutant that cannot be loaded: `int64[mutants]`."""
        return np.where(self.rejected, NO_ERROR, self.errors.sum(axis=1))

    @cached_property
    def deltas(self) -> NDArray[np.int64]:
        """How much larger that is than the original's, 0 for a mutant that cannot be loaded: `int64[mutants]`."""
        return np.where(self.rejected, 0, self.totals - self.subject.error)

    @cached_property
    def case_deltas(self) -> NDArray[np.int64]:
        """How much larger each error is than the original's on the case, 0 for a mutant that cannot be loaded:
        `int64[mutants, cases]`.
        """
        return np.where(self.rejected[:, np.newaxis], 0, self.errors - self.subject.original.errors)

    @cached_property
    def effects(self) -> NDArray[np.uint8]:
        """An `Effect` of each mutant: `uint8[mutants]`."""
        effects = np.full(len(self), Effect.NEVER_EXECUTED, np.uint8)
        effects[self.reached.any(axis=1)] = Effect.INTRON
        effects[self.changed.any(axis=1)] = Effect.NEUTRAL
        effects[self.deltas < 0] = Effect.BENEFICIAL
        effects[self.deltas > 0] = Effect.HARMFUL
        effects[(self.deltas > 0) & (self.totals >= self.subject.nothing)] = Effect.LETHAL
        effects[self.rejected] = Effect.LETHAL
        return effects

    @cached_property
    def counts(self) -> dict[Effect, int]:
        """How many mutants have each effect."""
        found = np.bincount(self.effects, minlength=len(Effect))
        return {effect: int(found[effect]) for effect in Effect}

    @property
    def robustness(self) -> float:
        """The share of the mutants whose error is the same as the original's, NaN of none."""
        return self._share(sum(self.counts[effect] for effect in Effect if effect.is_neutral))

    @property
    def evolvability(self) -> float:
        """The share of the mutants whose error is smaller than the original's, NaN of none."""
        return self._share(self.counts[Effect.BENEFICIAL])

    def _share(self, count: int) -> float:
        return count / len(self) if len(self) else float("nan")
