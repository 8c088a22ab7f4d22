"""The catalogue of tasks, and the command that evolves programs for one."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from rich.segment import Segment
from textual import getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from gpdebug.evolve import catalogue
from gpdebug.tui.keymap import APP, OPEN, bind
from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.table import Column, Table


class TasksScreen(Screen[None]):
    """Lists the tasks; Enter copies the command for the one under the cursor."""

    DEFAULT_CSS = "TasksScreen Table { height: 1fr; margin: 1 0 0 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter,y", "copy", "copy the command", id="tasks.copy", group=OPEN,
             tip="copy the command; leave gpdebug, or take another terminal, and run it"),
        bind("escape", "app.leave", "back", id="tasks.back", group=APP),
    ]  # fmt: skip

    table = getters.query_one(Table)

    def __init__(self) -> None:
        super().__init__()
        self._names = (*catalogue.names(), f"{catalogue.TEXT_PREFIX}hello")

    def compose(self) -> ComposeResult:
        """The title, the tasks, the keys."""
        yield TitleLine(("gpdebug", "evolve a program"), ("the command runs in a terminal of its own",))
        yield Table()
        yield KeyLine()

    def on_mount(self) -> None:
        """Shows the tasks."""
        width = max(map(len, self._names))
        self.table.set_columns(
            (
                Column("name", "task", width, self._draw_name, right=False),
                Column("summary", "what it wants", 30, self._draw_summary, right=False, weight=1),
                Column("command", "command", 36, self._draw_command, right=False),
            ),
            60,
        )
        self.table.show(np.arange(len(self._names)))
        self.table.focus()

    def _draw_name(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        return [Segment(self._names[row], palette.heading)]

    def _draw_summary(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        name = self._names[row]
        text = "any text as output" if name.startswith(catalogue.TEXT_PREFIX) else catalogue.summary(name)
        return [Segment(text if len(text) <= width else text[: width - 1] + "…")]

    def _draw_command(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        return [Segment(self.command(row)[pan : pan + width], palette.muted)]

    def command(self, row: int) -> str:
        """The command line that evolves programs for a task."""
        name = self._names[row]
        return f"gpdebug evolve {name} --out runs/{name.replace(':', '-')}"

    def on_table_chosen(self) -> None:
        """Copies the command of the row that was clicked twice."""
        self.action_copy()

    def action_copy(self) -> None:
        """Copies the command."""
        if (row := self.table.row) is not None:
            self.app.copy_to_clipboard(self.command(row))
            self.app.clear_notifications()
            self.notify(f"copied: {self.command(row)}", markup=False)
