"""From a moment to what is said about it: titles, headings, the rows of the lists. Plain functions, no widgets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gpdebug.debugger.moment import Moment, StopReason
from gpdebug.debugger.stops import Breakpoint
from gpdebug.tui.scene import Mark, glyphs
from gpdebug.tui.widgets.bar import Part
from gpdebug.tui.widgets.memory_layout import character
from gpdebug.tui.widgets.rows import Row
from vm.dialect import Dialect
from vm.settings import Edge, Settings
from vm.state import Status

if TYPE_CHECKING:
    from vm.profile import Profile

_ENDS = {
    Status.FINISHED: "finished",
    Status.HALTED: "halted",
    Status.STEP_LIMIT: "step limit reached",
    Status.OUT_OF_BOUNDS: "fault: a head left the memory",
    Status.UNMATCHED_BRACKET: "fault: bracket without partner",
    Status.INPUT_EXHAUSTED: "fault: no input left",
    Status.OUTPUT_LIMIT: "fault: too much output",
}
_REASONS = {
    StopReason.START: "at the start",
    StopReason.INTERRUPTED: "interrupted",
    StopReason.START_OF_HISTORY: "start of history",
    StopReason.RESTORED: "restored",
}


def state_words(moment: Moment) -> str:
    """Why the session stands where it stands, in a few words."""
    if moment.fired:
        numbers = ", ".join(map(str, moment.fired))
        return f"at breakpoint {numbers}" if len(moment.fired) == 1 else f"at breakpoints {numbers}"
    if moment.at_end:
        return _ENDS[moment.state.status]
    return _REASONS.get(moment.reason, "paused")


def step_words(moment: Moment) -> str:
    """Where the session stands, in figures."""
    if moment.total_steps is None:
        return f"step {moment.step:,}"
    return f"step {moment.step:,} of {moment.total_steps:,}"


def marks_of(stops: Iterable[Breakpoint]) -> dict[int, Mark]:
    """How each instruction with a stop is marked; of several, what fires most easily wins."""
    ranks = {Mark.PLAIN: 0, Mark.CONDITIONAL: 1, Mark.LOG: 2, Mark.TEMPORARY: 3, Mark.DISABLED: 4}
    marks: dict[int, Mark] = {}
    for stop in stops:
        mark = mark_of(stop)
        if ranks[mark] <= ranks.get(marks.get(stop.instruction, mark), 9):
            marks[stop.instruction] = mark
    return marks


def mark_of(stop: Breakpoint) -> Mark:
    """How one stop is marked."""
    if not stop.is_active:
        return Mark.DISABLED
    if stop.message is not None:
        return Mark.LOG
    if stop.temporary:
        return Mark.TEMPORARY
    return Mark.CONDITIONAL if stop.condition is not None or str(stop.rule) else Mark.PLAIN


def stop_rows(stops: Iterable[Breakpoint], dialect: Dialect) -> list[Row]:
    """The list of stops."""
    rows = []
    for stop in stops:
        symbol = glyphs(dialect)[ord(stop.symbol)]
        words = [
            (f"{mark_of(stop).value} ", "breakpoint"),
            (f"{stop.id:<3}", "muted"),
            (f"{stop.instruction:>5,} ", "base"),
            (symbol, "heading"),
        ]
        if stop.condition is not None:
            words += [("  if ", "muted"), (stop.condition.text, "base")]
        if str(stop.rule):
            words += [("  hit ", "muted"), (str(stop.rule), "base")]
        if stop.message is not None:
            words += [("  log ", "muted"), (stop.message.text, "base")]
        if stop.misfit is not None:
            words += [("  ! " + stop.misfit, "warning")]
        elif not stop.enabled:
            words += [("  off", "muted")]
        elif stop.temporary:
            words += [("  once", "muted")]
        rows.append(Row(str(stop.id), tuple(words)))
    return rows


def program_facts(length: int, profile: Profile | None) -> str:
    """What the program's heading says."""
    words = f"{length:,} instruction" + ("" if length == 1 else "s")
    if profile is not None:
        words += f", {int((profile.executions > 0).sum()):,} ran"
    return words


def memory_facts(settings: Settings) -> str:
    """What the memory's heading says."""
    cells = f"{settings.memory:,} cell" + ("" if settings.memory == 1 else "s")
    return f"{cells}, {'wraps' if settings.edge is Edge.WRAP else 'ends at its edges'}"


def cell_parts(cell: int, moment: Moment, uses_head1: bool, profile: Profile | None) -> list[Part]:
    """Everything about one cell."""
    state, before = moment.state, moment.previous
    value = int(state.memory[cell])
    parts = [Part(f" cell {cell:,} ", "muted"), Part(f"= 0x{value:02x} = {value}", "base")]
    if value > 127:
        parts.append(Part(f" = {value - 256}", "base"))
    if 32 <= value < 127:
        parts.append(Part(f" = '{character(value)}'", "base"))
    if before is not None and before.memory[cell] != value:
        parts += [Part("  was ", "muted"), Part(f"0x{int(before.memory[cell]):02x}", "changed")]
    if cell == state.head0:
        parts.append(Part("  ▲0", "head0"))
    if cell == state.head1 and uses_head1:
        parts.append(Part("  ▲1", "head1"))
    if profile is not None:
        parts += _writes(cell, profile)
    return parts


def _writes(cell: int, profile: Profile) -> list[Part]:
    count = int(profile.writes[cell])
    if count == 0:
        return [Part("  never written", "muted")]
    step, at = int(profile.write_step[cell]), int(profile.write_at[cell])
    times = "once" if count == 1 else f"{count:,} times, last"
    return [
        Part(f"  written {times} ", "muted"),
        Part(f"at step {step:,}", "base", f"screen.seek({step})", "go to that moment"),
        Part(f" by {at:,}", "muted", f"screen.show_instruction({at})", "show that instruction"),
    ]


def heads_follow(head: int | None) -> Part:
    """Which head the memory's cursor rides on."""
    if head is None:
        return Part("")
    return Part(f"follows ▲{head}  ", f"head{head}")
