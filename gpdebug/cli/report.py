"""`gpdebug report RUN-or-PROGRAM`: all about a program, and why it does what it does, as one page that lasts."""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gpdebug.cli.explain import chosen_criterion
from gpdebug.cli.explain_circuit import chosen_view, view_options
from gpdebug.cli.open import complete_source
from gpdebug.cli.program_options import Loaded, load_any, program_options

if TYPE_CHECKING:
    from gpdebug.explain.report.contents import Contents, Part, Source, Wish
    from gpdebug.explain.report.watch import Watch
    from gpdebug.store.task import Task

_PARTS = "cases, circuit, scores, knockouts, mutations, core, history, listing; scans are the slow three of these"
_AGAIN = ("case", "cases", "output", "cell", "jump", "kinds", "prune", "sites", "skips", "without", "notes", "title",
          "date")  # fmt: skip
_DEFAULTS = {"kinds": "value"}
_FILES = ("out", "svg", "dot", "graph")
_TOLD_PER_SECOND = 10


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("program", metavar="PROGRAM|RUN", shell_complete=complete_source)
@click.option("--out", metavar="FILE", required=True, help="The page to write: one HTML file.")
@click.option("--force", is_flag=True, help="Write over files that are there already.")
@click.option("--case", type=click.IntRange(1), metavar="N", help="Explain case N.")
@click.option("--cases", metavar="FILE", help="Judge a program by the cases of a .jsonl or .csv file.")
@click.option("--output", type=click.IntRange(0), metavar="N", help="Explain byte N of the output, from 0.")
@click.option("--cell", metavar="C[@STEP]", help="Explain what cell C holds at a step, or at the end.")
@click.option("--jump", type=click.IntRange(0), metavar="STEP", help="Explain why the bracket at STEP jumps or not.")
@click.option(
    "--kinds", default="value", show_default=True, metavar="KINDS", help="Dependences, as of gpdebug explain."
)
@view_options
@click.option("--graph", metavar="FILE", help="Write the circuit as JSON.")
@click.option("--without", default="", metavar="PARTS", help=f"Leave parts out, separated by commas: {_PARTS}.")
@click.option("--notes", is_flag=True, help="With your notes on stops, snapshots and bookmarks, as they are saved.")
@click.option("--title", metavar="TEXT", help="What stands above it. [default: the run or the program]")
@click.option("--date", metavar="TEXT", help="A date to put on it; there is none by itself.")
@program_options
def command(program: str, text: str | None, input_hex: str | None, **options: Any) -> None:
    """Write a report: one page that needs nothing else.

    It holds the program in plain words, its cases, the exact answer to one question (why a byte of the output, a cell
    or a jump is what it is), what knock-outs and mutations do, the smallest program that does the same, and where the
    program comes from. Without a question it explains the first output byte that depends on the input. PROGRAM
    is given as to gpdebug run; an individual of a saved run as in reverse#57:3 (see gpdebug diff).

    The page is one HTML file without scripts that loads nothing, and prints well. The same command writes the same
    bytes.
    """
    from gpdebug.explain.report.gather import gather
    from gpdebug.explain.report.page import to_html
    from gpdebug.store.atomic import write_atomically

    _require_free(options)
    wish = _wish(options)
    loaded = load_any(program, text, input_hex, options)
    if loaded.saved is not None and loaded.saved.case is not None:
        wish = _of_case(wish, loaded.saved.case)
    source = _source(program, loaded, text is not None or input_hex is not None, options)
    with _told() as watch:
        contents = gather(source, wish, watch)
    if options["notes"]:
        contents = _with_notes(contents, program)
    files = {options["out"]: to_html(contents), **_exports(contents, options)}
    for path, content in files.items():
        write_atomically(path, content.encode())
        click.echo(f"{path}: {len(content.encode()):,} bytes", err=True)


def _require_free(options: dict[str, Any]) -> None:
    """Refuses to write where something is, or where nothing can be, before anything is done that takes long."""
    given = [name for name in _FILES if options[name] is not None]
    for name in given:
        path = Path(options[name])
        if path.is_dir():
            raise click.UsageError(f"--{name}: {path} is a folder; name a file, such as {path / 'report.html'}")
        if path.exists() and not options["force"]:
            raise click.UsageError(
                f"--{name}: {path} is there already; choose another name, or write over it with --force"
            )
        if not path.parent.is_dir():
            raise click.UsageError(f"--{name}: there is no folder {path.parent}")
    if len({Path(options[name]).resolve() for name in given}) < len(given):
        raise click.UsageError(f"{', '.join(f'--{name}' for name in given)}: name a different file for each")


def _wish(options: dict[str, Any]) -> Wish:
    from gpdebug.explain.parts import parse_kinds
    from gpdebug.explain.report.contents import Wish

    asked = any(options[name] is not None for name in ("output", "cell", "jump"))
    return Wish(
        case=options["case"],
        criterion=chosen_criterion(options) if asked else None,
        kinds=parse_kinds(options["kinds"]),
        view=chosen_view(options),
        without=_parts(options["without"]),
        title=options["title"],
        date=options["date"],
    )


