"""`gpdebug check RUN`: everything that is wrong with a run folder or a population."""

from __future__ import annotations

import json

import click

from gpdebug.cli.open import complete_source
from gpdebug.store.findings import CheckReport


@click.command()
@click.argument("source", metavar="RUN", shell_complete=complete_source)
@click.option(
    "--sample",
    type=click.IntRange(0),
    metavar="N",
    help="Programs to run again, of each generation. [default: all in a small run, at least 32]",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def command(source: str, sample: int | None, as_json: bool) -> int:
    """Say everything that is wrong with a run.

    It reads every file and runs the programs again. RUN is a run folder, a population (.parquet, .jsonl, .csv), or the
    name of a sample run. Exits with 1 if there is an error; warnings and notes do not count.
    """
    from gpdebug.store.check import check

    report = check(source, sample=sample)
    click.echo(_as_json(report) if as_json else "\n".join(report.lines()))
    return 0 if report.ok else 1


def _as_json(report: CheckReport) -> str:
    findings = [
        {"severity": str(finding.severity), "where": finding.where, "what": finding.what, "hint": finding.hint}
        for finding in report.findings
    ]
    counts = {"generations": report.generations, "programs": report.programs, "rerun": report.rerun}
    return json.dumps({"path": str(report.path), "ok": report.ok, **counts, "findings": findings})
