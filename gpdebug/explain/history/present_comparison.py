"""A comparison as lines of text and as plain data for JSON."""

from __future__ import annotations

from typing import Any

from gpdebug.explain.history import wording
from gpdebug.explain.history.comparison import Comparison, Party
from gpdebug.explain.history.divergence import Divergence, Parting, Place
from gpdebug.explain.history.effects import ByteChange, byte_changes
from gpdebug.explain.history.wording import change_words, in_columns, place_words
from gpdebug.wording import counted

SHOWN = 40
"""Edits and bytes that are listed unless all are asked for."""
TITLES = ("error: alone", "after the others")
_TEXT = 40


def to_lines(found: Comparison, shown: int | None = SHOWN) -> list[str]:
    """The comparison as text.

    Args:
        found: it.
        shown: the most edits and the most bytes to list; the others are counted. None: all.
    """
    lines = in_columns([_facts(found, which) for which in (0, 1)])
    child = found.birth
    if child is not None:
        made = f", made by {child.operator}" if child.operator else ""
        when = "" if child.born is None or child.born < 0 else f" in generation {child.born:,}"
        one, other = ("b", "a") if child is found.after.individual else ("a", "b")
        lines.append(f"{one} is a child of {other}{made}{when}")
    hunks = found.alignment.hunks
    both = counted(found.alignment.shared, "instruction")
    lines += ["", f"{both} in both, {counted(len(hunks), 'edit')} from a to b" if hunks else "the same program"]
    if hunks:
        lines += in_columns(hunk_rows(found, shown), right=(0, 1, 2, 4, 5))
        if shown is not None and len(hunks) > shown:
            lines.append(f"  … and {counted(len(hunks) - shown, 'edit')} more")
    if found.problem and hunks:
        lines.append(found.problem)
    return [*lines, "", *output_lines(found, shown), "", *run_lines(found)]


def hunk_rows(found: Comparison, shown: int | None, titles: tuple[str, str] = TITLES) -> list[tuple[str, ...]]:
    """The table of edits, titles first: `titles` are those of both errors."""
    rows: list[tuple[str, ...]] = [("edit", "in a", "in b", "what it does")]
    has_errors = found.effects is not None and found.effects.errors_alone is not None
    if has_errors:
        rows[0] += (*titles, "")
    for number, hunk in enumerate(found.alignment.hunks[:shown]):
        row: tuple[str, ...] = (
            f"{number + 1:,}",
            place_words(hunk.at, hunk.end),
            place_words(hunk.to, hunk.to_end),
            wording.hunk_words(hunk),
        )
        if found.effects is not None and has_errors:
            alone, last = found.effects.error_alone(number), found.effects.error_last(number)
            row += (change_words(alone), change_words(last), wording.remark(found.effects, number))
        elif found.effects is not None:
            row += (wording.remark(found.effects, number),)
        rows.append(row)
    return rows


def output_lines(found: Comparison, shown: int | None) -> list[str]:
    """Both outputs where the runs are compared, which bytes differ, and the edits that they need."""
    old, new = found.divergence.outputs
    lines = [f"output {_where(found)}:"]
    names = ("a", "b")
    for name, output in zip(names, (old, new), strict=True):
        lines.append(f"  {name} {_bytes(output)}")
    if found.wanted is not None:
        lines.append(f"  wanted {_bytes(found.wanted)}")
    changes = byte_changes(old, new)
    movers = found.effects.movers(found.case) if found.effects is not None and found.case is not None else {}
    for change in changes[:shown]:
        edits = [f"{hunk + 1:,}" for hunk in movers.get(-1 if change.now_at is None else change.now_at, ())]
        needs = "" if not edits else f"   needs edit{'s' if len(edits) > 1 else ''} {wording.listed(edits)}"
        lines.append(f"  {wording.byte_words(change)}{needs}")
    if shown is not None and len(changes) > shown:
        lines.append(f"  … and {counted(len(changes) - shown, 'byte')} more")
    if not changes:
        lines.append("  they are the same")
    if found.effects is not None and found.case is not None and found.alignment.hunks:
        needed = [f"{hunk + 1:,}" for hunk in found.effects.output_needs(found.case)]
        lines.append(f"  edits without which it were another: {wording.listed(needed) if needed else 'none'}")
    return lines


def run_lines(found: Comparison) -> list[str]:
    """Where the runs part."""
    codes = found.alignment.before, found.alignment.after
    return [
        f"their runs {_where(found)}:",
        *(f"  {line}" for line in wording.divergence_lines(found.divergence, ("a", "b"), codes)),
    ]


