"""Everything about one cell in one line: value, what it was, heads, how often and when it was accessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gpdebug.debugger.moment import Moment
from gpdebug.tui.counts import LastAccesses
from gpdebug.tui.widgets.bar import Part
from gpdebug.tui.widgets.memory_layout import Format
from gpdebug.wording import counted, is_printable, quoted, signed_byte, with_minus
from vm.state import State

if TYPE_CHECKING:
    from vm.profile import Profile


def cell_parts(
    cell: int,
    form: Format,
    moment: Moment,
    before: State | None,
    uses_head1: bool,
    profile: Profile | None,
    last: LastAccesses | None,
    width: int,
) -> list[Part]:
    """All of it that fits.

    Args:
        cell: which.
        form: the format that memory is shown in.
        moment: when.
        before: what it is compared with, or None.
        uses_head1: whether head1 is told of.
        profile: counts of the run up to the moment, or None.
        last: the last accesses of a cell, or None; told of where there are no counts.
        width: columns that there are.
    """
    parts = [*_value(cell, form, moment.state), *_change(cell, moment.state, before)]
    if cell == moment.state.head0:
        parts.append(Part("  ▲0", "head0"))
    if cell == moment.state.head1 and uses_head1:
        parts.append(Part("  ▲1", "head1"))
    told: list[list[Part]] = []
    if profile is not None and profile.steps == moment.state.steps:
        told = _accesses(cell, profile)
    elif last is not None and last.cell == cell:
        told = _last_accesses(last)
    room = width - _length(parts)
    return [*parts, *next((words for words in told if _length(words) <= room), [])]


def _length(parts: Sequence[Part]) -> int:
    return sum(len(part.text) for part in parts)


def _value(cell: int, form: Format, state: State) -> list[Part]:
    value = int(state.memory[cell])
    name = f" cell {cell:,}" if form.base == 10 or cell < 10 else f" cell 0x{form.address(cell)} ({cell:,})"
    parts = [
        Part(name, "muted", "screen.watch_cell", "stop when this cell changes, or no longer"),
        Part(f" = 0x{value:02x} = {value}", "base"),
    ]
    if value > 127:
        parts.append(Part(f" = {with_minus(signed_byte(value))}", "base"))
    if is_printable(value):
        parts.append(Part(f" = {quoted(value)}", "base"))
    return parts


def _change(cell: int, state: State, before: State | None) -> list[Part]:
    if before is None or before.memory[cell] == state.memory[cell]:
        return []
    return [Part("  was ", "muted"), Part(f"0x{int(before.memory[cell]):02x}", "changed")]


def _accesses(cell: int, profile: Profile) -> list[list[Part]]:
    """How often the cell was written and read, and its last write: in many words, or fewer."""
    writes, reads = int(profile.writes[cell]), int(profile.reads[cell])
    read = _times(reads, "read")
    if not writes:
        return [[Part(f"  no writes, {read}", "muted")]]
    when, by = _moment(int(profile.write_step[cell])), _writer(int(profile.write_at[cell]))
    written = _times(writes, "write") + ("" if writes == 1 else ", last")
    return [
        [Part(f"  {read}, {written} at ", "muted"), when, *by],
        [Part(f"  {read}, {written} at ", "muted"), when],
        [Part(f"  {written} at ", "muted"), when],
        [Part("  written at ", "muted"), when],
        [Part("  ", "muted"), when],
    ]


def _last_accesses(last: LastAccesses) -> list[list[Part]]:
    """When the cell was read and written last: in many words, or fewer."""
    if last.write_step is None or last.write_at is None:
        return [[Part("  no writes, no reads" if last.read_step is None else "  no writes", "muted")]]
    written = [Part("  last write at ", "muted"), _moment(last.write_step)]
    by = _writer(last.write_at)
    read = [] if last.read_step is None else [Part(", read at ", "muted"), _moment(last.read_step)]
    return [[*written, *by, *read], [*written, *by], written, [Part("  ", "muted"), _moment(last.write_step)]]


def _moment(step: int) -> Part:
    return Part(f"step {step:,}", "base", f"screen.seek({step})", "go to that moment")


def _writer(instruction: int) -> list[Part]:
    action = f"screen.show_instruction({instruction})"
    return [Part(" by ", "muted"), Part(f"{instruction:,}", "base", action, "show that instruction")]


def _times(count: int, what: str) -> str:
    return counted(count, what) if count else f"no {what}s"
