"""Back-ups: pairs of places that a program can do without one at a time, and not together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.blank import blank_symbol
from gpdebug.explain.scan.knockout import KnockOuts
from gpdebug.explain.scan.outcomes import Effect, Outcomes
from gpdebug.explain.scan.running import ALONE, Watch, joined, run_parts
from gpdebug.explain.scan.subject import Subject
from vm.mutant_runs import MutantRuns
from vm.mutants import Edit, Mutants

MOST_PAIRS = 100_000
"""Pairs that are tried unless more are asked for."""
_BOUND = 1 << 22
"""Pairs that are tried whatever is asked for: they take some 100 bytes each."""


@dataclass(frozen=True, slots=True, eq=False)
class BackUps:
    """Units that stand in for each other: blanking either leaves the error as it is, blanking both makes it larger.

    A unit is a neutral instruction that is no bracket, a neutral bracket that has no partner, or a neutral pair of
    brackets (see `Effect.is_neutral`). Two units that no case comes to are neutral together,
    too, unless the program can read itself: they are not run.

    Attributes:
        subject: the program.
        units: `int64[units, 2]`: the instruction, twice; of a pair of brackets both.
        pairs: `int64[found, 2]`: which units back each other up.
        outcomes: of both blanked, a row for each of `pairs`.
        tried: pairs of units that are told about: run, or not needing it.
        untried: pairs that were not, since there were too many. They are farther apart than `reach`.
        reach: of the pairs that were tried, how far apart units were at most, counted in units.
    """

    subject: Subject
    units: NDArray[np.int64]
    pairs: NDArray[np.int64]
    outcomes: Outcomes
    tried: int
    untried: int
    reach: int


def find_back_ups(knock_outs: KnockOuts, watch: Watch = ALONE, *, most_pairs: int = MOST_PAIRS) -> BackUps:
    """Blanks pairs of neutral units, nearest first, and keeps those that are harmful together.

    Args:
        knock_outs: of the program, by themselves.
        watch: is told how far it is, and can end it.
        most_pairs: how many to try at most, of the first four million.

    Raises:
        ScanInterrupted: the watch says so.
    """
    subject = knock_outs.subject
    units, reached = _units(knock_outs)
    count = len(units)
    per_distance = count - np.arange(1, max(count, 1))
    reach = int(np.searchsorted(np.cumsum(per_distance), min(most_pairs, _BOUND), side="right"))
    pairs = np.concatenate([np.zeros((0, 2), np.int64), *(_at_distance(count, d) for d in range(1, reach + 1))])
    tried = len(pairs)
    if not subject.dialect.self_modifying:
        pairs = pairs[reached[pairs[:, 0]] | reached[pairs[:, 1]]]
    mutants = _blanking(units[pairs].reshape(-1, 4), blank_symbol(subject.dialect)[1])
    found, runs = _harmful(subject, mutants, watch)
    outcomes = Outcomes.of(subject, runs, np.ones(runs.changed.shape, np.bool_))
    return BackUps(subject, units, pairs[found], outcomes, tried, count * (count - 1) // 2 - tried, reach)


def _units(knock_outs: KnockOuts) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The units in the order of the program, and which of them some case comes to."""
    program = knock_outs.subject.program
    alone = np.flatnonzero((knock_outs.sites.effects <= Effect.NEUTRAL) & (program.partners < 0))
    pairs = np.flatnonzero(knock_outs.pairs.effects <= Effect.NEUTRAL)
    units = np.concatenate([np.stack([alone, alone], axis=1), knock_outs.brackets[pairs]]).astype(np.int64)
    reached = np.asarray(np.concatenate([knock_outs.sites.reached[alone], knock_outs.pairs.reached[pairs]]).any(axis=1))
    order = np.argsort(units[:, 0], kind="stable")
    return units[order], reached[order]


def _at_distance(count: int, distance: int) -> NDArray[np.int64]:
    first = np.arange(count - distance, dtype=np.int64)
    return np.stack([first, first + distance], axis=1)


def _blanking(places: NDArray[np.int64], byte: int) -> Mutants:
    """Mutants in which up to four places are blanked, some of them told twice."""
    places = np.sort(places, axis=1)
    once = np.ones(places.shape, np.bool_)
    once[:, 1:] = places[:, 1:] != places[:, :-1]
    offsets = np.concatenate([np.zeros(1, np.int64), np.cumsum(once.sum(axis=1))])
    flat = places[once]
    return Mutants(offsets, flat, np.full(len(flat), Edit.PUT, np.uint8), np.full(len(flat), byte, np.uint8))


def _harmful(subject: Subject, mutants: Mutants, watch: Watch) -> tuple[NDArray[np.intp], MutantRuns]:
    """Which mutants have a larger error, and what they did; the others' runs are forgotten."""
    found: list[NDArray[np.intp]] = []
    kept: list[MutantRuns] = []
    for first, runs in run_parts(subject, mutants, watch):
        rows = np.flatnonzero(Outcomes.of(subject, runs, runs.changed).effects >= Effect.HARMFUL)
        found.append(rows + first)
        kept.append(runs.rows(rows))
    return np.concatenate([np.zeros(0, np.intp), *found]), joined(kept, subject.cases)
