"""How the debug screen shares its room: widths of program, memory and lists for any terminal, nothing stretched."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from gpdebug.tui.widgets.memory_layout import Format, Layout
from gpdebug.tui.widgets.program_grid import GridShape

_SIDE_FROM = 150
_SIDE_LEAST, _SIDE_MOST = 34, 56
_LISTING = (34, 44, 54)
_PROGRAM_MOST = 72
"""Width up to which a program takes room that nothing else needs: beyond, its words and counts only drift apart."""

_LISTED = 8
"""Lines of a listing that are worth having below the grid."""

_ROOMY = 100
"""Width from which the listing is shown unasked."""

_SCROLLBAR = 1
GAP = 1


class Form(Enum):
    """How the program is shown."""

    GRID = "grid"
    LISTING = "listing"
    BOTH = "both"

    @property
    def has_grid(self) -> bool:
        """Whether the grid is shown."""
        return self is not Form.LISTING

    @property
    def has_listing(self) -> bool:
        """Whether the listing is shown."""
        return self is not Form.GRID


@dataclass(frozen=True, slots=True)
class Needs:
    """What is to be shown.

    Attributes:
        instructions: length of the program.
        hexadecimal: whether its indexes are in hex.
        cells: size of the memory.
        format: the memory's number format.
    """

    instructions: int
    hexadecimal: bool
    cells: int
    format: Format


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Widths in columns; heights in lines.

    Attributes:
        program: the program's column.
        memory: the memory's column.
        side: the lists' column at the right, or 0: then they are below, behind tabs.
        below: lines for the lists below, 0 if they are at the side.
        grid_lines: lines for the grid where it shares its column with the listing.
    """

    program: int
    memory: int
    side: int
    below: int
    grid_lines: int


def form_for(width: int, height: int, needs: Needs) -> Form:
    """How to show a program unless the user chose: grid and listing if there is room below the grid, else the grid."""
    plan = arrange(width, height, needs, Form.BOTH)
    room = _lines(width, height) - plan.grid_lines
    return Form.BOTH if width >= _ROOMY and room >= min(needs.instructions, _LISTED) else Form.GRID


def arrange(width: int, height: int, needs: Needs, form: Form) -> Arrangement:
    """Shares the room of a terminal.

    The program and the memory start from the least that is useful; what is left is given to them in turns, as long
    as more columns show more of them; the rest goes to the lists, and then stays empty.
    """
    side = _side(width)
    lines = _lines(width, height)
    room = width - GAP - (side + GAP if side else 0)
    programs = _program_widths(needs, lines, form)
    program = programs.pop(0)
    small, memories = _memory_widths(needs, lines)
    memory = max((wide for wide in small if program + wide <= room), default=small[0])
    grown = True
    while grown:
        grown = False
        if programs and programs[0] + memory <= room:
            program, grown = programs.pop(0), True
        if memories and memories[0] + program <= room:
            memory, grown = memories.pop(0), True
    spare = room - program - memory
    if side:
        grow = max(0, min(spare, _SIDE_MOST - side))
        side += grow
        program += max(0, min(spare - grow, _PROGRAM_MOST - program))
    else:
        share = spare // 2 if form.has_listing and spare > 0 else 0
        program, memory = max(program + share + min(spare, 0), 1), memory + max(spare, 0) - share
    return Arrangement(program, memory, side, 0 if side else _below(height), _grid_lines(needs, program, lines))


def _side(width: int) -> int:
    return min(_SIDE_MOST, _SIDE_LEAST + (width - _SIDE_FROM) // 6) if width >= _SIDE_FROM else 0


def _below(height: int) -> int:
    return 3 if height < 30 else 7


def _lines(width: int, height: int) -> int:
    """Lines that the views have for rows: all but title, headings, column numbers, cell, run, lists and keys."""
    return max(1, height - 11 - (0 if _side(width) else _below(height)))


def _grid_lines(needs: Needs, width: int, lines: int) -> int:
    """Lines for the grid above the listing and a blank one: all its rows, but never more than half."""
    shapes = GridShape.choices(needs.instructions, needs.hexadecimal)
    columns = max((shape.columns for shape in shapes if shape.width < width), default=shapes[0].columns)
    return 2 + min(-(-needs.instructions // columns), max(1, lines // 2))


def _program_widths(needs: Needs, lines: int, form: Form) -> list[int]:
    """Useful widths of the program: wider ones only while it does not fit into the lines."""
    if form is Form.LISTING:
        return list(_LISTING)
    shapes = GridShape.choices(needs.instructions, needs.hexadecimal)
    widths: list[int] = []
    fits = False
    for shape in shapes:
        if shape.columns < shape.group and len(shapes) > 1:
            continue
        if fits and shape.columns > 20:
            break
        widths.append(shape.width + _SCROLLBAR)
        fits = needs.instructions <= lines * shape.columns
    if form is Form.BOTH:
        return sorted({max(width, _LISTING[0]) for width in widths} | {_LISTING[1]})
    return widths


def _memory_widths(needs: Needs, lines: int) -> tuple[list[int], list[int]]:
    """Useful widths of the memory: those to start with, and those to grow to while not all cells fit into the lines."""
    usual = {16: 16, 10: 20 if needs.format is Format.CHARACTERS else 10}[needs.format.base]
    small: list[int] = []
    large: list[int] = []
    for layout in Layout.choices(needs.format, needs.cells):
        if layout.columns > usual and needs.cells <= lines * usual:
            break
        is_small = layout.columns < usual or (layout.columns == usual and not layout.aside)
        (small if is_small or not small else large).append(layout.width + _SCROLLBAR)
    return small, large
