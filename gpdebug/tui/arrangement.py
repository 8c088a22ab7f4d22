"""How the debug screen shares its room: widths of program, memory and lists for any terminal, nothing stretched."""

from __future__ import annotations

from dataclasses import dataclass

from gpdebug.tui.widgets.memory_layout import Format, Layout
from gpdebug.tui.widgets.program_grid import GridShape

_SIDE_FROM = 150
_SIDE_LEAST, _SIDE_MOST = 34, 56
_LISTING = (34, 44, 54)
_SCROLLBAR = 1
GAP = 1


@dataclass(frozen=True, slots=True)
class Needs:
    """What is to be shown.

    Attributes:
        instructions: length of the program.
        hexadecimal: whether its indexes are in hex.
        listing: whether it is shown as a listing.
        cells: size of the memory.
        form: the memory's number format.
    """

    instructions: int
    hexadecimal: bool
    listing: bool
    cells: int
    form: Format


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Widths in columns; heights in lines.

    Attributes:
        program: the program's column.
        memory: the memory's column.
        side: the lists' column at the right, or 0: then they are below, behind tabs.
        below: lines for the lists below, 0 if they are at the side.
    """

    program: int
    memory: int
    side: int
    below: int


def arrange(width: int, height: int, needs: Needs) -> Arrangement:
    """Shares the room of a terminal.

    The program and the memory start from the least that is useful; what is left is given to them in turns, as long
    as more columns show more of them; the rest goes to the lists, and then stays empty.
    """
    side = min(_SIDE_MOST, _SIDE_LEAST + (width - _SIDE_FROM) // 6) if width >= _SIDE_FROM else 0
    below = 0 if side else (4 if height < 30 else 7)
    lines = max(1, height - 12 - below)
    room = width - GAP - (side + GAP if side else 0)
    programs = _program_widths(needs, lines)
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
        return Arrangement(program + spare - grow, memory, side + grow, below)
    share = spare // 2 if needs.listing else 0
    return Arrangement(max(program + share + min(spare, 0), 1), memory + max(spare, 0) - share, 0, below)


def _program_widths(needs: Needs, lines: int) -> list[int]:
    """Useful widths of the program: wider ones only while it does not fit into the lines."""
    if needs.listing:
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
    return widths


def _memory_widths(needs: Needs, lines: int) -> tuple[list[int], list[int]]:
    """Useful widths of the memory: those to start with, and those to grow to while not all cells fit into the lines."""
    usual = {16: 16, 10: 20 if needs.form is Format.CHARACTERS else 10}[needs.form.base]
    small: list[int] = []
    large: list[int] = []
    for layout in Layout.choices(needs.form, needs.cells):
        if layout.columns > usual and needs.cells <= lines * usual:
            break
        is_small = layout.columns < usual or (layout.columns == usual and not layout.aside)
        (small if is_small or not small else large).append(layout.width + _SCROLLBAR)
    return small, large
