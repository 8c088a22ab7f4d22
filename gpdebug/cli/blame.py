"""`gpdebug blame RUN`: where the instructions of an individual come from, and how it came to be."""

from __future__ import annotations

import json
import re

import click

from gpdebug.cli.machine_options import SETTINGS
from gpdebug.cli.saved_program import Saved, find_saved

_INDIVIDUAL = re.compile(r"#?(\d+\^?\d*|\^\d*)")


@click.command()
@click.argument("run", metavar="RUN")
@click.argument("individual", required=False)
@click.option("--each", "each_piece", is_flag=True, help="The program as well, a line for each piece of it.")
@click.option("--all", "shows_all", is_flag=True, help="Show all lines, however many there are.")
@click.option("--json", "as_json", is_flag=True, help="Print one object: every instruction, ancestor and birth.")
def command(run: str, individual: str | None, each_piece: bool, shows_all: bool, as_json: bool) -> None:
    """Say where a program of a saved run comes from.

    For every instruction the ancestor and the operator that brought it, and the generation; for every such birth what
    it did to the error, and what the error would be now without what it brought. Then the line of descent: the births
    that mattered, and which of their edits did it. INDIVIDUAL is a number, as in gpdebug blame reverse 57; without it
    the best one is taken. reverse#57 and reverse^ (its parent) are understood as well.
    """
    from gpdebug.explain.history.blame import blame
    from gpdebug.explain.history.present_blame import SHOWN, blame_lines, piece_lines, story_lines, to_dict
    from gpdebug.explain.history.story import effects_of_births, story
    from gpdebug.explain.history.wording import code_words
    from gpdebug.wording import counted

    saved = _saved(run, individual)
    found = blame(saved.individuals, saved.individual)
    told = story(saved.individuals, saved.individual)
    effects = effects_of_births(told, saved.individuals)
    if as_json:
        click.echo(json.dumps(to_dict(found, told, effects)))
        return
    shown = None if shows_all else SHOWN
    error = "" if found.error is None else f", error {found.error:,}"
    length = counted(len(saved.individual.code), "instruction")
    lines = [f"{saved.name}: {length}{error}", f"  {code_words(saved.individual.code, 90)}", ""]
    lines += [f"what is still there was brought by {len(found.brought):,} of {counted(found.ancestors, 'ancestor')}:"]
    lines += blame_lines(found, shown)
    if each_piece:
        lines += ["", "piece by piece:", *piece_lines(found)]
    lines += ["", f"the line of first parents has {counted(len(told.steps), 'birth')}; those that mattered:"]
    lines += story_lines(told, effects, shown)
    click.echo("\n".join(lines))


def _saved(run: str, individual: str | None) -> Saved:
    name = run
    if individual is not None:
        match = _INDIVIDUAL.fullmatch(individual)
        if match is None or "#" in run:
            raise click.UsageError(f"{individual!r} is no individual; name one as 57, 57^ (its parent) or ^")
        name += match[1] if match[1].startswith("^") else f"#{match[1]}"
    saved = find_saved(name, b"", dict.fromkeys(SETTINGS))
    if saved is None:
        raise click.UsageError(f"{run}: is no saved run; blame needs to know who descends from whom")
    return saved
