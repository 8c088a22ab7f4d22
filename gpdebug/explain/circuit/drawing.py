"""A circuit as lines of text: spans with roles, which a screen gives colours, and characters that tell kinds apart.

Lines of values are solid, of control dotted, of addresses dashed, of code heavy, of skips double. Where two lines
cross, the one that goes down is not interrupted. Everything leads down; a line that leads up has an arrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gpdebug.explain.circuit.labels import Role
from gpdebug.explain.circuit.layout import Layout
from gpdebug.explain.circuit.parts import EdgeKind

UP, RIGHT, DOWN, LEFT = 1, 2, 4, 8
_LIGHT = " ╵╶╰╷│╭├╴╯─┴╮┤┬┼"
_HEAVY = " ╹╺┗╻┃┏┣╸┛━┻┓┫┳╋"
_DOUBLE = " ║═╚║║╔╠═╝═╩╗╣╦╬"
STROKES = {
    EdgeKind.VALUE: _LIGHT,
    EdgeKind.CONTROL: _LIGHT.replace("│", "┊").replace("─", "┈"),
    EdgeKind.ADDRESS: _LIGHT.replace("│", "╎").replace("─", "╌"),
    EdgeKind.CODE: _HEAVY,
    EdgeKind.SKIP: _DOUBLE,
}
"""Of each kind 16 characters: by the sum of the directions in which the line leaves the place."""
ARROW = "▲"
NOBODY = -1

Ints = NDArray[np.int64]
_KINDS = list(EdgeKind)
_ROLES = list(Role)
_NUMBERS = {role: number for number, role in enumerate(_ROLES)}


@dataclass(frozen=True, slots=True)
class Span:
    """Some characters of a line that are shown alike.

    Attributes:
        text: the characters.
        role: what they are.
        node: the number of the node that they belong to, or None.
    """

    text: str
    role: Role
    node: int | None = None


def draw(layout: Layout) -> tuple[tuple[Span, ...], ...]:
    """The rows of a layout, each as spans from its first column on, without blanks at its end."""
    size = (layout.height, layout.width)
    characters, roles = np.full(size, " "), np.zeros(size, np.int64)
    nodes = np.full(size, NOBODY)
    _draw_lines(layout, characters, roles)
    for label in layout.labels:
        _write(characters, roles, label.x, label.y, label.text, Role.WEIGHT)
    for box in layout.boxes:
        nodes[box.y, box.x : box.x + box.width] = box.node
        _write(characters, roles, box.x, box.y, " " * box.width, Role.TEXT)
        x = box.x
        for piece in box.pieces:
            _write(characters, roles, x, box.y, piece.text, piece.role)
            x += len(piece.text)
    return tuple(_spans(*row) for row in zip(characters, roles, nodes, strict=True))


def to_text(layout: Layout) -> list[str]:
    """The rows as plain text."""
    return ["".join(span.text for span in spans).rstrip() for spans in draw(layout)]


def _write(characters: NDArray[np.str_], roles: Ints, x: int, y: int, text: str, role: Role) -> None:
    characters[y, x : x + len(text)] = list(text)
    roles[y, x : x + len(text)] = _NUMBERS[role]


def _draw_lines(layout: Layout, characters: NDArray[np.str_], roles: Ints) -> None:
    """Draws all lines. No two go down in one place, and no two across: at most one crosses another."""
    size = (layout.height, layout.width)
    down, across = np.full(size, NOBODY), np.full(size, NOBODY)
    ways_down, ways_across = np.zeros(size, np.int64), np.zeros(size, np.int64)
    for number, strand in enumerate(layout.strands):
        for x0, y0, x1, y1 in strand.parts:
            if y1 > y0:
                down[y0 : y1 + 1, x0] = number
                ways_down[y0:y1, x0] |= DOWN
                ways_down[y0 + 1 : y1 + 1, x0] |= UP
            if x1 > x0:
                across[y0, x0 : x1 + 1] = number
                ways_across[y0, x0:x1] |= RIGHT
                ways_across[y0, x0 + 1 : x1 + 1] |= LEFT
    seen = np.where(down >= 0, down, across)
    ways = ways_down | np.where(across == seen, ways_across, 0)
    kinds = np.array([_KINDS.index(strand.net.kind) for strand in layout.strands], np.int64)
    strokes = np.array([list(STROKES[kind]) for kind in _KINDS])
    drawn = seen >= 0
    characters[drawn] = strokes[kinds[seen[drawn]], ways[drawn]]
    roles[drawn] = np.array([_NUMBERS[Role.of_edge(kind)] for kind in _KINDS])[kinds[seen[drawn]]]
    for strand in layout.strands:
        if strand.net.turned:
            x, y, _, _ = strand.parts[0]
            characters[y + 1, x] = ARROW


def _spans(characters: NDArray[np.str_], roles: Ints, nodes: Ints) -> tuple[Span, ...]:
    used = np.flatnonzero((roles != _NUMBERS[Role.BLANK]) | (nodes >= 0))
    end = int(used[-1]) + 1 if len(used) else 0
    text = "".join(characters[:end].tolist())
    changes = 1 + np.flatnonzero((np.diff(roles[:end]) != 0) | (np.diff(nodes[:end]) != 0))
    bounds = [0, *changes.tolist(), end] if end else []
    return tuple(
        Span(text[begin:to], _ROLES[roles[begin]], int(nodes[begin]) if nodes[begin] >= 0 else None)
        for begin, to in pairwise(bounds)
    )
