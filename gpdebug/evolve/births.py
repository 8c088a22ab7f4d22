"""The births of an island: everyone that the living descend from, gathered cheaply and pruned now and then."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gpdebug.evolve.ancestry import picked, with_descendants
from gpdebug.evolve.crowd import Crowd
from gpdebug.evolve.genome import Language
from gpdebug.evolve.packed import COLUMNS, OPERATORS, Packed
from gpdebug.store.lineage import Lineage
from gpdebug.store.ragged import join
from vm.evaluate import Programs

MOST_SPARE = 200_000
"""Births that may be kept in vain, unless that is only one part in `FEW` of those that are needed."""
FEW = 4
AT_ONCE = 1 << 16
"""Births that are in memory with their code at once; those of large populations are packed otherwise."""
BOTH, FIRST = 2, 1
"""The lines of parents that are followed."""
MOST_IDS = int(np.iinfo(np.int64).max)
UNKNOWN = -1
"""The error of someone that was not measured on all training cases."""


class Births:
    """A lineage that grows by whole generations.

    It is kept in parts, each of which has greater ids than those before. Of a large population hardly more than one
    part is ever in memory as it is.
    """

    def __init__(self, parts: Iterable[Lineage] = ()) -> None:
        """Begins with what was recorded before."""
        self._parts: list[Packed] = []
        self._pruned = 0
        self._is_exact = False
        for part in parts:
            self.adopt(part)

    def __len__(self) -> int:
        return sum(map(len, self._parts))

    @property
    def ids(self) -> NDArray[np.int64]:
        """Of everyone in it."""
        return np.concatenate([np.zeros(0, np.int64), *(part.ids for part in self._parts)])

    def add(self, crowd: Crowd, language: Language) -> None:
        """Records newborns, whose ids are greater than all before and ascend."""
        for first in range(0, len(crowd), AT_ONCE):
            some = crowd.part(first, min(first + AT_ONCE, len(crowd)))
            self.adopt(
                Lineage(
                    ids=some.ids.copy(),
                    parents=some.parents.copy(),
                    operators=OPERATORS,
                    operator=some.operators.copy(),
                    born=some.born.copy(),
                    error=np.full(len(some), UNKNOWN, np.int64),
                    programs=some.programs(language),
                )
            )

    def adopt(self, lineage: Lineage) -> None:
        """Takes over births of another island, also some that are known already."""
        self._append(Packed.of(lineage))

    def ancestors_of(self, ids: NDArray[np.int64]) -> Lineage:
        """Some individuals and all their ancestors; forgets nobody."""
        found = self._with_descendants(ids, BOTH)
        return joined([part.take(rows).lineage() for part, rows in zip(self._parts, found, strict=True)])

    def prune(self, living: NDArray[np.int64]) -> None:
        """Forgets those who died out, when they may be more than half, or many."""
        spare = min(self._pruned + 20 * len(living), max(MOST_SPARE, self._pruned // FEW))
        if len(self) > self._pruned + spare:
            found = self._with_descendants(living, BOTH)
            self._parts = [_together(parts) for parts in _gathered(self._taken(found))]
            self._pruned = len(self)

    def keep(self, living: NDArray[np.int64]) -> None:
        """Forgets all but the living and their ancestors; what is left depends on nothing else then."""
        if self._is_exact:
            return
        found = self._with_descendants(living, BOTH)
        self._parts = [Packed.of(part) for part in _cut(part.lineage() for part in self._taken(found))]
        self._pruned = len(self)
        self._is_exact = True

    def parts(self) -> Iterator[Lineage]:
        """All births, in the order of ids, one part after the other, and at least one."""
        yield from (part.lineage() for part in self._parts or [Packed.of(Lineage.empty(OPERATORS))])

    def between(self, first: int, last: int) -> Lineage:
        """The births of individuals whose ids are at least `first` and less than `last`."""
        found = []
        for part in self._parts:
            rows = slice(*np.searchsorted(part.ids, (first, last)))
            if rows.start < rows.stop:
                found.append(part.lineage().part(rows.start, rows.stop))
        return joined(found or [Lineage.empty(OPERATORS)])

    def measure(
        self,
        ids: NDArray[np.int64],
        error: NDArray[np.int64],
        rest: Callable[[Programs, NDArray[np.intp]], NDArray[np.int64]],
    ) -> None:
        """Tells the errors of everyone on a line of first parents that leads to the living.

        Each is measured once, and then remembered as long as such a line leads to it; one to which none leads any more
        never gets one again.

        Args:
            ids: of the living.
            error: theirs, on all training cases.
            rest: gives the errors of some of many programs.
        """
        order = np.argsort(ids)
        ids, error = ids[order], error[order]
        for index, on_line in enumerate(self._with_descendants(ids, FIRST)):
            part = self._parts[index]
            known = np.where(on_line, part.error, UNKNOWN)
            places = np.minimum(np.searchsorted(ids, part.ids), max(len(ids) - 1, 0))
            lives = ids[places] == part.ids
            known[lives] = error[places[lives]]
            unknown = np.flatnonzero(on_line & (known == UNKNOWN))
            if unknown.size:
                known[unknown] = rest(part.lineage().programs, unknown)
            self._parts[index] = replace(part, error=known)

    def state(self) -> dict[str, NDArray[Any]]:
        """All of it as a few arrays."""
        parts = [part.columns() for part in self._parts or [Packed.of(Lineage.empty())]]
        columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        columns["sizes"] = np.array([(len(part["ids"]), len(part["code"])) for part in parts], np.int64)
        return columns

    @classmethod
    def restored(cls, columns: Mapping[str, NDArray[Any]]) -> Births:
        """What `state` was taken of.

        Raises:
            KeyError, ValueError: it is incomplete.
        """
        births = cls()
        row = at = 0
        for rows, size in columns["sizes"].tolist():
            some = {name: columns[name][row : row + rows] for name in COLUMNS}
            births._append(Packed.restored(some | {"code": columns["code"][at : at + size]}))
            row, at = row + rows, at + size
        births._pruned = len(births)
        return births

    def _append(self, part: Packed) -> None:
        if len(part):
            self._parts.append(part)
            self._is_exact = False

    def _taken(self, found: Sequence[NDArray[np.bool_]]) -> Iterator[Packed]:
        """Some rows of each part; a part is let go of as the next one is asked for."""
        parts, self._parts = self._parts[::-1], []
        for rows in found:
            part = parts.pop().take(rows)
            if len(part):
                yield part

    def _put_in_order(self) -> None:
        """Makes each part have greater ids than those before, and no one be in two."""
        if any(one.ids[-1] >= other.ids[0] for one, other in pairwise(self._parts)):
            self._parts = [Packed.of(part) for part in _cut([joined(list(self.parts()))])]

    def _with_descendants(self, living: NDArray[np.int64], lines: int) -> list[NDArray[np.bool_]]:
        """For each part, who of it is alive or has descendants that are, on these lines."""
        self._put_in_order()
        firsts = np.array([part.ids[0] for part in self._parts], np.int64)
        wanted: list[list[NDArray[np.int64]]] = [[] for _ in self._parts]

        def want(ids: NDArray[np.int64]) -> None:
            """Ascending ones."""
            edges = np.searchsorted(ids, firsts)
            counts = np.diff(edges, append=len(ids))
            for index in np.flatnonzero(counts).tolist():
                wanted[index].append(ids[edges[index] : edges[index] + counts[index]])

        want(np.sort(living))
        found = []
        for index in range(len(self._parts) - 1, -1, -1):
            part = self._parts[index]
            here = np.unique(np.concatenate([np.zeros(0, np.int64), *wanted[index]]))
            rows = with_descendants(part.ids, part.parents, here, lines)
            found.append(rows)
            outside = part.parents[rows, :lines].ravel()
            want(np.unique(outside[outside < firsts[index]]))
        return found[::-1]


def joined(parts: Sequence[Lineage]) -> Lineage:
    """One lineage of several, in the order of ids; who is in several is taken once, if possible with a known error."""
    parts = [part for part in parts if len(part)] or parts[:1]
    if len(parts) == 1:
        return parts[0]
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in COLUMNS if name != "lengths"}
    programs = join([part.programs for part in parts])
    if np.any(np.diff(columns["ids"]) <= 0):
        order = np.lexsort((-columns["error"], columns["ids"]))
        order = order[np.diff(columns["ids"][order], prepend=-1) > 0]
        columns = {name: column[order] for name, column in columns.items()}
        programs = picked(programs, order)
    return Lineage(operators=OPERATORS, programs=programs, **columns)


def together(islands: Sequence[Births]) -> Iterator[Lineage]:
    """The births of all islands, in the order of ids, each individual once; in parts, at least one."""
    if len(islands) == 1:
        yield from islands[0].parts()
        return
    ids = np.unique(np.concatenate([births.ids for births in islands]))
    for first in range(0, max(len(ids), 1), AT_ONCE):
        bounds = ids[first : first + 1 + AT_ONCE : AT_ONCE].tolist()
        last = bounds[1] if len(bounds) > 1 else MOST_IDS
        yield joined([births.between(bounds[0] if bounds else 0, last) for births in islands])


def _together(parts: Sequence[Packed]) -> Packed:
    return parts[0] if len(parts) == 1 else Packed.of(joined([part.lineage() for part in parts]))


def _gathered(parts: Iterable[Packed]) -> Iterator[list[Packed]]:
    """Neighbours that have at most `AT_ONCE` births together."""
    some: list[Packed] = []
    for part in parts:
        if some and sum(map(len, some)) + len(part) > AT_ONCE:
            yield some
            some = []
        some.append(part)
    if some:
        yield some


def _cut(parts: Iterable[Lineage]) -> Iterator[Lineage]:
    """The same births in parts of `AT_ONCE` each, but the last one."""
    waiting: list[Lineage] = []
    for part in parts:
        waiting.append(part)
        if sum(map(len, waiting)) >= AT_ONCE:
            whole = joined(waiting)
            full = len(whole) // AT_ONCE * AT_ONCE
            yield from (whole.part(first, first + AT_ONCE) for first in range(0, full, AT_ONCE))
            waiting = [whole.part(full, len(whole))]
    if rest := [part for part in waiting if len(part)]:
        yield joined(rest)
