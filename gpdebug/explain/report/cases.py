"""The cases in a report: what goes in, what was wanted, what came out."""

from __future__ import annotations

from gpdebug.explain.report.contents import CaseRun, Contents
from gpdebug.explain.report.markup import Child, Html, element
from gpdebug.explain.report.pieces import Column, Row, data_words, remark, section, table
from gpdebug.wording import counted

MOST_ROWS = 24
"""Cases that are shown."""


def cases_section(contents: Contents) -> Html:
    """All cases, or the given input."""
    judged = any(case.wanted is not None for case in contents.cases)
    columns = [Column("case", "number"), Column(""), Column("input", "bytes")]
    columns += [Column("wanted", "bytes")] if judged else []
    columns += [Column("output", "bytes")]
    columns += [Column("error", "number")] if judged else []
    columns += [Column("steps", "number"), Column("ended")]
    shown = _shown(contents)
    rows = [_row(contents.cases[at], judged, at == contents.chosen) for at in shown]
    hidden = len(contents.cases) - len(shown)
    return section(
        "cases",
        "What it does" if not judged else "The cases",
        element("p", _summary(contents)) if judged else None,
        table(None, columns, rows),
        remark(
            "The case marked ▸ is explained below." if len(shown) > 1 else None,
            f" {counted(hidden, 'case')} of {len(contents.cases):,} are not shown: first those with errors"
            " are, then the others in order."
            if hidden
            else None,
        ),
    )  # fmt: skip


def _shown(contents: Contents) -> list[int]:
    """The cases that are shown, by their places: wrong ones first if there are too many, in order."""
    places = range(len(contents.cases))
    first = sorted(places, key=lambda at: (at != contents.chosen, contents.cases[at].is_right))
    return sorted(first[:MOST_ROWS])


def _row(case: CaseRun, judged: bool, chosen: bool) -> Row:
    number: Child = "–" if case.number is None else case.number
    cells: list[Child] = [["▸ " if chosen else None, number], case.kind, data_words(case.input)]
    cells += [data_words(case.wanted)] if judged else []
    cells += [data_words(case.output)]
    if judged:
        cells += ["–" if case.error is None else case.error or "right"]
    cells += [case.steps, str(case.status).replace("_", " ")]
    return Row(cells, "chosen" if chosen else None)


def _summary(contents: Contents) -> str:
    return f"{outcome_words(contents)[0].upper()}{outcome_words(contents)[1:]}."


def outcome_words(contents: Contents) -> str:
    """How well the program does its task: `right on all 16 training cases, on 60 of 64 held-out ones`."""
    parts = []
    for kind, noun in (("training", "training case"), ("held out", "held-out case")):
        cases = [case for case in contents.cases if case.kind == kind]
        right = sum(case.is_right for case in cases)
        if cases:
            parts.append(f"on {_share(right, len(cases), noun)}")
    error = sum(case.error or 0 for case in contents.cases if case.kind == "training")
    return f"right {' and '.join(parts)}" + (f", with an error of {error:,} in training" if error else "")


def _share(right: int, cases: int, noun: str) -> str:
    if right < cases:
        return f"{right:,} of {counted(cases, noun)}"
    return f"its {noun}" if cases == 1 else f"all {counted(cases, noun)}"
