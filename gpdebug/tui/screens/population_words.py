"""What the population screen says: its part of the help, doubts."""

from __future__ import annotations

from gpdebug.store.verify import Verification
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
