"""The stops as the debug screen shows them: marks in program and memory, the rows of their list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from gpdebug.debugger import words
from gpdebug.debugger.moment import Moment
from gpdebug.debugger.places import ACCESS_WORDS, AtInstruction, OnCells, OnChange, cells_words
from gpdebug.debugger.stops import UserStop
from gpdebug.tui.foreseen import StopHits
from gpdebug.tui.scene import Mark, WatchedCells, glyphs
from gpdebug.tui.widgets.bar import Part
from gpdebug.tui.widgets.rows import Row
from vm.dialect import Dialect
from vm.state import State

_RANKS = {Mark.PLAIN: 0, Mark.CONDITIONAL: 1, Mark.LOG: 2, Mark.TEMPORARY: 3, Mark.DISABLED: 4}
"""Of several stops at one place, what fires most easily is shown."""

_MARGIN = 6
"""Columns of a line of the list that are its mark, and blanks."""


def mark_of(stop: UserStop) -> Mark:
    """How one stop is marked."""
    if not stop.is_active:
        return Mark.DISABLED
    if stop.message is not None:
        return Mark.LOG
    if stop.temporary:
        return Mark.TEMPORARY
    return Mark.CONDITIONAL if stop.condition is not None or str(stop.rule) else Mark.PLAIN


def marks_of(stops: Iterable[UserStop]) -> dict[int, Mark]:
    """How each instruction with a stop is marked."""
    marks: dict[int, Mark] = {}
    for stop in stops:
        if stop.instruction is None:
            continue
        mark = mark_of(stop)
        if _RANKS[mark] <= _RANKS[marks.get(stop.instruction, mark)]:
            marks[stop.instruction] = mark
    return marks


def watched_cells(stops: Iterable[UserStop], state: State) -> tuple[WatchedCells, ...]:
    """The cells that stops watch, as the heads are now; what fires most easily first."""
    found = []
    for stop in stops:
        if isinstance(stop.where, OnCells):
            cells = stop.where.cells
            base = 0 if cells.head is None else state.head1 if cells.head else state.head0
            low = (base + cells.low) % len(state.memory)
            found.append(WatchedCells(low, cells.size, mark_of(stop), cells.head))
    return tuple(sorted(found, key=lambda watched: _RANKS[watched.mark]))


def covering(stops: Iterable[UserStop], cell: int, state: State) -> list[UserStop]:
    """The stops that watch a cell, as the heads are now."""
    return [stop for stop in stops if isinstance(stop.where, OnCells) and stop.where.cells.cover(cell, state)]


def watcher_parts(stops: Iterable[UserStop], cell: int, state: State) -> list[Part]:
    """Which stops watch a cell, each to be clicked."""
    return [
        Part(f" {mark_of(stop).value}{stop.id}", "breakpoint", f"screen.edit_stop({stop.id})", f"edit {stop}")
        for stop in covering(stops, cell, state)
    ]


def firing_lines(moment: Moment) -> list[str]:
    """What fired, for the log: a line for each stop."""
    return [f"{moment.step:,}  {words.firing_words(firing)}" for firing in moment.firings]


def sight_parts(moment: Moment, room: int) -> list[Part]:
    """What the stops that fired saw the last step do, in as many words as fit into some columns."""
    sights = [firing.sight for firing in moment.firings if firing.sight is not None]
    seen = [words.sight_words(sight) for sight in dict.fromkeys(sights)]
    for count in range(len(seen), 0, -1):
        text = " · ".join(seen[:count])
        if len(text) + 2 <= room:
            return [Part(f" {text} ", "breakpoint")]
    return []


def stop_rows(stops: Sequence[UserStop], dialect: Dialect, hits: StopHits, width: int) -> list[Row]:
    """The list of stops: number, place, what else each depends on and does, and its hits.

    What follows the places stands below each other, as far as that cuts nothing.

    Args:
        stops: the stops.
        dialect: says how symbols look.
        hits: how often each was hit.
        width: columns of the list.
    """
    digits = max((len(f"{stop.instruction:,}") for stop in stops if stop.instruction is not None), default=1)
    number = max((len(str(stop.id)) for stop in stops), default=1)
    rows = []
    lines = [(stop, _place(stop, dialect, digits), _terms(stop), _hits(stop, hits)) for stop in stops]
    column = max((_length(place) for _, place, _, _ in lines), default=0)
    for _, place, terms, right in lines:
        free = width - number - _MARGIN - _length(terms) - _length(right)
        column = min(column, free) if terms and free >= _length(place) else column
    for stop, place, terms, right in lines:
        fill = [(" " * (column - _length(place)), "base")] if terms and column > _length(place) else []
        head = [(f"{mark_of(stop).value} ", "breakpoint"), (f"{stop.id:<{number}}  ", "muted")]
        rows.append(Row(str(stop.id), (*head, *place, *fill, *terms), right))
    return rows


def _length(words: Iterable[tuple[str, str]]) -> int:
    return sum(len(text) for text, _ in words)


def _hits(stop: UserStop, hits: StopHits) -> tuple[tuple[str, str], ...]:
    """How often a stop was hit; faint while that is counted anew."""
    if stop.id not in hits.numbers or not stop.is_active:
        return ()
    return ((f"  {hits.numbers[stop.id]:,}×", "muted" if hits.is_now else "faint"),)


def _place(stop: UserStop, dialect: Dialect, digits: int) -> list[tuple[str, str]]:
    """Where a stop is: the instruction and its symbol, or what it watches."""
    match stop.where:
        case AtInstruction(instruction, symbol):
            return [(f"{instruction:>{digits},} ", "base"), (glyphs(dialect)[ord(symbol)], "heading")]
        case OnCells(cells):
            return [(cells_words(cells), "base"), (f" {ACCESS_WORDS[cells.access]}", "muted")]
        case OnChange(change):
            return [(change.expression.text, "base"), (" changed", "muted")]
    return [("on ", "muted"), (str(stop.where.event), "base")]


def _terms(stop: UserStop) -> list[tuple[str, str]]:
    terms: list[tuple[str, str]] = []
    if stop.misfit is not None:
        where = "" if stop.instruction is None else f"instruction {stop.instruction:,} "
        terms += [("  ! " + stop.misfit.removeprefix(where), "warning")]
    elif not stop.enabled:
        terms += [("  off", "muted")]
    if stop.temporary:
        terms += [("  once", "muted")]
    if stop.condition is not None:
        terms += [("  if ", "muted"), (stop.condition.text, "base")]
    if str(stop.rule):
        terms += [("  hit ", "muted"), (str(stop.rule), "base")]
    if stop.after is not None:
        terms += [("  after ", "muted"), (str(stop.after), "base")]
    if stop.message is not None:
        terms += [("  log ", "muted"), (stop.message.text, "base")]
    if stop.snapshot:
        terms += [("  snapshot", "snapshot")]
    if stop.note:
        terms += [("  " + stop.note, "muted")]
    return terms
