"""What each difference of two programs does to each output byte and to each case's error: by running it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.errors import ExplainError
from gpdebug.explain.history.alignment import Alignment
from gpdebug.explain.history.outcomes import Cases, Interrupt, Outcomes, Progress, outcomes
from gpdebug.explain.history.pairing import pair
from vm.dialect import Dialect
from vm.program import Program
from vm.settings import Settings, Unmatched

MOST_HUNKS = 2_000
"""Hunks up to which each is tried."""


class TooDifferentError(ExplainError):
    """Two programs differ in too many places to try each of them."""


@dataclass(frozen=True, slots=True)
class ByteChange:
    """A byte of an output that changed.

    Attributes:
        index: which it was, from 0; None: it was not there.
        now_at: which it is; None: it is gone.
        old: what it was.
        new: what it is.
    """

    index: int | None
    now_at: int | None
    old: int | None
    new: int | None


def byte_changes(old: bytes, new: bytes) -> tuple[ByteChange, ...]:
    """The bytes that make one output of another, aligned as programs are: a byte less only shifts the rest."""
    changes: list[ByteChange] = []
    at = 0
    for place, index in [*enumerate(pair(new, old).tolist()), (len(new), len(old))]:
        if index < 0:
            changes.append(ByteChange(None, place, None, new[place]))
            continue
        changes += (ByteChange(gone, None, old[gone], None) for gone in range(at, index))
        if place < len(new) and old[index] != new[place]:
            changes.append(ByteChange(index, place, old[index], new[place]))
        at = index + 1
    return tuple(changes)


@dataclass(frozen=True)
class Effects:
    """What the hunks of an alignment do.

    Each is applied *alone*, to the program before, and *last*, after all others: what the program after has of it. The
    two differ where hunks need each other, or stand in for each other. Where brackets without a partner are rejected,
    hunks that hold the brackets of a pair are applied together.

    Attributes:
        alignment: the two programs.
        cases: what they are run on.
        together: for each hunk the hunks that are applied with it, itself included.
        ends: of the programs before and after, in this order.
        alone: of the program before with one hunk, for each hunk.
        without: of the program after without one hunk, for each hunk.
    """

    alignment: Alignment
    cases: Cases
    together: tuple[tuple[int, ...], ...]
    ends: Outcomes
    alone: Outcomes
    without: Outcomes

    @cached_property
    def errors_alone(self) -> NDArray[np.int64] | None:
        """`int64[hunks, cases]`: the error with the hunk alone less that of the program before; smaller is better.

        0 where one of the two cannot be run; None if nothing is wanted of the outputs.
        """
        return _difference(self.ends, 0, self.alone, 1)

    @cached_property
    def errors_last(self) -> NDArray[np.int64] | None:
        """`int64[hunks, cases]`: the error of the program after less that of the one without the hunk.

        0 where one of the two cannot be run; None if nothing is wanted of the outputs.
        """
        return _difference(self.ends, 1, self.without, -1)

    def error_alone(self, hunk: int) -> int | None:
        """What a hunk alone adds to the error over the training cases; None if there is no such error."""
        return _less(self.alone.error(hunk), self.ends.error(0))

    def error_last(self, hunk: int) -> int | None:
        """What a hunk adds to the error over the training cases after all others; None if there is no such error."""
        return _less(self.ends.error(1), self.without.error(hunk))

    def bytes_alone(self, hunk: int, case: int) -> tuple[ByteChange, ...]:
        """What a hunk alone makes of the output of the program before on a case; nothing where one cannot be run."""
        if not (self.ends.can_run[0] and self.alone.can_run[hunk]):
            return ()
        return byte_changes(self.ends.output(0, case), self.alone.output(hunk, case))

    def bytes_last(self, hunk: int, case: int) -> tuple[ByteChange, ...]:
        """What a hunk adds to the output on a case after all others; nothing where one cannot be run."""
        if not (self.ends.can_run[1] and self.without.can_run[hunk]):
            return ()
        return byte_changes(self.without.output(hunk, case), self.ends.output(1, case))

    def changes_anything(self, hunk: int) -> bool:
        """Whether a hunk, alone or last, changes an output or how a run ends on any case."""
        return _differ(self.ends, 0, self.alone, hunk) or _differ(self.ends, 1, self.without, hunk)

    def output_needs(self, case: int) -> tuple[int, ...]:
        """The hunks without which the output of the program after, on a case, is another one."""
        return tuple(hunk for hunk in range(len(self.alignment.hunks)) if self.bytes_last(hunk, case))

    def movers(self, case: int) -> dict[int, tuple[int, ...]]:
        """For each byte of the output of the program after, on a case, the hunks that it needs to be as it is.

        Those without which it is another, or is not there. Bytes that need none are left out.
        """
        found: dict[int, list[int]] = {}
        for hunk in range(len(self.alignment.hunks)):
            for change in self.bytes_last(hunk, case):
                if change.now_at is not None:
                    found.setdefault(change.now_at, []).append(hunk)
        return {byte: tuple(hunks) for byte, hunks in sorted(found.items())}


def effects(
    alignment: Alignment,
    cases: Cases,
    dialect: Dialect,
    settings: Settings | None = None,
    *,
    threads: int = 1,
    interrupt: Interrupt | None = None,
    progress: Progress | None = None,
) -> Effects:
    """Runs both programs, and each hunk alone and all but it, on all cases.

    Args:
        alignment: the two programs.
        cases: what to run them on.
        dialect: their language.
        settings: of the machine; None: the dialect's own.
        threads: how many share the programs; the result does not depend on it.
        interrupt: asked now and then whether to stop.
        progress: told now and then how many programs have been run.

    Raises:
        TooDifferentError: there are more hunks than `MOST_HUNKS`.
        InputError: an input does not fit into the memory.
        Interrupted: the user ended it.
    """
    count = len(alignment.hunks)
    if count > MOST_HUNKS:
        raise TooDifferentError(
            f"the programs differ in {count:,} places, too many to try each of them (at most {MOST_HUNKS:,}): "
            "compare closer relatives, such as a program and its parent"
        )
    settings = dialect.settings if settings is None else settings
    together = companions(alignment, dialect) if settings.unmatched is Unmatched.REJECT else _each(count)
    ends = outcomes([alignment.before, alignment.after], cases, dialect, settings)
    longest = int(ends.lengths.max(initial=0)) + 1
    alone = [alignment.applied(hunks) for hunks in together]
    without = [alignment.applied([hunk for hunk in range(count) if hunk not in hunks]) for hunks in together]
    found = outcomes(
        [*alone, *without],
        cases,
        dialect,
        settings,
        width=longest,
        threads=threads,
        interrupt=interrupt,
        progress=progress,
    )
    halves = _part(found, slice(0, count)), _part(found, slice(count, 2 * count))
    return Effects(alignment, cases, together, ends, *halves)


def companions(alignment: Alignment, dialect: Dialect) -> tuple[tuple[int, ...], ...]:
    """For each hunk the hunks that hold partners of its brackets, in either program, and partners of theirs."""
    group = list(range(len(alignment.hunks)))
    befores = [(hunk.at, hunk.end) for hunk in alignment.hunks]
    afters = [(hunk.to, hunk.to_end) for hunk in alignment.hunks]
    for code, spans in ((alignment.before, befores), (alignment.after, afters)):
        inside = np.full(len(code), -1)
        for number, (start, end) in enumerate(spans):
            inside[start:end] = number
        partners = Program(code, dialect).partners
        for place in np.flatnonzero((inside >= 0) & (partners >= 0)).tolist():
            one, other = group[inside[place]], group[max(0, inside[partners[place]])]
            if inside[partners[place]] >= 0 and one != other:
                group = [one if number == other else number for number in group]
    return tuple(tuple(other for other, of in enumerate(group) if of == number) for number in group)


def _each(count: int) -> tuple[tuple[int, ...], ...]:
    return tuple((hunk,) for hunk in range(count))


def _part(found: Outcomes, rows: slice) -> Outcomes:
    return Outcomes(
        found.outputs[rows],
        found.lengths[rows],
        found.steps[rows],
        found.status[rows],
        None if found.errors is None else found.errors[rows],
        found.can_run[rows],
        found.training,
    )


def _difference(ends: Outcomes, end: int, tried: Outcomes, sign: int) -> NDArray[np.int64] | None:
    if ends.errors is None or tried.errors is None:
        return None
    known = tried.can_run[:, None] & ends.can_run[end]
    return np.where(known, sign * (tried.errors - ends.errors[end]), 0)


def _less(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one - other


def _differ(ends: Outcomes, end: int, tried: Outcomes, hunk: int) -> bool:
    if ends.can_run[end] != tried.can_run[hunk]:
        return True
    width = min(ends.outputs.shape[2], tried.outputs.shape[2])
    return not (
        np.array_equal(ends.lengths[end], tried.lengths[hunk])
        and np.array_equal(ends.status[end], tried.status[hunk])
        and np.array_equal(ends.outputs[end, :, :width], tried.outputs[hunk, :, :width])
    )
