"""Minimising: instructions are deleted while a criterion holds, until no single one can go."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.scan.running import ALONE, Watch
from gpdebug.explain.scan.subject import ScanError, Subject
from vm.mutant_runs import Original, mutant_outputs
from vm.mutants import Edit, Mutants
from vm.program import Program, bracket_partners

_AT_ONCE = 256
"""Deletions that are tried at once where all are to be tried."""
_AHEAD = 64
"""Deletions that are tried at most before it is known whether an earlier one is made."""


class Keep(StrEnum):
    """What must stay as it is while instructions are deleted."""

    ERRORS = "errors"
    """No case's error becomes larger."""
    OUTPUTS = "outputs"
    """Each case puts out the same and ends in the same way."""


@dataclass(frozen=True, slots=True)
class KeepByte:
    """A byte of a case's output must stay as it is; everything else may change.

    Attributes:
        case: which, from 0.
        index: which byte of its output, from 0.
    """

    case: int
    index: int

    def __str__(self) -> str:
        return f"output byte {self.index:,} of case {self.case + 1:,}"


Criterion = Keep | KeepByte


class Order(StrEnum):
    """In which order deletions are tried."""

    BACKWARD = "backward"
    """The last instruction first: it is the default, since what comes early is used later."""
    FORWARD = "forward"
    """The first instruction first."""
    RANDOM = "random"
    """As the seed says."""


@dataclass(frozen=True, slots=True, eq=False)
class Core:
    """What is left of a program when nothing more can go.

    It is 1-minimal: the criterion holds for it, and fails when any one of its instructions is deleted; also when two
    neighbours are, or both brackets of a pair. Each of these was run in the end. Another order or seed may come to
    another core, and to a smaller one.

    Attributes:
        subject: the whole program.
        keep: the criterion.
        order: in which deletions were tried.
        seed: of a random order.
        kept: `int64[core_length]`: the instructions that are left.
        program: they as a program.
        tried: programs that were run, those of the last check included.
    """

    subject: Subject
    keep: Criterion
    order: Order
    seed: int
    kept: NDArray[np.int64]
    program: Program
    tried: int


def minimise(
    subject: Subject,
    keep: Criterion = Keep.ERRORS,
    watch: Watch = ALONE,
    *,
    order: Order = Order.BACKWARD,
    seed: int = 0,
) -> Core:
    """Deletes instructions while a criterion holds, until no single one can go.

    First large pieces, then smaller ones (Zeller, Hildebrandt: Simplifying and Isolating Failure-Inducing Input, 2002),
    in the end single instructions, neighbours (such as `+-`) and pairs of brackets until all of them fail.

    Args:
        subject: the program.
        keep: the criterion.
        watch: is told how many instructions are gone, of how many, and can end it.
        order: in which deletions are tried.
        seed: of a random order.

    Raises:
        ScanError: there is no such byte of output.
        ScanInterrupted: the watch says so.
    """
    search = _Search(subject, keep, watch, order, seed)
    search.remove_pieces()
    while removable := search.removable():
        search.remove(removable)
    kept = np.array(search.present, np.int64)
    code = np.frombuffer(subject.original.code, np.uint8)[kept].tobytes()
    return Core(subject, keep, order, seed, kept, Program(code, subject.dialect), search.tried)


