"""Mutation scans: every substitution, insertion and deletion at every place of a program, on every case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.blank import blank_symbol
from gpdebug.explain.scan.outcomes import Outcomes
from gpdebug.explain.scan.running import ALONE, Watch, require_room, run_all
from gpdebug.explain.scan.subject import ScanError, Subject
from vm.dialect import Other
from vm.mutants import Edit, Mutants
from vm.state import Status

NO_MUTANT = -1


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of mutation.

    Attributes:
        edit: what is done.
        symbol: the byte that is put or inserted, 0 for a deletion.
    """

    edit: Edit
    symbol: int = 0


@dataclass(frozen=True, eq=False)
class MutationScan:
    """The neighbourhood of a program: all programs that are one edit away.

    Attributes:
        subject: the program.
        kinds: of the mutations: the deletion, then a substitution and then an insertion for each symbol.
        first: the first instruction that was mutated.
        rows: `int64[places, kinds]`: the mutant's row in `outcomes`, `NO_MUTANT` where there is none: a symbol is not
            put in its own place, and behind the last instruction there is nothing but to insert. Place i is
            instruction `first + i`; what is inserted there comes before it.
        mutants: the edits, a mutant each.
        outcomes: of the mutants.
    """

    subject: Subject
    kinds: tuple[Kind, ...]
    first: int
    rows: NDArray[np.int64]
    mutants: Mutants
    outcomes: Outcomes

    @cached_property
    def effects(self) -> NDArray[np.int16]:
        """An `Effect` of each mutant, `NO_MUTANT` where there is none: `int16[places, kinds]`."""
        return np.where(self.rows < 0, np.int16(NO_MUTANT), self.outcomes.effects[self.rows].astype(np.int16))

    @cached_property
    def deltas(self) -> NDArray[np.int64]:
        """How much larger the error of each mutant is, 0 where there is none: `int64[places, kinds]`."""
        return np.where(self.rows < 0, 0, self.outcomes.deltas[self.rows])


def scan_mutations(
    subject: Subject, watch: Watch = ALONE, *, sites: range | None = None, symbols: Sequence[int] | None = None
) -> MutationScan:
    """Runs every program that is one edit away, on every case.

    Args:
        subject: the program.
        watch: is told how far it is, and can end it.
        sites: the instructions to mutate, one behind the other; None: all, and what can be inserted behind the last.
        symbols: the bytes to put and insert; None: the dialect's symbols and, where every other byte is a `nop`,
            one that is none.

    Raises:
        ScanError: there are no such instructions, or too many mutants and cases for one result.
        ScanInterrupted: the watch says so.
    """
    length = len(subject.program)
    places = range(length + 1) if sites is None else sites
    if places.step != 1 or places.start < 0 or places.stop > length + 1 or not places:
        raise ScanError(f"the program has no instructions {places.start:,} to {places.stop - 1:,}: it has {length:,}")
    kinds = mutation_kinds(subject, symbols)
    require_room(len(places) * len(kinds), subject.cases)
    exists = _existing(subject.original.code, places, kinds)
    rows = np.where(exists, np.cumsum(exists).reshape(exists.shape) - 1, NO_MUTANT)
    place, kind = np.nonzero(exists)
    edits = np.array([each.edit for each in kinds], np.uint8)
    bytes_ = np.array([each.symbol for each in kinds], np.uint8)
    mutants = Mutants.single(place + places.start, edits[kind], bytes_[kind])
    reached = _arrived(subject)[mutants.places]
    return MutationScan(
        subject, kinds, places.start, rows, mutants, Outcomes.of(subject, run_all(subject, mutants, watch), reached)
    )


def mutation_kinds(subject: Subject, symbols: Sequence[int] | None = None) -> tuple[Kind, ...]:
    """The kinds of mutations of a program's dialect: see `scan_mutations`."""
    if symbols is None:
        symbols = [ord(symbol) for symbol in subject.dialect.symbols]
        if subject.dialect.other is Other.NOP:
            symbols = list(dict.fromkeys([*symbols, blank_symbol(subject.dialect)[1]]))
    put = [Kind(Edit.PUT, symbol) for symbol in symbols]
    return (Kind(Edit.DELETE), *put, *(Kind(Edit.INSERT, symbol) for symbol in symbols))


def _existing(code: bytes, places: range, kinds: Sequence[Kind]) -> NDArray[np.bool_]:
    """Whether there is a mutant at each place and of each kind: `bool[places, kinds]`."""
    exists = np.ones((len(places), len(kinds)), np.bool_)
    here = np.frombuffer(code, np.uint8)[places.start : places.stop]
    for column, kind in enumerate(kinds):
        if kind.edit is Edit.PUT:
            exists[: len(here), column] = here != kind.symbol
        if kind.edit is not Edit.INSERT:
            exists[len(here) :, column] = False
    return exists


def _arrived(subject: Subject) -> NDArray[np.bool_]:
    """Whether each case comes to each place, the end included: `bool[program_length + 1, cases]`."""
    finished = subject.original.status == Status.FINISHED
    return np.concatenate([subject.executions > 0, finished[np.newaxis]])
