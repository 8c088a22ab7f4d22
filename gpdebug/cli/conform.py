"""`gpdebug conform VECTORS.jsonl`: does every execution path do what the vectors say?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from vm.conformance import Vector


@click.command()
@click.argument("vectors", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def command(context: click.Context, vectors: Path) -> int:
    """Run a file of conformance vectors on every execution path.

    Intermediate states are compared, too. Prints for each path how many vectors agree, and the first that does not:
    what, wanted, got.
    Exits with 1 if any differs.
    """
    from vm.conformance import conform

    numbers, items = zip(*_read(vectors), strict=True)
    verdicts = conform(items)
    width = max(len(verdict.path) for verdict in verdicts)
    for verdict in verdicts:
        click.echo(f"{verdict.path:{width}}  {verdict.agreed:,} of {verdict.total:,} agree")
        if verdict.first is not None:
            index, difference = verdict.first
            click.echo(f"{'':{width}}  line {numbers[index]}, {difference}")
    return 0 if all(verdict.first is None for verdict in verdicts) else 1


def _read(path: Path) -> Iterator[tuple[int, Vector]]:
    """Line numbers and vectors of a file."""
    from vm.conformance import read_vector
    from vm.errors import VectorError, VMError

    count = 0
    with path.open(encoding="utf-8") as lines:
        try:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, read_vector(json.loads(line))
                    count += 1
        except (VMError, json.JSONDecodeError) as error:
            raise VectorError(f"{path}: line {number}: {error}") from None
        except UnicodeDecodeError:
            raise VectorError(f"{path}: not a text file; expected one JSON object a line") from None
    if not count:
        raise VectorError(f"{path}: holds no vectors; expected one JSON object a line")
