"""`gpdebug evolve TASK --out DIR`: evolves programs for a task and keeps the run in a folder."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from gpdebug.cli import INTERRUPTED, NEGATIVE, OK
from gpdebug.cli.interruption import interruption
from gpdebug.cli.search_options import OPTIONS, search_options, settings_of

if TYPE_CHECKING:
    from gpdebug.evolve.budget import Budget
    from gpdebug.evolve.control import Control
    from gpdebug.evolve.live import Report
    from gpdebug.evolve.run import Progress, Run

OF_A_NEW_RUN = ("task", "out", "seed", "dialect", "held_out", *OPTIONS)
"""Parameters that a run is begun with; one that is resumed has them already."""


@click.command()
@click.argument("task", required=False)
@click.option("--out", metavar="DIR", help="The folder to make for the run.")
@click.option("--resume", metavar="DIR", help="Go on with a run that was interrupted or whose budget was spent.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of all random numbers.")
@click.option(
    "--budget", multiple=True, default=["5min"], show_default=True, metavar="TIME|EVALUATIONS",
    help="When to stop: 60s, 5min, 2h, 500k, 2M, or none. Give it twice for both.",
)  # fmt: skip
@search_options
@click.option("--threads", type=click.IntRange(1, 256), help="Results do not depend on it. [default: one a core]")
@click.option("--save-every", metavar="TIME", help="Results do not depend on it. [default: at least each minute]")
@click.option("--dialect", metavar="NAME|FILE", help="Another language than the task's own.")
@click.option("--held-out", metavar="FILE", help="Held-out cases, for a task from a file.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line while it runs; the last is the result.")
@click.option(
    "--commands", is_flag=True,
    help="Take commands from standard input, a word a line: pause, resume, save, stop. Its end stops the run, saved.",
)  # fmt: skip
def command(task: str | None, out: str | None, resume: str | None, as_json: bool, **options: Any) -> int:
    """Evolve programs for a task.

    TASK is a name (see gpdebug tasks), text:WORDS, text-next:FILE:N (which byte of a text follows N others), a .jsonl
    or .csv file of cases, or FILE.py:FUNCTION, which is executed and makes the cases.

    Exit codes: 0 solved, 1 not solved within the budget, 2 wrong usage, 130 interrupted (the run is saved).
    """
    from gpdebug.cli.evolve_commands import listen
    from gpdebug.cli.evolve_start import prepare, preparing
    from gpdebug.evolve.budget import Budget, seconds_of
    from gpdebug.evolve.control import Control

    _require_usage(task, out, resume)
    budget = Budget.parse(options["budget"])
    save_every = None if options["save_every"] is None else seconds_of(options["save_every"])
    threads = options["threads"] or os.cpu_count() or 1
    control = Control()
    say = preparing(in_lines=as_json and options["commands"])
    say("loading")
    begin = _resumed(resume, threads) if resume else _begun(str(task), str(out), options, threads)
    with interruption() as interrupted:
        if options["commands"]:
            listen(sys.stdin, control, interrupted)
        run = prepare(begin, str(resume or out), say, interrupted)
        if as_json:
            return _go_in_lines(run, budget, interrupted, control, save_every)
        with _display(run, budget) as shown:
            run.go(budget, save_every=save_every, progressed=shown, interrupted=interrupted.is_set, control=control)
    return _tell(run, run.progress(budget), interrupted=interrupted.is_set())


def _go_in_lines(
    run: Run, budget: Budget, interrupted: threading.Event, control: Control, save_every: float | None
) -> int:
    """Evolves and tells each step of it as JSON; returns the exit code."""
    from gpdebug.store.info import RunStatus

    lines = _Lines(run, budget, interrupted)
    status = run.go(
        budget,
        save_every=save_every,
        progressed=lines.progressed,
        interrupted=interrupted.is_set,
        control=control,
    )
    lines.ended(status)
    if status is RunStatus.INTERRUPTED:
        click.echo(f"interrupted and saved; go on with: gpdebug evolve --resume {run.folder.path}", err=True)
    return {RunStatus.SOLVED: OK, RunStatus.INTERRUPTED: INTERRUPTED}.get(status, NEGATIVE)


def _require_usage(task: str | None, out: str | None, resume: str | None) -> None:
    if resume is None:
        if not task:
            raise click.UsageError("give a TASK, such as reverse or text:hello, or --resume DIR")
        if not out:
            raise click.UsageError("give --out DIR, the folder to make for the run")
        return
    context = click.get_current_context()
    given = [name for name in OF_A_NEW_RUN if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if given:
        named = ", ".join(name.upper() if name == "task" else "--" + name.replace("_", "-") for name in given)
        raise click.UsageError(f"a resumed run keeps its task and settings: leave out {named}")


def _begun(source: str, out: str, options: dict[str, Any], threads: int) -> Callable[[], Run]:
    """Checks all that a run is begun with; what is returned begins it."""
    from gpdebug.evolve.tasks import load
    from gpdebug.store.dialects import find_dialect
    from gpdebug.store.run import require_free

    settings = settings_of(options, options["seed"])
    dialect = None if options["dialect"] is None else find_dialect(options["dialect"])
    task = load(source, dialect, options["held_out"])
    require_free(Path(out))
    from gpdebug.evolve.run import Run

    words = _command_line()
    return lambda: Run.begin(out, task, settings, command=words, threads=threads)


def _resumed(path: str, threads: int) -> Callable[[], Run]:
    from gpdebug.store.run import RunFolder

    RunFolder.open(path)
    from gpdebug.evolve.run import Run

    return lambda: Run.resume(path, threads=threads)


def _command_line() -> list[str]:
    """The command as it was given, word by word, defaults left out."""
    context = click.get_current_context()
    words = ["gpdebug", "evolve"]
    for parameter in context.command.params:
        name = str(parameter.name)
        if context.get_parameter_source(name) is not ParameterSource.COMMANDLINE:
            continue
        value = context.params[name]
        if isinstance(parameter, click.Argument):
            words.append(str(value))
        elif value is True:
            words.append(parameter.opts[0])
        else:
            for item in value if isinstance(value, tuple) else (value,):
                words += [parameter.opts[0], str(item)]
    return words


class _Lines:
    """Prints reports; where nobody reads them any more, the run is to stop."""

    def __init__(self, run: Run, budget: Budget, stop: threading.Event) -> None:
        from gpdebug.evolve.reporter import Reporter

        self._reporter = Reporter(run, budget, self._print)
        self._stop = stop
        self.progressed = self._reporter.progressed
        self.ended = self._reporter.ended

    def _print(self, report: Report) -> None:
        try:
            click.echo(report.to_line())
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self._stop.set()


@contextmanager
def _display(run: Run, budget: Budget) -> Iterator[Any]:
    from gpdebug.cli.evolve_display import Display

    with Display(run, budget) as display:
        yield display.show


def _tell(run: Run, progress: Progress, *, interrupted: bool) -> int:
    """Says how it ended; returns the exit code."""
    path = run.folder.path
    resume = f"gpdebug evolve --resume {path}"
    code = OK if progress.solved else INTERRUPTED if interrupted else NEGATIVE
    champion = progress.champion
    assert champion is not None
    if progress.solved:
        click.echo(
            f"solved in generation {progress.generation:,} after {progress.evaluations:,} programs"
            f" and {progress.seconds:.1f} s{'; right on all held-out cases, too' if run.engine.task.held_out else ''}"
        )
    else:
        said = "interrupted and saved" if interrupted else "not solved within the budget"
        click.echo(f"{said}: error {champion.error:,}, held-out {champion.held_out_error:,}; go on with: {resume}")
    click.echo(f"program: {champion.code.decode('latin-1')}")
    click.echo(f"look at it with: gpdebug open {path}")
    return code
