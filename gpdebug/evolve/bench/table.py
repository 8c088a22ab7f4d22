"""The table of results: as text that is as wide as the terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import isfinite

from gpdebug.evolve.bench.peers import Peer
from gpdebug.evolve.bench.results import Conditions
from gpdebug.evolve.bench.summary import Row
from gpdebug.evolve.budget import Budget
from gpdebug.wording import counted, symbol_words

UNKNOWN = "–"
GAP = "  "
LEAST_PROGRAM = 16
LONGEST_PROGRAM = 48
RUN = 5
"""Symbols in a row from which on they are counted rather than written."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table.

    Attributes:
        title: above it.
        width: in a text; the least of the last column, which takes what is left.
        cell: of a row, under the budget.
        is_left: its text begins at the left, where figures end at the right.
        rank: columns with the highest rank are left out first where the terminal is narrow.
    """

    title: str
    width: int
    cell: Callable[[Row, Budget], str]
    rank: int = 0
    is_left: bool = False


def columns(names: Iterable[str]) -> tuple[Column, ...]:
    """The columns, the first one wide enough for the names of tasks."""
    widest = max((len(name) for name in names), default=0)
    return (
        Column("task", min(max(widest, 4), 26), lambda row, _: row.task, is_left=True),
        Column("solved", 7, lambda row, _: f"{row.solved}/{row.trials}"),
        Column("95 %", 9, lambda row, _: f"{row.rate[0]:.0%}–{row.rate[1]:.0%}".replace("%–", "–"), 1),
        Column("held out", 8, _held_out, 5),
        Column("median s", 8, lambda row, budget: _time(row.seconds, budget)),
        Column("95 %", 11, _interval, 6),
        Column("programs", 8, lambda row, budget: _evaluations(row.evaluations, budget), 4),
        Column("per s", 6, lambda row, _: amount(row.programs_per_s), 5),
        Column("peer s", 8, lambda row, _: _peer(row), 2),
        Column("faster", 10, lambda row, _: _ratio(row), 2),
        Column("shortest program", LEAST_PROGRAM, _program, 3, is_left=True),
    )


def header(conditions: Conditions, seeds: Sequence[int]) -> str:
    """What the figures are about, in a few lines."""
    settings = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in conditions.settings.items())
    which = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}"
    language = f", dialect {conditions.dialect}" if conditions.dialect else ""
    return (
        f"Searches: {which}, at most {' or '.join(conditions.budget)} each, {settings}{language},"
        f" {counted(conditions.threads, 'thread')}.\n"
        f"Machine: {conditions.machine}; kernels loaded before the first search.\n"
        "Solved: right on all training and all held-out cases in time.\n"
        "Held out: of those right on all training cases, how many are right on all held-out ones.\n"
        "Median: by when half of the seeds had solved it, counted from the beginning of a search."
    )


def text_line(shown: Sequence[Column], cells: Sequence[str]) -> str:
    """One line of the text."""
    out = []
    for column, cell in zip(shown, cells, strict=True):
        text = cell if len(cell) <= column.width else cell[: column.width - 1] + "…"
        out.append(text.ljust(column.width) if column.is_left else text.rjust(column.width))
    return GAP.join(out).rstrip()


def fitting(all_columns: Sequence[Column], width: int) -> tuple[Column, ...]:
    """The columns that there is room for; the program gets what the others leave."""
    shown = list(all_columns)
    while (left := _left(shown, width)) < 0 and any(column.rank for column in shown):
        worst = max(column.rank for column in shown)
        shown = [column for column in shown if column.rank < worst]
    if shown[-1] is all_columns[-1]:
        shown[-1] = replace(shown[-1], width=min(LEAST_PROGRAM + left, LONGEST_PROGRAM))
    return tuple(shown)


def _left(shown: Sequence[Column], width: int) -> int:
    """Columns that are left where the program gets the least."""
    return width + len(GAP) - sum(column.width + len(GAP) for column in shown)


def markdown(conditions: Conditions, seeds: Sequence[int], rows: Sequence[Row]) -> str:
    """The whole table as Markdown, with what it is about before it and the peers after it."""
    budget = Budget.parse(conditions.budget)
    shown = columns(row.task for row in rows)
    lines = [
        header(conditions, seeds).replace("\n", "  \n"),
        "",
        f"| {' | '.join(column.title for column in shown)} |",
        "|" + " --- |" * len(shown),
    ]
    for row in rows:
        cells = [column.cell(row, budget).replace("|", "\\|") for column in shown]
        cells[0] = f"`{cells[0]}`"
        if row.shortest is not None:
            cells[-1] = f"`{cells[-1]}`"
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, "", *footnotes(rows)])


def footnotes(rows: Sequence[Row]) -> list[str]:
    """Who the peers are, one line each, and what the signs mean."""
    peers: dict[Peer, bool] = {}
    for row in rows:
        if row.figure is not None:
            peers[row.figure.peer] = peers.get(row.figure.peer, False) or row.figure.extended
    lines = [f"Peer: {peer.name} ({peer.source}; {peer.hardware})." for peer in peers]
    if any(peers.values()):
        lines.append("*: with an instruction set extended for such tasks.")
    return lines


def abbreviated(code: bytes, most: int) -> str:
    """A program with its long runs as a count, `+{34}`, and cut."""
    out, index = "", 0
    while index < len(code):
        end = index
        while end < len(code) and code[end] == code[index]:
            end += 1
        symbol = symbol_words(code[index : index + 1])
        out += symbol * (end - index) if end - index < RUN else f"{symbol}{{{end - index}}}"
        index = end
    return out if len(out) <= most else out[: most - 1] + "…"


def amount(value: float) -> str:
    """A number in at most six characters: `950`, `9.3 k`, `1.2 M`."""
    for size, sign in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size * 0.9995:
            return f"{value / size:.{0 if value >= 99.5 * size else 1}f} {sign}"
    return f"{value:.0f}"


def duration(seconds: float) -> str:
    """Seconds with two digits that count: `0.083`, `1.2`, `35`, `7,644`."""
    if seconds < 0.0995:
        return f"{seconds:.3f}"
    return f"{seconds:.2f}" if seconds < 0.995 else f"{seconds:.1f}" if seconds < 9.95 else f"{seconds:,.0f}"


def _time(seconds: float, budget: Budget) -> str:
    if isfinite(seconds):
        return duration(seconds)
    return f"> {budget.seconds:,g}" if budget.seconds is not None else UNKNOWN


def _evaluations(evaluations: float, budget: Budget) -> str:
    if isfinite(evaluations):
        return amount(evaluations)
    return f"> {amount(budget.evaluations)}" if budget.evaluations is not None else UNKNOWN


def _interval(row: Row, budget: Budget) -> str:
    if row.seconds_interval is None or not isfinite(row.seconds_interval[0]):
        return UNKNOWN
    low, high = row.seconds_interval
    return f"{duration(low)}–{duration(high)}" if isfinite(high) else f"> {duration(low)}"


def _held_out(row: Row, _: Budget) -> str:
    return UNKNOWN if row.proved is None or not row.trained else f"{row.proved}/{row.trained}"


def _peer(row: Row) -> str:
    if row.figure is None:
        return UNKNOWN
    return f"{'' if row.figure.solved else '> '}{duration(row.figure.seconds)}{'*' if row.figure.extended else ''}"


def _ratio(row: Row) -> str:
    if row.ratio is None or row.figure is None:
        return UNKNOWN
    size = (
        amount(row.ratio) if row.ratio >= 9_999.5 else f"{row.ratio:,.0f}" if row.ratio >= 9.95 else f"{row.ratio:.1f}"
    )
    return f"{'' if row.figure.solved else '> '}{size} ×"


def _program(row: Row, _: Budget) -> str:
    if row.shortest is not None:
        return abbreviated(row.shortest, LONGEST_PROGRAM)
    return f"({row.why})" if row.why else UNKNOWN
