"""`gpdebug compare A B`: two programs side by side, and what each difference does."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from gpdebug.cli.program_options import input_bytes, load_program, program_options
from gpdebug.cli.saved_program import Saved, find_saved

if TYPE_CHECKING:
    from gpdebug.explain.history.comparison import Comparison, Party
    from gpdebug.explain.history.outcomes import Cases


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@click.option("--case", type=click.IntRange(1), metavar="N", help="Compare the runs on case N.")
@click.option("--all", "shows_all", is_flag=True, help="Show all edits and bytes, however many there are.")
@click.option("--json", "as_json", is_flag=True, help="Print one object: every edit, its effect on each case and byte.")
@program_options
def command(
    before: str,
    after: str,
    case: int | None,
    shows_all: bool,
    as_json: bool,
    text: str | None,
    input_hex: str | None,
    **options: Any,
) -> None:
    """Compare two programs, edit by edit.

    A and B are programs as for gpdebug run, or individuals of saved runs: reverse is the best one, reverse#57 another,
    reverse^ its parent. Their instructions are aligned; every edit that leads from A to B is tried alone and left out
    alone, on all cases of the task or on the given input; and both are run side by side until they part.
    reverse:1 and reverse:2 are one program on two cases.
    """
    from gpdebug.explain.history.present_comparison import SHOWN, to_dict, to_lines

    given = text is not None or input_hex is not None
    if given and case is not None:
        raise click.UsageError("give a case or an input, not both")
    found = _compared((before, after), case, input_bytes(text, input_hex) if given else None, options)
    if as_json:
        click.echo(json.dumps(to_dict(found)))
    else:
        click.echo("\n".join(to_lines(found, None if shows_all else SHOWN)))


def _compared(names: tuple[str, str], case: int | None, data: bytes | None, options: dict[str, Any]) -> Comparison:
    from gpdebug.explain.history.comparison import compare
    from gpdebug.explain.history.outcomes import Cases

    saved = tuple(find_saved(name, data, options) for name in names)
    first = next((one for one in saved if one is not None), None)
    parties = [_party(name, one, first, options) for name, one in zip(names, saved, strict=True)]
    cases = None if first is None or data is not None else _cases(first)
    if cases is None and case is not None:
        raise click.UsageError("--case: neither of the two is of a run with cases")
    if cases is not None and case is not None and case > len(cases):
        raise click.UsageError(f"--case: there are cases 1 to {len(cases):,}")
    chosen = [_named_case(one) if one is not None and case is None else case for one in saved]
    inputs = None
    if cases is not None and None not in chosen and chosen[0] != chosen[1]:
        inputs = cases.inputs[(chosen[0] or 1) - 1], cases.inputs[(chosen[1] or 1) - 1]
    named = next((number for number in chosen if number is not None), None)
    settings = parties[0][1]
    return compare(
        parties[0][0],
        parties[1][0],
        settings,
        Cases((data or b"",)) if cases is None else cases,
        case=None if named is None or inputs is not None else named - 1,
        inputs=inputs,
    )


def _party(name: str, saved: Saved | None, other: Saved | None, options: dict[str, Any]) -> tuple[Party, Any]:
    from gpdebug.explain.history.comparison import Party

    if saved is not None:
        return Party(saved.name, saved.program, saved.individual), saved.settings
    program, settings = load_program(name, options, None if other is None else other.individuals.dialect)
    return Party(name if len(name) <= 30 else f"{name[:29]}…", program), settings


def _cases(saved: Saved) -> Cases | None:
    from gpdebug.explain.history.outcomes import Cases

    task = saved.individuals.task
    return None if task is None or not task.training else Cases.of_task(task)


def _named_case(saved: Saved) -> int | None:
    number = saved.name.rpartition(":")[2]
    return int(number) if ":" in saved.name and number.isdecimal() else None
