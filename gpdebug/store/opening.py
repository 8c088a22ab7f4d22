"""Opening whatever a user names: a run, a population, a program."""

from __future__ import annotations

import os
from pathlib import Path

from gpdebug.store.errors import StoreError
from gpdebug.store.lists import read_program_list
from gpdebug.store.population import Population
from gpdebug.store.rows import ROW_SUFFIXES
from gpdebug.store.run import GENERATIONS, RUN_FILE, RunFolder
from gpdebug.store.samples import find_sample, samples
from gpdebug.store.sources import read_program
from vm.dialect import Dialect
from vm.program import Program

Opened = RunFolder | Population | Program


def open_path(source: str | os.PathLike[str], dialect: Dialect | None = None) -> Opened:
    """Opens what a user names.

    Args:
        source: a run folder (or its `run.json`), a population (`.parquet`, of a run or by itself), a list of programs
            (`.jsonl`, `.csv`), a program (any other file, or `-` for standard input), or the name of a
            sample run, if there is no file of that name.
        dialect: the language of programs; None: the one that is stored, else as guessed from the symbols.

    Raises:
        StoreError: there is no such thing, or it is wrong.
    """
    source = os.fspath(source)
    if source == "-":
        return read_program("-", dialect)
    path = Path(source)
    try:
        exists = path.exists()
    except (OSError, ValueError):
        exists = False
    if not exists:
        sample = find_sample(source)
        if sample is None:
            raise _nothing_there(source)
        path = sample
    if path.is_dir() or path.name == RUN_FILE:
        return _open_run(path, dialect)
    return _open_file(path, dialect)


def open_population(path: str | os.PathLike[str], dialect: Dialect | None = None) -> Population:
    """Opens a Parquet file of programs; if it is a generation of a run, with the run's dialect and task.

    Raises:
        StoreError: it is wrong, or does not tell its dialect and none is given.
    """
    from gpdebug.store.tables import read_population

    path = Path(path)
    folder = path.absolute().parent
    if dialect is None and folder.name == GENERATIONS and (folder.parent / RUN_FILE).exists() and path.stem.isdecimal():
        run = RunFolder.open(folder.parent)
        name, info = run.name, run.info
        return read_population(path, name=name, dialect=info.dialect, task=info.task, generation=int(path.stem))
    return read_population(path, name=path.stem, dialect=dialect)


def _open_run(path: Path, dialect: Dialect | None) -> RunFolder:
    if path.name == RUN_FILE or (path.name == GENERATIONS and (path.parent / RUN_FILE).exists()):
        path = path.parent
    run = RunFolder.open(path)
    if dialect is not None and dialect != run.info.dialect:
        raise StoreError(
            f"is a run in {run.info.dialect.name}, not {dialect.name}", where=path, hint="leave out --dialect"
        )
    return run


def _open_file(path: Path, dialect: Dialect | None) -> Opened:
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return open_population(path, dialect)
    if suffix in ROW_SUFFIXES:
        return read_program_list(path, dialect)
    if suffix == ".toml":
        raise StoreError("is a dialect, no program", where=path, hint=f"open a program with --dialect {path}")
    return read_program(path, dialect)


def _nothing_there(source: str) -> StoreError:
    import difflib

    path = Path(source)
    try:
        names = [entry.name for entry in path.parent.iterdir()]
    except (OSError, ValueError):
        names = []
    close = difflib.get_close_matches(path.name, [*names, *samples()], 1)
    if close:
        meant = path.parent / close[0] if close[0] in names else Path(close[0])
        return StoreError("no such file or run", where=source, hint=f"did you mean {meant}?")
    known = f"; the sample runs are {', '.join(samples())}" if samples() else ""
    return StoreError("no such file or run", where=source, hint=f"check the path{known}")
