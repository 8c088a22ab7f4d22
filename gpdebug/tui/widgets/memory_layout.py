"""How memory is laid out in lines: number formats, cells a line, columns, and lines between rows for the heads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from gpdebug.wording import character, signed_byte


class Format(Enum):
    """How a cell is written: name, width of a cell, cells a line to choose from, base of the addresses."""

    HEX = ("hex", 2, (4, 8, 16, 32), 16)
    DECIMAL = ("decimal", 3, (5, 10, 20, 30), 10)
    SIGNED = ("signed", 4, (5, 10, 20), 10)
    CHARACTERS = ("characters", 1, (10, 20, 40, 50), 10)

    def __init__(self, label: str, width: int, choices: tuple[int, ...], base: int) -> None:
        self.label = label
        self.width = width
        self.choices = choices
        self.base = base

    @property
    def next(self) -> Format:
        """The format that follows, the first one after the last."""
        formats = list(Format)
        return formats[(formats.index(self) + 1) % len(formats)]

    def address(self, cell: int) -> str:
        """A cell's number in the base of this format."""
        return f"{cell:02x}" if self.base == 16 else str(cell)


@lru_cache(maxsize=8)
def texts(form: Format) -> tuple[str, ...]:
    """Each of the 256 values, right-aligned in the format's width."""
    write: dict[Format, Callable[[int], str]] = {
        Format.HEX: lambda byte: f"{byte:02x}",
        Format.DECIMAL: str,
        Format.SIGNED: lambda byte: str(signed_byte(byte)),
        Format.CHARACTERS: character,
    }
    return tuple(write[form](byte).rjust(form.width) for byte in range(256))


@dataclass(frozen=True, slots=True)
class Layout:
    """Where cells are.

    Attributes:
        form: the number format.
        cells: size of the memory.
        columns: cells a line.
        digits: width of the addresses.
        aside: whether the line's characters are repeated on its right; then there are gaps between groups as well.
        marked: rows that have a line for heads below them, in order.
    """

    form: Format
    cells: int
    columns: int
    digits: int
    aside: bool
    marked: tuple[int, ...] = ()

    @classmethod
    def choices(cls, form: Format, cells: int) -> list[Layout]:
        """The layouts for a memory, narrow to wide; none with more cells a line than there are."""
        digits = max(2, len(form.address(max(0, cells - 1))))
        enough = next((n for n in form.choices if n >= cells), form.choices[-1])
        asides = (False,) if form is Format.CHARACTERS else (False, True)
        return [cls(form, cells, n, digits, aside) for n in form.choices if n <= enough for aside in asides]

    @classmethod
    def fit(cls, form: Format, cells: int, width: int) -> Layout:
        """The most cells a line that fit into a width, with their characters aside if these fit as well."""
        choices = cls.choices(form, cells)
        fitting = [layout for layout in choices if layout.width <= width]
        return max(fitting or choices[:1], key=lambda layout: (layout.columns, layout.aside))

    @property
    def rows(self) -> int:
        """Lines that hold cells."""
        return -(-self.cells // self.columns)

    @property
    def lines(self) -> int:
        """All lines."""
        return self.rows + len(self.marked)

    @property
    def group(self) -> int:
        """Cells between wider gaps."""
        return 10 if self.form.base == 10 else 8

    @property
    def width(self) -> int:
        """Columns that are used."""
        return self.aside_at + self.columns if self.aside else self.x_of(self.columns - 1) + self.form.width

    @property
    def aside_at(self) -> int:
        """Column where the characters on the right begin."""
        return self.x_of(self.columns - 1) + self.form.width + 2

    def x_of(self, column: int) -> int:
        """The first column of a cell's text."""
        gaps = column // self.group if self.aside or self.form is Format.CHARACTERS else 0
        return self.digits + 1 + column * (self.form.width + 1) + gaps

    def column_at(self, x: int) -> int | None:
        """The cell of a line that is drawn at column `x`, or None."""
        if self.aside and self.aside_at <= x < self.aside_at + self.columns:
            return x - self.aside_at
        for column in range(self.columns):
            if self.x_of(column) - 1 <= x < self.x_of(column) + self.form.width:
                return column
        return None

    def line_of(self, row: int) -> int:
        """The line of a row."""
        return row + sum(marked < row for marked in self.marked)

    def row_at(self, line: int) -> tuple[int, bool]:
        """The row of a line, and whether it is the line for the heads below that row."""
        for passed, marked in enumerate(self.marked):
            if line - passed <= marked:
                break
            if line - passed == marked + 1:
                return marked, True
        else:
            passed = len(self.marked)
        return line - passed, False

    def with_marks(self, cells: Sequence[int]) -> Layout:
        """The same layout with lines below the rows of some cells."""
        marked = tuple(sorted({cell // self.columns for cell in cells}))
        return Layout(self.form, self.cells, self.columns, self.digits, self.aside, marked)
