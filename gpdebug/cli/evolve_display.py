"""What `gpdebug evolve` shows while it runs: a line of figures and how much of the budget is used."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console, Group
from rich.control import Control
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.segment import ControlType
from rich.table import Table
from rich.text import Text

from gpdebug.evolve.budget import Budget
from gpdebug.evolve.run import Progress, Run

_ROOM = 3
"""Columns left free: a line that fills the terminal goes on in the next one when the terminal writes `^C` behind it."""
_GAP = 2
_FIRST_LEFT_OUT = ("programs/s", "held-out error", "generation", "cases solved")
"""Figures that are left out where there is no room for all, in this order."""


class Display:
    """A live view on standard error; nothing at all where that is no terminal."""

    def __init__(self, run: Run, budget: Budget) -> None:
        self._task = run.engine.task
        self._budget = budget
        self._path = run.folder.path
        self._console = Console(stderr=True, highlight=False)
        self._live = Live(console=self._console, refresh_per_second=8, transient=True)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._console.control(Control((ControlType.ERASE_IN_LINE, 2), ControlType.CARRIAGE_RETURN))
            self._live.start()
            self._live.update(Text("the first generation …", style="dim"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def show(self, progress: Progress) -> None:
        """Takes in how far the run is."""
        if self._console.is_terminal:
            self._live.update(self._picture(progress))

    def _picture(self, progress: Progress) -> Group:
        champion = progress.champion
        assert champion is not None
        cases = f"{champion.solved_cases:,} of {len(self._task.training):,}"
        figures = {
            "best error": f"{champion.error:,}",
            "cases solved": cases,
            "held-out error": f"{champion.held_out_error:,}",
            "generation": f"{progress.generation:,}",
            "programs/s": f"{progress.programs_per_s:,.0f}",
            "left": self._left(progress),
        }
        width = max(1, self._console.width - _ROOM)
        heading = f"{self._task.name} → {self._path}   (Ctrl-C stops and saves)"
        lines: list[Text | Table] = [_line(heading, width), _table(fitting(figures, width))]
        if progress.budget_used is not None:
            bar = Table.grid()
            bar.add_row(ProgressBar(total=1.0, completed=progress.budget_used, width=min(width, 60)))
            lines.append(bar)
        lines.append(_line(champion.code.decode("latin-1"), width, "cyan"))
        return Group(*lines)

    def _left(self, progress: Progress) -> str:
        """The time until the nearer bound is reached at the present pace."""
        seconds = self._budget.left(progress.session_seconds, progress.evaluations, progress.programs_per_s)
        if seconds is None:
            return "no limit"
        return f"{seconds:,.0f} s" if seconds < 600 else f"{seconds / 60:,.0f} min"


def fitting(figures: dict[str, str], width: int) -> dict[str, str]:
    """As many figures, by name, as there is room for."""
    shown = dict(figures)
    for name in _FIRST_LEFT_OUT:
        if sum(max(len(title), len(value)) + _GAP for title, value in shown.items()) - _GAP > width:
            del shown[name]
    return shown


def _table(figures: dict[str, str]) -> Table:
    table = Table.grid(padding=(0, _GAP))
    for _ in figures:
        table.add_column(justify="right", no_wrap=True)
    table.add_row(*(Text(name, style="dim") for name in figures))
    table.add_row(*(Text(value, style="bold") for value in figures.values()))
    return table


def _line(text: str, width: int, style: str = "") -> Text:
    line = Text(text, no_wrap=True, style=style)
    line.truncate(width, overflow="ellipsis")
    return line
