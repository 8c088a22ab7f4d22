"""What is written at the nodes and edges of a circuit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from gpdebug.explain.circuit.parts import CircuitEdge, CircuitNode, EdgeKind, NodeKind
from gpdebug.wording import signed, signed_byte, span_words, with_minus

_SYMBOLS = 8


class Detail(StrEnum):
    """How much is written at each node."""

    MARKS = "marks"
    CODE = "code"
    FULL = "full"


class Role(StrEnum):
    """What some characters of a drawing are."""

    BLANK = "blank"
    MARK = "mark"
    STEPS = "steps"
    CODE = "code"
    TEXT = "text"
    ADDED = "added"
    HIDDEN = "hidden"
    WEIGHT = "weight"
    VALUE_LINE = "value line"
    CONTROL_LINE = "control line"
    ADDRESS_LINE = "address line"
    CODE_LINE = "code line"
    SKIP_LINE = "skip line"

    @classmethod
    def of_edge(cls, kind: EdgeKind) -> Role:
        """The role of the line of an edge."""
        return cls(f"{kind} line")


MARKS = {
    NodeKind.CRITERION: "◉",
    NodeKind.LEAF: "○",
    NodeKind.CUT: "✕",
    NodeKind.STEP: "●",
    NodeKind.RUN: "●",
    NodeKind.LOOP: "↻",
    NodeKind.ACTIVATION: "⊞",
    NodeKind.SITE: "◆",
}
"""The first character of each node."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a node."""

    text: str
    role: Role


def node_pieces(node: CircuitNode, detail: Detail) -> Iterator[Piece]:
    """What is written at a node."""
    yield Piece(MARKS[node.kind], Role.MARK)
    if detail is Detail.FULL and node.steps:
        yield Piece(f" {span_words(node.first, node.last)}", Role.STEPS)
    if detail is not Detail.MARKS and node.symbols:
        yield Piece(f" {cropped(node.symbols)}", Role.CODE)
    if detail is Detail.FULL or (detail is Detail.CODE and not node.symbols):
        yield Piece(f" {node.short}", Role.TEXT)
    if node.added and detail is not Detail.MARKS:
        yield Piece(f" {signed(signed_byte(node.added))}", Role.ADDED)
    if node.hidden:
        yield Piece(f" ⋮{node.hidden:,}", Role.HIDDEN)


def edge_label(edge: CircuitEdge) -> str:
    """What is written beside the end of an edge: what one more in the source adds to the target, if that is not 1."""
    if edge.kind is not EdgeKind.VALUE or edge.weight in (None, 0, 1):
        return ""
    return f"×{with_minus(edge.weight)}"


def cropped(symbols: str) -> str:
    """Instructions, as many as there is room for."""
    return symbols if len(symbols) <= _SYMBOLS else f"{symbols[: _SYMBOLS - 1]}…"
