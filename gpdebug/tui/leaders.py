"""The best individuals of a run that goes on, as a table whose rows change while one looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from rich.segment import Segment

from gpdebug.evolve.live import Leader
from gpdebug.store.population import Individual
from gpdebug.store.task import Task
from gpdebug.tui.individuals import BLOCKS, case_blocks, coloured
from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.table import Column, Draw

_NUMBERS = {"error": (10, 0), "length": (6, 1), "born": (8, 4), "id": (10, 6), "island": (6, 3)}
"""Widths and weights of columns of numbers."""


class LeadersTable:
    """Draws the individuals that it holds at the moment.

    Attributes:
        task: what they are evolved for.
        leaders: the individuals, the best first.
    """

    def __init__(self, task: Task | None) -> None:
        self.task = task
        self.leaders: Sequence[Leader] = ()

    def columns(self) -> tuple[Column, ...]:
        """The columns; they stay the same whoever is shown."""
        numbers: dict[str, Callable[[Leader], int]] = {
            "error": lambda leader: leader.error,
            "length": lambda leader: len(leader.code),
            "born": lambda leader: leader.born,
            "id": lambda leader: leader.id,
            "island": lambda leader: leader.island,
        }
        made = {
            key: Column(key, key, width, self._number(numbers[key]), weight=weight)
            for key, (width, weight) in _NUMBERS.items()
        }
        blocks = max(5, min(BLOCKS, len(self.task.training) if self.task else 5))
        cases = Column("solved", "cases", blocks, self._cases, right=False, weight=2)
        operator = Column("operator", "made by", 16, self._operator, right=False, weight=5)
        program = Column("program", "program", 24, self._program, right=False)
        return (made["error"], cases, made["length"], made["island"], made["born"], made["id"], operator, program)

    def place_of(self, id: int | None) -> int | None:
        """Where an individual stands now; None if it is not among them."""
        return next((place for place, leader in enumerate(self.leaders) if leader.id == id), None)

    def _number(self, value: Callable[[Leader], int]) -> Draw:
        def draw(row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
            return [Segment(f"{value(self.leaders[row]):,}".rjust(width)[-width:])]

        return draw

    def _cases(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        leader = self.leaders[row]
        if leader.errors:
            return case_blocks(np.array(leader.errors, np.int64), width, palette)
        total = len(self.task.training) if self.task else 0
        share = f"{leader.solved_cases:,}"
        return [Segment(share if not total else f"{share} ✓"[:width], palette.ok if share != "0" else palette.faint)]

    def _operator(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        name = self.leaders[row].operator
        return [Segment(name if len(name) <= width else name[: width - 1] + "…", palette.muted)]

    def _program(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        code = self.leaders[row].code[pan:]
        styles = palette.symbols(self.task.dialect) if self.task else (palette.base,) * 256
        segments = coloured(code[: width - (len(code) > width)], styles, palette)
        return segments if len(code) <= width else [*segments, Segment("…", palette.faint)]


def individual_of(leader: Leader) -> Individual:
    """What the run knows about one of them."""
    return Individual(
        row=0,
        id=leader.id,
        code=leader.code,
        operator=leader.operator,
        born=leader.born,
        island=leader.island,
        errors=leader.errors or None,
        error=leader.error,
    )
