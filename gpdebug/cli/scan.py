"""`gpdebug scan PROGRAM|RUN`: what every possible mutation does."""

from __future__ import annotations

import json
import re
from typing import Any

import click

from gpdebug.cli.scan_options import load_subject, scan_options, told

_SITES = re.compile(r"(\d+)(?:-(\d+))?")


@click.command(context_settings={"ignore_unknown_options": True})
@scan_options
@click.option("--sites", metavar="A[-B]", help="Mutate these instructions only.")
@click.option("--map", "shows_map", is_flag=True, help="The whole heat map: a line for each kind of mutation.")
@click.option("--sort", metavar="COLUMN", help="A column; -COLUMN ascending. [default: better mutants, else the worst]")
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, metavar="N", help="Rows of the table.")
def command(program: str, sites: str | None, shows_map: bool, sort: str | None, top: int, **options: Any) -> int:
    """Run every program that is one edit away.

    Edits are substitutions, insertions and deletions. It says how many are lethal, harmful, neutral and beneficial:
    how robust the program is, and what evolution could find next. The program and its cases are given as to gpdebug
    knockout.
    """
    from gpdebug.explain.scan.heat import mutation_map
    from gpdebug.explain.scan.mutation import scan_mutations
    from gpdebug.explain.scan.present import LEGEND, map_lines, mutation_lines, mutations_dict, table_lines
    from gpdebug.explain.scan.tables import kind_table, mutation_table

    places = None if sites is None else _range(sites)
    subject = load_subject(program, options)
    with told("mutants", options) as watch:
        found = scan_mutations(subject, watch, sites=places)
    if options["as_json"]:
        click.echo(json.dumps(mutations_dict(found)))
        return 0
    sort = sort or ("-change" if found.outcomes.evolvability > 0 else "change")
    table = mutation_table(found).sorted_by(sort.removeprefix("-"), descending=not sort.startswith("-"))
    lines = [*mutation_lines(found), "", *table_lines(kind_table(found))]
    if shows_map:
        lines += ["", *map_lines(mutation_map(found)), "", LEGEND]
    if top:
        lines += ["", *table_lines(table, top)]
    click.echo("\n".join(lines))
    return 0


def _range(text: str) -> range:
    match = _SITES.fullmatch(text)
    if match is None:
        raise click.UsageError(f"--sites: {text!r} names no instructions; expected them as 12 or 12-40")
    first = int(match[1])
    return range(first, (first if match[2] is None else int(match[2])) + 1)
