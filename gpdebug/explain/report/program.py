"""The program in a report: as a grid, with what ran."""

from __future__ import annotations

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.meanings import meaning
from gpdebug.explain.report.contents import Contents
from gpdebug.explain.report.markup import Child, Html, element
from gpdebug.explain.report.pieces import remark, section
from gpdebug.syntax import Role, roles_of
from gpdebug.wording import counted
from vm.dialect import Dialect, Primitive
from vm.program import Program

MOST_SYMBOLS = 4_096
"""Instructions of the grid."""
_NARROW, _WIDE = 16, 32
_GAP = element("b", "…\n")


def program_section(contents: Contents) -> Html:
    """The program."""
    program, executions = contents.source.program, contents.executions
    ran = int(np.count_nonzero(executions))
    on = "on the given input" if contents.subject.own else f"on the {counted(contents.subject.cases, 'training case')}"
    cover = f"{ran:,} of {counted(len(program), 'instruction')} were executed {on}"
    never = " Those that never ran are pale." if ran < len(program) else ""
    return section(
        "program",
        "The program",
        element("p", f"{cover}{', all of them' if ran == len(program) else ''}.{never}"),
        grid(program, executions),
        remark(left_out(len(program), MOST_SYMBOLS, "instruction")),
        _legend(program),
    )


def left_out(there_are: int, shown: int, noun: str) -> str | None:
    """What is said of a list that is cut; None: it is not."""
    return f"The first {shown:,} of {counted(there_are, noun)} are shown." if there_are > shown else None


def grid(program: Program, executions: NDArray[np.int64]) -> Html:
    """The symbols in rows, each row with the index of its first one; those with a count of 0 are pale."""
    return _rows(program, executions, range(min(len(program), MOST_SYMBOLS)))


def sparse_grid(program: Program, marks: NDArray[np.int64]) -> Html:
    """The rows that have a symbol with a mark; three dots stand for the others."""
    return _rows(program, marks, range(len(program)), only_marked=True)


def _rows(program: Program, executions: NDArray[np.int64], places: range, *, only_marked: bool = False) -> Html:
    shown = len(places)
    width = _NARROW if shown <= 8 * _NARROW else _WIDE
    digits = len(f"{max(0, shown - 1):,}")
    marks, glyphs = symbol_classes(program, executions), glyphs_of(program.dialect)
    lines: list[Child] = []
    for first in range(0, shown, width):
        row = range(first, min(first + width, shown))
        if only_marked and not executions[row.start : row.stop].any():
            if not lines or lines[-1] != _GAP:
                lines.append(_GAP)
            continue
        lines.append(element("b", f"{first:>{digits},}"))
        for mark, same in groupby(row, key=lambda index: marks[index]):
            text = "".join(f" {glyphs[program.code[index]]}" for index in same)
            lines.append(element("span", text, class_=mark or None))
        lines.append("\n")
    return element("div", element("pre", lines, class_="grid"), class_="frame")


def symbol_classes(program: Program, executions: NDArray[np.int64]) -> list[str]:
    """The classes of the style sheet of each instruction."""
    names = ["" if role is Role.OTHER else str(role.name).lower() for role in roles_of(program.dialect)]
    return [
        names[byte] if ran else f"{names[byte]} never".strip()
        for byte, ran in zip(program.code.tolist(), (executions > 0).tolist(), strict=True)
    ]


def glyphs_of(dialect: Dialect) -> tuple[str, ...]:
    """One visible character for each of the 256 bytes of a program; `·` for what has none."""
    return tuple(chr(byte) if chr(byte) in dialect.symbols or 32 < byte < 127 else "·" for byte in range(256))


def _legend(program: Program) -> Html:
    """What the symbols mean that the program has."""
    used = set(program.text)
    words = [
        element("li", element("code", instruction.symbol), f" {_general(instruction.primitive, instruction.argument)}")
        for instruction in program.dialect.instructions
        if instruction.symbol in used
    ]
    return element("ul", words, class_="legend")


def _general(primitive: Primitive, argument: int) -> str:
    match primitive:
        case Primitive.OPEN:
            return "loop while the cell at head0 is not 0"
        case Primitive.CLOSE:
            return "end of the loop"
    return meaning(primitive, argument)
