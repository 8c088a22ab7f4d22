"""The scores of an explanation, as lines of text and as plain data for JSON."""

from __future__ import annotations

from typing import Any

from gpdebug.explain.change.scores import Member, Scores
from gpdebug.wording import symbol_words

_LISTED = 12


def to_lines(found: Scores) -> list[str]:
    """The scores as text, each with what it says."""
    rows = score_rows(found)
    width = max(len(name) for name, _ in rows)
    return [f"scores of its {_counted(found)}:", *(f"  {name:{width}}  {words}" for name, words in rows)]


def score_rows(found: Scores) -> list[tuple[str, str]]:
    """The name of each score, and what it says."""
    rows = [
        ("sufficiency", _sufficiency(found)),
        ("necessity", _necessity(found)),
        (
            "complement",
            f"if none of them does anything it is {'lost' if found.is_lost_without else 'kept all the same'}",
        ),
        ("coverage", f"{found.coverage:.0%} of the influence is followed to its end, the rest to a cut"),
    ]
    if found.cases:
        rows.append(("stability", _stability(found)))
    return rows


def _counted(found: Scores) -> str:
    count = len(found.instructions)
    return "1 instruction" if count == 1 else f"{count:,} instructions"


def _sufficiency(found: Scores) -> str:
    run = f"if only they do anything, a free run {'keeps' if found.is_sufficient else 'loses'} it"
    if found.is_exact is None:
        return run
    return f"on the recorded path they {'make it again' if found.is_exact else 'do not make it'}; {run}"


def _necessity(found: Scores) -> str:
    needed = sum(member.is_needed for member in found.members)
    words = (
        f"{needed:,} of {len(found.members):,} ({found.necessity:.0%}) are needed, a pair of brackets counting as one"
    )
    spare = [_member_words(found, member) for member in found.members if not member.is_needed]
    if not spare:
        return words
    more = f", … ({len(spare):,} in all)" if len(spare) > _LISTED else ""
    return f"{words}; not needed: {', '.join(spare[:_LISTED])}{more}"


def _member_words(found: Scores, member: Member) -> str:
    code = found.explanation.slice.flow.trace.program.code
    return " ".join(f"{each:,} {symbol_words([int(code[each])])}" for each in member.instructions)


def _stability(found: Scores) -> str:
    having = [case for case in found.cases if case is not None]
    if found.stability is None:
        return f"none of {len(found.cases):,} other cases has it"
    cases = f"{len(having):,} of {len(found.cases):,} other cases that have it"
    always = len(frozenset.intersection(found.instructions, *having))
    return f"{found.stability:.0%} alike on average over the {cases}; {always:,} of its instructions are in it on each"


def to_dict(found: Scores) -> dict[str, Any]:
    """The scores as plain data; under `cases` the instructions of the explanation on each case, or null."""
    return {
        "exact": found.is_exact,
        "sufficient": found.is_sufficient,
        "necessity": found.necessity,
        "lost_without": found.is_lost_without,
        "coverage": found.coverage,
        "stability": found.stability,
        "members": [
            {"instructions": list(member.instructions), "needed": member.is_needed} for member in found.members
        ],
        "cases": [None if case is None else sorted(case) for case in found.cases],
    }
