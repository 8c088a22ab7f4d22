"""`gpdebug explain … --what-if` and `--why-not`: what comes of changes of a run, and why something did not happen."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from gpdebug.cli.program_options import Loaded, load_any

if TYPE_CHECKING:
    from gpdebug.explain.answer import Explanation
    from gpdebug.explain.change.text import Reader


def tell_what_if(texts: Sequence[str], loaded: Loaded, options: dict[str, Any]) -> None:
    """Says what comes of changes, all of them together."""
    from gpdebug.explain.change.present import SHOWN, to_dict, to_lines
    from gpdebug.explain.change.what_if import Judge, what_if

    reader = _reader(loaded, options)
    changes = [change for text in texts for change in _read(reader.changes, text, "--what-if")]
    task = None if loaded.saved is None else loaded.saved.individuals.task
    found = what_if(reader.run, changes, judge=Judge.of_task(task, loaded.data))
    if options["as_json"]:
        click.echo(json.dumps(to_dict(found)))
    else:
        click.echo("\n".join(to_lines(found, None if options["shows_all"] else SHOWN)))


def tell_why_not(text: str, loaded: Loaded, options: dict[str, Any]) -> None:
    """Says why something did not happen."""
    from gpdebug.explain.change.present_why_not import to_dict, to_lines
    from gpdebug.explain.change.why_not import why_not
    from gpdebug.explain.present import SHOWN
    from gpdebug.explain.trace import WINDOW

    reader = _reader(loaded, options)
    found = why_not(reader.run, _read(reader.goal, text, "--why-not"), window=options["window"] or WINDOW)
    if options["as_json"]:
        click.echo(json.dumps(to_dict(found)))
    else:
        click.echo("\n".join(to_lines(found, None if options["shows_all"] else SHOWN)))


def scores_lines(found: Explanation, loaded: Loaded) -> tuple[list[str], dict[str, Any]]:
    """The scores of an explanation, over the training cases of a saved run: as text, and as plain data."""
    from gpdebug.explain.change.present_scores import to_dict, to_lines
    from gpdebug.explain.change.scores import scores_of

    task = None if loaded.saved is None else loaded.saved.individuals.task
    scores = scores_of(found, () if task is None else [case.input for case in task.training])
    return to_lines(scores), to_dict(scores)


def _reader(loaded: Loaded, options: dict[str, Any]) -> Reader:
    from gpdebug.explain.change.run import Run
    from gpdebug.explain.change.text import Reader

    run = Run.of(loaded.program, loaded.data, loaded.settings)
    return Reader(run, find_program=lambda name: load_any(name, None, None, options).program)


def _read(read: Any, text: str, option: str) -> Any:
    from gpdebug.explain.errors import ChangeError

    try:
        return read(text)
    except ChangeError as error:
        at = "" if error.column is None else f" (column {error.column + 1})"
        raise click.UsageError(f"{option} {text!r}{at}: {error}") from None
