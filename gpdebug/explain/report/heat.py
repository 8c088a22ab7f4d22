"""Heat maps in a report: bands of instructions as SVG, told apart by form as well as by colour.

A cell is larger and fuller the more a change does: nothing for what never ran, a dot for an intron, a small square for
a neutral change, squares that grow with the error, a full one for lethal; a diamond for what makes the program better.
"""

from __future__ import annotations

from collections.abc import Sequence

from gpdebug.explain.report.markup import Html, element
from gpdebug.explain.scan.heat import LEVELS, HeatMap
from gpdebug.explain.scan.outcomes import Effect
from gpdebug.wording import span_words

BAND = 64
"""Instructions beside each other."""
_CELL, _MARGIN, _HEAD, _TEXT = 12, 78, 28, 9.5
_SMALLEST = 4

KEYS = (Effect.LETHAL, Effect.HARMFUL, Effect.BENEFICIAL, Effect.NEUTRAL, Effect.INTRON, Effect.NEVER_EXECUTED)
"""The effects in the order of a legend, with the strongest first."""

MEANINGS = {
    Effect.LETHAL: "as bad as a program that puts out nothing, or worse; or no program at all",
    Effect.HARMFUL: "the error is larger: the larger the square, the worse",
    Effect.BENEFICIAL: "the error is smaller",
    Effect.NEUTRAL: "some output changes, the error is the same",
    Effect.INTRON: "runs, and nothing changes",
    Effect.NEVER_EXECUTED: "never runs, and nothing changes",
}


def heat_figure(heat: HeatMap, columns: Sequence[int], caption: str) -> Html:
    """A heat map in bands.

    Args:
        heat: what is drawn.
        columns: which of its columns.
        caption: what it shows.
    """
    bands = [_band(heat, columns[first : first + BAND], caption) for first in range(0, len(columns), BAND)]
    frames = [element("div", band, class_="frame band") for band in bands]
    return element("figure", frames, element("figcaption", caption), class_="heat")


def _band(heat: HeatMap, columns: Sequence[int], caption: str) -> Html:
    width, height = _MARGIN + BAND * _CELL + 1, _HEAD + len(heat.rows) * _CELL + 2
    place = span_words(heat.first + columns[0], heat.first + columns[-1])
    inside = [
        element("title", f"{caption}, instructions {place}"),
        _heads(heat, columns),
        element("g", [_name(name, row) for row, name in enumerate(heat.rows)], class_="names"),
        [_cells(heat, columns, effect) for effect in KEYS],
    ]
    return element(
        "svg", inside, xmlns="http://www.w3.org/2000/svg", role="img", width=width, height=height,
        viewBox=f"0 0 {width} {height}",
    )  # fmt: skip


def _heads(heat: HeatMap, columns: Sequence[int]) -> Html:
    """Indices above, symbols below them."""
    marks = []
    for at, column in enumerate(columns):
        x = _MARGIN + at * _CELL + _CELL / 2
        if at % 8 == 0:
            marks.append(element("text", heat.first + column, x=x, y=_TEXT, class_="index"))
        symbol = heat.symbols[column] if len(heat.symbols[column]) == 1 else "·" if heat.symbols[column] else "|"
        marks.append(element("text", symbol, x=x, y=_HEAD - 6, class_="symbol"))
    return element("g", marks)


def _name(name: str, row: int) -> Html:
    return element("text", name, x=_MARGIN - 8, y=_HEAD + row * _CELL + _TEXT)


def _cells(heat: HeatMap, columns: Sequence[int], effect: Effect) -> Html | None:
    """All cells of an effect, as one shape."""
    found = [
        shape(effect, int(heat.levels[row, column]), _MARGIN + at * _CELL, _HEAD + row * _CELL)
        for row in range(len(heat.rows))
        for at, column in enumerate(columns)
        if heat.effects[row, column] == effect
    ]
    path = "".join(found)
    return element("path", d=path, class_=class_of(effect)) if path else None


def class_of(effect: Effect) -> str:
    """The class of the style sheet."""
    return f"effect-{effect.name.lower().replace('_', '-')}"


def shape(effect: Effect, level: int, x: int, y: int) -> str:
    """The outline of a cell with its upper left corner at a place, as an SVG path."""
    match effect:
        case Effect.NEVER_EXECUTED:
            return ""
        case Effect.INTRON:
            size = 2
        case Effect.NEUTRAL:
            size = _SMALLEST
        case Effect.BENEFICIAL:
            return f"M{x + 6} {y + 0.5:g}l5.5 5.5-5.5 5.5-5.5-5.5z"
        case Effect.HARMFUL:
            size = _SMALLEST + 2 + (min(max(level, 1), LEVELS) - 1) * 4 // (LEVELS - 1)
        case Effect.LETHAL:
            size = _CELL
    inset = (_CELL - size) / 2
    return f"M{x + inset:g} {y + inset:g}h{size}v{size}h-{size}z"


def sample(effect: Effect) -> Html:
    """A cell for a legend."""
    drawn = element("path", d=shape(effect, LEVELS, 0, 0), class_=class_of(effect))
    box = element("rect", x=0.5, y=0.5, width=_CELL - 1, height=_CELL - 1, class_="cell")
    return element("svg", [box, drawn], width=_CELL, height=_CELL, viewBox=f"0 0 {_CELL} {_CELL}", aria_hidden="true")
