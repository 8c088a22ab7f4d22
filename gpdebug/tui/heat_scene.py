"""Heat maps of scans as a screen draws them: maps of the same instructions one below the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from gpdebug.tui.widgets.bar import Part
from gpdebug.wording import signed

if TYPE_CHECKING:
    from gpdebug.explain.scan.heat import HeatMap

EFFECT_STYLES = ("never_run", "faint", "muted", "ok", "warning", "error")
"""Styles of the palette by `gpdebug.explain.scan.outcomes.Effect`."""
BLANK = (" ", "faint")


@dataclass(frozen=True, eq=False)
class HeatScene:
    """Maps that have the same columns.

    Attributes:
        maps: from top to bottom.
    """

    maps: tuple[HeatMap, ...]

    @property
    def first(self) -> int:
        """The instruction of the first column."""
        return self.maps[0].first

    @property
    def columns(self) -> int:
        """How many there are."""
        return len(self.maps[0].symbols)

    @cached_property
    def rows(self) -> tuple[tuple[HeatMap, int], ...]:
        """Map and row in it of each line."""
        return tuple((each, row) for each in self.maps for row in range(len(each.rows)))

    @cached_property
    def label_width(self) -> int:
        """Columns of the longest name of a row."""
        return max(len(name) for each in self.maps for name in each.rows)

    def symbol(self, column: int) -> str:
        """The instruction of a column, in one character."""
        symbol = self.maps[0].symbols[column]
        return symbol if len(symbol) == 1 else "?" if symbol else " "

    def cell(self, row: int, column: int) -> tuple[str, str]:
        """What stands for a change: a character, and the name of its style."""
        from gpdebug.explain.scan.present import mark

        heat, at = self.rows[row]
        effect = int(heat.effects[at, column])
        return BLANK if effect < 0 else (mark(heat, at, column), EFFECT_STYLES[effect])

    def parts(self, row: int, column: int) -> list[Part]:
        """What a change did, in words."""
        from gpdebug.explain.scan.outcomes import Effect

        heat, at = self.rows[row]
        place = Part(f" {heat.first + column:,} {heat.symbols[column] or 'behind the last'} ", "heading")
        effect = int(heat.effects[at, column])
        if effect < 0:
            return [place, Part(f" {heat.rows[at]}: nothing to try", "muted")]
        delta = int(heat.deltas[at, column])
        told = f", error {signed(delta)}" if delta else ""
        return [place, Part(f" {heat.rows[at]}: ", "muted"), Part(f"{Effect(effect)}{told}", EFFECT_STYLES[effect])]
