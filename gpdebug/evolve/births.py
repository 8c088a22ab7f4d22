"""The births of an island: everyone that the living descend from, gathered cheaply and pruned now and then."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.crowd import Crowd
from gpdebug.evolve.variation import Operator
from gpdebug.store.lineage import Lineage, ancestors
from gpdebug.store.ragged import join, take
from vm.evaluate import Programs

OPERATORS = tuple(str(operator) for operator in Operator)
MOST_SPARE = 200_000
"""Births that may be kept in vain, unless that is only one part in `FEW` of those that are needed."""
FEW = 4
COLUMNS = ("ids", "parents", "operator", "born", "error")
"""Those of a lineage that are arrays with a row for each birth."""
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
        self._forget_all_but(living)
        lineage = _moved_together(self._parts)
        self._parts = [lineage]
        return lineage

    def ancestors_of(self, ids: NDArray[np.int64]) -> Lineage:
        """Some individuals and all their ancestors; forgets nobody."""
        found = zip(self._parts, _with_descendants(self._parts, ids), strict=True)
        return joined([part.take(np.flatnonzero(rows)) for part, rows in found])

    def adopt(self, lineage: Lineage) -> None:
        """Takes over births of another island, also some that are known already."""
        self._parts.append(lineage)

    def prune(self, living: NDArray[np.int64]) -> None:
        """Forgets those who died out, when they may be more than half, or many."""
        spare = min(self._pruned + 20 * len(living), max(MOST_SPARE, self._pruned // FEW))
        if sum(map(len, self._parts)) > self._pruned + spare:
            self._forget_all_but(living)

    def _forget_all_but(self, living: NDArray[np.int64]) -> None:
        """Keeps the living and their ancestors, part by part: no more than one of them is in memory twice."""
        for index, rows in enumerate(_with_descendants(self._parts, living)):
            if not rows.all():
                self._parts[index] = self._parts[index].take(np.flatnonzero(rows))
        self._pruned = sum(map(len, self._parts))

    def measured(
        self,
        ids: NDArray[np.int64],
        error: NDArray[np.int64],
        rest: Callable[[Programs, NDArray[np.intp]], NDArray[np.int64]],
    ) -> Lineage:
        """The living and all their ancestors, with the errors of everyone on a line of first parents.

        Each is measured once, and then remembered as long as such a line leads to it; one to which none leads any more
        never gets one again.

        Args:
            ids: of the living.
            error: theirs, on all training cases.
            rest: gives the errors of some of many programs.
        """
        lineage = self.of(ids)
        on_line = lineage.on_first_lines(ids)
        known = np.full(len(lineage), UNKNOWN, np.int64)
        known[on_line] = lineage.error[on_line]
        known[lineage.rows_of(ids)] = error
        unknown = on_line[known[on_line] == UNKNOWN]
        if unknown.size:
            known[unknown] = rest(lineage.programs, unknown)
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


def _moved_together(parts: list[Lineage]) -> Lineage:
    """What `joined` gives, of parts that nobody needs any more: they leave the list one by one as they are copied."""
    if len(parts) == 1 or not _ascend(parts):
        return joined(parts)
    count, first = sum(map(len, parts)), parts[0]
    columns = {name: np.empty((count, *getattr(first, name).shape[1:]), getattr(first, name).dtype) for name in COLUMNS}
    code = np.empty(sum(len(part.programs.code) for part in parts), np.uint8)
    offsets = np.zeros(count + 1, np.int64)
    row = at = 0
    while parts:
        part = parts.pop(0)
        for name, column in columns.items():
            column[row : row + len(part)] = getattr(part, name)
        code[at : at + len(part.programs.code)] = part.programs.code
        np.add(part.programs.offsets[1:], at, out=offsets[row + 1 : row + len(part) + 1])
        row, at = row + len(part), at + len(part.programs.code)
    return Lineage(operators=OPERATORS, programs=Programs(code, offsets), **columns)


def _ascend(parts: Sequence[Lineage]) -> bool:
    """Whether all ids of a part are greater than those of the parts before."""
    parts = [part for part in parts if len(part)]
    return all(one.ids[-1] < other.ids[0] for one, other in pairwise(parts))


def _order(parts: Sequence[Lineage]) -> NDArray[np.intp]:
    """Rows of all parts together in the order of ids, each individual once."""
    ids = np.concatenate([part.ids for part in parts])
    order = np.lexsort((-np.concatenate([part.error for part in parts]), ids))
    once: NDArray[np.intp] = order[np.diff(ids[order], prepend=-1) > 0]
    return once


def _with_descendants(parts: Sequence[Lineage], living: NDArray[np.int64]) -> list[NDArray[np.bool_]]:
    """For each part, who of it is alive or has descendants that are."""
    if not _ascend(parts):
        return _with_descendants_in_any_order(parts, living)
    found = []
    for part in reversed(parts):
        rows = ancestors(part.ids, part.parents, living)
        stay = np.zeros(len(part), np.bool_)
        stay[rows] = True
        found.append(stay)
        living = np.unique(np.concatenate([living, part.parents[rows].ravel()]))
        living = living[living < part.ids[0]] if len(part) else living
    return found[::-1]


def _with_descendants_in_any_order(parts: Sequence[Lineage], living: NDArray[np.int64]) -> list[NDArray[np.bool_]]:
    order = _order(parts)
    ids = np.concatenate([part.ids for part in parts])[order]
    parents = np.concatenate([part.parents for part in parts])[order]
    stay = np.zeros(sum(map(len, parts)), np.bool_)
    stay[order[ancestors(ids, parents, living)]] = True
    return np.split(stay, np.cumsum([len(part) for part in parts])[:-1])
