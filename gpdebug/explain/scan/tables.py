"""Scans as tables: plain cells, a row for each change, that can be sorted by any column."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gpdebug.explain.errors import ExplainError
from gpdebug.explain.scan.backups import BackUps
from gpdebug.explain.scan.heat import kind_words
from gpdebug.explain.scan.knockout import KnockOuts
from gpdebug.explain.scan.mutation import MutationScan
from gpdebug.explain.scan.outcomes import Effect, Outcomes
from gpdebug.wording import symbol_words

Cell = int | str | Effect | None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows that can be sorted.

    Attributes:
        columns: their names.
        rows: the cells of each row; None where there is nothing to tell.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def sorted_by(self, column: str, *, descending: bool = False) -> Table:
        """The same rows by a column, equal ones as they were, empty ones last.

        Raises:
            ExplainError: there is no such column.
        """
        if column not in self.columns:
            raise ExplainError(f"there is no column {column!r}: there are {', '.join(self.columns)}")
        at = self.columns.index(column)
        told = [row for row in self.rows if row[at] is not None]
        told.sort(key=lambda row: row[at], reverse=descending)  # type: ignore[arg-type, return-value]
        return replace(self, rows=(*told, *(row for row in self.rows if row[at] is None)))


_OUTCOME = ("effect", "error", "change", "worse", "better", "other")
"""Columns of every table: `worse` and `better` count the cases whose error is larger or smaller, `other` those that put
out something else or end in another way; `change` is how much larger the error on all cases is."""


def site_table(found: KnockOuts) -> Table:
    """Every instruction blanked, and every pair of brackets: `site` and, of a pair, `to`; `executed` is how often all
    cases together come to it.
    """
    text = [symbol_words([symbol]) for symbol in found.subject.original.code]
    executed = found.subject.executions.sum(axis=1).tolist()
    rows: list[tuple[Cell, ...]] = [
        (site, None, text[site], executed[site], *outcome) for site, outcome in enumerate(_outcomes(found.sites))
    ]
    for (site, to), outcome in zip(found.brackets.tolist(), _outcomes(found.pairs), strict=True):
        rows.append((site, to, text[site] + text[to], executed[site] + executed[to], *outcome))
    rows.sort(key=lambda row: row[0])  # type: ignore[arg-type, return-value]
    return Table(("site", "to", "symbol", "executed", *_OUTCOME), tuple(rows))


def mutation_table(found: MutationScan) -> Table:
    """Every mutation: where (an insertion comes before this instruction), what is there, what is done."""
    text = [symbol_words([symbol]) for symbol in found.subject.original.code] + [""]
    places, kinds = np.nonzero(found.rows >= 0)
    names = [kind_words(kind) for kind in found.kinds]
    rows = [
        (place, text[place], names[kind], *outcome)
        for place, kind, outcome in zip(
            (places + found.first).tolist(), kinds.tolist(), _outcomes(found.outcomes), strict=True
        )
    ]
    return Table(("site", "symbol", "mutation", *_OUTCOME), tuple(rows))


def kind_table(found: MutationScan) -> Table:
    """How many mutants of each kind of mutation have which effect, the worst first."""
    effects = [*reversed(Effect)]
    rows: list[tuple[Cell, ...]] = []
    for column, kind in enumerate(found.kinds):
        told = found.effects[:, column]
        counts = np.bincount(told[told >= 0], minlength=len(Effect)).tolist()
        rows.append((kind_words(kind), sum(counts), *(counts[effect] for effect in effects)))
    return Table(("mutation", "mutants", *map(str, effects)), tuple(rows))


def back_up_table(found: BackUps) -> Table:
    """Pairs of units that back each other up: the first instruction of each, and, of a pair of brackets, its second."""
    units = [(first, None if first == last else last) for first, last in found.units.tolist()]
    rows = [
        (*units[one], *units[other], *outcome)
        for (one, other), outcome in zip(found.pairs.tolist(), _outcomes(found.outcomes), strict=True)
    ]
    return Table(("site", "to", "and", "and to", *_OUTCOME), tuple(rows))


def _outcomes(outcomes: Outcomes) -> list[tuple[Cell, ...]]:
    """The cells of `_OUTCOME`; a mutant that cannot be loaded has only an effect."""
    deltas = outcomes.case_deltas
    columns = (
        outcomes.effects, outcomes.totals, outcomes.deltas, (deltas > 0).sum(axis=1), (deltas < 0).sum(axis=1),
        outcomes.changed.sum(axis=1), outcomes.rejected,
    )  # fmt: skip
    return [
        (Effect(effect), *((None,) * 5 if rejected else told))
        for effect, *told, rejected in zip(*(column.tolist() for column in columns), strict=True)
    ]
