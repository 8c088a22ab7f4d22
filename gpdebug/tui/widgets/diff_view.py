"""The cells of two memories: only those that differ, a line each, or all of them side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.events import Resize

from gpdebug.tui.widgets.line_view import LineView, runs
from gpdebug.tui.widgets.memory_layout import character

Heads = tuple[int, int | None]
"""Cells of head0 and head1; None where no instruction uses head1."""

_COLUMNS = (32, 16, 8, 4)
_BETWEEN = 3


@dataclass(frozen=True, slots=True, eq=False)
class DiffScene:
    """Two memories.

    Attributes:
        before, after: `uint8[cells]`; those that both have are compared.
        changed: `int64[changes]`: the cells that differ, in order.
        heads: heads of both: `(head0, head1 or None)` each.
        names: what the user calls them.
    """

    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    changed: NDArray[np.int64]
    heads: tuple[Heads, Heads]
    names: tuple[str, str]

    @classmethod
    def of(
        cls,
        before: NDArray[np.uint8],
        after: NDArray[np.uint8],
        heads: tuple[Heads, Heads],
        names: tuple[str, str],
    ) -> DiffScene:
        """Compares two memories."""
        cells = min(len(before), len(after))
        return cls(before, after, np.flatnonzero(before[:cells] != after[:cells]), heads, names)

    @property
    def cells(self) -> int:
        """Cells that both have."""
        return min(len(self.before), len(self.after))


class DiffView(LineView, can_focus=True):
    """A list of changes, or both memories in hex with the changes marked; scrolls by keys and wheel."""

    pinned = 2

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "scroll(-1)", show=False, id="diff.up"),
        Binding("down", "scroll(1)", show=False, id="diff.down"),
        Binding("pageup", "page(-1)", show=False, id="diff.page_up"),
        Binding("pagedown", "page(1)", show=False, id="diff.page_down"),
        Binding("home", "scroll(-1000000000)", show=False, id="diff.first"),
        Binding("end", "scroll(1000000000)", show=False, id="diff.last"),
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.scene: DiffScene | None = None
        self.all_cells = False
        self._columns = 8

    def show(self, scene: DiffScene, *, all_cells: bool) -> None:
        """Shows two memories.

        Args:
            scene: what to compare.
            all_cells: side by side, instead of only the changes.
        """
        self.scene, self.all_cells = scene, all_cells
        self._place()
        if all_cells and len(scene.changed):
            self.scroll_to(y=int(scene.changed[0]) // self._columns, animate=False)
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        """Fits as many cells a line as there is room for."""
        self._place()

    def _place(self) -> None:
        scene = self.scene
        if scene is None:
            return
        fitting = (n for n in _COLUMNS if self._after_at(n) + 3 * n <= self.size.width)
        self._columns = next(fitting, _COLUMNS[-1])
        if self.all_cells:
            self.set_line_count(-(-scene.cells // self._columns))
        else:
            self.set_line_count(max(1, len(scene.changed)))

    @property
    def _digits(self) -> int:
        return 2 if self.scene is None else max(2, len(f"{max(0, self.scene.cells - 1):x}"))

    def _after_at(self, columns: int) -> int:
        return 1 + self._digits + 3 * columns + _BETWEEN

    def header(self, y: int) -> Iterable[Segment]:
        """Names of the two sides, and of the columns."""
        if y == 0:
            return self._sides()
        if not self.all_cells:
            return [
                Segment(_change_line("cell", "hex", "decimal", "change", "signed", "character"), self.palette.faint)
            ]
        numbers = "".join(f" {column:2x}" for column in range(self._columns))
        return [Segment(" " * (1 + self._digits) + numbers + " " * _BETWEEN + numbers, self.palette.faint)]

    def _sides(self) -> Iterable[Segment]:
        scene = self.scene
        if scene is None or not self.all_cells:
            return []
        before, after = scene.names
        at = self._after_at(self._columns)
        left = " " * (2 + self._digits) + before[: 3 * self._columns]
        return [Segment(left.ljust(at + 1) + after, self.palette.heading)]

    def line(self, y: int) -> Iterable[Segment]:
        """One change, or one row of both memories."""
        scene = self.scene
        if scene is None:
            return []
        if self.all_cells:
            return runs(self._row(scene, y * self._columns))
        if not len(scene.changed):
            return [Segment(" no cell differs", self.palette.muted)]
        return runs(self._change(scene, y))

    def _change(self, scene: DiffScene, y: int) -> Iterator[tuple[str, Style]]:
        palette = self.palette
        cell = int(scene.changed[y])
        begins = y == 0 or int(scene.changed[y - 1]) != cell - 1
        goes_on = y + 1 < len(scene.changed) and int(scene.changed[y + 1]) == cell + 1
        old, new = int(scene.before[cell]), int(scene.after[cell])
        bracket = ("┌" if goes_on else " ") if begins else ("│" if goes_on else "└")
        yield f" {bracket} ", palette.faint
        yield f"{cell:>11,}  ", palette.heading if begins else palette.muted
        yield f"{old:02x} → ", palette.muted
        yield f"{new:02x}", palette.changed
        yield f"    {old:>3} → ", palette.muted
        yield f"{new:>3}", palette.base
        yield f"   {_signed(new - old):>5}", palette.base
        yield f"   {_with_minus(old):>4} → ", palette.faint
        yield f"{_with_minus(new):>4}", palette.muted
        yield f"   {_quoted(old):>3} → ", palette.muted
        yield f"{_quoted(new):<3}", palette.base

    def _row(self, scene: DiffScene, start: int) -> Iterator[tuple[str, Style]]:
        palette = self.palette
        end = min(start + self._columns, scene.cells)
        differs = (scene.before[start:end] != scene.after[start:end]).tolist()
        yield f" {start:0{self._digits}x}".rjust(1 + self._digits), palette.heading if any(differs) else palette.faint
        for side, memory in enumerate((scene.before, scene.after)):
            for offset, value in enumerate(memory[start:end].tolist()):
                style = palette.base if value else palette.faint
                if differs[offset]:
                    style = palette.changed if side else palette.heading
                head0, head1 = scene.heads[side]
                if start + offset == head0:
                    style = style + palette.head0_fill
                elif start + offset == head1:
                    style = style + palette.head1_fill
                yield " ", palette.base
                yield f"{value:02x}", style
            missing = self._columns - (end - start)
            yield "   " * missing + (" " * _BETWEEN if side == 0 else ""), palette.base

    def next_change(self, direction: int) -> None:
        """Scrolls to the next or the previous line with a change, seen from the top."""
        scene = self.scene
        if scene is None or not self.all_cells or not len(scene.changed):
            self.action_page(direction)
            return
        rows = np.unique(scene.changed // self._columns)
        top = self.scroll_offset.y
        found = rows[rows > top] if direction > 0 else rows[rows < top][::-1]
        if len(found):
            self.scroll_to(y=int(found[0]), animate=False)

    def action_scroll(self, lines: int) -> None:
        """Scrolls by lines."""
        self.scroll_to(y=max(0, self.scroll_offset.y + lines), animate=False)

    def action_page(self, direction: int) -> None:
        """Scrolls by a page."""
        self.action_scroll(direction * self.page)


def _change_line(cell: str, hexadecimal: str, decimal: str, change: str, signed: str, char: str) -> str:
    return f"{cell:>14}  {hexadecimal:<11}{decimal:<10} {change:>7}   {signed:<14}{char:<10}"


def _signed(value: int) -> str:
    return f"+{value}" if value >= 0 else f"−{-value}"


def _with_minus(byte: int) -> str:
    return f"−{256 - byte}" if byte > 127 else f"{byte}"


def _quoted(byte: int) -> str:
    return f"'{character(byte)}'" if 32 <= byte < 127 else "·"
