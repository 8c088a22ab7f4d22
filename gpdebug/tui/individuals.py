"""A population as a table sees it: ranks, columns to draw, values to sort and filter by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style

from gpdebug.store.filter import Labels, Values, check, matching
from gpdebug.store.population import Population
from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.table import Column, Draw, Rows, number
from vm.evaluate import Programs

BLOCKS = 16
"""Cells that the cases take at most."""

_EIGHTHS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True, eq=False)
class Individuals:
    """A population with what is computed once for its table.

    Attributes:
        population: the data.
        by_rank: rows from best to worst: `int64[n]`.
        values: what filters may name and the table sorts by.
        cell: draws the programs, and marks a pattern in them.
    """

    population: Population
    by_rank: Rows
    values: dict[str, Values]
    cell: ProgramCell

    @classmethod
    def of(cls, population: Population) -> Individuals:
        """Ranks a population."""
        lengths, by_rank = population.programs.lengths, population.by_rank
        rank = np.empty(len(population), np.int64)
        rank[by_rank] = np.arange(1, len(population) + 1)
        return cls(population, by_rank, _values(population, rank, lengths), ProgramCell(population))

    def check(self, text: str) -> None:
        """Refuses a wrong filter.

        Raises:
            FilterError: what was expected, and at which column.
        """
        if text.strip():
            check(text, self.values)

    def order(self, text: str = "", sort: str = "rank", descending: bool = False) -> Rows:
        """The rows that a filter leaves, sorted; equal ones by rank.

        Args:
            text: a filter expression, empty for all rows.
            sort: key of a column.
            descending: the greatest first.

        Raises:
            FilterError: the filter is wrong.
        """
        rows = self.by_rank
        if text.strip():
            rows = rows[matching(text, self.values)[rows]]
        values = self.values[sort]
        for key in reversed(_sort_keys(values)):
            picked = key[rows]
            rows = rows[np.argsort(-picked if descending else picked, kind="stable")]
        return rows

    def columns(self) -> tuple[Column, ...]:
        """The columns of a table, those that the data has."""
        population, values = self.population, self.values
        rank = values["rank"]
        assert isinstance(rank, np.ndarray)
        columns = [Column("rank", "rank", _digits(rank, 4), number(rank), "r")]
        wide = {"error": "e", "solved": "c", "length": "l", "steps": "s", "born": "b", "island": "i", "id": "d"}
        weights = {"error": 0, "solved": 2, "length": 1, "steps": 3, "born": 4, "island": 6, "id": 7}
        for key, letter in wide.items():
            column = values.get(key)
            if not isinstance(column, np.ndarray):
                continue
            if key == "solved" and population.errors is not None:
                width = max(5, min(BLOCKS, population.errors.shape[1]))
                columns.append(Column(key, "cases", width, _cases(population.errors), letter, False, weights[key]))
            else:
                columns.append(Column(key, key, _digits(column, len(key)), number(column), letter, True, weights[key]))
        labels = values.get("operator")
        if isinstance(labels, Labels):
            width = max(8, min(18, max(map(len, labels.names), default=0)))
            columns.append(Column("operator", "operator", width, _labels(labels), "o", False, 5))
        return (*columns, Column("program", "program", 30, self.cell, "p", False))


class ProgramCell:
    """Draws programs in colour, with a pattern marked."""

    def __init__(self, population: Population) -> None:
        self._programs = population.programs
        self._dialect = population.dialect
        self.pattern = b""

    def __call__(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        """Draws a program from instruction `pan` on; dots stand for what does not fit."""
        start, end = (int(place) for place in self._programs.offsets[row : row + 2])
        before, after = pan > 0, end - start - pan > width - (pan > 0)
        room = max(0, width - before - after)
        code = self._programs.code[min(start + pan, end) : min(start + pan + room, end)].tobytes()
        segments = coloured(code, palette.symbols(self._dialect), palette, self.pattern)
        if before:
            segments.insert(0, Segment("…", palette.faint))
        if after:
            segments.append(Segment("…", palette.faint))
        return segments


def same_individuals(rows: Sequence[int], before: Rows, now: Rows) -> list[int]:
    """The rows of individuals in another generation; those that died are left out.

    Args:
        rows: of the individuals.
        before: ids by these rows: `int64[n]`.
        now: ids of the other generation.
    """
    found = (np.flatnonzero(now == before[row]).tolist() for row in rows)
    return [places[0] for places in found if places]


def coloured(code: bytes, styles: Sequence[Style], palette: Palette, pattern: bytes = b"") -> list[Segment]:
    """Code as coloured symbols; bytes that cannot be shown are dots, and a pattern is marked."""
    matched = bytearray(len(code))
    place = code.find(pattern) if pattern else -1
    while place >= 0:
        matched[place : place + len(pattern)] = b"\1" * len(pattern)
        place = code.find(pattern, place + 1)
    segments: list[Segment] = []
    text, current = "", Style.null()
    for byte, match in zip(code, matched, strict=True):
        style = palette.match if match else styles[byte]
        if style is not current and text:
            segments.append(Segment(text, current))
            text = ""
        current = style
        text += chr(byte) if 32 <= byte < 127 or 161 <= byte != 173 else "·"
    if text:
        segments.append(Segment(text, current))
    return segments


def case_blocks(errors: NDArray[np.int64], width: int, palette: Palette) -> list[Segment]:
    """Solved cases as filled blocks, at most `width`; of more cases a block shows how many of its share are solved."""
    solved = errors == 0
    if len(errors) <= width:
        runs = "".join("■" if case else "·" for case in solved.tolist())
    else:
        edges = np.arange(width) * len(errors) // width
        shares = np.add.reduceat(solved.astype(np.float64), edges) / np.diff(np.append(edges, len(errors)))
        runs = "".join("·" if share == 0 else _EIGHTHS[int(share * 8)] for share in shares.tolist())
    segments: list[Segment] = []
    for character in runs:
        style = palette.faint if character == "·" else palette.ok
        if segments and segments[-1].style is style:
            segments[-1] = Segment(segments[-1].text + character, style)
        else:
            segments.append(Segment(character, style))
    return segments


def _cases(errors: NDArray[np.int64]) -> Draw:
    def draw(row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        return case_blocks(errors[row], width, palette)

    return draw


def _labels(labels: Labels) -> Draw:
    def draw(row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        name = labels.names[int(labels.codes[row])]
        return [Segment(name if len(name) <= width else name[: width - 1] + "…", palette.muted)]

    return draw


def _digits(values: NDArray[np.number], least: int) -> int:
    widest = max((len(f"{int(value):,}") for value in (values.min(), values.max())), default=1) if len(values) else 1
    return max(least + 1, widest)


def _values(population: Population, rank: Rows, lengths: Rows) -> dict[str, Values]:
    values: dict[str, Values | None] = {
        "rank": rank,
        "error": population.error,
        "solved": None if population.errors is None else (population.errors == 0).sum(axis=1),
        "length": lengths,
        "steps": population.steps,
        "born": population.born,
        "operator": None if population.operator is None else Labels(population.operators, population.operator),
        "island": population.island,
        "id": population.ids,
        "program": population.programs,
    }
    return {name: column for name, column in values.items() if column is not None}


def _sort_keys(values: Values) -> list[NDArray[np.int64]]:
    """Whole numbers that sort as the column does, the most significant first."""
    if isinstance(values, Labels):
        places = {name: place for place, name in enumerate(sorted(values.names))}
        return [np.array([places[name] for name in values.names], np.int64)[values.codes]]
    if isinstance(values, Programs):
        return _prefixes(values)
    return [values.astype(np.int64)]


def _prefixes(programs: Programs, words: int = 3) -> list[NDArray[np.int64]]:
    """The first 21 symbols of each program, seven to a number; a program's end sorts before any symbol."""
    padded = np.append(programs.code, np.zeros(1, np.uint8))
    keys = []
    for word in range(words):
        key = np.zeros(len(programs), np.int64)
        for place in range(7 * word, 7 * word + 7):
            inside = place < programs.lengths
            symbol = padded[np.where(inside, programs.offsets[:-1] + place, len(padded) - 1)]
            key = key * 257 + np.where(inside, symbol.astype(np.int64) + 1, 0)
        keys.append(key)
    return keys
