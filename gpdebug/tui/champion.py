"""The best program of a run and what it does: its outputs beside the wanted ones, drawn as a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.segment import Segment
from rich.style import Style

from gpdebug.store.task import Case, Task
from gpdebug.tui.individuals import coloured
from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.page import Lines
from gpdebug.wording import character, counted, is_printable
from vm.errors import VMError
from vm.program import Program
from vm.reference import ReferenceMachine
from vm.scoring import case_error
from vm.state import output_of

if TYPE_CHECKING:
    from gpdebug.debugger.moment import MachineType

MOST_CASES = 40
_FEWEST_LINES = 2
_ROOMY = 10
_NEARLY = 8
"""A text has at most one byte in so many that cannot be seen."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a program gives on a case.

    Attributes:
        number: of the case, from 1.
        case: the case.
        output: what comes out.
        error: by the task's scorer.
    """

    number: int
    case: Case
    output: bytes
    error: int


def outputs_of(code: bytes, task: Task, machine_type: MachineType | None) -> tuple[Output, ...]:
    """Runs a program on the first training cases; call it in a thread."""
    kind: MachineType = machine_type or ReferenceMachine
    found = []
    try:
        program = Program(code, task.dialect)
        for index, case in enumerate(task.training[:MOST_CASES]):
            machine = kind(program, case.input)
            machine.run()
            output = output_of(machine.snapshot(), task.dialect, task.dialect.settings)
            found.append(Output(index + 1, case, output, case_error(task.scorer, output, case.output, machine.status)))
    except VMError:
        return ()
    return tuple(found)


def champion_lines(
    code: bytes, task: Task | None, outputs: Sequence[Output], width: int, height: int, palette: Palette
) -> Lines:
    """The program, then a line a case.

    Args:
        code: the program.
        task: what it was evolved for.
        outputs: what it gives, as far as that is known.
        width: of the page.
        height: of the page; a long program leaves room for the cases.
        palette: how to draw.
    """
    lines = _program(code, task, width - 2, max(_FEWEST_LINES, height // 3), palette)
    if outputs:
        lines += [*([[]] if height > _ROOMY else []), *_cases(outputs, width, palette)]
        more = len(task.training) - len(outputs) if task else 0
        if more > 0:
            lines.append([Segment(f"  and {counted(more, 'more case')}", palette.muted)])
    return lines


def _program(code: bytes, task: Task | None, width: int, most: int, palette: Palette) -> Lines:
    styles = palette.symbols(task.dialect) if task else (palette.base,) * 256
    parts = [code[at : at + width] for at in range(0, len(code), max(1, width))]
    lines: Lines = [[Segment("  "), *coloured(part, styles, palette)] for part in parts[:most]]
    if len(parts) > most:
        lines[-1] = [Segment("  "), *coloured(parts[most - 1][: max(0, width - 1)], styles, palette),
                     Segment("…", palette.faint)]  # fmt: skip
    return lines


def _cases(outputs: Sequence[Output], width: int, palette: Palette) -> Iterator[list[Segment]]:
    """A heading and the cases, in columns: number, whether it is right, input, output, wanted output."""
    in_text = _is_text(item.case.input for item in outputs)
    out_text = _is_text(item.case.output for item in outputs)
    room = width - 12
    longest = [
        max(_width(len(data), text) for data in datas)
        for datas, text in (
            ([item.case.input for item in outputs], in_text),
            ([item.output for item in outputs], out_text),
            ([item.case.output for item in outputs], out_text),
        )
    ]
    widths = _shares([max(6, cells) for cells in longest], room - 4)
    titles = [title.ljust(cells) for title, cells in zip(("input", "output", "wanted"), widths, strict=True)]
    yield [Segment("  case    " + "  ".join(titles), palette.muted)]
    for item in outputs:
        right = item.error == 0
        segments = [Segment(f"{item.number:>6,} "), Segment("✓  " if right else "✗  ", palette.ok if right else
                    palette.error)]  # fmt: skip
        first = _first_difference(item.output, item.case.output)
        segments += _bytes(item.case.input, None, 0, widths[0], in_text, palette)
        segments += [Segment("  "), *_bytes(item.output, item.case.output, first, widths[1], out_text, palette)]
        segments += [Segment("  "), *_bytes(item.case.output, None, first, widths[2], out_text, palette)]
        yield segments


def _is_text(datas: Iterable[bytes]) -> bool:
    """Whether bytes are shown as characters: if nearly all can be, as in lines that end with a number."""
    joined = b"".join(datas)
    return sum(map(is_printable, joined)) * _NEARLY >= len(joined) * (_NEARLY - 1)


def _width(count: int, text: bool) -> int:
    return count + 2 if text else max(1, 3 * count - 1)


def _shares(wanted: list[int], room: int) -> list[int]:
    """Cells for each column: all it wants where there is room, else the widest give way."""
    widths = list(wanted)
    while sum(widths) > room and max(widths) > 6:
        widths[widths.index(max(widths))] -= 1
    return widths


def _first_difference(one: bytes, other: bytes) -> int:
    """Where two differ first; 0 if they do not."""
    both = min(len(one), len(other))
    return next((at for at in range(both) if one[at] != other[at]), both if len(one) != len(other) else 0)


def _bytes(data: bytes, wanted: bytes | None, focus: int, width: int, text: bool, palette: Palette) -> list[Segment]:
    """Bytes in exactly `width` cells, those around `focus`; wrong ones are marked if `wanted` is given."""
    count = max(1, width - 4 if text else width // 3 - 1)
    first = 0 if _width(len(data), text) <= width else max(0, min(focus - count // 2, len(data) - count))
    shown = data[first:] if not first and _width(len(data), text) <= width else data[first : first + count]
    cells: list[tuple[str, Style]] = [("…", palette.faint)] if first else []
    cells += [('"', palette.faint)] if text else []
    for at, byte in enumerate(shown, first):
        style = palette.base
        if wanted is not None:
            is_right = at < len(wanted) and wanted[at] == byte
            style = palette.ok if is_right else palette.error + Style(underline=True)
        if not text and at > first:
            cells.append((" ", palette.base))
        cells.append((character(byte) if text else f"{byte:02x}", style))
    cells += [('"', palette.faint)] if text else []
    cells += [("…", palette.faint)] if first + len(shown) < len(data) else []
    if not data and not text:
        cells = [("–", palette.faint)]
    used = sum(len(piece) for piece, _ in cells)
    return [*(Segment(piece, Style(color=style.color, underline=style.underline, bold=style.bold))
              for piece, style in cells), Segment(" " * max(0, width - used))]  # fmt: skip
