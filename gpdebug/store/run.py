"""A run folder: everything a run is, in files that any tool can write and that no interruption can spoil."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from gpdebug.store.atomic import is_leftover, sync_folder, temporary_name, unwritable, write_atomically
from gpdebug.store.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from gpdebug.store.errors import StoreError
from gpdebug.store.history import History
from gpdebug.store.info import RunInfo, RunStatus, Summary
from gpdebug.store.lineage import Lineage
from gpdebug.store.lock import LOCK_FILE, Writer, writer_of
from gpdebug.store.population import Population
from gpdebug.store.rows import read_text

RUN_FILE = "run.json"
GENERATIONS = "generations"
HISTORY_FILE = "history.parquet"
LINEAGE_FILE = "lineage.parquet"
CHECKPOINT_FILE = "checkpoint.npz"
WRITTEN_LATELY = 150.0
"""Seconds: longer than a run goes on without being saved."""
_GENERATION_FILE = re.compile(r"[0-9]{1,18}\.parquet")


class RunFolder:
    """A run on disk.

    Every file is replaced as a whole, so a reader sees the old one or the new one, also while the run
    goes on and after it was killed.

    Attributes:
        path: the folder.
        info: what `run.json` said when it was last read or written.
    """

    def __init__(self, path: Path, info: RunInfo) -> None:
        self.path = path
        self.info = info

    @classmethod
    def create(cls, path: str | os.PathLike[str], info: RunInfo) -> RunFolder:
        """Makes the folder of a new run; it appears complete, or not at all.

        Args:
            path: a folder that does not exist yet, or an empty one.
            info: what the run is.

        Raises:
            StoreError: there is something already, or it cannot be written.
        """
        path = Path(path)
        require_free(path)
        try:
            if path.exists():
                (path / GENERATIONS).mkdir(exist_ok=True)
                write_atomically(path / RUN_FILE, info.to_json().encode())
            else:
                _create_whole(path, info)
        except OSError as error:
            raise unwritable(path, error) from None
        return cls(path, info)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> RunFolder:
        """Opens a run; reads `run.json` and nothing else.

        Raises:
            StoreError: it is no run, or `run.json` is wrong.
        """
        path = Path(path)
        require_run(path)
        file = path / RUN_FILE
        text = read_text(file)
        try:
            return cls(path, RunInfo.from_json(text))
        except StoreError as error:
            raise error.at(file) from None

    @property
    def name(self) -> str:
        """What to call it on screen: the name of its folder."""
        return self.path.resolve().name

    @property
    def generations(self) -> list[int]:
        """The generations that are stored, ascending, as of now."""
        return sorted({int(path.stem) for path in generation_files(self.path)})

    def generation_path(self, generation: int) -> Path:
        """The file of a generation: the one that is there, else the one to write."""
        written = self.path / GENERATIONS / f"{generation:08d}.parquet"
        if written.exists():
            return written
        others = (path for path in generation_files(self.path) if int(path.stem) == generation)
        return next(others, written)

    def population(self, generation: int) -> Population:
        """Reads a stored generation.

        Raises:
            StoreError: it is not there, or its file is wrong.
        """
        from gpdebug.store.tables import read_population

        return read_population(
            self.generation_path(generation),
            name=self.name,
            dialect=self.info.dialect,
            task=self.info.task,
            generation=generation,
        )

    def save_generation(self, population: Population) -> None:
        """Stores a generation.

        Raises:
            StoreError: it cannot be written, or is not of this run.
        """
        self.save_generation_in_parts(population.generation, [population])

    def save_generation_in_parts(self, generation: int | None, parts: Iterable[Population]) -> None:
        """Stores a generation piece by piece, so that a large one need not be in memory as a whole.

        Args:
            generation: which.
            parts: at least one, with the same columns each; the next is asked for when one is written.

        Raises:
            StoreError: it cannot be written, or is not of this run.
        """
        from gpdebug.store.tables import write_population

        if generation is None or generation < 0:
            raise StoreError(f"generation: expected a number from 0, not {generation}", where=self.path)
        _make_folder(self.path / GENERATIONS)
        write_population(self.generation_path(generation), map(self._require_own, parts))

    def _require_own(self, population: Population) -> Population:
        """Refuses a population of another dialect."""
        if population.dialect != self.info.dialect:
            raise StoreError(
                f"the population is in {population.dialect.name}, the run in {self.info.dialect.name}"
                if population.dialect.name != self.info.dialect.name
                else f"the settings of the population's dialect {population.dialect.name} differ from the run's",
                where=self.path,
            )
        return population

    def history(self) -> History:
        """Reads the history, empty where none is stored.

        Raises:
            StoreError: its file is wrong.
        """
        from gpdebug.store.tables import read_history

        file = self.path / HISTORY_FILE
        return read_history(file) if file.exists() else History.of(())

    def save_history(self, history: History) -> None:
        """Stores the whole history, and its summary in `run.json`.

        Raises:
            StoreError: it cannot be written.
        """
        from gpdebug.store.tables import write_history

        write_history(self.path / HISTORY_FILE, history)
        self._write_info(replace(self.info, summary=Summary.of(history)))

    def lineage(self) -> Lineage:
        """Reads the lineage, empty where none is stored.

        Raises:
            StoreError: its file is wrong.
        """
        from gpdebug.store.tables import read_lineage

        file = self.path / LINEAGE_FILE
        return read_lineage(file, self.info.dialect) if file.exists() else Lineage.empty()

    @property
    def lineage_stamp(self) -> object:
        """What is other whenever the stored lineage is; cheap to ask."""
        try:
            found = (self.path / LINEAGE_FILE).stat()
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def save_lineage(self, lineage: Lineage) -> None:
        """Stores the whole lineage.

        Raises:
            StoreError: it cannot be written.
        """
        self.save_lineage_in_parts([lineage])

    def save_lineage_in_parts(self, parts: Iterable[Lineage]) -> None:
        """Stores the whole lineage piece by piece, so that a large one need not be in memory as a whole.

        Args:
            parts: at least one; the next is asked for when one is written.

        Raises:
            StoreError: it cannot be written.
        """
        from gpdebug.store.tables import write_lineage

        write_lineage(self.path / LINEAGE_FILE, parts)

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is something to resume from."""
        return (self.path / CHECKPOINT_FILE).exists()

    def save_checkpoint(self, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> None:
        """Stores what the engine needs to go on.

        It replaces the checkpoint before it. Save it after the generation, history and lineage that belong to it:
        then these are never older than it, and a resumed run writes again what is younger.

        Args:
            arrays: any but arrays of Python objects.
            meta: what JSON can hold.

        Raises:
            StoreError: it cannot be written.
        """
        write_checkpoint(self.path / CHECKPOINT_FILE, arrays, meta)

    def load_checkpoint(self) -> Checkpoint:
        """Reads the last checkpoint.

        Raises:
            StoreError: there is none, or its file is wrong.
        """
        return read_checkpoint(self.path / CHECKPOINT_FILE)

    def set_status(self, status: RunStatus) -> None:
        """Stores how the run stands.

        Raises:
            StoreError: it cannot be written.
        """
        self._write_info(replace(self.info, status=status))

    def writer(self) -> Writer | None:
        """Who goes on with the run at this moment; None if nobody does, also where it was killed."""
        return writer_of(self.path)

    @property
    def is_growing(self) -> bool:
        """Whether someone evolves on, as far as can be told; one that says it is running and does not was killed.

        Where no lock was ever taken (another tool's run, a disk without locks) it counts what was written lately.
        """
        if self.info.status is not RunStatus.RUNNING:
            return False
        if (self.path / LOCK_FILE).exists():
            return self.writer() is not None
        try:
            return time.time() - (self.path / RUN_FILE).stat().st_mtime < WRITTEN_LATELY
        except OSError:
            return False

    def leftovers(self) -> list[Path]:
        """Unfinished files of processes that were killed while they wrote here."""
        folders = (self.path, self.path / GENERATIONS)
        return sorted(path for folder in folders for path in _entries(folder) if is_leftover(path.name))

    def remove_leftovers(self) -> None:
        """Deletes unfinished files; for the process that is about to go on with the run, and no other.

        Raises:
            StoreError: one cannot be deleted.
        """
        for path in self.leftovers():
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise unwritable(path, error) from None

    def _write_info(self, info: RunInfo) -> None:
        write_atomically(self.path / RUN_FILE, info.to_json().encode())
        self.info = info


def require_run(path: Path) -> None:
    """Checks that a path is a folder with a `run.json`.

    Raises:
        StoreError: it is not.
    """
    if not path.exists():
        raise StoreError("no such folder", where=path, hint="check the path")
    if not path.is_dir():
        raise StoreError("not a folder", where=path, hint=f"a run is a folder with a {RUN_FILE} in it")
    if not (path / RUN_FILE).exists():
        inside = sorted(entry.name for entry in _entries(path) if (entry / RUN_FILE).is_file())
        hint = f"there are runs in it: {', '.join(inside[:5])}" if inside else "make one with: gpdebug evolve"
        raise StoreError(f"is no run: it has no {RUN_FILE}", where=path, hint=hint)


def generation_files(path: Path) -> list[Path]:
    """The files of stored generations in a run folder."""
    return sorted(file for file in _entries(path / GENERATIONS) if _GENERATION_FILE.fullmatch(file.name))


def require_free(path: Path) -> None:
    """Checks that a run can be made at a path: that nothing is there, or an empty folder, in a folder one may write.

    Raises:
        StoreError: it cannot.
    """
    if path.is_dir():
        mine = [entry.name for entry in _entries(path) if not is_leftover(entry.name) and entry.name != GENERATIONS]
        if not mine and not generation_files(path):
            return
        held = ", ".join(mine[:3] or [GENERATIONS]) + (f" and {len(mine) - 3:,} more" if len(mine) > 3 else "")
        what = "holds a run already" if (path / RUN_FILE).exists() else f"is not empty: it holds {held}"
        raise StoreError(what, where=path, hint="choose another folder")
    if path.exists() or path.is_symlink():
        raise StoreError("is there already, and no folder", where=path, hint="choose another name")
    above = next((folder for folder in path.absolute().parents if folder.exists()), path.absolute().parent)
    if not above.is_dir():
        raise StoreError(f"cannot be written: {above} is no folder", where=path, hint="choose another place")
    if not os.access(above, os.W_OK | os.X_OK):
        raise StoreError(f"cannot be written: you may not write in {above}", where=path, hint="choose another place")


def _create_whole(path: Path, info: RunInfo) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = temporary_name(path)
    try:
        temporary.mkdir()
        (temporary / GENERATIONS).mkdir()
        write_atomically(temporary / RUN_FILE, info.to_json().encode())
        os.rename(temporary, path)
    except BaseException as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if isinstance(error, StoreError):
            raise StoreError(error.what, where=path, hint=error.hint) from None
        raise
    sync_folder(path.parent)


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise unwritable(path, error) from None


def _entries(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise StoreError(f"cannot be read: {error.strerror}", where=folder) from None
