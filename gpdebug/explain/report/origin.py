"""Where a report is from: the command that makes it again, versions, hashes, settings, and the user's notes."""

from __future__ import annotations

import hashlib
import json
import shlex
from dataclasses import fields

from gpdebug.explain.report.contents import Contents
from gpdebug.explain.report.markup import Child, Html, element
from gpdebug.explain.report.pieces import facts, remark, section


def notes_section(contents: Contents) -> Html | None:
    """What the user wrote down."""
    notes = contents.notes
    if not notes:
        return None
    return section("notes", "Notes", facts((note.place, note.text) for note in notes))


def origin_section(contents: Contents) -> Html:
    """How to make the report again, and what it was made from."""
    source = contents.source
    return section(
        "origin",
        "Make it again",
        element("p", "The same command on the same files writes the same bytes:"),
        element("pre", element("code", shlex.join(("gpdebug", *source.command))), class_="command"),
        facts(_facts(contents)),
        remark("Left out, as asked: ", ", ".join(sorted(contents.wish.without)), ".")
        if contents.wish.without
        else None,
    )


def _facts(contents: Contents) -> list[tuple[Child, Child]]:
    source, settings = contents.source, contents.source.settings
    dialect = source.program.dialect
    told: list[tuple[Child, Child]] = [
        ("made by", f"gpdebug {contents.version}"),
        ("program", ["hash ", element("code", source.program.hash), f", in {dialect.name}"]),
        ("input", ["sha-256 ", element("code", hashlib.sha256(contents.case.input).hexdigest())]),
    ]
    if source.task is not None:
        task = json.dumps(source.task.to_dict(), sort_keys=True).encode()
        told.append(("task", ["sha-256 ", element("code", hashlib.sha256(task).hexdigest())]))
    told.append(
        ("machine", ", ".join(f"{field.name} {_setting(getattr(settings, field.name))}" for field in fields(settings)))
    )
    return told


def _setting(value: object) -> str:
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
