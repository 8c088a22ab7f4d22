"""Ancestors of an individual: its line of first parents, and which instruction of a child came from which parent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.errors import ExplainError
from gpdebug.explain.history.alignment import align_birth
from gpdebug.explain.history.pairing import pair
from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Individual
from vm.dialect import Dialect

NEW = -1


class NoAncestorsError(ExplainError):
    """Nothing is known of where an individual comes from."""


@dataclass(frozen=True, slots=True, eq=False)
class Inheritance:
    """Which instructions of a child are its parents'.

    Attributes:
        parent: `int8[length]`: 0 for the first parent, 1 for the second, `NEW` for neither.
        index: `int32[length]`: the instruction's index in that parent's program, -1 for a new one.
    """

    parent: NDArray[np.int8]
    index: NDArray[np.int32]


def inheritance(child: bytes, parents: tuple[bytes, ...], dialect: Dialect) -> Inheritance:
    """Finds out from the programs alone what a child inherited; the variation itself is not recorded.

    What is equal in an alignment with the first parent is inherited from that, see `alignment.align_birth`; if there
    are two, what is equal in the cheapest way to write the child with either, see `pairing.pair`. The rest is new: it
    was put in, copied or changed at this birth. What was moved is new at its new place.

    Args:
        child: its program.
        parents: programs of none, one or two parents.
        dialect: their language.
    """
    if not parents:
        return Inheritance(np.full(len(child), NEW, np.int8), np.full(len(child), NEW, np.int32))
    if len(parents) == 1:
        index = align_birth(parents[0], child, dialect).partners
        return Inheritance(np.where(index >= 0, 0, NEW).astype(np.int8), index)
    first, second = parents
    found = pair(child, first, second)
    theirs, ours = np.frombuffer(first + second, np.uint8), np.frombuffer(child, np.uint8)
    same = found >= 0
    same[same] = theirs[found[same]] == ours[same]
    parent = np.where(same, found >= len(first), NEW).astype(np.int8)
    return Inheritance(parent, np.where(same, found - len(first) * (parent == 1), NEW).astype(np.int32))


def known_parents(individuals: Individuals, individual: Individual) -> tuple[Individual, ...] | None:
    """The parents of an individual; None if the first one is not known or not stored.

    A second parent that is not stored is left out, and so is one that is not older than its child: no record of a birth
    can say that.

    Raises:
        StoreError: a file is wrong.
    """
    if individual.parents is None:
        return None
    found = [individuals.get(parent) if parent < individual.id else None for parent in individual.parents]
    if found and found[0] is None:
        return None
    return tuple(parent for parent in found if parent is not None)


def line_of(individuals: Individuals, individual: Individual) -> tuple[Individual, ...]:
    """The line of first parents, from the oldest that is known to the individual itself.

    Raises:
        StoreError: a file is wrong.
    """
    line = [individual]
    while parents := known_parents(individuals, line[-1]):
        line.append(parents[0])
    return tuple(line[::-1])


def require_ancestors(individuals: Individuals, individual: Individual) -> None:
    """Refuses an individual of whose birth nothing is known.

    Raises:
        NoAncestorsError: its parents are not known or not stored.
        StoreError: a file is wrong.
    """
    name = f"{individuals.name}#{individual.id}"
    if individual.parents is None:
        raise NoAncestorsError(
            f"{name}: nothing is stored about its parents, so nobody knows where its instructions come from; a tool "
            "that writes runs tells it in the columns parent0 and parent1, and keeps ancestors in lineage.parquet"
        )
    if individual.parents and known_parents(individuals, individual) is None:
        raise NoAncestorsError(
            f"{name}: its parent #{individual.parents[0]} is not stored, so nobody knows which of its instructions are "
            "older; a tool that writes runs keeps ancestors in lineage.parquet"
        )
