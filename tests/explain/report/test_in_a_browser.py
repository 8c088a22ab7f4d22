"""The page in a real browser: opened from disk it asks for nothing, and what is printed has the text and the pictures.

It needs a Chromium and poppler's tools (on Debian `apt-get install chromium poppler-utils`). Without them the tests are
skipped, unless `GPDEBUG_NEEDS_BROWSER` is set, as it is in CI: then they fail.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn
from xml.etree import ElementTree

import numpy as np
import pytest
from numpy.typing import NDArray

from gpdebug.explain.parts import Kind
from gpdebug.explain.report.contents import Note, Wish
from gpdebug.explain.report.gather import gather
from gpdebug.explain.report.page import to_html
from tests.explain.report.browser import Browser, chromium
from tests.explain.report.pages import judged

TEXT = 'reversing <b> & "quotes" äöü'
TREE = """(() => {
  const attributes = (node) => Object.fromEntries([...node.attributes].map(a => [a.name, a.value]));
  const walk = (node) => node.nodeType === 3 ? node.data
    : [node.localName, attributes(node), [...node.childNodes].map(walk)];
  return walk(document.documentElement) })()"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of everything."""
    about = judged("+-[>]<[.<}]", cases=4)
    path = tmp_path_factory.mktemp("page") / "report of reverse.html"
    contents = gather(about, Wish(kinds=Kind.VALUE | Kind.CONTROL, title=TEXT))
    path.write_text(to_html(replace(contents, notes=(Note("breakpoint 1", TEXT),))), "utf-8")
    return path


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium with an empty profile."""
    program = chromium()
    if program is None:
        _missing("no Chromium is installed (chromium, chromium-browser or google-chrome)")
    with Browser(program, tmp_path_factory.mktemp("profile")) as opened:
        yield opened


@pytest.fixture(scope="module")
def printed(browser: Browser, page: Path) -> Path:
    """The page as it is printed."""
    if shutil.which("pdftotext") is None or shutil.which("pdftoppm") is None:
        _missing("pdftotext and pdftoppm of poppler-utils are not installed")
    browser.open(page, dark=True)
    path = page.with_suffix(".pdf")
    path.write_bytes(browser.pdf())
    return path


def _missing(what: str) -> NoReturn:
    if os.environ.get("GPDEBUG_NEEDS_BROWSER"):
        pytest.fail(what)
    pytest.skip(what)


def test_it_opens_from_disk_and_asks_for_nothing_else(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.requests == [page.as_uri()]
    assert browser.problems == []
    assert browser.ask("document.title") == TEXT
    assert browser.ask("document.compatMode") == "CSS1Compat"


def test_the_browser_is_able_to_notice_a_request(browser: Browser, page: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.html"
    other.write_text(page.read_text("utf-8").replace("<main>", '<main><img src="http://192.0.2.1/a.png"/>'), "utf-8")
    browser.open(other)
    assert any("Content Security Policy" in problem for problem in browser.problems)
    bare = tmp_path / "bare.html"
    bare.write_text('<!DOCTYPE html><title>x</title><img src="missing.png">', "utf-8")
    browser.open(bare)
    assert browser.requests == [bare.as_uri(), (tmp_path / "missing.png").as_uri()]


def test_the_browser_reads_the_same_tree_as_a_strict_parser(browser: Browser, page: Path) -> None:
    browser.open(page)
    assert browser.ask(TREE) == _tree(ElementTree.fromstring(page.read_text("utf-8")))


def _tree(element: ElementTree.Element) -> list[Any]:
    children: list[Any] = [element.text] if element.text else []
    for child in element:
        children.append(_tree(child))
        children += [child.tail] if child.tail else []
    space, _, name = element.tag.removeprefix("{").rpartition("}")
    attributes = {
        key.replace("{http://www.w3.org/XML/1998/namespace}", "xml:"): value for key, value in element.items()
    }
    return [name, attributes | ({"xmlns": space} if name == "svg" and space else {}), children]


@pytest.mark.parametrize("width", [360, 400, 800, 1200])
def test_nothing_is_wider_than_the_window(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width=width)
    assert browser.ask("document.documentElement.scrollWidth") == width


def test_dark_and_light_are_what_the_user_prefers(browser: Browser, page: Path) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    browser.open(page)
    light = browser.ask(colour)
    browser.open(page, dark=True)
    assert _brightness(browser.ask(colour)) < 60 < 200 < _brightness(light)


def _brightness(colour: str) -> float:
    return float(np.mean([float(part) for part in re.findall(r"[\d.]+", colour)[:3]]))


def test_what_is_printed_has_the_text(printed: Path) -> None:
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], check=True, capture_output=True).stdout.decode()
    words = " ".join(text.split())
    assert TEXT in words
    for title in ("The program", "The cases", "Why is output byte", "Make it again", "copy the cell at head0 to head1"):
        assert title in words
    assert "lethal" in words


def test_what_is_printed_is_on_white_paper_and_has_the_pictures(printed: Path) -> None:
    pages = _rasters(printed)
    assert all(np.median(page) > 250 for page in pages)
    assert all(page[:, :4].min() > 240 and page[:, -4:].min() > 240 for page in pages), "something is cut at an edge"
    red = [((page[..., 0] > 140) & (page[..., 1] < 80) & (page[..., 2] < 90)).sum() for page in pages]
    amber = [
        ((page[..., 0] > 190) & (page[..., 1] > 100) & (page[..., 1] < 180) & (page[..., 2] < 90)).sum()
        for page in pages
    ]
    assert sum(red) > 200, "the lethal cells of the heat maps"
    assert sum(amber) > 200, "the harmful ones"


def _rasters(printed: Path) -> list[NDArray[np.uint8]]:
    """Each page as `uint8[rows, columns, 3]`."""
    ran = subprocess.run(["pdftoppm", "-r", "72", printed], check=True, capture_output=True).stdout
    pages = []
    while ran:
        head = re.match(rb"P6\n(\d+) (\d+)\n255\n", ran)
        assert head is not None
        width, height = int(head[1]), int(head[2])
        end = head.end() + 3 * width * height
        pages.append(np.frombuffer(ran[head.end() : end], np.uint8).reshape(height, width, 3))
        ran = ran[end:]
    return pages
