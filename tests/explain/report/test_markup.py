"""Markup: everything from outside is escaped, and what comes out is well-formed."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from gpdebug.explain.report.markup import Html, element, together


@given(st.text(st.characters()), st.text(st.characters()))
def test_any_text_is_text_in_the_page_and_never_markup(text: str, value: str) -> None:
    written = element("p", text, title=value)
    written.encode("utf-8")
    read = ElementTree.fromstring(written)
    assert len(read) == 0
    assert all(now in (then, "\ufffd") for then, now in zip(text, read.text or "", strict=True))
    assert all(now in (then, "\ufffd", " ") for then, now in zip(value, read.get("title") or "", strict=True))


def test_markup_inside_markup_stays_what_it_is() -> None:
    inside = element("b", "<&>")
    assert (
        element("p", inside, None, [3_000, " and ", [inside]])
        == "<p><b>&lt;&amp;&gt;</b>3,000 and <b>&lt;&amp;&gt;</b></p>"
    )
    assert together("<", Html("<br/>")) == "&lt;<br/>"


def test_attributes_are_named_as_in_html_and_left_out_if_they_are_none() -> None:
    assert (
        element("td", class_="number", aria_label='"x"', id=None)
        == '<td class="number" aria-label="&quot;x&quot;"></td>'
    )
    assert element("path", d="M0 0", stroke_width=1.5) == '<path d="M0 0" stroke-width="1.5"/>'
