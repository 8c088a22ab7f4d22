"""From a moment to what is said about it: titles, headings, the rows of the lists. Plain functions, no widgets."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gpdebug.debugger import words
from gpdebug.debugger.ahead import effect_of
from gpdebug.debugger.bookmarks import Bookmark
from gpdebug.debugger.command_table import TABLE, Group
from gpdebug.debugger.loops import LoopPass
from gpdebug.debugger.moment import Moment, StopReason
from gpdebug.debugger.snapshots import Snapshot
from gpdebug.debugger.stops import StopKind
from gpdebug.debugger.watches import Reading
from gpdebug.tui.scene import glyphs
from gpdebug.tui.screens.help import Section
from gpdebug.tui.subject import Subject
from gpdebug.tui.widgets.bar import Part
from gpdebug.tui.widgets.io_bar import LABEL
from gpdebug.tui.widgets.memory_layout import Format
from gpdebug.tui.widgets.rows import Row
from gpdebug.wording import counted, is_printable, quoted
from vm.settings import Edge, Settings
from vm.state import State, Status

if TYPE_CHECKING:
    from vm.profile import Profile

_COMPARED_AT_ONCE = 1 << 20
"""Cells, of all of them together, up to which the snapshots are compared with now whenever the session moves."""

_LABEL_MOST = 20
"""Columns that the expression of a watch has at most."""

_VALUE_LEAST = 5

_WRAPPED_FROM = 20
"""Columns from which on it is worth wrapping lines."""

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
    StopReason.EDITED: "edited",
}


@dataclass(frozen=True, slots=True, eq=False)
class Since:
    """What changes are measured from.

    Attributes:
        name: `last stop`, `mark`, or the snapshot or bookmark that the mark was set at.
        state: the state there, or None: nothing counts as changed.
        is_mark: whether it is the mark.
    """

    name: str
    state: State | None
    is_mark: bool = False

    @property
    def words(self) -> str:
        """`since A`."""
        return f"since {self.name}"


def state_words(moment: Moment) -> str:
    """Why the session stands where it stands, in a few words."""
    if moment.at_end:
        return _ENDS[moment.state.status]
    if len(moment.firings) == 1:
        stop = moment.firings[0].stop
        kind = StopKind.BREAKPOINT if stop.kind is StopKind.TEMPORARY else stop.kind
        return f"at {kind} {stop.id}"
    if moment.firings:
        return f"at stops {', '.join(map(str, moment.fired))}"
    return _REASONS.get(moment.reason, "paused")


def step_words(moment: Moment) -> str:
    """Where the session stands, in figures."""
    if moment.total_steps is None:
        return f"step {moment.step:,}"
    return f"step {moment.step:,} of {moment.total_steps:,}"


def snapshot_rows(snapshots: Sequence[Snapshot], moment: Moment, data: bytes) -> list[Row]:
    """The list of snapshots; those of another input can be compared, not restored."""
    rows = []
    width = min(_LABEL_MOST, max((len(kept.name) for kept in snapshots), default=0) + 1)
    together = sum(len(kept.state.memory) for kept in snapshots)
    for kept in snapshots:
        state = kept.state
        name = (f"◆{kept.name:<{max(3, width)}}", "snapshot")
        parts = [name, (f"{kept.step:>9,}", "base"), (f"  pc {state.pc:<6,}", "muted")]
        if kept.data != data:
            parts.append(("another input", "warning"))
        elif len(state.memory) != len(moment.state.memory):
            parts.append(("another memory", "warning"))
        elif together <= _COMPARED_AT_ONCE:
            count = int((state.memory != moment.state.memory).sum())
            parts.append((_differ(count), "muted"))
        if kept.note:
            parts.append((f"  {kept.note}", "muted"))
        rows.append(Row(kept.name, tuple(parts)))
    return rows


def watch_rows(readings: Sequence[Reading]) -> list[Row]:
    """The list of watches, with their values below each other."""
    label = min(_LABEL_MOST, max((len(reading.watch.label) for reading in readings), default=0))
    value = max((len(f"{reading.value:,}") for reading in readings), default=0)
    rows = []
    for reading in readings:
        watch, name = reading.watch, reading.watch.label
        name = name if len(name) <= label else name[: label - 1] + "…"
        parts = [
            (f"{watch.id:<3}", "muted"),
            (f"{name:<{label}}  ", "base"),
            (f"{reading.value:>{max(value, _VALUE_LEAST)},}", "changed" if reading.is_changed else "heading"),
            (f"  {_as_byte(reading.value):8}", "muted"),
        ]
        if reading.is_changed:
            parts += [(f"  was {reading.before:,} ", "muted"), (f"{reading.delta:+,}", "changed")]
        rows.append(Row(str(watch.id), tuple(parts)))
    return rows


def _as_byte(value: int) -> str:
    """A value in hex and, if it is one, as a character."""
    sign = "-" if value < 0 else ""
    return f"{sign}0x{abs(value):02x}" + (f" {quoted(value)}" if is_printable(value) else "")


def bookmark_rows(bookmarks: Iterable[Bookmark], moment: Moment) -> list[Row]:
    """The list of bookmarks."""
    rows = []
    for kept in bookmarks:
        here = (kept.step, kept.branch) == (moment.step, moment.branch)
        parts = [(f"▾{kept.name:<6}", "snapshot"), (f"{kept.step:>9,}", "base")]
        if kept.branch != moment.branch:
            parts.append((f"  on branch {kept.branch}" if kept.branch else "  on main", "muted"))
        parts.append(("  here" if here else "", "muted"))
        if kept.note:
            parts.append((f"  {kept.note}", "muted"))
        rows.append(Row(kept.name, tuple(parts)))
    return rows


def _differ(count: int) -> str:
    return "memory as now" if not count else "1 cell differs" if count == 1 else f"{count:,} cells differ"


def program_heading(
    length: int, profile: Profile | None, view: str, shading: str, width: int
) -> tuple[list[Part], list[Part]]:
    """What stands over the program, in a width; the less important words are left out where they do not fit."""
    form = Part(f" {view} ", "muted", "screen.view", "grid, listing, or both")
    title, size = " program  ", counted(length, "instruction")
    count = None if profile is None else int((profile.executions > 0).sum())
    ran = "" if count is None else f", {count:,} ran"
    short = size if count is None else f"{count:,} of {length:,} ran"
    shade = Part(
        f" {'no shading' if shading == 'off' else shading} ", "muted", "screen.shade", "heat, coverage, knock-outs, …"
    )
    full = [Part(title, "heading"), Part(size + ran, "muted")]
    brief = [Part(title, "heading"), Part(short, "muted")]
    least = [Part(f" {size}", "heading")]
    choices = [(full, [shade, form]), (brief, [shade, form]), (brief, [form]), (least, [shade, form])]
    return next((choice for choice in choices if _length(*choice) < width), (least, [form]))


def _length(*lines: Sequence[Part]) -> int:
    return sum(len(part.text) for line in lines for part in line)


def memory_heading(
    settings: Settings, follows: int | None, form: Format, since: Since, width: int
) -> tuple[list[Part], list[Part]]:
    """What stands over the memory, in a width; the less important words are left out where they do not fit."""
    cells = counted(settings.memory, "cell")
    edge = ", wraps" if settings.edge is Edge.WRAP else ", ends at its edges"
    right = [] if follows is None else [Part(f" follows ▲{follows} ", f"head{follows}")]
    right.append(Part(f" {form.label} ", "muted", "screen.format", "hex, decimal, signed, characters"))
    measured = Part(
        f" {since.words} ", "changed" if since.is_mark else "muted", "screen.since", "since the last stop or the mark"
    )
    room, title = width - sum(len(part.text) for part in right), " memory  "
    if len(title + cells + measured.text) <= room or since.is_mark:
        right.append(measured)
        room -= len(measured.text)
    if len(title + cells) > room:
        return [Part(f" {cells}", "heading")], right
    return [Part(title, "heading"), Part(cells + (edge if len(title + cells + edge) <= room else ""), "muted")], right


def title_facts(subject: Subject, moment: Moment, count: str, branch: str, running: str) -> list[str]:
    """What the title line says on its right.

    Args:
        subject: what is debugged.
        moment: where the session stands.
        count: a count that is being typed, or empty.
        branch: the branch that it stands on; empty if there is only one.
        running: what runs and where it is, or empty.
    """
    error = subject.error(moment)
    facts = [
        subject.case_words,
        "" if error is None else f"error {error:,}{' so far' if moment.state.status is Status.RUNNING else ''}",
        branch,
        count,
        *([running] if running else [state_words(moment), step_words(moment)]),
    ]
    return [fact for fact in facts if fact]


def next_parts(subject: Subject, settings: Settings, moment: Moment) -> list[Part]:
    """The next instruction in plain words, or why there is none."""
    state, program = moment.state, subject.program
    effect = None
    if state.status is Status.RUNNING or state.status.is_fault:
        effect = effect_of(state, program, settings, subject.data)
    text = words.next_words(state, effect, settings, subject.data)
    if effect is None:
        return [Part(" end".ljust(LABEL), "muted"), Part(text, "heading")]
    code = state.memory if program.dialect.self_modifying else program.code
    symbol = glyphs(program.dialect)[int(code[state.pc])]
    style, label = "base", " next"
    if state.status.is_fault:
        style, label, text = "error", " fault", text.partition(": ")[2]
    return [
        Part(label.ljust(LABEL), "muted"),
        Part(f"{state.pc:,}", "muted"),
        Part(" "),
        Part(f" {symbol} ", "pc_fill" if state.status is Status.RUNNING else "error"),
        Part("  "),
        Part(text, style),
    ]


def loop_parts(loops: Sequence[LoopPass], room: int) -> list[Part]:
    """In which pass of the loops around pc it stands: of as many of them, in as many words, as there is room for."""
    full = [(f"loop {loop.open:,} to {loop.close:,}: ", loop) for loop in loops]
    for told in (*(full[:count] for count in range(len(full), 0, -1)), [("", loop) for loop in loops[:1]]):
        parts = [Part("  ")]
        for where, loop in told:
            parts += [Part(where, "muted"), Part(loop.words, "base", "screen.pass", "go to the next pass"), Part("  ")]
        if told and sum(len(part.text) for part in parts) <= room:
            return parts
    return []


def wrapped(line: str, width: int) -> list[str]:
    """A line of the log, in as many lines as it needs in a width."""
    if len(line) <= width or width < _WRAPPED_FROM:
        return [line]
    return textwrap.wrap(line, width, subsequent_indent="  ", expand_tabs=False, replace_whitespace=False)


def help_sections() -> list[Section]:
    """The command words, in the groups of their table."""
    return [
        Section(f"Commands: {group}", tuple((word.usage, word.summary) for word in TABLE if word.group is group))
        for group in Group
    ]
