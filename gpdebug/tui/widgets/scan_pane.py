"""What a scan shows: what it says in all, its heat maps, its rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message

from gpdebug.tui.heat_scene import HeatScene
from gpdebug.tui.scans import ScanResult
from gpdebug.tui.widgets.bar import Bar, Part
from gpdebug.tui.widgets.heat_view import HeatView
from gpdebug.tui.widgets.table import Column, Table

_LINES = 3
_MOST_OF_HEIGHT = 0.45


class ScanPane(Vertical):
    """Shows a scan, or that it is being worked out."""

    DEFAULT_CSS = """
    ScanPane { height: 1fr; width: 1fr; }
    ScanPane Table { height: 1fr; margin-top: 1; }
    """

    class Opened(Message):
        """An instruction is to be shown in the debugger."""

        def __init__(self, instruction: int) -> None:
            super().__init__()
            self.instruction = instruction

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._result: ScanResult | None = None
        self._sort = ("", False)

    def compose(self) -> ComposeResult:
        """The lines, the maps, the rows."""
        for line in range(_LINES):
            yield Bar(classes=f"line-{line}")
        yield HeatView(id=f"{self.id}-heat")
        yield Table(id=f"{self.id}-rows")

    @property
    def heat(self) -> HeatView:
        """The maps."""
        return self.query_one(HeatView)

    @property
    def table(self) -> Table:
        """The rows."""
        return self.query_one(Table)

    @property
    def result(self) -> ScanResult | None:
        """What is shown."""
        return self._result

    def show(self, result: ScanResult | None) -> None:
        """Shows what a scan found; None: nothing."""
        if result is self._result and result is not None:
            return
        self._result = result
        if result is None:
            self.heat.show(None)
            self.table.show(np.zeros(0, np.int64))
        else:
            self.say(result.lines)
            self.heat.show(result.heat)
            self._sort = result.sort
            self.table.set_columns(result.table.columns(), 0)
            self._arrange()
        self._share_lines()

    def say(self, lines: Sequence[str], style: str = "muted") -> None:
        """Says something above."""
        for line in range(_LINES):
            text = lines[line] if line < len(lines) else ""
            self.query_one(f".line-{line}", Bar).show([Part(f" {text}", "base" if line == 0 else style)])

    def on_resize(self) -> None:
        """Shares the lines anew."""
        self._share_lines()

    def _share_lines(self) -> None:
        scene: HeatScene | None = self.heat.scene
        needed = 0 if scene is None else len(scene.rows) + HeatView.pinned
        self.heat.styles.height = min(needed, max(4, int(self.size.height * _MOST_OF_HEIGHT)))

    @property
    def columns(self) -> dict[str, Column]:
        """The columns by the letters that sort by them."""
        found = () if self._result is None else self._result.table.columns()
        return {column.letter: column for column in found if column.letter}

    def sort_by(self, key: str) -> None:
        """Sorts by a column; once more turns it round."""
        before, descending = self._sort
        self._sort = (key, not descending if key == before else key not in ("site", "to", "symbol", "mutation"))
        self._arrange()

    def _arrange(self) -> None:
        if self._result is not None:
            key, descending = self._sort
            order = self._result.table.order(key, descending=descending)
            self.table.show(order, sorted_by=self._sort, keep=self.table.row)

    @property
    def instruction(self) -> int | None:
        """The instruction under the cursor of what has the keys."""
        if self._result is None:
            return None
        if self.table.has_focus:
            return None if self.table.row is None else self._result.table.instruction(self.table.row)
        return self.heat.instruction

    def on_table_header_clicked(self, message: Table.HeaderClicked) -> None:
        """Sorts by the column that was clicked."""
        message.stop()
        self.sort_by(message.key)

    def on_table_chosen(self, message: Table.Chosen) -> None:
        """Opens the instruction of the row that was clicked twice."""
        message.stop()
        self._open(self.instruction)

    def on_heat_view_chosen(self, message: HeatView.Chosen) -> None:
        """Opens the instruction that was clicked twice."""
        message.stop()
        self._open(self.heat.instruction)

    def _open(self, instruction: int | None) -> None:
        if instruction is not None:
            self.post_message(self.Opened(instruction))
