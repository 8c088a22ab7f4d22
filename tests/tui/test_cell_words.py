"""The line about a cell: all that fits, the most important first."""

from __future__ import annotations

import pytest

from gpdebug.debugger.session import Session
from gpdebug.tui.cell_words import cell_parts
from gpdebug.tui.widgets.memory_layout import Format
from tests.tui.debugging import ADD, DebugApp, text_of
from vm.dialect import TAPE
from vm.machine import Machine
from vm.profile import Profiler
from vm.program import Program
from vm.state import State


def line(cell: int, step: int, width: int, before: State | None = None) -> str:
    session = Session(ADD, bytes([2, 4]))
    moment = session.seek(step)
    profiler = Profiler(ADD, bytes([2, 4]), session.settings)
    profiler.advance(step, 1000)
    parts = cell_parts(cell, Format.HEX, moment, before, True, profiler.profile(), None, width)
    text = "".join(part.text for part in parts)
    assert len(text) <= max(width, len(text.partition("  ")[0]))
    return text


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (80, " cell 1 = 0x06 = 6  2 reads, 2 writes, last at step 8 by 3"),
        (60, " cell 1 = 0x06 = 6  2 reads, 2 writes, last at step 8 by 3"),
        (56, " cell 1 = 0x06 = 6  2 reads, 2 writes, last at step 8"),
        (48, " cell 1 = 0x06 = 6  2 writes, last at step 8"),
        (40, " cell 1 = 0x06 = 6  written at step 8"),
        (30, " cell 1 = 0x06 = 6  step 8"),
        (10, " cell 1 = 0x06 = 6"),
    ],
)
def test_what_does_not_fit_is_left_out_and_nothing_is_cut(width: int, text: str) -> None:
    assert line(1, 11, width) == text


def test_reads_and_writes_are_counted_apart() -> None:
    assert line(0, 0, 80) == " cell 0 = 0x02 = 2  ▲0  no writes, no reads"
    assert line(0, 1, 80) == " cell 0 = 0x02 = 2  ▲0  no writes, 1 read"
    assert line(0, 2, 80) == " cell 0 = 0x01 = 1  ▲0  2 reads, 1 write at step 1 by 1"
    assert line(0x80, 11, 80).startswith(" cell 0x80 (128) = 0x00 = 0  ▲1  no writes")


def test_the_step_of_the_last_write_and_its_instruction_can_be_clicked() -> None:
    session = Session(ADD, bytes([2, 4]))
    moment = session.seek(11)
    profiler = Profiler(ADD, bytes([2, 4]), session.settings)
    profiler.advance(11, 1000)
    parts = cell_parts(1, Format.HEX, moment, None, True, profiler.profile(), None, 80)
    assert [part.action for part in parts if part.action][1:] == ["screen.seek(8)", "screen.show_instruction(3)"]


async def test_in_a_memory_too_large_for_counts_the_cell_under_the_cursor_is_asked_about() -> None:
    app = DebugApp(Program.parse("[->+<]>.", TAPE.with_settings(memory=1 << 21)), data=bytes([2, 4]))
    async with app.run_test(size=(120, 36)) as pilot:
        await pilot.pause()
        screen = app.here
        screen.session.use(Machine)
        screen.counts.ready = True
        await pilot.press("1", "1", "s", "j", "m", "right")
        await pilot.pause()
        assert screen.memory.cursor == 1
        line = screen.query_one("#cell")
        assert "cell 1 = 0x06 = 6  was 0x04  last write at step 8 by 3, read at step 8" in text_of(line)
        await pilot.press("left")
        await pilot.pause()
        assert "cell 0 = 0x00 = 0  was 0x02  ▲0  last write at step 6 by 1" in text_of(line)
        await pilot.press("right", "right", "right")
        await pilot.pause()
        assert "no writes, no reads" in text_of(line)


def test_words_that_just_fit_are_said() -> None:
    text = " cell 1 = 0x06 = 6  written at step 8"
    assert line(1, 11, len(text)) == text


@pytest.mark.parametrize(("value", "signed"), [(127, False), (128, True)])
def test_a_value_is_signed_too_where_that_is_another_number(value: int, signed: bool) -> None:
    moment = Session(Program.parse("+", TAPE), bytes([value])).moment
    text = "".join(part.text for part in cell_parts(0, Format.HEX, moment, None, True, None, None, 80))
    assert text.count(" = ") == (3 if signed else 2)


@pytest.mark.parametrize("uses_head1", [False, True])
def test_head1_is_told_of_where_the_language_has_one(uses_head1: bool) -> None:
    moment = Session(Program.parse("+", TAPE), b"a").moment
    text = "".join(part.text for part in cell_parts(128, Format.HEX, moment, None, uses_head1, None, None, 80))
    assert ("▲1" in text) == uses_head1


def test_counts_of_another_moment_are_not_told() -> None:
    session = Session(ADD, bytes([2, 4]))
    profiler = Profiler(ADD, bytes([2, 4]), session.settings)
    profiler.advance(5, 1000)
    parts = cell_parts(1, Format.HEX, session.seek(11), None, True, profiler.profile(), None, 80)
    assert "write" not in "".join(part.text for part in parts)