def _where(found: Comparison) -> str:
    if found.inputs[0] != found.inputs[1]:
        return f"on {_bytes(found.inputs[0])} and on {_bytes(found.inputs[1])}"
    if found.case is None or found.cases.wanted is None:
        return f"on {_bytes(found.inputs[0])}" if found.inputs[0] else "without input"
    return f"on case {found.case + 1:,}, {_bytes(found.inputs[0])}"


def _facts(found: Comparison, which: int) -> tuple[str, ...]:
    party = (found.before, found.after)[which]
    facts: tuple[str, ...] = ("ab"[which], party.name, counted(len(party.program), "instruction"))
    if found.effects is None or found.effects.ends.errors is None:
        return facts
    ends, cases = found.effects.ends, found.cases
    error, solved, held_out = ends.error(which), ends.solved(which), ends.held_out_error(which)
    if error is None:
        return (*facts, "cannot be run")
    facts += (f"error {error:,}", f"{solved:,} of {counted(cases.training, 'case')} right")
    return facts if held_out is None else (*facts, f"held-out error {held_out:,}")


def _bytes(text: bytes) -> str:
    shown = repr(text[:_TEXT])[1:]
    return f"{shown}… ({len(text):,} bytes)" if len(text) > _TEXT else shown


def to_dict(found: Comparison) -> dict[str, Any]:
    """The comparison as plain data. Edits, bytes and cases are counted from 0; bytes are in hex."""
    hunks = found.alignment.hunks
    return {
        "before": _party(found, 0, found.before),
        "after": _party(found, 1, found.after),
        "child": None if found.birth is None else found.birth.id,
        "shared": found.alignment.shared,
        "edits": [_hunk(found, number) for number in range(len(hunks))],
        "case": found.case,
        "inputs": [data.hex() for data in found.inputs],
        "wanted": None if found.wanted is None else found.wanted.hex(),
        "outputs": [output.hex() for output in found.divergence.outputs],
        "changes": [_change(change) for change in byte_changes(*found.divergence.outputs)],
        "needs": [] if found.effects is None or found.case is None else [
            {"byte": byte, "edits": list(edits)} for byte, edits in found.effects.movers(found.case).items()
        ],
        "divergence": _divergence(found.divergence),
    }  # fmt: skip


def _party(found: Comparison, which: int, party: Party) -> dict[str, Any]:
    told: dict[str, Any] = {"name": party.name, "length": len(party.program), "program": party.program.text}
    if party.individual is not None:
        one = party.individual
        told |= {"id": one.id, "parents": None if one.parents is None else list(one.parents)}
        told |= {"operator": one.operator, "born": one.born}
    if found.effects is not None and found.effects.ends.errors is not None:
        ends = found.effects.ends
        told |= {"error": ends.error(which), "held_out_error": ends.held_out_error(which)}
        told |= {"errors": ends.errors[which].tolist() if ends.can_run[which] and ends.errors is not None else None}
    return told


def _hunk(found: Comparison, number: int) -> dict[str, Any]:
    hunk, tried = found.alignment.hunks[number], found.effects
    told: dict[str, Any] = {
        "before": [hunk.at, hunk.end],
        "after": [hunk.to, hunk.to_end],
        "old": hunk.old.decode("latin-1"),
        "new": hunk.new.decode("latin-1"),
    }
    if tried is None:
        return told
    told["with"] = list(tried.together[number])
    told["changes_anything"] = tried.changes_anything(number)
    ways = (
        ("alone", tried.error_alone(number), tried.errors_alone, tried.bytes_alone),
        ("last", tried.error_last(number), tried.errors_last, tried.bytes_last),
    )
    for name, error, errors, changed in ways:
        told[name] = {
            "error": error,
            "errors": None if errors is None or error is None else errors[number].tolist(),
            "bytes": None if found.case is None else [_change(one) for one in changed(number, found.case)],
        }
    return told


def _change(change: ByteChange) -> dict[str, int | None]:
    return {"before": change.index, "after": change.now_at, "old": change.old, "new": change.new}


def _divergence(found: Divergence) -> dict[str, Any]:
    return {
        "edits": [
            None if one is None else {"edit": one.hunk, "step": one.step, "instruction": one.instruction}
            for one in found.edits
        ],
        "state": _parting(found.state),
        "path": _parting(found.path),
        "last": _parting(found.last),
        "byte": found.byte,
        "shared": found.shared,
        "whole": found.is_whole,
    }


def _parting(parting: Parting | None) -> dict[str, Any] | None:
    if parting is None:
        return None
    return {
        "before": _place(parting.before),
        "after": _place(parting.after),
        "shared": parting.shared,
        "unlike": {one.name: [one.before, one.after] for one in parting.unlike},
    }


def _place(place: Place) -> dict[str, Any]:
    return {"step": place.step, "instruction": place.instruction, "status": str(place.status)}
