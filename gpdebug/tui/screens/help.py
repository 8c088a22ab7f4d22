"""Help: the keys that work on the screen it was called from, what the colours mean, and the command words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar, Protocol, runtime_checkable

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from gpdebug.syntax import Role
from gpdebug.tui.keymap import APP, Key, bind, in_groups
from gpdebug.tui.themes import MEANINGS, Palette
from gpdebug.tui.widgets.lines import KeyLine, TitleLine
from gpdebug.tui.widgets.page import Lines, Page
from gpdebug.tui.widgets.timeline import ACTIVITY_SIGNS

_ROLES = {
    Role.MOVE0: ("> <", "moves head 0"),
    Role.MOVE1: ("} {", "moves head 1"),
    Role.VALUE: ("+ -", "changes the cell under head 0"),
    Role.LOOP: ("[ ]", "begins or ends a loop"),
    Role.COPY: (". ,", "copies, reads or writes"),
}
_COLUMN = 58
_LEFT = 17


@dataclass(frozen=True, slots=True)
class Section:
    """A titled list: what to type or what one sees, and what it does or means.

    Attributes:
        title: over it.
        rows: its lines.
        presses: the key that a click on each presses; empty: clicks do nothing.
    """

    title: str
    rows: tuple[tuple[str, str], ...]
    presses: tuple[str, ...] = ()


@runtime_checkable
class Explained(Protocol):
    """A screen that has more to explain than its keys."""

    def help_sections(self) -> Sequence[Section]:
        """What the help shows after the keys."""


class HelpScreen(Screen[None]):
    """One page; as many columns as fit. Without keys it has the sections alone."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("escape,question_mark,f1,q", "app.leave", "back", id="help.back", group=APP),
    ]

    def __init__(self, keys: Sequence[Key], sections: Sequence[Section] = ()) -> None:
        super().__init__()
        self._keys, self._sections = keys, sections

    def compose(self) -> ComposeResult:
        """The title, the page, the keys."""
        yield TitleLine(("help",), ("a click on a key presses it",) if self._keys else ())
        yield Page(self._lines)
        yield KeyLine()

    def action_press(self, key: str) -> None:
        """Goes back and does what a key does there."""
        if self.is_current:
            self.app.pop_screen()
            self.app.call_later(self.app.simulate_key, key)

    def _lines(self, width: int, palette: Palette) -> Lines:
        count = max(1, min(3, (width - 2) // _COLUMN))
        column = min((width - 2) // count, 72)
        blocks = [_block(section, column, palette) for section in self._all()]
        if self._keys:
            blocks.insert(len(in_groups(self._keys)), _legend(column, palette))
        return [[], *_in_columns(blocks, count, column)]

    def _all(self) -> list[Section]:
        keys = [
            Section(
                title,
                tuple((" ".join(key.keys), _sentence(key.tip)) for key in group),
                tuple(key.press for key in group),
            )
            for title, group in in_groups(self._keys).items()
        ]
        return [*keys, *self._sections]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _block(section: Section, width: int, palette: Palette) -> Lines:
    lines: Lines = [[Segment(section.title, palette.heading)]]
    for (left, right), press in zip_longest(section.rows, section.presses):
        row = _row(left, right, palette.key, width)
        lines += row if press is None else [_button(line, press) for line in row]
    return [*lines, []]


def _button(line: list[Segment], press: str) -> list[Segment]:
    """A line that leaves the help and presses a key when it is clicked."""
    click = Style.from_meta({"@click": f"screen.press({press!r})"})
    return list(Segment.apply_style(line, click))


def _row(left: str, right: str, style: Style, width: int) -> Lines:
    """One entry; a long explanation goes on below, indented."""
    head = set_cell_size(left, _LEFT) if cell_len(left) < _LEFT else left + " "
    if cell_len(head) > _LEFT + 1:
        first, *rest = _wrapped(left, width - 5)
        heads = [first, *("  " + line for line in rest)]
        return [*([Segment(line, style)] for line in heads), *_row("", right, style, width)]
    first, *rest = _wrapped(right, max(10, width - _LEFT - 3))
    return [[Segment(head, style), Segment(first)], *([Segment(" " * _LEFT + line)] for line in rest)]


def _wrapped(text: str, room: int) -> list[str]:
    """Lines of whole words; choices (`this|that`) that are too long for a line go on after one of them."""
    lines = [""]
    for word in text.split():
        gap = " " if lines[-1] else ""
        for piece in [word] if len(word) <= room else re.findall(r"[^|]+\|*|\|+", word):
            if lines[-1] and len(lines[-1]) + len(gap) + len(piece) > room:
                lines.append("")
                gap = ""
            lines[-1] += gap + piece
            gap = ""
    return lines


def _legend(width: int, palette: Palette) -> Lines:
    scale = [Segment("  ", style) for style in palette.heat[1:]]
    effects = ("intron: it runs, nothing changes without it", "neutral: the error is the same without it",
               "beneficial: the error is smaller without it", "harmful: the error is larger without it",
               "lethal: no better without it than no output")  # fmt: skip
    entries: list[tuple[list[Segment], str]] = [
        *(([Segment(meaning.sign.rstrip(), getattr(palette, meaning.name.replace("-", "_")))], meaning.text)
          for meaning in MEANINGS),
        (scale, "heat: how often it ran, or was used"),
        ([Segment("  ", palette.coverage[1])], "coverage: it ran, or was used"),
        *(([Segment(" + ", style)], f"knock-outs: {effect}")
          for style, effect in zip(palette.effects[1:], effects, strict=True)),
        (scale, "robustness: the hotter, the fewer mutations are neutral"),
        *(([Segment(dots)], f"the run's line: {told}") for dots, told in ACTIVITY_SIGNS.items()),
    ]  # fmt: skip
    lines: Lines = [[Segment("Marks and colours", palette.heading)]]
    for signs, text in entries:
        lines += _entry(signs, text, width)
    lines += [[], [Segment("Symbols of a program", palette.heading)]]
    for role, (symbols, meant) in _ROLES.items():
        lines += _entry([Segment(symbols, palette.roles[role])], meant, width)
    return [*lines, []]


def _entry(signs: Sequence[Segment], text: str, width: int) -> Lines:
    """Signs and what they mean; a long explanation goes on below, indented."""
    blank = " " * (_LEFT - sum(sign.cell_length for sign in signs))
    first, *rest = _wrapped(text, max(10, width - _LEFT - 3))
    return [[*signs, Segment(blank + first)], *([Segment(" " * _LEFT + line)] for line in rest)]


def _in_columns(blocks: Sequence[Lines], count: int, width: int) -> Lines:
    """Deals blocks, in order, into columns of about the same height."""
    goal = -(-sum(map(len, blocks)) // count)
    columns: list[Lines] = [[]]
    for block in blocks:
        if len(columns) < count and columns[-1] and len(columns[-1]) + len(block) // 2 > goal:
            columns.append([])
        columns[-1].extend(block)
    lines: Lines = []
    for row in range(max(map(len, columns))):
        line = [Segment("  ")]
        for column in columns:
            cells = column[row] if row < len(column) else []
            line += [*cells, Segment(" " * max(0, width - sum(cell.cell_length for cell in cells)))]
        lines.append(line)
    return lines
