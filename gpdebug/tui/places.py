"""Places to go to as people type them: a step, a share of the run, an instruction, a cell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from gpdebug.debugger.whole_numbers import whole_number

_PLACE = re.compile(
    r"(?P<sign>[#@+-]?)\s*(?P<number>0x[0-9a-fA-F]+|[\d,_ ]*\d)(?P<fraction>\.\d+)?\s*(?P<percent>%?)\Z"
)


class PlaceError(ValueError):
    """What was typed is no place; says what is expected."""


class Kind(Enum):
    """What the number of a place counts."""

    STEP = "step"
    FORWARD = "steps from here"
    SHARE = "share of the run"
    INSTRUCTION = "instruction"
    CELL = "cell"


@dataclass(frozen=True, slots=True)
class Place:
    """Where to go."""

    kind: Kind
    number: int
    share: float = 0.0


HINT = "1204 a step · +20 or -20 from here · 37% · #17 an instruction · @0x40 a cell · a bookmark"


def parse_place(text: str) -> Place:
    """Reads `1204`, `+20`, `-20`, `37%`, `#17` or `@0x40`.

    Raises:
        PlaceError: it is none of these.
    """
    match = _PLACE.match(text.strip())
    if match is None:
        raise PlaceError(f"expected a step, 37%, #instruction, @cell or a bookmark, not {text.strip()!r}")
    digits = re.sub(r"[,_ ]", "", match["number"])
    number = whole_number(digits)
    if match["percent"]:
        share = float(digits + (match["fraction"] or "")) / 100 if not digits.startswith("0x") else 2.0
        if match["sign"] or share > 1:
            raise PlaceError(f"a share of the run is 0% to 100%, not {text.strip()!r}")
        return Place(Kind.SHARE, number, share)
    if match["fraction"]:
        raise PlaceError(f"expected a whole number, not {text.strip()!r}")
    if match["sign"] == "-":
        number = -number
    kinds = {"#": Kind.INSTRUCTION, "@": Kind.CELL, "+": Kind.FORWARD, "-": Kind.FORWARD, "": Kind.STEP}
    return Place(kinds[match["sign"]], number)
