"""What the compare screen says: facts, both programs one above the other, the edits, what one of them does."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from rich.segment import Segment
from rich.style import Style

from gpdebug.store.population import Individual
from gpdebug.tui.individuals import case_blocks, coloured
from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.page import Lines
from gpdebug.tui.widgets.rows import Row
from gpdebug.wording import counted, signed
from vm.dialect import Dialect

if TYPE_CHECKING:
    from gpdebug.explain.history.alignment import Alignment
    from gpdebug.explain.history.comparison import Comparison

_LABEL = 10
_GAP = 2
_REMARK_FROM = 100
"""Columns from which on there is room for a remark in the line of an edit."""


def fact_lines(first: Individual, second: Individual, width: int, palette: Palette) -> Lines:
    """What is known of two individuals: a line each, and one for the difference; only the columns that fit."""
    columns = [
        ("error", first.error, second.error),
        ("length", len(first.code), len(second.code)),
        ("steps", first.steps, second.steps),
        ("born", first.born, second.born),
        ("island", first.island, second.island),
        ("operator", first.operator, second.operator),
        ("parents", _parents(first), _parents(second)),
    ]
    lines: Lines = [[Segment(" " * _LABEL)], _label("a", first, palette), _label("b", second, palette),
                    [Segment("   b − a".ljust(_LABEL), palette.muted)]]  # fmt: skip
    used = _LABEL
    for title, one, other in columns:
        if one is None and other is None:
            continue
        change = signed(other - one) if isinstance(one, int) and isinstance(other, int) and one != other else ""
        texts = title, _word(one), _word(other), change
        room = max(map(len, texts)) + _GAP
        if used + room > width:
            break
        used += room
        styles = palette.muted, None, None, palette.changed
        for line, text, style in zip(lines, texts, styles, strict=True):
            line.append(Segment(text.rjust(room), style))
    if first.errors is not None and second.errors is not None and used + 18 <= width:
        lines[0].append(Segment("  cases", palette.muted))
        for line, errors in zip(lines[1:3], (first.errors, second.errors), strict=True):
            line += [Segment("  "), *case_blocks(np.array(errors), min(24, width - used - _GAP), palette)]
    return lines


def _label(name: str, individual: Individual, palette: Palette) -> list[Segment]:
    return [Segment(f" {name} #{individual.id}".ljust(_LABEL), palette.heading)]


def _word(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else "–" if value is None else str(value)


def _parents(individual: Individual) -> str | None:
    if individual.parents is None:
        return None
    return " ".join(f"#{parent}" for parent in individual.parents) or "none"


def program_lines(found: Alignment, chosen: int | None, dialect: Dialect, width: int, palette: Palette) -> Lines:
    """Both programs one above the other; edits are marked, and the chosen one more than others."""
    styles = palette.symbols(dialect)
    columns = list(found.columns())
    hunks = _hunk_of_column(found)
    room = max(8, width - _LABEL - 1)
    lines: Lines = []
    for start in range(0, len(columns), room):
        part = columns[start : start + room]
        for which, (name, code) in enumerate((("a", found.before), ("b", found.after))):
            first = next((pair[which] for pair in part if pair[which] is not None), None)
            label = f" {name} {first:,}" if first is not None else f" {name}"
            line = [Segment(label.ljust(_LABEL), palette.muted)]
            for place, hunk in zip((pair[which] for pair in part), hunks[start : start + room], strict=True):
                line.append(_symbol(code, place, hunk, hunk is not None and hunk == chosen, styles, palette))
            lines.append(line)
        lines.append([])
    return lines


def line_of_hunk(found: Alignment, chosen: int, width: int) -> int:
    """The line of `program_lines` in which an edit begins."""
    room = max(8, width - _LABEL - 1)
    return 3 * (_hunk_of_column(found).index(chosen) // room)


def _hunk_of_column(found: Alignment) -> list[int | None]:
    """For each column of an alignment the edit that it is of, or None."""
    of: list[int | None] = []
    at = 0
    for number, hunk in enumerate(found.hunks):
        of += [None] * (hunk.at - at)
        of += [number] * max(len(hunk.old), len(hunk.new))
        at = hunk.end
    return of + [None] * (len(found.before) - at)


def _symbol(
    code: bytes, place: int | None, hunk: int | None, is_chosen: bool, styles: Sequence[Style], palette: Palette
) -> Segment:
    layer = palette.cursor if is_chosen else Style()
    if place is None:
        return Segment("·", palette.faint + layer)
    (segment,) = coloured(code[place : place + 1], styles, palette)
    return Segment(segment.text, palette.changed + layer) if hunk is not None else segment


def edit_rows(found: Comparison, width: int) -> tuple[str, list[Row]]:
    """The titles of the table of edits, and a line for each."""
    from gpdebug.explain.history.present_comparison import TITLES, hunk_rows
    from gpdebug.explain.history.wording import padded

    is_narrow = width < _REMARK_FROM
    table = hunk_rows(found, None, ("alone", "after others") if is_narrow else TITLES)
    has_errors = len(table[0]) > 5
    if is_narrow and has_errors:
        table = [row[:6] for row in table]
    titles, *cells = padded(table, right=(0, 1, 2, 4, 5) if has_errors else (0, 1, 2))
    rows = [Row(str(number), tuple(_styled(row, number, found))) for number, row in enumerate(cells)]
    return "  ".join(titles), rows


def _styled(row: list[str], number: int, found: Comparison) -> Iterator[tuple[str, str]]:
    tried = found.effects
    errors = (None, None) if tried is None else (tried.error_alone(number), tried.error_last(number))
    for column, cell in enumerate(row):
        style = "base" if column == 3 else "muted"
        if column in (4, 5) and len(row) > 5:
            change = errors[column - 4]
            style = "muted" if not change else "ok" if change < 0 else "error"
        yield (cell if column == len(row) - 1 else f"{cell}  "), style


def story_lines(found: Comparison, chosen: int | None, width: int, palette: Palette) -> Lines:
    """What the chosen edit does, both outputs, and where the runs part."""
    from gpdebug.explain.history.present_comparison import output_lines, run_lines

    texts = [] if chosen is None else [*_edit_lines(found, chosen), ""]
    texts += [*output_lines(found, None), "", *run_lines(found)]
    if found.problem:
        texts = [found.problem, "", *texts]
    return [line for text in texts for line in wrapped(text, width, palette)]


def wrapped(text: str, width: int, palette: Palette) -> Lines:
    """A line of text, as several where it does not fit; one without an indent is a heading."""
    style = palette.base if text.startswith(" ") else palette.heading
    indent = len(text) - len(text.lstrip()) + 3
    parts = textwrap.wrap(text, max(20, width - 2), subsequent_indent=" " * indent, drop_whitespace=False) or [""]
    return [[Segment(f" {part.rstrip()}", Style(color=style.color, bold=style.bold))] for part in parts]


def _edit_lines(found: Comparison, number: int) -> list[str]:
    from gpdebug.explain.history.wording import byte_words, change_words, hunk_words, remark

    tried = found.effects
    lines = [f"edit {number + 1:,} {hunk_words(found.alignment.hunks[number], None)}"]
    if tried is None:
        return lines
    note = remark(tried, number)
    ways = (
        ("alone", tried.error_alone(number), tried.errors_alone, tried.bytes_alone),
        ("after the others", tried.error_last(number), tried.errors_last, tried.bytes_last),
    )
    if note:
        lines.append(f"  {note}")
    for name, error, errors, changed in ways:
        text = f"  {name}:"
        if errors is not None and tried.ends.errors is not None:
            better, worse = int((errors[number] < 0).sum()), int((errors[number] > 0).sum())
            text += f" error {change_words(error)}, better on {counted(better, 'case')}, worse on {worse:,}"
        if found.case is not None:
            changes = [byte_words(change) for change in changed(number, found.case)]
            more = f" and {len(changes) - 4:,} more" if len(changes) > 4 else ""
            here = f"here {'; '.join(changes[:4])}{more}" if changes else "nothing here"
            text += f" {here}" if errors is None else f"; {here}"
        lines.append(text)
    return lines