def _parts(text: str) -> frozenset[Part]:
    from gpdebug.explain.report.contents import SCANS, Part

    words = [word.strip() for word in text.split(",") if word.strip()]
    wrong = [word for word in words if word not in (*Part, "scans")]
    if wrong:
        raise click.UsageError(f"--without: {wrong[0]!r} is no part of a report; expected {', '.join(Part)} or scans")
    return frozenset(Part(word) for word in words if word != "scans") | (SCANS if "scans" in words else frozenset())


def _of_case(wish: Wish, case: int) -> Wish:
    """The same on the case that the program's name has behind it."""
    if wish.case not in (None, case):
        raise click.UsageError(f"--case {wish.case}: the program is named with case {case}: give one of them")
    return replace(wish, case=case)


def _source(program: str, loaded: Loaded, is_given: bool, options: dict[str, Any]) -> Source:
    from gpdebug.explain.report.contents import Source

    is_file = loaded.saved is None and program != "-" and os.path.isfile(program)
    again = (program, *loaded.options[1:]) if is_file else loaded.options
    words, saved = ("report", *again, *_again(options)), loaded.saved
    data = loaded.data if is_given else None
    if saved is not None:
        if options["cases"]:
            raise click.UsageError("--cases: a saved run has cases of its own")
        name, task = f"{saved.individuals.name} #{saved.individual.id}", saved.individuals.task
        return Source(name, saved.program, saved.settings, data, task, saved.individual, saved.individuals, words)
    task = None if options["cases"] is None else _task(Path(options["cases"]), loaded)
    name = os.path.basename(program) if is_file else _short(loaded.program.text)
    return Source(name, loaded.program, loaded.settings, data, task, command=words)


def _task(path: Path, loaded: Loaded) -> Task:
    """What the cases of a file ask for; all are training cases if none is."""
    from gpdebug.store.cases import read_case_file
    from gpdebug.store.task import Task

    found = read_case_file(path)
    training, held_out = (found.training, found.held_out) if found.training else (found.held_out, ())
    return Task(path.stem, replace(loaded.program.dialect, settings=loaded.settings), training, held_out)


def _again(options: dict[str, Any]) -> list[str]:
    """What was asked beside the program, as a command line; the page's file is always the same one."""
    words: list[str] = []
    for name in _AGAIN:
        if options[name] is True:
            words.append(f"--{name}")
        elif options[name] not in (None, "", False, _DEFAULTS.get(name)):
            words += [f"--{name}", str(options[name])]
    return [*words, "--out", "report.html"]


def _short(program: str) -> str:
    text = re.sub(r"[^!-~]", "·", program)
    return text if len(text) <= 40 else f"{text[:39]}…"


def _with_notes(contents: Contents, program: str) -> Contents:
    from gpdebug.cli.report_notes import saved_notes

    source, path = contents.source, Path(program).expanduser()
    name = str(path.resolve()) if source.individual is None and program != "-" and path.is_file() else None
    return replace(contents, notes=saved_notes(source.program, contents.case.input, source.settings, name))


def _exports(contents: Contents, options: dict[str, Any]) -> dict[str, str]:
    """The files of the circuit that are asked for: what they hold is what the page shows."""
    from gpdebug.explain.circuit.dot import to_dot
    from gpdebug.explain.circuit.present import to_dict
    from gpdebug.explain.circuit.svg import to_svg

    asked = {name: options[name] for name in ("svg", "dot", "graph") if options[name] is not None}
    if asked and contents.layout is None:
        raise click.UsageError(f"--{next(iter(asked))}: the report has no circuit to write")
    if contents.layout is None:
        return {}
    layout = contents.layout
    written = {
        "svg": lambda: to_svg(layout),
        "dot": lambda: to_dot(layout.circuit),
        "graph": lambda: json.dumps(to_dict(layout)) + "\n",
    }
    return {path: written[name]() for name, path in asked.items()}


@contextmanager
def _told() -> Iterator[Watch]:
    """Tells on the terminal what is being done, and how far it is."""
    from gpdebug.explain.report.watch import Watch

    is_shown, next_time, last = sys.stderr.isatty(), 0.0, ""

    def progressed(what: str, done: int, total: int) -> None:
        nonlocal next_time, last
        if is_shown and (what != last or time.monotonic() >= next_time):
            next_time, last = time.monotonic() + 1 / _TOLD_PER_SECOND, what
            far = f": {done:,} of {total:,}" if total else " …"
            click.echo(f"\r\033[K{what}{far}", nl=False, err=True)

    try:
        yield Watch(progressed)
    finally:
        if is_shown:
            click.echo("\r\033[K", nl=False, err=True)
