"""Scans as lines of text and as plain data for JSON."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpdebug.explain.scan.backups import BackUps
from gpdebug.explain.scan.heat import LEVELS, HeatMap
from gpdebug.explain.scan.knockout import KnockOuts
from gpdebug.explain.scan.minimise import Core
from gpdebug.explain.scan.mutation import MutationScan
from gpdebug.explain.scan.outcomes import Effect, Outcomes
from gpdebug.explain.scan.subject import Subject
from gpdebug.explain.scan.tables import Cell, Table
from gpdebug.wording import counted, symbol_words
from vm.mutants import Edit
from vm.state import Status

MAP_WIDTH = 64
"""Instructions in a line of a map."""
_MARKS = {Effect.LETHAL: "X", Effect.BENEFICIAL: "+", Effect.NEUTRAL: "~", Effect.INTRON: "·"}
_PLURALS = {Effect.INTRON: "introns"}
_SHADES = "░▒▓█"
LEGEND = (
    f"{_SHADES} harmful, darker is worse; X lethal; + beneficial; ~ neutral, but something changes; · intron;"
    " blank: never executed"
)


def subject_words(subject: Subject) -> str:
    """What was scanned, in one line."""
    cases = counted(subject.cases, "case")
    size = counted(len(subject.program), "instruction")
    judged = "compared with what it puts out itself" if subject.own else f"error {subject.error:,}"
    return f"{size} on {cases}, {judged}"


def count_words(outcomes: Outcomes) -> str:
    """How many mutants have which effect, the worst first."""
    told = [
        f"{count:,} {_PLURALS.get(effect, effect) if count != 1 else effect}"
        for effect, count in reversed(outcomes.counts.items())
        if count
    ]
    return ", ".join(told) or "none"


def knock_out_lines(found: KnockOuts) -> list[str]:
    """What knock-outs say, on all cases together."""
    lines = [subject_words(found.subject), f"blanked one by one: {count_words(found.sites)}"]
    if len(found.brackets):
        lines.append(f"pairs of brackets: {count_words(found.pairs)}")
    return lines


def back_up_lines(found: BackUps) -> list[str]:
    """How many back-ups there are, and what was not tried."""
    lines = [
        f"back-ups: {counted(len(found.pairs), 'pair')} of {found.tried:,} pairs of neutral places that were blanked"
        f" together {'is' if len(found.pairs) == 1 else 'are'} harmful"
    ]
    if found.untried:
        lines.append(
            f"  not tried: {found.untried:,} pairs, those more than {found.reach:,} of the {len(found.units):,} neutral"
            " places apart"
        )
    return lines


def mutation_lines(found: MutationScan) -> list[str]:
    """What a mutation scan says in all."""
    outcomes = found.outcomes
    lines = [subject_words(found.subject), f"{counted(len(outcomes), 'mutant')}: {count_words(outcomes)}"]
    if len(outcomes):
        lines.append(f"robustness {outcomes.robustness:.1%} neutral, evolvability {outcomes.evolvability:.2%} better")
    return lines


def core_lines(found: Core) -> list[str]:
    """A minimal core in words."""
    order = f"random, seed {found.seed}" if found.order == "random" else f"{found.order}"
    return [
        f"{len(found.kept):,} of {counted(len(found.subject.program), 'instruction')} are left: {found.keep} kept",
        symbol_words(found.program.code.tolist()),
        "checked: without any one of them, any two neighbours or any pair of brackets it fails;"
        f" {found.tried:,} programs run, order {order}",
    ]


def map_lines(heat: HeatMap, width: int = MAP_WIDTH) -> list[str]:
    """A heat map as text: bands of instructions, each with a line a row of the map."""
    margin = max([len(f"{heat.first + len(heat.symbols):,}"), *map(len, heat.rows)])
    lines = []
    for begin in range(0, len(heat.symbols), width):
        columns = range(begin, min(begin + width, len(heat.symbols)))
        text = "".join(
            symbol if len(symbol) == 1 else "?" if symbol else " " for symbol in heat.symbols[begin:][:width]
        )
        lines.append(f"{heat.first + begin:>{margin},}  {text}".rstrip())
        for row, name in enumerate(heat.rows):
            marks = "".join(mark(heat, row, column) for column in columns)
            lines.append(f"{name:>{margin}}  {marks}".rstrip())
        lines.append("")
    return lines[:-1]


def mark(heat: HeatMap, row: int, column: int) -> str:
    """The character that stands for a cell of a heat map."""
    effect = int(heat.effects[row, column])
    if effect == Effect.HARMFUL:
        return _SHADES[min(int(heat.levels[row, column]), LEVELS) - 1]
    return _MARKS.get(Effect(effect), " ") if effect >= 0 else " "


def table_lines(table: Table, shown: int | None = None) -> list[str]:
    """A table as aligned text; what is not shown is counted."""
    rows = table.rows if shown is None else table.rows[:shown]
    cells = [list(table.columns), *([_cell_words(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(table.columns))]
    is_number = [any(type(row[column]) is int for row in rows) for column in range(len(table.columns))]
    lines = [
        "  ".join(
            f"{cell:>{width}}" if number else f"{cell:<{width}}"
            for cell, width, number in zip(row, widths, is_number, strict=True)
        ).rstrip()
        for row in cells
    ]
    hidden = len(table.rows) - len(rows)
    return [*lines, *([f"… {hidden:,} more"] if hidden else [])]


def _cell_words(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if type(cell) is int else str(cell)


def knock_outs_dict(found: KnockOuts, back_ups: BackUps | None = None) -> dict[str, Any]:
    """Knock-outs as plain data: every site and pair of brackets, with its errors case by case."""
    told = _subject_dict(found.subject)
    executed = found.subject.executions.tolist()
    code = found.subject.original.code
    places = [
        {"site": site, "symbol": symbol_words([symbol]), "executed": executed[site]} for site, symbol in enumerate(code)
    ]
    brackets = [{"site": first, "to": last} for first, last in found.brackets.tolist()]
    told["sites"] = _with_outcomes(places, found.sites)
    told["pairs"] = _with_outcomes(brackets, found.pairs)
    told["counts"] = _counts(found.sites)
    if back_ups is not None:
        units = [[first] if first == last else [first, last] for first, last in back_ups.units.tolist()]
        pairs = [{"units": [units[one], units[other]]} for one, other in back_ups.pairs.tolist()]
        told["back_ups"] = _with_outcomes(pairs, back_ups.outcomes)
        told["back_ups_tried"], told["back_ups_untried"] = back_ups.tried, back_ups.untried
        told["back_ups_reach"] = back_ups.reach
    return told


def mutations_dict(found: MutationScan) -> dict[str, Any]:
    """A mutation scan as plain data: every mutant, with its errors case by case."""
    told = _subject_dict(found.subject)
    places, kinds = np.nonzero(found.rows >= 0)
    edits = [
        {"edit": kind.edit.name.lower()} | ({} if kind.edit is Edit.DELETE else {"symbol": symbol_words([kind.symbol])})
        for kind in found.kinds
    ]
    mutants = [
        {"site": place, **edits[kind]}
        for place, kind in zip((places + found.first).tolist(), kinds.tolist(), strict=True)
    ]
    told["mutants"] = _with_outcomes(mutants, found.outcomes)
    told["counts"] = _counts(found.outcomes)
    told["robustness"], told["evolvability"] = _shares(found.outcomes)
    return told


def core_dict(found: Core) -> dict[str, Any]:
    """A minimal core as plain data."""
    return {
        **_subject_dict(found.subject),
        "keep": str(found.keep),
        "order": str(found.order),
        "seed": found.seed,
        "tried": found.tried,
        "kept": found.kept.tolist(),
        "core": symbol_words(found.program.code.tolist()),
        "core_hex": found.program.code.tobytes().hex(),
    }


def _subject_dict(subject: Subject) -> dict[str, Any]:
    original = subject.original
    return {
        "program": symbol_words(list(original.code)),
        "dialect": subject.dialect.name,
        "scorer": str(original.scorer),
        "own_outputs": subject.own,
        "cases": [
            {"input_hex": data.hex(), "wanted_hex": wanted.hex(), "output_hex": output.hex(), "error": error,
             "status": str(Status(status))}
            for data, wanted, output, error, status in zip(
                original.inputs, original.wanted, original.outputs, original.errors.tolist(),
                original.status.tolist(), strict=True,
            )
        ],
        "error": subject.error,
        "error_of_nothing": subject.nothing,
    }  # fmt: skip


def _with_outcomes(places: list[dict[str, Any]], outcomes: Outcomes) -> list[dict[str, Any]]:
    """Each place with its effect and errors, and on how many cases it puts out something else or ends in another way; a
    mutant that cannot be loaded has only an effect.
    """
    return [
        {
            **place,
            "effect": str(Effect(effect)),
            "error": None if rejected else total,
            "errors": None if rejected else errors,
            "other": None if rejected else other,
        }
        for place, effect, rejected, total, errors, other in zip(
            places, outcomes.effects.tolist(), outcomes.rejected.tolist(), outcomes.totals.tolist(),
            outcomes.errors.tolist(), outcomes.changed.sum(axis=1).tolist(), strict=True,
        )
    ]  # fmt: skip


def _counts(outcomes: Outcomes) -> dict[str, int]:
    return {str(effect): count for effect, count in outcomes.counts.items()}


def _shares(outcomes: Outcomes) -> tuple[float | None, float | None]:
    return (outcomes.robustness, outcomes.evolvability) if len(outcomes) else (None, None)
