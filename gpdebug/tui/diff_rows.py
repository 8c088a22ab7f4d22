"""From a diff to what is said about it beside the cells: the two moments, registers, output, program."""

from __future__ import annotations

from gpdebug.debugger.diff import Diff, Side
from gpdebug.debugger.diff_text import difference
from gpdebug.store.typed_bytes import show_bytes
from gpdebug.tui.widgets.bar import Part
from gpdebug.tui.widgets.rows import Row, Words
from gpdebug.wording import counted

_LABEL = 12
_DIFFERENCE_LINES = 12


def side_parts(label: str, side: Side, action: str) -> list[Part]:
    """What stands on the line of one of the moments."""
    parts = [
        Part(f" {label:<8}", "muted"),
        Part(f" {side.name} ", "head0_fill", action, "choose another moment"),
    ]
    if f"step {side.state.steps:,}" not in side.name:
        parts.append(Part(f"  step {side.state.steps:,}", "base"))
    return parts


def register_rows(diff: Diff, uses_head1: bool) -> list[Row]:
    """A line for each register, the changed ones bright, and for the output; what was running, where it differs."""
    one, two = diff.before.state, diff.after.state
    values: list[tuple[str, int, int]] = [
        ("step", one.steps, two.steps),
        ("pc", one.pc, two.pc),
        ("head0", one.head0, two.head0),
    ]
    if uses_head1:
        values.append(("head1", one.head1, two.head1))
    if one.input_pos or two.input_pos:
        values.append(("input read", one.input_pos, two.input_pos))
    if one.spare or two.spare:
        values.append(("spare", one.spare, two.spare))
    rows = [_register(name, old, new) for name, old, new in values]
    if one.status is not two.status:
        rows.append(_texts("status", str(one.status).replace("_", " "), str(two.status).replace("_", " ")))
    if diff.sizes is not None:
        rows.append(_texts("memory", *(f"{size:,} cells" for size in diff.sizes)))
    rows.append(_texts("output", show_bytes(diff.before.output), show_bytes(diff.after.output)))
    return [*rows, *_sources(diff)]


def _sources(diff: Diff) -> list[Row]:
    rows = []
    for change in diff.sources:
        old, new = str(change.old), str(change.new)
        if change.name == "input":
            rows.append(_texts("input", show_bytes(bytes.fromhex(old)), show_bytes(bytes.fromhex(new))))
            continue
        rows.append(_texts("program", counted(len(old), "instruction"), counted(len(new), "instruction")))
        lines = list(difference(old, new))
        for sign, text in lines[:_DIFFERENCE_LINES]:
            style = {"-": "muted", "+": "base"}.get(sign, "changed")
            rows.append(Row("", ((f"  {sign} ", "faint"), (text, style))))
        if len(lines) > _DIFFERENCE_LINES:
            rows.append(Row("", (("    … and more; exporting writes all of it", "muted"),)))
    return rows


def _register(name: str, old: int, new: int) -> Row:
    words: Words = ((f"{name:<{_LABEL}}", "muted"), (f"{old:>10,}", "base" if old != new else "muted"))
    if old == new:
        return Row("", (*words, ("   the same", "faint")))
    change = f"+{new - old:,}" if new > old else f"−{old - new:,}"
    number = f"{new:,}"
    blank = " " * (10 - len(number))
    return Row("", (*words, (" → " + blank, "faint"), (number, "changed"), (f"{change:>12}", "base")))


def _texts(name: str, old: str, new: str) -> Row:
    if old == new:
        return Row("", ((f"{name:<{_LABEL}}", "muted"), (old, "muted"), ("   the same", "faint")))
    return Row("", ((f"{name:<{_LABEL}}", "muted"), (old, "base"), (" → ", "faint"), (new, "changed")))
