"""`gpdebug bench TASK …`: how often, how fast and with what program evolution solves tasks."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from gpdebug.cli import INTERRUPTED, OK
from gpdebug.cli.interruption import interruption
from gpdebug.cli.search_options import search_options, settings_of

if TYPE_CHECKING:
    from gpdebug.evolve.bench.results import Results
    from gpdebug.evolve.bench.summary import Row
    from gpdebug.evolve.bench.trial import Glance

MOST_SEEDS = 10_000
GLANCES_PER_SECOND = 4
PIPE_WIDTH = 120
"""Columns of a table that goes to no terminal."""


@click.command()
@click.argument("tasks", metavar="[TASK ...]", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All tasks of the catalogue, and those of --peers.")
@click.option("--peers", "compared", is_flag=True, help="The tasks that other programs published times for.")
@click.option("--seeds", type=click.IntRange(1, MOST_SEEDS), default=10, show_default=True, help="How many.")
@click.option("--seed", type=int, default=0, show_default=True, help="The first one.")
@click.option(
    "--budget", multiple=True, default=["60s"], show_default=True, metavar="TIME|EVALUATIONS",
    help="Of each search: 60s, 5min, 500k, 2M. Give it twice for both.",
)  # fmt: skip
@search_options
@click.option("--threads", type=click.IntRange(1, 256), help="Of a search. [default: one a core]")
@click.option("--dialect", metavar="NAME|FILE", help="Another language than the tasks' own.")
@click.option("--out", metavar="FILE", help="Keep what is measured as JSON; a file that is there is continued.")
@click.option("--from", "source", metavar="FILE", help="Print what such a file holds; measure nothing.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Print the table as Markdown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a task.")
def command(tasks: tuple[str, ...], source: str | None, as_markdown: bool, as_json: bool, **options: Any) -> int:
    """Measure how often and how fast tasks are solved.

    TASK is whatever gpdebug evolve takes; each is searched for with every seed. Prints for each task the solve rate
    with a 95 % interval, the median time to a solution, how many programs that took, what other programs needed, and
    the shortest solution. Ctrl-C stops and prints what there is.

    Exit codes: 0 done (solved or not), 2 wrong usage, 130 interrupted.
    """
    from gpdebug.evolve.bench.results import Results
    from gpdebug.store.errors import StoreError

    if as_markdown and as_json:
        raise click.UsageError("give one of --markdown and --json")
    if source is not None:
        if tasks or options["every"] or options["compared"] or options["out"]:
            raise click.UsageError("--from prints a file and measures nothing: leave out tasks and --out")
        results = Results.load(source)
        if not results.trials:
            raise StoreError("nothing was measured yet", where=source)
        _Printer(as_markdown=as_markdown, as_json=as_json).all(results)
        return OK
    wanted = _wanted(tasks, every=options["every"], compared=options["compared"])
    printer = _Printer(as_markdown=as_markdown, as_json=as_json)
    return OK if _measure(wanted, options, printer) else INTERRUPTED


def _wanted(tasks: tuple[str, ...], *, every: bool, compared: bool) -> list[str]:
    """The tasks that were asked for, each once."""
    from gpdebug.evolve import catalogue
    from gpdebug.evolve.bench import peers

    names = list(tasks)
    if every:
        names += catalogue.names()
    if every or compared:
        names += peers.FIGURES
    if not names:
        raise click.UsageError("give a TASK such as reverse, --peers or --all")
    return list(dict.fromkeys(names))


def _measure(names: list[str], options: dict[str, Any], printer: _Printer) -> bool:
    """Checks everything, then measures; False if it was interrupted."""
    from gpdebug.evolve.bench.results import Conditions, Results, TaskFacts
    from gpdebug.evolve.budget import Budget
    from gpdebug.evolve.tasks import load
    from gpdebug.store.dialects import find_dialect

    budget = Budget.parse(options["budget"])
    if budget == Budget():
        raise click.UsageError("--budget none: a search that finds nothing would never end; give a time or a number")
    seeds = range(options["seed"], options["seed"] + options["seeds"])
    settings = settings_of(options, seeds[0])
    replace(settings, seed=seeds[-1])
    dialect = None if options["dialect"] is None else find_dialect(options["dialect"])
    tasks = {name: load(name, dialect) for name in names}
    threads = options["threads"] or os.cpu_count() or 1
    rest = {name: value for name, value in settings.to_dict().items() if name != "seed"}
    conditions = Conditions.here(options["budget"], threads, rest, options["dialect"] or "")
    results = Results(conditions, {name: TaskFacts.of(task) for name, task in tasks.items()})
    out = options["out"]
    if out is not None:
        results.go_on(out)
    printer.say_loading()
    from gpdebug.evolve.bench.session import Session

    session = Session(results, tasks, lambda seed: replace(settings, seed=seed), budget)
    printer.begin(results, names, seeds)
    with interruption() as interrupted:
        for name in names:
            for trial in session.trials(name, seeds, printer.glance, interrupted.is_set):
                results.trials.append(trial)
                if out is not None:
                    results.save(out)
            printer.row(name)
            if interrupted.is_set():
                break
        printer.end()
        return not interrupted.is_set()


class _Printer:
    """Prints rows as they are measured, and on a terminal what is being measured."""

    def __init__(self, *, as_markdown: bool, as_json: bool) -> None:
        self._as_markdown = as_markdown
        self._as_json = as_json
        self._rows: list[Row] = []
        self._next = 0.0
        self._shows = sys.stderr.isatty()

    def say_loading(self) -> None:
        """Says what is waited for."""
        self._tell("loading (the first use compiles, about 15 s) ...")

    def begin(self, results: Results, names: Sequence[str], seeds: Sequence[int]) -> None:
        """Prints what is above the rows."""
        from gpdebug.evolve.bench import table
        from gpdebug.evolve.budget import Budget

        self._results, self._seeds = results, seeds
        self._budget = Budget.parse(results.conditions.budget)
        self._columns = table.fitting(table.columns(names), _width())
        if not self._as_markdown and not self._as_json:
            self._print(_wrapped(table.header(results.conditions, seeds)))
            self._print("\n" + table.text_line(self._columns, [column.title for column in self._columns]))

    def glance(self, name: str, seed: int, glance: Glance) -> None:
        """Tells how far a search is."""
        if self._shows and time.monotonic() >= self._next:
            self._next = time.monotonic() + 1 / GLANCES_PER_SECOND
            solved = sum(trial.solved for trial in self._results.of(name))
            self._tell(
                f"{name}: {solved} solved, seed {seed}: {glance.seconds:.0f} s, {glance.evaluations:,} programs,"
                f" error {glance.error:,}"
            )

    def row(self, name: str) -> None:
        """Prints the row of a task of which trials are there."""
        from gpdebug.evolve.bench import table
        from gpdebug.evolve.bench.summary import row_of

        trials = [trial for trial in self._results.of(name) if trial.seed in self._seeds]
        if not trials:
            return
        row = row_of(name, self._results.tasks[name], trials)
        self._rows.append(row)
        if self._as_json:
            self._print(json.dumps(row.to_dict()))
        elif not self._as_markdown:
            self._print(table.text_line(self._columns, [column.cell(row, self._budget) for column in self._columns]))

    def end(self) -> None:
        """Prints what is below the rows."""
        from gpdebug.evolve.bench import table

        self._tell("")
        if self._as_markdown:
            self._print(table.markdown(self._results.conditions, self._seeds, self._rows))
        elif not self._as_json:
            for line in table.footnotes(self._rows):
                self._print(_wrapped(line))

    def all(self, results: Results) -> None:
        """Prints the whole table."""
        self.begin(results, list(results.tasks), sorted({trial.seed for trial in results.trials}))
        for name in results.tasks:
            self.row(name)
        self.end()

    def _tell(self, text: str) -> None:
        if self._shows:
            click.echo(f"\r\033[K{text[: _width() - 1]}", nl=False, err=True)

    def _print(self, text: str) -> None:
        self._tell("")
        click.echo(text)


def _wrapped(text: str) -> str:
    """Lines broken between words where they go to a terminal that is narrower."""
    if not sys.stdout.isatty():
        return text
    return "\n".join(
        textwrap.fill(line, _width(), break_long_words=False, break_on_hyphens=False) for line in text.splitlines()
    )


def _width() -> int:
    """Columns of the terminal; where the output goes to none, a width that keeps most of a program."""
    return shutil.get_terminal_size((PIPE_WIDTH, 24)).columns if sys.stdout.isatty() else PIPE_WIDTH
