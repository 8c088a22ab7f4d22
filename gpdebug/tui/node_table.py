"""The nodes of an explanation as the rows of a table: sorted without being made, made when they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from rich.segment import Segment

from gpdebug.tui.themes import Palette
from gpdebug.tui.widgets.table import Column, Rows
from gpdebug.wording import signed, signed_byte, span_words, with_minus

if TYPE_CHECKING:
    from gpdebug.explain.answer import Explanation
    from gpdebug.explain.circuit.parts import Circuit

_CODE = 16
_DOES = 160


@dataclass(frozen=True, slots=True)
class NodeRow:
    """What a row says.

    Attributes:
        step: the moment of the run at which it is about to happen.
        when: its steps, in words.
        place: its instructions.
        does: what it did.
        effect: what one more in its result adds to what is explained; None: not by values alone.
        added: what it adds itself.
    """

    step: int
    when: str
    place: str
    does: str
    effect: int | None
    added: int


class NodeTable:
    """The rows of an explanation: where it begins, then what ran."""

    def __init__(self, found: Explanation) -> None:
        self.found = found
        self._leaves = list(found.slice.leaves.items())
        self.row = lru_cache(maxsize=4096)(self._row)

    def __len__(self) -> int:
        return len(self._leaves) + len(self.found.lines)

    def columns(self) -> tuple[Column, ...]:
        """The columns; what it did is last and pans."""
        last = span_words(*self.found.lines[-1, :2].tolist()) if len(self.found.lines) else ""
        return (
            Column("step", "step", max(7, len(last)), self._draw_step, "s"),
            Column("instruction", "instruction", _CODE, self._draw_place, "i", right=False, weight=2),
            Column("effect", "effect", 7, self._draw_effect, "e", weight=1),
            Column("added", "adds", 5, self._draw_added, "a"),
            Column("does", "what it does", 24, self._draw_does, right=False),
        )

    @property
    def longest(self) -> int:
        """The most columns that what a node did may need."""
        return _DOES

    def order(self, key: str, *, descending: bool) -> Rows:
        """The rows by a column, those that are equal as they ran; an effect or an addition by its size."""
        values = np.arange(len(self), dtype=np.int64)
        if key == "instruction":
            firsts = self.found.slice.flow.instructions[self.found.lines[:, 0]]
            values = np.concatenate([np.full(len(self._leaves), -1), firsts])
        elif key == "effect":
            effects = [-1 if effect is None else effect for _, effect in self._leaves]
            known = np.concatenate([np.array(effects, np.int64), self.found.line_effects])
            values = np.where(known < 0, -1, _size(known))
        elif key == "added":
            leaves = [self.row(number).added for number in range(len(self._leaves))]
            values = _size(np.concatenate([np.array(leaves, np.int64), self.found.line_added]))
        return np.argsort(-values if descending else values, kind="stable").astype(np.int64)

    def rows_of(self, circuit: Circuit) -> list[int | None]:
        """The row of each node of a circuit; None of one that is no step."""
        leaves = {leaf: row for row, (leaf, _) in enumerate(self._leaves)}
        first = self.found.slice.flow.trace.first
        lines = (
            np.searchsorted(self.found.lines[:, 0], [node.first - first for node in circuit.nodes], side="right") - 1
        )
        return [
            leaves[node.leaf] if node.leaf is not None
            else len(leaves) + int(line) if node.instruction is not None and line >= 0
            else None
            for node, line in zip(circuit.nodes, lines, strict=True)
        ]  # fmt: skip

    def _row(self, number: int) -> NodeRow:
        """A row by its number."""
        from gpdebug.explain import words

        found, at = self.found, number - len(self._leaves)
        if at < 0:
            leaf, effect = self._leaves[number]
            first = found.slice.flow.trace.first
            when = f"at {first:,}" if leaf.kind.is_cut else "start"
            return NodeRow(first, when, "", words.leaf_words(leaf), effect, leaf.value * (effect or 0) % 256)
        node = found.line_node(*found.lines[at].tolist())
        place = f"{span_words(node.instruction, node.last_instruction)} {node.symbols}"
        return NodeRow(node.first, span_words(node.first, node.last), place, node.does, node.effect, node.added)

    def _draw_step(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        return [Segment(self.row(row).when.rjust(width)[:width], palette.muted)]

    def _draw_place(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        return [Segment(_cropped(self.row(row).place, width))]

    def _draw_effect(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        effect = self.row(row).effect
        return [Segment(("" if effect is None else f"×{with_minus(signed_byte(effect))}").rjust(width), palette.muted)]

    def _draw_added(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        added = self.row(row).added
        return [Segment((_plus(added) if added else "").rjust(width), palette.changed)]

    def _draw_does(self, row: int, width: int, pan: int, palette: Palette) -> list[Segment]:
        text = self.row(row).does[pan:]
        return [Segment(_cropped(text, width))]


def _size(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """How large bytes are as differences, by the smaller way round."""
    return np.minimum(values, 256 - values)


def _plus(value: int) -> str:
    return signed(signed_byte(value))


def _cropped(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
