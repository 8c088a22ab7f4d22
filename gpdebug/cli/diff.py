"""`gpdebug diff BEFORE AFTER`: what differs between two moments, of one run or of two."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gpdebug.cli.program_options import input_bytes, load_program, program_options
from gpdebug.cli.saved_program import find_saved

if TYPE_CHECKING:
    from gpdebug.debugger.diff import Diff, Side
    from gpdebug.debugger.session import Session
    from vm.program import Program
    from vm.settings import Settings

_MOMENT = re.compile(r"(?P<source>.*?)(?:@(?P<step>[\d,_]+|\d+(?:\.\d+)?%|start|end))?", re.DOTALL)


@dataclass(frozen=True, slots=True, eq=False)
class _Run:
    """A run that a moment is of.

    Attributes:
        name: what to call it.
        program: what is run.
        data: on what.
        settings: on what machine.
        step: the moment, as written; None: the other one's, else the end.
    """

    name: str
    program: Program
    data: bytes
    settings: Settings
    step: str | None


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("before")
@click.argument("after")
@program_options
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
@click.option("--all", "all_cells", is_flag=True, help="All cells side by side, not only those that differ.")
@click.option("--cumulative", is_flag=True, help="Of one run: also cells that changed and changed back in between.")
@click.option("--cells", type=click.IntRange(min=0), default=1000, metavar="N", help="Cells to list at most.")
@click.option("--out", metavar="FILE", help="Write into a file instead: .json gets JSON, any other text.")
def command(
    before: str,
    after: str,
    text: str | None,
    input_hex: str | None,
    as_json: bool,
    all_cells: bool,
    cumulative: bool,
    cells: int,
    out: str | None,
    **options: Any,
) -> int:
    """Compare two moments.

    A moment is a snapshot file, or a run with @STEP behind it: a number, a share as 50%, start or end. Without
    one it is that of the other moment, else the end. A run is a program or its file; or an individual of
    a saved run, as in reverse#57: the best one without #57, its first parent with ^ behind it (^2: the second),
    on the third case with :3.

    Exit code 0: nothing differs. 1: something does.
    """
    from gpdebug.debugger.diff import Diff
    from gpdebug.debugger.export import write_diff

    given = text is not None or input_hex is not None
    data = input_bytes(text, input_hex) if given else None
    runs = _read(before, data, options), _read(after, data, options)
    found = _on_the_way(*runs) if cumulative else Diff(*_sides(*runs))
    if out is not None:
        click.echo(write_diff(found, Path(out), all_cells=all_cells))
    elif as_json:
        click.echo(json.dumps(found.to_dict(all_cells=all_cells)))
    else:
        for line in found.to_lines(cells, all_cells=all_cells):
            click.echo(line)
    return 0 if found.is_empty else 1


def _read(operand: str, data: bytes | None, options: dict[str, Any]) -> _Run | Side:
    """A snapshot, or the run that a text names."""
    from gpdebug.debugger.snapshot_file import is_snapshot_file, load_snapshot

    if is_snapshot_file(operand):
        return replace(load_snapshot(operand).side, name=Path(operand).name)
    match = _MOMENT.fullmatch(operand)
    assert match is not None
    source, step = match["source"], match["step"]
    saved = find_saved(source, data, options)
    if saved is not None:
        return _Run(saved.name, saved.program, saved.data, saved.settings, step)
    program, settings = load_program(source, options)
    return _Run(source if len(source) <= 40 else source[:39] + "…", program, data or b"", settings, step)


def _on_the_way(before: _Run | Side, after: _Run | Side) -> Diff:
    """Two moments of one run, and what changed in between."""
    sides = _sides(before, after)
    run = next((run for run in (before, after) if isinstance(run, _Run)), None)
    if run is None:
        raise click.UsageError("--cumulative needs the run: name a program or an individual, not files only")
    return _session(run).diff(*sides, cumulative=True)


def _sides(before: _Run | Side, after: _Run | Side) -> tuple[Side, Side]:
    """Both moments; one without a step is at the other one's."""
    from gpdebug.debugger.diff import Side

    if isinstance(before, Side) or (before.step is None and isinstance(after, _Run) and after.step is not None):
        second = _moment(after, None if not isinstance(before, Side) else before.state.steps)
        return _moment(before, second.state.steps), second
    first = _moment(before, None if isinstance(after, _Run) else after.state.steps)
    return first, _moment(after, first.state.steps if before.step is not None else None)


def _moment(run: _Run | Side, step: int | None) -> Side:
    """A moment of a run, at its own step, else at `step` or the last one before it, else at its end."""
    from gpdebug.debugger.diff import Side

    if isinstance(run, Side):
        return run
    session = _session(run)
    if run.step is not None:
        side = session.side(run.step)
    else:
        state = session.to_end().state if step is None else session.seek(step).state
        side = session.side(state.steps)
    return replace(side, name=f"{run.name}, step {side.state.steps:,}")


def _session(run: _Run) -> Session:
    from gpdebug.debugger.machines import machine_for
    from gpdebug.debugger.session import Session

    return Session(run.program, run.data, run.settings, machine=machine_for(run.program, run.data, run.settings))
