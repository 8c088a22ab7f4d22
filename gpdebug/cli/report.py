"""`gpdebug report RUN-or-PROGRAM`: all about a program, and why it does what it does, as one page that lasts."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gpdebug.cli.explain import chosen_criterion
from gpdebug.cli.program_options import Loaded, load_any, program_options

if TYPE_CHECKING:
    from gpdebug.explain.report.contents import Part, Source, Wish

_PARTS = "cases, circuit, scores, knockouts, mutations, core, listing; scans are three of these"
_DEFAULTS = {"kinds": "value"}


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("program", metavar="PROGRAM|RUN")
@click.option("--out", metavar="FILE", required=True, help="The page to write: one HTML file.")
@click.option("--force", is_flag=True, help="Write over a file that is there already.")
@click.option("--case", type=click.IntRange(1), metavar="N", help="Of a saved run: explain case N.")
@click.option("--output", type=click.IntRange(0), metavar="N", help="Explain byte N of the output, from 0.")
@click.option("--cell", metavar="C[@STEP]", help="Explain what cell C holds at a step, or at the end.")
@click.option("--jump", type=click.IntRange(0), metavar="STEP", help="Explain why the bracket at STEP jumps or not.")
@click.option(
    "--kinds", default="value", show_default=True, metavar="KINDS", help="Dependences, as of gpdebug explain."
)
@click.option("--without", default="", metavar="PARTS", help=f"Leave parts out, separated by commas: {_PARTS}.")
@click.option("--title", metavar="TEXT", help="What stands above it. [default: the run or the program]")
@click.option("--date", metavar="TEXT", help="A date to put on it; there is none by itself.")
@program_options
def command(program: str, text: str | None, input_hex: str | None, out: str, force: bool, **options: Any) -> None:
    """Write a report: one page that needs nothing else.

    It holds the program in plain words, its cases, and the exact answer to one question: why a byte of the
    output, a cell or a jump is what it is. Without a question it explains the first output byte that depends on the
    input. PROGRAM is given as to gpdebug run; an individual of a saved run as in reverse#57:3 (see gpdebug diff).

    The page is one HTML file without scripts that loads nothing, and prints well. The same command writes the same
    bytes.
    """
    from gpdebug.explain.report.gather import gather
    from gpdebug.explain.report.page import to_html
    from gpdebug.store.atomic import write_atomically

    path = Path(out)
    _require_free(path, force)
    wish = _wish(options)
    loaded = load_any(program, text, input_hex, options)
    if loaded.saved is not None and loaded.saved.case is not None:
        wish = _of_case(wish, loaded.saved.case)
    source = _source(loaded, text is not None or input_hex is not None, options)
    page = to_html(gather(source, wish))
    write_atomically(path, page.encode())
    click.echo(f"{out}: {len(page.encode()):,} bytes", err=True)


def _require_free(path: Path, force: bool) -> None:
    if path.is_dir():
        raise click.UsageError(f"--out: {path} is a folder; name a file, such as {path / 'report.html'}")
    if path.exists() and not force:
        raise click.UsageError(f"--out: {path} is there already; choose another name, or write over it with --force")
    if not path.parent.is_dir():
        raise click.UsageError(f"--out: there is no folder {path.parent}")


def _wish(options: dict[str, Any]) -> Wish:
    from gpdebug.explain.parts import parse_kinds
    from gpdebug.explain.report.contents import Wish

    asked = any(options[name] is not None for name in ("output", "cell", "jump"))
    return Wish(
        case=options["case"],
        criterion=chosen_criterion(options) if asked else None,
        kinds=parse_kinds(options["kinds"]),
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


def _source(loaded: Loaded, is_given: bool, options: dict[str, Any]) -> Source:
    from gpdebug.explain.report.contents import Source

    words, saved = ("report", *loaded.options, *_again(options)), loaded.saved
    if saved is None:
        name = _short(loaded.program.text)
        return Source(name, loaded.program, loaded.settings, loaded.data, command=words)
    return Source(
        f"{saved.individuals.name} #{saved.individual.id}",
        saved.program,
        saved.settings,
        saved.data if is_given else None,
        saved.individuals.task,
        saved.individual,
        saved.individuals,
        words,
    )


def _again(options: dict[str, Any]) -> list[str]:
    """What was asked beside the program, as a command line; the file is always the same one."""
    words: list[str] = []
    for name in ("case", "output", "cell", "jump", "kinds", "without", "title", "date"):
        if options[name] not in (None, "", _DEFAULTS.get(name)):
            words += [f"--{name}", str(options[name])]
    return [*words, "--out", "report.html"]


def _short(program: str) -> str:
    text = re.sub(r"[^!-~]", "·", program)
    return text if len(text) <= 60 else f"{text[:59]}…"
