"""How the place of a watchpoint is written: `3`, `mem[3..7]`, `mem[h0+1]`, or any expression."""

from __future__ import annotations

import re

from gpdebug.debugger.places import OnCells, OnChange
from gpdebug.debugger.whole_numbers import whole_number
from vm.conditions import parse
from vm.stops import Cells, Change
from vm.touch import Access

_NUMBER = r"(?:0x[0-9a-fA-F]+|\d+)"
_BOUND = rf"(?:(?P<head{{0}}>h[01])\s*(?:(?P<sign{{0}}>[+-])\s*(?P<offset{{0}}>{_NUMBER}))?|(?P<cell{{0}}>{_NUMBER}))"
_INSIDE = rf"\s*{_BOUND.format(0)}\s*(?:\.\.\s*{_BOUND.format(1)})?\s*"
_CELLS = re.compile(rf"mem\[{_INSIDE}\]\Z")
_BARE = re.compile(rf"(?P<low>{_NUMBER})\s*(?:\.\.\s*(?P<high>{_NUMBER}))?\Z")


def parse_place(text: str, memory: int, access: Access = Access.CHANGE) -> OnCells | OnChange:
    """Reads the place of a watchpoint.

    A cell's number, a range of cells, which may wrap around, cells by their distance from a head; anything else is
    an expression, whose value is watched.

    Args:
        text: as the user wrote it.
        memory: number of cells.
        access: which accesses to cells count.

    Raises:
        ConditionError: a wrong expression, with its column.
    """
    stripped = text.strip()
    bare = _BARE.match(stripped)
    if bare is not None:
        low = whole_number(bare["low"])
        return OnCells(Cells(low, _size(low, whole_number(bare["high"] or bare["low"]), memory), None, access))
    match = _CELLS.match(stripped)
    if match is not None:
        low = _at(match, 0)
        has_last = match["head1"] or match["cell1"]
        if not has_last or match["head0"] == match["head1"]:
            size = _size(low, _at(match, 1), memory) if has_last else 1
            return OnCells(Cells(low, size, int(match["head0"][1]) if match["head0"] else None, access))
    return OnChange(Change(parse(text)))


def _at(match: re.Match[str], bound: int) -> int:
    """A bound of a range: a cell, or a distance from a head."""
    if match[f"cell{bound}"]:
        return whole_number(match[f"cell{bound}"])
    offset = whole_number(match[f"offset{bound}"] or "0")
    return -offset if match[f"sign{bound}"] == "-" else offset


def _size(low: int, high: int, memory: int) -> int:
    """Cells from one to another, over the end of the memory if need be; one that does not exist is seen to later."""
    return high - low + 1 if high >= low else (high - low) % memory + 1
