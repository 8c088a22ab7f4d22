"""The births of an island: everyone that the living descend from, gathered cheaply and pruned now and then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.crowd import Crowd
from gpdebug.evolve.variation import Operator
from gpdebug.store.lineage import Lineage, ancestors
from gpdebug.store.ragged import join, take
from vm.evaluate import Programs

OPERATORS = tuple(str(operator) for operator in Operator)
MOST_SPARE = 200_000
"""Births of large populations that may be kept in vain."""
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
                ids=crowd.ids.copy(),
                parents=crowd.parents.copy(),
                operators=OPERATORS,
                operator=crowd.operators.copy(),
                born=crowd.born.copy(),
                error=np.full(len(crowd), UNKNOWN, np.int64),
                programs=programs,
            )
        )

    def of(self, living: NDArray[np.int64]) -> Lineage:
        """The living and all their ancestors; forgets everyone else."""
        lineage = self.ancestors_of(living)
        self._parts = [lineage]
        self._pruned = len(lineage)
        return lineage

    def ancestors_of(self, ids: NDArray[np.int64]) -> Lineage:
        """Some individuals and all their ancestors; forgets nobody."""
        return joined(_with_ancestors(self._parts, ids))

    def adopt(self, lineage: Lineage) -> None:
        """Takes over births of another island, also some that are known already."""
        self._parts.append(lineage)

    def prune(self, living: NDArray[np.int64]) -> None:
        """Forgets those who died out, when they may be more than half."""
        spare = min(20 * len(living), MOST_SPARE)
        if sum(map(len, self._parts)) > 2 * self._pruned + spare:
            self.of(living)

    def measured(
        self, ids: NDArray[np.int64], error: NDArray[np.int64], rest: Callable[[Programs], NDArray[np.int64]]
    ) -> Lineage:
        """The living and all their ancestors, with the errors of everyone on a line of first parents.

        Each is measured once, and then remembered as long as such a line leads to it; one to which none leads any more
        never gets one again.

        Args:
            ids: of the living.
            error: theirs, on all training cases.
            rest: gives the errors of programs.
        """
        lineage = self.of(ids)
        on_line = lineage.on_first_lines(ids)
        known = np.full(len(lineage), UNKNOWN, np.int64)
        known[on_line] = lineage.error[on_line]
        known[lineage.rows_of(ids)] = error
        unknown = on_line[known[on_line] == UNKNOWN]
        if unknown.size:
            known[unknown] = rest(take(lineage.programs, unknown))
        lineage = replace(lineage, error=known)
        self._parts = [lineage]
        return lineage


def joined(parts: Sequence[Lineage]) -> Lineage:
    """One lineage of several, in the order of ids; who is in several is taken once, if possible with a known error."""
    parts = [part for part in parts if len(part)] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    order = _order(parts)
    programs = join([part.programs for part in parts])
    is_in_order = len(order) == len(programs) and np.all(np.diff(order) == 1)
    return Lineage(
        ids=np.concatenate([part.ids for part in parts])[order],
        parents=np.concatenate([part.parents for part in parts])[order],
        operators=OPERATORS,
        operator=np.concatenate([part.operator for part in parts])[order],
        born=np.concatenate([part.born for part in parts])[order],
        error=np.concatenate([part.error for part in parts])[order],
        programs=programs if is_in_order else take(programs, order),
    )


def _order(parts: Sequence[Lineage]) -> NDArray[np.intp]:
    """Rows of all parts together in the order of ids, each individual once."""
    ids = np.concatenate([part.ids for part in parts])
    order = np.lexsort((-np.concatenate([part.error for part in parts]), ids))
    once: NDArray[np.intp] = order[np.diff(ids[order], prepend=-1) > 0]
    return once


def _with_ancestors(parts: Sequence[Lineage], living: NDArray[np.int64]) -> list[Lineage]:
    """Each part without those that nobody alive descends from; programs are copied only of those who stay."""
    order = _order(parts)
    ids = np.concatenate([part.ids for part in parts])[order]
    parents = np.concatenate([part.parents for part in parts])[order]
    stay = np.zeros(sum(map(len, parts)), np.bool_)
    stay[order[ancestors(ids, parents, living)]] = True
    edges = np.cumsum([len(part) for part in parts])[:-1]
    return [part.take(np.flatnonzero(rows)) for part, rows in zip(parts, np.split(stay, edges), strict=True)]
