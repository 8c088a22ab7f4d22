"""What the scans run on, as the command line names it: a program or an individual, and the cases that judge it."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gpdebug.cli.open import complete_source
from gpdebug.cli.program_options import input_bytes, load_program, program_options
from gpdebug.cli.saved_program import Saved, find_saved
from vm.scoring import Scorer

if TYPE_CHECKING:
    from gpdebug.explain.scan.running import Watch
    from gpdebug.explain.scan.subject import Subject
    from gpdebug.store.task import Case, CaseFile, Task

Function = TypeVar("Function", bound=Callable[..., Any])

_TOLD_PER_SECOND = 10


def scan_options(function: Function) -> Function:
    """Adds the argument and the options of every scan: what is scanned, the cases, the machine, `--json`."""
    function = program_options(function)
    options = (
        click.option("--case", type=click.IntRange(1), metavar="N", help="Of a saved run or a file: only case N."),
        click.option("--cases", "case_file", metavar="FILE", help="Judge it by the cases of a .jsonl or .csv file."),
        click.option("--held-out", is_flag=True, help="Judge it by the held-out cases, too."),
        click.option(
            "--scorer", type=click.Choice([str(scorer) for scorer in Scorer]), help="How errors are measured."
        ),
        click.option(
            "--threads", type=click.IntRange(1, 256), help="Results do not depend on it. [default: one a core]"
        ),
        click.option("--json", "as_json", is_flag=True, help="Print one object, with every error case by case."),
    )
    for option in reversed(options):
        function = option(function)
    return click.argument("program", metavar="PROGRAM|RUN", shell_complete=complete_source)(function)


def load_subject(source: str, options: dict[str, Any]) -> Subject:
    """What a command line names, on its cases.

    A saved individual is judged by the cases of its run, anything by those of a file; without cases, and where an input
    is given, a program is compared with what it puts out itself.

    Raises:
        click.UsageError: it makes no sense.
        StoreError: something cannot be read.
        VMError: the program is not of its dialect, or a setting is wrong.
        ScanError: there is no case.
    """
    from gpdebug.explain.scan.subject import Subject

    text, input_hex = options["text"], options["input_hex"]
    data = None if text is None and input_hex is None else input_bytes(text, input_hex)
    if data is not None and (options["case_file"] or options["case"] or options["held_out"]):
        raise click.UsageError("give an input or cases, not both")
    saved = find_saved(source, data, options)
    program, settings = load_program(source, options) if saved is None else (saved.program, saved.settings)
    named = None if saved is None else re.search(r":(\d+)$", source)
    if named and (data is not None or options["case"] or options["case_file"]):
        raise click.UsageError(f"{source} names a case: give that, an input or other cases")
    scorer = Scorer.BYTES if options["scorer"] is None else Scorer(options["scorer"])
    cases = () if data is not None else _cases(saved, options)
    if not cases:
        if options["case"] or options["held_out"]:
            raise click.UsageError(f"{source} has no cases: it is no saved run with a task; give --cases FILE")
        return Subject.of_inputs(program, [data or b""], scorer, settings)
    if options["scorer"] is None and saved is not None and saved.individuals.task is not None:
        scorer = saved.individuals.task.scorer
    number = options["case"] or (named and int(named[1]))
    if number:
        if number > len(cases):
            raise click.UsageError(f"--case: there are cases 1 to {len(cases)}")
        cases = (cases[number - 1],)
    return Subject.of_cases(program, cases, scorer, settings)


def _cases(saved: Saved | None, options: dict[str, Any]) -> tuple[Case, ...]:
    """The cases that judge it; with a number given, the held-out ones are among those that are counted."""
    if options["case_file"]:
        from gpdebug.store.cases import read_case_file

        found: CaseFile | Task = read_case_file(options["case_file"])
    elif saved is not None and saved.individuals.task is not None:
        found = saved.individuals.task
    else:
        return ()
    by_number = options["case"] or (saved is not None and saved.wanted is not None)
    return (*found.training, *found.held_out) if options["held_out"] or by_number else found.training


@contextmanager
def told(what: str, options: dict[str, Any]) -> Iterator[Watch]:
    """Tells on the terminal how far a scan is."""
    from gpdebug.explain.scan.running import Watch

    is_shown = sys.stderr.isatty() and not options["as_json"]
    next_time = 0.0

    def progressed(done: int, total: int) -> None:
        nonlocal next_time
        if is_shown and time.monotonic() >= next_time:
            next_time = time.monotonic() + 1 / _TOLD_PER_SECOND
            click.echo(f"\r\033[K{what}: {done:,} of {total:,}", nl=False, err=True)

    try:
        yield Watch(progressed, threads=options["threads"])
    finally:
        if is_shown:
            click.echo("\r\033[K", nl=False, err=True)
