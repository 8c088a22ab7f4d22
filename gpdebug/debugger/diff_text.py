"""How bytes, numbers and programs are written where they are compared."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from gpdebug.wording import is_printable, literal, signed, signed_byte

_ALIGNED_UP_TO = 3_000
"""Instructions up to which two programs are aligned in full; longer ones only at their common start and end."""
_LINE = 72


def cell_change(old: int, new: int) -> str:
    """A cell's change in hex, decimal, difference, signed values where they differ from those, and characters."""
    text = f"{old:02x} → {new:02x}   {old:3} → {new:3}   {signed(new - old)}"
    if old > 127 or new > 127:
        text += f"   ({signed_byte(old)} → {signed_byte(new)} signed)"
    if is_printable(old) or is_printable(new):
        text += f"   {literal(old)} → {literal(new)}"
    return text


def shown(output: bytes, width: int = 40) -> str:
    """Bytes for a line of text: as characters with escapes, cut at `width` bytes."""
    text = repr(output[:width])[1:]
    return f"{text}…({len(output):,} bytes)" if len(output) > width else text


def plain(value: int | str) -> str:
    """A number with separators, or a text as it is."""
    return f"{value:,}" if isinstance(value, int) else value


def difference(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Two programs one above the other, what they share aligned: lines with the sign `-` or `+`, where they differ.

    A dot stands where the other one has an instruction more; `^` under what differs.
    """
    left, right, marks = [], [], []
    for kind, a, b, c, d in blocks(old.encode("latin-1"), new.encode("latin-1")):
        length = max(b - a, d - c)
        left.append(_visible(old[a:b]).ljust(length, "·"))
        right.append(_visible(new[c:d]).ljust(length, "·"))
        marks.append((" " if kind == "equal" else "^") * length)
    texts = "".join(left), "".join(right), "".join(marks)
    for start in range(0, len(texts[0]), _LINE):
        before, after, mark = (text[start : start + _LINE] for text in texts)
        if mark.strip():
            yield "-", before
            yield "+", after
            yield " ", mark.rstrip()


def blocks(old: bytes, new: bytes) -> Iterator[tuple[str, int, int, int, int]]:
    """What two programs share and what not, as `difflib` tells it: a kind, a part of the old, a part of the new."""
    if max(len(old), len(new)) <= _ALIGNED_UP_TO:
        yield from SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        return
    short = min(len(old), len(new))
    one, two = np.frombuffer(old, np.uint8), np.frombuffer(new, np.uint8)
    start = _equal(one[:short], two[:short])
    end = _equal(one[len(one) - short + start :][::-1], two[len(two) - short + start :][::-1])
    yield "equal", 0, start, 0, start
    yield "replace", start, len(old) - end, start, len(new) - end
    yield "equal", len(old) - end, len(old), len(new) - end, len(new)


def _equal(one: NDArray[np.uint8], two: NDArray[np.uint8]) -> int:
    """How many bytes are alike before the first that differs."""
    unlike = np.flatnonzero(one != two)
    return int(unlike[0]) if unlike.size else len(one)


def _visible(code: str) -> str:
    return "".join(char if " " < char <= "~" else "?" for char in code)
