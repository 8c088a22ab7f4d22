"""Plain words for edits, changed bytes and the places where runs part."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from gpdebug.explain.history.alignment import Hunk
from gpdebug.explain.history.divergence import Divergence, Edited, Parting, Place
from gpdebug.explain.history.effects import ByteChange, Effects
from gpdebug.wording import counted, signed, span_words, symbol_words, value_words
from vm.state import Status

_SYMBOLS = 20

_ENDS = {
    Status.RUNNING: "goes on, longer than is looked at",
    Status.FINISHED: "has ended",
    Status.STEP_LIMIT: "was ended by the step limit",
    Status.HALTED: "has halted",
    Status.OUT_OF_BOUNDS: "has ended with a head out of bounds",
    Status.UNMATCHED_BRACKET: "has ended at a bracket without partner",
    Status.INPUT_EXHAUSTED: "has ended for want of input",
    Status.OUTPUT_LIMIT: "has written all that it may",
}


def code_words(code: bytes, most: int | None = _SYMBOLS) -> str:
    """A piece of a program as it is written; the middle of a long one is left out.

    Equal symbols one after the other are counted: `+×34`.
    """
    pieces: list[str] = []
    at = 0
    while at < len(code):
        end = at
        while end < len(code) and code[end] == code[at]:
            end += 1
        symbol = symbol_words([code[at]])
        pieces.append(f"{symbol}×{end - at:,}" if end - at > 4 else symbol * (end - at))
        at = end
    text = "".join(pieces)
    if most is None or len(text) <= most:
        return text
    half = (most - 1) // 2
    return f"{text[: most - 1 - half]}…{text[len(text) - half :]}"


def hunk_words(hunk: Hunk, most: int | None = _SYMBOLS) -> str:
    """What an edit does to the program before."""
    if not hunk.old:
        return f"puts in {code_words(hunk.new, most)}"
    if not hunk.new:
        return f"takes out {code_words(hunk.old, most)}"
    return f"{code_words(hunk.old, most)} → {code_words(hunk.new, most)}"


def place_words(start: int, end: int) -> str:
    """Indices from `start` to before `end`; a dash for none."""
    return "–" if start == end else span_words(start, end - 1)


def change_words(value: int | None) -> str:
    """What is added to an error."""
    if value is None:
        return "cannot run"
    return signed(value) if value else "0"


def remark(found: Effects, hunk: int) -> str:
    """What is to be said about an edit beside the numbers; empty if nothing is."""
    if not found.changes_anything(hunk):
        return "no output changes"
    parts = []
    if len(found.together[hunk]) > 1:
        others = [f"{number + 1:,}" for number in found.together[hunk] if number != hunk]
        parts.append(f"tried with {listed(others)}, its brackets' partners")
    alone, last = found.error_alone(hunk), found.error_last(hunk)
    if alone is not None and last is not None:
        if alone >= 0 > last:
            parts.append("better only with others")
        elif alone < 0 <= last:
            parts.append("better only without others")
        elif alone > 0 >= last and last == 0:
            parts.append("harmless with others")
        elif alone == last == 0:
            parts.append("no error changes")
    return "; ".join(parts)


def byte_words(change: ByteChange) -> str:
    """What became of a byte of an output."""
    if change.now_at is None:
        assert change.old is not None
        return f"byte {change.index:,}, {value_words(change.old)}, is gone"
    assert change.new is not None
    if change.old is None:
        return f"byte {change.now_at:,}, {value_words(change.new)}, is put in"
    moved = "" if change.index == change.now_at else f" (it was byte {change.index:,})"
    return f"byte {change.now_at:,}: {value_words(change.old)} → {value_words(change.new)}{moved}"


def divergence_lines(found: Divergence, names: tuple[str, str], codes: tuple[bytes, bytes]) -> list[str]:
    """Where two runs part, as lines.

    Args:
        found: it.
        names: of the two.
        codes: their programs.
    """
    lines = [
        f"{name} first executes {_instruction(edited, code)} of edit {edited.hunk + 1:,} at step {edited.step:,}"
        for name, code, edited in zip(names, codes, found.edits, strict=True)
        if edited is not None
    ]
    if found.state is not None:
        lines.append(f"the first that finds something else is {_both(found.state, names, codes)}:")
        lines += [f"  {unlike.name} is {unlike.before:,}, and {unlike.after:,}" for unlike in found.state.unlike]
    if found.path is not None:
        one, other = found.path.before, found.path.after
        last = "" if found.last is None else f", the last of them {_both(found.last, names, codes)},"
        lines.append(f"after {counted(found.path.shared, 'shared instruction')}{last} they take different ways:")
        for name, place, code in zip(names, (one, other), codes, strict=True):
            lines.append(f"  {name} {_goes_on(place, code)}")
    elif found.is_whole and not found.shared:
        lines.append("they execute no instruction that both have")
    elif found.is_whole:
        lines.append(f"they take the same way through all {found.shared:,} shared instructions that they execute")
    else:
        so_far = f"the first {found.shared:,} shared instructions"
        lines.append(f"they take the same way through {so_far}; no more were looked at")
    return lines


def listed(items: list[str]) -> str:
    """Items as they are told one after the other."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def in_columns(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> list[str]:
    """Rows as lines with their cells one below the other: see `padded`."""
    return ["  ".join(row).rstrip() for row in padded(rows, right)]


def padded(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> list[list[str]]:
    """Cells as wide as the widest of their column; rows may have fewer cells than others.

    Args:
        rows: of texts.
        right: columns that are aligned to the right.
    """
    count = max(map(len, rows), default=0)
    widths = [max((len(row[column]) for row in rows if column < len(row)), default=0) for column in range(count)]
    signs = [">" if column in right else "<" for column in range(count)]
    return [[f"{cell:{sign}{width}}" for cell, sign, width in zip(row, signs, widths, strict=False)] for row in rows]


def _instruction(edited: Edited, code: bytes) -> str:
    return f"instruction {edited.instruction:,} {_symbol(code, edited.instruction)}"


def _symbol(code: bytes, place: int) -> str:
    return symbol_words([code[place]]) if place < len(code) else "(behind its program)"


def _both(parting: Parting, names: tuple[str, str], codes: tuple[bytes, bytes]) -> str:
    place = parting.before.instruction
    assert place is not None
    return (
        f"instruction {place:,} {_symbol(codes[0], place)} of {names[0]} at step {parting.before.step:,} and "
        f"{parting.after.instruction:,} of {names[1]} at step {parting.after.step:,}"
    )


def _goes_on(place: Place, code: bytes) -> str:
    if place.instruction is None:
        return f"{_ENDS[place.status]}, after {counted(place.step, 'step')}"
    return f"goes on with {place.instruction:,} {_symbol(code, place.instruction)} at step {place.step:,}"