class _Search:
    """The instructions that are still there, and how deletions are tried."""

    def __init__(self, subject: Subject, keep: Criterion, watch: Watch, order: Order, seed: int) -> None:
        if isinstance(keep, KeepByte):
            _require_byte(subject, keep)
            subject = subject.part([keep.case])
        self._subject, self._keep, self._watch = subject, keep, watch
        self._code = np.frombuffer(subject.original.code, np.uint8)
        self.present = list(range(len(self._code)))
        ranks = {Order.FORWARD: self.present, Order.BACKWARD: self.present[::-1]}
        shuffled = np.random.default_rng(seed).permutation(len(self._code)).tolist()
        self._rank = dict(zip(ranks.get(order, shuffled), range(len(self._code)), strict=True))
        self.tried = 0

    def remove_pieces(self) -> None:
        """Deletes pieces of half the program, then of a quarter, down to two instructions."""
        size = len(self.present) // 2
        while size > 1:
            ordered = sorted(self.present, key=self._rank.__getitem__)
            self.remove([ordered[first : first + size] for first in range(0, len(ordered), size)])
            size //= 2

    def removable(self) -> list[list[int]]:
        """Instructions, neighbours and pairs of brackets that can go, each alone. When there is none, that is the
        proof.
        """
        primitives = self._subject.dialect.table[0][self._code[self.present]]
        partners = bracket_partners(primitives).tolist()
        units = [[site] for site in self.present]
        units += [[self.present[at], self.present[to]] for at, to in enumerate(partners) if to > at + 1]
        units += [list(pair) for pair in itertools.pairwise(self.present)]
        units.sort(key=lambda unit: self._rank[unit[0]])
        return [unit for unit, can_go in zip(units, self._can_go(units), strict=True) if can_go]

    def remove(self, units: Sequence[Sequence[int]]) -> None:
        """Deletes units one after the other, where the criterion holds; several are tried at once."""
        at, ahead = 0, 1
        while at < len(units):
            tried = units[at : at + ahead]
            success = next((i for i, can_go in enumerate(self._can_go(tried)) if can_go), None)
            if success is None:
                at, ahead = at + len(tried), min(2 * ahead, _AHEAD)
                continue
            gone = set(tried[success])
            self.present = [site for site in self.present if site not in gone]
            at, ahead = at + success + 1, max(1, ahead // 2)

    def _can_go(self, units: Sequence[Sequence[int]]) -> Iterator[bool]:
        """Whether the criterion holds without each of some units."""
        missing = np.ones(len(self._code), np.bool_)
        missing[self.present] = False
        sites = np.arange(len(self._code))
        for first in range(0, len(units), _AT_ONCE):
            self._watch.tell(len(self._code) - len(self.present), len(self._code))
            part = units[first : first + _AT_ONCE]
            self.tried += len(part)
            yield from map(bool, self._holds([np.flatnonzero(missing | np.isin(sites, unit)) for unit in part]))

    def _holds(self, deletions: Sequence[NDArray[np.intp]]) -> NDArray[np.bool_]:
        """Whether the criterion holds without the instructions that each of some lists holds."""
        places = np.concatenate(deletions).astype(np.int64)
        offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum([len(each) for each in deletions])])
        mutants = Mutants(offsets, places, np.full(len(places), Edit.DELETE, np.uint8), np.zeros(len(places), np.uint8))
        original, threads = self._subject.original, self._watch.thread_count
        if isinstance(self._keep, KeepByte):
            return _keeps_byte(original, mutants, self._keep, threads)
        runs = self._subject.machine.run(mutants, threads=threads)
        kept = runs.errors <= original.errors if self._keep is Keep.ERRORS else ~runs.changed
        return np.asarray((kept & (runs.errors >= 0)).all(axis=1))


def _keeps_byte(original: Original, mutants: Mutants, keep: KeepByte, threads: int) -> NDArray[np.bool_]:
    loads, ran = mutant_outputs(original, mutants, width=keep.index + 1, threads=threads)
    byte = original.outputs[0][keep.index]
    loads[loads] = (ran.lengths[:, 0] > keep.index) & (ran.outputs[:, 0, keep.index] == byte)
    return loads


def _require_byte(subject: Subject, keep: KeepByte) -> None:
    if not 0 <= keep.case < subject.cases:
        raise ScanError(f"there is no case {keep.case + 1:,}: there are {subject.cases:,}")
    length = len(subject.original.outputs[keep.case])
    if not 0 <= keep.index < length:
        raise ScanError(f"there is no output byte {keep.index:,} on case {keep.case + 1:,}: its output has {length:,}")
