"""A circuit as lines of text: spans with roles, which a screen gives colours, and characters that tell kinds apart.

Lines of values are solid, of control dotted, of addresses dashed, of code heavy, of skips double. Where two lines
cross, the one that goes down is not interrupted. Everything leads down; a line that leads up has an arrow.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

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


@dataclass(frozen=True, slots=True)
class _Mark:
    character: str
    role: Role
    node: int | None = None


_BLANK = _Mark(" ", Role.BLANK)


def draw(layout: Layout) -> tuple[tuple[Span, ...], ...]:
    """The rows of a layout, each as spans from its first column on, without blanks at its end."""
    rows: list[dict[int, _Mark]] = [{} for _ in range(layout.height)]
    for (x, y), (net, directions) in _lines(layout).items():
        kind = layout.strands[net].net.kind
        rows[y][x] = _Mark(STROKES[kind][directions], Role.of_edge(kind))
    for strand in layout.strands:
        if strand.net.turned:
            x, y, _, _ = strand.parts[0]
            rows[y + 1][x] = _Mark(ARROW, Role.of_edge(strand.net.kind))
    for label in layout.labels:
        for place, character in enumerate(label.text):
            rows[label.y][label.x + place] = _Mark(character, Role.WEIGHT)
    for box in layout.boxes:
        written = [_Mark(character, piece.role, box.node) for piece in box.pieces for character in piece.text]
        written += [_Mark(" ", Role.TEXT, box.node)] * (box.width - len(written))
        rows[box.y].update(zip(range(box.x, box.x + box.width), written, strict=True))
    return tuple(_spans(row) for row in rows)


def to_text(layout: Layout) -> list[str]:
    """The rows as plain text."""
    return ["".join(span.text for span in spans).rstrip() for spans in draw(layout)]


def _lines(layout: Layout) -> dict[tuple[int, int], tuple[int, int]]:
    """Of each place with a line, the strand that is seen there, and the directions in which it leaves the place."""
    places: dict[tuple[int, int], dict[int, int]] = {}
    for number, strand in enumerate(layout.strands):
        for x0, y0, x1, y1 in strand.parts:
            for y in range(y0, y1):
                _leave(places, x0, y, number, DOWN)
                _leave(places, x0, y + 1, number, UP)
            for x in range(x0, x1):
                _leave(places, x, y0, number, RIGHT)
                _leave(places, x + 1, y0, number, LEFT)
    return {at: max(nets.items(), key=lambda one: one[1] & (UP | DOWN)) for at, nets in places.items()}


def _leave(places: dict[tuple[int, int], dict[int, int]], x: int, y: int, net: int, direction: int) -> None:
    nets = places.setdefault((x, y), {})
    nets[net] = nets.get(net, 0) | direction


def _spans(row: dict[int, _Mark]) -> tuple[Span, ...]:
    marks = [row.get(x, _BLANK) for x in range(1 + max(row, default=-1))]
    return tuple(
        Span("".join(mark.character for mark in same), role, node)
        for (role, node), same in groupby(marks, key=lambda mark: (mark.role, mark.node))
    )
