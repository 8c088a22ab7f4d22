"""Lists of runs for the first screen, read without Arrow: samples, those in a folder, recent ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from gpdebug.store.errors import StoreError
from gpdebug.store.info import RunInfo, RunStatus
from gpdebug.store.recent import recent
from gpdebug.store.run import RUN_FILE, RunFolder
from gpdebug.store.samples import samples


@dataclass(frozen=True, slots=True)
class Entry:
    """A run or file in a list.

    Attributes:
        path: what to open.
        changed: when it was last written to (a run: at its last checkpoint), in UTC.
        info: of a run; None for another file, or for a run that cannot be read.
        generations: how many are stored.
        problem: why a run cannot be read; empty if it can.
        is_growing: whether someone evolves on; a run that says it is running and does not was killed.
    """

    path: Path
    changed: datetime
    info: RunInfo | None = None
    generations: int = 0
    problem: str = ""
    is_growing: bool = False

    @property
    def is_unended(self) -> bool:
        """Whether it is a run that goes on, or one that was killed."""
        return self.info is not None and self.info.status is RunStatus.RUNNING


def sample_entries() -> list[Entry]:
    """The sample runs, by name."""
    return _entries(samples().values())


def entries_in(folder: Path) -> list[Entry]:
    """The runs in a folder, the one that changed last first; empty where it cannot be read."""
    try:
        paths = [path for path in folder.iterdir() if (path / RUN_FILE).is_file()]
    except OSError:
        return []
    return sorted(_entries(paths), key=lambda entry: entry.changed, reverse=True)


def recent_entries() -> list[Entry]:
    """What was opened recently and is still there, the last first."""
    return _entries(item.path for item in recent())


def _entries(paths: Iterable[Path]) -> list[Entry]:
    return [entry for path in paths if (entry := _entry(path)) is not None]


def _entry(path: Path) -> Entry | None:
    """None for what vanished meanwhile."""
    try:
        changed = datetime.fromtimestamp((path / RUN_FILE if path.is_dir() else path).stat().st_mtime, UTC)
        if not path.is_dir():
            return Entry(path, changed)
        run = RunFolder.open(path)
        return Entry(path, changed, run.info, len(run.generations), is_growing=run.is_growing)
    except StoreError as error:
        return Entry(path, changed, problem=str(error))
    except OSError:
        return None
