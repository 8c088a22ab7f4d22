"""What comes of changes, as lines of text and as plain data for JSON."""

from __future__ import annotations

from itertools import islice
from typing import Any

from gpdebug.explain.change.changes import changes_text
from gpdebug.explain.change.outcome import ByteChange, Difference, Outcome
from gpdebug.explain.change.what_if import CaseErrors, WhatIf
from gpdebug.store.typed_bytes import show_bytes
from gpdebug.wording import value_words

SHOWN = 12
_OUTPUT = 24


def to_lines(found: WhatIf, shown: int | None = SHOWN) -> list[str]:
    """The answer as text: the run as it was and with the changes, both ways, and what differs in the end.

    Args:
        found: the answer.
        shown: the most bytes of the output, cells and cases that are listed; None: all.
    """
    case = next((errors for errors in found.errors if len(found.errors) == 1 or errors.direct is not None), None)
    rows = [_row("as it was", found.before, None, None if case is None else case.before)]
    if found.direct is not None:
        rows.append(_row("direct effect", found.direct.after, found.direct, None if case is None else case.direct))
    rows.append(_row("total effect", found.total.after, found.total, None if case is None else case.after))
    titles = ["", "output", "changes", "steps", "ends", *([] if case is None else ["error"])]
    lines = [f"what if {changes_text(found.changes)}", "", *columns([titles, *rows]), "", _goes_through(found)]
    lines += _bytes(found.total, shown)
    lines += _cells(found.total, shown)
    if len(found.errors) > 1:
        lines += _errors(found.errors, shown)
    return lines


def columns(rows: list[list[str]]) -> list[str]:
    """Rows of a table as lines, indented; every row has as many cells."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  " + "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
            for row in rows]  # fmt: skip


def _row(name: str, outcome: Outcome, difference: Difference | None, error: int | None) -> list[str]:
    changes = "" if difference is None else _counts(difference)
    cells = [name, show_bytes(outcome.output, _OUTPUT), changes, f"{outcome.steps:,}", str(outcome.status)]
    return cells if error is None else [*cells, f"{error:,}"]


def _counts(difference: Difference) -> str:
    """How many bytes of the output are others, gone and new, and how many cells differ."""
    changes = difference.bytes
    gone = sum(change.after_index is None for change in changes)
    new = sum(change.before_index is None for change in changes)
    others = len(changes) - gone - new
    counts = [(others, "changed"), (gone, "gone"), (new, "new")]
    said = [f"{count:,} {word}" for count, word in counts if count]
    cells = len(difference.cells)
    if cells:
        said.append(f"{cells:,} cell{'' if cells == 1 else 's'}")
    return ", ".join(said) or "none"


def _goes_through(found: WhatIf) -> str:
    """What the difference between direct and total effect says."""
    if found.direct is None:
        return "instructions move, so there is no path to keep to: there is a total effect only"
    if found.total.is_none:
        return "nothing changes" if found.direct.is_none else "in the free run nothing changes: it makes up for it"
    if Difference(found.direct.after, found.total.after).is_none:
        return "all of it goes by values: the run takes the same path"
    if found.direct.is_none:
        return "all of it goes through control and addresses: on the recorded path nothing changes"
    return "direct: by values, on the recorded path; what the total has more goes through control and addresses"


def _bytes(difference: Difference, shown: int | None) -> list[str]:
    changes = difference.bytes
    if not changes:
        return []
    lines = ["", "output bytes that change in the free run:"]
    lines += [f"  {_byte_words(change)}" for change in islice(changes, shown)]
    lines += _more(len(changes), shown)
    if difference.moved:
        lines.append(f"  {difference.moved:,} that keep their value have another place")
    return lines


def _byte_words(change: ByteChange) -> str:
    if change.before is None:
        return f"new byte {change.after_index:,}: {value_words(change.after or 0)}"
    if change.after is None:
        return f"byte {change.before_index:,}: {value_words(change.before)} is gone"
    place = "" if change.before_index == change.after_index else f", now byte {change.after_index:,}"
    return f"byte {change.before_index:,}: {value_words(change.before)} → {value_words(change.after)}{place}"


def _cells(difference: Difference, shown: int | None) -> list[str]:
    cells = difference.cells.tolist()
    if not cells:
        return []
    ours, theirs = difference.before.state.memory, difference.after.state.memory
    lines = ["", "cells that differ at the end of the free run:"]
    lines += [f"  cell {cell:,}: {value_words(int(ours[cell]))} → {value_words(int(theirs[cell]))}"
              for cell in cells[:shown]]  # fmt: skip
    return lines + _more(len(cells), shown)


def _errors(errors: tuple[CaseErrors, ...], shown: int | None) -> list[str]:
    changed = [each for each in errors if each.before != each.after]
    changed.sort(key=lambda each: -abs(each.after - each.before))
    before, after = sum(each.before for each in errors), sum(each.after for each in errors)
    if not changed:
        return ["", f"errors: the same on all {len(errors):,} cases, {before:,} together"]
    lines = ["", f"errors that change: on {len(changed):,} of {len(errors):,} cases, {before:,} → {after:,} together"]
    lines += [f"  case {each.case + 1:,}: {each.before:,} → {each.after:,}" for each in changed[:shown]]
    return lines + _more(len(changed), shown)


def _more(count: int, shown: int | None) -> list[str]:
    return [] if shown is None or count <= shown else [f"  … and {count - shown:,} more"]


def to_dict(found: WhatIf) -> dict[str, Any]:
    """The answer as plain data; bytes in hex."""
    return {
        "changes": [str(change) for change in found.changes],
        "before": _outcome_dict(found.before),
        "direct": None if found.direct is None else _difference_dict(found.direct),
        "total": _difference_dict(found.total),
        "errors": [
            {"case": each.case + 1, "before": each.before, "direct": each.direct, "after": each.after}
            for each in found.errors
        ],
    }


def _outcome_dict(outcome: Outcome) -> dict[str, Any]:
    return {"output": outcome.output.hex(), "steps": outcome.steps, "status": str(outcome.status)}


def _difference_dict(difference: Difference) -> dict[str, Any]:
    ours, theirs = difference.before.state.memory, difference.after.state.memory
    return {
        **_outcome_dict(difference.after),
        "bytes": [
            {"before_index": change.before_index, "after_index": change.after_index, "before": change.before,
             "after": change.after}
            for change in difference.bytes
        ],
        "moved": difference.moved,
        "cells": [
            {"cell": cell, "before": int(ours[cell]), "after": int(theirs[cell])} for cell in difference.cells.tolist()
        ],
    }  # fmt: skip
