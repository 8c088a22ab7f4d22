"""The births of an island: everyone that the living descend from, gathered cheaply and pruned now and then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.crowd import Crowd
from gpdebug.evolve.variation import Operator
from gpdebug.store.lineage import Lineage
from gpdebug.store.ragged import join, take
from vm.evaluate import Programs

OPERATORS = tuple(str(operator) for operator in Operator)
UNKNOWN = -1
"""The error of someone that was not measured on all training cases."""


class Births:
    """A lineage that grows by whole generations."""

    def __init__(self, parts: Sequence[Lineage] = ()) -> None:
        """Begins with what was recorded before."""
        self._parts = [Lineage.empty(OPERATORS), *parts]
        self._pruned = 0

    def add(self, crowd: Crowd, programs: Programs) -> None:
        """Records newborns, whose ids are greater than all before and ascend."""
        self._parts.append(
            Lineage(
                ids=crowd.ids,
                parents=crowd.parents,
                operators=OPERATORS,
                operator=crowd.operators,
                born=crowd.born,
                error=np.full(len(crowd), UNKNOWN, np.int64),
                programs=programs,
            )
        )

    def of(self, living: NDArray[np.int64]) -> Lineage:
        """The living and all their ancestors; forgets everyone else."""
        lineage = joined(self._parts).pruned(living)
        self._parts = [lineage]
        self._pruned = len(lineage)
        return lineage

    def prune(self, living: NDArray[np.int64]) -> None:
        """Forgets those who died out, when they may be more than half."""
        if sum(map(len, self._parts)) > 2 * self._pruned + 20 * len(living):
            self.of(living)

    def measured(
        self, ids: NDArray[np.int64], error: NDArray[np.int64], rest: Callable[[Programs], NDArray[np.int64]]
    ) -> Lineage:
        """The living and all their ancestors, everyone's error known; each is measured once, and then remembered.

        Args:
            ids: of the living.
            error: theirs, on all training cases.
            rest: gives the errors of programs.
        """
        lineage = self.of(ids)
        known = lineage.error.copy()
        known[lineage.rows_of(ids)] = error
        unknown = np.flatnonzero(known == UNKNOWN)
        if unknown.size:
            known[unknown] = rest(take(lineage.programs, unknown))
        lineage = replace(lineage, error=known)
        self._parts = [lineage]
        return lineage


def joined(parts: Sequence[Lineage]) -> Lineage:
    """One lineage of several whose ids do not overlap, in the order of ids."""
    parts = [part for part in parts if len(part)] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    ids = np.concatenate([part.ids for part in parts])
    order = np.argsort(ids, kind="stable")
    return Lineage(
        ids=ids[order],
        parents=np.concatenate([part.parents for part in parts])[order],
        operators=OPERATORS,
        operator=np.concatenate([part.operator for part in parts])[order],
        born=np.concatenate([part.born for part in parts])[order],
        error=np.concatenate([part.error for part in parts])[order],
        programs=take(join([part.programs for part in parts]), order),
    )
