"""Blame: which ancestor and which operator brought each instruction of an individual, and what that birth did."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.blank import blank_symbol, blanked
from gpdebug.explain.errors import Interrupted
from gpdebug.explain.history.ancestry import NEW, inheritance, known_parents, require_ancestors
from gpdebug.explain.history.outcomes import Cases, Interrupt, outcomes
from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Individual
from vm.dialect import Dialect
from vm.program import Program


class How(StrEnum):
    """How an ancestor came to an instruction."""

    BIRTH = "birth"
    """It was put in, copied or changed when the ancestor was made of its parents."""
    START = "start"
    """The ancestor was made from nothing."""
    UNKNOWN = "unknown"
    """The ancestor has it, and its parents are not known or not stored: the trail ends here."""


@dataclass(frozen=True, slots=True)
class Brought:
    """An ancestor, or the individual itself, and what it brought.

    Attributes:
        individual: who.
        how: at its birth, with the first program of all, or nobody knows.
        instructions: indices, in the program that is blamed, of what it brought and is still there.
        places: their indices in its own program.
        parent_errors: the errors of its parents over the training cases, the first parent's first.
        error: its own.
        error_without: the error of the program that is blamed with these instructions, and the partners of their
            brackets, blanked: see `explain.blank`. Errors are None where there is no task, or a program cannot be run.
    """

    individual: Individual
    how: How
    instructions: tuple[int, ...]
    places: tuple[int, ...]
    parent_errors: tuple[int | None, ...] = ()
    error: int | None = None
    error_without: int | None = None

    @property
    def change(self) -> int | None:
        """What its birth added to the error of its first parent; below 0 is better."""
        before = self.parent_errors[0] if self.parent_errors else None
        return None if before is None or self.error is None else self.error - before


@dataclass(frozen=True, eq=False)
class Blame:
    """Where the instructions of an individual come from.

    Attributes:
        individual: whose.
        brought: by whom, the oldest first.
        source: `int32[length]`: for each instruction its place in `brought`.
        error: of the individual over the training cases; None without a task.
        ancestors: individuals that were looked at, itself included.
    """

    individual: Individual
    brought: tuple[Brought, ...]
    source: NDArray[np.int32]
    error: int | None
    ancestors: int

    def of(self, instruction: int) -> Brought:
        """Who brought an instruction."""
        return self.brought[int(self.source[instruction])]


@dataclass(frozen=True, slots=True, eq=False)
class _Trail:
    """An ancestor, and the instructions that were followed back to it.

    Attributes:
        individual: who.
        places: `int64[n]`: indices in its program.
        instructions: `int64[n]`: in the program that is blamed.
    """

    individual: Individual
    places: NDArray[np.int64]
    instructions: NDArray[np.int64]


def blame(individuals: Individuals, individual: Individual, *, interrupt: Interrupt | None = None) -> Blame:
    """Follows every instruction of an individual back to the birth that brought it.

    At each birth it decides by alignment what is inherited, and from which parent: see `ancestry.inheritance`. Only
    ancestors that something still there leads to are looked at. Errors are those of the programs run again on all
    training cases, not the stored ones.

    Args:
        individuals: of its run.
        individual: whose program is looked at.
        interrupt: asked now and then whether to stop.

    Raises:
        NoAncestorsError: its parents are not known or not stored.
        StoreError: a file is wrong.
        Interrupted: the user ended it.
    """
    require_ancestors(individuals, individual)
    dialect = individuals.dialect
    everything = np.arange(len(individual.code))
    waiting: dict[int, list[_Trail]] = {individual.id: [_Trail(individual, everything, everything)]}
    order = [-individual.id]
    found: list[tuple[Brought, tuple[bytes, ...]]] = []
    seen = 0
    while order:
        if interrupt is not None and interrupt():
            raise Interrupted("interrupted before all instructions were followed back")
        here = _joined(waiting.pop(-heapq.heappop(order)))
        seen += 1
        parents = known_parents(individuals, here.individual)
        codes = tuple(parent.code for parent in parents or ())
        passed = inheritance(here.individual.code, codes, dialect)
        for number, parent in enumerate(parents or ()):
            rows = np.flatnonzero(passed.parent[here.places] == number)
            if rows.size:
                if parent.id not in waiting:
                    waiting[parent.id] = []
                    heapq.heappush(order, -parent.id)
                places = passed.index[here.places[rows]].astype(np.int64)
                waiting[parent.id].append(_Trail(parent, places, here.instructions[rows]))
        rows = np.flatnonzero(passed.parent[here.places] == NEW)
        if rows.size:
            how = How.UNKNOWN if parents is None else How.BIRTH if parents else How.START
            instructions = tuple(here.instructions[rows].tolist())
            found.append((Brought(here.individual, how, instructions, tuple(here.places[rows].tolist())), codes))
    brought, error = _measured(found[::-1], individuals, individual)
    source = np.zeros(len(individual.code), np.int32)
    for number, one in enumerate(brought):
        source[list(one.instructions)] = number
    return Blame(individual, brought, source, error, seen)


def _joined(trails: list[_Trail]) -> _Trail:
    places = np.concatenate([trail.places for trail in trails])
    instructions = np.concatenate([trail.instructions for trail in trails])
    order = np.argsort(instructions, kind="stable")
    return _Trail(trails[0].individual, places[order], instructions[order])


def _measured(
    found: list[tuple[Brought, tuple[bytes, ...]]], individuals: Individuals, individual: Individual
) -> tuple[tuple[Brought, ...], int | None]:
    """What each birth did to the error, and what its instructions are worth today; and the error of the individual."""
    task, dialect = individuals.task, individuals.dialect
    if task is None or not task.training:
        return tuple(one for one, _ in found), None
    cases = Cases.of_task(task, held_out=False)
    births = [code for one, parents in found for code in (one.individual.code, *parents)]
    codes = list(dict.fromkeys([individual.code, *births]))
    errors = dict(zip(codes, _errors(codes, cases, dialect), strict=True))
    program = Program(individual.code, dialect)
    taken_out = [blanked(program, _with_partners(program, one.instructions)).code.tobytes() for one, _ in found]
    without = _errors(taken_out, cases, blank_symbol(dialect)[0])
    brought = tuple(
        Brought(
            one.individual,
            one.how,
            one.instructions,
            one.places,
            tuple(errors[code] for code in parents),
            errors[one.individual.code],
            rest,
        )
        for (one, parents), rest in zip(found, without, strict=True)
    )
    return brought, errors[individual.code]


def _with_partners(program: Program, instructions: tuple[int, ...]) -> set[int]:
    partners = program.partners[list(instructions)]
    return {*instructions, *partners[partners >= 0].tolist()}


def _errors(codes: list[bytes], cases: Cases, dialect: Dialect) -> list[int | None]:
    found = outcomes(codes, cases, dialect, width=1)
    return [found.error(row) for row in range(len(codes))]
