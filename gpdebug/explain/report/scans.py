"""Scans in a report: knock-outs, back-ups, the mutation scan and the minimal program, drawn and as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gpdebug.explain.report.contents import Contents, Part
from gpdebug.explain.report.heat import KEYS, MEANINGS, heat_figure, sample
from gpdebug.explain.report.markup import Child, Html, element
from gpdebug.explain.report.pieces import Column, Row, remark, section, table
from gpdebug.explain.report.program import sparse_grid
from gpdebug.explain.scan.backups import BackUps
from gpdebug.explain.scan.heat import case_map, mutation_map, site_map
from gpdebug.explain.scan.knockout import KnockOuts
from gpdebug.explain.scan.minimise import Core
from gpdebug.explain.scan.mutation import MutationScan
from gpdebug.explain.scan.outcomes import Effect, Outcomes
from gpdebug.explain.scan.tables import Table, back_up_table, kind_table, mutation_table, site_table
from gpdebug.wording import counted, symbol_words

MOST_COLUMNS = 512
"""Instructions that a heat map has."""
MOST_CASES = 40
"""Cases that the map of cases has."""
MOST_ROWS = 24
"""Lines of each table."""


def knock_out_section(contents: Contents) -> Html | None:
    """Every instruction blanked."""
    found = contents.scans.knock_outs
    if found is None:
        return _missing(contents, Part.KNOCKOUTS, "knockouts", "Knock-outs")
    sites = site_table(found)
    return section(
        "knockouts",
        "What each instruction is good for",
        element(
            "p",
            "Each instruction was made to do nothing, alone, and the program was run again",
            _cases(contents, found.subject.cases),
            "; the error is how far its output is from what it was." if contents.subject.own else ".",
        ),
        _counts(found.sites),
        heat_figure(site_map(found), _first(len(found.subject.program)), "Knock-outs on all cases together."),
        _cut(len(found.subject.program)),
        _by_case(found),
        element("h3", "The instructions that matter most"),
        _table(_strongest(sites), {"site": "instruction", "to": "and"}),
        _back_ups(contents.scans.back_ups),
    )


def _cases(contents: Contents, cases: int) -> str:
    if contents.subject.own:
        return " on the given input"
    of = contents.subject.cases
    if cases < of:
        return f" on the first {cases:,} of {of:,} cases"
    return " on its training case" if of == 1 else f" on all {of:,} training cases"


def _counts(outcomes: Outcomes) -> Html:
    """How many have which effect: the legend of the maps as well."""
    total = max(1, len(outcomes))
    counts = outcomes.counts
    rows = [
        Row([_cell("effect", effect), counts[effect], f"{counts[effect] / total:.1%}", MEANINGS[effect]])
        for effect in KEYS
    ]
    columns = [Column("effect", "key"), Column("how many", "number"), Column("share", "number"), Column("which means")]
    return table(None, columns, rows)


def _first(length: int) -> range:
    return range(min(length, MOST_COLUMNS))


def _cut(length: int) -> Html:
    cut = f"The first {MOST_COLUMNS:,} of {length:,} instructions are drawn; the numbers are of all."
    return remark(cut if length > MOST_COLUMNS else None)


def _by_case(found: KnockOuts) -> Child:
    """Which case needs which instruction: only the instructions that some case needs."""
    if found.subject.cases < 2:
        return None
    heat = case_map(found)
    matter = np.flatnonzero((heat.effects >= Effect.NEUTRAL).any(axis=0)).tolist()
    if not matter:
        return remark("No case changes, whatever instruction is taken out.")
    rows = min(len(heat.rows), MOST_CASES)
    shown = replace(
        heat, rows=heat.rows[:rows], effects=heat.effects[:rows], deltas=heat.deltas[:rows], levels=heat.levels[:rows]
    )
    left = len(heat.symbols) - len(matter)
    return [
        element("h3", "Which case needs which instruction"),
        heat_figure(shown, matter[:MOST_COLUMNS], "Knock-outs by case."),
        remark(
            f"{counted(left, 'instruction')} without any effect on any case are not drawn. " if left else None,
            f"The first {MOST_COLUMNS:,} of {len(matter):,} are. " if len(matter) > MOST_COLUMNS else None,
            f"The first {rows:,} of {counted(len(heat.rows), 'case')} are drawn." if rows < len(heat.rows) else None,
        ),
    ]


def _strongest(found: Table) -> Table:
    """Those with the largest change of the error first, without those that do nothing."""
    at = found.columns.index("effect")
    rows = tuple(row for row in found.rows if row[at] not in (Effect.INTRON, Effect.NEVER_EXECUTED))
    return Table(found.columns, rows).sorted_by("change", descending=True)


def _table(found: Table, names: dict[str, str], shown: int = MOST_ROWS) -> Html:
    """A table of a scan, its first lines; the others are counted."""
    empty = {column for column in range(len(found.columns)) if all(row[column] is None for row in found.rows)}
    kept = [column for column in range(len(found.columns)) if column not in empty or found.columns[column] == "effect"]
    columns = [
        Column(names.get(name, _NAMES.get(name, name)), _KINDS.get(name, "number"))
        for name in (found.columns[column] for column in kept)
    ]
    rows = [
        Row([None if row[column] is None else _cell(found.columns[column], row[column]) for column in kept])
        for row in found.rows[:shown]
    ]
    hidden = len(found.rows) - len(rows)
    return element(
        "div", table(None, columns, rows), remark(f"… and {counted(hidden, 'line')} more." if hidden else None)
    )


_NAMES = {"worse": "cases worse", "better": "cases better", "other": "cases changed", "symbol": ""}
_KINDS = {"symbol": "code", "effect": "key", "mutation": "key"}


def _cell(column: str, value: object) -> Child:
    if column == "change" and isinstance(value, int):
        return f"{'+' if value > 0 else '−' if value < 0 else ''}{abs(value):,}"
    if isinstance(value, Effect):
        return [sample(value), " ", str(value)]
    return value if isinstance(value, int) else str(value)


def _back_ups(found: BackUps | None) -> Child:
    if found is None or not found.tried:
        return None
    told = (
        f"Of {found.tried:,} pairs of places that the program can do without one at a time,"
        f" {len(found.pairs):,} {'is' if len(found.pairs) == 1 else 'are'} harmful together: they back each other up."
    )
    untried = f" {counted(found.untried, 'pair')} more than {found.reach:,} such places apart were not tried."
    return [
        element("h3", "Back-ups"),
        element("p", told, untried if found.untried else None),
        _table(back_up_table(found).sorted_by("change", descending=True), {"site": "instruction"}, 12)
        if len(found.pairs)
        else None,
    ]


def mutation_section(contents: Contents) -> Html | None:
    """Every program that is one edit away."""
    found = contents.scans.mutations
    if found is None:
        return _missing(contents, Part.MUTATIONS, "mutations", "Mutations")
    outcomes = found.outcomes
    shares = (
        f"{counted(len(outcomes), 'program')} are one edit away. {outcomes.robustness:.1%} of them have the same error"
        f" (robustness), {outcomes.evolvability:.2%} a smaller one (evolvability)."
    )
    what = (
        "Every instruction was deleted, replaced by every other symbol, and every symbol was put in before it; each of"
        " these programs was run"
    )
    return section(
        "mutations",
        "How its neighbourhood looks to evolution",
        element("p", what, _cases(contents, found.subject.cases), ". ", shares),
        _counts(outcomes),
        heat_figure(mutation_map(found), _first(len(found.rows)), "Every mutation on all cases together."),
        _cut(len(found.rows)),
        element("h3", "By kind of mutation"),
        _table(kind_table(found), {}),
        _better(found),
    )


def _better(found: MutationScan) -> Child:
    """The mutants with a smaller error."""
    told = mutation_table(found)
    at = told.columns.index("effect")
    rows = tuple(row for row in told.rows if row[at] is Effect.BENEFICIAL)
    if not rows:
        return None
    names = {"site": "instruction", "symbol": "there"}
    return [element("h3", "Mutants that are better"), _table(Table(told.columns, rows).sorted_by("change"), names, 20)]


def core_section(contents: Contents) -> Html | None:
    """What is left when nothing more can go."""
    core, byte = contents.scans.core, contents.scans.byte_core
    if core is None:
        return _missing(contents, Part.CORE, "core", "The minimal program")
    keeps = "each output stays the same" if contents.subject.own else "no case's error becomes larger"
    how = (
        f"Instructions were deleted as long as {keeps}, until no single one can go, nor two neighbours or a pair of"
        " brackets: tried"
    )
    return section(
        "core",
        "The smallest program that does the same",
        element("p", how, _cases(contents, core.subject.cases), "."),
        _core(core),
        [element("h3", f"For {byte.keep} alone"), _core(byte)] if byte is not None else None,
        remark("Another order of deletions can come to another minimal program, and to a smaller one."),
    )


def _core(found: Core) -> Html:
    kept = np.zeros(len(found.subject.program), np.int64)
    kept[found.kept] = 1
    order = f"random order, seed {found.seed}," if found.order == "random" else f"{found.order} order,"
    left = f"{counted(len(found.kept), 'instruction')} of {len(kept):,}"
    return element(
        "div",
        element("pre", element("code", symbol_words(found.program.code.tolist()) or "nothing"), class_="command"),
        remark(f"{left} are left; deleted in {order} {found.tried:,} programs run. Where they are in the program:"),
        sparse_grid(found.subject.program, kept),
    )


def _missing(contents: Contents, part: Part, id: str, title: str) -> Html | None:
    problem = contents.scans.problems.get(part)
    return None if problem is None else section(id, title, element("p", f"Left out: {problem}."))


def links(contents: Contents) -> Sequence[tuple[str, str, Html | None]]:
    """Id, name in the index, and what it is, of each section."""
    return (
        ("knockouts", "knock-outs", knock_out_section(contents)),
        ("mutations", "mutations", mutation_section(contents)),
        ("core", "minimal program", core_section(contents)),
    )
