"""What every section of a report is built from: tables, bytes, spans of steps, remarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gpdebug.explain.report.markup import Child, Html, element
from gpdebug.store.typed_bytes import show_bytes

_MOST_BYTES = 24


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        title: its head.
        kind: a class of the style sheet for its cells: `number`, `code`, or none.
        hint: what the head means, in a sentence.
    """

    title: Child
    kind: str | None = None
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table.

    Attributes:
        cells: one for each column.
        kind: a class of the style sheet, or None.
        id: what a link can lead to, or None.
    """

    cells: Sequence[Child]
    kind: str | None = None
    id: str | None = None


def table(caption: Child, columns: Sequence[Column], rows: Iterable[Row], foot: Sequence[Row] = ()) -> Html:
    """A table that can be wider than the page, which then moves in its own frame."""
    heads = [element("th", column.title, scope="col", class_=column.kind, title=column.hint) for column in columns]
    parts = [
        element("caption", caption) if caption else None,
        element("thead", element("tr", heads)),
        element("tbody", [_row(columns, row) for row in rows]),
        element("tfoot", [_row(columns, row) for row in foot]) if foot else None,
    ]
    return element("div", element("table", parts), class_="frame")


def _row(columns: Sequence[Column], row: Row) -> Html:
    cells = [element("td", cell, class_=column.kind) for column, cell in zip(columns, row.cells, strict=True)]
    return element("tr", cells, class_=row.kind, id=row.id)


def section(id: str, title: Child, *children: Child) -> Html:
    """A part of the page that a link can lead to."""
    return element("section", element("h2", title), children, id=id)


def remark(*children: Child) -> Html:
    """A quiet paragraph: how something was found, or what is left out."""
    return element("p", children, class_="remark")


def facts(pairs: Iterable[tuple[Child, Child]]) -> Html:
    """Names and values, one pair a line."""
    return element("dl", [element("div", element("dt", name), element("dd", value)) for name, value in pairs])


def data_words(data: bytes | None) -> Child:
    """Bytes as quoted text with escapes, the beginning of many."""
    if data is None:
        return "–"
    if not data:
        return element("span", "empty", class_="quiet")
    shown = element("code", show_bytes(data, _MOST_BYTES))
    return [shown, element("small", f" {len(data):,} bytes")] if len(data) > _MOST_BYTES else shown
