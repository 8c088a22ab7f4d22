"""The page: everything that a report holds as one HTML file that loads nothing, and needs no script."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from gpdebug.explain.report import scans
from gpdebug.explain.report.answer import answer_section
from gpdebug.explain.report.cases import cases_section, outcome_words
from gpdebug.explain.report.contents import Contents, Part
from gpdebug.explain.report.listing import listing_section
from gpdebug.explain.report.markup import Child, Html, element, together
from gpdebug.explain.report.origin import notes_section, origin_section
from gpdebug.explain.report.past import past_section
from gpdebug.explain.report.pieces import data_words, facts
from gpdebug.explain.report.program import program_section
from gpdebug.wording import counted

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""No browser loads anything for the page, whatever stands in it."""


def to_html(contents: Contents) -> str:
    """The page as text; it is HTML, and well-formed XML."""
    sections = list(_sections(contents))
    body = [
        _header(contents),
        _index(sections),
        element("main", [part for _, _, part in sections]),
    ]
    head = [
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="generator", content=f"gpdebug {contents.version}"),
        element("title", contents.title),
        element("style", Html(_style())),
    ]
    page = element("html", element("head", head), element("body", body), lang="en")
    return f"<!DOCTYPE html>\n{page}"


def _style() -> str:
    text = files("gpdebug.explain.report").joinpath("report.css").read_text("utf-8")
    assert not set(text) & set("<&"), "the style sheet stands in the page as it is"
    return text


def _sections(contents: Contents) -> Iterator[tuple[str, str, Html]]:
    """Id, name in the index, and what it is, of each section."""
    yield "program", "program", program_section(contents)
    if Part.CASES not in contents.wish.without:
        yield "cases", "cases", cases_section(contents)
    yield "why", "why", answer_section(contents)
    past, notes = past_section(contents), notes_section(contents)
    for id, name, part in (*scans.links(contents), ("past", "where it comes from", past), ("notes", "notes", notes)):
        if part is not None:
            yield id, name, part
    if Part.LISTING not in contents.wish.without:
        yield "listing", "every instruction", listing_section(contents)
    yield "origin", "make it again", origin_section(contents)


def _index(sections: list[tuple[str, str, Html]]) -> Html:
    links = [element("li", element("a", name, href=f"#{id}")) for id, name, _ in sections]
    return element("nav", element("ol", links), aria_label="Sections")


def _header(contents: Contents) -> Html:
    kind = ["Report of a program", f" · {contents.wish.date}" if contents.wish.date else None]
    return element(
        "header",
        element("p", kind, class_="over"),
        element("h1", contents.title),
        element("p", _lead(contents), class_="lead"),
        facts(_facts(contents)),
    )


def _lead(contents: Contents) -> Child:
    """The most important about it, in a sentence or two."""
    program = contents.source.program
    ran = int((contents.executions > 0).sum())
    size = f"{counted(len(program), 'instruction')} of {program.dialect.name}, {ran:,} of them executed"
    if contents.subject.own:
        case = contents.cases[0]
        made = together("; of the input ", data_words(case.input), " it makes ", data_words(case.output))
        return [size, made, "."]
    return f"{size}; {outcome_words(contents)}."


def _facts(contents: Contents) -> list[tuple[Child, Child]]:
    source = contents.source
    told: list[tuple[Child, Child]] = []
    if source.task is not None:
        described = f": {source.task.description}" if source.task.description else ""
        told.append(("task", f"{source.task.name}{described}"))
    found = source.individual
    if found is not None:
        told.append(("individual", f"#{found.id}"))
        if found.born is not None:
            told.append(("born", f"in generation {found.born:,}"))
        if found.operator is not None:
            told.append(("made by", found.operator.replace("_", " ")))
        if found.parents:
            told.append(("from", " and ".join(f"#{parent}" for parent in found.parents)))
    return told
