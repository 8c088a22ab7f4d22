"""Reports to test with, and what every page must be: well-formed, with links that lead somewhere, loading nothing."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree

from gpdebug.explain.report.contents import Source, Wish
from gpdebug.explain.report.gather import gather
from gpdebug.explain.report.page import to_html
from gpdebug.store.cases import Case
from gpdebug.store.dialects import find_dialect
from gpdebug.store.task import Task
from vm.program import Program

REVERSE = "[>]<[.<}]"
LOADING = re.compile(
    r"""\b(?:src|srcset|href|xlink:href|action|data|poster)\s*=\s*["'](?!#)|url\(|@import|<script""", re.I
)


def source(code: str = REVERSE, name: str = "tape", data: bytes = b"abc") -> Source:
    """A program on an input."""
    program = Program.parse(code, find_dialect(name))
    return Source(code, program, program.dialect.settings, data, command=("report", code))


def judged(code: str = REVERSE, *, cases: int = 3, held_out: int = 2) -> Source:
    """A program that is to reverse texts."""
    texts = [bytes(97 + at % 26 for at in range(size)) for size in range(1, 1 + cases + held_out)]
    pairs = [Case(text, text[::-1]) for text in texts]
    task = Task(
        "reverse", find_dialect("tape"), tuple(pairs[:cases]), tuple(pairs[cases:]), description="text → reversed"
    )
    program = Program.parse(code, task.dialect)
    return Source("mine", program, program.dialect.settings, task=task)


def page_of(about: Source, wish: Wish | None = None) -> ElementTree.Element:
    """The page, read by a strict parser and checked."""
    return checked(to_html(gather(about, wish)))


def checked(text: str) -> ElementTree.Element:
    """A page that is what every page must be."""
    text.encode("utf-8")
    root = ElementTree.fromstring(text)
    ids = Counter(found.get("id") for found in root.iter() if found.get("id") is not None)
    assert not [id for id, count in ids.items() if count > 1]
    for link in root.iter("a"):
        assert str(link.get("href")).removeprefix("#") in ids
    assert LOADING.search(text) is None
    for table in root.iter("table"):
        assert len({sum(1 for _ in row) for row in table.iter("tr")}) == 1
    return root


def words_of(root: ElementTree.Element | None) -> str:
    """All text below an element, one blank between words."""
    assert root is not None
    return " ".join(" ".join(root.itertext()).split())


def part(root: ElementTree.Element, id: str) -> ElementTree.Element:
    """The section of an id."""
    found = root.find(f".//section[@id='{id}']")
    assert found is not None
    return found
