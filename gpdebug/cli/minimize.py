"""`gpdebug minimize PROGRAM|RUN`: the part of a program that does the work."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import click

from gpdebug.cli.scan_options import load_subject, scan_options, told

if TYPE_CHECKING:
    from gpdebug.explain.scan.minimise import Criterion
    from gpdebug.explain.scan.subject import Subject

ORDERS = ("backward", "forward", "random")


@click.command(context_settings={"ignore_unknown_options": True})
@scan_options
@click.option(
    "--keep", default="errors", show_default=True, metavar="errors|outputs|output:N",
    help="What must stay: no larger error on any case, every output, or byte N of a case's output.",
)  # fmt: skip
@click.option("--order", type=click.Choice(ORDERS), default="backward", show_default=True, help="What is tried first.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Of the random order.")
def command(program: str, keep: str, order: str, seed: int, **options: Any) -> int:
    """Delete instructions until no single one can go.

    What is left is checked: without any one of its instructions, any two neighbours or any pair of brackets it
    fails. The result depends on the order. The program and its cases are given as to gpdebug knockout.
    """
    from gpdebug.explain.scan.minimise import Order, minimise
    from gpdebug.explain.scan.present import core_dict, core_lines, subject_words

    subject = load_subject(program, options)
    criterion = _criterion(keep, subject)
    with told("deleted", options) as watch:
        core = minimise(subject, criterion, watch, order=Order(order), seed=seed)
    click.echo(
        json.dumps(core_dict(core)) if options["as_json"] else "\n".join([subject_words(subject), *core_lines(core)])
    )
    return 0


def _criterion(keep: str, subject: Subject) -> Criterion:
    from gpdebug.explain.scan.minimise import Keep, KeepByte

    if keep in tuple(Keep):
        return Keep(keep)
    match = re.fullmatch(r"output:(\d+)", keep)
    if match is None:
        raise click.UsageError(f"--keep: expected errors, outputs or output:N, not {keep!r}")
    if subject.cases > 1:
        raise click.UsageError(f"--keep {keep}: of which of the {subject.cases} cases? Name it with --case N")
    return KeepByte(0, int(match[1]))
