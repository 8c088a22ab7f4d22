"""Every instruction of a program in plain words: how often it ran, what happens without it, who brought it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.meanings import meaning
from gpdebug.explain.report.contents import Contents, Past
from gpdebug.explain.report.heat import sample
from gpdebug.explain.report.markup import Child, Html, element
from gpdebug.explain.report.pieces import Column, Row, remark, section, table
from gpdebug.explain.report.program import glyphs_of, left_out, symbol_classes
from gpdebug.explain.scan.outcomes import Effect
from gpdebug.wording import signed, span_words
from vm.dialect import Primitive
from vm.program import Program

MOST_ROWS = 400
"""Lines that are shown."""
_DEEPEST = 12


def listing_section(contents: Contents) -> Html:
    """The program, one instruction a line; equal ones that follow each other and are equal in all share a line."""
    listing = _Listing(contents)
    rows = [listing.row(first, last) for first, last in listing.runs[:MOST_ROWS]]
    return section(
        "listing",
        "Every instruction in plain words",
        table(None, listing.columns, rows),
        remark(left_out(len(listing.runs), MOST_ROWS, "line")),
    )


@dataclass(frozen=True)
class _Listing:
    """The lines of a listing."""

    contents: Contents

    @property
    def program(self) -> Program:
        return self.contents.source.program

    @property
    def _past(self) -> Past | None:
        return self.contents.past if isinstance(self.contents.past, Past) else None

    @property
    def columns(self) -> list[Column]:
        """What is told of each."""
        columns = [Column("instruction", "number"), Column("", "code"), Column("what it does", "words")]
        columns.append(Column("executed", "number", "How often, on all of these cases together."))
        if self.contents.scans.knock_outs is not None:
            columns.append(Column("without it", "key", "What becomes of the error if it does nothing."))
        if self._past is not None:
            columns.append(Column("brought by", "key"))
        return columns

    @cached_property
    def runs(self) -> list[tuple[int, int]]:
        """The first and last instruction of each line."""
        folds = np.isin(self.program.primitives, (Primitive.ADD, Primitive.MOVE0, Primitive.MOVE1, Primitive.NOP))
        same = np.zeros(len(self.program), np.bool_)
        same[1:] = folds[1:]
        for key in self._keys():
            same[1:] &= key[1:] == key[:-1]
        starts = np.flatnonzero(~same).tolist()
        ends = [start - 1 for start in [*starts[1:], len(self.program)]]
        return list(zip(starts, ends, strict=False))

    def _keys(self) -> Iterable[NDArray[np.int64]]:
        yield self.program.code.astype(np.int64)
        yield self.contents.executions
        if self.contents.scans.knock_outs is not None:
            sites = self.contents.scans.knock_outs.sites
            yield sites.effects.astype(np.int64)
            yield sites.deltas
        if self._past is not None:
            yield self._past.blame.source.astype(np.int64)

    def row(self, first: int, last: int) -> Row:
        """A line."""
        count, glyph = int(self.contents.executions[first]), self._glyphs[self.program.code[first]]
        symbols = glyph if first == last else f"{glyph} ×{last - first + 1:,}"
        indent = "  " * min(_DEEPEST, self._depths[first])
        code = [indent, element("span", symbols, class_=self._classes[first] or None)]
        cells: list[Child] = [span_words(first, last), code, self._meaning(first, last), count or "never"]
        if self.contents.scans.knock_outs is not None:
            sites = self.contents.scans.knock_outs.sites
            cells.append(_effect(Effect(int(sites.effects[first])), int(sites.deltas[first])))
        if self._past is not None:
            one = self._past.blame.of(first).individual
            born = f", generation {one.born:,}" if one.born is not None and one.born >= 0 else ""
            cells.append(f"#{one.id}{born}")
        return Row(cells, None if count else "never")

    def _meaning(self, first: int, last: int) -> str:
        program = self.program
        if chr(program.code[first]) not in program.dialect.symbols:
            return f"byte {int(program.code[first])}: does nothing"
        partner = int(program.partners[first])
        argument = int(program.arguments[first]) * (last - first + 1)
        return meaning(Primitive(int(program.primitives[first])), argument, None if partner < 0 else partner)

    @cached_property
    def _glyphs(self) -> tuple[str, ...]:
        return glyphs_of(self.program.dialect)

    @cached_property
    def _classes(self) -> list[str]:
        return symbol_classes(self.program, self.contents.executions)

    @cached_property
    def _depths(self) -> list[int]:
        """How deep each instruction is nested, a bracket as deep as what is around it."""
        opens = self.program.primitives == Primitive.OPEN
        level = np.cumsum(opens) - np.cumsum(self.program.primitives == Primitive.CLOSE)
        inside: list[int] = (level - np.minimum.accumulate(np.minimum(level, 0)) - opens).tolist()
        return inside


def _effect(effect: Effect, delta: int) -> Child:
    if effect in (Effect.NEVER_EXECUTED, Effect.INTRON):
        return None
    return [sample(effect), " ", f"{effect} {signed(delta)}" if delta else str(effect)]
