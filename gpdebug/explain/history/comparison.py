"""Two programs, or one on two inputs: what differs, what each difference does, and where their runs part."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gpdebug.explain.errors import ExplainError
from gpdebug.explain.history.alignment import Alignment, align, align_birth
from gpdebug.explain.history.divergence import Divergence, divergence
from gpdebug.explain.history.effects import Effects, TooDifferentError, effects
from gpdebug.explain.history.outcomes import Cases, Interrupt, Progress
from gpdebug.store.population import Individual
from vm.program import Program
from vm.settings import Settings


class DialectsDifferError(ExplainError):
    """Two programs are not of one language."""


@dataclass(frozen=True, slots=True, eq=False)
class Party:
    """One of two that are compared.

    Attributes:
        name: what to call it.
        program: its program.
        individual: of a run; None: it is of none.
    """

    name: str
    program: Program
    individual: Individual | None = None


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two programs side by side.

    Attributes:
        before: one.
        after: the other.
        settings: of the machine.
        alignment: of their instructions.
        cases: what they are run on.
        effects: what each edit does on the cases; None: there are none, or too many.
        problem: why there are no effects, in words; empty if there are.
        case: the case whose runs are compared, from 0; None: the inputs are no case of these.
        inputs: of the two runs that are compared.
        divergence: where these part.
    """

    before: Party
    after: Party
    settings: Settings
    alignment: Alignment
    cases: Cases
    effects: Effects | None
    problem: str
    case: int | None
    inputs: tuple[bytes, bytes]
    divergence: Divergence

    @property
    def wanted(self) -> bytes | None:
        """The output that is wanted where the runs are compared."""
        return None if self.case is None or self.cases.wanted is None else self.cases.wanted[self.case]

    @property
    def birth(self) -> Individual | None:
        """The one of the two that is a child of the other; None if neither is known to be."""
        one, other = self.before.individual, self.after.individual
        if one is None or other is None or one.id == other.id:
            return None
        if one.id in (other.parents or ()):
            return other
        return one if other.id in (one.parents or ()) else None


def compare(
    before: Party,
    after: Party,
    settings: Settings,
    cases: Cases,
    *,
    case: int | None = None,
    inputs: tuple[bytes, bytes] | None = None,
    threads: int = 1,
    interrupt: Interrupt | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Compares two programs.

    Args:
        before: one.
        after: the other; the same program to compare what it does on two inputs.
        settings: of the machine.
        cases: what each edit is tried on.
        case: the case whose runs are compared; None: see `first_unlike`.
        inputs: inputs of the runs to compare instead, one for each.
        threads: how many share the programs; the result does not depend on it.
        interrupt: asked now and then whether to stop.
        progress: told now and then how many programs have been run.

    Raises:
        DialectsDifferError: the programs are not of one language.
        VMError: a program or an input cannot be loaded.
        Interrupted: the user ended it.
    """
    dialect = before.program.dialect
    if dialect != after.program.dialect:
        raise DialectsDifferError(
            f"{before.name} is in {dialect.name}, {after.name} in {after.program.dialect.name}"
            if dialect.name != after.program.dialect.name
            else f"the settings of the dialects of {before.name} and {after.name} differ"
        )
    alignment = _aligned(before, after)
    found: Effects | None = None
    problem = "" if alignment.hunks else "the programs are the same"
    if alignment.hunks and len(cases):
        try:
            found = effects(
                alignment, cases, dialect, settings, threads=threads, interrupt=interrupt, progress=progress
            )  # fmt: skip
        except TooDifferentError as error:
            problem = str(error)
    if inputs is None and case is None and len(cases):
        case = 0 if found is None else first_unlike(found)
    if inputs is None:
        given = b"" if case is None else cases.inputs[case]
        inputs = given, given
    parted = divergence(alignment, dialect, settings, inputs, interrupt=interrupt)
    return Comparison(before, after, settings, alignment, cases, found, problem, case, inputs, parted)


def _aligned(before: Party, after: Party) -> Alignment:
    """The programs aligned, as parent and child if they are."""
    one, other, dialect = before.program.code.tobytes(), after.program.code.tobytes(), before.program.dialect
    child = _child(before, after)
    if child is None:
        return align(one, other, dialect)
    return align_birth(one, other, dialect) if child is after else align_birth(other, one, dialect).turned_round()


def _child(before: Party, after: Party) -> Party | None:
    """The one of two whose first parent the other one is; None if neither is known to be."""
    first, second = before.individual, after.individual
    if first is None or second is None or first.id == second.id:
        return None
    if first.id in (second.parents or ())[:1]:
        return after
    return before if second.id in (first.parents or ())[:1] else None


def on_case(found: Comparison, case: int, *, interrupt: Interrupt | None = None) -> Comparison:
    """The same comparison with the runs on another case.

    Raises:
        Interrupted: the user ended it.
    """
    inputs = found.cases.inputs[case], found.cases.inputs[case]
    dialect = found.before.program.dialect
    parted = divergence(found.alignment, dialect, found.settings, inputs, interrupt=interrupt)
    return replace(found, case=case, inputs=inputs, divergence=parted)


def first_unlike(found: Effects) -> int:
    """The first case on which the outputs of both programs are other ones, else the first; those with input before."""
    cases = sorted(range(len(found.cases)), key=lambda case: not found.cases.inputs[case])
    return next((case for case in cases if found.ends.output(0, case) != found.ends.output(1, case)), cases[0])
