from __future__ import annotations

from gpdebug.store.task import Case
from gpdebug.tui.champion import Output, champion_lines
from gpdebug.tui.themes import Palette


def shown(palette: Palette, *cases: tuple[bytes, bytes]) -> list[str]:
    """The lines of cases, each an input and its output, of a program that is right on all of them."""
    outputs = [Output(number, Case(*case), case[1], 0) for number, case in enumerate(cases, 1)]
    lines = champion_lines(b"", None, outputs, 100, 20, palette)
    return ["".join(segment.text for segment in line).rstrip() for line in lines][-len(cases) :]


async def test_lines_that_end_with_a_number_are_shown_as_text(palette: Palette) -> None:
    assert shown(palette, (b"\2", b"Warning: \2"), (b"\1", b"Warning: \1")) == [
        '     1 ✓  02      "Warning: ·"  "Warning: ·"',
        '     2 ✓  01      "Warning: ·"  "Warning: ·"',
    ]


async def test_what_is_not_nearly_all_text_is_shown_in_hex(palette: Palette) -> None:
    assert shown(palette, (b"ab", b"a\2")) == ['     1 ✓  "ab"    61 02   61 02']
    assert shown(palette, (b"", b"")) == ['     1 ✓  ""      ""      ""']
