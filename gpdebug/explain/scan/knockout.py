"""Knock-outs: every instruction of a program blanked, on every case."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.blank import blank_symbol
from gpdebug.explain.scan.outcomes import Outcomes
from gpdebug.explain.scan.running import ALONE, Watch, run_all
from gpdebug.explain.scan.subject import Subject
from vm.mutants import Edit, Mutants


@dataclass(frozen=True, slots=True, eq=False)
class KnockOuts:
    """What each instruction of a program is good for: see `gpdebug.explain.blank` for what blanking is.

    Attributes:
        subject: the program.
        sites: of every instruction blanked alone; row i is instruction i.
        brackets: `int64[pairs, 2]`: the brackets that belong together, by their first one.
        pairs: of both brackets of each pair blanked: the loop's body stays and is gone through once.
    """

    subject: Subject
    sites: Outcomes
    brackets: NDArray[np.int64]
    pairs: Outcomes


def knock_out(subject: Subject, watch: Watch = ALONE) -> KnockOuts:
    """Blanks every instruction, and every pair of brackets, and runs what is left on every case.

    Args:
        subject: the program.
        watch: is told how far it is, and can end it.

    Raises:
        ChangeError: nothing can be blanked in the dialect.
        ScanError: there are too many instructions and cases for one result.
        ScanInterrupted: the watch says so.
    """
    _, byte = blank_symbol(subject.dialect)
    partners = subject.program.partners.astype(np.int64)
    opening = np.flatnonzero(partners > np.arange(len(partners)))
    brackets = np.stack([opening, partners[opening]], axis=1)
    sites = len(subject.program)
    mutants = blanking(np.arange(sites), brackets, byte)
    runs = run_all(subject, mutants, watch)
    reached = subject.executions > 0
    return KnockOuts(
        subject,
        Outcomes.of(subject, runs.rows(slice(sites)), reached),
        brackets,
        Outcomes.of(subject, runs.rows(slice(sites, None)), reached[opening] | reached[partners[opening]]),
    )


def blanking(sites: NDArray[np.int64], groups: NDArray[np.int64], byte: int) -> Mutants:
    """The mutants in which sites are blanked, first one by one, then in groups.

    Args:
        sites: `int64[singles]`.
        groups: `int64[groups, size]`, each ascending.
        byte: of a blanked instruction.
    """
    sizes = np.concatenate(
        [np.zeros(1, np.int64), np.ones(len(sites), np.int64), np.full(len(groups), groups.shape[1])]
    )
    places = np.concatenate([sites, groups.ravel()]).astype(np.int64)
    return Mutants(
        np.cumsum(sizes), places, np.full(len(places), Edit.PUT, np.uint8), np.full(len(places), byte, np.uint8)
    )
