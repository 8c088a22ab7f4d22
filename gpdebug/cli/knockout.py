"""`gpdebug knockout PROGRAM|RUN`: what each instruction is good for, found by blanking it."""

from __future__ import annotations

import json
from typing import Any

import click

from gpdebug.cli.scan_options import load_subject, scan_options, told


@click.command(context_settings={"ignore_unknown_options": True})
@scan_options
@click.option("--pairs", type=click.IntRange(1), metavar="N", help="Find back-ups: blank up to N pairs, nearest first.")
@click.option("--by-case", is_flag=True, help="A line of the map for each case.")
@click.option("--sort", metavar="COLUMN", default="change", show_default=True, help="A column; -COLUMN ascending.")
@click.option("--top", type=click.IntRange(0), default=10, show_default=True, metavar="N", help="Rows of the table.")
def command(program: str, pairs: int | None, by_case: bool, sort: str, top: int, **options: Any) -> int:
    """Blank every instruction in turn and say what comes of it.

    A blanked instruction does nothing and takes its step. The program is run on the cases of its run, of --cases FILE,
    or on an input, where it is compared with what it puts out itself. Both brackets of a pair are blanked together,
    too.
    """
    from gpdebug.explain.scan.backups import find_back_ups
    from gpdebug.explain.scan.heat import case_map, site_map
    from gpdebug.explain.scan.knockout import knock_out
    from gpdebug.explain.scan.present import (
        LEGEND,
        back_up_lines,
        knock_out_lines,
        knock_outs_dict,
        map_lines,
        table_lines,
    )
    from gpdebug.explain.scan.tables import back_up_table, site_table

    subject = load_subject(program, options)
    with told("blanked", options) as watch:
        found = knock_out(subject, watch)
        back_ups = None if pairs is None else find_back_ups(found, watch, most_pairs=pairs)
    if options["as_json"]:
        click.echo(json.dumps(knock_outs_dict(found, back_ups)))
        return 0
    table = site_table(found).sorted_by(sort.removeprefix("-"), descending=not sort.startswith("-"))
    lines = knock_out_lines(found)
    if len(found.sites):
        lines += ["", *map_lines(case_map(found) if by_case else site_map(found)), "", LEGEND]
    if top and table.rows:
        lines += ["", *table_lines(table, top)]
    if back_ups is not None:
        lines += ["", *back_up_lines(back_ups)]
        if len(back_ups.pairs) and top:
            lines += table_lines(back_up_table(back_ups).sorted_by("change", descending=True), top)
    click.echo("\n".join(lines))
    return 0
