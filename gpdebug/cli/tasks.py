"""`gpdebug tasks`: what programs can be evolved for, by name."""

from __future__ import annotations

import json

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a task.")
def command(as_json: bool) -> None:
    """List the tasks that `gpdebug evolve` knows by name."""
    from gpdebug.evolve import catalogue, text_windows

    rows = []
    for name in (*catalogue.names(), f"{catalogue.TEXT_PREFIX}hello"):
        task = catalogue.find(name)
        rows.append((name, task.dialect.name, len(task.training), len(task.held_out), task.description))
    if as_json:
        keys = ("name", "dialect", "training_cases", "held_out_cases", "description")
        for row in rows:
            click.echo(json.dumps(dict(zip(keys, row, strict=True))))
        return
    width = max(len(name) for name, *_ in rows)
    click.echo(f"{'task'.ljust(width)}  dialect  cases  held out  what it wants")
    for name, dialect, training, held_out, description in rows:
        click.echo(f"{name.ljust(width)}  {dialect:7}  {training:5,}  {held_out:8,}  {description}")
    click.echo(
        f"\n{catalogue.TEXT_PREFIX}… takes any text, {text_windows.PREFIX}FILE:8 which byte of a file follows 8 others;"
        "\ncases.jsonl, cases.csv and mytask.py:function are tasks, too."
    )
    click.echo("Evolve one with: gpdebug evolve reverse --out runs/reverse")
