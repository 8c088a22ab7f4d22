"""What the population screen says: its part of the help, doubts; and what it asks for when one is to be debugged."""

from __future__ import annotations

from gpdebug.store.cases import telling_case
from gpdebug.store.individuals import Individuals
from gpdebug.store.population import Individual
from gpdebug.store.verify import Verification
from gpdebug.tui.messages import DebugRequested
from gpdebug.tui.screens.help import Section

HELP = (
    Section(
        "The table",
        (
            ("■ ·", "a case that is solved, one that is not"),
            ("▁ … █", "the share that is solved, where there are more cases than cells"),
            ("a b", "the rows that are marked"),
            ("…", "the program goes on: pan with ← →"),
        ),
    ),
    Section(
        "Filters",
        (
            ("error < 10 and length < 80", "numbers: < <= > >= == != and + - * / %"),
            ("100 < steps < 500 or born == 0", "and, or, not, parentheses"),
            ("operator == point", "names: ==, !=, ~ contains"),
            ('program ~ "[-]"', "programs: ~ contains"),
        ),
    ),
)


def doubt(verification: Verification) -> str:
    """What to think of stored values that running the programs does not give."""
    if verification.problem:
        return f"! The stored programs cannot be run here: {verification.problem}"
    return (
        f"! Do not trust the stored values: {verification.programs:,} programs were run again, and "
        f"{len(verification.mismatches):,} values differ. The first: {verification.mismatches[0]}"
    )


def debug_request(
    people: Individuals,
    individual: Individual,
    place: str,
    case: int | None = None,
    *,
    beside: int | None = None,
    why: bool = False,
) -> DebugRequested:
    """What asks for an individual to be debugged, at the case that tells most unless one is given.

    Args:
        people: of its run.
        individual: who.
        place: where it was found: what stands before it in the title, with ` ▸ ` behind.
        case: of the task, training before held-out.
        beside: id of the one whose run is to be compared with its own.
        why: whether its output is to be explained at once.

    Raises:
        ProgramError: its code is not of the dialect.
    """
    training = people.task.training if people.task else ()
    case = telling_case(training, individual.errors) if case is None else case
    title = f"{place}#{individual.id}"
    return DebugRequested(people.program(individual), people.task, individual, case, title, people, beside, why)
