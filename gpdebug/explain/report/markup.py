"""HTML and SVG as values: whatever is no markup already is escaped, and the result is well-formed XML as well."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import TypeAlias

_STRANGE = re.compile("[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML has no character for, and control characters."""


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Child: TypeAlias = "str | int | Iterable[Child] | None"
"""What an element can hold: markup, text, numbers (with separators), several of these, nothing."""


def element(name: str, /, *children: Child, **attributes: str | int | float | None) -> Html:
    """An element.

    Args:
        name: of the element.
        children: what it holds; without any it closes itself.
        attributes: their names with `_` for `-`, and one at the end where Python has the word; None: it is left out.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escaped(_number(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = together(*children)
    if not inside and name in _EMPTY:
        return Html(f"<{name}{written}/>")
    return Html(f"<{name}{written}>{inside}</{name}>")


def together(*children: Child) -> Html:
    """Some things one after the other."""
    return Html("".join(_pieces(children)))


def escaped(text: str) -> str:
    """Text as it stands in markup; characters that cannot stand there are replaced."""
    return html.escape(_STRANGE.sub("\ufffd", text))


def _pieces(children: Iterable[Child]) -> Iterable[str]:
    for child in children:
        if isinstance(child, Html):
            yield child
        elif isinstance(child, str):
            yield escaped(child)
        elif isinstance(child, int):
            yield f"{child:,}"
        elif child is not None:
            yield from _pieces(child)


def _number(value: str | int | float) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


_EMPTY = frozenset(("br", "col", "hr", "link", "meta", "circle", "line", "path", "rect", "use"))
"""Elements that hold nothing, of HTML and of SVG."""
