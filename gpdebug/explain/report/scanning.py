"""Runs the scans of a report; what is too large for one is left out, and the report says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from gpdebug.explain.answer import Explanation
from gpdebug.explain.criteria import OutputByte
from gpdebug.explain.errors import ExplainError
from gpdebug.explain.report.contents import Part, Scans, Wish
from gpdebug.explain.report.watch import Watch
from gpdebug.explain.scan.backups import BackUps, find_back_ups
from gpdebug.explain.scan.knockout import KnockOuts, knock_out
from gpdebug.explain.scan.minimise import Core, Keep, KeepByte, minimise
from gpdebug.explain.scan.mutation import mutation_kinds, scan_mutations
from gpdebug.explain.scan.subject import ScanError, ScanInterrupted, Subject

MOST_PAIRS = 20_000
"""Pairs of neutral places that are blanked together."""
MOST_STEPS = 2_000_000_000
"""Steps of the runs of a scan, if all were as long as the original's, and loading an instruction was a step each: of
more it takes the first cases only."""

_Result = TypeVar("_Result")


def scan(subject: Subject, wish: Wish, explanation: Explanation | None, chosen: int, watch: Watch) -> Scans:
    """Knocks out, mutates and minimises a program.

    Args:
        subject: the program and its cases.
        wish: what is left out.
        explanation: what is explained.
        chosen: the place of the case that is explained; its byte gets a core of its own if `subject` has that case.
        watch: is told how far it is, and can end it.

    Raises:
        ScanInterrupted: the watch says so.
    """
    runner = _Runner(wish, {})
    if not len(subject.program):
        return Scans()
    length = len(subject.program)
    mutants = length * len(mutation_kinds(subject))
    knock_outs = runner.run(Part.KNOCKOUTS, lambda: knock_out(_part(subject, length), watch.scanning("knock-outs")))
    back_ups = None if knock_outs is None else runner.run(Part.KNOCKOUTS, lambda: _back_ups(knock_outs, watch))
    mutations = runner.run(Part.MUTATIONS, lambda: scan_mutations(_part(subject, mutants), watch.scanning("mutations")))
    core = runner.run(Part.CORE, lambda: _core(_part(subject, 4 * length), watch))
    byte_core = runner.run(Part.CORE, lambda: _byte_core(_part(subject, 4 * length), explanation, chosen, watch))
    return Scans(knock_outs, back_ups, mutations, core, byte_core, runner.problems)


def _part(subject: Subject, mutants: int) -> Subject:
    """The first cases, as many as a scan of so many programs has room for.

    Raises:
        ScanError: not even one.
    """
    steps = np.cumsum(subject.original.steps + len(subject.program)) * mutants
    cases = int(np.searchsorted(steps, MOST_STEPS, side="right"))
    if not cases:
        each = int(subject.original.steps[0])
        raise ScanError(
            f"running {mutants:,} changed programs for some {each:,} steps each takes longer than a report may;"
            " the commands knockout, scan and minimize of gpdebug have no such bound"
        )
    return subject if cases >= subject.cases else subject.part(range(cases))


def _core(subject: Subject, watch: Watch) -> Core:
    keep = Keep.OUTPUTS if subject.own else Keep.ERRORS
    return minimise(subject, keep, watch.scanning("the minimal program"))


def _back_ups(knock_outs: KnockOuts, watch: Watch) -> BackUps:
    return find_back_ups(knock_outs, watch.scanning("back-ups"), most_pairs=MOST_PAIRS)


def _byte_core(subject: Subject, explanation: Explanation | None, chosen: int, watch: Watch) -> Core | None:
    criterion = None if explanation is None else explanation.slice.criterion
    if not isinstance(criterion, OutputByte) or chosen >= subject.cases:
        return None
    keep = KeepByte(chosen, criterion.index)
    return minimise(subject, keep, watch.scanning("the minimal program for the byte"))


class _Runner:
    """Runs parts that are asked for, and remembers why one could not be done."""

    def __init__(self, wish: Wish, problems: dict[Part, str]) -> None:
        self._wish, self.problems = wish, problems

    def run(self, part: Part, make: Callable[[], _Result]) -> _Result | None:
        if part in self._wish.without:
            return None
        try:
            return make()
        except ScanInterrupted:
            raise
        except ExplainError as error:
            self.problems[part] = str(error)
            return None
