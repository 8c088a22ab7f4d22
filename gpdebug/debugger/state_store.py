"""Whole states beside a session file: several in a file, written once, never changed, found by their digests."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from gpdebug.debugger.errors import SnapshotError
from gpdebug.debugger.snapshot_file import (
    digest_of,
    run_from_dict,
    run_to_dict,
    snapshot_from_dict,
    snapshot_to_dict,
)
from gpdebug.debugger.snapshots import Snapshot
from gpdebug.store.atomic import write_atomically
from gpdebug.store.errors import StoreError
from gpdebug.store.fields import Fields
from vm.errors import VMError
from vm.program import Program
from vm.settings import Settings
from vm.state import State

FORMAT = "gpdebug-states"
VERSION = 1
SUFFIX = ".states.json"
FULL = 1 << 25
"""Bytes of states from which on another file is begun."""
LARGEST_FILE = 1 << 28
LEFT_BEHIND = 3600
"""Seconds after which a file that nothing refers to is not one that another gpdebug has just written."""


def run_key(program: Program, data: bytes, settings: Settings) -> str:
    """A name for exactly this run: 16 hex digits."""
    digest = hashlib.sha256(f"{program.hash} {json.dumps(settings.to_dict(), sort_keys=True)} ".encode())
    digest.update(data)
    return digest.hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a state is kept.

    Attributes:
        file: name of the file.
        digest: of the state.
    """

    file: str
    digest: str


class StateStore:
    """The states of one session, in a folder."""

    def __init__(self, folder: Path) -> None:
        """Names the folder; it need not exist.

        Args:
            folder: where the files are.
        """
        self._folder = folder
        self._kept: dict[tuple[str, str], Reference] = {}
        self._known: dict[int, tuple[State, str]] = {}

    def keep(self, snapshots: Iterable[Snapshot]) -> list[Reference]:
        """Writes the states that are not kept yet; returns where each of them is, in their order.

        Raises:
            OSError, StoreError: they cannot be written.
        """
        listed = [(self._key(snapshot), snapshot) for snapshot in snapshots]
        self._known = {id(kept.state): (kept.state, key[1]) for key, kept in listed}
        new = {key: kept for key, kept in listed if key not in self._kept}
        for batch in _batches(list(new.values())):
            file = self._write(batch)
            for kept in batch:
                key = self._key(kept)
                self._kept[key] = Reference(file, key[1])
        return [self._kept[key] for key, _ in listed]

    def load(self, references: Sequence[Reference]) -> list[Snapshot | SnapshotError]:
        """Reads states; for one that cannot be read, why not."""
        files: dict[str, Mapping[str, Snapshot] | SnapshotError] = {}
        found: list[Snapshot | SnapshotError] = []
        for reference in references:
            if reference.file not in files:
                try:
                    files[reference.file] = self._read(reference.file)
                except SnapshotError as error:
                    files[reference.file] = error
            file = files[reference.file]
            if isinstance(file, SnapshotError):
                found.append(file)
            elif reference.digest not in file:
                found.append(SnapshotError(f"{self._folder / reference.file}: a state is missing in it"))
            else:
                kept = file[reference.digest]
                self._known[id(kept.state)] = (kept.state, reference.digest)
                self._kept[self._key(kept)] = reference
                found.append(kept)
        return found

    def sweep(self, files: Collection[str]) -> None:
        """Removes the files of states that are not among these: what was written, and what a crash left behind."""
        gone = {reference.file for reference in self._kept.values()} - set(files)
        old = time.time() - LEFT_BEHIND
        left = (path for path in self._folder.glob("*" + SUFFIX) if path.name not in files)
        gone |= {path.name for path in left if path.stat().st_mtime < old}
        for file in gone:
            (self._folder / file).unlink(missing_ok=True)
        self._kept = {key: reference for key, reference in self._kept.items() if reference.file not in gone}

    def _key(self, snapshot: Snapshot) -> tuple[str, str]:
        known = self._known.get(id(snapshot.state))
        digest = digest_of(snapshot.state) if known is None else known[1]
        return run_key(snapshot.program, snapshot.data, snapshot.settings), digest

    def _write(self, batch: Sequence[Snapshot]) -> str:
        first = batch[0]
        data = {
            "format": FORMAT,
            "version": VERSION,
            **run_to_dict(first.program, first.data, first.settings),
            "states": [snapshot_to_dict(kept) for kept in batch],
        }
        content = json.dumps(data).encode()
        name = hashlib.sha256(content).hexdigest()[:16] + SUFFIX
        self._folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self._folder / name, content)
        return name

    def _read(self, file: str) -> dict[str, Snapshot]:
        path = self._folder / file
        if Path(file).name != file or not file.endswith(SUFFIX):
            raise SnapshotError(f"{file!r} is no name of a file of states")
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise SnapshotError(f"{path}: is too large for a file of states")
            fields = Fields(json.loads(path.read_bytes()))
            if fields.text("format") != FORMAT or fields.integer("version") != VERSION:
                raise SnapshotError(f"{path}: is no file of states, or one of another version")
            run = run_from_dict(fields.data)
            return {Fields(entry).text("digest"): snapshot_from_dict(entry, *run) for entry in fields.items("states")}
        except OSError as error:
            raise SnapshotError(f"{path}: {(error.strerror or str(error)).lower()}") from None
        except (ValueError, RecursionError, StoreError, VMError, SnapshotError) as error:
            raise SnapshotError(f"{path}: is damaged ({error})") from None


def _batches(snapshots: Sequence[Snapshot]) -> Iterator[list[Snapshot]]:
    """Snapshots that go into one file: those of one run, until it is full."""

    def run_of(kept: Snapshot) -> str:
        return run_key(kept.program, kept.data, kept.settings)

    for _, group in groupby(sorted(snapshots, key=run_of), key=run_of):
        batch: list[Snapshot] = []
        size = 0
        for kept in group:
            if batch and size + kept.size > FULL:
                yield batch
                batch, size = [], 0
            batch.append(kept)
            size += kept.size
        yield batch
