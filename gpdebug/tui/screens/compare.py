"""Two individuals side by side: what is known about them, and their programs aligned."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import BindingType

from gpdebug.debugger.diff_text import blocks
from gpdebug.store.population import Individual
from gpdebug.tui.individuals import case_blocks, coloured
from gpdebug.tui.keymap import APP, OPEN, bind
from gpdebug.tui.screens.dialog import AnsweringScreen
from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.page import Lines, Page
from vm.dialect import Dialect

_LABEL = 13
_GAP = 0
"""A byte that stands for nothing: the other program has an instruction here."""


class CompareScreen(AnsweringScreen[bool]):
    """Shows two individuals of a population; comes back with True if their runs are to be compared."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("enter,r", "dismiss(True)", "their runs", id="compare.runs", group=OPEN,
             tip="run both on the same input and compare what they do"),
        bind("escape,d", "app.leave", "back", id="compare.back", group=APP),
    ]  # fmt: skip

    def __init__(self, dialect: Dialect, first: Individual, second: Individual) -> None:
        super().__init__()
        self._dialect, self._first, self._second = dialect, first, second

    def compose(self) -> ComposeResult:
        """The title, the page, the keys."""
        yield TitleLine((f"#{self._first.id}", f"compared with #{self._second.id}"))
        yield Page(self._lines)
        yield KeyLine()

    def _lines(self, width: int, palette: Palette) -> Lines:
        return [[], *_facts(self._first, self._second, width, palette), [], *self._programs(width, palette)]

    def _programs(self, width: int, palette: Palette) -> Lines:
        first, second = aligned(self._first.code, self._second.code)
        different = [a != b for a, b in zip(first, second, strict=True)]
        styles = palette.symbols(self._dialect)
        same = len(different) - sum(different)
        lines: Lines = [
            [Segment(f"  {same:,} instructions alike, {sum(different):,} places differ", palette.muted)],
            [],
        ]
        room = max(8, width - _LABEL - 2)
        for start in range(0, len(first), room):
            part = slice(start, start + room)
            for label, code in (("a", first[part]), ("b", second[part])):
                lines.append([Segment(f"  program {label}".ljust(_LABEL), palette.muted)])
                lines[-1] += _marked(code, different[part], styles, palette)
            lines.append([])
        return lines


def aligned(first: bytes, second: bytes) -> tuple[bytes, bytes]:
    """Two programs with gaps, so that what they have in common stands one above the other."""
    left, right = bytearray(), bytearray()
    for _, a, b, c, d in blocks(first, second):
        length = max(b - a, d - c)
        left += first[a:b].ljust(length, bytes([_GAP]))
        right += second[c:d].ljust(length, bytes([_GAP]))
    return bytes(left), bytes(right)


def _marked(code: bytes, different: list[bool], styles: tuple[Style, ...], palette: Palette) -> list[Segment]:
    segments: list[Segment] = []
    for byte, unlike in zip(code, different, strict=True):
        if byte == _GAP and unlike:
            segments.append(Segment("·", palette.faint))
            continue
        (segment,) = coloured(bytes([byte]), styles, palette)
        segments.append(Segment(segment.text, palette.changed) if unlike else segment)
    return segments


def _facts(first: Individual, second: Individual, width: int, palette: Palette) -> Lines:
    room = max(12, min(28, (width - _LABEL - 2) // 3))
    rows: list[tuple[str, object, object]] = [
        ("error", first.error, second.error),
        ("length", len(first.code), len(second.code)),
        ("steps", first.steps, second.steps),
        ("born", first.born, second.born),
        ("island", first.island, second.island),
        ("operator", first.operator, second.operator),
        ("parents", _parents(first), _parents(second)),
    ]
    head = [("", None), (f"a  #{first.id}", palette.heading), (f"b  #{second.id}", palette.heading)]
    lines: Lines = [
        [Segment(text.rjust(room) if index else " " * _LABEL, style) for index, (text, style) in enumerate(head)]
    ]
    lines[0].append(Segment("b − a".rjust(room), palette.muted))
    for name, a, b in rows:
        if a is not None or b is not None:
            lines.append([Segment(f"  {name}".ljust(_LABEL), palette.muted), *_pair(a, b, room, palette)])
    if first.errors is not None and second.errors is not None:
        line = [Segment("  cases".ljust(_LABEL), palette.muted)]
        for errors in (first.errors, second.errors):
            blocks = case_blocks(np.array(errors), min(room - 2, 24), palette)
            line += [Segment(" " * (room - sum(block.cell_length for block in blocks))), *blocks]
        lines.append(line)
    return lines


def _pair(a: object, b: object, room: int, palette: Palette) -> list[Segment]:
    segments = [Segment(_word(a, room)), Segment(_word(b, room))]
    if isinstance(a, int) and isinstance(b, int) and a != b:
        segments.append(Segment(f"{b - a:+,}".replace("-", "−").rjust(room), palette.changed))
    return segments


def _word(value: object, room: int) -> str:
    text = f"{value:,}" if isinstance(value, int) else "–" if value is None else str(value)
    return text[: room - 1].rjust(room)


def _parents(individual: Individual) -> str | None:
    if individual.parents is None:
        return None
    return " ".join(f"#{parent}" for parent in individual.parents) or "none"
