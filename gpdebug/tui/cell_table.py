"""A scan's table as the rows of a table on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from rich.segment import Segment

from gpdebug.tui.heat_scene import EFFECT_STYLES
from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.table import Column, Draw, Rows

if TYPE_CHECKING:
    from gpdebug.explain.scan.tables import Cell, Table

_WEIGHTS = {"other": 5, "better": 4, "worse": 3, "executed": 2}
"""Columns that are left out first where room is short."""
_LETTERS = {"site": "s", "to": "t", "symbol": "y", "executed": "x", "effect": "e", "error": "r", "change": "c",
            "worse": "w", "better": "b", "other": "o", "mutation": "m"}  # fmt: skip

_LAST = "effect"
_SCROLLBAR = 1
"""Columns that the last one needs beside its words."""


class CellTable:
    """The rows of a scan's table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def instruction(self, row: int) -> int:
        """The instruction that a row is about."""
        return _number(self._table.rows[row][self._table.columns.index("site")])

    def columns(self) -> tuple[Column, ...]:
        """The columns; what became of the change is last, it has all the room that is left."""
        found = [self._column(at, name) for at, name in enumerate(self._table.columns)]
        return tuple(sorted(found, key=lambda column: column.key == _LAST))

    def _column(self, at: int, name: str) -> Column:
        cells = [row[at] for row in self._table.rows]
        right = any(type(cell) is int for cell in cells)
        width = max([len(name) + 1, *(len(_words(cell)) for cell in cells)]) + (name == _LAST) * _SCROLLBAR
        return Column(
            name, name, width, self._drawer(at, right=right), _LETTERS.get(name, ""), right, _WEIGHTS.get(name, 0)
        )  # fmt: skip

    def _drawer(self, at: int, *, right: bool) -> Draw:
        effects = self._table.columns.index(_LAST)

        def draw(row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
            text = _words(self._table.rows[row][at])
            style = None
            if at == effects:
                style = getattr(palette, EFFECT_STYLES[_number(self._table.rows[row][at])])
            return [Segment((text.rjust(width) if right else text)[:width], style)]

        return draw

    def order(self, key: str, *, descending: bool) -> Rows:
        """The rows by a column, those that are equal as they are, empty ones last."""
        at = self._table.columns.index(key)
        told = [row for row, cells in enumerate(self._table.rows) if cells[at] is not None]
        told.sort(key=lambda row: self._table.rows[row][at], reverse=descending)  # type: ignore[arg-type, return-value]
        empty = [row for row, cells in enumerate(self._table.rows) if cells[at] is None]
        return np.array([*told, *empty], np.int64)


def _number(cell: Cell) -> int:
    assert isinstance(cell, int)
    return cell


def _words(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:,}" if type(cell) is int else str(cell)
