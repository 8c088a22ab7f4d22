"""`gpdebug check`: everything that is wrong with a run folder, or with a population by itself."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gpdebug.store.atomic import is_leftover
from gpdebug.store.check_columns import check_columns, check_lengths
from gpdebug.store.check_records import check_births, check_history, check_survivors
from gpdebug.store.check_task import check_task
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import Fields
from gpdebug.store.findings import CheckReport, Finding, Findings, Severity, listed
from gpdebug.store.info import SECTIONS, RunInfo, RunStatus, Summary, read_document
from gpdebug.store.lock import LOCK_FILE
from gpdebug.store.opening import open_path
from gpdebug.store.population import Population
from gpdebug.store.rows import read_text
from gpdebug.store.run import (
    CHECKPOINT_FILE,
    GENERATIONS,
    HISTORY_FILE,
    LINEAGE_FILE,
    RUN_FILE,
    RunFolder,
    generation_files,
)
from gpdebug.store.samples import find_sample
from gpdebug.store.verify import SAMPLE, verify

__all__ = ["CheckReport", "Finding", "Severity", "check"]

Progress = Callable[[str], None]
_EXPECTED = frozenset({RUN_FILE, GENERATIONS, HISTORY_FILE, LINEAGE_FILE, CHECKPOINT_FILE, LOCK_FILE})
_SHOWN = 5
_RERUN = 1 << 14
"""Programs to run again in a whole run, if its generations are few enough to share them."""


@dataclass(slots=True)
class _Check:
    """A check under way: what was found, counted, and is needed later on."""

    findings: Findings
    sample: int
    generations: int = 0
    programs: int = 0
    rerun: int = 0
    last: Population | None = None
    best: dict[int, int] = field(default_factory=dict)


def check(
    source: str | os.PathLike[str], *, sample: int | None = None, progress: Progress = lambda what: None
) -> CheckReport:
    """Checks a run folder, a population or a list of programs.

    Every file is read whole, and programs of every generation are run again: all in a small run, else a sample.

    Args:
        source: as `opening.open_path` takes it.
        sample: how many programs of each generation to run again; None: as many as a few seconds allow, but
            at least `verify.SAMPLE`.
        progress: is told which file is being looked at.

    Raises:
        StoreError: there is no such thing, or it is a program.
    """
    path = Path(source)
    if not path.exists():
        path = find_sample(os.fspath(source)) or path
    if path.name in (RUN_FILE, GENERATIONS) and (path.parent / RUN_FILE).exists():
        path = path.parent
    if (path / RUN_FILE).exists():
        each = _RERUN // max(1, len(generation_files(path)))
        state = _Check(Findings(path), max(SAMPLE, each) if sample is None else sample)
        _check_folder(state, path, progress)
    else:
        opened = open_path(source)
        if not isinstance(opened, Population):
            raise StoreError("is no run and no population", where=path, hint="run a program with: gpdebug run")
        state = _Check(Findings(path.parent), _RERUN if sample is None else sample)
        _check_population(state, path.name, opened)
    return CheckReport(path, tuple(state.findings.items), state.generations, state.programs, state.rerun)


def _check_folder(state: _Check, path: Path, progress: Progress) -> None:
    progress(RUN_FILE)
    info = _check_document(state.findings, path)
    _check_names(state.findings, path)
    if info is None:
        return
    run = RunFolder(path, info)
    if info.task is not None:
        check_task(info.task, state.findings, RUN_FILE)
    for file in generation_files(path):
        progress(f"{GENERATIONS}/{file.name}")
        _check_generation(state, run, file)
    progress(HISTORY_FILE)
    _check_history(state, run)
    progress(LINEAGE_FILE)
    _check_lineage(state, run)
    _check_checkpoint(state.findings, run)


def _check_document(findings: Findings, path: Path) -> RunInfo | None:
    """Reads `run.json` section by section, so that one that is wrong does not hide the next."""
    try:
        text = read_text(path / RUN_FILE)
        fields = read_document(text)
    except StoreError as error:
        findings.failed(error, RUN_FILE)
        return None
    if not all([_reads(findings, fields, section) for section in SECTIONS]):
        return None
    unknown = sorted(set(fields.data) - set(SECTIONS) - {"format", "version"})
    if unknown:
        findings.note(RUN_FILE, f"keys that are not known, and not read: {listed(unknown)}")
    absent = [key for key in ("seed", "command", "software", "created") if fields.data.get(key) in (None, "", [], {})]
    if absent:
        findings.note(RUN_FILE, f"does not tell {', '.join(absent)}", "with these others can make the run again")
    return RunInfo.from_json(text)


def _reads(findings: Findings, fields: Fields, section: str) -> bool:
    try:
        SECTIONS[section](fields)
    except StoreError as error:
        if not error.what.startswith("task.dialect"):  # told as that of the run, which it is
            findings.failed(error, RUN_FILE)
        return False
    return True


def _check_names(findings: Findings, path: Path) -> None:
    folder = path / GENERATIONS
    in_run = sorted(entry.name for entry in path.iterdir())
    in_generations = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    read = [file.name for file in generation_files(path)]
    left = [name for name in [*in_run, *in_generations] if is_leftover(name)]
    if left:
        findings.note("", f"unfinished files of processes that were killed: {listed(left)}", "they may be deleted")
    odd = [name for name in in_run if name not in _EXPECTED and not is_leftover(name)]
    if odd:
        findings.note("", f"files that are no part of a run: {listed(odd)}")
    odd = [name for name in in_generations if name not in read and not is_leftover(name)]
    if odd:
        hint = "name a file by its generation, as in 00000012.parquet"
        findings.warning(GENERATIONS, f"files that are not read: {listed(odd)}", hint)
    if not read:
        findings.warning(GENERATIONS, "no generation is stored", "the run has nothing to show yet")
    numbers = [int(Path(name).stem) for name in read]
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if twice:
        findings.error(GENERATIONS, f"stored more than once: {listed(twice)}", "keep one file a generation")


def _check_generation(state: _Check, run: RunFolder, file: Path) -> None:
    from gpdebug.store.parquet import read_table
    from gpdebug.store.tables import population_from

    where = f"{GENERATIONS}/{file.name}"
    generation = int(file.stem)
    info = run.info
    try:
        table = read_table(file)
        told = table.metadata.data
        if told.get("generation", generation) != generation:
            state.findings.error(where, f"says that it is generation {told['generation']}", "rename the file")
        if told.get("dialect", info.dialect.to_dict()) != info.dialect.to_dict():
            state.findings.error(where, f"its dialect is not that of {RUN_FILE}", "it may belong to another run")
        population = population_from(table, name=run.name, dialect=info.dialect, task=info.task, generation=generation)
    except StoreError as error:
        state.findings.failed(error, where)
        return
    check_lengths(state.findings, where, table, population)
    _check_population(state, where, population)
    state.last = population
    if population.error is not None and len(population):
        state.best[generation] = int(population.error.min())


def _check_population(state: _Check, where: str, population: Population) -> None:
    state.generations += 1
    state.programs += len(population)
    check_columns(state.findings, where, population)
    verification = verify(population, sample=state.sample)
    state.rerun += verification.programs
    if verification.problem:
        state.findings.error(where, verification.problem)
    for mismatch in verification.mismatches[:_SHOWN]:
        hint = "it was computed by another machine, or for another dialect or task"
        state.findings.error(where, str(mismatch), hint)
    more = len(verification.mismatches) - _SHOWN
    if more > 0:
        state.findings.error(where, f"{more:,} more values of the sample differ")


def _check_history(state: _Check, run: RunFolder) -> None:
    if not (run.path / HISTORY_FILE).exists():
        state.findings.note(HISTORY_FILE, "not there", "the run is shown without a curve")
        return
    try:
        history = run.history()
    except StoreError as error:
        state.findings.failed(error)
        return
    check_history(state.findings, history, state.best)
    now, told = Summary.of(history), run.info.summary
    if now is not None and (told is None or (told.generation, told.best) != (now.generation, now.best)):
        hint = "lists of runs show the summary; a run that goes on corrects it"
        state.findings.warning(RUN_FILE, f"summary: is not that of {HISTORY_FILE}", hint)


def _check_lineage(state: _Check, run: RunFolder) -> None:
    if not (run.path / LINEAGE_FILE).exists():
        state.findings.note(LINEAGE_FILE, "not there", "the run is shown without ancestors")
        return
    try:
        lineage = run.lineage()
    except StoreError as error:
        state.findings.failed(error)
        return
    check_births(state.findings, lineage)
    if state.last is not None:
        check_survivors(state.findings, lineage, state.last)


def _check_checkpoint(findings: Findings, run: RunFolder) -> None:
    if not run.has_checkpoint:
        if run.info.status in (RunStatus.RUNNING, RunStatus.INTERRUPTED):
            findings.note(CHECKPOINT_FILE, "not there", "the run cannot be resumed")
        return
    try:
        run.load_checkpoint()
    except StoreError as error:
        findings.failed(error)
